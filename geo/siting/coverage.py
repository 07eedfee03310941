"""The maximum coverage problem: p sites that reach as much demand as can be within a radius.

Symbols

| symbol | is |
| --- | --- |
| i, j | a client, a site |
| N_i | the sites within the radius of i |
| w_i | demand of i |
| p | number of sites to open, the fixed ones F among them |
| y_j | 1 where j is open |
| z_i | 1 where i is covered |

maximise    sum_i w_i z_i
subject to  z_i <= sum of y_j over N_i, for each i;  sum_j y_j = p;  y_j = 1 for j in F;  y, z in {0, 1}

References
----------
Church and ReVelle (1974), The maximal covering location problem, Papers of the Regional Science Association
32, eq. 1 to 5. Galvao and ReVelle (1996), A Lagrangean heuristic for the maximal covering location problem,
EJOR 88(1): the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geo.siting import checking
from geo.siting.checking import Budget, Indices, Progress
from geo.siting.milp import Programme, minimise
from geo.siting.reaching import Reach, merged
from geo.siting.results import NOWHERE, PROVED, Coverage, nearest_of

_NAME: Final = "max_coverage()"
_STEPS: Final = 300
_PATIENCE: Final = 15
_BETTER: Final = 1e-9

LARGEST: Final = 3_000_000
"""Client-site pairs up to which HiGHS is asked."""


def max_coverage(
    cost: npt.ArrayLike,
    demand: npt.ArrayLike,
    p: int,
    radius: float,
    fixed: Sequence[int] | Indices = (),
    time_limit: float = 5.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Coverage:
    """Choose p sites that cover the most demand within ``radius``.

    Greedy and swaps with shakes give an answer, Lagrangian relaxation a bound, and HiGHS, started from that
    answer, the rest as far as time allows. Clients that the same sites reach are one.

    Parameters
    ----------
    cost, demand, p, fixed, time_limit, seed, progress
        As in :func:`geo.siting.p_median`.
    radius : float
        In the unit of ``cost``; exactly on it is covered.

    Returns
    -------
    Coverage

    Raises
    ------
    ValueError : as in :func:`geo.siting.p_median`, or a radius that is negative or no number.

    Examples
    --------
    >>> found = max_coverage([[0, 9], [8, 1], [9, 0]], [5, 1, 1], p=1, radius=2)
    >>> found.sites.tolist(), found.covered.tolist(), found.objective, found.proved
    ([0], [True, False, False], 5.0, True)
    """
    matrix = checking.costs(cost, _NAME)
    weights = checking.demands(demand, matrix.shape[0], _NAME)
    p, given = checking.chosen(p, fixed, matrix.shape[1], _NAME)
    within = matrix <= checking.radius_of(radius, _NAME)
    budget = Budget(time_limit, _NAME, progress)
    problem = _Problem(merged(within, weights), p, given, budget)
    problem.solve(np.random.default_rng(seed))
    sites = np.sort(problem.sites)
    covered = np.asarray(within[:, sites].any(axis=1), dtype=bool)
    objective = float(weights[covered].sum())
    assignment = np.where(covered, nearest_of(matrix, sites), NOWHERE).astype(np.int64)
    bound = max(objective, problem.bound)
    return Coverage(sites, covered, assignment, objective, bound, not budget.struck)


@dataclass
class _Problem:
    """One problem while it is solved."""

    reach: Reach
    p: int
    fixed: Indices
    budget: Budget

    def __post_init__(self) -> None:
        self.sites: Indices = np.arange(self.p, dtype=np.int64)
        self.objective = -1.0
        self.bound = float(self.reach.weight.sum())

    @property
    def is_proved(self) -> bool:
        return self.bound - self.objective <= PROVED / 10 * max(self.objective, 0.0)

    def solve(self, chance: np.random.Generator) -> None:
        """Fill ``sites``, ``objective`` and ``bound``."""
        search = Swaps(self.reach, greedy(self.reach, self.p, self.fixed), len(self.fixed), self.budget)
        search.improve()
        self._take(search)
        if self.p in (len(self.fixed), self.reach.matrix.shape[1]):
            self.bound = self.objective
        if not self.is_proved:
            self._shake(search, chance, 10 + self.p, 0.3)
        if not self.is_proved:
            self.bound = min(
                self.bound, _relaxed(self.reach, self.p, self.fixed, self.objective, self.budget)
            )
        if not self.is_proved and self.reach.matrix.nnz <= LARGEST and not self.budget.over():
            self._exactly()
        if not self.is_proved:
            search.open_at(np.r_[self.fixed, np.setdiff1d(self.sites, self.fixed)])
            self._shake(search, chance, 50 + 5 * self.p, 1.0)

    def _take(self, search: Swaps) -> None:
        if search.covered > self.objective:
            self.sites, self.objective = search.sites.copy(), search.covered

    def _shake(self, search: Swaps, chance: np.random.Generator, rounds: int, share: float) -> None:
        free, m = np.arange(len(self.fixed), self.p), self.reach.matrix.shape[1]
        most, since = min(4, len(free), m - self.p), 0
        while since < rounds and most and not self.budget.over(share):
            best, sites = search.covered, search.sites.copy()
            size = int(chance.integers(1, most + 1))
            closed = np.setdiff1d(np.arange(m), search.sites)
            slots = chance.choice(free, size, replace=False)
            search.sites[slots] = chance.choice(closed, size, replace=False)
            search.open_at(search.sites)
            search.improve()
            since += 1
            if search.covered > best * (1 + _BETTER):
                since = 0
            else:
                search.open_at(sites)
        self._take(search)

    def _exactly(self) -> None:
        reach, m = self.reach, self.reach.matrix.shape[1]
        groups = len(reach.weight)
        rows = sparse.hstack([-reach.matrix, sparse.identity(groups, format="csr")])
        count = sparse.csr_matrix(np.r_[np.ones(m), np.zeros(groups)][None, :])
        free = np.ones(m)
        must = sparse.csr_matrix(
            (np.ones(len(self.fixed)), (np.zeros(len(self.fixed), dtype=int), self.fixed)),
            shape=(1, m + groups),
        )
        programme = Programme(
            np.r_[np.zeros(m), -reach.weight],
            sparse.vstack([rows, count, must]).tocsr(),
            np.r_[np.full(groups, -np.inf), float(self.p), float(len(self.fixed))],
            np.r_[np.zeros(groups), float(self.p), float(len(self.fixed))],
            np.r_[free, np.ones(groups)],
            np.r_[np.ones(m, dtype=bool), np.zeros(groups, dtype=bool)],
        )
        is_open = np.isin(np.arange(m), self.sites).astype(float)
        first = np.r_[is_open, np.minimum(reach.matrix @ is_open, 1.0)]
        solved = minimise(programme, self.budget.left * 0.8, first, self.budget.over_the_clock)
        if not solved.optimal:
            self.budget.struck = True
        if solved.x is not None:
            sites = np.argsort(-solved.x[:m], kind="stable")[: self.p]
            covered = reach.covered_by(sites)
            if covered > self.objective:
                self.sites, self.objective = sites, covered
        self.bound = max(min(self.bound, -solved.bound), self.objective)


def greedy(reach: Reach, p: int, fixed: Indices) -> Indices:
    """Open one site after another, each time the one that adds most; the fixed ones first.

    References
    ----------
    Nemhauser, Wolsey and Fisher (1978), An analysis of approximations for maximizing submodular set
    functions, Mathematical Programming 14: at least 63% of the best.
    """
    columns = reach.matrix.tocsc()
    left = reach.weight.copy()
    opened = [int(site) for site in fixed]
    left[np.asarray(reach.matrix[:, opened].sum(axis=1)).ravel() > 0] = 0.0
    gain = reach.matrix.T @ left
    while len(opened) < p:
        gain[opened] = -np.inf
        best = int(np.argmax(gain))
        opened.append(best)
        rows = columns.indices[columns.indptr[best] : columns.indptr[best + 1]]
        rows = rows[left[rows] > 0]
        gain -= reach.matrix[rows].T @ left[rows]
        left[rows] = 0.0
    return np.array(opened, dtype=np.int64)


class Swaps:
    """Open sites in slots, the first ``fixed`` of them never closed, and the best swap of one for another."""

    def __init__(self, reach: Reach, sites: Indices, fixed: int, budget: Budget) -> None:
        self.reach, self.fixed, self.budget = reach, fixed, budget
        self.open_at(sites)

    def open_at(self, sites: Indices) -> None:
        """Start anew from these sites, the fixed ones first."""
        self.sites = np.array(sites, dtype=np.int64)
        self.covered = self.reach.covered_by(self.sites)

    def improve(self) -> None:
        """Swap while a swap covers more: the best of all of them each time."""
        matrix, weight = self.reach.matrix, self.reach.weight
        while not self.budget.over():
            chosen = matrix[:, self.sites]
            times = np.asarray(chosen.sum(axis=1)).ravel()
            gain = matrix.T @ np.where(times == 0, weight, 0.0)
            once = np.flatnonzero(times == 1)
            alone = sparse.csr_matrix(chosen[once].multiply(weight[once][:, None]))
            loss = np.asarray(alone.sum(axis=0)).ravel()
            profit = gain[None, :] - loss[:, None] + (alone.T @ matrix[once]).toarray()
            self.budget.spend(20.0 * matrix.nnz + 3.0 * profit.size)
            profit[: self.fixed] = -np.inf
            profit[:, self.sites] = -np.inf
            slot, site = divmod(int(np.argmax(profit)), matrix.shape[1])
            if not profit[slot, site] > _BETTER * max(self.covered, 1e-300):
                return
            before, old = self.covered, int(self.sites[slot])
            self.sites[slot] = site
            self.covered = self.reach.covered_by(self.sites)
            if self.covered <= before:
                self.sites[slot] = old
                self.covered = before
                return


def _relaxed(reach: Reach, p: int, fixed: Indices, lower: float, budget: Budget) -> float:
    """An upper bound: coverage without sites is relaxed with a multiplier a group, from 0 to its weight."""
    weight, matrix = reach.weight, reach.matrix
    turned = sparse.csr_matrix(matrix.T)
    free = np.setdiff1d(np.arange(matrix.shape[1]), fixed)
    multipliers, best, factor, stalled = weight / 2.0, np.inf, 1.5, 0
    for _ in range(_STEPS):
        worth = turned @ multipliers
        order = free[np.argsort(-worth[free], kind="stable")][: p - len(fixed)]
        opened = np.concatenate((fixed, order))
        bound = float((weight - multipliers).sum() + worth[opened].sum())
        budget.spend(6.0 * matrix.nnz)
        if bound < best * (1 - 1e-12):
            best, kept, stalled = bound, multipliers, 0
        else:
            stalled += 1
            if stalled >= _PATIENCE:
                factor, stalled, multipliers = factor / 2.0, 0, kept
        is_open = np.zeros(matrix.shape[1])
        is_open[opened] = 1.0
        over = matrix @ is_open - 1.0
        size = float((weight * over**2).sum())
        if size == 0.0 or best - lower <= 1e-9 * lower or factor < 0.005 or budget.over():
            break
        length = factor * max(bound - lower, 1e-9 * lower) / size
        multipliers = np.clip(multipliers - length * weight * over, 0.0, weight)
    return best
