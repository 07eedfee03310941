"""Which points lie inside shapes drawn on the map, as GeoJSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.distance import haversine_km
from geo.mending import repaired

MAX_SHAPES: Final = 50
MAX_VERTICES: Final = 10_000
MAX_RADIUS_M: Final = 5_000_000.0

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def select(lon: npt.ArrayLike, lat: npt.ArrayLike, drawings: Sequence[Mapping[str, Any]]) -> Flags:
    """Points inside any of the drawn shapes.

    Parameters
    ----------
    lon, lat : array_like, (n,)
        Degrees; a missing coordinate lies nowhere.
    drawings : sequence of GeoJSON features
        Polygon, MultiPolygon, or a circle: a Point with ``properties.radius`` in metres.

    Returns
    -------
    (n,) bool
        A point on a border is inside.

    Raises
    ------
    ValueError : a shape cannot be understood, or there are too many shapes or corners.

    Examples
    --------
    >>> circle = {"geometry": {"type": "Point", "coordinates": [101.7, 3.1]}, "properties": {"radius": 2000}}
    >>> select([101.7, 101.8], [3.11, 3.1], [circle]).tolist()
    [True, False]
    """
    if len(drawings) > MAX_SHAPES:
        raise ValueError(f"Draw at most {MAX_SHAPES} shapes; there are {len(drawings)}.")
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    chosen = np.zeros(x.shape, dtype=bool)
    for feature in drawings:
        chosen |= _inside(x, y, feature)
    return chosen


def _inside(x: Floats, y: Floats, feature: Mapping[str, Any]) -> Flags:
    geometry = feature.get("geometry") if isinstance(feature, Mapping) else None
    if not isinstance(geometry, Mapping):
        raise ValueError("A drawn shape needs a geometry; this one has none.")
    kind = geometry.get("type")
    if kind == "Point":
        lon, lat = _position(geometry.get("coordinates"))
        near = haversine_km(y, x, lat, lon) * 1000.0 <= _radius(feature)
        return np.asarray(near, dtype=bool)
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"Draw a rectangle, a polygon or a circle; this shape is {str(kind)[:40]!r}.")
    shape = _polygon(geometry, str(kind))
    if shape is None:
        return np.zeros(x.shape, dtype=bool)
    shapely.prepare(shape)
    west, _, east, _ = shapely.bounds(shape)
    inside = np.zeros(x.shape, dtype=bool)
    for turn in (-360.0, 0.0, 360.0):  # a map that runs on beyond the date line draws there too
        if west <= 180 + turn and -180 + turn <= east:
            inside |= shapely.intersects_xy(shape, x + turn, y)
    return inside


def _radius(feature: Mapping[str, Any]) -> float:
    properties = feature.get("properties")
    radius = properties.get("radius") if isinstance(properties, Mapping) else None
    if isinstance(radius, bool) or not isinstance(radius, (int, float)) or not 0 < radius <= MAX_RADIUS_M:
        raise ValueError(f"A circle needs a radius above 0 and up to {MAX_RADIUS_M:.0f} metres.")
    return float(radius)


def _position(value: Any) -> tuple[float, float]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) < 2:
        raise ValueError("A corner needs a longitude and a latitude.")
    if not all(
        isinstance(v, (int, float)) and not isinstance(v, bool) and math.isfinite(v) for v in value[:2]
    ):
        raise ValueError("A corner's longitude and latitude must be numbers.")
    lon, lat = float(value[0]), float(value[1])
    if abs(lon) > 360 or abs(lat) > 90:
        raise ValueError(f"A corner lies off the map: longitude {lon:g}, latitude {lat:g}.")
    return lon, lat


def _polygon(geometry: Mapping[str, Any], kind: str) -> BaseGeometry | None:
    coordinates: Any = geometry.get("coordinates")
    polygons: Any = [coordinates] if kind == "Polygon" else coordinates
    if not isinstance(polygons, Sequence) or not polygons or not all(_is_list(p) and p for p in polygons):
        raise ValueError("A polygon needs at least one ring of corners.")
    rings = [ring for polygon in polygons for ring in polygon]
    if not all(_is_list(ring) for ring in rings):
        raise ValueError("A polygon's ring needs to be a list of corners.")
    corners = sum(len(ring) for ring in rings)
    if corners > MAX_VERTICES:
        raise ValueError(f"A shape may have at most {MAX_VERTICES} corners; this one has {corners}.")
    parts = [[[_position(corner) for corner in ring] for ring in polygon] for polygon in polygons]
    if any(len(set(ring)) < 3 for part in parts for ring in part):
        raise ValueError("A polygon's ring needs at least three different corners.")
    whole: BaseGeometry | None = repaired(
        shapely.multipolygons([shapely.Polygon(p[0], p[1:]) for p in parts])
    )
    return whole


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
