"""One row per order, and one row per order and category: what every analytic starts from."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from data.schema import UNIDENTIFIED

LAYOUT: Final = ("region_code", "customer_key", "order_key")
"""In which order the orders lie on disk. A region is then in few row groups and the others are never
read; the orders of a customer are neighbours, which halves the time of grouping by customer."""


def order_totals(
    lines: ir.Table, day_starts_at_hour: int, currency: str, settlements: ir.Table | None = None
) -> ir.Table:
    """Lines of one order added up, and what its platform settled for it.

    Contribution is what is left of the amount (which is after the seller's discounts and vouchers) after
    goods, platform fee and the shipping that the buyer did not pay. The fee is the order file's; where
    that knows none, the settlement's. A failed or returned parcel has no amount and no goods, but its fee
    and shipping count. Where the cost of goods is not known it follows from the workspace's assumed
    margin, and ``margin_assumed`` says so.

    Parameters
    ----------
    lines : ibis Table
        From ``net_lines``.
    day_starts_at_hour : int
        0..23; an order before that hour belongs to the business day before.
    currency : str
        What an empty currency means.
    settlements : ibis Table or None
        Complete table.

    Returns
    -------
    ibis Table, one row per order
        ``order_id``, ``customer_id``, ``ordered_at``, ``day``, ``store_id``, ``channel``, ``currency``,
        ``amount``, ``margin``, ``margin_assumed``, ``discount``, ``quantity``, ``lines``, ``stands``,
        ``system``, ``goods``, ``platform_fee``, ``shipping``, ``contribution``, ``settled``.
    """
    totals = lines.group_by("order_id").aggregate(
        customer_id=lines.customer_id.min(),
        ordered_at=lines.ordered_at.min(),
        store_id=lines.store_id.min(),
        channel=lines.channel.min(),
        currency=lines.currency.fill_null(currency).min(),
        amount=lines.revenue.sum(),
        margin=lines.profit.sum(),
        margin_assumed=lines.assumed.cast("int32").max() == 1,
        discount=lines.discount.fill_null(0.0).sum(),
        quantity=(lines.quantity.fill_null(1.0) * (1.0 - lines.returned)).sum(),
        lines=lines.count().cast("int32"),
        stands=lines.stands.cast("int32").max() == 1,
        system=lines.system.min(),
        goods=lines.goods.sum(),
        own_fee=lines.fee.sum(),
        shipping=lines.carriage.sum(),
    )
    totals = _with_settlement(totals, settlements)
    start = totals.ordered_at - ibis.interval(hours=day_starts_at_hour)
    return totals.mutate(day=start.cast("date"))


def _with_settlement(totals: ir.Table, settlements: ir.Table | None) -> ir.Table:
    if settlements is None:
        fee, settled = ibis.literal(0.0), ibis.null("float64")
    else:
        paid = settlements.group_by(settled_order=settlements.order_id).aggregate(
            settled_fee=settlements.platform_fee.sum(), settled=settlements.amount.sum()
        )
        totals = totals.left_join(paid, totals.order_id == paid.settled_order).drop("settled_order")
        fee, settled = totals.settled_fee.fill_null(0.0), totals.settled
    totals = totals.mutate(platform_fee=ibis.coalesce(totals.own_fee, fee), settled=settled)
    left = totals.amount - totals.goods - totals.platform_fee - totals.shipping
    unused = ["own_fee", *(["settled_fee"] if settlements is not None else [])]
    return totals.mutate(contribution=left).drop(*unused)


def customer_keys(totals: ir.Table, customers: ir.Table | None) -> ir.Table:
    """A dense integer for every customer of the sales and of the customer table.

    Returns
    -------
    ibis Table, one row per customer
        ``customer_id``, ``customer_key`` (int32, 0..n-1 in order of the id).
    """
    known = totals.filter(totals.customer_id.notnull()).select("customer_id").distinct()
    if customers is not None:
        known = known.union(customers.select("customer_id"), distinct=True)
    key = ibis.row_number().over(order_by=known.customer_id)
    return known.mutate(customer_key=key.cast("int32"))


def orders(totals: ir.Table, keys: ir.Table, customers: ir.Table | None, stores: ir.Table | None) -> ir.Table:
    """The mart ``orders``: each order with who, where, and which purchase of the customer it was.

    Parameters
    ----------
    totals, keys : ibis Table
        From ``order_totals`` and ``customer_keys``.
    customers, stores : ibis Table or None
        Complete tables (``lines.complete``).

    Returns
    -------
    ibis Table, one row per order
        See docs/DATA.md.
    """
    placed = totals.left_join(keys, "customer_id").drop("customer_id_right")
    placed = _with_customer(placed, customers)
    placed = _with_store_region(placed, stores)
    placed = placed.mutate(
        order_key=ibis.row_number().over(order_by=[placed.day, placed.order_id]),
        month=placed.day.truncate("M").cast("date"),
        kind=ibis.ifelse(
            placed.customer_id.isnull(), UNIDENTIFIED, placed.customer_kind.fill_null("external")
        ),
        region_code=ibis.coalesce(placed.customer_region, placed.store_region),
        is_purchase=(placed.stands & (placed.amount > 0.0)).fill_null(False),
    )
    return _numbered(placed)


def _with_customer(table: ir.Table, customers: ir.Table | None) -> ir.Table:
    if customers is None:
        nothing = ibis.null("string")
        return table.mutate(customer_kind=nothing, customer_region=nothing)
    facts = customers.select(
        "customer_id", customer_kind=customers.kind, customer_region=customers.region_code
    )
    return table.left_join(facts, "customer_id").drop("customer_id_right")


def _with_store_region(table: ir.Table, stores: ir.Table | None) -> ir.Table:
    if stores is None:
        return table.mutate(store_region=ibis.null("string"))
    facts = stores.select("store_id", store_region=stores.region_code)
    return table.left_join(facts, "store_id").drop("store_id_right")


def _numbered(table: ir.Table) -> ir.Table:
    counts = table.is_purchase & table.customer_key.notnull()
    table = table.mutate(counts=counts)
    window = ibis.window(
        group_by=[table.customer_key, table.counts], order_by=[table.ordered_at, table.order_id]
    )
    nth = ibis.row_number().over(window) + 1
    gap = table.day.delta(table.day.lag().over(window), unit="day")
    return table.select(
        "order_id",
        "order_key",
        "customer_id",
        "customer_key",
        "ordered_at",
        "day",
        "month",
        "store_id",
        "channel",
        "region_code",
        "kind",
        "currency",
        "amount",
        "margin",
        "margin_assumed",
        "contribution",
        "goods",
        "platform_fee",
        "shipping",
        "settled",
        "system",
        "discount",
        "quantity",
        "lines",
        "is_purchase",
        nth=ibis.ifelse(table.counts, nth, ibis.null("int64")).cast("int32"),
        days_since_previous=ibis.ifelse(table.counts, gap, ibis.null("int64")).cast("int32"),
    ).order_by(*LAYOUT)


def order_categories(lines: ir.Table, orders_mart: ir.Table) -> ir.Table:
    """The mart ``order_categories``: one row per order and category.

    Returns
    -------
    ibis Table
        The order's ``order_key, customer_key, day, month, store_id, channel, region_code, kind,
        currency, is_purchase, nth``, and ``category``, ``amount``, ``margin``, ``quantity``.
    """
    parts = lines.group_by("order_id", "category").aggregate(
        amount=lines.revenue.sum(),
        margin=lines.profit.sum(),
        quantity=(lines.quantity.fill_null(1.0) * (1.0 - lines.returned)).sum(),
    )
    facts = orders_mart.select(
        "order_id",
        "order_key",
        "customer_key",
        "day",
        "month",
        "store_id",
        "channel",
        "region_code",
        "kind",
        "currency",
        "is_purchase",
        "nth",
    )
    return parts.inner_join(facts, "order_id").drop("order_id").order_by(*LAYOUT, "category")
