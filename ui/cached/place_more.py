"""What is said of a place beside its sales: how far stores are, what customers say, what they will bring."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
import streamlit as st
from shapely.geometry.base import BaseGeometry

from analytics.forecast import valuing
from analytics.lifecycle import Windows
from analytics.results import one_row
from analytics.scope import Scope
from charts.maps.base import Box
from data.reference import loader
from geo.distance import nearest
from geo.region_metrics import answers, nps
from ui import session
from ui.cached import forecast, people, places, store_list
from ui.cached.forecast import Asked
from ui.components.map_state import Selection


@dataclass(frozen=True, slots=True)
class More:
    """Figures of a place; None where they cannot be computed.

    ``own_km`` and ``other_km``: half of its customers live closer to an own store, to a competitor.
    ``nps`` and its ``margin`` (half of the 95% interval) in points, from so many ``answers``.
    ``value``: expected contribution of its customers in so many ``months`` after the last day of the
    data.
    """

    own_km: float | None = None
    other_km: float | None = None
    answers: int = 0
    nps: float | None = None
    margin: float | None = None
    value: float | None = None
    months: int = 12


@st.cache_data(max_entries=64, show_spinner=False)
def more(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    selection: Selection | None,
    fewest: int,
    asked: Asked,
) -> More:
    """The figures of a chosen place, or of everyone; nothing of a group smaller than ``fewest``."""
    everyone = places.customers(workspace, snapshot, scope, windows)
    found = (
        everyone.filter(pc.is_valid(everyone["x20"]))
        if selection is None
        else places.chosen(workspace, snapshot, scope, windows, selection, fewest)
    )
    if found.num_rows < max(fewest, 1):
        return More()
    said, score, margin = _said(workspace, snapshot, scope, found)
    return More(
        _kilometres(found, store_list.own(workspace, snapshot)),
        _kilometres(found, store_list.rivals(workspace, snapshot)),
        said,
        score,
        margin,
        _value(workspace, snapshot, found, asked),
        round(asked.assumptions.horizon_days * 12 / 365),
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def land(view: Box) -> list[BaseGeometry]:
    """Outlines of states and provinces in a view, simplified; shared: never change them."""
    south, west, north, east = view
    box = shapely.box(west, south, east, north)
    shapes = loader.regions_light().geometry
    near = shapes[shapes.intersects(box)].clip(box).simplify(max(north - south, east - west) / 400)
    parts = near.explode()
    return [part for part in parts if part.geom_type == "Polygon"]


def _kilometres(found: pa.Table, stores: pd.DataFrame) -> float | None:
    if stores.empty:
        return None
    _, away = nearest(found["lat"].to_numpy(), found["lon"].to_numpy(), stores["lat"], stores["lon"])
    return float(np.nanmedian(away)) if np.isfinite(away).any() else None


def _said(
    workspace: str, snapshot: str, scope: Scope, found: pa.Table
) -> tuple[int, float | None, float | None]:
    tables = session.tables_of(workspace, snapshot)
    if not tables.has("feedback"):
        return 0, None, None
    homes = ibis.memtable(found.select(["customer_key"])).mutate(region=ibis.literal("here"))
    told = answers(
        tables.table("feedback"), people.summary(workspace, snapshot), homes, scope.start, scope.end
    ).to_pyarrow()
    if not told.num_rows:
        return 0, None, None
    row = told.to_pylist()[0]
    score, margin = nps([row["answers"]], [row["promoters"]], [row["detractors"]])
    return int(row["answers"]), float(score[0]), float(margin[0])


def _value(workspace: str, snapshot: str, found: pa.Table, asked: Asked) -> float | None:
    scores = forecast.scored(workspace, snapshot, asked)
    if scores is None:
        return None
    table = valuing.valued(scores, people.summary(workspace, snapshot), 0.0)
    theirs = table.semi_join(ibis.memtable(found.select(["customer_key"])), "customer_key")
    total = one_row(theirs.aggregate(value=theirs.value.sum()))["value"]
    return None if total is None else float(total)
