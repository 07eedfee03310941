"""Where a figure lies together more than chance explains: on regions of a level, or on square cells."""

from __future__ import annotations

from typing import Final

import ibis
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from charts.maps.borders import Packed, pack
from data.engines import connection
from geo.cells import FINEST_ZOOM, to_lon_lat
from geo.hotspots import getis_ord, local_moran
from geo.neighbours import Weights, contiguity, grid
from ui.cached import boundaries, places
from ui.cached import regions as cached
from ui.cached.boundaries import Level
from ui.cached.population import Base

SIGNIFICANT: Final = 0.05
"""The false discovery rate at which a place counts: of the places called, one in twenty is chance."""

FEWEST_PLACES: Final = 10
"""Below this many places there is nothing to test."""

GAP_DEGREES: Final = 0.02
"""Borders that were drawn twice rarely meet exactly."""

MOST_CELLS: Final = 4_000
COLUMNS: Final = ("z", "p", "q", "quadrant", "moran_q", "group")


@st.cache_data(max_entries=32, show_spinner=False)
def of_regions(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    level: Level,
    brought: tuple[Base, ...],
    metric: str,
    fewest: int,
) -> pd.DataFrame:
    """Hot spots of a figure on the regions of a level.

    Returns
    -------
    DataFrame, in the order of the level's shapes
        ``code``, ``customers``, ``value`` and ``COLUMNS``; ``group`` is ``hot``, ``cold`` (also after
        allowing for the number of tests), ``maybe_hot``, ``maybe_cold`` (only before), ``none``, or
        empty where nothing can be said.
    """
    found = cached.table(workspace, snapshot, scope, windows, level, brought)
    values = cached.values(found, metric, fewest)
    neighbours = _neighbours(workspace, level)
    told = found[["code", "customers"]].assign(value=values, **_tested(values, neighbours))
    return pd.DataFrame(told)


@st.cache_data(max_entries=32, show_spinner=False)
def of_cells(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, zoom: int, metric: str
) -> pd.DataFrame:
    """Hot spots of customers or sales on square cells in which somebody lives.

    Parameters
    ----------
    zoom : int
        Of the web-mercator grid: 10 is about 39 km at the equator, 11 about 20, 12 about 10.
    metric : {"customers", "revenue", "per_customer"}

    Returns
    -------
    DataFrame, one row per cell, by x and y
        ``x``, ``y``, ``lat``, ``lon`` (middle), ``customers``, ``revenue``, ``value`` and ``COLUMNS``.
    """
    table = ibis.memtable(places.customers(workspace, snapshot, scope, windows))
    shift = FINEST_ZOOM - zoom
    placed = table.filter(table.x20.notnull())
    placed = placed.mutate(x=placed.x20 >> shift, y=placed.y20 >> shift)
    summed = placed.group_by("x", "y").aggregate(customers=placed.count(), revenue=placed.revenue.sum())
    found = connection("duckdb").to_pyarrow(summed.order_by("x", "y")).to_pandas()
    if metric == "per_customer":
        values = (found["revenue"] / found["customers"]).to_numpy(dtype=float)
    else:
        values = found[metric].to_numpy(dtype=float)
    lon, lat = to_lon_lat(found["x"] + 0.5, found["y"] + 0.5, zoom)
    neighbours = grid(found["x"], found["y"], zoom)
    return pd.DataFrame(found.assign(lat=lat, lon=lon, value=values, **_tested(values, neighbours)))


def packed_cells(found: pd.DataFrame, zoom: int) -> Packed:
    """The borders of cells, ready to be sent."""
    west, north = to_lon_lat(found["x"], found["y"], zoom)
    east, south = to_lon_lat(found["x"] + 1, found["y"] + 1, zoom)
    return pack(cell_codes(found), np.asarray(shapely.box(west, south, east, north), dtype=object))


def cell_codes(found: pd.DataFrame) -> list[str]:
    """What cells are called in a map."""
    return [f"{x}/{y}" for x, y in zip(found["x"], found["y"], strict=True)]


def _tested(values: np.ndarray, neighbours: Weights) -> dict[str, np.ndarray]:
    hot = getis_ord(values, neighbours)
    moran = local_moran(values, neighbours)
    high = np.where(hot.z > 0, "hot", "cold").astype(object)
    group = np.where(hot.q <= SIGNIFICANT, high, np.where(hot.p <= SIGNIFICANT, "maybe_" + high, "none"))
    group = np.where(np.isfinite(hot.z), group, "")
    return {
        "z": hot.z,
        "p": hot.p,
        "q": hot.q,
        "quadrant": np.where(moran.q <= SIGNIFICANT, moran.quadrant, 0),
        "moran_q": moran.q,
        "group": group,
    }


@st.cache_resource(max_entries=8, show_spinner=False)
def _neighbours(workspace: str, level: Level) -> Weights:
    return contiguity(boundaries.shapes(workspace, level).geometry, gap_degrees=GAP_DEGREES)
