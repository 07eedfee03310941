"""What the customers of a place are worth: the figures beside the map, the same for a place and the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

COLUMNS: Final = ("customer_key", "orders", "revenue", "is_new", "lifecycle")
"""What :func:`summarise` needs of a table of customers."""


@dataclass(frozen=True)
class PlaceSummary:
    """The customers of a place in a window.

    ``average_order`` is None where there was no purchase. ``segments`` pairs each lifecycle code with
    its customers, ``categories`` each category (None: not known) with its revenue, the largest first.
    """

    customers: int
    new: int
    orders: int
    revenue: float
    segments: tuple[tuple[str, int], ...] = ()
    categories: tuple[tuple[str | None, float], ...] = ()

    @property
    def average_order(self) -> float | None:
        return self.revenue / self.orders if self.orders else None

    @property
    def new_share(self) -> float | None:
        return self.new / self.customers if self.customers else None

    def segment_share(self, code: str) -> float | None:
        """Share of the customers in a lifecycle group (0..1), None where there are none."""
        return dict(self.segments).get(code, 0) / self.customers if self.customers else None

    def category_share(self, category: str | None) -> float | None:
        """Share of the revenue of all categories (0..1), None where it does not add up to more than 0."""
        total = sum(amount for _, amount in self.categories)
        return dict(self.categories).get(category, 0.0) / total if total > 0 else None


def summarise(
    customers: ir.Table,
    spending: ir.Table | None = None,
    segments: Sequence[str] = (),
    run: Callable[[ir.Table], pa.Table] = ir.Table.to_pyarrow,
) -> PlaceSummary:
    """Sum up a set of customers.

    Parameters
    ----------
    customers : ibis Table, one row per customer
        ``customer_key``, ``orders`` (purchases in the window), ``revenue`` (in the window, one
        currency), ``is_new`` (first purchase in the window), ``lifecycle``.
    spending : ibis Table, optional
        ``customer_key``, ``category``, ``amount``: what everyone spent in the window, by category.
    segments : sequence of str
        Lifecycle codes, in the order they are shown; each is counted, also when nobody is in it.
    run : callable
        Runs an expression over ``customers``: give the thread's own connection when they are in memory.

    Returns
    -------
    PlaceSummary

    Raises
    ------
    ValueError : a column is missing.
    """
    missing = sorted(set(COLUMNS) - set(customers.columns))
    if missing:
        raise ValueError(f"summarise() needs {missing}; the table has {list(customers.columns)}.")
    counted = {
        f"segment_{i}": (customers.lifecycle == code).cast("int32").sum() for i, code in enumerate(segments)
    }
    aggregated = customers.aggregate(
        customers=customers.count(),
        new=customers.is_new.cast("int32").sum(),
        orders=customers.orders.sum(),
        revenue=customers.revenue.sum(),
        **counted,
    )
    totals: dict[str, Any] = run(aggregated).to_pylist()[0]
    return PlaceSummary(
        customers=int(totals["customers"]),
        new=int(totals["new"] or 0),
        orders=int(totals["orders"] or 0),
        revenue=float(totals["revenue"] or 0.0),
        segments=tuple((code, int(totals[f"segment_{i}"] or 0)) for i, code in enumerate(segments)),
        categories=() if spending is None else _categories(customers, spending),
    )


def _categories(customers: ir.Table, spending: ir.Table) -> tuple[tuple[str | None, float], ...]:
    theirs = spending.semi_join(customers.select("customer_key"), "customer_key")
    summed = theirs.group_by("category").aggregate(amount=theirs.amount.sum())
    ordered = summed.order_by(ibis.desc("amount"), "category")
    return tuple((row["category"], float(row["amount"])) for row in ordered.to_pyarrow().to_pylist())
