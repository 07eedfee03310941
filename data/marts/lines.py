"""Order lines with what they brought: revenue and margin, after returns and cancellations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from data.schema import TABLES, Column

_TYPES: Final = {
    "text": "string",
    "timestamp": "timestamp",
    "date": "date",
    "money": "float64",
    "number": "float64",
    "integer": "int64",
    "boolean": "boolean",
}
VOID_STATUSES: Final = ("cancelled", "failed", "refunded", "pending")
VOID_DELIVERIES: Final = ("failed", "returned")
BACK_STATUSES: Final = ("failed", "refunded")
DELIVERED_STATUSES: Final = ("completed", "delivered")
CASH_ON_DELIVERY: Final = "cod"


def complete(table: ir.Table, name: str) -> ir.Table:
    """A table with every column of its schema, money as float64, absent columns empty.

    Parameters
    ----------
    table : ibis Table
    name : str
        Name of the table in ``data.schema.TABLES``.

    Returns
    -------
    ibis Table
    """
    return table.select(**{column.name: _column(table, column) for column in TABLES[name].columns})


def net_lines(transactions: ir.Table, margin: float, margins: Mapping[str, float]) -> ir.Table:
    """Each order line with ``revenue``, ``gross_profit`` and whether it stands.

    Revenue is the net line total less the returned share (returned units / units); a cancelled, failed,
    refunded, unpaid or undelivered cash-on-delivery line brings 0. Margin is revenue less goods,
    platform fee and the part of shipping that the buyer did not pay; where no cost is known it is
    an assumed share of revenue, per channel, before fee and shipping.

    Parameters
    ----------
    transactions : ibis Table
        The table ``transactions`` of the schema; columns may be absent.
    margin, margins : float, mapping of channel to float
        Assumed margin (share of revenue, 0..1), and exceptions by channel.

    Returns
    -------
    ibis Table, one row per line
        All columns of ``transactions`` plus ``stands`` (bool), ``returned`` (0..1), ``revenue``,
        ``profit`` (float64, currency of the line) and ``assumed`` (bool); ``goods``, ``fee`` and
        ``carriage`` (float64): what the goods, the platform and the parcel cost. A parcel that failed or
        came back is no purchase, but its fee and its carriage were paid all the same.
    """
    lines = complete(transactions, "transactions")
    lines = lines.mutate(stands=_stands(lines), returned=_returned_share(lines))
    kept = ibis.ifelse(lines.stands, 1.0 - lines.returned, 0.0)
    lines = lines.mutate(revenue=lines.amount * kept, kept=kept)
    goods = ibis.ifelse(
        lines.cost.isnull(),
        lines.revenue * (1.0 - _assumed_margin(lines.channel, margin, margins)),
        lines.cost * lines.kept,
    )
    shipping = lines.shipping_cost.fill_null(0.0)
    paid = shipping - lines.shipping_charged.fill_null(0.0)
    fees = lines.platform_fee.fill_null(0.0) + paid
    came_back = _came_back(lines)
    return lines.mutate(
        profit=lines.revenue - goods - ibis.ifelse(lines.stands, fees, 0.0),
        assumed=lines.cost.isnull(),
        goods=goods,
        fee=ibis.ifelse(lines.stands | came_back, lines.platform_fee, ibis.null("float64")),
        carriage=ibis.ifelse(lines.stands, paid, ibis.ifelse(came_back, shipping, 0.0)),
    ).drop("kept")


def _column(table: ir.Table, column: Column) -> ir.Value:
    kind = _TYPES[column.kind]
    if column.name not in table.columns:
        return ibis.null(kind)
    return table[column.name].cast(kind)


def _stands(lines: ir.Table) -> ir.BooleanValue:
    status = lines.status.fill_null("completed")
    void = status.isin(VOID_STATUSES) | lines.delivery_status.fill_null("").isin(VOID_DELIVERIES)
    unknown = lines.status.isnull() & lines.delivery_status.isnull() & lines.delivered_at.isnull()
    arrived = (
        lines.status.fill_null("").isin(DELIVERED_STATUSES)
        | (lines.delivery_status.fill_null("") == "delivered")
        | lines.delivered_at.notnull()
        | unknown
    )
    on_delivery = lines.payment_method.fill_null("").lower() == CASH_ON_DELIVERY
    return ~void & (~on_delivery | arrived)


def _came_back(lines: ir.Table) -> ir.BooleanValue:
    """Whether a parcel was sent and brought nothing: its delivery failed, or it was returned."""
    by_status = lines.status.fill_null("completed").isin(BACK_STATUSES)
    return by_status | lines.delivery_status.fill_null("").isin(VOID_DELIVERIES)


def _returned_share(lines: ir.Table) -> ir.FloatingValue:
    units = lines.quantity.fill_null(1.0).abs()
    back = lines.returned_quantity.fill_null(0.0).abs()
    guarded = ibis.ifelse(units > 0.0, units, 1.0)
    share = ibis.least(back / guarded, 1.0)
    return ibis.ifelse(units > 0.0, share, 0.0)


def _assumed_margin(channel: ir.StringValue, margin: float, margins: Mapping[str, float]) -> ir.Value:
    if not margins:
        return ibis.literal(float(margin))
    cases = [(channel == name, ibis.literal(float(value))) for name, value in sorted(margins.items())]
    return ibis.cases(*cases, else_=ibis.literal(float(margin)))
