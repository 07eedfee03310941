"""Customers by the time of their first purchase, followed period by period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analytics.cohort_periods import (
    Bracket,
    Unit,
    begin_of,
    between,
    between_columns,
    checked,
    in_brackets,
    last_day,
)
from analytics.results import frame

View = Literal["classic", "unbounded", "bracket"]

VIEWS: Final = ("classic", "unbounded", "bracket")

SUMS: Final = ("orders", "revenue", "margin")


def activity_from_months(customer_month: ir.Table, unit: Unit = "month") -> ir.Table:
    """Purchases of each customer by period, from the ``customer_month`` mart.

    For scopes that narrow customers only (kind, region); filter the mart with
    ``scope.matching`` first. Quarters and years are exact too: they are made of whole months.

    Returns
    -------
    ibis Table, one row per customer and period with a purchase
        ``customer_key``, ``cohort`` (date), ``period`` (int), ``orders``, ``revenue``, ``margin``.

    Raises
    ------
    ValueError : weeks and days are not made of months.
    """
    if unit not in ("month", "quarter", "year"):
        raise ValueError(f"Months make up quarters and years, not {unit}s; use activity_from_orders().")
    if unit == "month":
        return customer_month.select("customer_key", "cohort", "period", *SUMS)
    cohort = begin_of(customer_month.cohort, unit)
    period = between_columns(cohort, begin_of(customer_month.month, unit), unit)
    return _once_a_period(customer_month.mutate(cohort=cohort, period=period))


def activity_from_orders(
    history: ir.Table, unit: Unit = "month", first_days: ir.Table | None = None
) -> ir.Table:
    """Purchases of each customer by period, under any filter.

    Parameters
    ----------
    history : ibis Table, one row per order
        ``scope.facts(..., history=True)``. The cohort is the first purchase among these orders:
        with a filter on a store, the first there.
    unit : str
        One of ``cohort_periods.Unit``.
    first_days : ibis Table, optional
        ``customer_key`` and ``first_day`` of the customers wanted, where they are known already:
        then ``history`` may begin with the first cohort, which saves most of the orders.

    Returns
    -------
    ibis Table, as :func:`activity_from_months`.
    """
    bought = history.filter(history.is_purchase & history.customer_key.notnull())
    bought = bought.mutate(at=bought.month if unit == "month" else begin_of(bought.day, unit))
    per_period = bought.group_by("customer_key", "at").aggregate(
        orders=bought.count(),
        revenue=bought.amount.sum(),
        margin=bought.margin.sum().coalesce(0.0),
    )
    if first_days is None:
        first = per_period.group_by("customer_key").aggregate(cohort=per_period["at"].min())
    else:
        first = first_days.select("customer_key", cohort=begin_of(first_days.first_day, unit))
    table = per_period.inner_join(first, "customer_key")
    period = between_columns(table.cohort, table["at"], unit)
    return table.select("customer_key", "cohort", *SUMS, period=period)


def bracketed(activity: ir.Table, brackets: tuple[Bracket, ...], by: Sequence[str] = ()) -> ir.Table:
    """Return the activity with brackets as periods: once a customer and bracket.

    Periods outside all brackets drop out; columns named in ``by`` stay.
    """
    place = in_brackets(activity.period, checked(brackets))
    table = activity.mutate(period=place)
    return _once_a_period(table.filter(table.period.notnull()), by)


def with_value(activity: ir.Table, attributes: ir.Table) -> ir.Table:
    """Put each customer's value of an attribute beside their purchases; null where it is not known.

    Parameters
    ----------
    attributes : ibis Table, one row per customer
        ``customer_key``, ``value`` (text).
    """
    table = activity.left_join(attributes.select("customer_key", "value"), "customer_key")
    return table.select(*activity.columns, "value")


def cells(activity: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Customers, orders, revenue and margin by cohort and period, of those who bought in it.

    Parameters
    ----------
    by : sequence of str
        More columns to tell apart, such as ``value``.

    Returns
    -------
    ibis Table, one row per (cohort, period) with a purchase
        ``cohort``, ``period``, ``customers``, ``orders``, ``revenue``, ``margin``.
    """
    return activity.group_by(*by, "cohort", "period").aggregate(
        customers=activity.count(), **{name: activity[name].sum() for name in SUMS}
    )


def cells_from_mart(cohorts: ir.Table) -> ir.Table:
    """Return :func:`cells` from the ``cohorts`` mart, filtered with ``scope.matching``."""
    return cohorts.group_by("cohort", "period").aggregate(
        customers=cohorts.customers.sum(), **{name: cohorts[name].sum() for name in SUMS}
    )


def last_seen(activity: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Customers by cohort and by the last period in which they bought; for the unbounded view.

    Returns
    -------
    ibis Table: ``cohort``, ``period`` (the last one), ``customers``.
    """
    last = activity.group_by(*by, "customer_key").aggregate(
        cohort=activity.cohort.min(), period=activity.period.max()
    )
    return last.group_by(*by, "cohort", "period").aggregate(customers=last.count())


def triangle(
    found: pd.DataFrame,
    as_of: date,
    *,
    unit: Unit = "month",
    last: pd.DataFrame | None = None,
    most_periods: int | None = None,
    brackets: tuple[Bracket, ...] | None = None,
) -> pd.DataFrame:
    """Lay the cells out completely, with rates and maturity.

    Classic: bought in that very period. Unbounded, where ``last`` is given: bought in that period
    or in a later one. Bracket, where ``brackets`` are given: bought at least once in the bracket;
    ``period`` is then the bracket's place.

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
        (0..1 of ``size``), ``orders``, ``revenue``, ``revenue_per_customer`` (of ``size``),
        ``cumulative_revenue``, ``margin``, ``value_per_customer`` (margin so far / ``size``),
        ``mature`` (bool).
    """
    if found.empty:
        return _empty()
    sizes = found[found["period"] == 0].set_index("cohort")["customers"].sort_index()
    table = _grid(list(sizes.index), as_of, unit, most_periods, brackets)
    table = table.merge(found, on=["cohort", "period"], how="left").fillna(
        {"customers": 0, "orders": 0, "revenue": 0.0, "margin": 0.0}
    )
    if last is not None:
        table["customers"] = _still_to_come(table[["cohort", "period"]], last)
    table["size"] = table["cohort"].map(sizes).astype("int64")
    table["customers"] = table["customers"].astype("int64")
    table["orders"] = table["orders"].astype("int64")
    table["rate"] = table["customers"] / table["size"]
    table["revenue_per_customer"] = table["revenue"] / table["size"]
    table["cumulative_revenue"] = table.groupby("cohort")["revenue"].cumsum()
    table["value_per_customer"] = table.groupby("cohort")["margin"].cumsum() / table["size"]
    return table[list(_COLUMNS)]


def averages(triangle_table: pd.DataFrame) -> pd.DataFrame:
    """Average row of the triangle: weighted by cohort size, mature cells only.

    Returns
    -------
    DataFrame, one row per period with a mature cell
        ``period``, ``cohorts`` (how many), ``size`` (customers they began with), ``customers``,
        ``rate``, ``orders``, ``revenue``, ``revenue_per_customer``, ``value_per_customer``.
    """
    mature = triangle_table[triangle_table["mature"]]
    mature = mature.assign(value=mature["value_per_customer"] * mature["size"])
    summed = (
        mature.groupby("period")
        .agg(
            cohorts=("cohort", "nunique"),
            size=("size", "sum"),
            customers=("customers", "sum"),
            orders=("orders", "sum"),
            revenue=("revenue", "sum"),
            value=("value", "sum"),
        )
        .reset_index()
    )
    summed["rate"] = summed["customers"] / summed["size"]
    summed["revenue_per_customer"] = summed["revenue"] / summed["size"]
    summed["value_per_customer"] = summed["value"] / summed["size"]
    return summed.drop(columns="value")


def medians(triangle_table: pd.DataFrame) -> pd.DataFrame:
    """Median row of the triangle: each cohort counts once, mature cells only.

    Returns
    -------
    DataFrame, one row per period with a mature cell
        ``period``, ``cohorts``, ``size``, and the median of every measure under its own name.
    """
    mature = triangle_table[triangle_table["mature"]]
    grouped = mature.groupby("period")
    found = grouped[["size", *MEASURES]].median().reset_index()
    found.insert(1, "cohorts", grouped["cohort"].nunique().to_numpy())
    return found


def triangle_of(
    activity: ir.Table,
    as_of: date,
    view: View = "classic",
    *,
    first_cohort: date | None = None,
    last_cohort: date | None = None,
    unit: Unit = "month",
    most_periods: int | None = None,
    brackets: tuple[Bracket, ...] | None = None,
) -> pd.DataFrame:
    """Run the whole way from activity to triangle, for the cohorts between two days.

    Parameters
    ----------
    activity : ibis Table
        From :func:`activity_from_months` or :func:`activity_from_orders`.
    view : ``classic``, ``unbounded`` or ``bracket``
    first_cohort, last_cohort : date, optional
        Keep cohorts that begin between these days.
    brackets : tuple of (first, last), optional
        For the view ``bracket``.

    Raises
    ------
    ValueError : the view is unknown, or brackets are missing.
    """
    if view not in VIEWS:
        raise ValueError(f"view takes {list(VIEWS)}; got {view!r}.")
    activity = begun_between(activity, first_cohort, last_cohort)
    if view == "bracket":
        if brackets is None:
            raise ValueError("The view 'bracket' needs brackets, such as ((0, 0), (1, 3)).")
        activity = bracketed(activity, brackets)
    last = frame(last_seen(activity)) if view == "unbounded" else None
    return triangle(
        frame(cells(activity)),
        as_of,
        unit=unit,
        last=last,
        most_periods=most_periods,
        brackets=brackets if view == "bracket" else None,
    )


def begun_between(activity: ir.Table, first_cohort: date | None, last_cohort: date | None = None) -> ir.Table:
    """Keep the cohorts that begin between two days; None leaves an end open."""
    if first_cohort is not None:
        activity = activity.filter(activity.cohort >= ibis.literal(first_cohort))
    if last_cohort is not None:
        activity = activity.filter(activity.cohort <= ibis.literal(last_cohort))
    return activity


MEASURES: Final = (
    "rate",
    "customers",
    "orders",
    "revenue",
    "revenue_per_customer",
    "value_per_customer",
)
"""What a cell can show."""

_COLUMNS: Final = (
    "cohort",
    "period",
    "size",
    "customers",
    "rate",
    "orders",
    "revenue",
    "revenue_per_customer",
    "cumulative_revenue",
    "margin",
    "value_per_customer",
    "mature",
)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({column: [] for column in _COLUMNS}).astype({"mature": bool})


def _once_a_period(table: ir.Table, by: Sequence[str] = ()) -> ir.Table:
    """Add up what a customer bought in a period that is made of several."""
    return table.group_by(*by, "customer_key", "cohort", "period").aggregate(
        **{name: table[name].sum() for name in SUMS}
    )


def _grid(
    cohorts: list[date],
    as_of: date,
    unit: Unit,
    most_periods: int | None,
    brackets: tuple[Bracket, ...] | None,
) -> pd.DataFrame:
    """Every cohort and period that has begun, and whether the period is over."""
    rows = []
    for cohort in cohorts:
        begun = between(cohort, as_of, unit)
        spans = brackets or tuple((period, period) for period in range(begun + 1))
        for place, (first, final) in enumerate(spans):
            if first <= begun and (most_periods is None or place <= most_periods):
                rows.append((cohort, place, last_day(cohort, final, unit) <= as_of))
    return pd.DataFrame(rows, columns=["cohort", "period", "mature"])


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
