"""What a siting problem must look like before it is solved, and how long solving may take."""

from __future__ import annotations

import math
import numbers
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Progress = Callable[[float], bool]

SPEED: Final = 1.5e8
"""Matrix elements a second that a plain machine works off; what bounds the work ahead of the clock."""

LARGEST: Final = 1e300
"""Sums beyond it are refused: they would soon be infinite, and nothing could be compared."""

_NAMED: Final = 10


def costs(cost: npt.ArrayLike, solver: str) -> Floats:
    """The cost matrix, checked.

    Raises
    ------
    ValueError : not a matrix of numbers, empty, negative or not finite.
    """
    matrix = np.ascontiguousarray(_numbers(cost, f"{solver} needs a cost of (clients, sites)"))
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
    ValueError : a wrong length, no numbers, negative or not finite, all 0, or too large to be added up.
    """
    weights = _numbers(demand, f"{solver} needs one demand a client")
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
    if not float(weights.max()) * clients <= LARGEST:
        raise ValueError(
            f"{solver} needs demand that can be added up; the largest of {clients} clients is "
            f"{weights.max():g}. Use a larger unit."
        )
    return weights


def countable(cost: Floats, demand: Floats, solver: str) -> None:
    """Check that demand x cost can be added up.

    Raises
    ------
    ValueError : a sum of demand x cost goes beyond what a number can hold, or each is too small for one.
    """
    asking = demand > 0
    most = cost.max(axis=1)[asking]
    with np.errstate(over="ignore", under="ignore"):
        worst = float(most.max()) * float(demand.max()) * cost.size
        least = float((most * demand[asking]).max())
    if not worst <= LARGEST or (least == 0.0 and most.any()):
        raise ValueError(
            f"{solver} needs demand x cost that can be added up; the largest cost is {cost.max():g}, the "
            f"largest demand {demand.max():g}, for {len(cost)} clients. Use other units."
        )


def _numbers(given: npt.ArrayLike, needs: str) -> Floats:
    """An array of numbers; text, ragged rows and complex numbers are none."""
    try:
        found = np.asarray(given)
    except ValueError as error:
        raise ValueError(f"{needs}; its rows are not of one length.") from error
    if found.dtype.kind not in "biuf" and not (found.dtype.kind == "O" and _all_real(found)):
        raise ValueError(f"{needs} as numbers; got {found.dtype}.")
    return found.astype(float, copy=False)


def _all_real(found: npt.NDArray[np.object_]) -> bool:
    return all(_is_real(each) for each in found.ravel())


def _is_real(value: object) -> bool:
    """Whether it is a number; a truth value is none, whatever Python holds of it."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)


def chosen(p: int, fixed: Sequence[int] | Indices, sites: int, solver: str) -> tuple[int, Indices]:
    """How many sites to choose, and those that are given, ascending.

    Raises
    ------
    ValueError : p or a fixed site is no whole number, p outside 1..sites, a fixed site that is not there or
        named twice, more fixed than p.
    """
    if not _is_whole(p) or p < 1:
        raise ValueError(f"{solver} needs p as a whole number of at least 1; got {p!r}.")
    if p > sites:
        raise ValueError(f"{solver} was asked for {p} sites and has {sites} to choose from. Ask for fewer.")
    wanted = _listed(fixed)
    if not all(_is_whole(site) for site in wanted):
        raise ValueError(f"{solver} needs fixed sites as whole numbers of columns; got {wanted[:_NAMED]!r}.")
    if any(not 0 <= site < sites for site in wanted):
        raise ValueError(f"{solver} needs fixed sites from 0 to {sites - 1}; got {wanted[:_NAMED]}.")
    given = np.sort(np.asarray(wanted, dtype=np.int64))
    if np.unique(given).size != given.size:
        raise ValueError(f"{solver} needs each fixed site once; got {given.tolist()[:_NAMED]}.")
    if given.size > p:
        raise ValueError(f"{solver} was asked for {p} sites in all, but {given.size} are fixed. Raise p.")
    return int(p), given


def _listed(fixed: Any) -> list[Any]:
    return list(fixed) if isinstance(fixed, Iterable) else [fixed]


def _is_whole(value: object) -> bool:
    """Whether it is a whole number: 2 and 2.0, not 1.5, True or "2"."""
    return _is_real(value) and math.isfinite(value) and float(value).is_integer()  # type: ignore[arg-type]


def radius_of(radius: float, solver: str) -> float:
    """The radius, checked.

    Raises
    ------
    ValueError : negative or no number.
    """
    if not (_is_real(radius) and np.isfinite(radius) and radius >= 0):
        raise ValueError(f"{solver} needs a radius of 0 or more; got {radius!r}.")
    return float(radius)


class Budget:
    """How much work is left: counted in matrix elements, with the clock as the last word.

    Counted work ends at the same step on every machine, so that the same seed gives the same answer
    wherever the clock does not strike first; ``struck`` says when it did (or the person stopped it).
    """

    def __init__(self, seconds: float, solver: str, progress: Progress | None = None) -> None:
        if not (_is_real(seconds) and np.isfinite(seconds) and seconds > 0):
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
