"""The location set cover problem: as few sites as can be, so that every client has one within a radius.

Symbols

| symbol | is |
| --- | --- |
| i, j | a client, a site |
| N_i | the sites within the radius of i |
| y_j | 1 where j is open |

minimise    sum_j y_j
subject to  sum of y_j over N_i >= 1, for each i;  y in {0, 1}

References
----------
Toregas, Swain, ReVelle and Bergman (1971), The location of emergency service facilities, Operations Research
19(6), eq. 1 to 3. Toregas and ReVelle (1972), Optimal location under time or distance constraints, Papers of
the Regional Science Association 28: the reductions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from geo.siting import checking
from geo.siting.checking import Budget, Indices, Progress
from geo.siting.milp import Programme, minimise
from geo.siting.reaching import merged
from geo.siting.results import Cover, nearest_of

_NAME: Final = "set_cover()"
_NAMED: Final = 10
LARGEST: Final = 4_000
"""Clients (or sites) up to which every pair is compared to find those that need no attention."""

Flags = npt.NDArray[np.bool_]


def set_cover(
    cost: npt.ArrayLike,
    radius: float,
    fixed: Sequence[int] | Indices = (),
    time_limit: float = 30.0,
    progress: Progress | None = None,
) -> Cover:
    """Choose the fewest sites that leave no client farther than ``radius`` from one.

    Parameters
    ----------
    cost, fixed, time_limit, progress
        As in :func:`geo.siting.p_median`; the fixed sites are open and counted.
    radius : float
        In the unit of ``cost``; exactly on it is covered.

    Returns
    -------
    Cover

    Raises
    ------
    ValueError : a client has no site within the radius (the message names the clients), or as in
        :func:`geo.siting.p_median`.

    Examples
    --------
    >>> found = set_cover([[0, 9, 2], [8, 1, 2], [9, 0, 9]], radius=2)
    >>> found.sites.tolist(), found.objective, found.proved
    ([1, 2], 2, True)
    """
    matrix = checking.costs(cost, _NAME)
    within = matrix <= checking.radius_of(radius, _NAME)
    _, given = checking.chosen(matrix.shape[1], fixed, matrix.shape[1], _NAME)
    lost = np.flatnonzero(~within.any(axis=1))
    if lost.size:
        named = ", ".join(str(row) for row in lost[:_NAMED]) + (", ..." if lost.size > _NAMED else "")
        raise ValueError(
            f"{_NAME} cannot cover {lost.size} of {len(matrix)} clients within {radius:g}: no site is that "
            f"near to {named}. Raise the radius to at least {matrix[lost].min(axis=1).max():g} or add sites."
        )
    budget = Budget(time_limit, _NAME, progress)
    left = ~within[:, given].any(axis=1)
    chosen, bound = _fewest(within[left], budget)
    sites = np.sort(np.concatenate((given, chosen)))
    lower = min(bound + len(given), len(sites))
    return Cover(sites, nearest_of(matrix, sites), len(sites), lower, not budget.struck)


def _fewest(within: Flags, budget: Budget) -> tuple[Indices, int]:
    """Sites that reach all of these clients, and the fewest that could."""
    if not len(within):
        return np.empty(0, dtype=np.int64), 0
    reach = merged(within, np.ones(len(within))).matrix.toarray() > 0
    rows, columns, forced = _reduced(reach)
    rest = reach[np.ix_(rows, columns)]
    if not len(rows):
        return forced, len(forced)
    first = _greedy(rest)
    solved = minimise(_programme(rest), budget.left, first.astype(float), budget.over_the_clock)
    chosen = first
    if solved.x is not None and (solved.x > 0.5).sum() < first.sum():
        better = solved.x > 0.5
        chosen = better if rest[:, better].any(axis=1).all() else first
    if not solved.optimal:
        budget.struck = True
    fewest = max(int(np.ceil(solved.bound - 1e-6)), 1) if np.isfinite(solved.bound) else 1
    sites = np.concatenate((forced, columns[chosen]))
    return sites, len(forced) + min(fewest, int(chosen.sum()))


def _programme(within: Flags) -> Programme:
    clients, sites = within.shape
    matrix = sparse.csr_matrix(within, dtype=float)
    ones = np.ones(sites)
    return Programme(ones, matrix, np.ones(clients), np.full(clients, np.inf), ones, np.ones(sites, bool))


def _reduced(within: Flags) -> tuple[Indices, Indices, Indices]:
    """Clients and sites that remain, and sites that must be open.

    A client whose sites include all those of another needs no attention; a site that reaches no more than
    another is not needed; the only site of a client is open.
    """
    rows, columns = np.arange(within.shape[0]), np.arange(within.shape[1])
    forced: list[int] = []
    while True:
        before = (len(rows), len(columns), len(forced))
        part = within[np.ix_(rows, columns)]
        columns = columns[~_dominated(part.T)]
        part = within[np.ix_(rows, columns)]
        rows = rows[~_dominated(~part)]
        part = within[np.ix_(rows, columns)]
        only = np.unique(np.argmax(part[part.sum(axis=1) == 1], axis=1)) if part.size else columns[:0]
        if len(only):
            forced += columns[only].tolist()
            rows = rows[~part[:, only].any(axis=1)]
            columns = np.delete(columns, only)
        if (len(rows), len(columns), len(forced)) == before or not len(rows):
            return rows, columns, np.array(forced, dtype=np.int64)


def _dominated(sets: Flags) -> Flags:
    """Rows that are part of another row (of equal ones all but the first)."""
    if not 1 < len(sets) <= LARGEST:
        return np.zeros(len(sets), dtype=bool)
    numbers = sets.astype(np.float32)
    common, size = numbers @ numbers.T, sets.sum(axis=1)
    inside = common >= size[:, None]
    earlier = np.tri(len(sets), k=-1, dtype=bool)
    counts = (size[:, None] < size[None, :]) | ((size[:, None] == size[None, :]) & earlier)
    return np.asarray((inside & counts).any(axis=1))


def _greedy(within: Flags) -> Flags:
    """The site that reaches most of what is left, again and again; then what turns out not needed is closed.

    References
    ----------
    Chvatal (1979), A greedy heuristic for the set-covering problem, Mathematics of Operations Research 4(3).
    """
    left, chosen = np.ones(len(within), dtype=bool), np.zeros(within.shape[1], dtype=bool)
    while left.any():
        best = int(np.argmax(within[left].sum(axis=0)))
        chosen[best] = True
        left &= ~within[:, best]
    times = within[:, chosen].sum(axis=1)
    for site in np.flatnonzero(chosen):
        if (times[within[:, site]] > 1).all():
            chosen[site] = False
            times -= within[:, site]
    return chosen
