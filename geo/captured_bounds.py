"""What no set of new stores can be worth more than, and how the work of finding one is counted.

The problem and its symbols: ``geo.captured_sets``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.siting.checking import SPEED

Floats = npt.NDArray[np.float64]

RELAXATION_STEPS: Final = 200
CLOSE: Final = 1e-9

PATIENCE: Final = 10.0
"""Times the seconds that were given after which the clock ends the work, on a machine that is too busy."""


class Work:
    """Work counted in matrix elements, so that it ends at the same step on every machine."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds * SPEED
        self._end = time.monotonic() + seconds * PATIENCE
        self.struck = False

    def spend(self, elements: float) -> None:
        """Count work that was done."""
        self._left -= elements

    def over(self) -> bool:
        """Whether the work is done, or the clock has struck."""
        self.struck = self.struck or time.monotonic() >= self._end
        return self.struck or self._left <= 0


@dataclass(frozen=True)
class Problem:
    """The arrays of a choice, checked: see ``geo.captured_sets``."""

    gain: Floats
    against: Floats
    pull: Floats
    cost: Floats
    spend: Floats
    budget: float
    p: int
    exactly: bool

    def value(self, sites: Sequence[int]) -> float:
        """What a set is worth, less its cost."""
        chosen = list(sites)
        return float(self.gain @ share_of(self.pull[:, chosen].sum(axis=1), self.against)) - float(
            self.cost[chosen].sum()
        )

    def affordable(self, sites: Sequence[int]) -> bool:
        """Whether a set keeps the budget."""
        return float(self.spend[list(sites)].sum()) <= self.budget + CLOSE

    def marginal(self, joint: Floats) -> Floats:
        """Value that each candidate adds to stores of a joint pull, less its cost, (c,)."""
        if self.against.min(initial=np.inf) > 0:  # one pass over the matrix instead of five
            base = self.against + joint
            left = (self.gain * self.against) @ (1.0 / (base[:, None] + self.pull))
            return np.asarray(float(self.gain @ (self.against / base)) - left - self.cost)
        added = joint[:, None] + self.pull
        share = added / np.where(added > 0, self.against[:, None] + added, 1.0)
        return np.asarray(
            self.gain @ (share - share_of(joint, self.against)[:, None]) - self.cost, dtype=np.float64
        )


def share_of(joint: Floats, against: Floats) -> Floats:
    """Share that stores of a joint pull have at each point, (n,)."""
    under = against + joint
    return np.divide(joint, under, out=np.zeros_like(under), where=under > 0)


def submodular_bound(problem: Problem, sites: Sequence[int]) -> float:
    """An upper bound from any set: its value before cost, and the p best additions to it.

    f(T) <= f(S) + sum over T of (f(S + j) - f(S)) for every T, so no T is worth more than the p largest.
    """
    bounds = []
    for size in range(len(sites) + 1):
        chosen = list(sites[:size])
        joint = problem.pull[:, chosen].sum(axis=1)
        before_cost = problem.value(chosen) + float(problem.cost[chosen].sum())
        bounds.append(before_cost + _top(problem.marginal(joint), problem))
    return min(bounds)


def relaxed_bound(problem: Problem, steps: int = RELAXATION_STEPS, work: Work | None = None) -> float:
    """An upper bound from the concave relaxation 0 <= x <= 1, by Frank-Wolfe.

    At every x the tangent lies above the function, so its highest value over the relaxed sets is a bound.
    """
    c = problem.pull.shape[1]
    x, best = np.zeros(c), np.inf
    joint = np.zeros(len(problem.gain))
    for step in range(steps):
        if work is not None:
            if step and work.over():
                break
            work.spend(2 * problem.pull.size)
        under = problem.against + joint
        slope = np.divide(problem.gain * problem.against, under**2, out=np.zeros_like(under), where=under > 0)
        gradient = slope @ problem.pull - problem.cost
        here = float(problem.gain @ share_of(joint, problem.against) - problem.cost @ x)
        target = _vertex(gradient, problem)
        best = min(best, here + float(gradient @ (target - x)))
        if best - here <= 1e-6 * max(abs(here), 1.0):
            break
        along = problem.pull[:, target > 0].sum(axis=1) - joint
        length = _step(problem, joint, along, float(problem.cost @ (target - x)), step)
        x, joint = x + (target - x) * length, joint + along * length
    return best


def _step(problem: Problem, start: Floats, along: Floats, flat: float, step: int) -> float:
    """How far to go: the root of the slope along the line, by halving (the function is concave)."""
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        under = problem.against + start + middle * along
        slope = np.divide(
            problem.gain * problem.against * along, under**2, out=np.zeros_like(under), where=under > 0
        )
        if float(slope.sum()) > flat:
            low = middle
        else:
            high = middle
    return high if high > 0 else 2.0 / (step + 2.0)


def _vertex(gradient: Floats, problem: Problem) -> Floats:
    target = np.zeros_like(gradient)
    order = np.argsort(-gradient, kind="stable")[: problem.p]
    target[order if problem.exactly and np.isinf(problem.budget) else order[gradient[order] > 0]] = 1.0
    return target


def _top(added: Floats, problem: Problem) -> float:
    return float(added @ _vertex(added, problem))
