"""Every store predicted as if its own data were not known, and what that says of a forecast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import t as student

from geo.gravity_data import Basis, Market
from geo.gravity_surface import Surface, fit_surface

FEWEST_STORES: Final = 5
"""With fewer stores the errors say too little for a forecast of sales: a ranking only."""

RELIABLE: Final = 0.25
ROUGH: Final = 0.5
"""Median absolute percentage errors up to which a forecast is called reliable, and rough."""


@dataclass(frozen=True)
class ForecastError:
    """How wrong a forecast of a store without data of its own is, in logarithms of sales.

    Parameters
    ----------
    stores : int
        Stores that were predicted without their own data.
    spread : float
        Root mean square of ln(actual / predicted).
    median_error : float
        Median absolute percentage error.
    word : str
        ``reliable``, ``rough`` or ``do_not_use``.
    """

    stores: int
    spread: float
    median_error: float = 0.0
    word: str = ""

    def quantile(self, share: float) -> float:
        """Factor on a forecast at a quantile: Student's t with as many degrees of freedom as stores.

        Examples
        --------
        >>> round(ForecastError(12, 0.3).quantile(0.9), 3)
        1.502
        """
        return float(np.exp(student.ppf(share, self.stores) * self.spread))


@dataclass(frozen=True)
class Validation:
    """How well stores are predicted without their own data.

    Parameters
    ----------
    stores : DataFrame, one row per store
        ``store_id``, ``actual``, ``predicted`` (None where the others say nothing), ``low``, ``high``
        (None with fewer than ``FEWEST_STORES`` others), ``log_error`` (ln actual / predicted), ``inside``
        (bool or None), ``alpha``, ``beta`` (fitted without it), ``reason`` (empty, or why there is no
        prediction: ``no_fit``, ``no_overlap``, ``no_sales``).
    basis : {"population", "others"}
    level : float
        Of the intervals.
    log_spread : float or None
        Root mean square of the log errors: what to multiply a forecast of a new site with.
    median_error : float or None
        Median absolute percentage error.
    coverage : float or None
        Share of the stores whose actual lies in an interval made from the other stores' errors.
    rank_correlation : float or None
        Spearman's, of predicted with actual.
    ranking_only : bool
        Fewer than ``FEWEST_STORES`` stores could be checked: no forecast of sales.
    """

    stores: pd.DataFrame
    basis: Basis
    level: float
    checked: int
    log_spread: float | None
    median_error: float | None
    coverage: float | None
    rank_correlation: float | None
    ranking_only: bool

    @property
    def reliability(self) -> str:
        """``reliable``, ``rough`` or ``do_not_use``, by the median error and the coverage."""
        if self.ranking_only or self.median_error is None:
            return "do_not_use"
        if self.median_error <= RELIABLE and (self.coverage or 0.0) >= self.level - 0.2:
            return "reliable"
        return "rough" if self.median_error <= ROUGH else "do_not_use"

    def quantile(self, share: float) -> float | None:
        """Factor on the forecast of a new site at a quantile: P10, P50, P90 for 0.1, 0.5, 0.9.

        Student's t with as many degrees of freedom as stores were checked; None where ``ranking_only``.
        """
        return None if self.error is None else self.error.quantile(share)

    @property
    def error(self) -> ForecastError | None:
        """What forecasts of new stores are widened with; None where ``ranking_only``."""
        if self.ranking_only or self.log_spread is None or self.median_error is None:
            return None
        return ForecastError(self.checked, self.log_spread, self.median_error, self.reliability)


def leave_one_out(
    market: Market,
    store_ids: Sequence[str],
    *,
    level: float = 0.8,
    progress: Callable[[float], bool] | None = None,
) -> Validation:
    """Predict each store from the data of the others.

    Without store s, its sales are unknown but it stands where it stands: what the others lost to it is
    lost in their data too. The rule is fitted on the others and asked what s sells. The interval of a
    store comes from the errors of the other stores only.

    Parameters
    ----------
    market : Market
    store_ids : sequence of str, (stores,)
    level : float
        Of the intervals.
    progress : callable, optional
        Called with the share done; returning False ends with the stores checked so far.

    Returns
    -------
    Validation

    Raises
    ------
    ValueError : the ids do not fit the market, or the level is outside (0, 1).

    References
    ----------
    Stone (1974), Cross-validatory choice and assessment of statistical predictions, Journal of the
    Royal Statistical Society B 36(2), eq. 1.1; Geisser (1975) for prediction intervals from it.
    """
    m = market.visits.shape[1]
    if len(store_ids) != m or not 0 < level < 1:
        raise ValueError(
            f"leave_one_out() needs {m} store ids and a level within (0, 1); got {len(store_ids)}."
        )
    start = _start(market)
    rows = []
    for j, store in enumerate(store_ids):
        rows.append({"store_id": store, **predicted_without(market, j, start)})
        if progress is not None and not progress((j + 1) / m):
            break
    return _summed(pd.DataFrame(rows), market.basis, level)


def _start(market: Market) -> tuple[float, float] | None:
    """Exponents of all stores, for a search to begin at; they do not touch its result."""
    try:
        fit = fit_surface(market).fit
    except ValueError:
        return None
    return fit.alpha, fit.beta


def learnt_without(market: Market, store: int, start: tuple[float, float] | None = None) -> Surface | None:
    """The rule as learnt without the data of one store, to be asked with that store among the own ones.

    None where the others are too few to learn from.
    """
    try:
        surface = fit_surface(market.without(store), start)
    except ValueError:
        return None
    # The store stood among the rivals of the fit; asked for as an own store, it must not count twice.
    return replace(surface, rivals=market.rivals_by(surface.fit))


def predicted_without(
    market: Market, store: int, start: tuple[float, float] | None = None
) -> dict[str, object]:
    """One store predicted from the others: ``actual, predicted, log_error, alpha, beta, reason``."""
    actual = float(market.sales[:, store].sum())
    nothing: dict[str, object] = {"actual": actual, "predicted": np.nan, "log_error": np.nan}
    nothing |= {"alpha": np.nan, "beta": np.nan}
    if actual <= 0:
        return nothing | {"reason": "no_sales"}
    surface = learnt_without(market, store, start)
    if surface is None:
        return nothing | {"reason": "no_fit"}
    others = np.arange(market.visits.shape[1]) != store
    expected = surface.sales(market.attraction, market.distance, market.exposure)
    predicted = float(expected[:, store].sum())
    if predicted <= 0 or not market.sales[:, others].any():
        return nothing | {"reason": "no_overlap"}
    exponents = {"alpha": surface.fit.alpha, "beta": surface.fit.beta}
    return {
        "actual": actual,
        "predicted": predicted,
        "log_error": float(np.log(actual / predicted)),
        **exponents,
        "reason": "",
    }


def _summed(stores: pd.DataFrame, basis: Basis, level: float) -> Validation:
    errors = stores["log_error"].to_numpy(dtype=float)
    known = np.isfinite(errors)
    checked = int(known.sum())
    low, high, inside = (np.full(len(stores), None, dtype=object) for _ in range(3))
    for j in np.flatnonzero(known):
        rest = known & (np.arange(len(stores)) != j)
        if rest.sum() + 1 < FEWEST_STORES:
            continue
        others = ForecastError(int(rest.sum()), float(np.sqrt((errors[rest] ** 2).mean())))
        factors = others.quantile((1 - level) / 2), others.quantile((1 + level) / 2)
        low[j], high[j] = (float(stores["predicted"].iloc[j] * factor) for factor in factors)
        inside[j] = bool(factors[0] <= np.exp(errors[j]) <= factors[1])
    stores = stores.assign(low=low, high=high, inside=inside)
    ranking = checked < FEWEST_STORES
    percent = np.abs(1 - np.exp(-errors[known]))
    order = stores.loc[known, ["actual", "predicted"]].astype(float).rank()
    told = [value for value in inside if value is not None]
    return Validation(
        stores=stores,
        basis=basis,
        level=level,
        checked=checked,
        log_spread=None if ranking else float(np.sqrt((errors[known] ** 2).mean())),
        median_error=float(np.median(percent)) if checked else None,
        coverage=float(np.mean(told)) if told else None,
        rank_correlation=_correlation(order),
        ranking_only=ranking,
    )


def _correlation(ranks: pd.DataFrame) -> float | None:
    if len(ranks) < 3 or ranks["actual"].nunique() < 2 or ranks["predicted"].nunique() < 2:
        return None
    return float(np.corrcoef(ranks["actual"], ranks["predicted"])[0, 1])
