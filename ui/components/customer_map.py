"""The customer map as one part of a page: switches, map, list, and the summary of a place beside it.

All of it is one fragment: panning, clicking and drawing rerun this and nothing else of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from charts.maps.assets import VERSION
from charts.maps.base import Box, base_map
from charts.maps.layers import Area, Layers, Legend, marks
from charts.maps.marks import (
    KINDS,
    SEGMENTS,
    Around,
    Kind,
    Marks,
    cell_marks,
    region_marks,
    scale,
    store_rows,
)
from geo.cells import FINEST_ZOOM, Bounds
from geo.distance import circle
from geo.place_cells import JOINED_LEVELS, window
from i18n.numbers import absent
from i18n.translator import Translator
from ui import text
from ui.cached import place_more, places, store_list
from ui.components import map_list, map_months, map_panel, map_search
from ui.components.forecast import asked
from ui.components.map_state import RETURNED, MapState, Selection, Shape, state
from ui.filters import Filters

HEIGHT: Final = 560
PAD: Final = 0.15
"""Cells are sent for this share more of the view on each side, so that a small pan meets no blank edge."""
FINER: Final = {"clusters": 2, "split": 2, "hex": 3, "segments": 3, "cells": 4, "heat": 5}
"""Levels of the grid below the zoom: cells of 64 pixels carry a number, of 16 pixels a colour."""
RADII_KM: Final = (0.0, 1.0, 3.0, 5.0, 10.0, 25.0)
"""Around a store; 0 stands for those who bought there, wherever they live."""
FIRST_ZOOM: Final = 6
NOWHERE: Final = Selection("shape")
_KIND: Final = "map.kind"
_RADIUS: Final = "map.radius"


@dataclass(frozen=True)
class _Seen:
    """What is drawn now: the frame behind the marks and the customers left out of it."""

    marks: Marks
    frame: pd.DataFrame
    hidden: int


def draw(filters: Filters, extent: Box) -> None:
    """Draw the map and everything that answers to it.

    Parameters
    ----------
    filters : Filters
    extent : Box
        Where the map opens.
    """
    playing = state(filters.workspace).playing
    st.fragment(_draw, run_every=map_months.SECONDS if playing else None)(filters, extent)


def _draw(filters: Filters, extent: Box) -> None:
    t = text.translator()
    here = state(filters.workspace)
    entering = _KIND not in st.session_state
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    with row:
        fewest = _switches(here, filters, t)
    mounted = (filters.whole, t.lang, here.tiles, extent)
    component = f"setia.map.{filters.workspace}.{VERSION}"
    if entering or mounted != here.mounted:
        st.session_state.pop(component, None)
        here.remount(mounted)
    here.read(st.session_state.get(component))
    here.radius_km = st.session_state.get(_RADIUS) or 0.0  # the map is drawn before the panel asks
    with row:
        typed = map_search.field(t)
    with st.container():  # always there: what comes and goes in it must not move the map, which makes it anew
        map_search.draw(typed, here, filters, t)
        if here.tiles:
            st.caption(t("map.tiles_on"))
        map_months.draw(here, filters, t)
    filters = map_months.narrowed(here, filters)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        seen = _marks(here, filters, t, extent, fewest)
        _map(here, seen.marks, extent, component, t)
        map_list.notes(filters, t, here.kind, seen.frame, seen.hidden)
    with right:
        _panel(here, filters, t, fewest)
    if here.kind == "segments" and len(seen.frame):
        map_list.groups(seen.frame, here.view.box if here.view else extent, fewest, t)
    map_list.draw(seen.frame, here.kind, filters, t)


def _switches(here: MapState, filters: Filters, t: Translator) -> int:
    """The kind of marks and the options; returns the least customers a group must have."""
    here.kind = st.segmented_control(
        t("map.show"),
        KINDS,
        default=here.kind,
        required=True,
        format_func=lambda kind: t(f"map.kind.{kind}"),
        key=_KIND,
        label_visibility="collapsed",
    )
    with st.popover(t("map.options"), icon=":material/tune:"):
        few = t.number(places.FEWEST)
        here.stores = st.toggle(t("map.stores"), here.stores, key="map.stores")
        here.privacy = st.toggle(
            t("map.privacy", n=few), here.privacy, key="map.privacy", help=t("map.privacy_help", n=few)
        )
        map_months.switch(here, filters, t)
        here.tiles = st.toggle(t("map.tiles"), here.tiles, key="map.tiles")
        st.caption(t("map.tiles_help"))
    return places.FEWEST if here.privacy else 0


def _marks(here: MapState, filters: Filters, t: Translator, extent: Box, fewest: int) -> _Seen:
    kind: Kind = here.kind  # type: ignore[assignment]
    around = Around(
        currency=filters.currency,
        chosen=here.selection.pick if here.selection else "",
        cleared=here.cleared,
        drawings=tuple(shape.feature() for shape in here.drawings),
        stores=store_rows(store_list.rows(filters.workspace, filters.snapshot), t) if here.stores else (),
        serial=f"{kind}.{here.month or ''}.{here.view.zoom if here.view else ''}",
        areas=_circle(here, filters, t),
        points=tuple(map_search.mark(here.found, t)),
        scale=here.scale,
    )
    if kind == "regions":
        regions = places.regions(*filters.key, filters.windows)
        enough = regions[regions["customers"] >= max(fewest, 1)].reset_index(drop=True)
        hidden = int(regions["customers"].sum() - enough["customers"].sum())
        return _Seen(region_marks(enough, t, around), enough, hidden)
    box = here.view.box if here.view else extent
    zoom = here.view.zoom if here.view else FIRST_ZOOM
    level = min(max(zoom + FINER[kind], JOINED_LEVELS), FINEST_ZOOM)
    shown = window(_bounds(box), level, PAD)
    question = (*filters.key, filters.windows, shown, fewest)
    if kind == "hex":
        cells, hidden = places.hexagonal(*question)
    else:
        cells, hidden = places.cells(*question, SEGMENTS if kind == "segments" else ())
    if here.month and here.scale is None:
        here.scale = scale(cells)
    return _Seen(cell_marks(cells, kind, t, around), cells, hidden)


def _around_store(here: MapState, filters: Filters) -> Selection | None:
    """What is asked about: of a store with a radius, those who live within it."""
    chosen = here.selection
    if chosen is None or chosen.kind != "store" or not here.radius_km:
        return chosen
    store = _store(chosen, filters)
    if store is None or absent(store["lat"]):
        return chosen
    middle = (float(store["lon"]), float(store["lat"]))
    return Selection("shape", shapes=(Shape(((middle,),), here.radius_km * 1000.0),))


def _circle(here: MapState, filters: Filters, t: Translator) -> tuple[dict[str, Any], ...]:
    """The radius around the chosen store, to be drawn."""
    asked = _around_store(here, filters)
    if asked is None or asked is here.selection:
        return ()
    ((lon, lat),) = asked.shapes[0].rings[0]
    ring = circle(lat, lon, here.radius_km)
    area = Area(ring, t("map.place.radius", km=t.number(here.radius_km)), [], dashed=True, opacity=0.06)
    return tuple(marks(Layers(Legend(""), areas=[area]), t).message["areas"])


def _store(chosen: Selection, filters: Filters) -> Mapping[str, Any] | None:
    known = store_list.rows(filters.workspace, filters.snapshot)
    return known[int(chosen.id)] if chosen.id.isdigit() and int(chosen.id) < len(known) else None


def _bounds(box: Box) -> Bounds:
    """A view inside the world: a browser zoomed far out sees beyond its edges."""
    south, north = (min(max(value, -90.0), 90.0) for value in (box[0], box[2]))
    west, east = (min(max(value, -180.0), 180.0) for value in (box[1], box[3]))
    return Bounds(south, west, north, east)


def _map(here: MapState, marks: Marks, extent: Box, component: str, t: Translator) -> None:
    view = here.mount_view
    placed: dict[str, Any] = {} if view is None else {"zoom": view.zoom, "center": list(view.middle)}
    with st.container(key=f"setia-room-{HEIGHT}"):
        st_folium(
            base_map(extent, t, tiles=here.tiles),
            key=component,
            height=HEIGHT,
            use_container_width=True,
            returned_objects=RETURNED,
            feature_group_to_add=marks,
            **placed,
        )


def _panel(here: MapState, filters: Filters, t: Translator, fewest: int) -> None:
    question = (*filters.key, filters.windows)
    if here.selection is not None and here.selection.kind == "store":
        here.radius_km = _radius(here, t)
    chosen = _around_store(here, filters)
    map_panel.draw(
        _name(here, chosen, filters, t, fewest),
        None if chosen is None else places.place(*question, chosen, fewest),
        places.whole(*question),
        place_more.more(*question, chosen, fewest, asked(filters)),
        filters,
        t,
        fewest=fewest,
        on_clear=here.clear,
        customers=lambda columns: places.customers_of(*question, chosen or NOWHERE, fewest, columns),
    )


def _radius(here: MapState, t: Translator) -> float:
    def word(km: float) -> str:
        return t("map.place.within", km=t.number(km)) if km else t("map.place.bought")

    chosen: float | None = st.pills(
        t("map.place.who"), RADII_KM, default=here.radius_km, format_func=word, key=_RADIUS
    )
    return chosen or 0.0


def _name(here: MapState, chosen: Selection | None, filters: Filters, t: Translator, fewest: int) -> str:
    """What the chosen place is called."""
    if chosen is None:
        return ""
    if here.selection is not None and here.selection.kind == "store":
        found = _store(here.selection, filters)
        name = found["name"] if found else ""
        if chosen is here.selection:
            return t("map.place.store", name=name)
        return t("map.place.around", km=t.number(here.radius_km), name=name)
    if chosen.kind == "shape":
        return t.plural("map.place.shape", len(chosen.shapes))
    if chosen.kind == "region":
        return places.region_name(chosen.id)
    return t("map.place.near", name=places.near(*filters.key, filters.windows, chosen, fewest))
