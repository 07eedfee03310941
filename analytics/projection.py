"""How many of a cohort of subscribers will be left: fitted on some terms, checked on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Final

import numpy as np
import pandas as pd

from analytics.clv import ShiftedBetaGeo
from analytics.clv.arrays import FloatArray

HIGH_END: Final = (100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4)
"""Percent left of the "High End" customers after 0 to 12 years (Fader and Hardie 2007, table 1)."""

HIGH_END_FITTED: Final = 7
"""Years the paper fits the model on; it predicts the other five."""

LEAST_FITTED: Final = 2
MOST_PERIODS: Final = 60
LEVEL: Final = 0.95
_DRAWS: Final = 4000
_SEED: Final = 20070101


@dataclass(frozen=True, slots=True)
class Projection:
    """A projected cohort.

    Parameters
    ----------
    table : DataFrame, one row per period from 0
        ``period``, ``actual`` (share left, NaN where not known yet), ``expected``, ``low``, ``high``
        (95%, NaN up to the last fitted period), ``part``: ``fitted``, ``holdout`` (known, not shown to
        the model) or ``ahead``.
    alpha, beta : float
        Of the shifted beta-geometric model.
    customers : float
        Size of the cohort, nominal where only shares are known.
    error : float or None
        Mean absolute error over the holdout, as a share; None without one.
    inside : int
        Periods of the holdout that lie within the interval.
    naive_error : float or None
        The same error of a constant renewal rate, that of the last fitted period.
    warnings : tuple of str
        Codes of the fit.
    """

    table: pd.DataFrame
    alpha: float
    beta: float
    customers: float
    error: float | None
    inside: int
    naive_error: float | None
    warnings: tuple[str, ...]

    @property
    def held_out(self) -> int:
        """Periods the model was checked on."""
        return int((self.table["part"] == "holdout").sum())


def project(
    survivors: Sequence[float], fitted: int, horizon: int, customers: float | None = None
) -> Projection:
    """Fit on the first periods, predict all the others.

    Parameters
    ----------
    survivors : sequence of float
        Customers left after 0, 1, ... periods, or shares of 1 with ``customers``; never rising.
    fitted : int
        Periods after the first that the model sees, at least 2.
    horizon : int
        The last period to project.
    customers : float, optional
        Size of the cohort where ``survivors`` are shares; a nominal 1,000 without it.

    Raises
    ------
    ValueError : fewer periods than are to be fitted, or survivors that cannot be.

    References
    ----------
    Fader and Hardie (2007), How to project customer retention, Journal of Interactive Marketing
    21(1), 76-90: the sBG recursion and retention rate. Interval: a parametric bootstrap, given who was
    left at the last fitted period; Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 6.

    Examples
    --------
    >>> found = project([share / 100 for share in HIGH_END], 7, 12)
    >>> (found.table["expected"].iloc[8:] * 100).round(1).tolist()
    [46.0, 43.6, 41.4, 39.5, 37.8]
    """
    left = np.asarray(survivors, dtype=float)
    if not LEAST_FITTED <= fitted < len(left):
        raise ValueError(
            f"fitted takes {LEAST_FITTED} to {len(left) - 1} of {len(left) - 1} periods; got {fitted}."
        )
    if not 1 <= horizon <= MOST_PERIODS:
        raise ValueError(f"horizon takes 1 to {MOST_PERIODS}; got {horizon}.")
    if left[0] <= 0 or bool(np.any(np.diff(left) > 0)) or bool(np.any(left < 0)):
        raise ValueError(f"survivors must begin above 0 and never rise; got {list(survivors)}.")
    model = ShiftedBetaGeo().fit(left[: fitted + 1], customers)
    size = 1000.0 if left[0] == 1 and customers is None else float(customers or left[0])
    periods = np.arange(max(horizon, len(left) - 1) + 1, dtype=float)
    expected = model.survival(periods)
    low, high = _interval(model, periods, fitted, float(left[fitted] / left[0]), size)
    shares = left / left[0]
    actual = np.full(len(periods), np.nan)
    actual[: len(left)] = shares
    part = np.where(periods <= fitted, "fitted", np.where(periods < len(left), "holdout", "ahead"))
    held = part == "holdout"
    error = float(np.mean(np.abs(expected - actual)[held])) if held.any() else None
    inside = int(np.sum((actual >= low)[held] & (actual <= high)[held]))
    return Projection(
        table=pd.DataFrame(
            {
                "period": periods.astype(int),
                "actual": actual,
                "expected": expected,
                "low": low,
                "high": high,
                "part": part,
            }
        ),
        alpha=model.params_["alpha"],
        beta=model.params_["beta"],
        customers=size,
        error=error,
        inside=inside,
        naive_error=_naive_error(shares, fitted) if held.any() else None,
        warnings=tuple(warning.code for warning in model.warnings_),
    )


def read_shares(text: str) -> list[float]:
    """Read percentages as a person types them; 100 is put in front where it is not there.

    Parameters
    ----------
    text : str
        Percent left after each period, parted by spaces, semicolons or commas with a space.

    Returns
    -------
    list of float
        Shares 0..1 from period 0.

    Raises
    ------
    ValueError : not numbers, rising, below 0 or above 100, fewer than three periods.

    Examples
    --------
    >>> read_shares("86.9; 74.3 65.3%")
    [1.0, 0.869, 0.743, 0.653]
    >>> read_shares("86,9; 74,3; 65,3") == read_shares("86.9, 74.3, 65.3")
    True
    """
    parts = [part.strip().rstrip("%,") for part in text.replace(";", " ").replace(", ", " ").split() if part]
    percent = [float(part.replace(",", ".")) for part in parts if part]
    if percent and percent[0] < 100:
        percent.insert(0, 100.0)
    if not 4 <= len(percent) <= MOST_PERIODS:
        raise ValueError(f"Between 3 and {MOST_PERIODS - 1} periods are needed; got {len(percent) - 1}.")
    steps = list(pairwise(percent))
    if not all(isfinite(value) for value in percent):
        raise ValueError(f"Percentages must be numbers; got {text!r}.")
    if percent[0] != 100 or any(after > before for before, after in steps) or percent[-1] < 0:
        raise ValueError(f"Percentages must begin at 100 and never rise or fall below 0; got {percent}.")
    return [round(value / 100, 6) for value in percent]


def _interval(
    model: ShiftedBetaGeo, periods: FloatArray, fitted: int, left: float, size: float
) -> tuple[FloatArray, FloatArray]:
    """Interval of the customers who will be left, given those left at the last fitted period.

    How many of them stay varies with the parameters, drawn from their normal distribution on the log
    scale, and by chance. Before that the customers are known, and there is no interval.
    """
    ahead = periods > fitted
    low, high = np.where(ahead, 0.0, np.nan), np.where(ahead, 0.0, np.nan)
    if not ahead.any() or left <= 0:
        return low, high
    chance = np.random.default_rng(_SEED)
    names = ("alpha", "beta")
    centre = np.log([model.params_[name] for name in names])
    theta = chance.multivariate_normal(centre, model.log_covariance_, _DRAWS, method="eigh")
    alpha, beta = np.exp(np.clip(theta, -20, 20)).T[:, :, None]
    steps = np.arange(fitted + 1, periods[-1] + 1)
    stay = (beta + steps - 1) / (alpha + beta + steps - 1)
    alive = np.full(_DRAWS, round(left * size), dtype=np.int64)
    counts = np.empty((_DRAWS, len(steps)))
    for column in range(len(steps)):
        alive = chance.binomial(alive, stay[:, column])
        counts[:, column] = alive
    low[ahead], high[ahead] = np.quantile(counts / size, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2], axis=0)
    return low, high


def _naive_error(shares: FloatArray, fitted: int) -> float:
    """Error of a constant renewal rate from the last fitted period on."""
    rate = shares[fitted] / shares[fitted - 1] if shares[fitted - 1] > 0 else 0.0
    later = np.arange(1, len(shares) - fitted)
    return float(np.mean(np.abs(shares[fitted] * rate**later - shares[fitted + 1 :])))
