"""How areas are handed to centres, put into one piece each, and exchanged over common borders."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from geo.siting.checking import Budget
from geo.siting.milp import Programme, minimise

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Weights = sparse.csr_matrix

UNFAIR: Final = 1_000.0
"""What a squared share beyond the tolerance weighs beside the mean distance over its first value."""

MOVES: Final = 40
"""Exchanges at most, for each area."""

_BETTER: Final = 1e-9


def allocate(cost: Floats, work: Floats, tolerance: float, budget: Budget) -> Indices:
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


def one_piece(label: Indices, cost: Floats, work: Floats, graph: Weights) -> Indices:
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


def exchange(
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
    for _ in range(MOVES * len(label)):
        if budget.over_the_clock():
            break
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
