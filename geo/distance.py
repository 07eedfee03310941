"""Distances on the sphere, and the nearest store."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree
from shapely.geometry import Polygon

EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius R1 of the GRS 80 ellipsoid (Moritz 2000, Geodetic Reference System 1980)."""

Floats = npt.NDArray[np.float64]


def haversine_km(
    lat1: npt.ArrayLike,
    lon1: npt.ArrayLike,
    lat2: npt.ArrayLike,
    lon2: npt.ArrayLike,
    radius_km: float = EARTH_RADIUS_KM,
) -> Floats:
    """Great-circle distance.

    Parameters
    ----------
    lat1, lon1, lat2, lon2 : array_like
        Degrees; broadcast against each other.
    radius_km : float
        Radius of the sphere; the mean earth radius unless said.

    Returns
    -------
    ndarray
        Kilometres; NaN where a coordinate is missing.

    References
    ----------
    Sinnott (1984), Virtues of the haversine, Sky and Telescope 68(2).

    Examples
    --------
    >>> round(float(haversine_km(36.12, -86.67, 33.94, -118.40, radius_km=6372.8)), 3)
    2887.26
    """
    a1, b1, a2, b2 = (np.radians(np.asarray(v, dtype=float)) for v in (lat1, lon1, lat2, lon2))
    half = np.sin((a2 - a1) / 2) ** 2 + np.cos(a1) * np.cos(a2) * np.sin((b2 - b1) / 2) ** 2
    return np.asarray(2 * radius_km * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def unit_vectors(lat: npt.ArrayLike, lon: npt.ArrayLike) -> Floats:
    """Points on the unit sphere, (n, 3), for nearest-neighbour search."""
    a, b = np.radians(np.asarray(lat, dtype=float)), np.radians(np.asarray(lon, dtype=float))
    return np.column_stack((np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)))


def nearest(
    lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    store_lat: npt.ArrayLike,
    store_lon: npt.ArrayLike,
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The nearest store of each customer.

    Parameters
    ----------
    lat, lon : array_like, (n,)
        Customers, degrees; missing ones get no store.
    store_lat, store_lon : array_like, (m,)
        Stores, degrees; m >= 1, stores without coordinates are passed over.

    Returns
    -------
    index : (n,) int64
        Position of the nearest store; -1 where the customer has no coordinates.
    distance_km : (n,) float
        Great-circle distance; NaN where there is none.

    Raises
    ------
    ValueError : no store has coordinates.
    """
    stores = unit_vectors(store_lat, store_lon)
    placed = np.flatnonzero(np.isfinite(stores).all(axis=1))
    if not placed.size:
        raise ValueError(f"nearest() needs at least one store with coordinates; got {len(stores)} without.")
    customers = unit_vectors(lat, lon)
    known = np.isfinite(customers).all(axis=1)
    index = np.full(len(customers), -1, dtype=np.int64)
    distance = np.full(len(customers), np.nan)
    chord, position = cKDTree(stores[placed]).query(customers[known])
    index[known] = placed[position]
    distance[known] = 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0.0, 1.0))
    return index, distance


def circle(lat: float, lon: float, radius_km: float, corners: int = 72) -> Polygon:
    """The circle around a point on the sphere, as a polygon in degrees.

    References
    ----------
    Snyder (1987), Map Projections, USGS PP 1395, eqs. 5-5 and 5-6: the point at an azimuth and distance.

    Examples
    --------
    >>> ring = circle(3.1, 101.7, 5.0)
    >>> [round(x, 2) for x in ring.bounds]
    [101.65, 3.06, 101.75, 3.14]
    """
    angle, away = np.linspace(0.0, 2 * np.pi, corners, endpoint=False), radius_km / EARTH_RADIUS_KM
    phi = np.radians(lat)
    up = np.arcsin(np.sin(phi) * np.cos(away) + np.cos(phi) * np.sin(away) * np.cos(angle))
    side = np.arctan2(
        np.sin(away) * np.sin(angle), np.cos(phi) * np.cos(away) - np.sin(phi) * np.sin(away) * np.cos(angle)
    )
    return Polygon(np.column_stack((lon + np.degrees(side), np.degrees(up))))
