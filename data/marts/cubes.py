"""Sums by day and dimension, and cohorts: small tables that answer most screens."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

DIMENSIONS: Final = ("day", "region_code", "store_id", "channel", "kind", "currency")


def daily(orders: ir.Table) -> ir.Table:
    """The mart ``daily``: sums that add up over any dimension.

    Returns
    -------
    ibis Table, one row per day, region, store, channel, kind of customer and currency
        ``orders`` (purchases), ``revenue``, ``margin``, ``quantity``, ``new_customers``,
        ``identified_orders``, ``identified_revenue``, ``existing_revenue``.
    """
    identified = orders.customer_key.notnull()
    existing = orders.nth.fill_null(0) > 1
    return (
        orders.group_by(*DIMENSIONS)
        .aggregate(
            orders=orders.is_purchase.cast("int64").sum().cast("int64"),
            revenue=orders.amount.sum(),
            margin=orders.margin.sum(),
            quantity=ibis.ifelse(orders.is_purchase, orders.quantity, 0.0).sum(),
            new_customers=(orders.nth.fill_null(0) == 1).cast("int64").sum().cast("int64"),
            identified_orders=(orders.is_purchase & identified).cast("int64").sum().cast("int64"),
            identified_revenue=ibis.ifelse(identified, orders.amount, 0.0).sum(),
            existing_revenue=ibis.ifelse(existing, orders.amount, 0.0).sum(),
        )
        .order_by(*DIMENSIONS)
    )


def daily_category(order_categories: ir.Table) -> ir.Table:
    """The mart ``daily_category``: ``daily`` by category; orders do not add up over categories.

    Returns
    -------
    ibis Table, one row per day, region, store, channel, kind, currency and category
        ``orders``, ``revenue``, ``margin``, ``quantity``.
    """
    return (
        order_categories.group_by(*DIMENSIONS, "category")
        .aggregate(
            orders=order_categories.is_purchase.cast("int64").sum().cast("int64"),
            revenue=order_categories.amount.sum(),
            margin=order_categories.margin.sum(),
            quantity=order_categories.quantity.sum(),
        )
        .order_by(*DIMENSIONS, "category")
    )


def cohorts(customer_month: ir.Table) -> ir.Table:
    """The mart ``cohorts``: customers of a month of first purchase, month by month.

    Returns
    -------
    ibis Table, one row per cohort, period, kind, region and first channel
        ``customers`` (active in the period; period 0 is the size), ``orders``, ``revenue``, ``margin``.
    """
    keys = ("cohort", "period", "kind", "region_code", "first_channel")
    return (
        customer_month.group_by(*keys)
        .aggregate(
            customers=customer_month.count(),
            orders=customer_month.orders.sum().cast("int64"),
            revenue=customer_month.revenue.sum(),
            margin=customer_month.margin.sum(),
        )
        .order_by(*keys)
    )
