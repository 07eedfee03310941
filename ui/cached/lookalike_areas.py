"""Areas like the best ones, by workspace, snapshot, scope and what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from analytics.forecast import valuing
from analytics.lifecycle import Windows
from analytics.results import frame
from analytics.scope import Scope, within
from data.engines import connection
from data.reference import loader
from geo import lookalike_areas as model
from geo import lookalike_areas_features as features
from geo.cells import FINEST_ZOOM
from geo.lookalike_areas import AreaModel
from geo.lookalike_areas_methods import credible
from geo.regions import NOWHERE, assign
from ui import session
from ui.cached import boundaries, forecast, people, places, store_list
from ui.cached.boundaries import Level
from ui.cached.lookalikes import CELL_LEVEL
from ui.cached.once import Progress, once

LEVELS: Final = (CELL_LEVEL, CELL_LEVEL + 1, CELL_LEVEL + 2)
"""Zooms of the cells: about 80, 40 and 20 km at the equator."""

MEASURES: Final = ("revenue", "repeat", "value", "customers", "picked")
LEAST_CUSTOMERS: Final = 10
"""Customers from which an area is judged by them."""

SUMMED: Final = ("revenue", "repeat", "value")
_ROUGH: Final = ("region", "none")


@dataclass(frozen=True, slots=True)
class Unit:
    """What an area is: cells of a zoom, or the regions of a level of the workspace."""

    zoom: int = 0
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the best areas are, and what others are compared by.

    ``measure`` one of ``MEASURES``; ``by`` is ``place`` (also where nobody buys yet) or ``own`` (the
    customers there, too); ``picked`` are the areas somebody chose.
    """

    unit: Unit
    measure: str
    by: str
    picked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was learnt, the names of its features, and every area asked about, best forecast first.

    ``table``: ``area``, ``name``, ``lat``, ``lon``, ``customers``, ``measure`` (None: not judged),
    ``predicted``, ``low``, ``high``, ``best``, ``alike``, ``like`` (names of the two most similar best
    areas) and ``features``; corners of cells.
    """

    made: AreaModel
    features: tuple[str, ...]
    table: pd.DataFrame


@st.cache_data(max_entries=32, show_spinner=False)
def measures(workspace: str, snapshot: str, currency: str | None = None) -> tuple[str, ...]:
    """The measures there are: ``value`` only where a forecast was computed, in the currency of the page."""
    there = forecast.scored(workspace, snapshot, forecast.Asked(currency=currency)) is not None
    return tuple(name for name in MEASURES if there or name != "value")


@st.cache_resource(max_entries=8, show_spinner=False)
def areas(workspace: str, snapshot: str, scope: Scope, windows: Windows, unit: Unit) -> pd.DataFrame:
    """Every area with what is known of it: shared, never change it.

    Returns
    -------
    DataFrame by ``area``
        ``name``, ``lat``, ``lon``, ``customers`` and ``sum_<measure>``, ``sum_<measure>_squares`` of
        ``SUMMED`` (0 without customers), ``OWN``, ``share.*`` and ``PLACE``; corners of cells.
    """
    homes = _homes(workspace, snapshot, scope, windows, unit)
    counted = _run(features.summed(ibis.memtable(homes))).to_pandas().set_index("area")
    found = _all_places(workspace, unit, counted)
    sums = [name for measure in SUMMED for name in (measure, f"{measure}_squares")]
    for name in ("customers", *sums):
        found[f"sum_{name}" if name in sums else name] = counted[name].reindex(found.index).fillna(0.0)
    own = features.own(counted)
    mixes = _mixes(workspace, snapshot, scope, windows, homes, found.index)
    at = features.place(
        found["lat"],
        found["lon"],
        loader.towns(),
        _points(store_list.own(workspace, snapshot)),
        _points(store_list.rivals(workspace, snapshot)),
    )
    whole = pd.concat([found, own.reindex(found.index), mixes, at.set_index(found.index)], axis=1)
    if unit.zoom:
        whole = pd.concat([whole, features.corners(list(whole.index), unit.zoom)], axis=1)
    return whole


def answer(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    asked: Asked,
    progress: Progress = lambda share: True,
) -> Answer:
    """What the best areas have in common, and which others have it: shared, never change it.

    Parameters
    ----------
    progress : callable
        Called with the share done where it has to be worked out.
    """
    key = (workspace, snapshot, scope, windows, asked)
    return once(("lookalike areas", *key), lambda: _answered(*key, progress))


def _answered(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, asked: Asked, progress: Progress
) -> Answer:
    progress(0.05)
    known = areas(workspace, snapshot, scope, windows, asked.unit)
    progress(0.3)
    enough = known["customers"] >= LEAST_CUSTOMERS
    if asked.by == "own":
        known = known[enough]
        enough = enough[enough]
    everywhere = asked.measure in ("customers", "picked")
    judged = np.ones(len(known), dtype=bool) if everywhere else enough.to_numpy()
    measure, weight = _measured(known, judged, asked.measure)
    names, x = _columns(known, judged, asked)
    best = known.index.isin(asked.picked) if asked.measure == "picked" else None
    made = model.learn(
        x,
        known["lat"].to_numpy(float),
        known["lon"].to_numpy(float),
        judged,
        measure,
        weight,
        best,
        told=lambda share: progress(0.3 + 0.7 * share),
    )
    return Answer(made, names, _table(known, made, asked.measure, measure, judged, names))


def left_out(measure: str) -> tuple[str, ...]:
    """The features a measure is made of, in their order."""
    return tuple(name for name in features.OWN if name in features.INGREDIENTS[measure])


@dataclass(frozen=True, slots=True)
class InArea:
    """A rule for a list: the customers of a scope who live in an area."""

    unit: Unit
    area: str
    of: str = "InArea"

    def keys(self, workspace: str, snapshot: str, scope: Scope, windows: Windows) -> ir.Table:
        """Their ``customer_key``."""
        homes = _homes(workspace, snapshot, scope, windows, self.unit)
        rows = homes.filter(pc.equal(homes["area"], self.area))
        return ibis.memtable(rows.select(["customer_key"]))


def _homes(workspace: str, snapshot: str, scope: Scope, windows: Windows, unit: Unit) -> pa.Table:
    """The customers of the scope with their area, and the value expected of them where it is known."""
    everyone = places.customers(workspace, snapshot, scope, windows)
    table = ibis.memtable(everyone)
    table = table.filter(table.geo_precision.notin(_ROUGH) if unit.zoom else ibis.literal(value=True))
    if unit.zoom:
        shift = FINEST_ZOOM - unit.zoom
        placed = table.filter(table.x20.notnull())
        x, y = placed.x20 >> shift, placed.y20 >> shift
        table = placed.mutate(area=x.cast("string") + "/" + y.cast("string"))
    elif unit.level is not None:
        known = boundaries.homes(workspace, snapshot, unit.level)
        regions = ibis.memtable(known.select("customer_key", area=known.region).to_pyarrow())
        table = table.inner_join(regions, "customer_key")
    scores = forecast.scored(workspace, snapshot, forecast.Asked(currency=scope.currency))
    if scores is None:
        table = table.mutate(value=ibis.null("float64"))
    else:
        valued = valuing.valued(scores, people.summary(workspace, snapshot))
        worth = ibis.memtable(valued.select("customer_key", "value").to_pyarrow())
        table = table.left_join(worth, "customer_key").drop("customer_key_right")
    wanted = ("customer_key", "area", "lat", "lon", "orders", "revenue", "is_new", "lifecycle", "value")
    return _run(table.select(*wanted))


def _all_places(workspace: str, unit: Unit, counted: pd.DataFrame) -> pd.DataFrame:
    """All areas of the countries: their names, and where in them people live."""
    towns = loader.towns()
    level = boundaries.level(workspace, boundaries.STATES)
    towns = towns[towns["country"].isin(level.content.split(","))]
    if unit.zoom:
        found = features.town_cells(towns, unit.zoom)[["lat", "lon", "name"]]
        extra = counted.loc[counted.index.difference(found.index), ["lat", "lon"]]
        if len(extra):
            extra = extra.assign(name=places.towns_near(extra["lat"], extra["lon"]))
        return pd.concat([found, extra]).rename_axis("area").sort_index()
    assert unit.level is not None
    shapes = boundaries.shapes(workspace, unit.level)
    inside = towns[towns["population"] > 0]
    rows = assign(inside["lon"].to_numpy(), inside["lat"].to_numpy(), shapes)
    inside = inside.assign(row=rows)[rows != NOWHERE]
    people_there = inside["population"]
    sums = (
        pd.DataFrame(
            {
                "row": inside["row"],
                "lat": inside["lat"] * people_there,
                "lon": inside["lon"] * people_there,
                "n": people_there,
            }
        )
        .groupby("row")
        .sum()
    )
    points = shapes.geometry.representative_point()
    lat, lon = points.y.to_numpy().copy(), points.x.to_numpy().copy()
    lat[sums.index], lon[sums.index] = sums["lat"] / sums["n"], sums["lon"] / sums["n"]
    return pd.DataFrame(
        {"lat": lat, "lon": lon, "name": shapes["name"].to_numpy()},
        index=pd.Index(shapes["code"].astype(str), name="area"),
    )


def _mixes(
    workspace: str, snapshot: str, scope: Scope, windows: Windows, homes: pa.Table, areas: pd.Index
) -> pd.DataFrame:
    """Shares of channels and categories in the orders of each area."""
    where = ibis.memtable(homes.select(["customer_key", "area"]))
    bought = people.of_window(workspace, snapshot, scope, windows)
    parts = session.tables_of(workspace, snapshot).table("order_categories")
    spent = within(parts, replace(scope, segments=()))
    channel = frame(features.mixed(bought, where, "channel"))
    category = frame(features.mixed(spent, where, "category"))
    return pd.concat(
        [features.shares(channel, areas, "channel"), features.shares(category, areas, "category")], axis=1
    )


def _measured(known: pd.DataFrame, judged: np.ndarray, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """The measure of every area and how far it can be trusted."""
    value, weight = np.full(len(known), np.nan), np.ones(len(known))
    if measure == "customers":
        return np.log1p(known["customers"].to_numpy(float)), weight
    if measure == "picked" or not judged.any():
        return value, weight
    rows = known[judged]
    mean, trust = credible(
        rows["customers"].to_numpy(float),
        rows[f"sum_{measure}"].to_numpy(float),
        rows[f"sum_{measure}_squares"].to_numpy(float),
    )
    value[judged], weight[judged] = mean, trust
    return value, weight


def _columns(known: pd.DataFrame, judged: np.ndarray, asked: Asked) -> tuple[tuple[str, ...], np.ndarray]:
    """The features that may be used and vary, comparable numbers."""
    names = list(features.PLACE)
    if asked.by == "own":
        names += [*features.OWN, *(name for name in known.columns if name.startswith(features.SHARE))]
    names = [name for name in names if name not in features.INGREDIENTS[asked.measure]]
    x = np.column_stack(
        [
            np.log1p(known[name].to_numpy(float)) if name in features.LOGGED else known[name].to_numpy(float)
            for name in names
        ]
    )
    kept = list(model.varied(x, judged))
    return tuple(names[place] for place in kept), x[:, kept]


def _table(
    known: pd.DataFrame,
    made: AreaModel,
    measure: str,
    value: np.ndarray,
    judged: np.ndarray,
    names: tuple[str, ...],
) -> pd.DataFrame:
    back: Any = np.expm1 if measure == "customers" else np.asarray
    table = (
        known.rename_axis("area")
        .reset_index()
        .assign(best=made.best, measure=np.where(judged, back(value), np.nan))
    )
    kept = ["area", "name", "lat", "lon", "customers", "measure", "best"]
    if made.predicted is None or made.like is None:
        return table[[*kept, *_corners(table), *names]]
    table["predicted"] = np.maximum(back(made.predicted), 0.0)
    table["low"] = np.maximum(back(made.predicted + made.spread[0]), 0.0)
    table["high"] = np.maximum(back(made.predicted + made.spread[1]), 0.0)
    title = table["name"].to_numpy(dtype=object)
    table["like"] = [tuple(str(title[place]) for place in pair) for pair in made.like]
    order = np.argsort(-made.predicted, kind="stable")
    others = order[~made.best[order]][: max(int(made.best.sum()), model.LEAST_BEST)]
    table["alike"] = False
    table.loc[others, "alike"] = True
    table = table.iloc[order].reset_index(drop=True)
    return table[[*kept, "predicted", "low", "high", "alike", "like", *_corners(table), *names]]


def _corners(table: pd.DataFrame) -> list[str]:
    return [name for name in ("south", "west", "north", "east") if name in table]


def _points(stores: pd.DataFrame) -> list[tuple[float, float]]:
    return list(stores[["lat", "lon"]].itertuples(index=False, name=None))


def _run(expression: ir.Table) -> pa.Table:
    """Run an expression over tables in memory: DuckDB answers whatever the engine."""
    return connection("duckdb").to_pyarrow(expression)
