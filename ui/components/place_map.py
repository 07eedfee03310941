"""A map on any page: draws layers, keeps the view, and says what was clicked or drawn."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor
from typing import Any, Final

import streamlit as st
from streamlit_folium import st_folium

from charts.maps import layers as map_layers
from charts.maps.assets import VERSION
from charts.maps.base import Box, base_map
from charts.maps.layers import Layers
from i18n.translator import Translator
from ui.components.map_state import RETURNED, MapState, state

HEIGHT: Final = 520
SNAP: Final = 0.5
CLICKS: Final = ["last_active_drawing", "last_object_clicked_count"]
"""What a map of borders reports: the browser keeps its view, by level, so that moving it asks nothing."""


def seen(name: str, workspace: str) -> MapState:
    """What a person has done to the map of that name: view, ``selection``, ``drawings``.

    Read it before the map is drawn, so that the page answers in the same run.
    """
    here = state(workspace, name)
    here.read(st.session_state.get(_component(name, workspace)))
    return here


def draw(
    name: str,
    workspace: str,
    layers: Layers,
    extent: Box,
    t: Translator,
    *,
    version: str = "",
    tools: bool = False,
    height: int = HEIGHT,
) -> None:
    """Draw a map. What it shows changes without making it anew.

    Parameters
    ----------
    name : str
        In plain letters; one map of a name on a page.
    workspace : str
    layers : Layers
    extent : Box
        Where the map opens.
    t : Translator
    version : str
        Changes wherever the map has to be made anew.
    tools : bool
        Whether areas can be drawn on it.
    height : int
        Pixels.
    """
    here = state(workspace, name)
    component = _component(name, workspace)
    mounted = (t.lang, extent, version, tools)
    if mounted != here.mounted:
        st.session_state.pop(component, None)
        here.remount(mounted)
    view = here.mount_view
    placed: dict[str, Any] = {} if view is None else {"zoom": view.zoom, "center": list(view.middle)}
    with st.container(key=f"setia-room-{height}-{name}"):
        st_folium(
            base_map(extent, t, tools=tools, snap=SNAP),
            key=component,
            height=height,
            use_container_width=True,
            returned_objects=RETURNED if layers.borders is None else CLICKS,
            feature_group_to_add=map_layers.marks(layers, t),
            **placed,
        )


def around(bounds: Iterable[float]) -> Box:
    """Whole half degrees around (west, south, east, north): a small change does not make the map anew."""
    west, south, east, north = (float(side) * 2 for side in bounds)
    return floor(south) / 2, floor(west) / 2, ceil(north) / 2, ceil(east) / 2


def _component(name: str, workspace: str) -> str:
    return f"setia.map.{name}.{workspace}.{VERSION}"
