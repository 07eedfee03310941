"""Customers won before a festival, followed at equal distance from it year after year.

Hari Raya moves by eleven days a year, so the same calendar month is once before and once after it.
Here a cohort is whoever first bought in the four weeks up to the festival, and its periods are
counted in days from the festival.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from analytics.cohort_periods import Bracket, Unit
from analytics.cohorts import SUMS, triangle
from analytics.festivals import FESTIVALS, festival_dates

RUN_UP_DAYS: Final = 28
"""A festival's customers first bought on its day or in the 27 days before it."""

BLOCK_DAYS: Final = {"week": 7, "month": 28, "quarter": 91, "year": 364}
"""Days of a period, whole weeks so that weekdays match."""


@dataclass(frozen=True, slots=True)
class Season:
    """One year's run-up to a festival: ``start`` to ``festival``, both included."""

    start: date
    festival: date


def seasons(festival: str, country: str, first_day: date, as_of: date) -> tuple[Season, ...]:
    """Return the run-ups that the data hold completely, the oldest first.

    Parameters
    ----------
    festival : one of ``festivals.FESTIVALS``
    country : str
        ``MY`` or ``ID``.
    first_day, as_of : date
        The span of the data.

    Raises
    ------
    ValueError : the festival is unknown.
    """
    if festival not in FESTIVALS:
        raise ValueError(f"festival takes {list(FESTIVALS)}; got {festival!r}.")
    years = tuple(range(first_day.year - 1, as_of.year + 2))
    run_up = timedelta(days=RUN_UP_DAYS - 1)
    return tuple(
        Season(day - run_up, day)
        for day in festival_dates(country, years)[festival]
        if day - run_up >= first_day and day <= as_of
    )


def activity(
    history: ir.Table, first_days: ir.Table, found: tuple[Season, ...], unit: Unit = "month"
) -> ir.Table:
    """Purchases of the customers first won in a run-up, by period after the festival.

    Parameters
    ----------
    history : ibis Table, one row per order
        ``scope.facts(..., history=True)``.
    first_days : ibis Table
        ``customer_key`` and ``first_day``, the first purchase within the same filters.
    found : tuple of Season
    unit : ``week``, ``month`` (28 days), ``quarter`` (91) or ``year`` (364)

    Returns
    -------
    ibis Table, one row per customer and period with a purchase
        ``customer_key``, ``cohort`` (the festival's day), ``period`` (0 up to and on that day, 1 the
        first block after it), ``orders``, ``revenue``, ``margin``.
    """
    none = ibis.null("date")
    cases = [
        (
            (first_days.first_day >= ibis.literal(season.start))
            & (first_days.first_day <= ibis.literal(season.festival)),
            ibis.literal(season.festival),
        )
        for season in found
    ]
    cohort = ibis.cases(*cases, else_=none) if cases else none
    who = first_days.select("customer_key", cohort=cohort)
    who = who.filter(who.cohort.notnull())
    bought = history.filter(history.is_purchase & history.customer_key.notnull())
    if found:
        bought = bought.filter(bought.day >= ibis.literal(found[0].start))
    table = bought.inner_join(who, "customer_key")
    days = table.day.delta(table.cohort, unit="day")
    block = ((days + BLOCK_DAYS[unit] - 1) / BLOCK_DAYS[unit]).floor().cast("int32")
    table = table.mutate(period=ibis.ifelse(days <= 0, 0, block).cast("int32"))
    return table.group_by("customer_key", "cohort", "period").aggregate(
        orders=table.count(),
        revenue=table.amount.sum(),
        margin=table.margin.sum().coalesce(0.0),
    )


def season_triangle(
    cells: pd.DataFrame,
    as_of: date,
    unit: Unit,
    *,
    last: pd.DataFrame | None = None,
    most_periods: int | None = None,
    brackets: tuple[Bracket, ...] | None = None,
) -> pd.DataFrame:
    """Return ``cohorts.triangle`` of seasons: same columns, maturity by blocks of days.

    Parameters
    ----------
    cells, last : DataFrame
        ``cohorts.cells`` and ``cohorts.last_seen`` of :func:`activity`.
    """
    if cells.empty:
        return triangle(cells, as_of)
    block = BLOCK_DAYS[unit]

    def over(cohort: date, period: int) -> date:
        return cohort + timedelta(days=block * period)

    parts = []
    for cohort, mine in cells.groupby("cohort"):
        day: date = cohort  # type: ignore[assignment]
        # Counted in days from the festival, a period is a day of a calendar of its own.
        begun = -((day - as_of).days // block)
        pseudo = mine[["period", "customers", *SUMS]].assign(cohort=_ORIGIN)
        seen = None if last is None else last[last["cohort"] == cohort].assign(cohort=_ORIGIN)
        table = triangle(
            pseudo,
            _ORIGIN + timedelta(days=begun),
            unit="day",
            last=seen,
            most_periods=most_periods,
            brackets=brackets,
        )
        spans = brackets or tuple((p, p) for p in range(int(table["period"].max()) + 1))
        ends = [over(day, spans[int(p)][1]) for p in table["period"]]
        parts.append(table.assign(cohort=day, mature=[end <= as_of for end in ends]))
    return pd.concat(parts, ignore_index=True)


_ORIGIN: Final = date(2000, 1, 1)
