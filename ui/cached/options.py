"""What the filter bar can offer: the values and the days a snapshot knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from analytics.scope import Scope, within
from data.engines import Tables
from ui import session


@dataclass(frozen=True, slots=True)
class Options:
    """Known values of a snapshot, those with most orders first; ``""`` stands for "not known".

    ``stores`` pairs each store id with its name (the id again where it has none), ``audiences`` the
    id of each saved audience with its name; those are of the workspace, not of a snapshot.
    ``customers`` have a purchase, ``staff`` of them are the merchant's own.
    """

    first_day: date
    as_of: date
    customers: int
    regions: tuple[str, ...]
    stores: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    currencies: tuple[str, ...]
    audiences: tuple[tuple[str, str], ...] = ()
    staff: int = 0


def options(workspace: str, snapshot: str) -> Options | None:
    """The values and days of one snapshot, of all its customers; None when it holds no order.

    Parameters
    ----------
    workspace, snapshot : str
        The key of the cache: a snapshot never changes.
    """
    return _options(workspace, session.whole(snapshot))


@st.cache_data(max_entries=32, show_spinner=False)
def _options(workspace: str, snapshot: str) -> Options | None:
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("daily"):
        return None
    daily = tables.table("daily")
    span = daily.aggregate(first=daily.day.min(), last=daily.day.max()).to_pyarrow().to_pylist()[0]
    if span["last"] is None:
        return None
    customers, staff = _customers(tables)
    return Options(
        first_day=span["first"],
        as_of=span["last"],
        customers=customers,
        staff=staff,
        regions=_values(tables, "daily", "region_code"),
        stores=_stores(tables),
        channels=_values(tables, "daily", "channel"),
        categories=_values(tables, "daily_category", "category"),
        kinds=_values(tables, "daily", "kind"),
        currencies=tuple(v for v in _values(tables, "daily", "currency") if v),
    )


@st.cache_data(max_entries=256, show_spinner=False)
def has_orders(workspace: str, snapshot: str, scope: Scope) -> bool:
    """Whether any order passes the filters (segments aside: they need every order to tell)."""
    tables = session.tables_of(workspace, snapshot)
    if session.whole(snapshot) == snapshot:
        mart = tables.table("daily_category" if scope.categories else "daily")
    else:  # an audience's sums are added up from its orders, which can be asked at once
        mart = tables.table("order_categories" if scope.categories else "orders")
    left = within(mart, replace(scope, segments=()))
    return bool(left.limit(1).count().to_pyarrow().as_py())


def _customers(tables: Tables) -> tuple[int, int]:
    """Customers with a purchase, and how many of them are staff."""
    if not tables.has("customer_summary"):
        return 0, 0
    summary = tables.table("customer_summary")
    bought = summary.filter(summary.orders > 0)
    found = bought.aggregate(n=bought.count(), staff=(bought.kind == "internal").cast("int64").sum())
    row = found.to_pyarrow().to_pylist()[0]
    return int(row["n"] or 0), int(row["staff"] or 0)


def _values(tables: Tables, mart: str, column: str) -> tuple[str, ...]:
    if not tables.has(mart):
        return ()
    table = tables.table(mart)
    counted = table.group_by(column).aggregate(n=table.orders.sum()).to_pyarrow().to_pylist()
    counted.sort(key=lambda row: (-(row["n"] or 0), row[column] or ""))
    return tuple(row[column] or "" for row in counted)


def _stores(tables: Tables) -> tuple[tuple[str, str], ...]:
    names: dict[str, str] = {}
    if tables.has("stores"):
        stores = tables.table("stores")
        for row in stores.select("store_id", "name").to_pyarrow().to_pylist():
            names[row["store_id"]] = row["name"] or row["store_id"]
    return tuple((value, names.get(value, value)) for value in _values(tables, "daily", "store_id"))
