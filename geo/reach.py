"""Places for advertising: the most of a target within a radius of places that a budget pays for.

Symbols

| symbol | is |
| --- | --- |
| i, j | a group of people, a place |
| N_i | the places within whose radius i lies |
| w_i | people (or value) of i |
| c_j, B | cost of a place, the budget |
| y_j, z_i | 1 where j is taken; 1 where i is reached |

maximise    sum_i w_i z_i
subject to  z_i <= sum of y_j over N_i, for each i;  sum_j c_j y_j <= B;  y, z in {0, 1}

Whoever is reached from several places counts once.

References
----------
Khuller, Moss and Naor (1999), The budgeted maximum coverage problem, Information Processing Letters 70(1):
greedy by reach per cost, or the best single place where that reaches more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse
from scipy.spatial import cKDTree

from geo.distance import EARTH_RADIUS_KM, unit_vectors
from geo.siting.checking import Budget, Progress
from geo.siting.milp import Programme, minimise
from geo.siting.reaching import Reach, merged
from geo.siting.results import PROVED

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_NAME: Final = "best_reach()"
_PENNY: Final = 1e-9
CORNERS: Final = 48


@dataclass(frozen=True, eq=False)
class Plan:
    """Places that were taken.

    ``places`` in the order in which each adds most for its cost; ``reach`` (k,) reached after each of them,
    ``cost`` (k,) paid after each; ``covered`` (n,) who is reached; ``upper_bound`` no choice within the
    budget reaches more; ``complete``: the search ended by itself.
    """

    places: Indices
    reach: Floats
    cost: Floats
    covered: Flags
    objective: float
    upper_bound: float
    complete: bool

    @property
    def gap(self) -> float:
        """(bound - objective) / objective; 0 where nothing can be reached."""
        return max(self.upper_bound - self.objective, 0.0) / self.objective if self.objective > 0 else 0.0

    @property
    def proved(self) -> bool:
        """No choice within the budget reaches more, up to the solver's tolerance."""
        return self.gap <= PROVED


def within_reach(
    lat: npt.ArrayLike, lon: npt.ArrayLike, place_lat: npt.ArrayLike, place_lon: npt.ArrayLike, km: float
) -> Flags:
    """Whether each person lives within ``km`` of each place, along the great circle.

    Parameters
    ----------
    lat, lon : array_like, (n,)
        Degrees; without a place nobody is reached.
    place_lat, place_lon : array_like, (m,)
    km : float
        Exactly so far is reached.

    Returns
    -------
    (n, m) bool

    Raises
    ------
    ValueError : the radius is not above 0, or a place has no coordinates.
    """
    if not (np.isfinite(km) and km > 0):
        raise ValueError(f"within_reach() needs a radius above 0 km; got {km!r}.")
    people, places = unit_vectors(lat, lon), unit_vectors(place_lat, place_lon)
    if not np.isfinite(places).all():
        raise ValueError("within_reach() needs coordinates of every place.")
    found = np.zeros((len(people), len(places)), dtype=bool)
    known = np.flatnonzero(np.isfinite(people).all(axis=1))
    if known.size and len(places):
        chord = 2.0 * np.sin(min(km / EARTH_RADIUS_KM, np.pi) / 2.0)
        near = cKDTree(people[known]).query_ball_point(places, chord * (1 + 1e-12))
        for column, rows in enumerate(near):
            found[known[rows], column] = True
    return found


def best_reach(
    within: Flags,
    weight: npt.ArrayLike,
    cost: npt.ArrayLike,
    budget: float,
    time_limit: float = 5.0,
    progress: Progress | None = None,
) -> Plan:
    """Choose places within a budget that reach the most.

    Greedy and swaps give an answer; HiGHS, started from it, improves it and proves how much more there
    could be.

    Parameters
    ----------
    within : (n, m) bool
        Of :func:`within_reach`.
    weight : array_like, (n,)
        People or value, finite and >= 0.
    cost : array_like, (m,)
        Of each place, finite and > 0.
    budget : float
        > 0, in the unit of ``cost``.
    time_limit : float
        Seconds.
    progress : callable, optional
        As in :func:`geo.siting.p_median`.

    Returns
    -------
    Plan
        Without places where the budget pays for none, or nobody can be reached.

    Raises
    ------
    ValueError : sizes do not fit; a weight, a cost or the budget is negative or not finite, a cost is 0.
    """
    weights, costs = _checked(within, weight, cost, budget)
    clock = Budget(time_limit, _NAME, progress)
    payable = np.flatnonzero((costs <= budget * (1 + _PENNY)) & within.any(axis=0))
    part, prices = within[:, payable], costs[payable]
    reach = merged(part, weights)
    chosen = _improved(reach, prices, budget, _greedy(reach, prices, budget))
    bound = _above(reach, prices, budget, chosen)
    objective = reach.covered_by(chosen)
    if len(payable) and bound - objective > PROVED / 10 * objective:
        better, proved = _exactly(reach, prices, budget, chosen, clock)
        bound = min(bound, proved)
        if reach.covered_by(better) > objective:
            chosen = better
    ordered = _ordered(reach, prices, chosen)
    places = payable[ordered]
    covered = np.asarray(within[:, places].any(axis=1), dtype=bool)
    objective = float(weights[covered].sum())
    steps = np.array(
        [float(weights[within[:, places[: k + 1]].any(axis=1)].sum()) for k in range(len(places))]
    )
    paid = np.cumsum(costs[places]).astype(float)
    return Plan(places, steps, paid, covered, objective, max(bound, objective), not clock.struck)


def circle(lat: float, lon: float, km: float) -> shapely.Polygon:
    """A circle on the globe as a polygon in degrees (48 corners, longitudes not wrapped).

    References
    ----------
    Snyder (1987), Map Projections, USGS PP 1395, eq. 5-5 and 5-6.
    """
    angle, arc = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False), km / EARTH_RADIUS_KM
    phi = np.radians(lat)
    north = np.arcsin(np.sin(phi) * np.cos(arc) + np.cos(phi) * np.sin(arc) * np.cos(angle))
    east = np.arctan2(np.sin(angle) * np.sin(arc) * np.cos(phi), np.cos(arc) - np.sin(phi) * np.sin(north))
    return shapely.Polygon(np.column_stack((lon + np.degrees(east), np.degrees(north))))


def _checked(
    within: Flags, weight: npt.ArrayLike, cost: npt.ArrayLike, budget: float
) -> tuple[Floats, Floats]:
    weights, costs = np.asarray(weight, dtype=float), np.asarray(cost, dtype=float)
    if within.ndim != 2 or weights.shape != within.shape[:1] or costs.shape != within.shape[1:]:
        raise ValueError(
            f"{_NAME} needs one weight a row and one cost a column; got {weights.shape} and {costs.shape} "
            f"for {within.shape}."
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError(f"{_NAME} needs weights that are finite and 0 or more.")
    if not np.isfinite(costs).all() or (costs <= 0).any():
        raise ValueError(f"{_NAME} needs costs that are finite and above 0.")
    if not (np.isfinite(budget) and budget > 0):
        raise ValueError(f"{_NAME} needs a budget above 0; got {budget!r}.")
    return weights, costs


def _greedy(reach: Reach, cost: Floats, budget: float) -> Indices:
    """By reach per cost while it can be paid; or the best single place where that reaches more."""
    left, spare, chosen = reach.weight.copy(), budget * (1 + _PENNY), list[int]()
    while True:
        gain = reach.matrix.T @ left
        gain[cost > spare] = 0.0
        gain[chosen] = 0.0
        if not len(gain) or not gain.max() > 0:
            break
        best = int(np.argmax(gain / cost))
        chosen.append(best)
        spare -= cost[best]
        left[reach.matrix[:, [best]].nonzero()[0]] = 0.0
    single = np.asarray(reach.matrix.T @ reach.weight)
    found = np.array(chosen, dtype=np.int64)
    if len(single) and single.max() > reach.covered_by(found):
        return np.array([int(np.argmax(single))], dtype=np.int64)
    return found


def _improved(reach: Reach, cost: Floats, budget: float, chosen: Indices) -> Indices:
    """Swap one place for another, or add one, while more is reached and the budget holds."""
    limit = budget * (1 + _PENNY)
    while len(chosen):
        best, found = reach.covered_by(chosen), None
        for out in range(len(chosen) + 1):
            kept = np.delete(chosen, out) if out < len(chosen) else chosen
            left = reach.weight.copy()
            left[np.asarray(reach.matrix[:, kept].sum(axis=1)).ravel() > 0] = 0.0
            gain = np.asarray(reach.matrix.T @ left)
            gain[cost > limit - cost[kept].sum()] = -1.0
            place = int(np.argmax(gain))
            total = float(reach.weight.sum() - left.sum() + gain[place])
            if gain[place] > 0 and total > best * (1 + 1e-9):
                best, found = total, np.append(kept, place)
        if found is None:
            return chosen
        chosen = found
    return chosen


def _above(reach: Reach, cost: Floats, budget: float, chosen: Indices) -> float:
    """An upper bound without a solver: what is reached, and the best that the whole budget could add to it.

    What it could add is bounded by the fractional knapsack and by the number of places that the budget
    pays for at all, whichever is less; from the choice that is made and from none.

    References
    ----------
    Nemhauser, Wolsey and Fisher (1978), Mathematical Programming 14, eq. 7 (submodularity), with the
    fractional knapsack of Dantzig (1957).
    """
    most, bounds = _payable(cost, budget), [float(reach.weight.sum())]
    for start in (chosen, chosen[:0]):
        left = reach.weight.copy()
        left[np.asarray(reach.matrix[:, start].sum(axis=1)).ravel() > 0] = 0.0
        gain = np.asarray(reach.matrix.T @ left)
        order = np.argsort(-gain / cost, kind="stable") if len(cost) else np.empty(0, dtype=np.int64)
        before = np.cumsum(cost[order]) - cost[order]
        share = np.clip((budget - before) / cost[order], 0.0, 1.0)
        added = min(float((share * gain[order]).sum()), float(np.sort(gain)[::-1][:most].sum()))
        bounds.append(reach.covered_by(start) + added)
    return min(bounds)


def _payable(cost: Floats, budget: float) -> int:
    """How many places the budget pays for at most: the cheapest."""
    return int((np.cumsum(np.sort(cost)) <= budget * (1 + _PENNY)).sum())


def _exactly(
    reach: Reach, cost: Floats, budget: float, chosen: Indices, clock: Budget
) -> tuple[Indices, float]:
    groups, m = reach.matrix.shape
    rows = sparse.hstack([-reach.matrix, sparse.identity(groups, format="csr")])
    price = sparse.csr_matrix(np.r_[cost / budget, np.zeros(groups)][None, :])
    number = sparse.csr_matrix(np.r_[np.ones(m), np.zeros(groups)][None, :])
    programme = Programme(
        np.r_[np.zeros(m), -reach.weight],
        sparse.csr_matrix(sparse.vstack([rows, price, number])),
        np.full(groups + 2, -np.inf),
        np.r_[np.zeros(groups), 1.0, float(_payable(cost, budget))],
        np.ones(m + groups),
        np.r_[np.ones(m, dtype=bool), np.zeros(groups, dtype=bool)],
    )
    taken = np.isin(np.arange(m), chosen).astype(float)
    first = np.r_[taken, np.minimum(reach.matrix @ taken, 1.0)]
    solved = minimise(programme, clock.left, first, clock.over_the_clock)
    if not solved.optimal:
        clock.struck = True
    better = chosen
    if solved.x is not None:
        found = np.flatnonzero(solved.x[:m] > 0.5)
        if cost[found].sum() <= budget * (1 + 1e-6):
            better = found
    return better, -solved.bound


def _ordered(reach: Reach, cost: Floats, chosen: Indices) -> Indices:
    """The chosen places, each time the one that adds most for its cost."""
    left, rest, order = reach.weight.copy(), [int(place) for place in chosen], list[int]()
    while rest:
        gain = np.asarray(reach.matrix[:, rest].T @ left) / cost[rest]
        order.append(rest.pop(int(np.argmax(gain))))
        left[reach.matrix[:, [order[-1]]].nonzero()[0]] = 0.0
    return np.array(order, dtype=np.int64)
