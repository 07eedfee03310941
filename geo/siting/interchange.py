"""Greedy and fast interchange for the p-median, and the iterated local search around them.

The structures are those of Resende and Werneck (2007), A fast swap-based local search procedure for location
problems, Annals of Operations Research 150: ``gain`` of opening a site, ``loss`` of closing one, ``extra``
where both touch the same client, kept up to date for the clients whose nearest two sites changed. A move is
judged as in Whitaker (1983), A fast algorithm for the greedy interchange for large-scale clustering and
median location problems, INFOR 21. Demand is already in the costs.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.siting.checking import Budget
from geo.siting.nearby import Nearby

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

_CHUNK: Final = 2_000_000
_REFRESH: Final = 200
"""Swaps after which sums kept by adding and subtracting are made anew."""
_BETTER: Final = 1e-9


def greedy(cost: Floats, p: int, fixed: Indices, budget: Budget) -> Indices:
    """Open one site after another, each time the one that saves most.

    Parameters
    ----------
    cost : (n, m)
    p : int
    fixed : Indices
        Open from the beginning.
    budget : Budget

    Returns
    -------
    (p,) Indices

    References
    ----------
    Kuehn and Hamburger (1963), A heuristic program for locating warehouses, Management Science 9(4).
    """
    n, m = cost.shape
    opened = list(fixed)
    if not opened:
        opened.append(int(np.argmin(cost.sum(axis=0))))
    now = cost[:, opened].min(axis=1)
    gain = np.zeros(m)
    _add_gain(gain, cost, now, np.arange(n), 1.0)
    budget.spend(2.0 * n * m)
    while len(opened) < p:
        gain[opened] = -np.inf
        best = int(np.argmax(gain))
        opened.append(best)
        closer = np.flatnonzero(cost[:, best] < now)
        _add_gain(gain, cost, now, closer, -1.0)
        now[closer] = cost[closer, best]
        _add_gain(gain, cost, now, closer, 1.0)
        budget.spend(2.0 * len(closer) * m + n)
    return np.array(opened, dtype=np.int64)


def _add_gain(gain: Floats, cost: Floats, now: Floats, rows: Indices, sign: float) -> None:
    step = max(_CHUNK // cost.shape[1], 1)
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        gain += sign * np.maximum(now[part, None] - cost[part], 0.0).sum(axis=0)


class State(NamedTuple):
    """The open sites, each client's nearest two of them (slots and costs), and what swaps would bring."""

    sites: Indices
    a1: Indices
    a2: Indices
    d1: Floats
    d2: Floats
    gain: Floats
    loss: Floats
    extra: Floats


class Interchange:
    """Open sites in slots, with what every swap of one of them for a closed one would bring.

    At least two sites are open; slots before ``fixed`` are never closed.
    """

    def __init__(
        self, cost: Floats, sites: Indices, fixed: int, nearby: Nearby | None, budget: Budget
    ) -> None:
        self.cost = cost
        self.nearby = nearby
        self.budget = budget
        self.fixed = fixed
        self.open_at(sites)

    def open_at(self, sites: Indices) -> None:
        """Start anew from these sites, the fixed ones first."""
        self.sites = np.array(sites, dtype=np.int64)
        n = len(self.cost)
        self.d1, self.d2 = np.empty(n), np.empty(n)
        self.a1, self.a2 = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
        self._refresh()

    @property
    def objective(self) -> float:
        return float(self.d1.sum())

    def keep(self) -> State:
        """A copy of the state, for :meth:`back_to`."""
        floats = (self.d1, self.d2, self.gain, self.loss, self.extra)
        d1, d2, gain, loss, extra = (part.copy() for part in floats)
        return State(self.sites.copy(), self.a1.copy(), self.a2.copy(), d1, d2, gain, loss, extra)

    def back_to(self, state: State) -> None:
        """Take back what happened since :meth:`keep`."""
        self.sites, self.a1, self.a2 = state.sites.copy(), state.a1.copy(), state.a2.copy()
        self.d1, self.d2 = state.d1.copy(), state.d2.copy()
        self.gain, self.loss, self.extra = state.gain.copy(), state.loss.copy(), state.extra.copy()

    def improve(self) -> None:
        """Swap while a swap makes it better: the best of all of them each time."""
        p, m = len(self.sites), self.cost.shape[1]
        fresh = False
        while not self.budget.over():
            profit = self.gain[None, :] - self.loss[:, None] + self.extra
            self.budget.spend(2.0 * p * m)
            profit[: self.fixed] = -np.inf
            profit[:, self.sites] = -np.inf
            best = int(np.argmax(profit))
            slot, site = divmod(best, m)
            before = self.objective
            if not profit[slot, site] > _BETTER * before:
                return
            old = int(self.sites[slot])
            self.swap(slot, site)
            if self.objective >= before:  # the kept sums had drifted: make them anew and look again
                self.swap(slot, old)
                if fresh:
                    return
                self._refresh()
            fresh = self.objective >= before

    def swap(self, slot: int, site: int) -> None:
        """Close the site of a slot and open another in its place."""
        column = self.cost[:, site]
        lost = (self.a1 == slot) | (self.a2 == slot)
        rows = np.flatnonzero(lost | (column < self.d2))
        self._account(rows, -1.0)
        self.sites[slot] = site
        self._two_nearest(rows[lost[rows]])
        kept = rows[~lost[rows]]
        first = kept[column[kept] < self.d1[kept]]
        second = kept[column[kept] >= self.d1[kept]]
        self.d2[first], self.a2[first] = self.d1[first], self.a1[first]
        self.d1[first], self.a1[first] = column[first], slot
        self.d2[second], self.a2[second] = column[second], slot
        self._account(rows, 1.0)
        self._since += 1
        if self._since >= _REFRESH:
            self._refresh()

    def _refresh(self) -> None:
        n, m = self.cost.shape
        self._two_nearest(np.arange(n))
        self.gain, self.loss = np.zeros(m), np.zeros(len(self.sites))
        self.extra = np.zeros((len(self.sites), m))
        self._account(np.arange(n), 1.0)
        self._since = 0

    def _two_nearest(self, rows: Indices) -> None:
        if not len(rows):
            return
        near = self.cost[np.ix_(rows, self.sites)]
        two = (
            np.argpartition(near, 1, axis=1)[:, :2] if near.shape[1] > 2 else np.tile([0, 1], (len(rows), 1))
        )
        values = np.take_along_axis(near, two, axis=1)
        turned = values[:, 0] > values[:, 1]
        two[turned] = two[turned][:, ::-1]
        values[turned] = values[turned][:, ::-1]
        self.a1[rows], self.a2[rows] = two[:, 0], two[:, 1]
        self.d1[rows], self.d2[rows] = values[:, 0], values[:, 1]
        self.budget.spend(2.0 * near.size)

    def _account(self, rows: Indices, sign: float) -> None:
        """Add what these clients contribute to gain, loss and extra (or take it away)."""
        self.loss += sign * np.bincount(
            self.a1[rows], self.d2[rows] - self.d1[rows], minlength=len(self.loss)
        )
        if self.nearby is not None:
            listed = self.d2[rows] <= self.nearby.ceiling[rows]
            self._account_listed(rows[listed], sign, self.nearby)
            rows = rows[~listed]
        m = self.cost.shape[1]
        ordered = rows[np.argsort(self.a1[rows], kind="stable")]
        step = max(_CHUNK // m, 1)
        for start in range(0, len(ordered), step):
            part = ordered[start : start + step]
            block, d1, d2 = self.cost[part], self.d1[part], self.d2[part]
            slots = self.a1[part]
            self.gain += sign * np.maximum(d1[:, None] - block, 0.0).sum(axis=0)
            np.subtract(d2[:, None], block, out=block)
            np.clip(block, 0.0, (d2 - d1)[:, None], out=block)
            firsts = np.flatnonzero(np.r_[True, slots[1:] != slots[:-1]])
            self.extra[slots[firsts]] += sign * np.add.reduceat(block, firsts, axis=0)
        self.budget.spend(4.0 * len(rows) * m)

    def _account_listed(self, rows: Indices, sign: float, nearby: Nearby) -> None:
        """The same for clients whose two nearest sites are in their list: only the list matters."""
        m = self.cost.shape[1]
        step = max(_CHUNK // len(nearby.sites), 1)
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            costs = nearby.costs[:, part]
            d1, d2 = self.d1[part], self.d2[part]
            ranks, columns = np.nonzero(costs < d2)
            near, sites = costs[ranks, columns], nearby.sites[ranks, part[columns]]
            saved = np.maximum(d1[columns] - near, 0.0)
            shared = np.minimum(d2[columns] - near, (d2 - d1)[columns])
            self.gain += sign * np.bincount(sites, saved, minlength=m)
            np.add.at(self.extra.reshape(-1), self.a1[part][columns] * m + sites, sign * shared)
        self.budget.spend(3.0 * len(rows) * len(nearby.sites))


def iterate(
    search: Interchange,
    chance: np.random.Generator,
    rounds: int,
    share: float,
    promise: Floats | None = None,
) -> bool:
    """Shake the sites and improve again, from the best so far each time.

    Parameters
    ----------
    search : Interchange
        At a local optimum; left at the best that was found.
    chance : Generator
    rounds : int
        Most shakes without a better answer.
    share : float
        Of the budget at which to stop.
    promise : (m,), optional
        The lower, the likelier a site belongs to the best answer: three shakes in four open likely
        sites and close unlikely ones.

    Returns
    -------
    bool
        Whether the rounds ended by themselves.

    References
    ----------
    Lourenço, Martin and Stützle (2003), Iterated local search, Handbook of Metaheuristics, ch. 11.
    """
    best, state = search.objective, search.keep()
    p, m = len(search.sites), search.cost.shape[1]
    free = np.arange(search.fixed, p)
    if not free.size or p == m:
        return True
    since, most = 0, min(max(2, len(free) // 4), 6, len(free), m - p)
    while since < rounds:
        if search.budget.over(share):
            search.back_to(state)
            return False
        size = int(chance.integers(1, most + 1))
        closed = np.setdiff1d(np.arange(m), search.sites, assume_unique=True)
        slots = free
        if promise is not None and chance.random() < 0.75:
            closed = closed[np.argsort(promise[closed], kind="stable")][: max(p // 2, 2 * most)]
            slots = free[np.argsort(-promise[search.sites[free]], kind="stable")][: max(p // 2, 2 * most)]
        size = min(size, len(closed), len(slots))
        leaving, coming = (
            chance.choice(slots, size, replace=False),
            chance.choice(closed, size, replace=False),
        )
        for slot, site in zip(leaving, coming, strict=True):
            search.swap(int(slot), int(site))
        search.improve()
        if search.objective < best * (1 - _BETTER):
            best, state, since = search.objective, search.keep(), 0
        else:
            search.back_to(state)
            since += 1
    return True
