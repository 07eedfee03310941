"""Who of a group can be written to, and when writing to them pays. No invented response rates."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

CHANNELS: Final = ("whatsapp", "email", "sms", "phone")
"""Ways to write to a customer; ``customer_summary`` has ``reachable_<channel>`` for each."""


def by_lifecycle(customers: ir.Table, assigned: ir.Table, customer_summary: ir.Table) -> ir.Table:
    """What an order of each group brings, and how many of the group can be written to.

    Parameters
    ----------
    customers : ibis Table
        ``value.per_customer``: ``customer_key``, ``orders``, ``revenue``, ``margin``.
    assigned : ibis Table
        ``lifecycle.assign``: ``customer_key``, ``lifecycle``.
    customer_summary : ibis Table
        ``customer_key`` and ``reachable_<channel>`` (bool; null where no consents are known).

    Returns
    -------
    ibis Table, one row per lifecycle that occurs
        ``lifecycle``, ``customers``, ``orders``, ``revenue``, ``margin`` (all of the customers'
        orders; null where none is known), ``reachable`` (by any channel) and
        ``reachable_<channel>``: counts; null where nothing is known about consents.
    """
    columns = [f"reachable_{channel}" for channel in CHANNELS]
    agreed = customer_summary.select("customer_key", *columns)
    agreed = agreed.mutate(reachable=_any_of([agreed[column] for column in columns]))
    table = customers.select("customer_key", "orders", "revenue", "margin")
    table = table.inner_join(assigned.select("customer_key", "lifecycle"), "customer_key")
    table = table.left_join(agreed, "customer_key")
    return table.group_by("lifecycle").aggregate(
        customers=table.count(),
        orders=table.orders.sum(),
        revenue=table.revenue.sum(),
        margin=table.margin.sum(),
        **{column: table[column].cast("int64").sum() for column in ("reachable", *columns)},
    )


def break_even_rate(cost: float, margin_per_order: float | None) -> float | None:
    """Share of the people written to who must order for the messages to pay for themselves.

    Parameters
    ----------
    cost : float
        Of writing to one person, 0 or more; money.
    margin_per_order : float or None
        What one order of theirs brings, in the same currency.

    Returns
    -------
    float, or None where an order brings nothing or is not known. Above 1 it never pays.

    Raises
    ------
    ValueError : a negative cost.

    Examples
    --------
    >>> round(break_even_rate(0.9, 30.0), 6)
    0.03
    """
    if cost < 0:
        raise ValueError(f"cost cannot be negative; got {cost:g}.")
    if margin_per_order is None or not margin_per_order > 0:
        return None
    return cost / margin_per_order


def _any_of(columns: list[ir.BooleanValue]) -> ir.BooleanValue:
    """True where any is true; null only where all are null."""
    found = columns[0]
    for column in columns[1:]:
        found = ibis.coalesce(found | column, found, column)
    return found


OBSTACLES: Final = ("reachable", "no_contact", "withdrawn", "not_asked", "unknown", "contactless")
"""Whether somebody can be written to, and if not the first thing in the way."""


def obstacles(
    segment: ir.Table,
    customer_summary: ir.Table,
    stated: ir.Table | None,
    with_contact: ir.Table | None = None,
) -> ir.Table:
    """Who of a group can be written to, and why the rest cannot.

    - ``reachable``: agreed to marketing by a channel and left a valid contact for it.
    - ``no_contact``: agreed, but the contact is missing or cannot be one.
    - ``withdrawn``: said no, and yes by no other channel.
    - ``not_asked``: no consent on record.
    - ``unknown``: the workspace has no table of consents.
    - ``contactless``: it has none either, and the customer left nothing to write to: consent would not help.

    Parameters
    ----------
    segment : ibis Table, one row per customer
        ``customer_key``, ``orders``, ``revenue``, ``margin``.
    customer_summary : ibis Table
        ``customer_key``, ``customer_id``, ``reachable_<channel>``.
    stated : ibis Table or None
        What each customer last said of marketing, by the one rule of consent: ``customer_id``,
        ``agreed`` (by any channel), ``refused`` (any).
    with_contact : ibis Table, optional
        ``customer_id`` of those who left a contact that can be used; without it nobody is ``contactless``.

    Returns
    -------
    ibis Table, one row per obstacle that occurs
        ``obstacle``, ``customers``, ``orders``, ``revenue``, ``margin``, ``reachable_<channel>``.
    """
    columns = [f"reachable_{channel}" for channel in CHANNELS]
    known = customer_summary.select("customer_key", "customer_id", *columns)
    known = known.mutate(reachable=_any_of([known[column] for column in columns]))
    table = segment.select("customer_key", "orders", "revenue", "margin")
    table = table.left_join(known, "customer_key").drop("customer_key_right")
    if stated is None:
        table = table.mutate(agreed=ibis.null("boolean"), refused=ibis.null("boolean"))
    else:
        table = table.left_join(stated, "customer_id").drop("customer_id_right")
    silent = ibis.literal(False)
    if with_contact is not None:
        table = table.left_join(with_contact.mutate(has_contact=True), "customer_id").drop(
            "customer_id_right"
        )
        silent = ~table.has_contact.fill_null(False)
    obstacle = ibis.cases(
        (table.reachable.fill_null(False), "reachable"),
        (table.reachable.isnull() & silent, "contactless"),
        (table.reachable.isnull(), "unknown"),
        (table.agreed.fill_null(False), "no_contact"),
        (table.refused.fill_null(False), "withdrawn"),
        else_="not_asked",
    )
    table = table.mutate(obstacle=obstacle)
    return table.group_by("obstacle").aggregate(
        customers=table.count(),
        orders=table.orders.sum(),
        revenue=table.revenue.sum(),
        margin=table.margin.sum(),
        **{column: table[column].fill_null(False).cast("int64").sum() for column in columns},
    )
