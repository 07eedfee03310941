"""Cohorts broken down by what customers have in common, and two of them side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from analytics import cohorts

ATTRIBUTES: Final = ("first_channel", "region_code", "first_store_id", "first_category", "lifecycle")
"""What a cohort can be broken down by: what is known of a customer, whatever they bought later."""

OTHERS: Final = "\u2026"
"""Stands for all values that are not shown by themselves; no value of the data is written so."""

MOST_GROUPS: Final = 8
Z: Final = 1.959963984540054


def triangles_by(
    found: pd.DataFrame,
    last: pd.DataFrame | None,
    lay_out: Callable[[pd.DataFrame, pd.DataFrame | None], pd.DataFrame],
    most_groups: int = MOST_GROUPS,
) -> pd.DataFrame:
    """One triangle for each value of an attribute, the largest first.

    Parameters
    ----------
    found, last : DataFrame
        ``cohorts.cells`` and, for the unbounded view, ``cohorts.last_seen``, both by ``value``; a
        missing value is a value of its own, written ``""``.
    lay_out : callable
        ``cohorts.triangle`` with its day, unit and brackets.
    most_groups : int
        The largest so many by themselves, the rest as ``OTHERS``: every customer has one value, so
        they add up.

    Returns
    -------
    DataFrame, one row per value, cohort and period
        ``value`` and the columns of ``cohorts.triangle``.
    """
    found = found.assign(value=found["value"].fillna(""))
    last = None if last is None else last.assign(value=last["value"].fillna(""))
    sizes = found[found["period"] == 0].groupby("value")["customers"].sum()
    order = sorted(sizes.index, key=lambda value: (-sizes[value], value))
    shown = order if len(order) <= most_groups else order[: most_groups - 1]
    parts = []
    for value in [*shown, OTHERS]:
        mine = _of(found, value, shown)
        if mine.empty:
            continue
        seen = None if last is None else _of(last, value, shown)
        parts.append(lay_out(mine, seen).assign(value=value))
    if not parts:
        return lay_out(found, None).assign(value=[])
    return pd.concat(parts, ignore_index=True)


def pooled(triangles: pd.DataFrame) -> pd.DataFrame:
    """The weighted average row of each value, over the cohorts whose period is over.

    Returns
    -------
    DataFrame, one row per value and period
        ``value`` and the columns of ``cohorts.averages``.
    """
    parts = [
        cohorts.averages(part).assign(value=value) for value, part in triangles.groupby("value", sort=False)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def overall(triangles: pd.DataFrame) -> pd.DataFrame:
    """The weighted average row of all values together, over the cohorts whose period is over.

    Returns
    -------
    DataFrame, one row per period
        The columns of ``cohorts.averages``; a cohort counts once, however many values it holds.
    """
    each = triangles.assign(cohort=triangles["cohort"].astype(str) + triangles["value"])
    mature = triangles[triangles["mature"]]
    counted = mature.groupby("period")["cohort"].nunique().rename("cohorts").reset_index()
    return cohorts.averages(each).drop(columns="cohorts").merge(counted, on="period")


@dataclass(frozen=True, slots=True)
class Difference:
    """Two shares side by side; ``low`` and ``high`` hold the true difference in 95 of 100 cases."""

    first: float
    second: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """First less second, as a share."""
        return self.first - self.second

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def difference(hits: tuple[int, int], sizes: tuple[int, int]) -> Difference | None:
    """Difference of two shares with Newcombe's interval; None where either group is empty.

    Parameters
    ----------
    hits, sizes : (int, int)
        Customers who bought again, and customers, of the first and the second group.

    Raises
    ------
    ValueError : more hits than customers.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17, 873-890, method 10; example (a): 56/70 - 48/80, 0.0524 to 0.3339.

    Examples
    --------
    >>> found = difference((56, 48), (70, 80))
    >>> round(found.low, 4), round(found.high, 4)
    (0.0524, 0.3339)
    """
    if any(not 0 <= h <= n for h, n in zip(hits, sizes, strict=True)):
        raise ValueError(f"hits must lie between 0 and {sizes}; got {hits}.")
    if min(sizes) == 0:
        return None
    (one, low_one, high_one), (two, low_two, high_two) = (
        wilson(h, n) for h, n in zip(hits, sizes, strict=True)
    )
    gap = one - two
    return Difference(
        one,
        two,
        gap - math.sqrt((one - low_one) ** 2 + (high_two - two) ** 2),
        gap + math.sqrt((high_one - one) ** 2 + (two - low_two) ** 2),
    )


def wilson(hits: int, size: int) -> tuple[float, float, float]:
    """A share with its 95% interval.

    References
    ----------
    Wilson (1927), Probable inference, JASA 22, 209-212.
    """
    share = hits / size
    middle = hits + Z * Z / 2
    width = Z * math.sqrt(hits * (1 - share) + Z * Z / 4)
    return share, max(0.0, (middle - width) / (size + Z * Z)), min(1.0, (middle + width) / (size + Z * Z))


def side_by_side(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Two rows of cohorts period by period, with the difference where both periods are over.

    Parameters
    ----------
    first, second : DataFrame
        One cohort of a triangle (mature periods), or one value of :func:`pooled`.

    Returns
    -------
    DataFrame, one row per period both have
        ``period``, ``first``, ``second`` (rates), ``difference``, ``low``, ``high``,
        ``beyond_chance``.
    """
    both = first.merge(second, on="period", suffixes=("_1", "_2"))
    rows: list[dict[str, Any]] = []
    for row in both.itertuples(index=False):
        found = difference(
            (int(row.customers_1), int(row.customers_2)),  # type: ignore[arg-type]
            (int(row.size_1), int(row.size_2)),  # type: ignore[arg-type]
        )
        if found is None:
            continue
        rows.append(
            {
                "period": row.period,
                "first": found.first,
                "second": found.second,
                "difference": found.value,
                "low": found.low,
                "high": found.high,
                "beyond_chance": found.beyond_chance,
            }
        )
    columns = ("period", "first", "second", "difference", "low", "high", "beyond_chance")
    return pd.DataFrame(rows, columns=list(columns))


def _of(table: pd.DataFrame, value: str, shown: Sequence[str]) -> pd.DataFrame:
    """Rows of one value; of ``OTHERS``, all that are not shown, added up."""
    if value != OTHERS:
        return table[table["value"] == value].drop(columns="value")
    rest = table[~table["value"].isin(shown)].drop(columns="value")
    return rest.groupby(["cohort", "period"], as_index=False).sum() if len(rest) else rest
