"""Every script and style of a map comes from this app: the one place where folium's links are set.

folium names its files on four content networks, and the first that does not answer leaves the map
blank. Importing this module points the classes Setia uses at ``ui/static`` instead. Paths are
relative to the frame that streamlit-folium draws in, so they hold under a base path too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import folium
from branca.colormap import ColorMap
from folium.elements import JSCSSMixin
from folium.plugins import Draw

ROOT: Final = "../../app/static"
LEAFLET: Final = f"{ROOT}/vendor/leaflet-1.9.4/dist"
DRAW: Final = f"{ROOT}/vendor/leaflet-draw-1.0.4/dist"
VERSION: Final = "10"
"""Changes with ui/static/maps, so that a browser does not keep an older script."""

folium.Map.default_js = [
    ("leaflet", f"{LEAFLET}/leaflet.js"),
    ("setia_regions", f"{ROOT}/maps/setia-regions.js?v={VERSION}"),
    ("setia_map", f"{ROOT}/maps/setia-map.js?v={VERSION}"),
]
folium.Map.default_css = [
    ("leaflet_css", f"{LEAFLET}/leaflet.css"),
    ("setia_map_css", f"{ROOT}/maps/setia-map.css?v={VERSION}"),
]
Draw.default_js = [("leaflet_draw_js", f"{DRAW}/leaflet.draw.js")]
Draw.default_css = [("leaflet_draw_css", f"{DRAW}/leaflet.draw.css")]


def refuse_outside(fig: folium.Map) -> folium.Map:
    """The map as it is, or an error when any part of it would load a file from outside.

    Raises
    ------
    ValueError : a part links to a file that is not served by this app, or is a branca colour map
        (streamlit-folium fetches d3 from outside for those; draw the legend instead).
    """
    for part in _parts(fig):
        if isinstance(part, ColorMap):
            raise ValueError("A branca ColorMap loads d3 from outside; use charts.maps.legends instead.")
        links = [*getattr(part, "default_js", []), *getattr(part, "default_css", [])]
        outside = [url for _, url in links if not url.startswith(ROOT)]
        if outside:
            raise ValueError(
                f"{type(part).__name__} loads {outside} from outside. Vendor the files with "
                "tools/vendor_assets.py and set their paths in charts/maps/assets.py."
            )
    return fig


def _parts(element: Any) -> Iterator[Any]:
    if isinstance(element, JSCSSMixin | ColorMap):
        yield element
    for child in element._children.values():
        yield from _parts(child)
