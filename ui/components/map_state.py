"""What a person has done to the customer map: where they look, what they picked, what they drew.

Kept per workspace in the session, so that the view survives every click, filter and change of page.
The map itself reports everything it holds on every event; here is told what is new in that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import streamlit as st

from charts.maps.base import Box
from charts.maps.marks import Scale
from geo.search import Place
from geo.selection import MAX_RADIUS_M

STATE: Final = "setia.map"
RETURNED: Final = [
    "bounds",
    "zoom",
    "center",
    "all_drawings",
    "last_active_drawing",
    "last_object_clicked_count",
]
"""What the browser reports; an event that changes none of it does not reach the server."""

MAX_SHAPES: Final = 20
VIEW_PIXELS: Final = (560, 900)
"""Height and width of the map, about: which cells to send before the browser has told."""
PICKED: Final = frozenset({"cell", "hex", "region", "store", "area", "point"})
LONGEST_PICK: Final = 120
MAX_POINTS: Final = 1_000

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class View:
    """What the browser shows: a box in degrees, a zoom and its middle."""

    box: Box
    zoom: int
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One drawn area: rings of (lon, lat), or a circle of a radius in metres around one point."""

    rings: tuple[Ring, ...]
    radius_m: float | None = None

    def feature(self) -> dict[str, Any]:
        """The shape as GeoJSON; a circle is a Point with ``properties.radius``, as Leaflet.draw has it."""
        if self.radius_m is not None:
            geometry = {"type": "Point", "coordinates": list(self.rings[0][0])}
            return {"type": "Feature", "properties": {"radius": self.radius_m}, "geometry": geometry}
        coordinates = [[list(point) for point in ring] for ring in self.rings]
        return {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": coordinates},
        }


@dataclass(frozen=True, slots=True)
class Selection:
    """A place a person asks about: a mark by its id, or drawn areas."""

    kind: Literal["cell", "hex", "region", "store", "area", "point", "shape"]
    id: str = ""
    shapes: tuple[Shape, ...] = ()

    @property
    def pick(self) -> str:
        """The id under which a mark knows itself; empty for drawn areas."""
        return f"{self.kind}:{self.id}" if self.kind != "shape" else ""


@dataclass
class MapState:
    """The state of one map in one session."""

    workspace: str
    kind: str = "clusters"
    stores: bool = True
    privacy: bool = True
    tiles: bool = False
    view: View | None = None
    mounted: tuple[Any, ...] = ()
    mount_view: View | None = None
    selection: Selection | None = None
    drawings: tuple[Shape, ...] = ()
    unread: int = 0
    cleared: int = 0
    found: Place | None = None
    radius_km: float = 0.0
    gone: int = 0
    month: date | None = None
    playing: bool = False
    since: float = 0.0
    scale: Scale | None = None
    _drawn: tuple[Shape, ...] = field(default=(), repr=False)
    _picked: tuple[str, int] = field(default=("", 0), repr=False)

    def clear(self) -> None:
        """Undo what is drawn and picked; the view stays."""
        self.selection, self.drawings, self.unread = None, (), 0
        self.cleared += 1

    def go(self, lat: float, lon: float, zoom: int) -> None:
        """Move the map to a place."""
        self.gone += 1  # the browser moves when it is told something new, also to the same place
        tall, wide = (pixels / 256 * 360 / 2**zoom / 2 for pixels in VIEW_PIXELS)
        box = (max(lat - tall, -90.0), lon - wide, min(lat + tall, 90.0), lon + wide)
        self.view = self.mount_view = View(box, zoom, (lat + self.gone * 1e-7, lon))

    def remount(self, mounted: tuple[Any, ...]) -> None:
        """The browser is about to make the map anew: it starts where the person last looked."""
        self.mounted, self.mount_view = mounted, self.view
        self._drawn, self._picked = self.drawings, ("", 0)

    def read(self, value: Mapping[str, Any] | None) -> None:
        """Take in what the browser reported.

        Parameters
        ----------
        value : mapping or None
            The keys of ``RETURNED``. It comes from the browser: what is not understood is passed over.
        """
        if not value:  # the map stands on no page: its clicks are counted anew
            self._picked = ("", 0)
        value = value or {}
        self.view = _view(value) or self.view
        clicks = value.get("last_object_clicked_count")
        clicks = clicks if isinstance(clicks, int) else 0
        active = value.get("last_active_drawing")
        pick = _pick(active)
        if isinstance(value.get("all_drawings"), list):
            found = shapes(value["all_drawings"])
            self.unread = len(value["all_drawings"]) - len(found)
            self._read_drawings(found)
        if clicks and (pick, clicks) != self._picked:
            self._picked = (pick, clicks)
            if pick:
                kind, _, name = pick.partition(":")
                self.selection = Selection(kind, name)  # type: ignore[arg-type]
            elif self.drawings and active:
                self.selection = Selection("shape", shapes=self.drawings)

    def _read_drawings(self, found: tuple[Shape, ...]) -> None:
        if found == self._drawn:
            return
        self._drawn = self.drawings = found
        if found:
            self.selection = Selection("shape", shapes=found)
        elif self.selection is not None and self.selection.kind == "shape":
            self.selection = None


def state(workspace: str, name: str = "") -> MapState:
    """The state of a map of this session in a workspace; another workspace starts afresh.

    Parameters
    ----------
    workspace : str
    name : str
        Of the map; the customer map has none.
    """
    key = f"{STATE}.{name}" if name else STATE
    found = st.session_state.get(key)
    if not isinstance(found, MapState) or found.workspace != workspace:
        found = MapState(workspace)
        st.session_state[key] = found
    return found


def shapes(features: Sequence[Any]) -> tuple[Shape, ...]:
    """Drawn areas from GeoJSON features; anything else, and what is too large, is passed over."""
    read = (_shape(feature) for feature in list(features)[:MAX_SHAPES])
    return tuple(shape for shape in read if shape is not None)


def _shape(feature: Any) -> Shape | None:
    try:
        geometry, properties = feature["geometry"], feature.get("properties") or {}
        if geometry["type"] == "Point" and "radius" in properties:
            radius = float(properties["radius"])
            return (
                Shape(((_point(geometry["coordinates"]),),), radius) if 0 < radius <= MAX_RADIUS_M else None
            )
        if geometry["type"] != "Polygon":
            return None
        rings = tuple(
            tuple(_point(point) for point in ring[:MAX_POINTS]) for ring in geometry["coordinates"][:10]
        )
        return Shape(rings) if rings and all(len(set(ring)) >= 3 for ring in rings) else None
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        return None


def _point(pair: Any) -> tuple[float, float]:
    lon, lat = float(pair[0]), float(pair[1])
    if not (abs(lon) <= 360 and abs(lat) <= 90):
        raise ValueError(f"A point needs degrees; got {pair!r}.")
    return lon, lat


def _view(value: Mapping[str, Any]) -> View | None:
    try:
        south_west, north_east = value["bounds"]["_southWest"], value["bounds"]["_northEast"]
        box = tuple(float(corner[side]) for corner in (south_west, north_east) for side in ("lat", "lng"))
        middle = (float(value["center"]["lat"]), float(value["center"]["lng"]))
        zoom = round(float(value["zoom"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if not all(map(math.isfinite, (*box, *middle))) or not 0 <= zoom <= 24 or box[0] > box[2]:
        return None
    return View((box[0], box[1], box[2], box[3]), zoom, middle)


def _pick(active: Any) -> str:
    try:
        pick = active["properties"]["pick"]
    except (KeyError, TypeError):
        return ""
    known = isinstance(pick, str) and len(pick) <= LONGEST_PICK and pick.partition(":")[0] in PICKED
    return pick if known else ""
