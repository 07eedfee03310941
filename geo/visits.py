"""Who buys where: square cells of the customers' homes, by store."""

from __future__ import annotations

from typing import Final

import ibis.expr.types as ir

from geo.cells import FINEST_ZOOM

ORDERS: Final = ("customer_key", "store_id", "is_purchase", "amount")
CUSTOMERS: Final = ("customer_key", "lat", "lon", "x20", "y20")


def cells(orders: ir.Table, customers: ir.Table, level: int) -> ir.Table:
    """Customers, orders and revenue by cell and store.

    Parameters
    ----------
    orders : ibis Table, one row per order
        ``customer_key``, ``store_id`` (null: sold without a store, left out), ``is_purchase``, ``amount``
        (one currency; returns lower the revenue of their cell).
    customers : ibis Table, one row per customer
        ``customer_key``, ``lat``, ``lon``, ``x20``, ``y20`` (null: no place, left out).
    level : int
        Zoom of the web-mercator grid, 0 to 20.

    Returns
    -------
    ibis Table, one row per cell and store with a purchase
        ``x``, ``y`` (cell), ``store_id``, ``customers``, ``orders``, ``revenue``, and ``lat``, ``lon``:
        the mean home of the cell's customers, the same for every store.

    Raises
    ------
    ValueError : a column is missing, or the level is outside its limits.
    """
    _check(orders, ORDERS)
    return in_cells(by_customer(orders), customers, level)


def in_cells(bought: ir.Table, customers: ir.Table, level: int) -> ir.Table:
    """As :func:`cells`, from what each customer bought in each store.

    Parameters
    ----------
    bought : ibis Table, one row per customer and store
        As :func:`by_customer` gives it.
    customers : ibis Table, one row per customer
    level : int

    Raises
    ------
    ValueError : as :func:`cells`.
    """
    if not 0 <= level <= FINEST_ZOOM:
        raise ValueError(f"cells() needs a level from 0 to {FINEST_ZOOM}; got {level}.")
    _check(customers, CUSTOMERS)
    shift = FINEST_ZOOM - level
    homes = customers.filter(customers.x20.notnull(), customers.y20.notnull())
    homes = homes.select(
        "customer_key", "lat", "lon", x=homes.x20 // (1 << shift), y=homes.y20 // (1 << shift)
    )
    joined = bought.inner_join(homes, "customer_key")
    people = homes.semi_join(bought, "customer_key")
    middle = people.group_by("x", "y").aggregate(lat=people.lat.mean(), lon=people.lon.mean())
    counted = joined.group_by("x", "y", "store_id").aggregate(
        customers=joined.count(), orders=joined.orders.sum(), revenue=joined.revenue.sum()
    )
    return counted.inner_join(middle, ["x", "y"]).select(
        "x", "y", "lat", "lon", "store_id", "customers", "orders", "revenue"
    )


def by_customer(orders: ir.Table) -> ir.Table:
    """What each customer bought in each store.

    Parameters
    ----------
    orders : as for :func:`cells`

    Returns
    -------
    ibis Table, one row per customer and store with a purchase
        ``customer_key``, ``store_id``, ``orders``, ``revenue``.
    """
    known = orders.filter(orders.customer_key.notnull(), orders.store_id.notnull())
    summed = known.group_by("customer_key", "store_id").aggregate(
        orders=known.is_purchase.cast("int32").sum(), revenue=known.amount.sum()
    )
    return summed.filter(summed.orders > 0)


def _check(table: ir.Table, needed: tuple[str, ...]) -> None:
    missing = sorted(set(needed) - set(table.columns))
    if missing:
        raise ValueError(f"cells() needs {missing}; the table has {list(table.columns)}.")
