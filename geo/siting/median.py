"""The p-median problem: p sites such that all clients together are as near as can be.

Symbols

| symbol | is |
| --- | --- |
| i, j | a client, a site |
| c_ij | cost of serving i from j |
| w_i | demand of i |
| p | number of sites to open, the fixed ones F among them |
| y_j | 1 where j is open |
| x_ij | 1 where i is served from j |

minimise    sum_ij w_i c_ij x_ij
subject to  sum_j x_ij = 1 for each i;  x_ij <= y_j;  sum_j y_j = p;  y_j = 1 for j in F;  y, x in {0, 1}

References
----------
Hakimi (1964), Optimum locations of switching centers, Operations Research 12(3). ReVelle and Swain (1970),
Central facilities location, Geographical Analysis 2(1), eq. 1 to 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geo.siting import checking, lagrangian
from geo.siting.checking import Budget, Floats, Indices, Progress
from geo.siting.interchange import Interchange, greedy, iterate
from geo.siting.milp import Programme, minimise
from geo.siting.nearby import nearby
from geo.siting.results import PROVED, Median, nearest_of, relative_gap

SMALL: Final = 5_000
"""Rows of the exact programme, for each second that is left, up to which it is worth a try."""

_PARTS: Final = 6
_STEPS: Final = 120
"""Subgradient steps in each part; between two of them the answer is improved."""
_NAME: Final = "p_median()"


def p_median(
    cost: npt.ArrayLike,
    demand: npt.ArrayLike,
    p: int,
    fixed: Sequence[int] | Indices = (),
    time_limit: float = 5.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Median:
    """Choose p sites with the least total of demand x cost to the nearest one.

    Greedy and fast interchange give a first answer, Lagrangian relaxation a lower bound and the sites that
    cannot matter; what is small is then solved exactly by HiGHS; iterated local search takes the rest.

    Parameters
    ----------
    cost : array_like, (clients, sites)
        Finite, >= 0; any unit.
    demand : array_like, (clients,)
        Finite, >= 0, some > 0; a client without demand is assigned and otherwise ignored.
    p : int
        Sites to open, the fixed ones included; 1 to the number of sites.
    fixed : sequence of int
        Columns that are open whatever happens, such as the existing stores.
    time_limit : float
        Seconds. It also sets the amount of counted work, so that the same seed gives the same answer
        wherever that work fits in the time; on a machine too slow for it the clock ends the search
        earlier, and ``complete`` is False: the answer and its bound hold, another run may differ.
    seed : int
    progress : callable, optional
        Called with the share of the budget that is gone (0..1); returning False stops with the best so far.

    Returns
    -------
    Median

    Raises
    ------
    ValueError : p above the sites or below the fixed ones; costs or demand empty, negative or not finite;
        no demand at all; sums that no number can hold; a fixed site that is no whole number, not there or
        named twice; no time.

    Examples
    --------
    >>> found = p_median([[0, 9], [8, 1], [9, 0]], [1, 1, 1], p=1)
    >>> found.sites.tolist(), found.objective, found.proved
    ([1], 10.0, True)
    """
    matrix = checking.costs(cost, _NAME)
    weights = checking.demands(demand, matrix.shape[0], _NAME)
    checking.countable(matrix, weights, _NAME)
    p, given = checking.chosen(p, fixed, matrix.shape[1], _NAME)
    budget = Budget(time_limit, _NAME, progress)
    asking = weights > 0
    weighted = np.ascontiguousarray(matrix[asking] * weights[asking, None])
    if p == 1 or p == len(given) or p == matrix.shape[1]:
        sites = _only_one_way(weighted, p, given)
        return _answer(matrix, weights, sites, None, True)
    problem = _Problem(weighted, weights[asking], p, given, budget)
    problem.solve(np.random.default_rng(seed))
    return _answer(matrix, weights, problem.sites, problem.bound, not budget.struck)


def _only_one_way(cost: Floats, p: int, fixed: Indices) -> Indices:
    """The sites where there is nothing to search: all, the fixed ones, or the best single one."""
    if p == len(fixed):
        return fixed
    if p == cost.shape[1]:
        return np.arange(p, dtype=np.int64)
    return np.array([int(np.argmin(cost.sum(axis=0)))], dtype=np.int64)


def _answer(cost: Floats, demand: Floats, sites: Indices, bound: float | None, complete: bool) -> Median:
    chosen = np.sort(np.asarray(sites, dtype=np.int64))
    assignment = nearest_of(cost, chosen)
    objective = float(demand @ cost[np.arange(len(cost)), assignment])
    lower = objective if bound is None else max(min(bound, objective), 0.0)
    return Median(chosen, assignment, objective, lower, complete)


@dataclass
class _Problem:
    """One problem while it is solved; demand is already in ``cost``."""

    cost: Floats
    demand: Floats
    p: int
    fixed: Indices
    budget: Budget

    def __post_init__(self) -> None:
        self.sites: Indices = np.arange(self.p, dtype=np.int64)
        self.objective = np.inf
        self.bound = 0.0

    @property
    def is_proved(self) -> bool:
        return relative_gap(self.objective, self.bound) <= PROVED / 10

    def solve(self, chance: np.random.Generator) -> None:
        """Fill ``sites``, ``objective`` and ``bound``."""
        near = nearby(self.cost, self.p)
        first = greedy(self.cost, self.p, self.fixed, self.budget)
        search = Interchange(self.cost, first, len(self.fixed), near, self.budget)
        search.improve()
        self._take(search.sites, search.objective)
        relaxed = lagrangian.Relaxation(self.cost, self.demand, self.p, self.fixed, near, self.budget)
        ascent = lagrangian.start(relaxed, search.d1, search.d2)
        self._raise(ascent.best.value)
        begun = self.budget.share
        for part in range(_PARTS):
            upto = begun + (0.95 - begun) * 0.75 * (part + 1) / _PARTS
            lagrangian.climb(relaxed, ascent, self.objective, _STEPS, upto - 0.04)
            self._raise(ascent.best.value)
            self._follow(search, ascent)
            if self.is_proved:
                return
            iterate(search, chance, 10 + self.p // 5, upto, ascent.best.reduced)
            self._take(search.sites, search.objective)
            if ascent.complete:
                break
        self._exactly(ascent.best)
        if not self.is_proved:
            iterate(search, chance, 100 + 4 * self.p, 0.9, ascent.best.reduced)
            self._take(search.sites, search.objective)
            lagrangian.climb(relaxed, ascent, self.objective, _PARTS * _STEPS)
            self._raise(ascent.best.value)

    def _take(self, sites: Indices, objective: float) -> None:
        if objective < self.objective:
            self.sites, self.objective = sites.copy(), objective

    def _raise(self, bound: float) -> None:
        self.bound = max(self.bound, min(bound, self.objective))

    def _follow(self, search: Interchange, ascent: lagrangian.Ascent) -> None:
        """Improve what the relaxed problem opened; go on from it where it is better."""
        if self.budget.over():
            return
        state = search.keep()
        search.open_at(ascent.candidate)
        search.improve()
        if search.objective >= self.objective:
            search.back_to(state)
        self._take(search.sites, search.objective)
        ascent.candidate_cost = np.inf

    def _exactly(self, bound: lagrangian.Bound) -> None:
        """Let HiGHS decide about the sites that the bound leaves open, where these are few enough."""
        opened, closed = lagrangian.undecided(bound, self.p, self.fixed, self.objective)
        columns = np.setdiff1d(np.arange(self.cost.shape[1]), closed, assume_unique=True)
        must = np.isin(columns, opened)
        programme = _sorted_programme(self.cost[:, columns], self.p, must, SMALL * self.budget.left)
        if programme is None or self.budget.over():
            return
        known, offset, levels = programme
        is_open = np.isin(columns, self.sites)
        first = _as_answer(self.cost[:, columns], is_open, levels) if is_open.sum() == self.p else None
        solved = minimise(known, self.budget.left * 0.8, first, self.budget.over_the_clock)
        if solved.infeasible:  # no choice among these is better than what is known
            self._raise(self.objective)
            return
        if not solved.optimal:
            self.budget.struck = True
        if solved.x is not None:
            sites = columns[np.argsort(-solved.x[: len(columns)], kind="stable")[: self.p]]
            self._take(sites, float(self.cost[:, sites].min(axis=1).sum()))
        # A closed site could only be in an answer that is no better than the known one.
        self._raise(min(solved.bound + offset, self.objective))


def _sorted_programme(
    cost: Floats, p: int, must: npt.NDArray[np.bool_], most: float
) -> tuple[Programme, float, list[Floats]] | None:
    """The p-median over each client's sorted different costs; None where it is too large.

    z_ik is 1 where no site within the k-th cost of client i is open, and costs the step to the next one.

    References
    ----------
    Elloumi (2010), A tighter formulation of the p-median problem, Journal of Combinatorial Optimization
    19(1): formulation NF.
    """
    n, m = cost.shape
    levels, rows = [], 0
    for i in range(n):
        ceiling = cost[i, must].min() if must.any() else np.inf
        # With p open, m - p are closed: the p-th dearest cost is the worst that can happen.
        worst = min(ceiling, np.partition(cost[i], m - p)[m - p])
        distinct = np.unique(cost[i, cost[i] <= worst])
        levels.append(distinct)
        rows += len(distinct) - 1
        if rows > most:
            return None
    steps = np.concatenate([np.diff(level) for level in levels])
    entries = _rows_of(cost, levels)
    whole = np.r_[np.ones(m, dtype=bool), np.zeros(rows, dtype=bool)]
    count = sparse.csr_matrix(np.r_[np.ones(m), np.zeros(rows)][None, :])
    low = np.r_[entries[1], float(p)]
    high = np.r_[np.full(rows, np.inf), float(p)]
    matrix = sparse.vstack([entries[0], count]).tocsr()
    if must.any():
        opened = np.flatnonzero(must)
        shape = (len(opened), m + rows)
        forced = sparse.csr_matrix((np.ones(len(opened)), (np.arange(len(opened)), opened)), shape=shape)
        matrix = sparse.vstack([matrix, forced]).tocsr()
        low, high = np.r_[low, np.ones(len(opened))], np.r_[high, np.ones(len(opened))]
    upper = np.r_[np.ones(m), np.full(rows, np.inf)]
    programme = Programme(np.r_[np.zeros(m), steps], matrix, low, high, upper, whole)
    return programme, float(sum(level[0] for level in levels)), levels


def _rows_of(cost: Floats, levels: list[Floats]) -> tuple[sparse.csr_matrix, Floats]:
    """z_ik + (sites at the k-th cost) >= z_i,k-1; the first has 1 on the right."""
    m, total = cost.shape[1], sum(len(level) - 1 for level in levels)
    rows, columns, values = [], [], []
    low, begin = np.zeros(total), 0
    for i, level in enumerate(levels):
        steps = len(level) - 1
        if not steps:
            continue
        low[begin] = 1.0
        spot = np.searchsorted(level, cost[i])
        within = np.flatnonzero((spot < steps) & (cost[i] <= level[-1]))
        rows += [begin + spot[within], begin + np.arange(steps), begin + np.arange(1, steps)]
        columns += [within, m + begin + np.arange(steps), m + begin + np.arange(steps - 1)]
        values += [np.ones(len(within)), np.ones(steps), -np.ones(steps - 1)]
        begin += steps
    if not rows:
        return sparse.csr_matrix((0, m)), low
    where = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(values), where), shape=(total, m + total)), low


def _as_answer(cost: Floats, is_open: npt.NDArray[np.bool_], levels: list[Floats]) -> Floats:
    served = cost[:, is_open].min(axis=1)
    z = [(level[:-1] < served[i]).astype(float) for i, level in enumerate(levels)]
    return np.concatenate([is_open.astype(float), *z])
