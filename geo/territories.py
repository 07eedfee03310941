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
from geo.siting import p_median
from geo.siting.checking import Budget, Progress
from geo.siting.milp import Programme, minimise

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Weights = sparse.csr_matrix

UNFAIR: Final = 1_000.0
"""What a squared share beyond the tolerance weighs beside the mean distance over its first value."""

ROUNDS: Final = 6
MOST_CANDIDATES: Final = 400
_NAME: Final = "divide()"
_BETTER: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Territories:
    """Areas shared out among k territories.

    ``label`` (n,) the territory of each area; ``centre`` (k,) the area a territory is looked after from, or
    -1 where the centre was given; ``lat``, ``lon`` (k,) of the centres; ``weight`` (k,) the work;
    ``deviation`` (k,) weight / fair share - 1; ``mean_km`` (k,) by weight (plain where there is no work) and
    ``max_km`` (k,) from the centre to the areas; ``contiguous``: every territory is in one piece, as checked
    afterwards; ``complete``: the search ended by itself.
    """

    label: Indices
    centre: Indices
    lat: Floats
    lon: Floats
    weight: Floats
    deviation: Floats
    mean_km: Floats
    max_km: Floats
    contiguous: bool
    complete: bool

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
    tolerance: float = 0.1,
    time_limit: float = 10.0,
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
    tolerance : float
        Deviation from the fair share (0..1) within which only distance counts.
    time_limit : float
        Seconds; the best so far is returned, in one piece each all the same.
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
    cost = haversine_km(y[:, None], x[:, None], *_first_centres(y, x, work, territories, centres, seed))
    label = _allocate(cost, work, tolerance, budget)
    for _ in range(ROUNDS if centres is None else 0):
        middle = _middles(y, x, work, label, territories)
        moved = haversine_km(y[:, None], x[:, None], y[middle], x[middle])
        again = _allocate(moved, work, tolerance, budget)
        cost = moved
        if (again == label).all() or budget.over_the_clock():
            break
        label = again
    label = _one_piece(label, cost, work, graph)
    label = _exchange(label, cost, work, graph, tolerance, budget)
    return _measured(y, x, work, label, graph, territories, centres, not budget.struck)


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


def _first_centres(
    lat: Floats,
    lon: Floats,
    work: Floats,
    territories: int,
    centres: tuple[npt.ArrayLike, npt.ArrayLike] | None,
    seed: int,
) -> tuple[Floats, Floats]:
    if centres is not None:
        return np.asarray(centres[0], dtype=float), np.asarray(centres[1], dtype=float)
    largest = np.sort(np.argsort(-work, kind="stable")[: max(MOST_CANDIDATES, territories)])
    cost = haversine_km(lat[:, None], lon[:, None], lat[largest], lon[largest])
    sites = largest[p_median(cost, work, territories, time_limit=1.0, seed=seed).sites]
    return lat[sites], lon[sites]


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


def _allocate(cost: Floats, work: Floats, tolerance: float, budget: Budget) -> Indices:
    """Hand areas to centres: the transport problem, then each split area to whoever has most of it."""
    n, k = cost.shape
    fair = work.sum() / k
    shares = np.maximum(work, fair * 1e-6)
    fair = shares.sum() / k
    every = np.arange(n * k)
    once = sparse.csr_matrix((np.ones(n * k), (every // k, every)), shape=(n, n * k))
    load = sparse.csr_matrix((shares[every // k], (every % k, every)), shape=(k, n * k))
    half = tolerance / 2
    programme = Programme(
        (cost * shares[:, None]).ravel() / (shares.mean() * max(float(cost.mean()), 1e-9)),
        sparse.csr_matrix(sparse.vstack([once, load / fair])),
        np.r_[np.ones(n), np.full(k, 1.0 - half)],
        np.r_[np.ones(n), np.full(k, 1.0 + half)],
        np.ones(n * k),
        np.zeros(n * k, dtype=bool),
    )
    solved = minimise(programme, max(budget.left, 0.1), stop=budget.over_the_clock)
    if solved.x is None or not solved.optimal:
        budget.struck = True
        return np.asarray(np.argmin(cost, axis=1), dtype=np.int64)
    return np.asarray(np.argmax(solved.x.reshape(n, k), axis=1), dtype=np.int64)


def _one_piece(label: Indices, cost: Floats, work: Floats, graph: Weights) -> Indices:
    """Keep the heaviest piece of each territory, and let the neighbours take the rest, the nearest first."""
    k = cost.shape[1]
    kept = np.full(len(label), -1, dtype=np.int64)
    for j in range(k):
        own = np.flatnonzero(label == j)
        if len(own):
            _, piece = csgraph.connected_components(graph[own][:, own], directed=False)
            heaviest = np.argmax(np.bincount(piece, work[own] + 1e-12 * work.sum()))
            kept[own[piece == heaviest]] = j
    for j in np.setdiff1d(np.arange(k), kept):  # a territory that got nothing begins at an area nearby
        owned = np.bincount(kept[kept >= 0], minlength=k)
        free = [i for i in np.argsort(cost[:, j], kind="stable") if kept[i] < 0 or owned[kept[i]] > 1]
        spot = next(i for i in free if kept[i] < 0 or _may_leave(i, kept, graph))
        kept[spot] = j
    while (kept < 0).any():
        first, second = graph.nonzero()
        edge = (kept[first] < 0) & (kept[second] >= 0)
        areas, takers = first[edge], kept[second[edge]]
        best = int(np.argmin(cost[areas, takers]))
        kept[areas[best]] = takers[best]
    return kept


def _may_leave(area: int, label: Indices, graph: Weights) -> bool:
    """Whether a territory stays in one piece, and not empty, without this area."""
    near = graph.indices[graph.indptr[area] : graph.indptr[area + 1]]
    own = near[label[near] == label[area]]
    if len(own) <= 1:
        return len(own) == 1
    rest = np.flatnonzero(label == label[area])
    rest = rest[rest != area]
    return int(csgraph.connected_components(graph[rest][:, rest], directed=False)[0]) == 1


def _exchange(
    label: Indices, cost: Floats, work: Floats, graph: Weights, tolerance: float, budget: Budget
) -> Indices:
    """Move areas over a common border, the best move first, while shares get fairer or ways shorter.

    An area that holds its territory together takes along what would be cut off without it.
    """
    label, k = label.copy(), cost.shape[1]
    fair = work.sum() / k
    first, second = graph.nonzero()
    load = np.bincount(label, work, minlength=k).astype(float)
    near = max(float((work * cost.min(axis=1)).sum()), 1e-9 * float(work.sum()))
    moving: dict[int, Indices] = {}
    while not budget.over_the_clock():
        border = label[first] != label[second]
        pairs = np.unique(np.column_stack((first[border], label[second[border]])), axis=0)
        for area in np.unique(pairs[:, 0]):
            if int(area) not in moving:
                moving[int(area)] = _leaving(int(area), label, work, graph)
        pairs = pairs[[len(moving[int(area)]) > 0 for area in pairs[:, 0]]]
        if not len(pairs):
            break
        area, to = pairs.T
        of = label[area]
        groups = [moving[int(one)] for one in area]
        change = np.array([work[group].sum() for group in groups]) / fair
        now = _unfair(load / fair - 1.0, tolerance)
        gained = _unfair(load[to] / fair - 1.0 + change, tolerance) - now[to]
        lost = _unfair(load[of] / fair - 1.0 - change, tolerance) - now[of]
        farther = [
            float(work[group] @ (cost[group, there] - cost[group, here]))
            for group, there, here in zip(groups, to, of, strict=True)
        ]
        delta = UNFAIR * (gained + lost) + np.array(farther) / near
        best = int(np.argmin(delta))
        if delta[best] >= -_BETTER:
            break
        left, taker = int(of[best]), int(to[best])
        load[left] -= change[best] * fair
        load[taker] += change[best] * fair
        label[groups[best]] = taker
        moving = {one: group for one, group in moving.items() if label[one] not in (left, taker)}
    return label


def _leaving(area: int, label: Indices, work: Floats, graph: Weights) -> Indices:
    """The area and what hangs on it, all but the territory's heaviest piece; empty for a last area."""
    rest = np.flatnonzero(label == label[area])
    rest = rest[rest != area]
    if not len(rest):
        return np.empty(0, dtype=np.int64)
    near = graph.indices[graph.indptr[area] : graph.indptr[area + 1]]
    if (label[near] == label[area]).sum() == 1:
        return np.array([area], dtype=np.int64)
    pieces, piece = csgraph.connected_components(graph[rest][:, rest], directed=False)
    if pieces == 1:
        return np.array([area], dtype=np.int64)
    heaviest = np.argmax(np.bincount(piece, work[rest] + 1e-12 * work.sum()))
    return np.append(rest[piece != heaviest], area)


def _unfair(deviation: Floats, tolerance: float) -> Floats:
    """Squared share beyond the tolerance, and a little for what lies within it."""
    beyond = np.maximum(np.abs(deviation) - tolerance, 0.0)
    return np.asarray(beyond**2 + 1e-6 * deviation**2)


def _measured(
    lat: Floats,
    lon: Floats,
    work: Floats,
    label: Indices,
    graph: Weights,
    territories: int,
    centres: tuple[npt.ArrayLike, npt.ArrayLike] | None,
    complete: bool,
) -> Territories:
    if centres is None:
        centre = _middles(lat, lon, work, label, territories)
        at = (lat[centre], lon[centre])
    else:
        centre = np.full(territories, -1, dtype=np.int64)
        at = (np.asarray(centres[0], dtype=float), np.asarray(centres[1], dtype=float))
    away = haversine_km(lat, lon, at[0][label], at[1][label])
    load = np.bincount(label, work, minlength=territories).astype(float)
    mean = np.array([_mean(away[label == j], work[label == j]) for j in range(territories)])
    most = np.array([away[label == j].max() for j in range(territories)])
    fair = work.sum() / territories
    contiguous = bool(is_contiguous(label, graph).all())
    return Territories(label, centre, *at, load, load / fair - 1.0, mean, most, contiguous, complete)


def _mean(away: Floats, work: Floats) -> float:
    return float(np.average(away, weights=work)) if work.sum() > 0 else float(away.mean())
