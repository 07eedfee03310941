"""Lower bounds for the p-median by Lagrangian relaxation, and the sites that they rule in or out.

That every client is served once is relaxed with a multiplier a client; what is left is solved by sorting.
Any multipliers give a valid bound; subgradient steps of Polyak's length look for good ones.

References
----------
Cornuejols, Fisher and Nemhauser (1977), Location of bank accounts to optimize float, Management Science
23(8). Fisher (1981), The Lagrangian relaxation method for solving integer programming problems, Management
Science 27(1), eq. 4 (step length). Beasley (1993), Lagrangean heuristics for location problems, EJOR 65(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.siting.checking import Budget
from geo.siting.nearby import Nearby

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

PATIENCE: Final = 20
"""Steps without a better bound before the step length is halved."""
SMALLEST: Final = 0.001
"""Step factor at which the search ends."""


@dataclass
class Bound:
    """A lower bound, the multipliers that gave it, and the reduced cost of opening each site (<= 0)."""

    value: float
    multipliers: Floats
    reduced: Floats


class Relaxation:
    """The relaxed problem over the sites near each client.

    A site that is not in ``nearby`` never enters as long as the client's multiplier stays at or below the
    cost of the last that is, which is enforced; so the bound is that of the whole matrix.
    """

    def __init__(
        self, cost: Floats, demand: Floats, p: int, fixed: Indices, nearby: Nearby | None, budget: Budget
    ) -> None:
        self.cost, self.demand, self.p, self.fixed, self.budget = cost, demand, p, fixed, budget
        self.nearby = nearby
        self.ceiling = np.full(len(cost), np.inf) if nearby is None else nearby.ceiling

    def evaluate(self, multipliers: Floats) -> tuple[Bound, Indices, Floats]:
        """The bound of these multipliers, the sites it opens, and how often each client is served."""
        if self.nearby is None:
            under = np.minimum(self.cost - multipliers[:, None], 0.0)
            reduced = under.sum(axis=0)
            opened = self._cheapest(reduced)
            served = np.count_nonzero(under[:, opened], axis=1).astype(float)
            self.budget.spend(0.5 * self.cost.size)
        else:
            rows, sites, below = self._pairs(self.nearby, multipliers)
            reduced = np.bincount(sites, below, minlength=self.cost.shape[1]).astype(float)
            opened = self._cheapest(reduced)
            is_open = np.zeros(len(reduced), dtype=bool)
            is_open[opened] = True
            served = np.bincount(rows[is_open[sites]], minlength=len(multipliers)).astype(float)
            self.budget.spend(6.0 * (len(rows) + len(multipliers)) + 3_000.0 * len(self.nearby.sites))
        value = float(multipliers.sum() + reduced[opened].sum())
        return Bound(value, multipliers, reduced), opened, served

    def _pairs(self, near: Nearby, multipliers: Floats) -> tuple[Indices, Indices, Floats]:
        """Clients and sites with a cost below the multiplier: rank by rank, while there are any."""
        alive = np.arange(len(multipliers))
        rows, sites, below = [], [], []
        for rank in range(len(near.sites)):
            under = near.costs[rank, alive] - multipliers[alive]
            paying = under < 0
            alive, under = alive[paying], under[paying]
            if not len(alive):
                break
            rows.append(alive)
            sites.append(near.sites[rank, alive])
            below.append(under)
        if not rows:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
        return np.concatenate(rows), np.concatenate(sites), np.concatenate(below)

    def _cheapest(self, reduced: Floats) -> Indices:
        free = np.setdiff1d(np.arange(len(reduced)), self.fixed, assume_unique=True)
        order = free[np.argsort(reduced[free], kind="stable")]
        return np.concatenate((self.fixed, order[: self.p - len(self.fixed)]))


@dataclass
class Ascent:
    """How far the search for multipliers has come; it can be taken up again."""

    best: Bound
    candidate: Indices
    """Sites opened by the relaxed problem that cost least when everyone is served."""
    candidate_cost: float
    multipliers: Floats
    factor: float = 1.5
    stalled: int = 0
    complete: bool = False


def start(relaxed: Relaxation, d1: Floats, d2: Floats) -> Ascent:
    """Begin half-way between the costs of the nearest and second-nearest open site."""
    multipliers = np.minimum((d1 + d2) / 2.0, relaxed.ceiling)
    bound, opened, _ = relaxed.evaluate(multipliers)
    return Ascent(bound, opened, _cost_of(relaxed, opened), multipliers)


def climb(relaxed: Relaxation, ascent: Ascent, upper: float, steps: int, share: float = 1.0) -> None:
    """Take subgradient steps, in place, until the bound meets ``upper`` or the steps get too short.

    Parameters
    ----------
    relaxed : Relaxation
    ascent : Ascent
    upper : float
        The cost of a known answer.
    steps : int
        At most.
    share : float
        Of the budget at which to stop.
    """
    scale = relaxed.demand / relaxed.demand.mean()
    for step in range(steps):
        if ascent.factor < SMALLEST or upper - ascent.best.value <= 1e-9 * abs(upper):
            ascent.complete = True
            return
        if relaxed.budget.over(share):
            return
        bound, opened, served = relaxed.evaluate(ascent.multipliers)
        if bound.value > ascent.best.value + 1e-12 * abs(upper):
            ascent.best, ascent.stalled = bound, 0
        else:
            ascent.stalled += 1
            if ascent.stalled >= PATIENCE:
                ascent.factor, ascent.stalled = ascent.factor / 2.0, 0
                ascent.multipliers = ascent.best.multipliers
        if step % 10 == 0:
            total = _cost_of(relaxed, opened)
            if total < ascent.candidate_cost:
                ascent.candidate, ascent.candidate_cost = opened, total
        short = 1.0 - served
        size = float((scale * short**2).sum())
        if size == 0.0:  # everyone is served exactly once: the relaxed answer is the answer
            ascent.candidate, ascent.candidate_cost = opened, _cost_of(relaxed, opened)
            ascent.complete = True
            return
        length = ascent.factor * max(upper - bound.value, 1e-9 * abs(upper)) / size
        moved = ascent.multipliers + length * scale * short
        ascent.multipliers = np.clip(moved, 0.0, relaxed.ceiling)


def _cost_of(relaxed: Relaxation, opened: Indices) -> float:
    relaxed.budget.spend(float(len(relaxed.cost) * len(opened)))
    return float(relaxed.cost[:, opened].min(axis=1).sum())


def undecided(bound: Bound, p: int, fixed: Indices, upper: float) -> tuple[Indices, Indices]:
    """Sites that must be open, and sites that must be closed, in every answer better than ``upper``.

    Parameters
    ----------
    bound : Bound
    p : int
    fixed : Indices
        Open anyway.
    upper : float

    Returns
    -------
    opened, closed : Indices

    References
    ----------
    Beasley (1985), A note on solving large p-median problems, EJOR 21(2): the reduction tests.
    """
    free = np.setdiff1d(np.arange(len(bound.reduced)), fixed, assume_unique=True)
    order = free[np.argsort(bound.reduced[free], kind="stable")]
    wanted = p - len(fixed)
    inside, outside = order[:wanted], order[wanted:]
    slack = upper - bound.value + 1e-9 * abs(upper)
    if not len(inside) or not len(outside):
        return np.sort(np.concatenate((fixed, inside))), np.sort(outside)
    closed = outside[bound.reduced[outside] - bound.reduced[inside[-1]] > slack]
    opened = inside[bound.reduced[outside[0]] - bound.reduced[inside] > slack]
    return np.sort(np.concatenate((fixed, opened))), np.sort(closed)
