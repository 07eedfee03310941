"""The demand of a scope in cells: customers, visits, revenue, margin, or the value that is foreseen."""

from __future__ import annotations

from typing import Final, Literal, get_args

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from geo import demand as gathered
from geo.demand import Demand
from ui.cached import forecast, people, places

Weight = Literal["customers", "orders", "revenue", "margin", "value"]
WEIGHTS: Final[tuple[Weight, ...]] = get_args(Weight)

FINEST: Final = 14
"""Level of the cells that are kept (about 2.4 km at the equator); coarser ones are made of them."""


def weights_offered(workspace: str, snapshot: str, currency: str | None = None) -> tuple[Weight, ...]:
    """What demand can be measured by: ``value`` only where a forecast was computed and may be used."""
    known = forecast.scored(workspace, snapshot, forecast.Asked(currency=currency)) is not None
    return WEIGHTS if known else WEIGHTS[:-1]


@st.cache_resource(max_entries=6, show_spinner=False)
def weighted(workspace: str, snapshot: str, scope: Scope, windows: Windows, weight: Weight) -> pa.Table:
    """The customers of a scope with what each counts for.

    Returns
    -------
    pyarrow Table, one row per customer, by key; shared: never change it
        ``customer_key``, ``lat``, ``lon``, ``x20``, ``y20`` (null: not placed), ``weight`` (>= 0).

    Raises
    ------
    ValueError : value is asked for and there is no forecast that may be used.
    """
    if weight not in WEIGHTS:
        raise ValueError(f"weighted() needs one of {list(WEIGHTS)}; got {weight!r}.")
    everyone = places.customers(workspace, snapshot, scope, windows)
    table = ibis.memtable(everyone)
    if weight in ("customers", "orders", "revenue"):
        table = table.mutate(weight=ibis.literal(1.0) if weight == "customers" else table[weight])
    else:
        known = ibis.memtable(_each(workspace, snapshot, scope, windows, weight))
        table = table.left_join(known, "customer_key").drop("customer_key_right")
    table = table.select(
        "customer_key",
        "lat",
        "lon",
        "x20",
        "y20",
        weight=ibis.greatest(table.weight.cast("float64").fill_null(0.0), 0.0),
    )
    return connection("duckdb").to_pyarrow(table.order_by("customer_key"))


def _each(workspace: str, snapshot: str, scope: Scope, windows: Windows, weight: Weight) -> pa.Table:
    """``customer_key`` and ``weight``, from the engine that holds the marts."""
    found: ir.Table
    if weight == "margin":
        found = people.per_customer(workspace, snapshot, scope, windows, whole=False)
        return found.select("customer_key", weight=found.margin.cast("float64")).to_pyarrow()
    asked = forecast.Asked(currency=scope.currency)
    if forecast.scored(workspace, snapshot, asked) is None:
        raise ValueError(
            "Demand by value needs a forecast that was computed and may be used; there is none. Compute it "
            "on the page Value, or weigh by revenue."
        )
    found = forecast.valued(workspace, snapshot, scope, windows, asked, 0.0)
    return found.select("customer_key", weight=found.value.cast("float64")).to_pyarrow()


@st.cache_resource(max_entries=12, show_spinner=False)
def _finest(workspace: str, snapshot: str, scope: Scope, windows: Windows, weight: Weight) -> Demand:
    everyone = ibis.memtable(weighted(workspace, snapshot, scope, windows, weight))
    found = connection("duckdb").to_pandas(gathered.cells(everyone, FINEST, "weight"))
    return gathered.demand_of(found, FINEST)


def demand(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, weight: Weight, level: int
) -> Demand:
    """Demand by cell.

    Parameters
    ----------
    workspace, snapshot, scope, windows : the key
    weight : {"customers", "orders", "revenue", "margin", "value"}
        What counts: heads, visits in the scope, money spent there, its margin, or the value foreseen.
    level : int
        Zoom of the cells, 0 to ``FINEST``.

    Returns
    -------
    Demand
        Cells in the order of their rows and columns; shared: never change its arrays.

    Raises
    ------
    ValueError : a weight or level that is not offered, or no forecast for ``value``.
    """
    return gathered.coarser(_finest(workspace, snapshot, scope, windows, weight), level)
