"""Where each store's customers come from, in a scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from data.reference import loader
from geo import catchments as areas
from geo import decay
from geo.catchments import Catchment, Floats
from geo.travel import Unit
from ui.cached import store_list
from ui.cached import travel as ways
from ui.cached import visits as who

LEVEL: Final = 14
"""Cells of about 2.4 km at the equator: as fine as customers placed by postcode allow."""

FEWEST: Final = 5
"""Fewer customers than this are not drawn by themselves."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What counts as a store's catchment.

    ``kind``: ``share`` (those who come; ``order`` nearest or densest first), ``radius`` (within
    ``value`` of the unit of the ways) or ``nearest`` (no own store is nearer).
    """

    kind: str = "share"
    value: float = 0.8
    order: str = "nearest"


@dataclass(frozen=True)
class Ground:
    """Cells by store: ``cells`` (n rows: ``x, y, lat, lon``), the rest (n, m) for ``stores`` (m rows)."""

    cells: pd.DataFrame
    stores: pd.DataFrame
    customers: Floats
    orders: Floats
    revenue: Floats
    cost: Floats
    unit: Unit
    label: str
    floor: float
    given: float

    @property
    def names(self) -> dict[str, str]:
        """Of each store, by its id."""
        return dict(zip(self.stores["store_id"], self.stores["name"], strict=True))

    def place(self, store_id: str) -> int:
        """The column of a store."""
        return int(np.flatnonzero(self.stores["store_id"].to_numpy() == store_id)[0])


@st.cache_resource(max_entries=4, show_spinner=False)
def ground(workspace: str, snapshot: str, scope: Scope, windows: Windows, version: str) -> Ground:
    """Cells of the customers' homes by own store with a place; shared: never change it.

    Stores that sold to nobody with a place are left out; the largest by sales comes first.
    """
    found = who.visits(workspace, snapshot, scope, windows, LEVEL)
    own = store_list.own(workspace, snapshot)
    sold = found.groupby("store_id")["revenue"].sum().rename("sold").reset_index()
    own = own.merge(sold, on="store_id").sort_values(["sold", "store_id"], ascending=[False, True])
    own = own.reset_index(drop=True)
    found = found[found["store_id"].isin(own["store_id"])]
    cells = found[["x", "y", "lat", "lon"]].drop_duplicates(["x", "y"]).reset_index(drop=True)
    row = found.merge(cells.reset_index(names="row")[["x", "y", "row"]], on=["x", "y"])
    at = row["row"].to_numpy(), pd.Index(own["store_id"]).get_indexer(row["store_id"])
    matrices = []
    for name in ("customers", "orders", "revenue"):
        matrix = np.zeros((len(cells), len(own)))
        matrix[at] = row[name].to_numpy(float)
        matrices.append(matrix)
    way = ways.travel(workspace, version)
    cost = way.cost(cells["lat"].to_numpy(float), cells["lon"].to_numpy(float), own)
    given = way.share_given(cells["lat"].to_numpy(float), cells["lon"].to_numpy(float), own)
    customers, orders, revenue = matrices
    return Ground(cells, own, customers, orders, revenue, cost, way.unit, way.label, way.floor, given)


def catchment(here: Ground, store_id: str, rule: Rule) -> Catchment:
    """The catchment of a store by sales."""
    j = here.place(store_id)
    if rule.kind == "radius":
        return areas.by_cost(here.revenue[:, j], here.cost[:, j], rule.value)
    if rule.kind == "nearest":
        return areas.by_nearest(here.revenue[:, j], here.cost, j)
    order: areas.Order = "densest" if rule.order == "densest" else "nearest"
    return areas.by_share(here.revenue[:, j], here.cost[:, j], rule.value, order)


@dataclass(frozen=True, slots=True)
class Whole:
    """All own stores together.

    Ways that hold half and four fifths of the sales, and shares: of the sales from cells with no own
    store nearer, of the customers who buy in two stores or more, of the customers with a place. None
    where nothing was sold.
    """

    half: float | None
    most: float | None
    nearest: float | None
    several: float | None
    placed: float | None


@st.cache_data(max_entries=32, show_spinner=False)
def whole(workspace: str, snapshot: str, scope: Scope, windows: Windows, version: str) -> Whole:
    """How far the customers of all own stores come."""
    here = ground(workspace, snapshot, scope, windows, version)
    half, most = (decay.median_km(here.cost.ravel(), here.revenue.ravel(), share) for share in (0.5, 0.8))
    table = by_store(workspace, snapshot, scope, windows, version)
    sold = float(table["revenue"].sum())
    everyone = who.by_customer(workspace, snapshot, scope, windows)
    stores = np.unique(everyone["customer_key"].to_numpy(), return_counts=True)[1]
    placed = pc.count_distinct(who.placed(workspace, snapshot, scope, windows)["customer_key"]).as_py()
    return Whole(
        half,
        most,
        float((table["nearest"] * table["revenue"]).sum()) / sold if sold > 0 else None,
        float((stores > 1).mean()) if len(stores) else None,
        placed / len(stores) if len(stores) else None,
    )


@st.cache_data(max_entries=32, show_spinner=False)
def by_store(workspace: str, snapshot: str, scope: Scope, windows: Windows, version: str) -> pd.DataFrame:
    """One row per own store, the largest first.

    Returns
    -------
    DataFrame
        ``store_id, name, customers, revenue, half`` (median way of its sales), ``most`` (way that holds
        80%), ``nearest`` (share of its sales from cells with no own store nearer).
    """
    here = ground(workspace, snapshot, scope, windows, version)
    rows = []
    for j, store in enumerate(here.stores.itertuples()):
        revenue, cost = here.revenue[:, j], here.cost[:, j]
        rows.append(
            {
                "store_id": store.store_id,
                "name": store.name,
                "customers": int(here.customers[:, j].sum()),
                "revenue": float(revenue.sum()),
                "half": decay.median_km(cost, revenue, 0.5),
                "most": decay.median_km(cost, revenue, 0.8),
                "nearest": areas.by_nearest(revenue, here.cost, j).share,
            }
        )
    return pd.DataFrame(rows)


@st.cache_data(max_entries=32, show_spinner=False)
def bands(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pd.DataFrame:
    """Customers, orders and revenue by own store and band of straight-line distance.

    Returns
    -------
    DataFrame
        As ``geo.decay.bands``; ``km`` summed over customers.
    """
    table = ibis.memtable(who.placed(workspace, snapshot, scope, windows))
    own = store_list.own(workspace, snapshot)
    if own.empty:
        return pd.DataFrame(columns=["store_id", "band", "customers", "orders", "revenue", "km"])
    at = own[["store_id", "lat", "lon"]].rename(columns={"lat": "store_lat", "lon": "store_lon"})
    counted = decay.bands(decay.with_distance(table, ibis.memtable(at))).order_by("store_id", "band")
    frame: pd.DataFrame = connection("duckdb").to_pyarrow(counted).to_pandas()
    return frame


@st.cache_data(max_entries=32, show_spinner=False)
def people_near(workspace: str, snapshot: str, store_id: str, country: str) -> list[float] | None:
    """Inhabitants of towns by band around a store, from the shipped towns; None without any."""
    known = store_list.every(workspace, snapshot)
    store = known[known["store_id"] == store_id]
    towns = loader.towns()
    towns = towns[(towns["country"] == country) & (towns["population"] > 0)]
    if store.empty or towns.empty:
        return None
    row = store.iloc[0]
    counted = decay.people_by_band(float(row["lat"]), float(row["lon"]), towns)
    return [float(value) for value in counted]


@st.cache_data(max_entries=32, show_spinner=False)
def shared(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pd.DataFrame:
    """Customers who buy in two stores: ``store_id, other_id, customers, revenue``, by pair that has any."""
    table = who.by_customer(workspace, snapshot, scope, windows)
    counted = areas.shared_customers(ibis.memtable(table.select(["customer_key", "store_id", "revenue"])))
    ordered = counted.order_by("store_id", "other_id")
    frame: pd.DataFrame = connection("duckdb").to_pyarrow(ordered).to_pandas()
    return frame


@st.cache_data(max_entries=32, show_spinner=False)
def overlaps(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, version: str, share: float
) -> pd.DataFrame:
    """Share of each store's sales that lies in the nearest-first catchment of each other one.

    Returns
    -------
    DataFrame
        ``store_id, other_id, share``; every pair of two stores.
    """
    here = ground(workspace, snapshot, scope, windows, version)
    inside = np.column_stack(
        [catchment(here, store, Rule(value=share)).inside for store in here.stores["store_id"]]
        or [np.zeros((len(here.cells), 0), dtype=bool)]
    )
    found = areas.overlap(inside, here.revenue)
    ids = here.stores["store_id"].tolist()
    rows = [
        {"store_id": one, "other_id": other, "share": float(found[i, j])}
        for i, one in enumerate(ids)
        for j, other in enumerate(ids)
        if i != j
    ]
    return pd.DataFrame(rows, columns=["store_id", "other_id", "share"])


@dataclass(frozen=True, slots=True)
class InCatchment:
    """The customers of a store who live in its catchment, as a list of customers asks for them."""

    store_id: str
    rule: Rule
    version: str
    of: str = "InCatchment"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """Their ``customer_key``."""
        here = ground(workspace, snapshot, scope, windows, self.version)
        table = who.placed(workspace, snapshot, scope, windows)
        table = table.filter(pc.equal(table["store_id"], self.store_id))
        found = catchment(here, self.store_id, self.rule)
        cells = here.cells[found.inside]
        wide = 1 << 21
        inside = pa.array(cells["x"].to_numpy(np.int64) * wide + cells["y"].to_numpy(np.int64))
        shift = 20 - LEVEL
        x, y = (table[name].to_numpy().astype(np.int64) >> shift for name in ("x20", "y20"))
        keys = table.filter(pc.is_in(pa.array(x * wide + y), inside)).select(["customer_key"])
        return ibis.memtable(keys)
