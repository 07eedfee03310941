"""Orders against what their platforms paid out: matched, different, missing, waiting, unknown."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

STATES: Final = ("matched", "different", "missing", "waiting", "unknown")
TOLERANCE: Final = 0.005
"""Half a sen: two amounts that are closer than this are the same."""
WAITING_DAYS: Final = 14
"""Platforms release the money some days after delivery; an order younger than this is not missing yet."""


def reconcile(orders: ir.Table, settlements: ir.Table, waiting_days: int = WAITING_DAYS) -> ir.Table:
    """Each order beside its settlement, with the difference in money.

    What is expected is the order's amount less platform fee and the shipping that the buyer did not pay;
    for a failed parcel its cost alone. Only systems that have settlements are looked at.

    Parameters
    ----------
    orders : ibis Table
        The mart ``orders``: ``order_id``, ``system``, ``day``, ``currency``, ``contribution``, ``goods``.
    settlements : ibis Table
        ``order_id``, ``system``, ``settled_at``, ``amount``, ``currency``.
    waiting_days : int
        An unpaid order of the last days before the system's last settlement is ``waiting``.

    Returns
    -------
    ibis Table, one row per order and settlement that is not settled at nothing
        ``order_id``, ``system``, ``day``, ``currency``, ``expected``, ``settled`` (NULL: nothing was paid
        out), ``difference`` (settled - expected; money, 0 where both agree) and ``state``, one of ``STATES``:
        ``unknown`` is a settlement of an order that is not there.

    Raises
    ------
    ValueError : a column is missing.
    """
    _need(orders, ("order_id", "system", "day", "currency", "contribution", "goods"), "orders")
    _need(settlements, ("order_id", "system", "settled_at", "amount", "currency"), "settlements")
    paid = settlements.mutate(money=settlements.amount.cast("float64"))
    paid = paid.group_by(paid_order=paid.order_id).aggregate(
        paid_system=paid.system.min(),
        paid_currency=paid.currency.min(),
        paid_on=paid.settled_at.max().cast("date"),
        settled=paid.money.sum(),
    )
    last = paid.group_by(last_system=paid.paid_system).aggregate(last_paid=paid.paid_on.max())
    sold = orders.select("order_id", "system", "day", "currency", expected=orders.contribution + orders.goods)
    sold = sold.inner_join(last, sold.system == last.last_system).drop("last_system")
    both = sold.outer_join(paid, sold.order_id == paid.paid_order)
    both = both.filter(both.settled.notnull() | (both.expected.abs() > TOLERANCE))
    difference = both.settled.fill_null(0.0) - both.expected.fill_null(0.0)
    young = both.day > both.last_paid - ibis.interval(days=waiting_days)
    state = ibis.cases(
        (both.order_id.isnull(), "unknown"),
        (both.settled.isnull() & young, "waiting"),
        (both.settled.isnull(), "missing"),
        (difference.abs() <= TOLERANCE, "matched"),
        else_="different",
    )
    return both.select(
        order_id=ibis.coalesce(both.order_id, both.paid_order),
        system=ibis.coalesce(both.system, both.paid_system),
        day=ibis.coalesce(both.day, both.paid_on),
        currency=ibis.coalesce(both.currency, both.paid_currency),
        expected=both.expected,
        settled=both.settled,
        difference=ibis.ifelse(difference.abs() <= TOLERANCE, 0.0, difference),
        state=state,
    )


def totals(reconciled: ir.Table) -> ir.Table:
    """Orders and money by state, system and currency.

    Returns
    -------
    ibis Table
        ``system``, ``currency``, ``state``, ``orders``, ``expected``, ``settled``, ``difference``.
    """
    return (
        reconciled.group_by("system", "currency", "state")
        .aggregate(
            orders=reconciled.count(),
            expected=reconciled.expected.sum(),
            settled=reconciled.settled.sum(),
            difference=reconciled["difference"].sum(),
        )
        .order_by("system", "currency", "state")
    )


def _need(table: ir.Table, columns: tuple[str, ...], name: str) -> None:
    missing = sorted({*columns} - {*table.columns})
    if missing:
        raise ValueError(f"reconcile() needs {missing} in {name}; got {list(table.columns)}.")
