"""What a siting problem must look like before it is solved, and how long solving may take."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Progress = Callable[[float], bool]

SPEED: Final = 1.5e8
"""Matrix elements a second that a plain machine works off; what bounds the work ahead of the clock."""

_NAMED: Final = 10


def costs(cost: npt.ArrayLike, solver: str) -> Floats:
    """The cost matrix, checked.

    Raises
    ------
    ValueError : not a matrix, empty, negative or not finite.
    """
    matrix = np.ascontiguousarray(cost, dtype=float)
    if matrix.ndim != 2 or not matrix.size:
        raise ValueError(f"{solver} needs a cost of (clients, sites), neither empty; got {matrix.shape}.")
    if not np.isfinite(matrix).all():
        rows = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
        raise ValueError(
            f"{solver} needs finite costs; {len(rows)} clients have others, the first in row {rows[0]}. "
            "Leave out clients without a place, and give a far but finite cost where there is no way."
        )
    if (matrix < 0).any():
        raise ValueError(f"{solver} needs costs of 0 or more; the least is {matrix.min():g}.")
    return matrix


def demands(demand: npt.ArrayLike, clients: int, solver: str) -> Floats:
    """The demand of each client, checked.

    Raises
    ------
    ValueError : a wrong length, negative or not finite, or all 0.
    """
    weights = np.asarray(demand, dtype=float)
    if weights.shape != (clients,):
        raise ValueError(f"{solver} needs one demand a client, {clients}; got {weights.shape}.")
    if not np.isfinite(weights).all() or (weights < 0).any():
        bad = np.flatnonzero(~np.isfinite(weights) | (weights < 0))
        raise ValueError(
            f"{solver} needs demand that is finite and 0 or more; {len(bad)} clients have other values, the "
            f"first is {weights[bad[0]]} in row {bad[0]}."
        )
    if not (weights > 0).any():
        raise ValueError(f"{solver} needs some demand above 0; all {clients} clients have none.")
    return weights


def chosen(p: int, fixed: Sequence[int] | Indices, sites: int, solver: str) -> tuple[int, Indices]:
    """How many sites to choose, and those that are given, ascending.

    Raises
    ------
    ValueError : p outside 1..sites, a fixed site that is not there or named twice, more fixed than p.
    """
    if isinstance(p, bool) or int(p) != p or p < 1:
        raise ValueError(f"{solver} needs p as a whole number of at least 1; got {p!r}.")
    if p > sites:
        raise ValueError(f"{solver} was asked for {p} sites and has {sites} to choose from. Ask for fewer.")
    given = np.sort(np.asarray(list(fixed), dtype=np.int64))
    if given.size and (given[0] < 0 or given[-1] >= sites):
        raise ValueError(f"{solver} needs fixed sites from 0 to {sites - 1}; got {given.tolist()[:_NAMED]}.")
    if np.unique(given).size != given.size:
        raise ValueError(f"{solver} needs each fixed site once; got {given.tolist()[:_NAMED]}.")
    if given.size > p:
        raise ValueError(f"{solver} was asked for {p} sites in all, but {given.size} are fixed. Raise p.")
    return int(p), given


def radius_of(radius: float, solver: str) -> float:
    """The radius, checked.

    Raises
    ------
    ValueError : negative or no number.
    """
    if not (np.isfinite(radius) and radius >= 0):
        raise ValueError(f"{solver} needs a radius of 0 or more; got {radius!r}.")
    return float(radius)


class Budget:
    """How much work is left: counted in matrix elements, with the clock as the last word.

    Counted work ends at the same step on every machine, so that the same seed gives the same answer
    wherever the clock does not strike first; ``struck`` says when it did (or the person stopped it).
    """

    def __init__(self, seconds: float, solver: str, progress: Progress | None = None) -> None:
        if not (np.isfinite(seconds) and seconds > 0):
            raise ValueError(f"{solver} needs a time limit above 0 seconds; got {seconds!r}.")
        self.seconds = float(seconds)
        self.struck = False
        self.cancelled = False
        self._begun = time.monotonic()
        self._progress = progress
        self._told = self._begun
        self._work = 0.0

    def spend(self, elements: float) -> None:
        """Count work that was done."""
        self._work += elements

    @property
    def share(self) -> float:
        """How much of the work, or of the time, is gone (0..1)."""
        worked = self._work / (self.seconds * SPEED)
        return min(max(worked, (time.monotonic() - self._begun) / self.seconds), 1.0)

    @property
    def left(self) -> float:
        """Seconds until the limit; 0 once stopped."""
        gone = time.monotonic() - self._begun
        return 0.0 if self.cancelled else max(self.seconds - gone, 0.0)

    def over_the_clock(self) -> bool:
        """Whether time is up or the person has stopped it, whatever work was counted."""
        self.over()
        return self.left <= 0

    def over(self, share: float = 1.0) -> bool:
        """Whether this share of the work is used up; tells the progress a few times a second."""
        if self.cancelled:
            return True
        now = time.monotonic()
        if self._progress is not None and now - self._told > 0.1:
            self._told = now
            if not self._progress(self.share):
                self.cancelled = self.struck = True
                return True
        if now - self._begun >= self.seconds * share:
            self.struck = True
            return True
        return self._work >= self.seconds * SPEED * share
