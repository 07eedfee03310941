"""Candidates for a new store: drawn on a map, read from a file, or proposed from where demand is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.distance import EARTH_RADIUS_KM, unit_vectors

LONGEST_NAME: Final = 80
MOST: Final = 400
"""Candidates that are looked at together."""

NUMBERS: Final[Mapping[str, tuple[float, float]]] = {
    "rent": (0.0, 1e11),
    "size_m2": (1.0, 1e6),
    "frontage_m": (0.0, 1e4),
    "parking": (0.0, 1e5),
    "rivals": (0.0, 1e4),
    "set_up": (0.0, 1e13),
}
"""What each number of a candidate may be."""

SOURCES: Final = ("drawn", "uploaded", "town", "cell", "peak")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a store could stand.

    Parameters
    ----------
    name : str
        As given (data: write it safely).
    lat, lon : float or None
        Degrees; None where a row of a file has none.
    rent : float or None
        A month, workspace currency.
    size_m2, frontage_m : float or None
        Selling space and shop front, m2 and m.
    parking : float or None
        Places.
    rivals : float or None
        Competitors that were counted near it.
    set_up : float or None
        Cost to open, paid once; None takes the brief's.
    source : str
        One of ``SOURCES``.
    note : str
        Of the visit.
    """

    name: str
    lat: float | None
    lon: float | None
    rent: float | None = None
    size_m2: float | None = None
    frontage_m: float | None = None
    parking: float | None = None
    rivals: float | None = None
    set_up: float | None = None
    source: str = "uploaded"
    note: str = ""

    def __post_init__(self) -> None:
        for name, (low, high) in NUMBERS.items():
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and low <= value <= high):
                raise ValueError(f"{name} must be from {low:g} to {high:g}; it is {value!r}.")
        for name, most in (("lat", 90.0), ("lon", 180.0)):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and abs(value) <= most):
                raise ValueError(f"{name} must be degrees from -{most:g} to {most:g}; it is {value!r}.")

    @property
    def placed(self) -> bool:
        """Whether it has coordinates."""
        return self.lat is not None and self.lon is not None


def frame(candidates: Sequence[Candidate]) -> pd.DataFrame:
    """Candidates as a table, one row each, in their order; missing numbers are NaN."""
    names = [field.name for field in fields(Candidate)]
    made = pd.DataFrame([[getattr(c, name) for name in names] for c in candidates], columns=names)
    for name in ("lat", "lon", *NUMBERS):
        made[name] = pd.to_numeric(made[name], errors="coerce")
    return made


@dataclass(frozen=True, slots=True)
class Drawn:
    """Candidates from drawings, and how many drawings could not be understood as a place."""

    candidates: tuple[Candidate, ...]
    dropped: int


def drawn(features: Sequence[Mapping[str, Any]], name: str) -> Drawn:
    """Candidates from what was drawn: a marker or a circle's middle is a point, an area stands for its
    middle.

    Parameters
    ----------
    features : sequence of GeoJSON features
        Point, or Polygon (its first ring); longitudes may run on beyond 180 or jump across the date line.
    name : str
        Of each, a number is added.

    Returns
    -------
    Drawn
        What is no point and no area, has no corners, or lies off the globe is counted and left out, as is
        what comes after the first ``MOST``.
    """
    middles = [_middle(feature) for feature in features[:MOST]]
    made = [
        Candidate(f"{name} {place}", spot[0], spot[1], source="drawn")
        for place, spot in enumerate((spot for spot in middles if spot is not None), start=1)
    ]
    return Drawn(tuple(made), len(features) - len(made))


def _middle(feature: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude of the middle of a drawing; None where it has none."""
    try:
        geometry = feature["geometry"]
        coordinates = geometry["coordinates"]
        points = {"Point": [coordinates], "Polygon": coordinates[0]}[geometry["type"]]
        corners = np.array([[float(each) for each in point[:2]] for point in points], dtype=float)
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    if corners.ndim != 2 or corners.shape[1] != 2 or not np.isfinite(corners).all():
        return None
    lon = np.unwrap(corners[:, 0], period=360.0)
    area = (
        shapely.make_valid(shapely.Polygon(np.column_stack([lon, corners[:, 1]]))) if len(lon) > 3 else None
    )
    middle = shapely.MultiPoint(np.column_stack([lon, corners[:, 1]])) if area is None else area
    x, y = shapely.centroid(middle).x, shapely.centroid(middle).y
    return (float(y), (float(x) + 180.0) % 360.0 - 180.0) if abs(y) <= 90 else None


def from_towns(
    towns: pd.DataFrame, lat: npt.ArrayLike, lon: npt.ArrayLike, within_km: float, most: int
) -> list[Candidate]:
    """The largest towns that have a customer within a distance.

    Parameters
    ----------
    towns : DataFrame
        ``name``, ``lat``, ``lon``, ``population``.
    lat, lon : (n,)
        Points of demand.
    within_km : float
    most : int
        At most so many.
    """
    if towns.empty or not np.size(lat):
        return []
    tree = cKDTree(unit_vectors(lat, lon))
    chord, _ = tree.query(unit_vectors(towns["lat"], towns["lon"]))
    near = towns[2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1)) <= within_km]
    best = near.sort_values(["population", "name"], ascending=[False, True]).drop_duplicates(["lat", "lon"])
    return [
        Candidate(str(row.name_), float(row.lat), float(row.lon), source="town")
        for row in best.head(most).rename(columns={"name": "name_"}).itertuples(index=False)
    ]


def from_cells(
    lat: npt.ArrayLike, lon: npt.ArrayLike, weight: npt.ArrayLike, most: int, name: str
) -> list[Candidate]:
    """The middles of the cells with the most demand.

    Parameters
    ----------
    lat, lon, weight : (n,)
    most : int
    name : str
        Of each, a number is added.
    """
    weights = np.asarray(weight, dtype=float)
    order = np.lexsort((np.asarray(lon), np.asarray(lat), -weights))
    chosen = [int(i) for i in order if weights[i] > 0][:most]
    return [
        Candidate(f"{name} {k}", float(np.asarray(lat)[i]), float(np.asarray(lon)[i]), source="cell")
        for k, i in enumerate(chosen, start=1)
    ]


def peaks(
    lat: npt.ArrayLike, lon: npt.ArrayLike, weight: npt.ArrayLike, width_km: float, most: int, name: str
) -> list[Candidate]:
    """Peaks of the smoothed demand: points where more demand lies around than around any neighbour.

    Parameters
    ----------
    lat, lon, weight : (n,)
        Demand not yet served, >= 0.
    width_km : float
        Width of the kernel: demand at distance d counts ``exp(-d^2 / (2 w^2))``, and no two peaks lie nearer
        than it.
    most : int
    name : str

    Returns
    -------
    list of Candidate
        The highest first.
    """
    weights = np.asarray(weight, dtype=float)
    a, b = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    if not weights.size or weights.max(initial=0.0) <= 0:
        return []
    places = unit_vectors(a, b)
    tree = cKDTree(places)
    reach = 2 * math.sin(min(3 * width_km / EARTH_RADIUS_KM, math.pi) / 2)
    height = np.zeros(len(weights))
    for i, near in enumerate(tree.query_ball_point(places, reach)):
        chord = np.linalg.norm(places[near] - places[i], axis=1)
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1))
        height[i] = float(weights[near] @ np.exp(-0.5 * (km / width_km) ** 2))
    order = np.lexsort((b, a, -height))
    apart = 2 * math.sin(min(width_km / EARTH_RADIUS_KM, math.pi) / 2)
    found: list[int] = []
    for i in order:
        if len(found) == most or height[i] <= 0:
            break
        if not found or np.linalg.norm(places[found] - places[i], axis=1).min() >= apart:
            found.append(int(i))
    return [
        Candidate(f"{name} {k}", float(a[i]), float(b[i]), source="peak")
        for k, i in enumerate(found, start=1)
    ]


def renamed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Every name once: a second of the same name gets a number."""
    seen: dict[str, int] = {}
    made = []
    for each in candidates:
        seen[each.name] = seen.get(each.name, 0) + 1
        count = seen[each.name]
        made.append(each if count == 1 else replace(each, name=f"{each.name[: LONGEST_NAME - 5]} ({count})"))
    return made
