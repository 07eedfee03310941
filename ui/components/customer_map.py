"""The customer map as one part of a page: switches, map, list, and the summary of a place beside it.

All of it is one fragment: panning, clicking and drawing rerun this and nothing else of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from charts.maps.assets import VERSION
from charts.maps.base import Box, base_map
from charts.maps.marks import KINDS, Around, Kind, Marks, cell_marks, region_marks, store_rows
from geo.cells import FINEST_ZOOM, Bounds
from geo.place_cells import JOINED_LEVELS, window
from i18n.translator import Translator
from ui import text
from ui.cached import places
from ui.components import map_list, map_panel
from ui.components.map_state import RETURNED, MapState, Selection, state
from ui.filters import Filters

HEIGHT: Final = 560
PAD: Final = 0.15
"""Cells are sent for this share more of the view on each side, so that a small pan meets no blank edge."""
FINER: Final = {"clusters": 2, "split": 2, "cells": 4}
"""Levels of the grid below the zoom: cells of 64 pixels carry a number, of 16 pixels a colour."""
FIRST_ZOOM: Final = 6
NOWHERE: Final = Selection("shape")
_KIND: Final = "map.kind"


@dataclass(frozen=True)
class _Seen:
    """What is drawn now: the frame behind the marks and the customers left out of it."""

    marks: Marks
    frame: pd.DataFrame
    hidden: int


@st.fragment
def draw(filters: Filters, extent: Box) -> None:
    """Draw the map and everything that answers to it.

    Parameters
    ----------
    filters : Filters
    extent : Box
        Where the map opens.
    """
    t = text.translator()
    here = state(filters.workspace)
    entering = _KIND not in st.session_state
    fewest = _switches(here, t)
    mounted = (filters.whole, t.lang, here.tiles, extent)
    component = f"setia.map.{filters.workspace}.{VERSION}"
    if entering or mounted != here.mounted:
        st.session_state.pop(component, None)
        here.remount(mounted)
    here.read(st.session_state.get(component))
    left, right = st.columns([2, 1], gap="medium")
    with left:
        seen = _marks(here, filters, t, extent, fewest)
        _map(here, seen.marks, extent, component, t)
        map_list.notes(filters, t, here.kind, seen.frame, seen.hidden)
    with right:
        _panel(here, filters, t, fewest)
    map_list.draw(seen.frame, here.kind, filters, t)


def _switches(here: MapState, t: Translator) -> int:
    """The kind of marks and the options; returns the least customers a group must have."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
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
            here.tiles = st.toggle(t("map.tiles"), here.tiles, key="map.tiles")
            st.caption(t("map.tiles_help"))
    if here.tiles:
        st.caption(t("map.tiles_on"))
    return places.FEWEST if here.privacy else 0


def _marks(here: MapState, filters: Filters, t: Translator, extent: Box, fewest: int) -> _Seen:
    kind: Kind = here.kind  # type: ignore[assignment]
    around = Around(
        currency=filters.currency,
        chosen=here.selection.pick if here.selection else "",
        cleared=here.cleared,
        drawings=tuple(shape.feature() for shape in here.drawings),
        stores=store_rows(places.stores(filters.workspace, filters.snapshot), t) if here.stores else (),
        serial=f"{kind}.{here.view.zoom if here.view else ''}",
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
    cells, hidden = places.cells(*filters.key, filters.windows, shown, fewest)
    return _Seen(cell_marks(cells, kind, t, around), cells, hidden)


def _bounds(box: Box) -> Bounds:
    """A view inside the world: a browser zoomed far out sees beyond its edges."""
    south, north = (min(max(value, -90.0), 90.0) for value in (box[0], box[2]))
    west, east = (min(max(value, -180.0), 180.0) for value in (box[1], box[3]))
    return Bounds(south, west, north, east)


def _map(here: MapState, marks: Marks, extent: Box, component: str, t: Translator) -> None:
    view = here.mount_view
    placed: dict[str, Any] = {} if view is None else {"zoom": view.zoom, "center": list(view.middle)}
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
    chosen = here.selection
    question = (*filters.key, filters.windows)
    map_panel.draw(
        _name(chosen, filters, t, fewest),
        None if chosen is None else places.place(*question, chosen, fewest),
        places.whole(*question),
        filters,
        t,
        fewest=fewest,
        on_clear=here.clear,
        customers=lambda columns: places.customers_of(*question, chosen or NOWHERE, fewest, columns),
    )


def _name(chosen: Selection | None, filters: Filters, t: Translator, fewest: int) -> str:
    """What the chosen place is called."""
    if chosen is None:
        return ""
    if chosen.kind == "shape":
        return t.plural("map.place.shape", len(chosen.shapes))
    if chosen.kind == "store":
        known = places.stores(filters.workspace, filters.snapshot)
        found = known[int(chosen.id)] if chosen.id.isdigit() and int(chosen.id) < len(known) else None
        return t("map.place.store", name=(found["name"] or found["store_id"]) if found else "")
    if chosen.kind == "region":
        return places.region_name(chosen.id)
    return t("map.place.near", name=places.near(*filters.key, filters.windows, chosen, fewest))
