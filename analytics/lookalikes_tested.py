"""How well a score told two kinds of customers apart who had no part in making it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Z: Final = 1.959963984540054
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Range:
    """An estimate and its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """A tenth of the held-out customers by their forecast: the forecast share, and what was found."""

    forecast: float
    found: Range
    customers: int


def auc(score: Floats, y: Floats) -> Range:
    """How often one of the segment has a higher score than one of the others, 0.5 being chance.

    Parameters
    ----------
    score : (n,)
    y : (n,) of 0 and 1

    Raises
    ------
    ValueError : fewer than two of a kind.

    References
    ----------
    DeLong, DeLong, Clarke-Pearson (1988), Comparing the areas under two or more correlated receiver
    operating characteristic curves, Biometrics 44, eqs. 4-6; by midranks as in Sun, Xu (2014), Fast
    implementation of DeLong's algorithm, IEEE Signal Processing Letters 21. Interval on the logit
    scale: Pepe (2003), section 5.2.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0])).value
    0.75
    """
    ours, others = score[y == 1], score[y == 0]
    m, n = len(ours), len(others)
    if min(m, n) < 2:
        raise ValueError(f"auc() needs at least two customers of each kind; got {m} and {n}.")
    together = stats.rankdata(np.concatenate((ours, others)))
    wins = (together[:m] - stats.rankdata(ours)) / n
    losses = 1.0 - (together[m:] - stats.rankdata(others)) / m
    area = float(wins.mean())
    error = math.sqrt(wins.var(ddof=1) / m + losses.var(ddof=1) / n)
    if not 0 < area < 1:
        return Range(area, area, area)
    logit, width = math.log(area / (1 - area)), Z * error / (area * (1 - area))
    return Range(area, 1 / (1 + math.exp(width - logit)), 1 / (1 + math.exp(-width - logit)))


def share(count: int, total: int) -> Range:
    """A share and Wilson's interval.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
    """
    p, half = count / total, Z * Z / total
    middle = (p + half / 2) / (1 + half)
    width = Z / (1 + half) * math.sqrt(p * (1 - p) / total + half / (4 * total))
    return Range(p, max(0.0, middle - width), min(1.0, middle + width))


def lift(score: Floats, y: Floats, top: float = 0.1) -> Range:
    """How many times as many of the segment are in the best tenth by score as in any tenth.

    Equal scores are taken in an order made of the seed 0. The interval is that of the share in the tenth.
    """
    count = max(1, round(top * len(y)))
    order = np.lexsort((np.random.default_rng(0).random(len(y)), -score))
    found = share(int(y[order[:count]].sum()), count)
    base = float(y.mean())
    return Range(found.value / base, found.low / base, found.high / base)


def calibration(chance: Floats, y: Floats) -> tuple[Bin, ...]:
    """Forecast against found in tenths of the held-out customers, from low to high."""
    order = np.argsort(chance, kind="stable")
    made = []
    for rows in np.array_split(order, min(BINS, len(order))):
        made.append(Bin(float(chance[rows].mean()), share(int(y[rows].sum()), len(rows)), len(rows)))
    return tuple(made)
