"""Who moved from which group to which between two days, and what that cost or brought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from analytics import lifecycle, rfm, rfm_grid
from analytics.counting import count_where
from analytics.lifecycle import Windows
from analytics.rfm import Cutoffs
from analytics.rfm_grid import Grid
from analytics.scope import Scope, facts, matches

NOT_YET: Final = "not_yet"
"""The group of those who first bought after the first of the two days."""

BYS: Final = ("lifecycle", "rfm_segment")


@dataclass(frozen=True, slots=True)
class Between:
    """Two days, and the equally long period before the first.

    Parameters
    ----------
    first, second : date
        The groups are told as of the end of each.

    Raises
    ------
    ValueError : the second is not after the first.
    """

    first: date
    second: date

    def __post_init__(self) -> None:
        if self.second <= self.first:
            raise ValueError(f"Between needs first < second; got {self.first} and {self.second}.")

    @property
    def days(self) -> int:
        """Days after the first, up to the second."""
        return (self.second - self.first).days

    @property
    def before_from(self) -> date:
        """First day of the equally long period that ends with the first day."""
        return self.first - timedelta(days=self.days - 1)


def states(
    orders: ir.Table,
    order_categories: ir.Table,
    scope: Scope,
    between: Between,
    windows: Windows,
    by: str = "lifecycle",
    cutoffs: Cutoffs | None = None,
    grid: Grid | None = None,
) -> ir.Table:
    """The group of each customer on both days, and their money in the periods before and after.

    Under filters that add up this is one pass over the orders. The lifecycle follows from all
    purchases of a customer; the filters say who is counted and which money.

    Parameters
    ----------
    orders, order_categories : ibis Table
        The marts of those names.
    scope : Scope
        Its days are not read.
    between : Between
    windows : Windows
    by : ``lifecycle`` or ``rfm_segment``
    cutoffs, grid : for ``rfm_segment``
        One yardstick for both days: a customer moves because they changed, not because others did.

    Returns
    -------
    ibis Table, one row per customer who bought up to the second day
        ``customer_key``, ``origin``, ``target`` (codes; ``NOT_YET`` only as origin),
        ``revenue_before``, ``revenue_after``, ``margin_before``, ``margin_after``.

    Raises
    ------
    ValueError : an unknown ``by``, or no cut-offs for RFM.
    """
    if by not in BYS:
        raise ValueError(f"by takes {list(BYS)}; got {by!r}.")
    scope = scope.moved_to(between.before_from, between.second)
    each = _each(orders, order_categories, scope, between, windows)
    if by == "lifecycle":
        known = [
            lifecycle.code(_as_of(each, place), day, windows)
            for place, day in (("a", between.first), ("b", between.second))
        ]
        origin = ibis.ifelse(each.first_day <= ibis.literal(between.first), known[0], NOT_YET)
        moved = each.mutate(origin=origin, target=known[1])
    elif cutoffs is None or grid is None:
        raise ValueError("states() by rfm_segment needs cutoffs and a grid.")
    else:
        moved = each.mutate(
            origin=_rfm_code(each, "a", between.first, cutoffs, grid),
            target=_rfm_code(each, "b", between.second, cutoffs, grid),
        )
    return moved.select(
        "customer_key",
        "origin",
        "target",
        "revenue_before",
        "revenue_after",
        "margin_before",
        "margin_after",
    )


def cells(moved: ir.Table) -> ir.Table:
    """Customers and money of each move.

    Parameters
    ----------
    moved : ibis Table
        From :func:`states`.

    Returns
    -------
    ibis Table, one row per (origin, target) that occurs
        ``origin``, ``target``, ``customers``, ``revenue_before``, ``revenue_after``,
        ``revenue_change``, ``margin_before``, ``margin_after``, ``margin_change``.
    """
    names = ("revenue_before", "revenue_after", "margin_before", "margin_after")
    grouped = moved.group_by("origin", "target").aggregate(
        customers=moved.count(), **{name: moved[name].sum().coalesce(0.0) for name in names}
    )
    return grouped.mutate(
        revenue_change=grouped.revenue_after - grouped.revenue_before,
        margin_change=grouped.margin_after - grouped.margin_before,
    )


def _each(
    orders: ir.Table, order_categories: ir.Table, scope: Scope, between: Between, windows: Windows
) -> ir.Table:
    until = orders.day <= ibis.literal(between.second)
    known = orders.filter(orders.customer_key.notnull() & until)
    if scope.kinds:
        known = known.filter(known.kind.isin(scope.kinds))
    if scope.is_additive:
        condition = matches(known, replace(scope, kinds=()))
        counted = ibis.literal(True) if condition is None else condition
        each = known.group_by("customer_key").aggregate(
            **_days(known, between, windows), **_money(known, counted, between)
        )
        return each.filter(each.f_b > 0)
    whole = known.group_by("customer_key").aggregate(**_days(known, between, windows))
    inside = facts(orders, order_categories, scope, windows=windows, history=True)
    inside = inside.filter(inside.customer_key.notnull())
    money = inside.group_by("customer_key").aggregate(**_money(inside, ibis.literal(True), between))
    return whole.inner_join(money.filter(money.f_b > 0), "customer_key")


def _days(known: ir.Table, between: Between, windows: Windows) -> dict[str, Any]:
    """What the lifecycle on both days follows from."""
    bought, found = known.is_purchase, {"first_day": known.day.min(where=known.is_purchase)}
    for place, day in (("a", between.first), ("b", between.second)):
        until = bought & (known.day <= ibis.literal(day))
        since = ibis.literal(day - timedelta(days=windows.loyal_days))
        found[f"last_{place}"] = known.day.max(where=until)
        found[f"recent_{place}"] = count_where(known, until & (known.day > since))
    return found


def _money(known: ir.Table, counted: ir.BooleanValue, between: Between) -> dict[str, Any]:
    """Recency, frequency and money on both days, and the money of both periods."""
    found: dict[str, Any] = {}
    for place, day in (("a", between.first), ("b", between.second)):
        until = counted & (known.day <= ibis.literal(day))
        found[f"seen_{place}"] = known.day.max(where=until & known.is_purchase)
        found[f"f_{place}"] = count_where(known, until & known.is_purchase)
        found[f"m_{place}"] = known.amount.sum(where=until)
    first = ibis.literal(between.first)
    before = counted & (known.day >= ibis.literal(between.before_from)) & (known.day <= first)
    after = counted & (known.day > first)
    for name, column in (("revenue", "amount"), ("margin", "margin")):
        found[f"{name}_before"] = known[column].sum(where=before).coalesce(0.0)
        found[f"{name}_after"] = known[column].sum(where=after).coalesce(0.0)
    return found


def _as_of(each: ir.Table, place: str) -> Any:
    """The columns ``lifecycle.code`` reads, as of one of the days."""
    return _Columns(each.first_day, each[f"last_{place}"], each[f"recent_{place}"])


@dataclass(frozen=True, slots=True)
class _Columns:
    first_day: ir.DateColumn
    last_day: ir.DateColumn
    recent_orders: ir.IntegerColumn


def _rfm_code(each: ir.Table, place: str, day: date, cutoffs: Cutoffs, grid: Grid) -> ir.StringValue:
    r, f, m = rfm.scores(
        ibis.literal(day).delta(each[f"seen_{place}"], unit="day"),
        each[f"f_{place}"],
        each[f"m_{place}"],
        cutoffs,
    )
    return ibis.ifelse(each[f"f_{place}"] > 0, rfm_grid.code(r, f, m, grid), NOT_YET)
