"""Territories: every area to one person, the work shared fairly, each in one piece and near its centre.

Centres are a p-median of the demand, or given. Areas are handed out by a transport problem with a lower and
an upper limit of work per centre, split areas go to whoever has the larger part, and centres move to the
middle of what they got (location-allocation). Then pieces that lie apart are given to a neighbour, and single
areas change hands over a common border while that makes the shares fairer or the ways shorter.

References
----------
Hess, Weaver, Siegfeldt, Whelan and Zitlau (1965), Nonpartisan political redistricting by computer, Operations
Research 13(6): centres and transport in turn. Ricca, Scozzari and Simeone (2013), Political districting: from
classical models to recent approaches, Annals of Operations Research 204: repair and local search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from geo.distance import haversine_km
from geo.siting.checking import Budget, Progress
from geo.territory_centres import centres as best_centres
from geo.territory_moves import allocate, exchange, one_piece

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Weights = sparse.csr_matrix

ROUNDS: Final = 6
"""Times that centres move and areas are handed out again."""

_NAME: Final = "divide()"


@dataclass(frozen=True, eq=False)
class Territories:
    """Areas shared out among k territories.

    ``label`` (n,) the territory of each area; ``centre`` (k,) the area a territory is looked after from, or
    -1 where the centre was given; ``lat``, ``lon`` (k,) of the centres; ``weight`` (k,) the work;
    ``deviation`` (k,) weight / fair share - 1; ``mean_way`` (k,) by weight (plain where there is no work) and
    ``max_way`` (k,) from the centre to the areas, in kilometres or the unit of given ways;
    ``contiguous``: every territory is in one piece, as checked afterwards; ``complete``: the search
    ended by itself, so that another run gives the same; ``least_way``: a mean way by weight that no division
    is below, however uneven; ``least_imbalance``: an imbalance that none is below, for the heaviest area is
    never split.
    """

    label: Indices
    centre: Indices
    lat: Floats
    lon: Floats
    weight: Floats
    deviation: Floats
    mean_way: Floats
    max_way: Floats
    contiguous: bool
    complete: bool
    least_way: float
    least_imbalance: float

    @property
    def imbalance(self) -> float:
        """The largest deviation from the fair share, as a share of it."""
        return float(np.abs(self.deviation).max())


def divide(
    lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    weight: npt.ArrayLike,
    neighbours: Weights,
    territories: int,
    centres: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    ways: npt.ArrayLike | None = None,
    tolerance: float = 0.1,
    time_limit: float = 60.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Territories:
    """Share areas out.

    Parameters
    ----------
    lat, lon : array_like, (n,)
        Middle of each area, degrees.
    weight : array_like, (n,)
        Work in each area (customers, value, visits): finite, >= 0, some > 0.
    neighbours : csr_matrix, (n, n)
        Symmetric and connected: of ``geo.neighbours.contiguity`` or ``grid``, then ``linked``.
    territories : int
        2 to n.
    centres : (lat, lon), optional
        Where the territories are looked after from; they stay there. Default: the best places are found.
    ways : array_like, (n, territories), optional
        What the way from each area to each given centre costs, finite, >= 0, in any unit: minutes, kilometres
        by road. Default: great-circle kilometres.
    tolerance : float
        Deviation from the fair share (0..1) within which only distance counts.
    time_limit : float
        Seconds, as a last resort: the work is bounded in rounds and moves. The best so far is returned then,
        in one piece each all the same, and ``complete`` is False.
    seed : int
    progress : callable, optional
        As in :func:`geo.siting.p_median`.

    Returns
    -------
    Territories

    Raises
    ------
    ValueError : sizes that do not fit, no work at all, more territories than areas, areas that are not
        connected, a tolerance outside 0..1.
    """
    y, x, work = (np.asarray(part, dtype=float) for part in (lat, lon, weight))
    graph = _checked(y, x, work, neighbours, territories, centres, tolerance)
    budget = Budget(time_limit, _NAME, progress)
    cost, least = _ways(y, x, work, territories, centres, ways, seed)
    label = allocate(cost, work, tolerance, budget)
    for _ in range(ROUNDS if centres is None else 0):
        middle = _middles(y, x, work, label, territories)
        moved = haversine_km(y[:, None], x[:, None], y[middle], x[middle])
        again = allocate(moved, work, tolerance, budget)
        cost = moved
        if (again == label).all() or budget.over_the_clock():
            break
        label = again
    label = one_piece(label, cost, work, graph)
    label = exchange(label, cost, work, graph, tolerance, budget)
    given = cost if centres is not None else None
    return _measured(y, x, work, label, graph, territories, centres, given, not budget.struck, least)


def is_contiguous(label: npt.ArrayLike, neighbours: Weights) -> npt.NDArray[np.bool_]:
    """Whether each territory is in one piece: can all its areas be reached from one without leaving it?

    Parameters
    ----------
    label : array_like of int, (n,)
        0 to k - 1.
    neighbours : csr_matrix, (n, n)

    Returns
    -------
    (k,) bool
        False for a territory without areas.
    """
    labels = np.asarray(label, dtype=np.int64)
    pieces = [
        csgraph.connected_components(neighbours[own][:, own], directed=False)[0]
        for own in (np.flatnonzero(labels == j) for j in range(int(labels.max()) + 1))
    ]
    return np.asarray([each == 1 for each in pieces], dtype=bool)


def _checked(
    lat: Floats,
    lon: Floats,
    work: Floats,
    neighbours: Weights,
    territories: int,
    centres: tuple[npt.ArrayLike, npt.ArrayLike] | None,
    tolerance: float,
) -> Weights:
    n = len(work)
    if not (len(lat) == len(lon) == n and neighbours.shape == (n, n)):
        raise ValueError(
            f"{_NAME} needs a position, a weight and a row of neighbours an area; got {len(lat)}, {n} and "
            f"{neighbours.shape}."
        )
    if not (np.isfinite(work).all() and (work >= 0).all() and (work > 0).any()):
        raise ValueError(f"{_NAME} needs weights that are finite and 0 or more, and some above 0.")
    if not (np.isfinite(lat).all() and np.isfinite(lon).all()):
        raise ValueError(f"{_NAME} needs a position of every area.")
    if not 2 <= territories <= n:
        raise ValueError(f"{_NAME} needs 2 to {n} territories for {n} areas; got {territories}.")
    if centres is not None and len(np.asarray(centres[0])) != territories:
        raise ValueError(
            f"{_NAME} needs one centre a territory, {territories}; got {len(np.asarray(centres[0]))}."
        )
    if not 0 <= tolerance < 1:
        raise ValueError(f"{_NAME} needs a tolerance of at least 0 and below 1; got {tolerance!r}.")
    graph = sparse.csr_matrix(neighbours)
    parts = csgraph.connected_components(graph, directed=False)[0]
    if parts > 1:
        raise ValueError(f"{_NAME} needs areas that hang together; there are {parts} parts. Use linked().")
    return graph


def _ways(
    lat: Floats,
    lon: Floats,
    work: Floats,
    territories: int,
    centres: tuple[npt.ArrayLike, npt.ArrayLike] | None,
    ways: npt.ArrayLike | None,
    seed: int,
) -> tuple[Floats, float]:
    """From each area to the first centres, (n, k), and a mean way that no division is below."""
    if centres is None:
        sites, least = best_centres(lat, lon, work, territories, seed)
        return haversine_km(lat[:, None], lon[:, None], lat[sites], lon[sites]), least
    at = np.asarray(centres[0], dtype=float), np.asarray(centres[1], dtype=float)
    cost = haversine_km(lat[:, None], lon[:, None], *at)
    if ways is not None:
        cost = np.asarray(ways, dtype=float)
        if cost.shape != (len(lat), territories) or not (np.isfinite(cost).all() and (cost >= 0).all()):
            raise ValueError(
                f"{_NAME} needs finite ways of 0 or more, {(len(lat), territories)}; got {cost.shape}."
            )
    return cost, float(np.average(cost.min(axis=1), weights=work))


def _middles(lat: Floats, lon: Floats, work: Floats, label: Indices, territories: int) -> Indices:
    """The area of each territory from which its work is nearest; the heaviest area for one without any."""
    middles = []
    for j in range(territories):
        own = np.flatnonzero(label == j)
        if not len(own):
            middles.append(int(np.argmax(work)))
            continue
        shares = work[own] if (work[own] > 0).any() else np.ones(len(own))
        away = haversine_km(lat[own, None], lon[own, None], lat[own], lon[own])
        middles.append(int(own[np.argmin(shares @ away)]))
    return np.array(middles, dtype=np.int64)


def _measured(
    lat: Floats,
    lon: Floats,
    work: Floats,
    label: Indices,
    graph: Weights,
    territories: int,
    centres: tuple[npt.ArrayLike, npt.ArrayLike] | None,
    ways: Floats | None,
    complete: bool,
    least_way: float,
) -> Territories:
    if centres is None:
        centre = _middles(lat, lon, work, label, territories)
        at = (lat[centre], lon[centre])
    else:
        centre = np.full(territories, -1, dtype=np.int64)
        at = (np.asarray(centres[0], dtype=float), np.asarray(centres[1], dtype=float))
    away = haversine_km(lat, lon, at[0][label], at[1][label])
    if ways is not None:
        away = ways[np.arange(len(label)), label]
    load = np.bincount(label, work, minlength=territories).astype(float)
    mean = np.array([_mean(away[label == j], work[label == j]) for j in range(territories)])
    most = np.array([away[label == j].max() for j in range(territories)])
    fair = work.sum() / territories
    contiguous = bool(is_contiguous(label, graph).all())
    heaviest = max(float(work.max()) / fair - 1.0, 0.0)
    return Territories(
        label, centre, *at, load, load / fair - 1.0, mean, most, contiguous, complete, least_way, heaviest
    )


def _mean(away: Floats, work: Floats) -> float:
    return float(np.average(away, weights=work)) if work.sum() > 0 else float(away.mean())
