"""Territories of a scope, and the customers behind each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

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
from geo import demand as gathered
from geo.boundaries import light
from geo.cells import FINEST_ZOOM
from geo.demand import Demand
from geo.neighbours import contiguity, linked
from geo.regions import NOWHERE, assign
from geo.territories import Territories, divide
from geo.travel import Travel, detour, straight
from ui.cached import boundaries, demand, places, store_list
from ui.cached import travel as ways
from ui.cached.demand import FINEST, Weight
from ui.cached.once import Progress, once

CELLS: Final = "cells"
MOST_AREAS: Final = 500
MOST_REGIONS: Final = 900
TIME_LIMIT: Final = 60.0
"""Seconds, as a last resort: the work itself is bounded, so that every run gives the same."""

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
    raw_mean: float
    cells_mean: float
    unit: str
    """Of every way: ``km`` or ``min``."""
    label: str
    """What the ways rest on, as in ``geo.travel.Travel``."""
    given: float
    """Share of the ways to own stores that were supplied, 0..1."""


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


def divided(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    asked: Asked,
    progress: Progress | None = None,
) -> Divided:
    """Share the areas of a scope out, and measure the result on every customer.

    From own stores the ways of the workspace count (minutes, or kilometres with a detour factor); from free
    centres no minutes are known, so straight lines times the detour factor that is in use.

    Parameters
    ----------
    workspace, snapshot, scope, windows, asked : the key, with the ways in use
    progress : callable, optional
        Called with the share done when it has to be worked out.

    Raises
    ------
    ValueError : fewer areas than territories, or no work in them.
    """
    key = (workspace, snapshot, scope, windows, asked)
    version = ways.current(workspace).version
    found: Divided = once(("territories", *key, version), lambda: _divided(*key, version, progress))
    return found


def _divided(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    asked: Asked,
    version: str,
    progress: Progress | None,
) -> Divided:
    here = areas(workspace, snapshot, scope, windows, asked.weight, asked.areas)
    given = store_list.own(workspace, snapshot) if asked.from_stores else None
    way = _way(workspace, version, given is not None)
    centres = None if given is None else (given["lat"].to_numpy(float), given["lon"].to_numpy(float))
    found = divide(
        here.lat,
        here.lon,
        here.weight,
        here.neighbours,
        asked.count if given is None else len(given),
        centres=centres,
        ways=None if given is None else way.cost(here.lat, here.lon, given),
        tolerance=asked.tolerance,
        time_limit=TIME_LIMIT,
        progress=progress,
    )
    if given is None:
        near = places.towns_near(pd.Series(found.lat), pd.Series(found.lon))
        found = stretched(found, way.factor)
    else:
        near = [str(name) for name in given["name"]]
    at = pd.DataFrame({"store_id": "", "lat": found.lat, "lon": found.lon}) if given is None else given
    raw, keyed = _raw(workspace, snapshot, scope, windows, asked.weight, here)
    inside = keyed >= 0
    label = found.label[keyed[inside]]
    lat, lon, counted = (raw[name].to_numpy(float)[inside] for name in ("lat", "lon", "weight"))
    return Divided(
        here,
        found,
        near,
        np.bincount(label, minlength=len(found.lat)),
        float(np.average(_each(way, lat, lon, at, label), weights=counted)),
        float(np.average(_each(way, here.lat, here.lon, at, found.label), weights=here.weight)),
        way.unit,
        way.label,
        1.0 if given is None else way.share_given(here.lat, here.lon, at),
    )


def _way(workspace: str, version: str, to_stores: bool) -> Travel:
    """The ways in use; between places that are no stores, kilometres with the detour factor, where one is."""
    way = ways.travel(workspace, version)
    if to_stores or way.given is None:
        return way
    measured = ways.current(workspace).measured
    return detour(measured, calibrated=True) if measured else straight()


def _each(way: Travel, lat: np.ndarray, lon: np.ndarray, at: pd.DataFrame, label: np.ndarray) -> np.ndarray:
    """The way of each place to its own centre, centre by centre: all to all would fill the memory."""
    made = np.zeros(len(lat))
    for j in range(len(at)):
        own = label == j
        if own.any():
            made[own] = way.cost(lat[own], lon[own], at.iloc[[j]])[:, 0]
    return made


def stretched(found: Territories, factor: float) -> Territories:
    """The same territories with straight lines times a factor."""
    return replace(
        found,
        mean_way=found.mean_way * factor,
        max_way=found.max_way * factor,
        least_way=found.least_way * factor,
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
        return memory(raw.loc[own, "customer_key"])


def memory(keys: pd.Series) -> ir.Table:
    """Keys of customers as a table of the engine."""
    return ibis.memtable(pa.table({"customer_key": pa.array(keys, pa.int32())}))
