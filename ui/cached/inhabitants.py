"""Whose inhabitants are the market: figures a user brought for a level of regions, where there are any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
import streamlit as st

from data import population as store
from data.reference import loader
from geo.regions import assign
from ui import session
from ui.cached import boundaries, population
from ui.cached.boundaries import Level
from ui.cached.population import COUNTED, Base

WIDEST_KM: Final = 40.0
"""Regions wider than this (radius of a disc of their size, the middle inhabitant's) cannot tell ways to
stores: inhabitants of states stand for nobody's way."""

KM_PER_DEGREE: Final = 111.195


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """Figures of a level that stand for the market."""

    level: Level
    base: Base


def known(workspace: str) -> Inhabitants | None:
    """The figures of the level with most regions that have one; None where only towns are known.

    Inhabitants go before households, the newest year first (``population.base``); levels whose regions
    are too wide are passed over.
    """
    kept = store.kept(session.opened(workspace))
    there = {each.level for each in kept if each.measure in COUNTED}
    if not there:
        return None
    found = []
    for level in boundaries.levels(workspace):
        base = population.base(workspace, level) if level.key in there else None
        if base is None:
            continue
        made = Inhabitants(level, base)
        count, wide = _size(workspace, made)
        if count and wide <= WIDEST_KM:
            found.append((count, made))
    return max(found, key=lambda pair: pair[0])[1] if found else None


@st.cache_resource(max_entries=8, show_spinner=False)
def regions(workspace: str, people: Inhabitants) -> gpd.GeoDataFrame:
    """The regions that have a figure: shared, never change it.

    Returns
    -------
    GeoDataFrame
        ``code``, ``name``, ``inhabitants``, ``lat``, ``lon`` (the middle of the inhabitants of the towns in
        it, where there are any; else a point inside), ``geometry``.
    """
    shapes = boundaries.shapes(workspace, people.level)
    heads = population.values(workspace, people.level, people.base)
    told = np.isfinite(heads) & (heads > 0)
    made = shapes.loc[told, ["code", "name", "geometry"]].reset_index(drop=True)
    made["inhabitants"] = heads[told]
    inside = shapely.point_on_surface(made.geometry.to_numpy())
    towns = loader.towns()
    towns = towns[towns["population"] > 0]
    west, south, east, north = made.total_bounds if len(made) else (0.0, 0.0, 0.0, 0.0)
    towns = towns[towns["lat"].between(south, north) & towns["lon"].between(west, east)]
    at = assign(towns["lon"], towns["lat"], made) if len(towns) else np.zeros(0, dtype=int)
    weight = towns["population"].to_numpy(float)
    total = np.bincount(at[at >= 0], weight[at >= 0], len(made))
    for name, fallback in (("lat", shapely.get_y(inside)), ("lon", shapely.get_x(inside))):
        values = towns[name].to_numpy(float)
        summed = np.bincount(at[at >= 0], (weight * values)[at >= 0], len(made))
        made[name] = np.where(total > 0, summed / np.where(total > 0, total, 1.0), fallback)
    return made


def _size(workspace: str, people: Inhabitants) -> tuple[int, float]:
    """How many regions have a figure, and the radius in which the middle inhabitant's region lies, km."""
    made = regions(workspace, people)
    if made.empty:
        return 0, float("inf")
    shapes = made.geometry.to_numpy()
    square = shapely.area(shapes) * KM_PER_DEGREE**2 * np.cos(np.radians(made["lat"].to_numpy(float)))
    order = np.argsort(square)
    share = np.cumsum(made["inhabitants"].to_numpy(float)[order])
    middle = square[order][int(np.searchsorted(share, share[-1] / 2))]
    return len(made), float(np.sqrt(middle / np.pi))
