"""A number that may be missing, and says why; and the difference of two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["money", "count", "share", "number"]

REASONS: Final = (
    "no_orders",
    "no_customers",
    "no_identified_revenue",
    "no_history",
    "short_history",
    "no_margin",
    "no_cost",
    "no_members",
    "no_comparison",
    "zero_before",
    "not_computable",
)
"""Codes for a dash; the words are under ``kpi.reason.<code>``."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a page.

    Parameters
    ----------
    code : str
        Which number; its words are under ``kpi.<code>``.
    value : float or None
        Money in the workspace's currency, a count, a share 0..1, or a plain number.
    unit : str
        ``money``, ``count``, ``share`` or ``number``.
    reason : str or None
        Why there is no value; one of ``REASONS``. Set exactly when ``value`` is None.
    note : str or None
        What to know about a value that is there; one of ``REASONS``.

    Raises
    ------
    ValueError : a missing value without a reason, or a reason beside a value.
    """

    code: str
    value: float | None
    unit: Unit
    reason: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) != (self.reason is not None):
            raise ValueError(
                f"{self.code} needs either a value or a reason; got {self.value!r} and {self.reason!r}."
            )


@dataclass(frozen=True, slots=True)
class Delta:
    """The change of a figure: points for shares (0.018 is 1.8 points), else relative (0.06 is 6%)."""

    code: str
    value: float | None
    in_points: bool
    reason: str | None = None


def figure(code: str, value: float | None, unit: Unit, reason: str) -> Figure:
    """Return a figure that has its reason only where the value is missing."""
    return Figure(code, value, unit, reason if value is None else None)


def ratio(code: str, top: float | None, bottom: float | None, unit: Unit, reason: str) -> Figure:
    """Return ``top / bottom``; missing, never 0, where there is nothing to divide by."""
    if top is None or bottom is None or bottom <= 0:
        return Figure(code, None, unit, reason)
    return Figure(code, top / bottom, unit)


def delta(now: Figure, before: Figure | None) -> Delta:
    """Return the change from one window to another.

    Parameters
    ----------
    before : Figure or None
        None where the comparison cannot be used (``Comparison.usable`` is false).

    Returns
    -------
    Delta
        Without a value where either figure has none, or a relative change would start from 0 or
        below.

    Raises
    ------
    ValueError : the two are different figures.
    """
    in_points = now.unit == "share"
    if before is None:
        return Delta(now.code, None, in_points, "no_comparison")
    if now.code != before.code:
        raise ValueError(f"delta() needs one figure twice; got {now.code} and {before.code}.")
    if now.value is None or before.value is None:
        return Delta(now.code, None, in_points, now.reason or before.reason)
    if in_points:
        return Delta(now.code, now.value - before.value, in_points=True)
    if before.value <= 0:
        return Delta(now.code, None, in_points, "zero_before")
    return Delta(now.code, now.value / before.value - 1, in_points)
