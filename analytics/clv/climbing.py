"""Newton's method in a box, for smooth log-likelihoods of two to four log-parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.clv.arrays import FloatArray

Objective = Callable[[FloatArray], tuple[float, FloatArray]]
"""Log-parameters -> (value to maximise, gradient)."""

LONGEST_STEP = 3.0
"""No log-parameter moves further than this in one step."""
DIFFERENCE = 1e-4
"""Step of the central differences of the gradient; its square is the relative error of a Hessian."""

ROUNDING = 1e-9
"""A step that promises less than this share of the objective, and does not deliver, is rounding error."""


@dataclass(frozen=True)
class Summit:
    """Where a climb ended.

    Attributes
    ----------
    theta : ndarray, shape (k,)
        Log-parameters.
    value, gradient
        Of the objective there.
    information : ndarray, shape (k, k)
        Minus the Hessian, as last known.
    converged : bool
        A further step would add less than the tolerance.
    """

    theta: FloatArray
    value: float
    gradient: FloatArray
    information: FloatArray
    converged: bool


def information_at(objective: Objective, theta: FloatArray) -> FloatArray:
    """Minus the Hessian, by central differences of the analytic gradient.

    Parameters
    ----------
    objective : Objective
    theta : ndarray, shape (k,)

    Returns
    -------
    ndarray, shape (k, k), symmetric
    """
    size = len(theta)
    hessian = np.empty((size, size))
    for j in range(size):
        step = np.zeros(size)
        step[j] = DIFFERENCE
        hessian[j] = (objective(theta + step)[1] - objective(theta - step)[1]) / (2 * DIFFERENCE)
    return -(hessian + hessian.T) / 2


def climb(
    objective: Objective,
    theta: FloatArray,
    bound: float,
    information: FloatArray | None = None,
    tolerance: float = 1e-9,
    most_steps: int = 80,
) -> Summit:
    """Climb to a maximum inside the box ``|theta| <= bound``.

    Steps are Newton steps; the Hessian is made positive definite by the absolute values of its
    eigenvalues. It is improved from the gradients seen on the way (BFGS), and worked out anew where a step
    did not bring about the half of what its slope promised, as a quadratic would. With ``information``
    given it is worked out anew only where a step fails, so that most steps cost one evaluation.

    Parameters
    ----------
    objective : Objective
    theta : ndarray, shape (k,)
        Start.
    bound : float
    information : ndarray, shape (k, k), optional
        Minus the Hessian near the maximum, as known from a part of the data.
    tolerance : float
        Stop when the quadratic model promises less than this, in units of the objective, or than
        1e-12 of it.
    most_steps : int

    Returns
    -------
    Summit

    References
    ----------
    Nocedal and Wright (2006), Numerical Optimization, sections 3.4, 6.1 and 16.7.
    """
    fresh = information is None
    theta = np.clip(theta, -bound, bound)
    value, gradient = objective(theta)
    model = information_at(objective, theta) if information is None else information
    exact = fresh
    for _ in range(most_steps):
        step = _newton_step(theta, gradient, model, bound)
        promise = float(gradient @ step)
        if promise <= max(tolerance, 1e-12 * abs(value)):
            return Summit(theta, value, gradient, model, True)
        moved = _backtrack(objective, theta, value, gradient, step, bound)
        if moved is None and not exact:
            model, exact = information_at(objective, theta), True
            continue
        if moved is None:
            close = promise <= max(1e-6, ROUNDING * abs(value))
            return Summit(theta, value, gradient, model, close)
        gain = moved[1] - value
        previous, before = theta, gradient
        theta, value, gradient = moved
        if fresh and not 0.3 < gain / promise < 0.7:
            model, exact = information_at(objective, theta), True
        else:
            model, exact = _updated(model, theta - previous, before - gradient), False
    return Summit(theta, value, gradient, model, False)


def _newton_step(
    theta: FloatArray, gradient: FloatArray, information: FloatArray, bound: float
) -> FloatArray:
    """Newton step over the parameters that are free to move, at most LONGEST_STEP long."""
    held = (theta >= bound) & (gradient > 0) | (theta <= -bound) & (gradient < 0)
    free = ~held
    step = np.zeros_like(theta)
    if not free.any():
        return step
    values, vectors = np.linalg.eigh(information[np.ix_(free, free)])
    floor = max(1e-12, 1e-13 * float(np.abs(values).max()))
    curvature = np.maximum(np.abs(values), floor)
    step[free] = vectors @ ((vectors.T @ gradient[free]) / curvature)
    longest = float(np.abs(step).max())
    if longest > LONGEST_STEP:
        step *= LONGEST_STEP / longest
    return np.asarray(np.clip(theta + step, -bound, bound) - theta)


def _backtrack(
    objective: Objective,
    theta: FloatArray,
    value: float,
    gradient: FloatArray,
    step: FloatArray,
    bound: float,
) -> tuple[FloatArray, float, FloatArray] | None:
    """The first of step, step/3, ... that climbs enough (Armijo); None when none does."""
    promise = float(gradient @ step)
    share = 1.0
    for _ in range(30):
        candidate = np.clip(theta + share * step, -bound, bound)
        new_value, new_gradient = objective(candidate)
        finite = np.isfinite(new_value) and np.isfinite(new_gradient).all()
        if finite and new_value >= value + 1e-4 * share * promise:
            return candidate, new_value, new_gradient
        share /= 3.0
    return None


def _updated(information: FloatArray, moved: FloatArray, change: FloatArray) -> FloatArray:
    """BFGS update of the information; skipped where the curvature seen is not positive."""
    curvature = float(moved @ change)
    along = information @ moved
    expected = float(moved @ along)
    if curvature <= 1e-10 * abs(expected) or expected <= 0:
        return information
    return np.asarray(information - np.outer(along, along) / expected + np.outer(change, change) / curvature)
