"""The four lifecycle groups of a scope, in one pass over the orders where that is possible."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.lifecycle import Windows, added_up, assign, code, sizes
from analytics.scope import Scope, facts, matches


def lifecycle_sizes(orders: ir.Table, order_categories: ir.Table, scope: Scope, windows: Windows) -> ir.Table:
    """Customers and revenue of new, active, loyal and lapsed, as of the end of a scope.

    The group of a customer follows from all of their purchases; the filters say whose and which
    revenue counts.

    Parameters
    ----------
    orders, order_categories : ibis Table
        The marts of those names.
    scope : Scope
    windows : Windows

    Returns
    -------
    ibis Table
        As :func:`analytics.lifecycle.sizes`.
    """
    if not scope.is_additive:
        history = facts(orders, order_categories, scope, windows=windows, history=True)
        return sizes(assign(orders, scope.end, windows), history, scope.start)
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
    each = each.filter(each.purchases > 0)
    return added_up(each.mutate(lifecycle=code(each, scope.end, windows)))
