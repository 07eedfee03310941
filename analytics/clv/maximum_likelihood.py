"""Fitting: from a thinned start to the full data, and what to do when the data leave a parameter open.

1. Several starts on some 600 rows; the best goes on to 20,000 rows, unless a plain start is higher there,
   and then to all of them.
2. Where the likelihood has a ridge (a parameter runs to the edge, or an eigenvalue of the information
   says that some combination of log-parameters is known no better than a factor of 20), a weak normal
   prior on the log-parameters picks a point. With next to no information it counts in full; otherwise
   its weight is so small that it costs less than 5e-7 of the log-likelihood: of all points that fit
   equally well it takes a usual one, and the fit stays a maximum-likelihood fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.clv.arrays import FloatArray
from analytics.clv.climbing import Objective, Summit, climb, information_at
from analytics.clv.merging import WeightedRows

STAGES = (600, 20_000)
ROUGH_STEPS = 12
BOUND = 14.0
"""Log-parameters, in units of the mean observation, stay within +-14: a factor of a million."""
OPEN_BELOW = 1 / 9
"""Smallest eigenvalue of the information: a standard error of 3 in log units, a factor of 20."""
COST_OF_PRIOR = 5e-7
"""Share of the log-likelihood that the prior may cost on a ridge."""
RAISED = 20.0
FEW_REPEATERS = 10
TELLS_NOTHING = 1.0
"""A log-likelihood this near 0 is that of data without surprise: nobody left, nobody repeated."""


@dataclass(frozen=True)
class WeakPrior:
    """Normal prior on linear contrasts of log-parameters: ``contrasts @ theta ~ N(centre, spread**2)``.

    Attributes
    ----------
    contrasts : ndarray, shape (k, k), invertible
    centre : ndarray, shape (k,)
    spread : float
        Standard deviation in log units; 1.5 is a factor of 4.5 up or down.
    """

    contrasts: FloatArray
    centre: FloatArray
    spread: float = 1.5

    def mode(self) -> FloatArray:
        """Log-parameters at the centre of the prior."""
        return np.asarray(np.linalg.solve(self.contrasts, self.centre))

    def added_to(self, objective: Objective, weight: float) -> Objective:
        """The objective plus ``weight`` times the log of the prior density."""
        pull = self.contrasts * (np.sqrt(weight) / self.spread)
        aim = self.centre * (np.sqrt(weight) / self.spread)

        def penalised(theta: FloatArray) -> tuple[float, FloatArray]:
            value, gradient = objective(theta)
            off = pull @ theta - aim
            return value - 0.5 * float(off @ off), gradient - pull.T @ off

        return penalised


@dataclass(frozen=True)
class Estimate:
    """Fitted log-parameters.

    Attributes
    ----------
    theta : ndarray, shape (k,)
    log_likelihood : float
        Without the prior.
    covariance : ndarray, shape (k, k)
        Inverse of the observed information of the log-parameters (with the prior where it was used).
    converged, on_ridge : bool
    """

    theta: FloatArray
    log_likelihood: float
    covariance: FloatArray
    converged: bool
    on_ridge: bool


def maximise(
    objective_of: Callable[[WeightedRows], Objective],
    rows: WeightedRows,
    starts: Sequence[FloatArray],
    prior: WeakPrior,
    constant: float = 0.0,
) -> Estimate:
    """Maximum-likelihood estimate, weakly informed where the data leave something open.

    Parameters
    ----------
    objective_of : callable
        Rows -> log-likelihood and gradient as a function of the log-parameters.
    rows : WeightedRows
        The first column is the number of purchases.
    starts : sequence of ndarray, shape (k,)
    prior : WeakPrior
    constant : float
        What the log-likelihood in the data's own units has on top of the objective.

    Returns
    -------
    Estimate
    """
    objective = objective_of(rows)
    summit = _best_of_stages(objective_of, rows, [*starts, prior.mode()])
    summit = replace(summit, information=information_at(objective, summit.theta))
    if not _is_open(summit):
        return _estimate(objective, summit)
    repeaters = float(rows.weight[rows.columns[0] > 0].sum())
    budget = COST_OF_PRIOR * abs(summit.value + constant)
    if repeaters < FEW_REPEATERS or abs(summit.value) < TELLS_NOTHING:
        budget = np.inf
    informed, weight = _on_ridge(objective_of, rows, summit, prior, budget)
    return _estimate(objective, informed, prior, weight)


def _best_of_stages(
    objective_of: Callable[[WeightedRows], Objective],
    rows: WeightedRows,
    starts: Sequence[FloatArray],
) -> Summit:
    """Climb on growing parts of the rows, and last on all of them with a true Hessian at the end."""
    best: Summit | None = None
    seen = 0
    for size in (*(size for size in STAGES if 2 * size < rows.size), rows.size):
        part = rows if size == rows.size else rows.thinned(size)
        objective = objective_of(part)
        if best is None:
            rough = [climb(objective, s, BOUND, tolerance=0.1, most_steps=ROUGH_STEPS) for s in starts]
            best = climb(objective, max(rough, key=lambda summit: summit.value).theta, BOUND)
        elif seen < STAGES[-1] and (higher := _higher(objective, best, starts)) is not None:
            best = climb(objective, higher, BOUND)
        else:
            best = _continued(objective, best)
        seen = size
    if best is None:
        raise AssertionError("there is always a last stage")
    return best


def _higher(objective: Objective, known: Summit, starts: Sequence[FloatArray]) -> FloatArray | None:
    """The plain start that is higher than the summit of few rows; None where none is."""
    values = [objective(start)[0] for start in starts]
    return starts[int(np.argmax(values))] if max(values) > objective(known.theta)[0] else None


def _continued(objective: Objective, known: Summit) -> Summit:
    """Climb from the summit of a smaller part."""
    if _is_open(known):
        return climb(objective, known.theta, BOUND)
    summit = climb(objective, known.theta, BOUND, known.information, 1e-7, 25)
    return summit if summit.converged else climb(objective, summit.theta, BOUND)


def _is_open(summit: Summit) -> bool:
    """Whether some combination of the log-parameters is not determined by the data."""
    at_edge = bool((np.abs(summit.theta) >= BOUND - 1e-9).any())
    return at_edge or float(np.linalg.eigvalsh(summit.information)[0]) < OPEN_BELOW


def _on_ridge(
    objective_of: Callable[[WeightedRows], Objective],
    rows: WeightedRows,
    summit: Summit,
    prior: WeakPrior,
    budget: float,
) -> tuple[Summit, float]:
    """Maximum with the prior, at a weight that costs at most ``budget`` of the log-likelihood.

    The weight of many rows is looked for on a thinned part of them: a ridge is climbed slowly, and only the
    last climb, from the point found there, has to be on all rows.
    """
    objective = objective_of(rows)
    if np.isinf(budget):
        return climb(prior.added_to(objective, 1.0), prior.mode(), BOUND), 1.0
    if rows.size <= 2 * STAGES[-1]:
        return _heaviest(objective, summit, prior, budget)
    part = objective_of(rows.thinned(STAGES[-1]))
    sketch, weight = _heaviest(part, climb(part, summit.theta, BOUND), prior, budget)
    least, tolerance = _certain_weight(summit, prior, budget), max(1e-9, 1e-3 * budget)
    while True:
        weighed = prior.added_to(objective, weight)
        informed = climb(weighed, sketch.theta, BOUND, sketch.information, tolerance)
        if weight <= least or summit.value - objective(informed.theta)[0] <= budget:
            return informed, weight
        weight = max(weight / RAISED, least)


def _certain_weight(summit: Summit, prior: WeakPrior, budget: float) -> float:
    """A weight that cannot cost more: the cost is at most weight times height above it, at the summit."""
    off = (prior.contrasts @ summit.theta - prior.centre) / prior.spread
    return min(1.0, budget / (0.5 * float(off @ off) + 1e-9))


def _heaviest(objective: Objective, summit: Summit, prior: WeakPrior, budget: float) -> tuple[Summit, float]:
    """Raise the weight from the certain one for as long as the prior costs next to nothing."""
    weight = _certain_weight(summit, prior, budget)
    tolerance = max(1e-9, 1e-3 * budget)
    informed = climb(prior.added_to(objective, weight), summit.theta, BOUND, tolerance=tolerance)
    while weight < 1.0:
        more = min(1.0, RAISED * weight)
        heavier = climb(prior.added_to(objective, more), informed.theta, BOUND, tolerance=tolerance)
        cost = summit.value - objective(heavier.theta)[0]
        if cost > budget or not heavier.converged:
            break
        informed, weight = heavier, more
    return informed, weight


def _estimate(
    objective: Objective, summit: Summit, prior: WeakPrior | None = None, weight: float = 0.0
) -> Estimate:
    """The summit as an estimate; the covariance has no direction wider than the prior allows."""
    information = summit.information
    if prior is not None:
        information = information_at(prior.added_to(objective, weight), summit.theta)
    values, vectors = np.linalg.eigh(information)
    floor = OPEN_BELOW if prior is None else 0.5 / prior.spread**2
    covariance = (vectors / np.maximum(values, floor)) @ vectors.T
    value = summit.value if prior is None else objective(summit.theta)[0]
    return Estimate(summit.theta, value, covariance, summit.converged, prior is not None)
