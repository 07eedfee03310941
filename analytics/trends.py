"""Headline numbers day by day, week by week or month by month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import ibis.expr.types as ir
import pandas as pd

from analytics.counting import count_where
from analytics.kpis import SUMS, sums_of
from analytics.lifecycle import Windows
from analytics.periods import month_end, shift_months
from analytics.results import frame
from analytics.scope import Scope, facts

Unit = Literal["day", "week", "month"]

TRUNCATE: Final = {"day": "D", "week": "W", "month": "M"}
MOST_DAYS: Final = 45
MOST_WEEK_DAYS: Final = 190


def unit_for(scope: Scope) -> Unit:
    """Return the unit that leaves a window with a readable number of points."""
    if scope.days <= MOST_DAYS:
        return "day"
    return "week" if scope.days <= MOST_WEEK_DAYS else "month"


def period_start(day: ir.DateColumn, unit: Unit) -> ir.DateColumn:
    """Return the first day of a day's period; weeks start on Monday."""
    return day.truncate(TRUNCATE[unit]).cast("date")


def customers_by(purchases: ir.Table, unit: Unit) -> ir.Table:
    """Different customers of each period.

    Parameters
    ----------
    purchases : ibis Table, one row per order
        ``customer_key``, ``day``, ``is_purchase``, ``nth``.

    Returns
    -------
    ibis Table, one row per period with a purchase of a known customer
        ``period`` (first day), ``customers`` (different ones), ``new_customers``,
        ``existing_customers`` (the others).
    """
    known = purchases.filter(purchases.is_purchase & purchases.customer_key.notnull())
    known = known.mutate(period=period_start(known.day, unit))
    counted = known.group_by("period").aggregate(
        customers=known.customer_key.nunique(),
        new_customers=count_where(known, known.nth == 1),
    )
    return counted.mutate(existing_customers=counted.customers - counted.new_customers)


def trend(
    orders: ir.Table,
    order_categories: ir.Table,
    daily: ir.Table,
    scope: Scope,
    unit: Unit,
    *,
    windows: Windows | None = None,
) -> pd.DataFrame:
    """New against existing revenue and customers, period by period, without gaps.

    Serves the trend chart and, over the twelve months before ``scope.end``, the sparklines.

    Returns
    -------
    DataFrame, one row per period of the window, in order
        ``period`` (date, its first day), ``complete`` (bool: the whole period lies in the
        window), ``revenue``, ``new_revenue`` (first purchases, and refunds booked without their
        order), ``existing_revenue``, ``unidentified_revenue`` (the three add up to ``revenue``),
        ``orders``, ``customers``, ``new_customers``, ``existing_customers``; ``average_order``,
        ``existing_share`` and ``identification_rate`` are missing where they have no base.
    """
    days = sums_of(orders, order_categories, daily, scope, by=("day",), windows=windows)
    days = days.mutate(period=period_start(days.day, unit))
    money = days.group_by("period").aggregate(**{name: days[name].sum() for name in SUMS})
    people = customers_by(facts(orders, order_categories, scope, windows=windows), unit)
    found = (
        pd.DataFrame({"period": periods_of(scope, unit)})
        .merge(frame(money.drop("new_customers")), on="period", how="left")
        .merge(frame(people), on="period", how="left")
        .fillna(0)
        .infer_objects()
    )
    return _with_ratios(found, scope, unit)


def spark_scope(scope: Scope, months: int = 12) -> Scope:
    """Return the window of the sparklines: whole months up to the end of the scope."""
    first = shift_months(scope.end.replace(day=1), 1 - months)
    return scope.moved_to(first, scope.end)


def periods_of(scope: Scope, unit: Unit) -> list[date]:
    """Return the first day of every period the window touches."""
    periods = [_first_day(scope.start, unit)]
    while (following := _last_day(periods[-1], unit) + timedelta(days=1)) <= scope.end:
        periods.append(following)
    return periods


def _with_ratios(found: pd.DataFrame, scope: Scope, unit: Unit) -> pd.DataFrame:
    found["complete"] = [
        period >= scope.start and _last_day(period, unit) <= scope.end for period in found["period"]
    ]
    found["new_revenue"] = found["identified_revenue"] - found["existing_revenue"]
    found["unidentified_revenue"] = found["revenue"] - found["identified_revenue"]
    found["average_order"] = found["revenue"] / _base(found["orders"])
    found["existing_share"] = found["existing_revenue"] / _base(found["identified_revenue"])
    found["identification_rate"] = found["identified_orders"] / _base(found["orders"])
    return found.drop(columns=["identified_orders", "identified_revenue"])


def _base(values: pd.Series[float]) -> pd.Series[float]:
    return values.where(values > 0)


def _first_day(day: date, unit: Unit) -> date:
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _last_day(first: date, unit: Unit) -> date:
    if unit == "month":
        return month_end(first)
    return first + timedelta(days=6) if unit == "week" else first
