"""Travel times by road: a graph of ways, the shortest times to each store, and areas within minutes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from shapely.geometry import mapping

from geo.catchments import outline
from geo.cells import to_x20, to_y20
from geo.distance import haversine_km, nearest
from geo.travel import Given, TravelRefused

SPEEDS: Final[dict[str, float]] = {
    "motorway": 90.0,
    "trunk": 75.0,
    "primary": 55.0,
    "secondary": 45.0,
    "tertiary": 40.0,
    "unclassified": 35.0,
    "residential": 28.0,
    "living_street": 15.0,
    "road": 30.0,
}
"""Kilometres an hour by OpenStreetMap's class of road, without traffic: an assumption. A link road
has the speed of its class times ``LINK``; other classes (paths, service roads) are not driven."""

LINK: Final = 0.7
ACCESS_KMH: Final = 25.0
"""Speed of the straight line between a store and the nearest road."""

LIMIT_MINUTES: Final = 120.0
FARTHEST_STORE_KM: Final = 5.0
MOST_POINTS: Final = 40_000
SLOWEST_KMH: Final = 3.0

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Progress = Callable[[float], None]


@dataclass(frozen=True)
class RoadGraph:
    """Crossings and bends with the minutes between them.

    ``lat``, ``lon`` (nodes,) degrees; ``start``, ``end`` (edges,) positions of nodes, in the direction
    that may be driven; ``minutes`` (edges,) > 0.
    """

    lat: Floats
    lon: Floats
    start: Integers
    end: Integers
    minutes: Floats


def speed(highway: str) -> float | None:
    """Kilometres an hour of a class of road; None for one that is not driven."""
    base = highway.removesuffix("_link")
    found = SPEEDS.get(base)
    return found if found is None or base == highway else found * LINK


def edge_minutes(lat: Floats, lon: Floats, start: Integers, end: Integers, kmh: npt.ArrayLike) -> Floats:
    """Minutes of straight pieces of road at their speed, at least a hundredth of a second."""
    km = haversine_km(lat[start], lon[start], lat[end], lon[end])
    return np.asarray(np.maximum(km / np.maximum(kmh, SLOWEST_KMH) * 60.0, 1e-4))


def minutes_to_stores(
    graph: RoadGraph,
    stores: pd.DataFrame,
    *,
    limit: float = LIMIT_MINUTES,
    progress: Progress | None = None,
) -> Given:
    """Minutes by road from places everywhere to each store.

    Only the largest connected part of the graph counts: a store on a fragment would reach nobody.

    Parameters
    ----------
    graph : RoadGraph
    stores : DataFrame
        ``store_id``, ``lat``, ``lon``; those farther than 5 km from every road get no times.
    limit : float
        Longer ways are left open.
    progress : callable, optional
        Called with the share done.

    Returns
    -------
    Given
        At one crossing per cell of about 600 m, coarser where that is more than ``MOST_POINTS``.

    Raises
    ------
    TravelRefused : no road is near any store.

    References
    ----------
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.
    """
    n = len(graph.lat)
    ways: Any = csr_matrix(
        (graph.minutes, (graph.end, graph.start)), shape=(n, n)
    )  # turned: towards the store
    _, part = connected_components(ways, directed=True, connection="weak")
    main = np.flatnonzero(part == np.bincount(part).argmax())
    known = stores[stores["lat"].notna() & stores["lon"].notna()]
    if not len(known) or not main.size:
        raise _no_roads()
    at, gap = nearest(known["lat"], known["lon"], graph.lat[main], graph.lon[main])
    near = gap <= FARTHEST_STORE_KM
    if not near.any():
        raise _no_roads()
    kept = main[_thinned(graph.lat[main], graph.lon[main])]
    minutes = np.full((len(kept), len(known)), np.inf)
    for done, j in enumerate(np.flatnonzero(near)):
        found = _from(ways, int(main[at[j]]), limit)
        minutes[:, j] = found[kept] + gap[j] / ACCESS_KMH * 60.0
        if progress is not None:
            progress((done + 1) / int(near.sum()))
    reached = np.isfinite(minutes).any(axis=1)
    ids = tuple(str(store) for store in known["store_id"])
    return Given(graph.lat[kept][reached], graph.lon[kept][reached], ids, minutes[reached])


def detour_factor(graph: RoadGraph, stores: pd.DataFrame, most_stores: int = 12) -> float | None:
    """How much longer the road is than the straight line, in the middle of many ways to stores.

    Parameters
    ----------
    graph : RoadGraph
    stores : DataFrame
        ``store_id``, ``lat``, ``lon``; at most the first ``most_stores`` near a road are taken.
    most_stores : int

    Returns
    -------
    float or None
        Median of road by straight kilometres over ways of 2 to 50 km on the shortest road, within 1
        to 5; None where there are fewer than 30 such ways.
    """
    n = len(graph.lat)
    pieces = haversine_km(
        graph.lat[graph.start], graph.lon[graph.start], graph.lat[graph.end], graph.lon[graph.end]
    )
    ways: Any = csr_matrix((np.maximum(pieces, 1e-6), (graph.end, graph.start)), shape=(n, n))
    known = stores[stores["lat"].notna() & stores["lon"].notna()]
    if not len(known):
        return None
    at, gap = nearest(known["lat"], known["lon"], graph.lat, graph.lon)
    kept = _thinned(graph.lat, graph.lon)
    ratios = []
    for node in at[gap <= FARTHEST_STORE_KM][:most_stores]:
        road = _from(ways, int(node), 100.0)[kept]
        straight = haversine_km(graph.lat[node], graph.lon[node], graph.lat[kept], graph.lon[kept])
        usable = np.isfinite(road) & (straight >= 2.0) & (straight <= 50.0)
        ratios.append(road[usable] / straight[usable])
    every = np.concatenate(ratios) if ratios else np.zeros(0)
    return float(np.clip(np.median(every), 1.0, 5.0)) if len(every) >= 30 else None


def isochrones(given: Given, limits: Sequence[float], radius_km: float = 0.8) -> list[dict[str, Any]]:
    """The areas within minutes of each store, as GeoJSON features.

    Parameters
    ----------
    given : Given
    limits : sequence of float
        Minutes.
    radius_km : float
        Of the disc around each point that is reached.

    Returns
    -------
    list of features
        Properties ``store_id`` and ``minutes``; none for a store that reaches nothing in that time.
    """
    found = []
    for j, store in enumerate(given.store_ids):
        for minutes in sorted(limits, reverse=True):
            inside = given.minutes[:, j] <= minutes
            shape = outline(given.lat[inside], given.lon[inside], radius_km)
            if shape is not None:
                properties = {"store_id": store, "minutes": float(minutes)}
                found.append({"type": "Feature", "properties": properties, "geometry": mapping(shape)})
    return found


def _thinned(lat: Floats, lon: Floats) -> Integers:
    """One node per cell of the grid, as fine as ``MOST_POINTS`` allows."""
    x, y = to_x20(lon), to_y20(lat)
    for shift in range(4, 21):
        _, first = np.unique((x >> shift) * (1 << 21) + (y >> shift), return_index=True)
        if len(first) <= MOST_POINTS:
            break
    return np.asarray(np.sort(first), dtype=np.int64)


def _no_roads() -> TravelRefused:
    return TravelRefused(
        "no_roads",
        "No road of the file is within {km} km of a store. Take a road file of the stores' country.",
        km=int(FARTHEST_STORE_KM),
    )


def _from(ways: Any, node: int, limit: float) -> Floats:
    run: Any = dijkstra
    return np.asarray(run(ways, indices=node, limit=limit))
