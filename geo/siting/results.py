"""What the solvers answer: sites, who goes where, and what was proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

PROVED: Final = 1e-6
"""Relative distance of objective and bound below which they count as equal (the solver's own tolerance)."""

NOWHERE: Final = -1

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Median:
    """An answer to the p-median problem.

    ``sites`` (p,) columns of the cost matrix, ascending, the fixed ones among them; ``assignment`` (n,) the
    column each client goes to (its nearest; of equal ones the lowest); ``objective`` sum of demand x cost;
    ``lower_bound`` no choice of sites can cost less. ``complete``: the work ended by itself; otherwise
    time (or the person) ended it, and another run on another machine may differ.
    """

    sites: Indices
    assignment: Indices
    objective: float
    lower_bound: float
    complete: bool = True

    @property
    def gap(self) -> float:
        """(objective - bound) / objective: the answer is at most this share above the best."""
        return relative_gap(self.objective, self.lower_bound)

    @property
    def proved(self) -> bool:
        """The answer is the best there is, up to the solver's tolerance."""
        return self.gap <= PROVED


@dataclass(frozen=True, eq=False)
class Coverage:
    """An answer to the maximum coverage problem.

    ``sites`` (p,) as in :class:`Median`; ``covered`` (n,) bool; ``assignment`` (n,) the nearest site of a
    covered client, -1 for the others; ``objective`` covered demand; ``upper_bound`` no choice of sites
    covers more.
    """

    sites: Indices
    covered: npt.NDArray[np.bool_]
    assignment: Indices
    objective: float
    upper_bound: float
    complete: bool = True

    @property
    def gap(self) -> float | None:
        """(bound - objective) / objective; None where nothing can be said because nothing is covered."""
        if self.objective > 0:
            return max(self.upper_bound - self.objective, 0.0) / self.objective
        return 0.0 if self.upper_bound <= 0 else None

    @property
    def proved(self) -> bool:
        """The answer is the best there is, up to the solver's tolerance."""
        return self.gap is not None and self.gap <= PROVED


@dataclass(frozen=True, eq=False)
class Cover:
    """An answer to the set cover problem: ``objective`` is the number of sites."""

    sites: Indices
    assignment: Indices
    objective: int
    lower_bound: int
    complete: bool = True

    @property
    def gap(self) -> float:
        """(objective - bound) / objective."""
        return relative_gap(self.objective, self.lower_bound)

    @property
    def proved(self) -> bool:
        """No fewer sites would do."""
        return self.objective <= self.lower_bound


def relative_gap(objective: float, bound: float) -> float:
    """(objective - bound) / objective, 0 where the objective is 0 and so cannot be beaten."""
    return max(objective - bound, 0.0) / objective if objective > 0 else 0.0


def nearest_of(cost: Floats, sites: Indices) -> Indices:
    """The chosen column with the least cost for each client; of equal ones the lowest."""
    chosen = np.sort(np.asarray(sites, dtype=np.int64))
    return np.asarray(chosen[np.argmin(cost[:, chosen], axis=1)], dtype=np.int64)
