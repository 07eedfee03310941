"""What each customer is expected to bring: the chosen model on all the data, one entry a customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from analytics.clv import GammaGamma
from analytics.clv.repeat_purchase import RepeatPurchaseModel
from analytics.forecast.backtest import Backtest
from analytics.forecast.discounting import discounted_purchases
from analytics.forecast.forecasters import MODELS
from analytics.forecast.histories import FloatArray, Histories, Observed
from analytics.forecast.spread import spending

COLUMNS: Final = (
    "customer_key",
    "p_alive",
    "expected_purchases",
    "discounted_purchases",
    "value_per_purchase",
    "expected_revenue",
    "revenue_low",
    "revenue_high",
    "margin_rate",
    "holdout_forecast",
    "holdout_actual",
)
"""Of :func:`scores`. Purchases are counts, ``p_alive`` and ``margin_rate`` 0..1, the rest money."""

CREDIBILITY: Final = 3.0
"""How many average purchases everyone's margin rate counts for beside a customer's own."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The chosen models, fitted on everything up to the last day.

    Attributes
    ----------
    code : str
        Of ``MODELS``.
    model : RepeatPurchaseModel
        Time in days.
    spend : GammaGamma or None
        None where nobody bought again.
    """

    code: str
    model: RepeatPurchaseModel
    spend: GammaGamma | None

    @property
    def cautions(self) -> tuple[str, ...]:
        """Codes of the warnings of both models, without doubles."""
        both = [*self.model.warnings_, *(self.spend.warnings_ if self.spend else ())]
        return tuple(dict.fromkeys(caution.code for caution in both))


def fit(code: str, history: Histories) -> Fit:
    """Fit a model of purchases and the spend model.

    Raises
    ------
    ValueError : an unknown code, or no customers.
    """
    if code not in MODELS:
        raise ValueError(f"fit() takes {list(MODELS)}; got {code!r}.")
    model = MODELS[code]().fit(history.frequency, history.recency, history.T)
    paid = history.valued.any()
    spend = GammaGamma().fit(history.orders_valued, history.mean_value) if paid else None
    return Fit(code, model, spend)


def scores(found: Fit, seen: Observed, tried: Backtest, days: float, yearly_discount: float) -> pa.Table:
    """Score every customer.

    Parameters
    ----------
    found : Fit
        Of ``seen.now``.
    seen : Observed
    tried : Backtest
        Its coverage says how wide an interval has to be.
    days : float
        Horizon.
    yearly_discount : float
        0.1 is 10%.

    Returns
    -------
    pyarrow Table, one row per customer: ``COLUMNS``
        ``revenue_low`` and ``revenue_high`` hold 80% of customers, as measured on the holdout.
        ``expected_revenue`` is not discounted. ``p_alive`` is null for BG/NBD, whose value is not the
        chance that a customer is still there. The two ``holdout`` columns are null for customers won
        in the holdout.
    """
    history = seen.now
    purchases, discounted = discounted_purchases(found.model, history, days, yearly_discount)
    alive = found.model.probability_alive(history.frequency, history.recency, history.T)
    value, low, high = _money(found, history, tried, alive, purchases, days)
    then = np.full(history.size, np.nan)
    before, after = then.copy(), then.copy()
    if tried.predicted_money is not None:
        before[seen.known_then] = tried.predicted_money
        after[seen.known_then] = seen.after_spend
    columns = {
        "p_alive": alive if found.model.alive_is_churn else then,
        "expected_purchases": purchases,
        "discounted_purchases": discounted,
        "value_per_purchase": value,
        "expected_revenue": purchases * value,
        "revenue_low": low,
        "revenue_high": high,
        "margin_rate": margin_rate(seen),
        "holdout_forecast": before,
        "holdout_actual": after,
    }
    made = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    return pa.table({"customer_key": pa.array(seen.customer_key), **made})


def margin_rate(seen: Observed) -> FloatArray:
    """Margin per unit of revenue of each customer: their own, drawn towards everyone's.

    A rate seen on few purchases says little, so that everyone's rate counts like three average purchases
    beside the customer's own.

    Returns
    -------
    ndarray, shape (n,)
        NaN throughout where no order has a margin.

    References
    ----------
    Buehlmann and Gisler (2005), A course in credibility theory, section 3.1: the credibility premium.
    """
    whole, base = float(seen.margin.sum()), float(seen.margin_base.sum())
    if base <= 0:
        return np.full(len(seen.margin), np.nan)
    purchases = float((seen.now.frequency + 1).sum())
    usual, weight = whole / base, CREDIBILITY * base / purchases
    own = np.maximum(seen.margin_base, 0.0)
    return np.asarray((np.where(own > 0, seen.margin, 0.0) + usual * weight) / (own + weight))


def total_spread(found: Fit, history: Histories, days: float, draws: int = 40, seed: int = 0) -> float:
    """Relative standard error of the total forecast from not knowing the parameters exactly.

    Parameters
    ----------
    draws : int
        Parameters drawn from their normal distribution on the log scale.

    Returns
    -------
    float
        Of purchases; on at most 5,000 customers, drawn with a fixed seed.
    """
    random = np.random.default_rng(seed)
    some = np.zeros(history.size, dtype=bool)
    some[random.permutation(history.size)[:5000]] = True
    few = history.of(some)
    totals = []
    for params in found.model.parameter_draws(draws, seed):
        model = type(found.model).from_params(params)
        totals.append(model.expected_purchases(days, few.frequency, few.recency, few.T).sum())
    mean = float(np.mean(totals))
    return float(np.std(totals) / mean) if mean > 0 else 0.0


def _money(
    found: Fit, history: Histories, tried: Backtest, alive: FloatArray, purchases: FloatArray, days: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    if found.spend is None or tried.coverage is None:
        nothing = np.full(history.size, np.nan)
        return nothing, nothing, nothing
    orders, mean = history.orders_valued, history.mean_value
    around = spending(found.model, found.spend, history, alive, purchases, days)
    low = around.quantile(tried.coverage.low_tail)
    high = around.quantile(1 - tried.coverage.high_tail)
    return found.spend.expected_value(orders, mean), low, high
