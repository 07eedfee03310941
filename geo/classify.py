"""Classes of a choropleth: from values to a few steps, by a rule that can be named.

Boundaries are values: class i holds ``bounds[i] <= value < bounds[i + 1]``, the last one its upper bound too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Method = Literal["quantile", "equal", "natural"]
METHODS: Final[tuple[Method, ...]] = ("quantile", "equal", "natural")
CLASSES: Final = 5

MOST_EXACT: Final = 5_000
"""Different values up to which natural breaks are exact; of more, so many quantiles are classified."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NONE: Final = -1


@dataclass(frozen=True, slots=True)
class Classes:
    """Steps from low to high.

    ``bounds`` rise strictly, one more than there are classes; empty where there was no value.
    ``counts`` are the values in each. ``exact`` is False where natural breaks were found on quantiles.
    """

    method: str
    bounds: tuple[float, ...]
    counts: tuple[int, ...]
    exact: bool = True

    @property
    def size(self) -> int:
        """Number of classes."""
        return max(len(self.bounds) - 1, 0)

    def step(self, values: npt.ArrayLike) -> Integers:
        """Class of each value; ``NONE`` (-1) where it is missing. Beyond the bounds: the nearest class."""
        x = np.asarray(values, dtype=float)
        if not self.size:
            return np.full(x.shape, NONE, dtype=np.int64)
        inner = np.asarray(self.bounds[1:-1])
        found = np.searchsorted(inner, x, side="right").astype(np.int64)
        return np.where(np.isfinite(x), found, NONE)


def classify(values: npt.ArrayLike, method: Method = "quantile", classes: int = CLASSES) -> Classes:
    """Divide values into classes.

    Parameters
    ----------
    values : array_like, (n,)
        Missing ones are passed over.
    method : {"quantile", "equal", "natural"}
        As many places in each class; classes of equal width; or breaks where the values have gaps, by the
        least sum of squared deviations from the means of the classes.
    classes : int
        At most so many, from 2; fewer where there are fewer different values.

    Returns
    -------
    Classes

    Raises
    ------
    ValueError : an unknown method, or fewer than two classes.

    References
    ----------
    Fisher (1958), On grouping for maximum homogeneity, JASA 53(284), 789-798 (the exact dynamic
    programme). Jenks (1967), The data model concept in statistical mapping. Hyndman and Fan (1996),
    Sample quantiles in statistical packages, definition 7.

    Examples
    --------
    >>> classify([1, 2, 3, 10, 11, 12, 50], "natural", 3).bounds
    (1.0, 10.0, 50.0, 50.0)
    >>> classify([1, 2, 3, 4], "quantile", 2).counts
    (2, 2)
    """
    if method not in METHODS or classes < 2:
        raise ValueError(
            f"classify() takes one of {METHODS} and 2 or more classes; got {method!r}, {classes}."
        )
    x = np.asarray(values, dtype=float)
    x = np.sort(x[np.isfinite(x)])
    if not x.size:
        return Classes(method, (), ())
    different = np.unique(x)
    exact = True
    if different.size == 1:
        bounds = np.repeat(different, 2)
    elif method == "equal":
        bounds = np.linspace(x[0], x[-1], classes + 1)
    elif method == "quantile":
        bounds = np.quantile(x, np.linspace(0, 1, classes + 1))
    else:
        exact = different.size <= MOST_EXACT
        sample = x if exact else np.quantile(x, np.linspace(0, 1, MOST_EXACT))
        bounds = np.array([*natural_breaks(sample, classes), x[-1]])
    kept = np.unique(bounds) if method != "natural" else bounds
    kept = np.repeat(kept, 2) if kept.size == 1 else kept
    made = Classes(method, tuple(float(value) for value in kept), (), exact)
    counts = np.bincount(made.step(x), minlength=made.size)
    return Classes(method, made.bounds, tuple(int(n) for n in counts), exact)


def with_bounds(values: npt.ArrayLike, bounds: tuple[float, ...], method: str = "fixed") -> Classes:
    """Count values under bounds that are given: the scale of another period."""
    made = Classes(method, bounds, ())
    steps = made.step(values)
    counts = np.bincount(steps[steps >= 0], minlength=made.size) if made.size else np.array([], dtype=int)
    return Classes(method, bounds, tuple(int(n) for n in counts))


def natural_breaks(values: npt.ArrayLike, classes: int) -> Floats:
    """Lowest value of each class of the best division; equal values are never parted.

    Parameters
    ----------
    values : array_like, (n,), finite
    classes : int
        At least 1.

    Returns
    -------
    (k,) float, rising; k <= classes

    References
    ----------
    Fisher (1958), JASA 53(284); the recursion over the last class is Bellman's.
    """
    x, weight = np.unique(np.asarray(values, dtype=float), return_counts=True)
    k, n = min(classes, x.size), x.size
    middle = x.mean()
    total = np.concatenate([[0.0], np.cumsum(weight)])
    first = np.concatenate([[0.0], np.cumsum(weight * (x - middle))])
    second = np.concatenate([[0.0], np.cumsum(weight * (x - middle) ** 2)])

    def within(start: Integers, stop: int) -> Floats:
        """Squared deviations of the values start..stop-1 from their mean."""
        size = total[stop] - total[start]
        found: Floats = second[stop] - second[start] - (first[stop] - first[start]) ** 2 / size
        return found

    best = np.concatenate([[0.0], np.array([float(within(np.array([0]), j)[0]) for j in range(1, n + 1)])])
    came = np.zeros((k, n + 1), dtype=np.int64)
    for last in range(1, k):
        now = np.full(n + 1, np.inf)
        for stop in range(last + 1, n + 1):
            starts = np.arange(last, stop)
            cost = best[starts] + within(starts, stop)
            spot = int(np.argmin(cost))
            now[stop], came[last, stop] = cost[spot], starts[spot]
        best = now
    stop, lows = n, []
    for last in range(k - 1, -1, -1):
        stop = int(came[last, stop]) if last else 0
        lows.append(x[stop])
    return np.array(lows[::-1])


def deviation(values: npt.ArrayLike, lows: npt.ArrayLike) -> float:
    """Sum of squared deviations from the mean of the class, for classes that begin at ``lows``."""
    x, start = np.sort(np.asarray(values, dtype=float)), np.asarray(lows, dtype=float)
    steps = np.searchsorted(start, x, side="right")
    return float(sum(((x[steps == s] - x[steps == s].mean()) ** 2).sum() for s in np.unique(steps)))
