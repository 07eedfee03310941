"""Time to the next purchase: the Kaplan-Meier curve of the gaps, and the hiatus.

A gap begins with a purchase and ends with the next one; the last gap of every customer has not ended
and is censored at the last day of the data. All that is needed are the numbers of ended and of
censored gaps by length in days, which the engine counts; the rest are a few thousand numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Array = npt.NDArray[np.float64]

LEVEL: Final = 0.95
LEAST_AT_RISK: Final = 30
"""Gaps still open that a day needs before its curve is used."""

LEAST_EVENTS: Final = 50
HORIZON_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve in whole days.

    Parameters
    ----------
    events, censored : ndarray, shape (days + 1,)
        Gaps that ended on, and were last seen on, day 0, 1, ...
    survival, low, high : ndarray, shape (days + 1,)
        Share of gaps longer than the day (no return yet), with its 95% interval.
    standard_error : ndarray, shape (days + 1,)
        Greenwood's, of ``survival``.
    at_risk : ndarray, shape (days + 1,)
        Gaps that had not ended before the day.
    """

    events: Array
    censored: Array
    survival: Array
    low: Array
    high: Array
    standard_error: Array
    at_risk: Array

    @property
    def gaps(self) -> float:
        """Number of gaps, ended or not."""
        return float(self.at_risk[0]) if len(self.at_risk) else 0.0

    @property
    def last_day(self) -> int:
        """The last day with enough open gaps to go by; -1 without any."""
        known = np.flatnonzero(self.at_risk >= LEAST_AT_RISK)
        return int(known[-1]) if len(known) else -1

    def at(self, day: npt.ArrayLike) -> Array:
        """Survival at a day; after the last day of the curve, that of the last day."""
        index = np.clip(np.asarray(day, dtype=np.int64), 0, len(self.survival) - 1)
        return np.asarray(self.survival[index])

    def quantile(self, share: float) -> int | None:
        """The first day by which at least ``share`` of the gaps have ended; None where fewer do."""
        reached = np.flatnonzero(self.survival <= 1 - share + 1e-12)
        return int(reached[0]) if len(reached) else None


def kaplan_meier(events: npt.ArrayLike, censored: npt.ArrayLike, level: float = LEVEL) -> Curve:
    """Fit the product-limit curve to counts by day.

    Parameters
    ----------
    events, censored : array_like, shape (days + 1,)
        Gaps that ended on, and were last seen on, day 0, 1, ... A gap censored on a day was at risk
        on it.
    level : float
        Of the interval.

    Raises
    ------
    ValueError : different lengths, or a negative count.

    References
    ----------
    Kaplan and Meier (1958), Nonparametric estimation from incomplete observations, JASA 53, 457-481.
    Greenwood (1926) for the variance; Kalbfleisch and Prentice (2002), The statistical analysis of
    failure time data, 2nd ed., section 1.4: interval on the scale of log(-log S).

    Examples
    --------
    >>> curve = kaplan_meier([0, 1, 0, 1], [0, 0, 2, 0])
    >>> curve.survival.tolist()
    [1.0, 0.75, 0.75, 0.0]
    """
    ended, open_ = np.asarray(events, dtype=float), np.asarray(censored, dtype=float)
    if ended.shape != open_.shape or ended.ndim != 1:
        raise ValueError(f"events and censored need one length; got {ended.shape} and {open_.shape}.")
    if len(ended) and min(ended.min(), open_.min()) < 0:
        raise ValueError("events and censored must be counts of 0 or more.")
    at_risk = _at_risk(ended, open_)
    survival = _survival(ended, at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        stayed = at_risk - ended
        terms = np.where((ended > 0) & (stayed > 0), ended / (at_risk * stayed), 0.0)
        variance = np.cumsum(terms)
        error = survival * np.sqrt(variance)
        log = np.log(survival)
        width = float(ndtri(0.5 + level / 2)) * np.sqrt(variance) / np.abs(log)
        inner = (survival > 0) & (survival < 1)
        low = np.where(inner, survival ** np.exp(width), survival)
        high = np.where(inner, survival ** np.exp(-width), survival)
    return Curve(ended, open_, survival, low, high, error, at_risk)


def return_share(curve: Curve, waited: npt.ArrayLike, horizon: int) -> Array:
    """Chance of a return within ``horizon`` more days after so many days without one.

    Parameters
    ----------
    waited : array_like of int
        Days since the last purchase.

    Returns
    -------
    ndarray, 0..1
        NaN where the curve has ended or come down to 0 by then.
    """
    days = np.asarray(waited, dtype=np.int64)
    now = curve.at(days)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = 1 - curve.at(days + horizon) / now
    return np.where((now > 0) & (days <= curve.last_day), share, np.nan)


@dataclass(frozen=True, slots=True)
class Hiatus:
    """The silence after which a customer is more likely gone than not.

    Parameters
    ----------
    days : int or None
        The first day from which on fewer than half return within ``horizon`` more days.
    low, high : int or None
        95% interval, from the customers resampled in groups.
    horizon : int
        What "return" means: within so many more days.
    reason : str or None
        Why there is no day: ``too_few``, ``too_short`` (the data do not reach that far) or
        ``always_back`` (half or more return even after the longest silence that can be judged).
    """

    days: int | None
    low: int | None
    high: int | None
    horizon: int
    reason: str | None = None


def hiatus(
    events: npt.ArrayLike, censored: npt.ArrayLike, horizon: int = HORIZON_DAYS, draws: int = 200
) -> Hiatus:
    """Find the silence after which a return within the horizon is less likely than none.

    With S the share of gaps longer than a day, the chance of a return within H days after h days of
    silence is 1 - S(h + H) / S(h). The hiatus is the first h from which on it stays below one half.

    Parameters
    ----------
    events, censored : array_like, shape (groups, days + 1)
        Gaps by length for each of several random groups of customers (all gaps of a customer in one
        group), so that the interval knows that a customer's gaps resemble each other.
    horizon : int
        H, in days.
    draws : int
        Bootstrap draws of groups, with a fixed seed.

    References
    ----------
    Wübben and von Wangenheim (2008), Instant customer base analysis: managerial heuristics often "get
    it right", Journal of Marketing 72(3), 82-93: the hiatus rule. Davison and Hinkley (1997),
    Bootstrap methods and their application, section 3.8: resampling of clusters.
    """
    ended, open_ = np.atleast_2d(np.asarray(events, float)), np.atleast_2d(np.asarray(censored, float))
    total_ended, total_open = ended.sum(axis=0), open_.sum(axis=0)
    if total_ended.sum() < LEAST_EVENTS:
        return Hiatus(None, None, None, horizon, "too_few")
    at_risk = _at_risk(total_ended, total_open)
    enough = np.flatnonzero(at_risk >= LEAST_AT_RISK)
    last = int(enough[-1]) - horizon if len(enough) else -1
    if last < 0:
        return Hiatus(None, None, None, horizon, "too_short")
    found = _first_below_half(_survival(total_ended, at_risk), horizon, last)
    if found is None:
        return Hiatus(None, None, None, horizon, "always_back")
    low, high = None, None
    if len(ended) > 1:
        chance = np.random.default_rng(_SEED)
        made = []
        for _ in range(draws):
            chosen = np.bincount(chance.integers(0, len(ended), len(ended)), minlength=len(ended))
            one, other = chosen @ ended, chosen @ open_
            day = _first_below_half(_survival(one, _at_risk(one, other)), horizon, last)
            made.append(last + 1 if day is None else day)
        low, high = (int(day) for day in np.quantile(made, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2]))
    return Hiatus(found, low, high, horizon)


_SEED: Final = 19580601


def _at_risk(ended: Array, open_: Array) -> Array:
    """Gaps that had not ended, nor been last seen, before each day."""
    return np.asarray(np.cumsum((ended + open_)[::-1])[::-1], dtype=float)


def _survival(ended: Array, at_risk: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(at_risk > 0, 1 - ended / at_risk, 1.0)
    return np.asarray(np.cumprod(steps), dtype=float)


def _first_below_half(survival: Array, horizon: int, last: int) -> int | None:
    """The first day from which on the chance of a return is below one half, up to ``last``."""
    here, later = survival[: last + 1], survival[horizon : horizon + last + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(here > 0, 1 - later / here, 0.0)
    at_least_half = np.flatnonzero(share >= 0.5)
    if not len(at_least_half):
        return 0
    day = int(at_least_half[-1]) + 1
    return day if day <= last else None
