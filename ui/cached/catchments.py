"""Where each store's customers come from, in a scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st
from shapely.geometry import Point, mapping, shape

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from data.reference import loader
from geo import catchments as areas
from geo import decay
from geo.catchments import Catchment, Floats
from geo.travel import Unit
from ui import session
from ui.cached import travel as ways
from ui.cached import visits as who

LEVEL: Final = 14
"""Cells of about 2.4 km at the equator: as fine as customers placed by postcode allow."""

FEWEST: Final = 5
"""Fewer customers than this are not drawn by themselves."""

OUTLINE_KM: Final = 1.6
"""Half the diagonal of a cell: discs of neighbouring cells meet."""


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

    def place(self, store_id: str) -> int:
        """The column of a store."""
        return int(np.flatnonzero(self.stores["store_id"].to_numpy() == store_id)[0])


@st.cache_data(max_entries=16, show_spinner=False)
def stores(workspace: str, snapshot: str) -> pd.DataFrame:
    """Every store and competitor: ``store_id, name, lat, lon, owner, size_m2, opened_on``; by id.

    A store without a name has its id for one.
    """
    columns = ["store_id", "name", "lat", "lon", "owner", "size_m2", "opened_on"]
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("stores"):
        return pd.DataFrame(columns=columns)
    table = tables.table("stores")
    known = [name for name in columns if name in table.columns]
    frame = table.select(*known).order_by("store_id").to_pyarrow().to_pandas()
    frame = frame.reindex(columns=columns)
    frame["owner"] = frame["owner"].fillna("own")
    frame["name"] = frame["name"].replace("", None).fillna(frame["store_id"])
    for name in ("lat", "lon", "size_m2"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    result: pd.DataFrame = frame
    return result


@st.cache_resource(max_entries=4, show_spinner=False)
def ground(workspace: str, snapshot: str, scope: Scope, windows: Windows, version: str) -> Ground:
    """Cells of the customers' homes by own store with a place; shared: never change it.

    Stores that sold to nobody with a place are left out; the largest by sales comes first.
    """
    found = who.visits(workspace, snapshot, scope, windows, LEVEL)
    known = stores(workspace, snapshot)
    own = known[(known["owner"] != "competitor") & known["lat"].notna() & known["lon"].notna()]
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


def shown(here: Ground, store_id: str, rule: Rule, found: Catchment) -> dict[str, Any] | None:
    """The outline of a catchment as GeoJSON; islands of fewer than ``FEWEST`` customers are left out.

    A radius in kilometres is its circle.
    """
    j = here.place(store_id)
    store = here.stores.iloc[j]
    if rule.kind == "radius" and here.label == "straight":
        wide = areas.KM_PER_DEGREE * max(np.cos(np.radians(store["lat"])), 0.01)
        angle = np.linspace(0, 2 * np.pi, 73)
        ring = np.column_stack(
            (
                store["lon"] + rule.value / wide * np.cos(angle),
                store["lat"] + rule.value / areas.KM_PER_DEGREE * np.sin(angle),
            )
        )
        return {"type": "Polygon", "coordinates": [ring.round(5).tolist()]}
    mine = found.inside & (here.customers[:, j] > 0)
    cells = here.cells[mine]
    drawn = areas.outline(cells["lat"], cells["lon"], OUTLINE_KM)
    if drawn is None:
        return None
    whole: Any = shape(drawn)
    homes = [Point(xy) for xy in zip(cells["lon"], cells["lat"], strict=True)]
    people = here.customers[mine, j]
    parts = list(whole.geoms) if whole.geom_type == "MultiPolygon" else [whole]
    kept = [
        part
        for part in parts
        if sum(n for home, n in zip(homes, people, strict=True) if part.covers(home)) >= FEWEST
    ]
    if not kept:
        return None
    made: dict[str, Any] = (
        mapping(kept[0])
        if len(kept) == 1
        else {
            "type": "MultiPolygon",
            "coordinates": [mapping(part)["coordinates"] for part in kept],
        }
    )
    return made


def flows(here: Ground, store_id: str, level: int, most: int = 120) -> pd.DataFrame:
    """Who comes to a store from where, by coarser cells of at least ``FEWEST`` customers.

    Returns
    -------
    DataFrame, the most sales first
        ``lat, lon, customers, orders, revenue, cost``.
    """
    j = here.place(store_id)
    shift = LEVEL - level
    frame = pd.DataFrame(
        {
            "x": here.cells["x"].to_numpy() >> shift,
            "y": here.cells["y"].to_numpy() >> shift,
            "customers": here.customers[:, j],
            "orders": here.orders[:, j],
            "revenue": here.revenue[:, j],
        }
    )
    for name, values in (("lat", here.cells["lat"]), ("lon", here.cells["lon"]), ("cost", here.cost[:, j])):
        frame[name] = np.asarray(values, dtype=float) * here.customers[:, j]
    summed = frame[frame["customers"] > 0].groupby(["x", "y"], as_index=False).sum()
    for name in ("lat", "lon", "cost"):
        summed[name] /= summed["customers"]
    summed = summed[(summed["customers"] >= FEWEST) & (summed["revenue"] > 0)]
    return summed.sort_values("revenue", ascending=False, ignore_index=True).head(most)


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
                "name": store.name or store.store_id,
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
    known = stores(workspace, snapshot)
    own = known[(known["owner"] != "competitor") & known["lat"].notna() & known["lon"].notna()]
    if own.empty:
        return pd.DataFrame(columns=["store_id", "band", "customers", "orders", "revenue", "km"])
    at = ibis.memtable(
        pd.DataFrame(
            {"store_id": own["store_id"], "store_lat": own["lat"], "store_lon": own["lon"]}
        ).reset_index(drop=True)
    )
    counted = decay.bands(decay.with_distance(table, at)).order_by("store_id", "band")
    frame: pd.DataFrame = connection("duckdb").to_pyarrow(counted).to_pandas()
    return frame


@st.cache_data(max_entries=32, show_spinner=False)
def people_near(workspace: str, snapshot: str, store_id: str, country: str) -> list[float] | None:
    """Inhabitants of towns by band around a store, from the shipped towns; None without any."""
    known = stores(workspace, snapshot)
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
