"""Customers by the time of their first purchase, followed period by period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analytics.periods import month_end, months_between, shift_months
from analytics.results import frame

Unit = Literal["day", "month"]
View = Literal["classic", "unbounded"]

VIEWS: Final = ("classic", "unbounded")


def activity_from_months(customer_month: ir.Table) -> ir.Table:
    """Purchases of each customer by period, from the ``customer_month`` mart.

    For scopes that narrow customers only (kind, region); filter the mart with
    ``scope.matching`` first.

    Returns
    -------
    ibis Table, one row per customer and month with a purchase
        ``customer_key``, ``cohort`` (date), ``period`` (int), ``orders``, ``revenue``.
    """
    return customer_month.select("customer_key", "cohort", "period", "orders", "revenue")


def activity_from_orders(history: ir.Table, unit: Unit = "month") -> ir.Table:
    """Purchases of each customer by period, under any filter.

    Parameters
    ----------
    history : ibis Table, one row per order
        ``scope.facts(..., history=True)``. The cohort is the first purchase among these orders:
        with a filter on a store, the first there.
    unit : ``day`` or ``month``

    Returns
    -------
    ibis Table, as :func:`activity_from_months`; with days the cohort is a day.
    """
    bought = history.filter(history.is_purchase & history.customer_key.notnull())
    bought = bought.mutate(at=bought.month if unit == "month" else bought.day)
    per_period = bought.group_by("customer_key", "at").aggregate(
        orders=bought.count(), revenue=bought.amount.sum()
    )
    first = bought.group_by("customer_key").aggregate(cohort=bought["at"].min())
    table = per_period.inner_join(first, "customer_key")
    period = _periods_between(table.cohort, table["at"], unit)
    return table.select("customer_key", "cohort", "orders", "revenue", period=period.cast("int32"))


def cells(activity: ir.Table) -> ir.Table:
    """Customers, orders and revenue by cohort and period, of those who bought in the period.

    Returns
    -------
    ibis Table, one row per (cohort, period) with a purchase
        ``cohort``, ``period``, ``customers``, ``orders``, ``revenue``.
    """
    return activity.group_by("cohort", "period").aggregate(
        customers=activity.count(), orders=activity.orders.sum(), revenue=activity.revenue.sum()
    )


def cells_from_mart(cohorts: ir.Table) -> ir.Table:
    """Return :func:`cells` from the ``cohorts`` mart, filtered with ``scope.matching``."""
    return cohorts.group_by("cohort", "period").aggregate(
        customers=cohorts.customers.sum(),
        orders=cohorts.orders.sum(),
        revenue=cohorts.revenue.sum(),
    )


def last_seen(activity: ir.Table) -> ir.Table:
    """Customers by cohort and by the last period in which they bought; for the unbounded view.

    Returns
    -------
    ibis Table: ``cohort``, ``period`` (the last one), ``customers``.
    """
    last = activity.group_by("customer_key").aggregate(
        cohort=activity.cohort.min(), period=activity.period.max()
    )
    return last.group_by("cohort", "period").aggregate(customers=last.count())


def triangle(
    found: pd.DataFrame,
    as_of: date,
    *,
    unit: Unit = "month",
    last: pd.DataFrame | None = None,
    most_periods: int | None = None,
) -> pd.DataFrame:
    """Lay the cells out completely, with rates and maturity.

    Classic: bought in that very period. Unbounded, where ``last`` is given: bought in that period
    or in a later one.

    Parameters
    ----------
    found : DataFrame
        :func:`cells` as a frame.
    as_of : date
        The last day of the data. A period that ends after it has not fully elapsed: immature.
    last : DataFrame, optional
        :func:`last_seen` as a frame.
    most_periods : int, optional
        Leave later periods out.

    Returns
    -------
    DataFrame, one row per cohort and period that has begun, in order
        ``cohort``, ``period``, ``size`` (customers of the cohort), ``customers``, ``rate``
        (0..1 of ``size``), ``revenue``, ``revenue_per_customer`` (of ``size``),
        ``cumulative_revenue``, ``mature`` (bool).
    """
    if found.empty:
        return _empty()
    sizes = found[found["period"] == 0].set_index("cohort")["customers"].sort_index()
    grid = pd.DataFrame(
        [
            (cohort, period)
            for cohort in sizes.index
            for period in range(_last_period(cohort, as_of, unit, most_periods) + 1)
        ],
        columns=["cohort", "period"],
    )
    table = grid.merge(found, on=["cohort", "period"], how="left").fillna(
        {"customers": 0, "orders": 0, "revenue": 0.0}
    )
    if last is not None:
        table["customers"] = _still_to_come(table[["cohort", "period"]], last)
    table["size"] = table["cohort"].map(sizes).astype("int64")
    table["customers"] = table["customers"].astype("int64")
    table["rate"] = table["customers"] / table["size"]
    table["revenue_per_customer"] = table["revenue"] / table["size"]
    table["cumulative_revenue"] = table.groupby("cohort")["revenue"].cumsum()
    table["mature"] = [
        _period_end(cohort, period, unit) <= as_of
        for cohort, period in zip(table["cohort"], table["period"], strict=True)
    ]
    return table[list(_COLUMNS)]


def averages(triangle_table: pd.DataFrame) -> pd.DataFrame:
    """Average row of the triangle: weighted by cohort size, mature cells only.

    Returns
    -------
    DataFrame, one row per period with a mature cell
        ``period``, ``cohorts`` (how many), ``size`` (customers they began with), ``customers``,
        ``rate``, ``revenue``, ``revenue_per_customer``.
    """
    mature = triangle_table[triangle_table["mature"]]
    summed = (
        mature.groupby("period")
        .agg(
            cohorts=("cohort", "nunique"),
            size=("size", "sum"),
            customers=("customers", "sum"),
            revenue=("revenue", "sum"),
        )
        .reset_index()
    )
    summed["rate"] = summed["customers"] / summed["size"]
    summed["revenue_per_customer"] = summed["revenue"] / summed["size"]
    return summed


def triangle_of(
    activity: ir.Table,
    as_of: date,
    view: View = "classic",
    *,
    first_cohort: date | None = None,
    last_cohort: date | None = None,
    unit: Unit = "month",
    most_periods: int | None = None,
) -> pd.DataFrame:
    """Run the whole way from activity to triangle, for the cohorts between two days.

    Parameters
    ----------
    activity : ibis Table
        From :func:`activity_from_months` or :func:`activity_from_orders`.
    view : ``classic`` or ``unbounded``
    first_cohort, last_cohort : date, optional
        Keep cohorts that begin between these days.

    Raises
    ------
    ValueError : the view is unknown.
    """
    if view not in VIEWS:
        raise ValueError(f"view takes {list(VIEWS)}; got {view!r}.")
    if first_cohort is not None:
        activity = activity.filter(activity.cohort >= ibis.literal(first_cohort))
    if last_cohort is not None:
        activity = activity.filter(activity.cohort <= ibis.literal(last_cohort))
    last = frame(last_seen(activity)) if view == "unbounded" else None
    return triangle(frame(cells(activity)), as_of, unit=unit, last=last, most_periods=most_periods)


_COLUMNS: Final = (
    "cohort",
    "period",
    "size",
    "customers",
    "rate",
    "revenue",
    "revenue_per_customer",
    "cumulative_revenue",
    "mature",
)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({column: [] for column in _COLUMNS}).astype({"mature": bool})


def _periods_between(cohort: ir.DateColumn, at: ir.DateColumn, unit: Unit) -> ir.IntegerValue:
    if unit == "day":
        return at.delta(cohort, unit="day")
    return (at.year() - cohort.year()) * 12 + at.month() - cohort.month()


def _last_period(cohort: date, as_of: date, unit: Unit, most_periods: int | None) -> int:
    begun = months_between(cohort, as_of) if unit == "month" else (as_of - cohort).days
    return begun if most_periods is None else min(begun, most_periods)


def _period_end(cohort: date, period: int, unit: Unit) -> date:
    if unit == "month":
        return month_end(shift_months(cohort, period))
    return cohort + timedelta(days=period)


def _still_to_come(grid: pd.DataFrame, last: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Customers of a cohort whose last period is this one or a later one."""
    by_last = last.sort_values("period", ascending=False)
    counted = by_last.assign(later=by_last.groupby("cohort")["customers"].cumsum())
    known = {
        cohort: (part["period"].to_numpy()[::-1], part["later"].to_numpy()[::-1])
        for cohort, part in counted.groupby("cohort")
    }
    result = np.zeros(len(grid), dtype=np.int64)
    for row, (cohort, period) in enumerate(zip(grid["cohort"], grid["period"], strict=True)):
        periods, later = known[cohort]
        position = int(np.searchsorted(periods, period))
        result[row] = later[position] if position < len(later) else 0
    return result
