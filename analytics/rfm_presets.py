"""Published and usual ways to name the RFM grid, each made whole: one name a triple.

Setia's eleven names are kept, so that a customer list, a filter and a strategy mean the same
whatever the grid; a scheme that knows fewer groups uses fewer of them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from analytics.rfm_grid import Grid, default_grid, stretched, triples

PRESETS: Final = ("setia", "ten_groups", "rfm_r", "eight_types")
"""Codes, Setia's own first; words under ``rfm_grids.preset.<code>``."""

_TEN_GROUPS: Final = {
    5: ("newcomers", "potential", "potential", "champions", "champions"),
    4: ("promising", "potential", "potential", "regulars", "regulars"),
    3: ("about_to_sleep", "about_to_sleep", "attention", "regulars", "regulars"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose"),
    1: ("hibernating", "hibernating", "at_risk", "at_risk", "cannot_lose"),
}
"""Row: recency 5 to 1. Column: frequency 1 to 5. Spending plays no part."""

_RFM_R: Final = (
    ("champions", (5, 5), (5, 5), (5, 5)),
    ("potential", (3, 5), (3, 5), (2, 5)),
    ("regulars", (2, 4), (2, 4), (2, 4)),
    ("promising", (3, 4), (1, 3), (3, 5)),
    ("newcomers", (4, 5), (1, 3), (1, 5)),
    ("cannot_lose", (1, 2), (3, 4), (4, 5)),
    ("at_risk", (1, 2), (2, 5), (4, 5)),
    ("attention", (1, 3), (3, 5), (3, 5)),
    ("about_to_sleep", (2, 3), (1, 3), (1, 4)),
    ("lost", (1, 1), (1, 5), (1, 5)),
)
"""Name and the scores of R, F and M it spans; the first that fits names the triple."""

_EIGHT_TYPES: Final = {
    (True, True, True): "champions",
    (True, False, True): "potential",
    (False, True, True): "cannot_lose",
    (False, False, True): "at_risk",
    (True, True, False): "regulars",
    (True, False, False): "newcomers",
    (False, True, False): "attention",
    (False, False, False): "lost",
}
"""High recency, frequency, monetary value? High is above the middle score."""


def preset(code: str, bins: int = 5) -> Grid:
    """Return a naming scheme for 3, 4 or 5 bins; fewer bins are stretched to 1..5 first.

    - ``setia``: recency against the mean of frequency and monetary value, eleven names.
    - ``ten_groups``: the ten groups by recency and frequency alone that most tutorials and many
      tools share.
    - ``rfm_r``: the intervals in the documentation of the R package rfm; a triple outside all of
      them ("Others" there) keeps Setia's own name.
    - ``eight_types``: high or low on each of the three, as practised widely in Asian e-commerce.

    Raises
    ------
    ValueError : unknown code, or number of bins.

    References
    ----------
    Hebbali (2024), rfm: Recency, Frequency and Monetary Value Analysis, R package 0.3.0,
    ``rfm_segment``. Hughes (1994), Strategic Database Marketing, for scoring by quintiles. The ten
    groups descend from Putler's eleven (putler.com/rfm-analysis).
    """
    if code not in PRESETS:
        raise ValueError(f"preset takes {list(PRESETS)}; got {code!r}.")
    own = default_grid(bins)
    if code == "setia":
        return own
    names = {}
    for triple in triples(bins):
        r, f, m = (stretched(score, bins) for score in triple)
        if code == "ten_groups":
            found: str | None = _TEN_GROUPS[r][f - 1]
        elif code == "rfm_r":
            found = _first_that_fits(r, f, m)
        else:
            high = tuple(2 * score > bins + 1 for score in triple)
            found = _EIGHT_TYPES[high[0], high[1], high[2]]
        names[triple] = found or own.names[triple]
    return Grid(bins, MappingProxyType(names))


def _first_that_fits(r: int, f: int, m: int) -> str | None:
    for name, *spans in _RFM_R:
        if all(low <= score <= high for score, (low, high) in zip((r, f, m), spans, strict=True)):
            return name
    return None
