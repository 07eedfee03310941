"""What the filter bar says, as one frozen value, and how it narrows the marts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from analytics.lifecycle import CODES as LIFECYCLE_CODES
from analytics.lifecycle import Windows, assign

DEFAULT_KINDS: Final = ("external", "reseller", "unidentified")
"""Whose orders count unless asked otherwise: staff is left out."""

MISSING: Final = ""
"""In a tuple of wanted values this stands for rows where the column is empty."""

FACT_COLUMNS: Final = (
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
    "amount",
    "margin",
    "quantity",
)
"""The columns of :func:`facts`, whatever the filters."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which orders a page is about. An empty tuple means all; ``start`` and ``end`` are included.

    Parameters
    ----------
    start, end : date
        First and last business day.
    region_codes, store_ids, channels, categories : tuple of str
        Values wanted; ``""`` stands for rows without a value.
    kinds : tuple of str
        ``external``, ``reseller``, ``internal``, ``unidentified``; staff is left out by default.
    segments : tuple of str
        Lifecycle codes as of ``end``. Sales without a customer have none and drop out.
    currency : str or None
        ISO 4217; two currencies are never added up, so a page about money sets it.

    Raises
    ------
    ValueError : the window ends before it starts, or a segment is not a lifecycle code.
    """

    start: date
    end: date
    region_codes: tuple[str, ...] = ()
    store_ids: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = DEFAULT_KINDS
    segments: tuple[str, ...] = ()
    currency: str | None = None

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"A scope needs start <= end; got {self.start} to {self.end}.")
        unknown = sorted(set(self.segments) - set(LIFECYCLE_CODES))
        if unknown:
            raise ValueError(f"segments takes {list(LIFECYCLE_CODES)}; got {unknown}.")

    @property
    def days(self) -> int:
        """Number of days in the window."""
        return (self.end - self.start).days + 1

    @property
    def narrows_customers_only(self) -> bool:
        """True where only dates, kind and region narrow it: attributes of the customer.

        The marts by customer (``customer_summary``, ``customer_month``, ``cohorts``) can then
        answer; any other filter needs the orders.
        """
        return not (self.store_ids or self.channels or self.categories or self.segments or self.currency)

    @property
    def is_additive(self) -> bool:
        """True where the ``daily`` mart can answer: no category and no segment filter."""
        return not (self.categories or self.segments)

    def moved_to(self, start: date, end: date) -> Scope:
        """Return the same filters over other days."""
        return replace(self, start=start, end=end)


def matching(table: ir.Table, scope: Scope) -> ir.Table:
    """Rows that pass every filter of the scope except its dates and its segments.

    Parameters
    ----------
    table : ibis Table
        A mart with the columns the scope filters on.

    Returns
    -------
    ibis Table, the same columns.

    Raises
    ------
    ValueError : the scope filters on a column the table does not have.
    """
    condition = matches(table, scope)
    return table if condition is None else table.filter(condition)


def matches(table: ir.Table, scope: Scope) -> ir.BooleanValue | None:
    """Return the condition of :func:`matching`, or None where nothing is asked.

    Raises
    ------
    ValueError : the scope filters on a column the table does not have.
    """
    wanted = {
        "region_code": scope.region_codes,
        "store_id": scope.store_ids,
        "channel": scope.channels,
        "category": scope.categories,
        "kind": scope.kinds,
        "currency": (scope.currency,) if scope.currency else (),
    }
    wanted = {column: values for column, values in wanted.items() if values}
    missing = sorted(set(wanted) - set(table.columns))
    if missing:
        raise ValueError(
            f"The scope filters on {missing}, which this table lacks; it has "
            f"{list(table.columns)}. Use facts() for categories."
        )
    conditions = [_is_one_of(table[column], values) for column, values in wanted.items()]
    return ibis.and_(*conditions) if conditions else None


def within(table: ir.Table, scope: Scope) -> ir.Table:
    """Rows of a mart with a ``day`` that pass the filters and lie in the window.

    For ``orders``, ``daily`` and their kind. Categories need :func:`facts` unless the table has
    a ``category``; segments always do.

    Raises
    ------
    ValueError : the scope filters on segments, or on a column the table does not have.
    """
    if scope.segments:
        raise ValueError("within() cannot filter on segments; use facts().")
    return _between(matching(table, scope), scope.start, scope.end)


def whole_histories(
    orders: ir.Table, customer_summary: ir.Table, scope: Scope, *, anybody_without: bool = True
) -> ir.Table:
    """All orders of every customer whom the regions of a scope can hold, and perhaps of some others.

    The region of a customer is that of each of their orders; only where it is not known do orders have the
    store's. So a lifecycle, which follows from all orders of a customer, need not read the other regions.

    Parameters
    ----------
    orders, customer_summary : ibis Table
        The marts of those names.
    scope : Scope
        Only its regions matter here; without any all orders are returned.
    anybody_without : bool
        Whether some customers have no region; False spares asking who they are.

    Returns
    -------
    ibis Table, the columns of ``orders``.
    """
    if not scope.region_codes:
        return orders
    here = _is_one_of(orders.region_code, scope.region_codes)
    if anybody_without:
        without = customer_summary.filter(customer_summary.region_code.isnull())
        here = here | orders.customer_key.isin(without.customer_key)
    return orders.filter(here)


def facts(
    orders: ir.Table,
    order_categories: ir.Table,
    scope: Scope,
    *,
    windows: Windows | None = None,
    history: bool = False,
) -> ir.Table:
    """Return the orders of a scope, one row per order, also under category and segment filters.

    Under a category filter ``amount``, ``margin`` and ``quantity`` are those of the wanted
    categories, and ``nth`` is still the customer's n-th purchase over all categories.

    Parameters
    ----------
    orders, order_categories : ibis Table
        The marts of those names.
    windows : Windows, optional
        How the lifecycle is told, for ``scope.segments``; as of ``scope.end``, over all the
        customer's purchases whatever the other filters say.
    history : bool
        Leave the start open: everything up to ``scope.end``. Retention, lifecycle and cohorts
        need what lies before the window.

    Returns
    -------
    ibis Table with ``FACT_COLUMNS``, one row per order.
    """
    source = _by_category(order_categories, scope) if scope.categories else orders
    table = matching(source, replace(scope, categories=(), segments=()))
    table = _between(table, None if history else scope.start, scope.end)
    table = table.select(*FACT_COLUMNS)
    if scope.segments:
        assigned = assign(orders, scope.end, windows or Windows())
        wanted = assigned.filter(assigned.lifecycle.isin(scope.segments))
        table = table.semi_join(wanted, "customer_key")
    return table


def currencies(orders: ir.Table) -> ir.Table:
    """Return the currencies of the data with their orders, the most used first.

    Returns
    -------
    ibis Table, one row per currency: ``currency``, ``orders``.
    """
    counted = orders.group_by("currency").aggregate(orders=orders.count())
    return counted.order_by(ibis.desc("orders"), "currency")


def _is_one_of(column: ir.Column, values: tuple[str, ...]) -> ir.BooleanValue:
    known = [value for value in values if value != MISSING]
    condition = column.isin(known) if known else ibis.literal(value=False)
    return condition | column.isnull() if MISSING in values else condition


def _between(table: ir.Table, start: date | None, end: date) -> ir.Table:
    table = table.filter(table.day <= ibis.literal(end))
    return table if start is None else table.filter(table.day >= ibis.literal(start))


def _by_category(order_categories: ir.Table, scope: Scope) -> ir.Table:
    """One row per order, with the money of the wanted categories only."""
    kept = order_categories.filter(_is_one_of(order_categories.category, scope.categories))
    if len(scope.categories) == 1:
        return kept.select(*FACT_COLUMNS)
    sums = ("amount", "margin", "quantity")
    same_for_the_order = [column for column in FACT_COLUMNS if column not in ("order_key", *sums)]
    return kept.group_by("order_key").aggregate(
        **{column: kept[column].arbitrary() for column in same_for_the_order},
        **{column: kept[column].sum() for column in sums},
    )
