"""Which state or province a point lies in.

Points are assigned with the full polygons; the simplified ones are for drawing only. A point on a common
border belongs to exactly one region, the first in the order of the frame, so that counts add up.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.distance import EARTH_RADIUS_KM

NOWHERE: Final = -1
MIN_STRETCH: Final = 0.05
"""Width of a degree of longitude against one of latitude, at least: near the poles."""

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def _checked(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(lon, dtype=float).ravel(), np.asarray(lat, dtype=float).ravel()
    if x.shape != y.shape:
        raise ValueError(f"assign() needs as many longitudes as latitudes; got {x.size} and {y.size}.")
    x = np.where(np.isfinite(x), x, np.nan)
    return (x + 180.0) % 360.0 - 180.0, y


def assign(
    lon: npt.ArrayLike, lat: npt.ArrayLike, regions: gpd.GeoDataFrame, snap_km: float = 0.0
) -> Indices:
    """Position in ``regions`` of the region each point lies in.

    Parameters
    ----------
    lon, lat : array_like, (n,)
        Degrees, WGS 84. Longitudes beyond the date line are brought back into [-180, 180).
        A missing or infinite coordinate lies nowhere.
    regions : GeoDataFrame
        ``geometry`` (polygons; rows without a polygon are passed over).
    snap_km : float
        A point in no region takes the nearest region within this distance (coasts are generalised);
        0 means no snapping.

    Returns
    -------
    (n,) int64
        Row number in ``regions``, ``NOWHERE`` (-1) outside all. A border point goes to the first
        region, in the order of ``regions``, that touches it.

    Raises
    ------
    ValueError : lengths differ.
    """
    x, y = _checked(lon, lat)
    out = np.full(x.size, NOWHERE, dtype=np.int64)
    shapes = np.asarray(regions.geometry.array, dtype=object)
    good = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    good = good[np.argsort(x[good], kind="stable")]
    xs, ys = x[good], y[good]
    found = out[good]
    for row in range(len(shapes)):
        if shapes[row] is not None and not shapely.is_empty(shapes[row]):
            _claim(found, row, xs, ys, shapes[row])
    out[good] = found
    if snap_km > 0:
        _snap(out, x, y, shapes, snap_km)
    return out


def _claim(found: Indices, row: int, xs: Floats, ys: Floats, shape: Any) -> None:
    """Give ``row`` the points, sorted by x, that it covers and no earlier row has."""
    shapely.prepare(shape)
    left, bottom, right, top = shapely.bounds(shape)
    start, stop = np.searchsorted(xs, left, "left"), np.searchsorted(xs, right, "right")
    window = slice(start, stop)
    near = (found[window] == NOWHERE) & (ys[window] >= bottom) & (ys[window] <= top)
    candidates = start + np.flatnonzero(near)
    if candidates.size:
        inside = shapely.intersects_xy(shape, xs[candidates], ys[candidates])
        found[candidates[inside]] = row


def _snap(out: Indices, x: Floats, y: Floats, shapes: npt.NDArray[Any], snap_km: float) -> None:
    """Move points that lie nowhere to the nearest region within ``snap_km``."""
    lost = np.flatnonzero((out == NOWHERE) & np.isfinite(x) & np.isfinite(y) & (np.abs(y) <= 90))
    if not lost.size:
        return
    degrees = np.degrees(snap_km / EARTH_RADIUS_KM)
    tree = shapely.STRtree(shapes)
    _snap_to(tree, out, lost, x, y, shapes, degrees)
    beyond = lost[(out[lost] == NOWHERE) & (np.abs(x[lost]) > 180.0 - degrees / MIN_STRETCH)]
    if beyond.size:  # the land across the date line lies at the other end of the map
        _snap_to(tree, out, beyond, np.where(x > 0, x - 360.0, x + 360.0), y, shapes, degrees)


def _snap_to(
    tree: shapely.STRtree,
    out: Indices,
    lost: Indices,
    x: Floats,
    y: Floats,
    shapes: npt.NDArray[Any],
    degrees: float,
) -> None:
    for latitude in np.unique(np.round(y[lost])):
        # Degrees of longitude shrink with latitude: search in a plane stretched for this band.
        band = lost[np.round(y[lost]) == latitude]
        stretch = max(np.cos(np.radians(latitude)), MIN_STRETCH)
        reach = degrees / stretch
        hits = tree.query(shapely.box(x[band] - reach, y[band] - degrees, x[band] + reach, y[band] + degrees))
        _nearest(out, band, hits, x, y, shapes, stretch, degrees)


def _nearest(
    out: Indices,
    band: Indices,
    hits: npt.NDArray[np.int64],
    x: Floats,
    y: Floats,
    shapes: npt.NDArray[Any],
    stretch: float,
    degrees: float,
) -> None:
    best = np.full(band.size, np.inf)
    for row in np.unique(hits[1]):
        members = hits[0][hits[1] == row]
        flat = shapely.transform(shapes[row], lambda xy: xy * (stretch, 1.0))
        points = shapely.points(x[band[members]] * stretch, y[band[members]])
        away = shapely.distance(flat, points)
        closer = (away <= degrees) & (away < best[members])
        best[members[closer]] = away[closer]
        out[band[members[closer]]] = row


def region_codes(
    lon: npt.ArrayLike, lat: npt.ArrayLike, regions: gpd.GeoDataFrame, snap_km: float = 0.0
) -> npt.NDArray[np.object_]:
    """ISO 3166-2 code of the region each point lies in, None outside all.

    Parameters and order of precedence as in ``assign``; ``regions`` also needs ``code``.
    """
    codes = np.array([*regions["code"], None], dtype=object)
    return codes[assign(lon, lat, regions, snap_km)]


def polygon_codes(codes: pd.Series, regions: pd.DataFrame) -> pd.Series:
    """Code of the polygon that stands for each region on a map.

    A province younger than the polygons is drawn, and points are assigned, as part of its parent.
    """
    return codes.map(dict(zip(regions["code"], regions["polygon_code"], strict=True)))
