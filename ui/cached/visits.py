"""Who buys where, in a scope: cells of homes by store, and what each customer bought in each store."""

from __future__ import annotations

from typing import Final

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from geo import visits as who
from ui import session
from ui.cached import people, places

ROUGH: Final = ("region", "none")
"""Customers who are only known by state or not at all have no distance to a store."""

_HOME: Final = ("customer_key", "lat", "lon", "x20", "y20", "geo_precision")


@st.cache_resource(max_entries=3, show_spinner=False)
def by_customer(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pa.Table:
    """What each customer bought in each store in a scope, and where they live.

    Returns
    -------
    pyarrow Table, one row per customer and store with a purchase, by both; shared: never change it
        ``customer_key``, ``store_id``, ``orders``, ``revenue``, ``lat``, ``lon``, ``x20``, ``y20`` (null:
        not placed), ``geo_precision``.
    """
    bought = people.of_window(workspace, snapshot, scope, windows)
    homes = session.tables_of(workspace, snapshot).table("customer_summary").select(*_HOME)
    joined = who.by_customer(bought).left_join(homes, "customer_key")
    joined = joined.drop("customer_key_right").mutate(geo_precision=joined.geo_precision.fill_null("none"))
    return joined.order_by("customer_key", "store_id").to_pyarrow()


def placed(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pa.Table:
    """The rows of :func:`by_customer` whose customers have a place finer than a state."""
    return _fine(by_customer(workspace, snapshot, scope, windows))


def buyers(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pa.Table:
    """The rows of ``places.customers``, who bought by any channel, with a place finer than a state."""
    return _fine(places.customers(workspace, snapshot, scope, windows))


def _fine(table: pa.Table) -> pa.Table:
    rough = pc.is_in(table["geo_precision"], pa.array(list(ROUGH)))
    return table.filter(pc.and_(pc.is_valid(table["x20"]), pc.invert(rough)))


@st.cache_data(max_entries=32, show_spinner=False)
def visits(workspace: str, snapshot: str, scope: Scope, windows: Windows, level: int) -> pd.DataFrame:
    """Customers, orders and revenue by cell of their homes and store.

    Parameters
    ----------
    workspace, snapshot, scope, windows : the key
    level : int
        Zoom of the cells, 0 to 20.

    Returns
    -------
    DataFrame, by cell and store
        As ``geo.visits.cells``; customers known only by state are left out.
    """
    table = ibis.memtable(placed(workspace, snapshot, scope, windows))
    homes = table.select("customer_key", "lat", "lon", "x20", "y20").distinct()
    bought = table.select("customer_key", "store_id", "orders", "revenue")
    counted = who.in_cells(bought, homes, level).order_by("x", "y", "store_id")
    frame: pd.DataFrame = connection("duckdb").to_pyarrow(counted).to_pandas()
    return frame
