"""A map of regions on a page: drawn by the browser, kept while what it shows changes, and clicked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st
from streamlit_folium import st_folium

from charts.maps.areas import VERSION, Areas, area_map
from i18n.translator import Translator
from ui.cached import boundaries

HEIGHT: Final = 470
RETURNED: Final = ["last_active_drawing", "last_object_clicked_count"]
LONGEST: Final = 120


def draw(name: str, workspace: str, layer: Areas, t: Translator, height: int = HEIGHT) -> None:
    """Draw a map of regions.

    It opens at the workspace's states, and the layer moves the view when its level changes: another
    extent would make the browser build the map anew.

    Parameters
    ----------
    name : str
        In plain letters: which map of the app this is.
    workspace : str
    layer : Areas
    t : Translator
    height : int
        Pixels.
    """
    home = boundaries.packed(workspace, boundaries.levels(workspace)[0])
    st_folium(
        area_map(home.extent, t),
        key=_key(name, workspace, t),
        height=height,
        use_container_width=True,
        returned_objects=RETURNED,
        feature_group_to_add=layer,
    )


def clicked(name: str, workspace: str, t: Translator) -> str | None:
    """The code of the region that was clicked since the last run; None where nothing was.

    Read it before the map is drawn, so that the click is answered in the same run.
    """
    value: Mapping[str, Any] = st.session_state.get(_key(name, workspace, t)) or {}
    count = value.get("last_object_clicked_count")
    pick = _pick(value.get("last_active_drawing"))
    seen = f"{name}.area.seen"
    if not count or not pick or st.session_state.get(seen) == (pick, count):
        return None
    st.session_state[seen] = (pick, count)
    return pick


def _key(name: str, workspace: str, t: Translator) -> str:
    return f"setia.areas.{name}.{workspace}.{t.lang}.{VERSION}"


def _pick(active: Any) -> str:
    """The code in what the browser told; empty where it is none of ours."""
    try:
        pick = active["properties"]["pick"]
    except (KeyError, TypeError):
        return ""
    is_ours = isinstance(pick, str) and pick.startswith("area:") and len(pick) <= LONGEST
    return pick.removeprefix("area:") if is_ours else ""
