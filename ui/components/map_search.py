"""The search over the customer map: a town, a postcode, a store or a customer."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from charts.escaping import plain_text
from charts.maps.layers import Layers, Legend, Point, marks
from geo.search import Place
from i18n.translator import Translator
from ui.cached import place_search
from ui.components.map_state import MapState
from ui.filters import Filters
from ui.regions import region_name

ZOOM: Final = {"region": 8, "district": 11, "town": 12, "subdistrict": 12, "postcode": 13}
CLOSE: Final = 14
_TYPED: Final = "map.search"
_PICKED: Final = "map.search.picked"


def field(t: Translator) -> str:
    """The field; what was typed."""
    return st.text_input(
        t("map.search"),
        key=_TYPED,
        placeholder=t("map.search_hint"),
        label_visibility="collapsed",
        icon=":material/search:",
        width=320,
    )


def draw(typed: str, here: MapState, filters: Filters, t: Translator) -> None:
    """Where several places fit, their names to choose from; the map goes to the chosen one."""
    if not typed:
        here.found = None
        return
    hits = place_search.find(filters.workspace, filters.snapshot, typed)
    if not hits:
        st.caption(t("map.search_none"))
        return
    names = [name(place, t) for place in hits]
    offered = dict(zip(names, hits, strict=True))
    picked = names[0]
    if len(offered) > 1:
        chosen = st.pills(t("map.search_which"), list(offered), default=names[0], key=f"{_PICKED}.{typed}")
        picked = chosen or names[0]
    place = offered[picked]
    if here.found != place:
        here.found = place
        here.go(place.lat, place.lon, ZOOM.get(place.kind, CLOSE))


def name(place: Place, t: Translator) -> str:
    """What a place is called, with what it is and where."""
    parts = [plain_text(place.name, 50), t(f"map.search_kind.{place.kind}")]
    where = region_name(place.region_code, t) if place.region_code and place.kind != "region" else ""
    return " · ".join([*parts, where] if where else parts)


def mark(place: Place | None, t: Translator) -> list[dict[str, Any]]:
    """The found place as a point of the map's message."""
    if place is None:
        return []
    point = Point((place.lat, place.lon), name(place, t), [], look="gold", size=18)
    points: list[dict[str, Any]] = marks(Layers(Legend(""), points=[point]), t).message["points"]
    return points
