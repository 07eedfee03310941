"""Questions of the customer map, by workspace, snapshot and scope.

The customers of a scope are found once (that groups every order) and kept as one Arrow table, shared by
all sessions and never changed; the cells of a view, a region or a drawn area are expressions over it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from analytics.lifecycle import CODES, Windows
from analytics.scope import Scope, within
from charts.maps.base import Box
from data.engines import Tables, connection
from data.reference import loader
from geo import hexagons
from geo import place_cells as grid
from geo.distance import nearest
from geo.place_cells import Window
from geo.place_summary import PlaceSummary, summarise
from geo.regions import polygon_codes
from geo.selection import select
from ui import session
from ui.cached import people, store_list
from ui.cached.region_names import names
from ui.components.map_state import Selection

FEWEST: Final = 5
"""A smaller group is merged or hidden while the privacy switch is on."""

MAX_CELLS: Final = 2_000
TOWN_SIZE: Final = 10_000
"""Inhabitants from which a town names the places around it."""

NEARBY: Final = 2.0
"""Degrees around the view in which a town is looked for, before all the world is."""

BASEMAP: Final = Path(__file__).resolve().parent.parent / "static" / "maps" / "basemap.json"

_PLACE: Final = ("lat", "lon", "x20", "y20", "region_code", "geo_precision")


@dataclass(frozen=True)
class Placing:
    """How the customers of a scope got onto the map: customers by ``geo_precision``, the most first."""

    customers: int
    placed: int
    by_precision: tuple[tuple[str, int], ...]


@st.cache_resource(max_entries=3, show_spinner=False)
def customers(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pa.Table:
    """The customers who bought in a scope, with what they bought there and where they live.

    Returns
    -------
    pyarrow Table, one row per customer, shared: never change it
        ``customer_key``, ``orders``, ``revenue``, ``is_new`` (first purchase ever in the window),
        ``lifecycle`` (as of the window's end), ``lat``, ``lon``, ``x20``, ``y20`` (null: not placed),
        ``region_code``, ``geo_precision``.
    """
    tables = session.tables_of(workspace, snapshot)
    bought = people.of_window(workspace, snapshot, scope, windows)
    bought = bought.filter(bought.customer_key.notnull())
    per_customer = bought.group_by("customer_key").aggregate(
        orders=bought.is_purchase.cast("int32").sum().cast("int32"),
        revenue=bought.amount.sum(),
        is_new=(bought.nth.fill_null(0) == 1).max(),
    )
    per_customer = per_customer.filter(per_customer.orders > 0)
    assigned = people.assigned(workspace, snapshot, scope.end, windows, scope)
    lifecycle = assigned.select("customer_key", "lifecycle")
    homes = tables.table("customer_summary").select("customer_key", *_PLACE)
    joined = per_customer.inner_join(homes, "customer_key").inner_join(lifecycle, "customer_key")
    joined = joined.mutate(geo_precision=joined.geo_precision.fill_null("none"))
    return joined.order_by("customer_key").to_pyarrow()


@st.cache_data(max_entries=64, show_spinner=False)
def placing(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> Placing:
    """How many customers of a scope are on the map, and by what they were placed."""
    table = _customers(workspace, snapshot, scope, windows)
    counted = table.group_by("geo_precision").aggregate(n=table.count(), placed=table.x20.count())
    rows = sorted(_rows(counted), key=lambda row: (-row["n"], row["geo_precision"]))
    on_map = tuple((row["geo_precision"], row["placed"]) for row in rows if row["placed"])
    return Placing(sum(row["n"] for row in rows), sum(row["placed"] for row in rows), on_map)


@st.cache_data(max_entries=16, show_spinner=False)
def extent(workspace: str, snapshot: str) -> Box | None:
    """Where the customers of a snapshot live: the middle 98% each way; None when none has a place.

    All of them, whatever the audience: the map does not move when a filter changes.
    """
    table = session.tables_of(workspace, session.whole(snapshot)).table("customer_summary")
    table = table.filter(table.x20.notnull())
    edges = {
        f"{name}{i}": table[name].quantile(share)
        for name in ("lat", "lon")
        for i, share in enumerate((0.01, 0.99))
    }
    row = table.aggregate(**edges).to_pyarrow().to_pylist()[0]
    if row["lat0"] is None:
        return None
    south, north, west, east = row["lat0"], row["lat1"], row["lon0"], row["lon1"]
    return south - 0.1, west - 0.1, north + 0.1, east + 0.1


@st.cache_data(max_entries=128, show_spinner=False)
def cells(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    shown: Window,
    fewest: int,
    groups: tuple[str, ...] = (),
) -> tuple[pd.DataFrame, int]:
    """The cells of a window, coarser when there are more than ``MAX_CELLS``, and the customers in none.

    Parameters
    ----------
    workspace, snapshot, scope, windows : the key of :func:`customers`
    shown : Window
        On whole blocks, from ``geo.place_cells.window``.
    fewest : int
        Smaller cells are joined or hidden; 0 shows all.
    groups : tuple of str
        Lifecycle codes that are counted too.

    Returns
    -------
    DataFrame, int
        As ``geo.place_cells.joined``.
    """
    counted = _counted(workspace, snapshot, scope, windows, shown, groups)
    level = shown.level
    while len(counted) > MAX_CELLS:
        level -= 1
        halved = counted.assign(x=counted["x"].to_numpy() >> 1, y=counted["y"].to_numpy() >> 1)
        counted = halved.groupby(["x", "y"], as_index=False).sum()
    return grid.joined(counted, level, fewest)


@st.cache_data(max_entries=64, show_spinner=False)
def hexagonal(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, shown: Window, fewest: int
) -> tuple[pd.DataFrame, int]:
    """The hexagons of a window, as ``geo.hexagons.drawn``; larger ones where there are too many."""
    table = _customers(workspace, snapshot, scope, windows)
    while True:
        counted = _run(hexagons.counted(table, shown)).to_pandas()
        if len(counted) <= MAX_CELLS or shown.level <= grid.JOINED_LEVELS:
            return hexagons.drawn(counted, shown, fewest)
        corners = (shown.west, shown.north, shown.east, shown.south)
        shown = Window(shown.level - 1, *(corner >> 1 for corner in corners))


@st.cache_data(max_entries=64, show_spinner=False)
def regions(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> pd.DataFrame:
    """Customers by the region a map draws them in, the most first.

    Returns
    -------
    DataFrame
        ``code`` (of the polygon), ``name``, ``customers``, ``new``, ``revenue``.
    """
    table = _customers(workspace, snapshot, scope, windows)
    table = table.filter(table.region_code.notnull())
    counted = table.group_by("region_code").aggregate(
        customers=table.count(), new=table.is_new.cast("int32").sum(), revenue=table.revenue.sum()
    )
    frame = pd.DataFrame(_rows(counted), columns=["region_code", "customers", "new", "revenue"])
    frame["code"] = polygon_codes(frame["region_code"], loader.regions()).fillna(frame["region_code"])
    summed = frame.groupby("code", as_index=False)[["customers", "new", "revenue"]].sum()
    summed["name"] = [region_name(code) for code in summed["code"]]
    return summed.sort_values(["customers", "code"], ascending=[False, True], ignore_index=True)


@st.cache_data(max_entries=16, show_spinner=False)
def whole(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> PlaceSummary:
    """Everyone on the map, to compare a place with."""
    everyone = customers(workspace, snapshot, scope, windows)
    return _summary(
        session.tables_of(workspace, snapshot), scope, everyone.filter(pc.is_valid(everyone["x20"]))
    )


@st.cache_data(max_entries=64, show_spinner=False)
def place(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, selection: Selection, fewest: int
) -> PlaceSummary:
    """The summary of a chosen place; a group smaller than ``fewest`` tells its size and nothing else."""
    found = chosen(workspace, snapshot, scope, windows, selection, fewest)
    if found.num_rows < fewest:
        return PlaceSummary(found.num_rows, 0, 0, 0.0)
    return _summary(session.tables_of(workspace, snapshot), scope, found)


def customers_of(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    selection: Selection,
    fewest: int,
    columns: tuple[str, ...] = (),
) -> pd.DataFrame:
    """The customers of a chosen place: their ids and only the columns that were asked for, by id.

    Not cached: it is made when the file is asked for.
    """
    known = chosen(workspace, snapshot, scope, windows, selection, fewest).to_pandas()
    summary = session.tables_of(workspace, snapshot).table("customer_summary")
    own = [name for name in columns if name in summary.columns and name not in known.columns]
    theirs = people.profiled(workspace, snapshot, summary).select("customer_key", "customer_id", *own)
    theirs = theirs.semi_join(ibis.memtable(known[["customer_key"]]), "customer_key")
    frame = known.merge(theirs.to_pyarrow().to_pandas(), on="customer_key").sort_values("customer_id")
    kept = ["customer_id", *(name for name in columns if name in frame.columns)]
    result: pd.DataFrame = frame[kept].reset_index(drop=True)
    return result


def towns_near(lat: pd.Series, lon: pd.Series) -> list[str]:
    """The town nearest to each point, among those of some size: a name a person knows."""
    known = known_towns()
    around = known["lat"].between(lat.min() - NEARBY, lat.max() + NEARBY)
    around &= known["lon"].between(lon.min() - NEARBY, lon.max() + NEARBY)
    known = known[around] if around.any() else known
    rows, _ = nearest(lat, lon, known["lat"], known["lon"])
    return [str(name) for name in known["name"].to_numpy(dtype=object)[rows]]


@cache
def known_towns() -> pd.DataFrame:
    """Towns of some size, all over the world: shared, never change them."""
    towns = loader.towns()
    return towns[towns["population"] >= TOWN_SIZE].reset_index(drop=True)


@st.cache_data(max_entries=64, show_spinner=False)
def near(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, selection: Selection, fewest: int
) -> str:
    """The town nearest to the middle of a place's customers; empty where it has none."""
    found = chosen(workspace, snapshot, scope, windows, selection, fewest)
    lat, lon = pc.mean(found["lat"]).as_py(), pc.mean(found["lon"]).as_py()
    return "" if lat is None else towns_near(pd.Series([lat]), pd.Series([lon]))[0]


def region_name(code: str) -> str:
    """The name of a region at home; its code where it is not known."""
    return names().get(code, (code, code))[0]


@cache
def drawn_regions() -> frozenset[str]:
    """Codes of the regions the base map has borders for."""
    base = json.loads(BASEMAP.read_text(encoding="utf-8"))
    return frozenset(feature["properties"]["code"] for feature in base["regions"]["features"])


def _summary(tables: Tables, scope: Scope, chosen: pa.Table) -> PlaceSummary:
    """Figures from the kept table; categories from what its customers spent in the scope."""
    spent = within(tables.table("order_categories"), replace(scope, segments=()))
    return summarise(ibis.memtable(chosen), spent, CODES, run=_run)


def chosen(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, selection: Selection, fewest: int
) -> pa.Table:
    """The customers of a place, as rows of :func:`customers`."""
    everyone = customers(workspace, snapshot, scope, windows)
    if selection.kind == "cell":
        return _in_cell(everyone, selection.id, fewest)
    if selection.kind == "hex":
        hexagon = hexagons.parse_pick(selection.id)
        return everyone.slice(0, 0) if hexagon is None else _in_hexagon(everyone, hexagon)
    if selection.kind == "region":
        known = loader.regions()
        codes = known.loc[known["polygon_code"] == selection.id, "code"].tolist()
        return everyone.filter(
            pc.is_in(everyone["region_code"], pa.array([*codes, selection.id], pa.string()))
        )
    if selection.kind == "store":
        return _of_store(everyone, workspace, snapshot, scope, windows, selection.id)
    drawn = [shape.feature() for shape in selection.shapes]
    return everyone.filter(pa.array(select(everyone["lon"].to_numpy(), everyone["lat"].to_numpy(), drawn)))


def _in_cell(everyone: pa.Table, pick: str, fewest: int) -> pa.Table:
    parsed = grid.parse_pick(pick)
    if parsed is None:
        return everyone.slice(0, 0)
    table, around = ibis.memtable(everyone), grid.block(parsed)
    parts = _run(grid.counted(table, around)).to_pandas() if parsed[0] != parsed[3] else pd.DataFrame()
    return _run(grid.members(table, parts, parsed[3], parsed, fewest))


def _in_hexagon(everyone: pa.Table, hexagon: hexagons.Hexagon) -> pa.Table:
    return _run(hexagons.members(ibis.memtable(everyone), hexagon))


def _of_store(
    everyone: pa.Table, workspace: str, snapshot: str, scope: Scope, windows: Windows, pick: str
) -> pa.Table:
    """Those who bought in a store in the scope, wherever they live."""
    known = store_list.rows(workspace, snapshot)
    if not pick.isdigit() or int(pick) >= len(known):
        return everyone.slice(0, 0)
    bought = people.of_window(workspace, snapshot, scope, windows)
    bought = bought.filter(bought.is_purchase, bought.store_id == known[int(pick)]["store_id"])
    keys = bought.select("customer_key").distinct().to_pyarrow()["customer_key"]
    return everyone.filter(pc.is_in(everyone["customer_key"], keys.combine_chunks()))


def _customers(workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
    return ibis.memtable(customers(workspace, snapshot, scope, windows))


def _counted(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, shown: Window, groups: tuple[str, ...]
) -> pd.DataFrame:
    table = _customers(workspace, snapshot, scope, windows)
    counted: pd.DataFrame = _run(grid.counted(table, shown, groups)).to_pandas()
    return counted


def _run(expression: ir.Table) -> pa.Table:
    """Run an expression over the kept table: it is in memory, so DuckDB answers whatever the engine."""
    return connection("duckdb").to_pyarrow(expression)


def _rows(expression: ir.Table) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = _run(expression).to_pylist()
    return result
