"""The four lifecycle groups of a scope, in one pass over the orders where that is possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.lifecycle import Windows, added_up, assign, code, sizes
from analytics.scope import Scope, facts, matches, matching


def lifecycle_sizes(
    orders: ir.Table,
    order_categories: ir.Table,
    scope: Scope,
    windows: Windows,
    customer_summary: ir.Table | None = None,
) -> ir.Table:
    """Customers and revenue of new, active, loyal and lapsed, as of the end of a scope.

    The group of a customer follows from all of their purchases; the filters say whose and which
    revenue counts.

    Parameters
    ----------
    orders, order_categories : ibis Table
        The marts of those names.
    scope : Scope
    windows : Windows
    customer_summary : ibis Table, optional
        The mart of the same snapshot, and only when the scope ends with the data or later: under
        default filters only the recent orders are then read.

    Returns
    -------
    ibis Table
        As :func:`analytics.lifecycle.sizes`.
    """
    if not scope.is_additive:
        history = facts(orders, order_categories, scope, windows=windows, history=True)
        return sizes(assign(orders, scope.end, windows), history, scope.start)
    if customer_summary is not None and scope.narrows_customers_only and not scope.region_codes:
        each = _from_summary(orders, customer_summary, scope, windows)
    else:
        each = _from_orders(orders, scope, windows)
    return added_up(each.mutate(lifecycle=code(each, scope.end, windows)))


def _from_orders(orders: ir.Table, scope: Scope, windows: Windows) -> ir.Table:
    known = orders.filter(orders.customer_key.notnull() & (orders.day <= ibis.literal(scope.end)))
    if scope.kinds:
        known = known.filter(known.kind.isin(scope.kinds))
    condition = matches(known, replace(scope, kinds=()))
    counted = ibis.literal(True) if condition is None else condition
    inside = counted & (known.day >= ibis.literal(scope.start))
    since = ibis.literal(scope.end - timedelta(days=windows.loyal_days))
    each = known.group_by("customer_key").aggregate(
        first_day=known.day.min(where=known.is_purchase),
        last_day=known.day.max(where=known.is_purchase),
        recent_orders=count_where(known, known.is_purchase & (known.day > since)),
        purchases=count_where(known, known.is_purchase & counted),
        window_orders=count_where(known, known.is_purchase & inside),
        revenue=known.amount.sum(where=inside),
    )
    return each.filter(each.purchases > 0)


def _from_summary(orders: ir.Table, customer_summary: ir.Table, scope: Scope, windows: Windows) -> ir.Table:
    since = scope.end - timedelta(days=windows.loyal_days)
    read_from = min(since, scope.start - timedelta(days=1))
    recent = orders.filter(
        orders.customer_key.notnull()
        & (orders.day > ibis.literal(read_from))
        & (orders.day <= ibis.literal(scope.end))
    )
    inside = recent.day >= ibis.literal(scope.start)
    lately = recent.day > ibis.literal(since)
    sums = recent.group_by("customer_key").aggregate(
        recent_orders=count_where(recent, recent.is_purchase & lately),
        window_orders=count_where(recent, recent.is_purchase & inside),
        revenue=recent.amount.sum(where=inside),
    )
    known = matching(customer_summary.filter(customer_summary.orders > 0), scope)
    each = known.select("customer_key", "first_day", "last_day").left_join(sums, "customer_key")
    return each.drop("customer_key_right").mutate(
        recent_orders=each.recent_orders.coalesce(0), window_orders=each.window_orders.coalesce(0)
    )
