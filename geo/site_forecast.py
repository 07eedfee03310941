"""How sure a forecast of a new store is: every store is forecast as if it had never been there.

The forecast of year-1 sales is the capture model on the sales of the other stores. What it said of stores
that exist, against what they sell, moves the middle of the forecast and gives its width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from geo.captured import Market, outcome

Floats = npt.NDArray[np.float64]

FEWEST_STORES: Final = 5
"""Below this, sites are put in order and no sales are forecast."""

RELIABLE, ROUGH = 0.15, 0.35
"""Median error up to which a forecast is reliable, and rough; beyond, it is not to be used."""

QUANTILES: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class ForecastError:
    """The error of forecasts in logarithms of sales.

    Parameters
    ----------
    stores : int
        Stores that were forecast without their own data.
    shift : float
        Mean of log(actual / forecast): what the middle is moved by.
    spread : float
        Standard deviation of it, n - 1 in the denominator.
    median_error : float
        Median of ``|forecast * exp(shift) / actual - 1|``, the shift from the other stores only.
    """

    stores: int
    shift: float
    spread: float
    median_error: float

    @property
    def word(self) -> str:
        """``reliable``, ``rough`` or ``do_not_use``."""
        if self.median_error <= RELIABLE:
            return "reliable"
        return "rough" if self.median_error <= ROUGH else "do_not_use"


def leave_one_out(market: Market, stores: Sequence[str], open_all_year: Sequence[bool] = ()) -> pd.DataFrame:
    """Forecast each own store from the sales of the others, as a new store would be.

    Parameters
    ----------
    market : Market
    stores : sequence of str, (m,)
        Ids, in the order of the market's columns.
    open_all_year : sequence of bool, optional
        Stores open for the whole year of sales; others are not forecast, for half a year of sales is no year.

    Returns
    -------
    DataFrame, one row per store that can be forecast
        ``store_id``, ``actual``, ``predicted`` (both > 0).
    """
    rows = []
    whole = list(open_all_year) or [True] * len(stores)
    for k, store in enumerate(stores):
        actual = float(market.sales[:, k].sum())
        rest = market.without(k)
        if not whole[k] or actual <= 0 or rest.sales.shape[1] == 0:
            continue
        predicted = float(outcome(rest, market.pull[:, [k]], [0]).captured[0])
        if predicted > 0:
            rows.append((store, actual, predicted))
    return pd.DataFrame(rows, columns=["store_id", "actual", "predicted"])


def error_of(validated: pd.DataFrame) -> ForecastError | None:
    """The error of forecasts that were made without the store's own data.

    Parameters
    ----------
    validated : DataFrame
        ``actual`` and ``predicted`` (> 0), one row a store.

    Returns
    -------
    ForecastError or None
        None below ``FEWEST_STORES`` stores: no sales are forecast then.
    """
    n = len(validated)
    if n < FEWEST_STORES:
        return None
    log_error = np.log(validated["actual"].to_numpy(float) / validated["predicted"].to_numpy(float))
    others = (log_error.sum() - log_error) / (n - 1)
    relative = np.abs(np.exp(others - log_error) - 1.0)
    return ForecastError(n, float(log_error.mean()), float(log_error.std(ddof=1)), float(np.median(relative)))


def forecast(captured: float, error: ForecastError, quantiles: Sequence[float] = QUANTILES) -> Floats:
    """Quantiles of year-1 sales.

    The logarithm of a new store's sales has Student's t with n - 1 degrees of freedom around the shifted
    forecast, scale ``spread * sqrt(1 + 1/n)``: one more draw from what the existing stores came from.

    References
    ----------
    Gelman and others (2013), Bayesian Data Analysis, 3rd ed., eq. 3.9 and below (predictive distribution of a
    normal sample).

    Examples
    --------
    >>> forecast(100.0, ForecastError(10, 0.0, 0.2, 0.1)).round(1).tolist()
    [74.8, 100.0, 133.7]
    """
    at = stats.t.ppf(np.asarray(quantiles, dtype=float), error.stores - 1)
    scale = error.spread * np.sqrt(1.0 + 1.0 / error.stores)
    return np.asarray(captured * np.exp(error.shift + scale * at))


def moves_together(captured_by_point: Floats) -> Floats:
    """Correlation of the forecast errors of candidates: the more of the same customers, the nearer to 1.

    Parameters
    ----------
    captured_by_point : (n, k)
        Sales of each site from each point, >= 0.

    Returns
    -------
    (k, k)
        Cosine of the columns: 0 where two sites share no customer, 1 where they are one place. It is a
        Gram matrix, hence positive semi-definite.
    """
    length = np.sqrt((captured_by_point**2).sum(axis=0))
    unit = np.divide(captured_by_point, length, out=np.zeros_like(captured_by_point), where=length > 0)
    found = unit.T @ unit
    np.fill_diagonal(found, 1.0)
    return np.asarray(np.clip(found, 0.0, 1.0))


def drawn_factors(
    error: ForecastError, together: Floats, draws: int = 4000, seed: int = 0
) -> npt.NDArray[np.float64]:
    """What sales may be, as multiples of the capture model's number, jointly for several sites.

    Three parts of the error: the mean shift and the spread are known from n stores only (common to all
    sites), the rest is each site's, and moves together where the sites share customers.

    Parameters
    ----------
    error : ForecastError
    together : (k, k)
        From :func:`moves_together`.
    draws, seed : int

    Returns
    -------
    (draws, k)
    """
    chance = np.random.default_rng(seed)
    n, k = error.stores, together.shape[0]
    values, vectors = np.linalg.eigh(together)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    scale = error.spread * np.sqrt((n - 1) / chance.chisquare(n - 1, draws))[:, None]
    common = chance.standard_normal((draws, 1)) / np.sqrt(n)
    own = chance.standard_normal((draws, k)) @ root.T
    return np.asarray(np.exp(error.shift + scale * (common + own)))


def beats(values: Floats) -> Floats:
    """How often each site is worth more than each other, (k, k); half for a tie, half on the diagonal.

    Parameters
    ----------
    values : (draws, k)
        Of any worth, drawn jointly.
    """
    more = (values[:, :, None] > values[:, None, :]).mean(axis=0)
    same = (values[:, :, None] == values[:, None, :]).mean(axis=0)
    return np.asarray(more + same / 2)


def best_validated(validated: Mapping[str, pd.DataFrame]) -> tuple[str, pd.DataFrame]:
    """Choose among ways to forecast by how well they predict existing stores, and test the choice itself.

    Parameters
    ----------
    validated : mapping of name to DataFrame
        From :func:`leave_one_out`; the names in the order of preference when they do equally well.

    Returns
    -------
    name : str
        The way with the smallest spread of log errors over all stores; the first where no sales are forecast.
    frame : DataFrame
        ``store_id``, ``actual``, ``predicted``, ``way``: each store by the way chosen without that store, so
        that the choice is not rewarded for fitting it.

    References
    ----------
    Stone (1974), Cross-validatory choice and assessment of statistical predictions, section 3 (the choice is
    made anew without each case).
    """
    if not validated:
        raise ValueError("best_validated() needs at least one way to forecast; got none.")
    names = list(validated)
    logs = {
        name: pd.Series(
            np.log(frame["actual"].to_numpy(float) / frame["predicted"].to_numpy(float)),
            index=frame["store_id"],
        )
        for name, frame in validated.items()
    }
    table = pd.DataFrame(logs)[names].dropna()
    if len(table) < FEWEST_STORES:
        return names[0], validated[names[0]].assign(way=names[0])
    rows = []
    for store in table.index:
        others = table.drop(store).std(ddof=1)
        way = names[int(np.argmin(others.to_numpy()))]
        row = validated[way].set_index("store_id").loc[store]
        rows.append((store, float(row["actual"]), float(row["predicted"]), way))
    best = names[int(np.argmin(table.std(ddof=1).to_numpy()))]
    return best, pd.DataFrame(rows, columns=["store_id", "actual", "predicted", "way"])
