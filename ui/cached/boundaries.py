"""Region levels of a workspace: the states that are shipped, the user's own, and who lives where.

Shapes are kept once for all sessions; customers are given to regions once for a snapshot and a level and
kept on disk, so that every figure afterwards is a join in the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import geopandas as gpd
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
import streamlit as st

from charts.maps.base import Box
from charts.maps.borders import Packed, pack
from data import boundaries as store
from data import engines
from data.boundaries import About
from data.reference import loader
from geo.boundaries import light
from geo.regions import NOWHERE, assign
from geo.voronoi import nearest_areas
from ui import session
from ui.cached import region_names

STATES: Final = "states"
TOWNS: Final = "towns"
"""Areas around post towns (Malaysia) or sub-districts with a known point (Indonesia): approximate."""

COAST_DEGREES: Final = 0.03
"""Towns on the coast lie off the generalised land: it is widened by about 3 km."""

DRAWN_CORNERS: Final = 22_000
"""Corners of all regions of a map together: about 150 kB."""

_SHARE: Final = 0.002
"""A country in which fewer of the customers live is not drawn."""


@dataclass(frozen=True, slots=True)
class Level:
    """A set of regions that can be chosen: ``key`` names it, ``content`` changes with its shapes.

    ``kind`` is ``states`` (shipped), ``own`` (brought by the user) or ``towns`` (approximate, made of
    points); ``about`` says what is known of where it comes from.
    """

    key: str
    kind: str
    content: str
    regions: int
    about: About


def levels(workspace: str) -> tuple[Level, ...]:
    """The levels of a workspace: states, areas around named places, then the user's own by name."""
    own = tuple(
        Level(each.id, "own", each.content, each.regions, each.about)
        for each in store.levels(session.opened(workspace))
    )
    return (_states_level(workspace), *_town_levels(workspace), *own)


def level(workspace: str, key: str) -> Level:
    """The level of that key; the states where there is none (any more)."""
    known = levels(workspace)
    return next((each for each in known if each.key == key), known[0])


def shapes(workspace: str, chosen: Level) -> gpd.GeoDataFrame:
    """The regions of a level: shared, never change it.

    Returns
    -------
    GeoDataFrame, by code
        ``code``, ``name``, ``name_en``, ``geometry`` (full polygons, WGS 84).
    """
    if chosen.kind == STATES:
        return _states(chosen.content)
    if chosen.kind == TOWNS:
        return _around_towns(chosen.content.upper())
    return _own(workspace, chosen.key, chosen.content)


@st.cache_resource(max_entries=8, show_spinner=False)
def packed(workspace: str, chosen: Level) -> Packed:
    """The borders of a level, light and ready to be sent."""
    known = shapes(workspace, chosen)
    full = np.asarray(known.geometry.array, dtype=object)
    return pack(known["code"], light(full, DRAWN_CORNERS))


def drawn(workspace: str, chosen: Level) -> tuple[Packed, str]:
    """The borders of a level for a map, and the name under which the browser keeps its view."""
    return packed(workspace, chosen), f"{workspace}.{chosen.key}.{chosen.content}"


def home(workspace: str) -> Box:
    """Where every map of regions opens: with another extent the browser would make it anew."""
    return packed(workspace, levels(workspace)[0]).extent


def homes(workspace: str, snapshot: str, chosen: Level) -> ir.Table:
    """Which customer lives in which region of a level.

    All customers of the snapshot, whatever the filters say.

    Returns
    -------
    ibis Table: ``customer_key``, ``region`` (code); customers in none are not in it.
    """
    whole = session.whole(snapshot)
    tables = session.tables_of(workspace, whole)
    if chosen.kind == STATES:
        known = tables.table("customer_summary")
        drawn = {code: polygon for code, polygon in _drawn_as().items() if code != polygon}
        region = known.region_code
        region = region.cases(*drawn.items(), else_=region) if drawn else region
        return known.select("customer_key", region=region).filter(lambda t: t.region.notnull())
    here = session.opened(workspace)
    folder = store.homes(here, chosen.key, chosen.content, whole)
    if folder is None:
        table = assigned(workspace, whole, chosen)
        folder = store.save_homes(here, chosen.key, chosen.content, whole, table)
    return engines.read(folder, tables.engine)


def assigned(workspace: str, snapshot: str, chosen: Level) -> pa.Table:
    """Give every customer with a place to a region, by the full polygons.

    Returns
    -------
    pyarrow Table: ``customer_key`` (int32), ``region`` (text)
    """
    known = session.tables_of(workspace, snapshot).table("customer_summary")
    placed = known.filter(known.lat.notnull()).select("customer_key", "lat", "lon").to_pyarrow()
    regions = shapes(workspace, chosen)
    rows = assign(placed["lon"].to_numpy(), placed["lat"].to_numpy(), regions)
    inside = rows != NOWHERE
    codes = pa.array(regions["code"].astype(str), pa.string())
    region = pa.DictionaryArray.from_arrays(pa.array(rows[inside], pa.int32()), codes)
    return pa.table(
        {
            "customer_key": placed["customer_key"].filter(pa.array(inside)).cast(pa.int32()),
            "region": region.cast(pa.string()),
        }
    )


@st.cache_data(max_entries=8, show_spinner=False)
def customers_box(workspace: str, snapshot: str) -> tuple[float, float, float, float] | None:
    """South, west, north, east of the middle 98% of the customers; None when none has a place."""
    lat, lon = places(workspace, session.whole(snapshot))
    if not len(lat):
        return None
    south, north = np.quantile(lat, [0.01, 0.99])
    west, east = np.quantile(lon, [0.01, 0.99])
    return float(south), float(west), float(north), float(east)


@cache
def country_box(country: str) -> tuple[float, float, float, float] | None:
    """South, west, north, east of a country; None of one that is not known."""
    found = loader.countries()
    found = found[found["code"] == country]
    if found.empty:
        return None
    west, south, east, north = (float(value) for value in found.total_bounds)
    return south, west, north, east


@st.cache_resource(max_entries=4, show_spinner=False)
def places(workspace: str, snapshot: str) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and longitude of every customer with a place; shared: never change them."""
    known = session.tables_of(workspace, snapshot).table("customer_summary")
    placed = known.filter(known.lat.notnull()).select("lat", "lon").to_pyarrow()
    return placed["lat"].to_numpy(), placed["lon"].to_numpy()


@st.cache_resource(max_entries=8, show_spinner=False)
def _own(workspace: str, key: str, content: str) -> gpd.GeoDataFrame:
    found = store.shapes(session.opened(workspace), key)
    return found.assign(name_en=found["name"])


@cache
def _states(countries: str) -> gpd.GeoDataFrame:
    found = loader.regions_of(countries)
    found = found[found.geometry.notna()][["code", "name", "name_en", "geometry"]]
    return found.sort_values("code", ignore_index=True)


def _town_levels(workspace: str) -> tuple[Level, ...]:
    """The approximate level of the workspace's country, where its places are known."""
    country = session.opened(workspace).config.country
    if country not in ("MY", "ID"):
        return ()
    number = len(_around_towns(country))
    return (Level(TOWNS, TOWNS, country.lower(), number, About("", "GeoNames")),)


@cache
def _named_places(country: str) -> pd.DataFrame:
    """``code``, ``name``, ``lat``, ``lon`` of the places with a point, no two at one."""
    if country == "MY":
        known = loader.postcodes_my().dropna(subset=["lat", "lon"])
        found = known.groupby(["region_code", "town"], as_index=False).agg(
            lat=("lat", "first"), lon=("lon", "first")
        )
        found = found.assign(code=found["region_code"] + "." + found["town"], name=found["town"])
    else:
        areas = loader.areas()
        is_sub = (areas["level"] == "subdistrict") & areas["lat"].notna()
        found = areas[is_sub & areas["region_code"].str.startswith(f"{country}-")]
    found = found.drop_duplicates(["lat", "lon"]).sort_values("code", ignore_index=True)
    return pd.DataFrame(found[["code", "name", "lat", "lon"]])


@cache
def _around_towns(country: str) -> gpd.GeoDataFrame:
    """Areas around the named places of a country, to the coast."""
    known = _named_places(country)
    land = shapely.union_all(loader.regions_of(country).geometry.dropna().to_numpy())
    wide = shapely.simplify(shapely.buffer(land, COAST_DEGREES), COAST_DEGREES / 3)
    made = nearest_areas(known["lon"], known["lat"], wide)
    there = ~shapely.is_empty(made)
    frame = known.loc[there, ["code", "name"]].assign(name_en=known["name"]).reset_index(drop=True)
    return gpd.GeoDataFrame(frame, geometry=made[there], crs=4326)


def _states_level(workspace: str) -> Level:
    opened = session.opened(workspace)
    current = opened.current()
    where = opened.config.country if current is None else _countries(workspace, current.id)
    return Level(STATES, STATES, where, len(_states(where)), About("", "Natural Earth"))


@st.cache_data(max_entries=16, show_spinner=False)
def _countries(workspace: str, snapshot: str) -> str:
    """The countries of a map of states, joined by commas: the workspace's own, and where customers live."""
    known = session.tables_of(workspace, snapshot).table("customer_summary")
    known = known.filter(known.region_code.notnull())
    counted = known.group_by("region_code").aggregate(n=known.count())
    rows = counted.to_pyarrow().to_pandas()
    rows["country"] = [str(code).partition("-")[0] for code in rows["region_code"]]
    by = rows.groupby("country")["n"].sum()
    there = {str(code) for code, n in by.items() if n >= _SHARE * by.sum()}
    return ",".join(sorted(there | {session.opened(workspace).config.country}))


@cache
def _drawn_as() -> dict[str, str]:
    """The polygon that stands for each region."""
    known = loader.regions()
    return dict(zip(known["code"], known["polygon_code"], strict=True))


def region_title(name: str, code: str, lang: str) -> str:
    """A region's name in a language: the states have an English one."""
    home, english = region_names.names().get(code, (name, name))
    return english if lang == "en" else home
