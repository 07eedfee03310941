"""The colours of Setia, by what they stand for.

Plain numbers and names only; nothing here draws. The light and dark values of the frame stand in
``.streamlit/config.toml`` too (a test compares the two). Charts sit on the page's own
background, so a figure uses colours that hold 3:1 on white and on the dark background, and the
pale fills carry an outline.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, Literal

Mode = Literal["light", "dark"]

PRIMARY: Final = MappingProxyType({"light": "#0B6E6E", "dark": "#3FB8B0"})
MUTED: Final = MappingProxyType({"light": "#6B7280", "dark": "#9CA3AF"})
GOOD: Final = MappingProxyType({"light": "#007A55", "dark": "#34D399"})
BAD: Final = MappingProxyType({"light": "#B3261E", "dark": "#F87171"})
TEXT: Final = MappingProxyType({"light": "#1F2933", "dark": "#E6EAED"})
BACKGROUND: Final = MappingProxyType({"light": "#FFFFFF", "dark": "#12181D"})
GRID: Final = MappingProxyType({"light": "#E3E7EA", "dark": "#2A343D"})

LIFECYCLE: Final = MappingProxyType(
    {"new": "#56B4E9", "active": "#009E73", "loyal": "#0072B2", "lapsed": "#D55E00"}
)
"""The four lifecycle groups, everywhere the same, in both modes."""

LIFECYCLE_OUTLINE: Final = MappingProxyType(
    {"new": "#2B7FB3", "active": "#00785A", "loyal": "#3D93C9", "lapsed": "#A34700"}
)
"""A 1-px outline per group: the pale fill of "new" reaches 2.3 on white without it."""

GOLD: Final = "#E69F00"
GOLD_OUTLINE: Final = "#9A6A00"

SERIES: Final = (
    "#0B8A86",
    "#6B7280",
    "#0072B2",
    "#B97F00",
    "#D55E00",
    "#8E6BB8",
)
"""At most six series, in this order; the rest is "other". Each holds 3:1 on both backgrounds."""

SEQUENTIAL: Final = (
    "#E6F4F3",
    "#BFE2DF",
    "#93CDC8",
    "#62B4AE",
    "#379893",
    "#147C79",
    "#075E5D",
    "#044443",
)
"""A single-hue teal ramp for cohorts, from little to much."""

CIVIDIS: Final = (
    "#00224E",
    "#123570",
    "#3B496C",
    "#575D6D",
    "#707173",
    "#8A8678",
    "#A59C74",
    "#C3B369",
    "#E1CC55",
    "#FEE838",
)
"""Cividis for quantities on maps, from little to much (Nuñez, Anderton, Renslow 2018, CC0)."""

DIVERGING: Final = (
    "#7F3B08",
    "#B35806",
    "#E08214",
    "#FDB863",
    "#FEE0B6",
    "#F7F7F7",
    "#D8DAEB",
    "#B2ABD2",
    "#8073AC",
    "#542788",
    "#2D004B",
)
"""PuOr around a stated middle, orange below and purple above (ColorBrewer 2, Apache-2.0)."""


def faint(colour: str, opacity: float) -> str:
    """A colour that lets through what is below it.

    Examples
    --------
    >>> faint("#0B8A86", 0.25)
    'rgba(11,138,134,0.25)'
    """
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{opacity})"


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, 0 (black) to 1 (white).

    References
    ----------
    W3C (2023), WCAG 2.2, definition of relative luminance.
    """
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21.

    References
    ----------
    W3C (2023), WCAG 2.2, definition of contrast ratio.

    Examples
    --------
    >>> contrast("#FFFFFF", "#000000")
    21.0
    """
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable_on(fill: str) -> str:
    """Text colour for a label on a filled mark: black or white, whichever reads better."""
    return max(("#FFFFFF", "#111827"), key=lambda text: contrast(text, fill))
