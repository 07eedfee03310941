"""Territories and service gaps of a scope, and the customers behind each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
import streamlit as st
from scipy import sparse

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.engines import connection
from geo import demand as gathered
from geo import service_gaps
from geo.boundaries import light
from geo.cells import FINEST_ZOOM
from geo.demand import Demand
from geo.distance import haversine_km
from geo.neighbours import contiguity, linked
from geo.regions import NOWHERE, assign
from geo.service_gaps import Gap
from geo.territories import Territories, divide
from ui.cached import boundaries, demand, places
from ui.cached.demand import FINEST, Weight

CELLS: Final = "cells"
MOST_AREAS: Final = 500
MOST_REGIONS: Final = 900
TIME_LIMIT: Final = 2.5
GAP_LEVEL: Final = 11
_CORNERS: Final = 12_000
DRAWN_DEGREES: Final = 0.2
"""A cell stands for the country around it, some 20 km; beyond is drawn as nobody's."""

_TOUCH: Final = 1e-6
_GAP_DEGREES: Final = 0.003
"""Borders drawn twice rarely meet: areas up to about 300 m apart touch."""

Key = tuple[str, str, Scope, Windows]


@dataclass(frozen=True, slots=True)
class Asked:
    """How the work is shared: by what, among how many, in which areas, from where, how evenly."""

    weight: Weight
    count: int
    areas: str = CELLS
    from_stores: bool = False
    tolerance: float = 0.1


@dataclass(frozen=True, eq=False)
class Areas:
    """What is shared out: (n,) arrays; ``of_cell`` the area of each cell of the finest demand, -1 none."""

    lat: np.ndarray
    lon: np.ndarray
    weight: np.ndarray
    customers: np.ndarray
    shapes: np.ndarray
    names: list[str]
    neighbours: sparse.csr_matrix
    of_cell: np.ndarray
    fine: Demand


@dataclass(frozen=True, eq=False)
class Divided:
    """Territories with their areas, and the same measured on every customer, by weight."""

    areas: Areas
    found: Territories
    near: list[str]
    """The town each territory's centre lies near (or its store)."""
    customers: np.ndarray
    raw_mean_km: float
    cells_mean_km: float


@st.cache_resource(max_entries=12, show_spinner=False)
def areas(workspace: str, snapshot: str, scope: Scope, windows: Windows, weight: Weight, which: str) -> Areas:
    """The areas of a scope: square cells, or the regions of a level (by its key)."""
    fine = demand.demand(workspace, snapshot, scope, windows, weight, FINEST)
    return _in_cells(fine) if which == CELLS else _in_regions(workspace, which, fine)


def _in_cells(fine: Demand) -> Areas:
    group = gathered.finer_where_heavy(fine, MOST_AREAS)
    lat, lon, weight, customers = gathered.gathered(fine, group)
    shapes = _around(lat, lon)
    near = linked(contiguity(shapes, gap_degrees=_TOUCH), lat, lon)
    names = places.towns_near(pd.Series(lat), pd.Series(lon)) if len(lat) else []
    return Areas(lat, lon, weight, customers, shapes, names, near, group, fine)


def _around(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """The land nearest to each point, as far as ``DRAWN_DEGREES``: what a territory of cells looks like."""
    points = np.asarray(shapely.points(lon, lat), dtype=object)
    if len(points) < 2:
        return np.asarray(shapely.buffer(points, DRAWN_DEGREES, quad_segs=4), dtype=object)
    nearest = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(list(points)), ordered=True))
    near = shapely.buffer(points, DRAWN_DEGREES, quad_segs=4)
    return np.asarray(shapely.intersection(nearest, near), dtype=object)


def _in_regions(workspace: str, which: str, fine: Demand) -> Areas:
    level = boundaries.level(workspace, which)
    regions = boundaries.shapes(workspace, level)
    usable = np.flatnonzero(regions.geometry.notna() & ~regions.geometry.is_empty)
    regions = regions.iloc[usable].reset_index(drop=True)
    full = np.asarray(regions.geometry.array, dtype=object)
    of_cell = assign(fine.lon, fine.lat, regions, snap_km=10.0)
    inside, n = of_cell != NOWHERE, len(regions)
    weight = np.bincount(of_cell[inside], fine.weight[inside], minlength=n)
    customers = np.bincount(of_cell[inside], fine.customers[inside], minlength=n)
    shares = np.where(fine.weight > 0, fine.weight, 1e-9)[inside]
    total = np.bincount(of_cell[inside], shares, minlength=n)
    middle = shapely.point_on_surface(full)
    at = []
    for part, else_part in ((fine.lat, shapely.get_y(middle)), (fine.lon, shapely.get_x(middle))):
        summed = np.bincount(of_cell[inside], shares * part[inside], minlength=n)
        at.append(np.where(total > 0, summed / np.where(total > 0, total, 1.0), else_part))
    near = linked(contiguity(full, gap_degrees=_GAP_DEGREES), at[0], at[1])
    shapes = np.asarray(light(full, _CORNERS), dtype=object)
    names = [str(name) for name in regions["name"]]
    return Areas(at[0], at[1], weight, customers, shapes, names, near, of_cell, fine)


@st.cache_resource(max_entries=24, show_spinner=False)
def divided(workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked) -> Divided:
    """Share the areas of a scope out, and measure the result on every customer.

    Raises
    ------
    ValueError : fewer areas than territories, or no work in them.
    """
    here = areas(workspace, snapshot, scope, windows, asked.weight, asked.areas)
    given = stores(workspace, snapshot) if asked.from_stores else None
    centres = None if given is None else (given["lat"].to_numpy(float), given["lon"].to_numpy(float))
    found = divide(
        here.lat,
        here.lon,
        here.weight,
        here.neighbours,
        asked.count if given is None else len(given),
        centres=centres,
        tolerance=asked.tolerance,
        time_limit=TIME_LIMIT,
    )
    if given is None:
        near = places.towns_near(pd.Series(found.lat), pd.Series(found.lon))
    else:
        near = [str(name) for name in given["name"]]
    raw, keyed = _raw(workspace, snapshot, scope, windows, asked.weight, here)
    inside = keyed >= 0
    label = found.label[keyed[inside]]
    away = haversine_km(
        raw["lat"].to_numpy(float)[inside],
        raw["lon"].to_numpy(float)[inside],
        found.lat[label],
        found.lon[label],
    )
    counted = raw["weight"].to_numpy(float)[inside]
    customers = np.bincount(label, minlength=len(found.lat))
    cells_km = haversine_km(here.lat, here.lon, found.lat[found.label], found.lon[found.label])
    return Divided(
        here,
        found,
        near,
        customers,
        float(np.average(away, weights=counted)),
        float(np.average(cells_km, weights=here.weight)),
    )


def _raw(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, weight: Weight, here: Areas
) -> tuple[pd.DataFrame, np.ndarray]:
    """The customers with a place, and the area each lives in (-1: none)."""
    table = demand.weighted(workspace, snapshot, scope, windows, weight).to_pandas()
    table = table[table["x20"].notna()].reset_index(drop=True)
    size, side = 1 << (FINEST_ZOOM - FINEST), np.int64(1) << FINEST
    own = (table["y20"].to_numpy(np.int64) // size) * side + table["x20"].to_numpy(np.int64) // size
    cells = here.fine.y * side + here.fine.x  # ascending: rows, then columns
    return table, here.of_cell[np.searchsorted(cells, own)]


def stores(workspace: str, snapshot: str) -> pd.DataFrame:
    """Own stores with a place: ``store_id``, ``name``, ``lat``, ``lon``, by id."""
    rows: list[Mapping[str, Any]] = places.stores(workspace, snapshot)
    known = pd.DataFrame(rows, columns=["store_id", "name", "lat", "lon", "owner"])
    own = known[(known["owner"] != "competitor") & known["lat"].notna() & known["lon"].notna()]
    named = own.assign(name=own["name"].fillna(own["store_id"]))
    return named.drop(columns="owner").reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class InTerritory:
    """A rule for a list: the customers of one territory."""

    asked: Asked
    number: int
    of: str = "InTerritory"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those who live in its areas."""
        made = divided(workspace, snapshot, scope, windows, self.asked)
        raw, keyed = _raw(workspace, snapshot, scope, windows, self.asked.weight, made.areas)
        own = (keyed >= 0) & (made.found.label[np.maximum(keyed, 0)] == self.number)
        return _memory(raw.loc[own, "customer_key"])


@dataclass(frozen=True, slots=True)
class InGap:
    """A rule for a list: customers farther than ``km`` from every own store (``cell``: of one cell)."""

    km: float
    cell: tuple[int, int] | None = None
    of: str = "InGap"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """The ``customer_key`` of those who are meant."""
        beyond = _beyond(workspace, snapshot, scope, windows, "customers", self.km)
        if self.cell is not None:
            size = 1 << (FINEST_ZOOM - GAP_LEVEL)
            beyond = beyond.filter(
                beyond.x20 // size == self.cell[0],
                beyond.y20 // size == self.cell[1],
            )
        found = connection("duckdb").to_pyarrow(beyond.select("customer_key"))
        return _memory(found["customer_key"].to_pandas())


def _memory(keys: pd.Series) -> ir.Table:
    return ibis.memtable(pa.table({"customer_key": pa.array(keys, pa.int32())}))


def _beyond(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, weight: Weight, km: float
) -> ir.Table:
    known = stores(workspace, snapshot)
    everyone = ibis.memtable(demand.weighted(workspace, snapshot, scope, windows, weight))
    return service_gaps.far(everyone, known["lat"].tolist(), known["lon"].tolist(), km)


@st.cache_data(max_entries=48, show_spinner=False)
def gap(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, weight: Weight, km: float
) -> tuple[Gap, pd.DataFrame]:
    """Who lives farther than ``km`` from every own store: the sums, and the cells of five or more.

    Returns
    -------
    Gap, DataFrame
        The cells with ``x``, ``y``, ``customers``, ``weight``, ``lat``, ``lon``, ``near`` (a town) and
        ``km`` to the nearest own store, the heaviest first.
    """
    everyone = ibis.memtable(demand.weighted(workspace, snapshot, scope, windows, weight))
    beyond = _beyond(workspace, snapshot, scope, windows, weight, km)
    backend = connection("duckdb")
    row = backend.to_pyarrow(service_gaps.summed(everyone, beyond)).to_pylist()[0]
    cells = backend.to_pandas(service_gaps.by_cell(beyond, GAP_LEVEL, places.FEWEST))
    known = stores(workspace, snapshot)
    if len(cells):
        apart = haversine_km(
            cells["lat"].to_numpy()[:, None], cells["lon"].to_numpy()[:, None], known["lat"], known["lon"]
        )
        cells = cells.assign(near=places.towns_near(cells["lat"], cells["lon"]), km=apart.min(axis=1))
    else:
        cells = cells.assign(near=pd.Series(dtype=str), km=pd.Series(dtype=float))
    whole = Gap(row["customers"], float(row["weight"]), row["all_customers"], float(row["all_weight"]))
    return whole, cells
