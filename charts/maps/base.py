"""The base map: land, borders and names drawn from a file of this app; it never changes under the marks."""

from __future__ import annotations

from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.plugins import Draw
from folium.template import Template

from charts.escaping import map_text
from charts.maps.assets import refuse_outside
from charts.palette import PRIMARY
from i18n.translator import Translator

Box = tuple[float, float, float, float]
"""South, west, north, east in degrees."""

MIN_ZOOM: Final = 2
MAX_ZOOM: Final = 16
TILES: Final = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
TILES_ATTRIBUTION: Final = "© OpenStreetMap contributors"
BASE_ATTRIBUTION: Final = "Natural Earth · GeoNames (CC BY 4.0)"

SHAPE: Final = {"color": PRIMARY["light"], "weight": 2, "fillOpacity": 0.08}

_WORDS: Final = (
    *("rectangle", "circle", "polygon", "cancel", "finish", "undo", "release", "drag", "radius"),
    *("click", "close", "crossing", "edit", "remove", "save", "clear", "move", "pick"),
)


class _Start(MacroElement):  # type: ignore[misc]
    """Calls ``Setia.start`` for its map, before the drawing tools are made."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            Setia.start({{ this._parent.get_name() }}, {{ this.start|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, start: dict[str, Any]) -> None:
        super().__init__()
        self._name = "SetiaStart"
        self.start = start


def base_map(
    extent: Box,
    t: Translator,
    *,
    tiles: bool = False,
    tools: bool = True,
    snap: float = 1.0,
) -> folium.Map:
    """A map without customers.

    Parameters
    ----------
    extent : (south, west, north, east) in degrees
        What the first look shows.
    t : Translator
        Words of the drawing tools.
    tiles : bool
        Also streets from OpenStreetMap, fetched by the browser from outside. Off by default.
    tools : bool
        Rectangle, circle and polygon can be drawn.
    snap : float
        Step of the zoom: with 0.5 an extent fills more of the map.

    Returns
    -------
    folium.Map
        Made anew on every run (streamlit-folium changes it); equal arguments give an equal script,
        so the browser keeps the map it has.
    """
    south, west, north, east = extent
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=6,
        tiles=None,
        control_scale=False,
        min_zoom=MIN_ZOOM,
        max_zoom=MAX_ZOOM,
        world_copy_jump=True,
        zoom_control="topleft",
    )
    made.options["maxZoom"] = MAX_ZOOM
    if snap != 1.0:
        made.options["zoomSnap"] = snap
    made.add_child(_Start(_start(extent, t)))
    if tiles:
        folium.TileLayer(TILES, attr=TILES_ATTRIBUTION, max_zoom=19, control=False).add_to(made)
    if not tools:
        return refuse_outside(made)
    drawing = {"rectangle": _tool(), "circle": _tool(), "polygon": {**_tool(), "allowIntersection": False}}
    off = {"polyline": False, "marker": False, "circlemarker": False}
    Draw(
        draw_options={**drawing, **off},
        edit_options={"edit": {"selectedPathOptions": {"maintainColor": True}}},
        show_geometry_on_click=False,
    ).add_to(made)
    return refuse_outside(made)


def _start(extent: Box, t: Translator) -> dict[str, Any]:
    south, west, north, east = extent
    return {
        "base": "basemap.json",
        "extent": [[south, west], [north, east]],
        "attribution": BASE_ATTRIBUTION,
        "shape": SHAPE,
        "lang": t.lang,
        "words": {word: map_text(t(f"map.draw.{word}")) for word in _WORDS},
    }


def _tool() -> dict[str, Any]:
    return {"shapeOptions": dict(SHAPE), "showArea": False}
