"""How many customers are known, who buys in more than one channel, and who can be written to by which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from analytics.reach import CHANNELS

REASONS: Final = ("reachable", "no_contact", "masked", "invalid", "withdrawn", "not_asked", "unknown")
"""Whether somebody can be written to by a channel, and if not the first thing in the way."""

_MASK: Final = r"[*•●#]|[xX]{3,}"


def across_channels(orders: ir.Table) -> ir.Table:
    """How many customers buy, buy again, and buy in more than one channel.

    Parameters
    ----------
    orders : ibis Table
        The mart: ``customer_key``, ``channel``, ``is_purchase``.

    Returns
    -------
    ibis Table, one row
        ``purchases``, ``identified`` (of them with a known customer), ``buyers``, ``repeat_buyers`` (two
        purchases or more), ``several`` (buyers in two channels or more). A purchase without a channel
        counts as a purchase of none.
    """
    bought = orders.filter(orders.is_purchase)
    known = bought.filter(bought.customer_key.notnull())
    each = known.group_by("customer_key").aggregate(times=known.count(), channels=known.channel.nunique())
    sums = each.aggregate(
        buyers=each.count(),
        repeat_buyers=(each.times > 1).cast("int64").sum(),
        several=(each.channels > 1).cast("int64").sum(),
    )
    whole = bought.aggregate(
        purchases=bought.count(), identified=bought.customer_key.notnull().cast("int64").sum()
    )
    return whole.cross_join(sums)


def channels(orders: ir.Table) -> ir.Table:
    """For each channel: who bought there, and who of them bought elsewhere too.

    Parameters
    ----------
    orders : ibis Table
        As for :func:`across_channels`.

    Returns
    -------
    ibis Table, one row per channel that a known customer bought in
        ``channel``, ``buyers``, ``elsewhere`` (of them in another channel too), ``repeat`` (of them with
        two purchases or more, wherever).
    """
    known = orders.filter(orders.is_purchase & orders.customer_key.notnull())
    each = known.group_by("customer_key").aggregate(times=known.count(), channels=known.channel.nunique())
    pairs = known.filter(known.channel.notnull()).select("customer_key", "channel").distinct()
    pairs = pairs.inner_join(each, "customer_key")
    return pairs.group_by("channel").aggregate(
        buyers=pairs.count(),
        elsewhere=(pairs.channels > 1).cast("int64").sum(),
        repeat=(pairs.times > 1).cast("int64").sum(),
    )


def reach_by_channel(
    customers: ir.Table,
    said: ir.Table | None,
    usable: Callable[[ir.StringValue, str], ir.BooleanValue],
    contact_of: Mapping[str, str],
) -> ir.Table:
    """For each channel: how many can be written to, and why the others cannot.

    - ``no_contact``: no phone or address; ``masked``: a marketplace hid it; ``invalid``: it cannot be one.
    - ``withdrawn``: a usable contact, and the last word was no; ``not_asked``: no word on record.
    - ``unknown``: a usable contact, and the workspace has no table of consents.

    Parameters
    ----------
    customers : ibis Table, one row per customer
        ``customer_id``, ``phone``, ``email``.
    said : ibis Table or None
        The last word on marketing: ``customer_id``, ``channel``, ``state``; each pair once.
    usable : callable
        Of a text column and ``phone`` or ``email``: whether the contact can be written to. The same as the
        marts ask, so that this table and every list agree.
    contact_of : mapping
        Channel -> the column of the customers it needs.

    Returns
    -------
    ibis Table, one row per channel and reason that occurs
        ``channel``, ``reason``, ``customers``.
    """
    parts = []
    for channel in CHANNELS:
        contact = contact_of[channel]
        table = customers.select("customer_id", contact=customers[contact])
        if said is None:
            table = table.mutate(state=ibis.null("string"))
        else:
            mine = said.filter(said.channel == channel).select("customer_id", "state")
            table = table.left_join(mine, "customer_id")
        reason = _reason(table, usable(table.contact, contact), known=said is not None)
        counted = table.mutate(reason=reason).group_by("reason").aggregate(customers=lambda t: t.count())
        parts.append(counted.select("reason", "customers", channel=ibis.literal(channel)))
    return ibis.union(*parts)


def _reason(table: ir.Table, valid: ir.BooleanValue, *, known: bool) -> ir.StringValue:
    value = table.contact.fill_null("").strip()
    return ibis.cases(
        (value == "", "no_contact"),
        (value.re_search(_MASK), "masked"),
        (~valid, "invalid"),
        (table.state == "granted", "reachable"),
        (table.state == "withdrawn", "withdrawn"),
        else_="not_asked" if known else "unknown",
    )
