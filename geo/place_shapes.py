"""Which customers live inside drawn areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.distance import haversine_km


@dataclass(frozen=True)
class Area:
    """One area: rings of (lon, lat) in degrees, the first the border and the others holes.

    With a radius in metres it is the circle around the first point instead.
    """

    rings: tuple[tuple[tuple[float, float], ...], ...]
    radius_m: float | None = None


def within(lon: npt.ArrayLike, lat: npt.ArrayLike, areas: Sequence[Area]) -> npt.NDArray[np.bool_]:
    """Whether each point lies in at least one of the areas; a border belongs to its area.

    Parameters
    ----------
    lon, lat : array_like, (n,)
        Degrees. A missing coordinate lies nowhere.
    areas : sequence of Area
        A circle is one on the sphere; straight sides are straight on the map's degrees.

    Returns
    -------
    (n,) bool
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    found = np.zeros(x.shape, dtype=bool)
    for area in areas:
        open_points = np.flatnonzero(~found)
        found[open_points] = _in_area(x[open_points], y[open_points], area)
    return found


def _in_area(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], area: Area) -> npt.NDArray[np.bool_]:
    if area.radius_m is not None:
        lon, lat = area.rings[0][0]
        return np.asarray(haversine_km(y, x, lat, lon) * 1000.0 <= area.radius_m)
    shape = shapely.make_valid(shapely.Polygon(area.rings[0], area.rings[1:]))
    shapely.prepare(shape)
    return np.asarray(shapely.intersects_xy(shape, x, y))


def bounds(areas: Sequence[Area]) -> tuple[float, float, float, float]:
    """South, west, north, east (degrees) around all areas, to narrow the customers down first.

    Raises
    ------
    ValueError : there is no area.
    """
    if not areas:
        raise ValueError("bounds() needs at least one area.")
    boxes = [_bounds(area) for area in areas]
    south, west = min(b[0] for b in boxes), min(b[1] for b in boxes)
    return south, west, max(b[2] for b in boxes), max(b[3] for b in boxes)


def _bounds(area: Area) -> tuple[float, float, float, float]:
    lons, lats = [p[0] for p in area.rings[0]], [p[1] for p in area.rings[0]]
    if area.radius_m is None:
        return min(lats), min(lons), max(lats), max(lons)
    lon, lat = area.rings[0][0]
    high = area.radius_m / 111_000.0 * 1.01
    wide = min(high / max(np.cos(np.radians(min(abs(lat) + high, 89.0))), 0.01), 360.0)
    return lat - high, lon - wide, lat + high, lon + wide
