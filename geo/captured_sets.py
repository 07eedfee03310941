"""The best set of new stores by captured value net of cannibalisation and of what the stores cost.

maximise   sum_i u_i q_i(S) - sum_{j in S} c_j   over sets S of at most p candidates within a budget
with       q_i(S) = a_i(S) / (b_i + a_i(S)),  a_i(S) = sum_{j in S} a_ij

======  =============================================================================
u_i     value of what is bought elsewhere at point i and could change to us
a_ij    pull of candidate j on point i;  b_i: pull of everything that is there today
c_j     yearly cost of candidate j
======  =============================================================================

q_i is a concave function of a sum, so the first part is monotone and submodular, and its continuous
relaxation is concave: both give upper bounds that hold whatever the search found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.captured_bounds import CLOSE, Problem, Work, relaxed_bound, submodular_bound

Floats = npt.NDArray[np.float64]
Progress = Callable[[float], bool]

ENUMERATED: Final = 20_000
"""So many sets are all looked at; then the answer is proved."""

STARTS: Final = 8


@dataclass(frozen=True)
class Best:
    """The best set that was found, and what is proved about it.

    Parameters
    ----------
    sites : tuple of int
        In order; empty when no set is worth its cost.
    objective : float
        Value a year, less cost.
    upper_bound : float
        No set is worth more.
    gap : float or None
        ``(upper_bound - objective) / objective``; None where the objective is not above 0 and the bound is.
    proved : bool
        Whether the set is the best one.
    cancelled : bool
    complete : bool
        Whether the search ended by itself or with the work it was given, so that another run gives the same;
        the clock, as a last resort, or a person may end it before.
    """

    sites: tuple[int, ...]
    objective: float
    upper_bound: float
    gap: float | None
    proved: bool
    cancelled: bool = False
    complete: bool = True


def best_set(
    gain: npt.ArrayLike,
    against: npt.ArrayLike,
    pull: npt.ArrayLike,
    p: int,
    *,
    cost: npt.ArrayLike | None = None,
    spend: npt.ArrayLike | None = None,
    budget: float = np.inf,
    exactly: bool = False,
    time_limit: float = 5.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Best:
    """Choose at most ``p`` sites (or exactly, with ``exactly``) by greedy and exchange from several starts.

    Parameters
    ----------
    gain : (n,)
        u, >= 0.
    against : (n,)
        b, >= 0.
    pull : (n, c)
        a, >= 0.
    p : int
        1 or more; more than there are candidates means all of them.
    cost : (c,), optional
        c, a year; default 0.
    spend : (c,), optional
        What opening each takes from the budget; default 0.
    budget : float
        For all sites together.
    exactly : bool
        Open ``p`` stores even where the last ones are not worth their cost; fewer when the budget ends.
    time_limit : float
        Seconds a plain machine takes for the work of the search, counted in matrix elements; the bound takes
        as much again at most. The clock ends it only after ``geo.captured_bounds.PATIENCE`` times as long.
    seed : int
        The same seed gives the same answer.
    progress : callable, optional
        Told the share of the work done; False stops it, and the best so far is returned.

    Returns
    -------
    Best

    Raises
    ------
    ValueError : shapes differ, a number is negative or missing, or p is below 1.

    References
    ----------
    Nemhauser, Wolsey, Fisher (1978), An analysis of approximations for maximizing submodular set
    functions I, prop. 2.1 (the bound of :func:`submodular_bound`).
    Jaggi (2013), Revisiting Frank-Wolfe, eq. 2 (the bound of :func:`relaxed_bound`).
    """
    problem = _checked(gain, against, pull, p, cost, spend, budget, exactly)
    c = problem.pull.shape[1]
    sets = sum(comb(c, k) for k in range(problem.p + 1))
    if sets <= ENUMERATED:
        return _enumerated(problem, progress)
    search = _Search(problem, Work(time_limit), progress)
    found = search.run(np.random.default_rng(seed))
    more = Work(time_limit)
    bound = min(submodular_bound(problem, found), relaxed_bound(problem, work=more))
    value = problem.value(found)
    bound = max(bound, value)
    return Best(
        found,
        value,
        bound,
        _gap(value, bound),
        bound - value <= CLOSE * max(abs(bound), 1.0),
        search.cancelled,
        not (search.cancelled or search.work.struck or more.struck),
    )


class _Search:
    """Greedy, exchange, and exchange again from disturbed sets until the work is done."""

    def __init__(self, problem: Problem, work: Work, progress: Progress | None) -> None:
        self.problem, self.progress, self.work = problem, progress, work
        self.cancelled = False

    def run(self, chance: np.random.Generator) -> tuple[int, ...]:
        best = self._improve(self._grow([]))
        value, c = self.problem.value(best), self.problem.pull.shape[1]
        for start in range(STARTS):
            if self._over(start / STARTS):
                break
            keep = max(len(best) - max(len(best) // 3, 1), 0)
            kept = list(chance.permutation(best)[:keep]) if best else []
            others = [int(j) for j in chance.permutation(c) if j not in set(best)]
            fresh = [j for j in others[:1] if self.problem.affordable([*kept, j])]
            found = self._improve(self._grow([int(j) for j in kept] + fresh))
            if self.problem.value(found) > value + CLOSE:
                best, value = found, self.problem.value(found)
        return tuple(sorted(best))

    def _grow(self, chosen: list[int]) -> list[int]:
        while len(chosen) < self.problem.p:
            added = self.problem.marginal(self.problem.pull[:, chosen].sum(axis=1))
            self.work.spend(self.problem.pull.size)
            added[chosen] = -np.inf
            left = self.problem.budget - float(self.problem.spend[chosen].sum())
            added[self.problem.spend > left + CLOSE] = -np.inf
            site = int(np.argmax(added))
            if not np.isfinite(added[site]) or (added[site] <= 0 and not self.problem.exactly):
                break
            chosen = [*chosen, site]
        return chosen

    def _improve(self, chosen: list[int]) -> list[int]:
        """Leave one out and put the best one in (or nobody) until that helps no more."""
        value, improved = self.problem.value(chosen), True
        while improved and not self._over(None):
            improved = False
            for out in list(chosen):
                if self._over(None):
                    break
                rest = [site for site in chosen if site != out]
                tried = self._grow(rest)
                found = self.problem.value(tried)
                if found > value + CLOSE * max(abs(value), 1.0):
                    chosen, value, improved = tried, found, True
                    break
        return chosen

    def _over(self, share: float | None) -> bool:
        if share is not None and self.progress is not None and not self.progress(share):
            self.cancelled = True
        return self.cancelled or self.work.over()


def _enumerated(problem: Problem, progress: Progress | None) -> Best:
    """Look at every set."""
    sizes = range(problem.p, -1, -1)
    best: tuple[int, ...] = ()
    value, cancelled = -np.inf, False
    for size in sizes:
        for place, sites in enumerate(combinations(range(problem.pull.shape[1]), size)):
            if place % 500 == 0 and progress is not None and not progress(place / ENUMERATED):
                cancelled = True
                break
            if problem.affordable(sites) and (found := problem.value(sites)) > value + CLOSE:
                best, value = sites, found
        if cancelled or (problem.exactly and np.isfinite(value)):
            break
    if not np.isfinite(value):
        best, value = (), 0.0
    if not cancelled:
        return Best(tuple(best), value, value, 0.0, True)
    bound = max(min(submodular_bound(problem, best), relaxed_bound(problem)), value)
    return Best(tuple(best), value, bound, _gap(value, bound), False, True, False)


def _gap(value: float, bound: float) -> float | None:
    if bound == value:
        return 0.0
    return (bound - value) / value if value > 0 else None


def _checked(
    gain: npt.ArrayLike,
    against: npt.ArrayLike,
    pull: npt.ArrayLike,
    p: int,
    cost: npt.ArrayLike | None,
    spend: npt.ArrayLike | None,
    budget: float,
    exactly: bool,
) -> Problem:
    u, b, a = (np.asarray(v, dtype=np.float64) for v in (gain, against, pull))
    if a.ndim != 2 or u.shape != (a.shape[0],) or b.shape != u.shape:
        raise ValueError(
            f"gain and against need one number a row of pull {a.shape}; got {u.shape}, {b.shape}."
        )
    n_sites = a.shape[1]
    paid, spent = (np.zeros(n_sites) if v is None else np.asarray(v, dtype=np.float64) for v in (cost, spend))
    if paid.shape != (n_sites,) or spent.shape != (n_sites,):
        raise ValueError(
            f"cost and spend need one number a candidate ({n_sites}); got {paid.shape}, {spent.shape}."
        )
    if int(p) < 1:
        raise ValueError(f"p must be 1 or more; it is {p!r}.")
    if not n_sites:
        raise ValueError("There is no candidate; propose, draw or upload some first.")
    for name, values in (("gain", u), ("against", b), ("pull", a), ("spend", spent)):
        if not np.isfinite(values).all() or (values.size and values.min() < 0):
            raise ValueError(f"{name} must be finite and not negative.")
    if not np.isfinite(paid).all():
        raise ValueError("cost must be finite; leave out candidates whose cost is not known.")
    return Problem(u, b, a, paid, spent, float(budget), min(int(p), n_sites), exactly)
