"""Areas around named places where no borders are known: everywhere belongs to the nearest place.

They are approximate, and are called so wherever they are shown.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]


def nearest_areas(lon: npt.ArrayLike, lat: npt.ArrayLike, land: Any) -> Shapes:
    """The part of the land that lies nearer to each place than to any other.

    Parameters
    ----------
    lon, lat : array_like, (n,)
        Degrees; each place once.
    land : shapely geometry
        Polygons in degrees.

    Returns
    -------
    (n,) object
        Polygon or MultiPolygon; empty where a place has no land around it.

    Raises
    ------
    ValueError : fewer than two places, or two at one point.

    Notes
    -----
    Nearest on a map whose degrees of longitude are shortened by the cosine of the middle latitude: over a
    country this differs from the great circle by less than the places' own inaccuracy.

    References
    ----------
    Okabe, Boots, Sugihara, Chiu (2000), Spatial Tessellations, definition V2.
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if x.size < 2 or np.unique(np.column_stack([x, y]), axis=0).shape[0] < x.size:
        raise ValueError("nearest_areas() needs two places or more, no two at one point.")
    stretch = np.array([np.cos(np.radians(float(y.mean()))), 1.0])
    flat = shapely.transform(land, lambda xy: xy * stretch)
    shapely.prepare(flat)
    points = shapely.multipoints(np.column_stack([x, y]) * stretch)
    box = shapely.box(*(np.array(shapely.bounds(flat)) + np.array([-1.0, -1.0, 1.0, 1.0])))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box, ordered=True))
    inside = shapely.contains_properly(flat, cells)
    out = np.asarray(cells, dtype=object).copy()
    out[~inside] = shapely.intersection(cells[~inside], flat)
    return np.asarray(shapely.transform(out, lambda xy: xy / stretch), dtype=object)
