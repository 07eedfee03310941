"""Which of several groups is the best, how surely, and what it is worth once its luck is taken off.

The highest of several noisy means is partly the luckiest one, so it lies too high, and its own interval
misses the truth too often (the winner's curse). Here the true means of the groups are taken as drawn from
one normal, whose centre and width are learnt from the groups themselves; each mean is drawn towards the
centre, the more so the less is known about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LEAST: Final = 30
"""A group with fewer customers is not named: its mean says too little."""

SURE: Final = 0.9
"""A group is called the best where at least this is sure; a choice, not a test."""

CONTEND: Final = 0.95
"""Groups are listed, the likeliest first, until one of them is the best with this probability."""

FEW: Final = 4
"""More contenders than this are not listed."""

STANDS_OUT: Final = 1.05
"""Below this many times the average the best group does not stand out."""

DEVIATIONS: Final = 1.96
WIDE: Final = 2.0
"""Scale of the prior on the deviation between groups, in typical standard errors."""

_STEPS: Final = 200
_DRAWS: Final = 4000
_SEED: Final = 20


@dataclass(frozen=True, slots=True)
class Group:
    """A known group as it was seen.

    Parameters
    ----------
    name : str
    customers : int
    mean : float
        Per customer, raw.
    error : float
        Standard error of the mean as that of such customers, >= 0.
    """

    name: str
    customers: int
    mean: float
    error: float


@dataclass(frozen=True, slots=True)
class Best:
    """The group that is most likely the best.

    Attributes
    ----------
    group : Group
        As it was seen.
    mean, error : float
        Its mean drawn towards that of all groups, and the standard deviation of what is left open.
    sure : float
        The probability (0..1) that no other group's true mean is higher.
    compared : tuple of Group
        All groups that were compared, the likeliest best first.
    contenders : tuple of Group
        The first of them, of which one is the best with a probability of ``CONTEND``.
    average : float
        The mean of all customers of the groups compared.
    """

    group: Group
    mean: float
    error: float
    sure: float
    compared: tuple[Group, ...]
    contenders: tuple[Group, ...]
    average: float

    @property
    def times(self) -> float:
        """How many times the average."""
        return self.mean / self.average

    @property
    def verdict(self) -> str:
        """Whether a group can be named.

        ``named``; ``little``: surely the best, but hardly above the average; ``several``: one of
        ``contenders``; ``alike``: too many contend.
        """
        if self.sure >= SURE:
            return "named" if self.times >= STANDS_OUT else "little"
        few = len(self.contenders) <= FEW and len(self.contenders) < len(self.compared)
        return "several" if few else "alike"

    def interval(self, more: float = 0.0) -> tuple[float, float]:
        """The 95% interval of ``mean``; ``more`` is a standard error that all groups share."""
        half = DEVIATIONS * float(np.hypot(self.error, more))
        return self.mean - half, self.mean + half


def best(found: list[Group]) -> Best | None:
    """Name the group that is most likely the best of those that are large enough.

    Parameters
    ----------
    found : list of Group
        Known groups only.

    Returns
    -------
    Best or None
        None unless two groups hold ``LEAST`` customers, and their customers' mean is above 0.
    """
    large = sorted((each for each in found if each.customers >= LEAST), key=lambda each: each.name)
    if len(large) < 2:
        return None
    average = sum(each.mean * each.customers for each in large) / sum(each.customers for each in large)
    if not average > 0:
        return None
    means, errors, sure = drawn_together(
        np.array([each.mean for each in large]), np.array([each.error for each in large])
    )
    order = np.argsort(-sure, kind="stable")
    contend = 1 + int(np.searchsorted(np.cumsum(sure[order]), CONTEND))
    compared = tuple(large[place] for place in order)
    first = order[0]
    return Best(
        group=compared[0],
        mean=float(means[first]),
        error=float(errors[first]),
        sure=float(sure[first]),
        compared=compared,
        contenders=compared[:contend],
        average=average,
    )


def drawn_together(means: FloatArray, errors: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Posterior means and standard deviations of the groups, and how surely each is the best.

    Normal means, normal between groups, a flat prior on the centre, and a half-Cauchy one on the standard
    deviation between groups, its scale twice the typical standard error. The mixture over that deviation
    is summed at equal steps of its prior, so it is not taken as known, and no estimate of it can be stuck
    at 0.

    Parameters
    ----------
    means, errors : ndarray, shape (k,), k >= 2

    Returns
    -------
    (ndarray, ndarray, ndarray), shape (k,) each
        Means, standard deviations, and shares of 4,000 random draws in which the group is the highest.

    References
    ----------
    Efron and Morris (1975), JASA 70: shrinkage of several means. Morris (1983), JASA 78: intervals that
    hold the open variance. Gelman (2006), Bayesian Analysis 1(3): the half-Cauchy prior. Gelman et al.
    (2013), Bayesian Data Analysis, section 5.4: the normals given the deviation between groups.
    """
    known = np.square(np.maximum(errors, (float(np.abs(means).max()) or 1.0) * 1e-9))
    typical = len(known) / np.sum(1 / known)
    steps = (np.arange(_STEPS) + 0.5) / _STEPS
    between = typical * (WIDE * np.tan(steps * np.pi / 2)) ** 2
    whole = known + between[:, None]
    centre_error = 1 / np.sum(1 / whole, axis=1)
    centre = centre_error * np.sum(means / whole, axis=1)
    misfit = np.sum(np.log(whole) + (means - centre[:, None]) ** 2 / whole, axis=1) - np.log(centre_error)
    weight = np.exp(0.5 * (misfit.min() - misfit))
    weight /= weight.sum()
    pull = known / whole
    each = pull * centre[:, None] + (1 - pull) * means
    spread = known * (1 - pull)
    mean = weight @ each
    variance = weight @ (spread + pull**2 * centre_error[:, None] + (each - mean) ** 2)
    random = np.random.default_rng(_SEED)
    step = random.choice(_STEPS, _DRAWS, p=weight)
    moved = random.standard_normal(_DRAWS) * np.sqrt(centre_error[step])
    own = random.standard_normal((_DRAWS, len(means))) * np.sqrt(spread[step])
    drawn = each[step] + pull[step] * moved[:, None] + own
    return mean, np.sqrt(variance), np.bincount(drawn.argmax(axis=1), minlength=len(means)) / _DRAWS
