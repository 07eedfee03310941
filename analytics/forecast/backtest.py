"""Models and rules of thumb fitted on the past, and judged on months they never saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from analytics.clv import GammaGamma
from analytics.clv.repeat_purchase import RepeatPurchaseModel
from analytics.forecast.accuracy import Accuracy, accuracy, by_frequency, lift
from analytics.forecast.forecasters import MODELS, RULES, rule
from analytics.forecast.histories import FloatArray, Histories, Observed
from analytics.forecast.spread import spending
from analytics.forecast.tracking import tracking

TIE: Final = 0.005
"""Models whose errors differ by less than half a percent are equal; the smaller total error wins."""

COVERED: Final = 0.8
"""Share of customers whose spending the interval of one customer should contain."""

LEARNERS: Final = 50_000
"""Candidates learn from at most so many customers (a random part, the same each time) and forecast all:
twice as many changed no error by 0.05%. The forecast itself is fitted on everybody."""

SEED: Final = 20261122

LEVELS: Final = (0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
"""Tail probabilities that are tried, the narrowest interval first."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast of the holdout.

    ``purchases`` counts days with a purchase, ``money`` what was spent on them.
    """

    code: str
    purchases: Accuracy
    money: Accuracy | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the interval of one customer held what was spent in the holdout.

    Attributes
    ----------
    low_tail, high_tail : float
        Tail probabilities of the distribution that had to be taken to reach ``COVERED``.
    share : float
        Share of customers inside.
    share_of_likely : float or None
        The same among those expected to buy at least once; None where there are none.
    """

    low_tail: float
    high_tail: float
    share: float
    share_of_likely: float | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the holdout says.

    Attributes
    ----------
    trials : tuple of Trial
        Models first, then rules of thumb.
    chosen : str
        Code of the model that does best.
    beaten_by : str
        Code of the rule of thumb with a smaller error than the chosen model; empty where none has.
    correlation : float or None
        Rank correlation of frequency and mean spend; the spend model assumes none.
    coverage : Coverage or None
    frequency, deciles, weeks : DataFrame
        Of the chosen model: ``accuracy.by_frequency``, ``accuracy.lift`` (of money where there is any),
        ``tracking.tracking``.
    predicted_money : ndarray or None
        Money forecast for each customer known then.
    """

    trials: tuple[Trial, ...]
    chosen: str
    beaten_by: str
    correlation: float | None
    coverage: Coverage | None
    frequency: pd.DataFrame
    deciles: pd.DataFrame
    weeks: pd.DataFrame
    predicted_money: FloatArray | None

    @property
    def best(self) -> Trial:
        """The trial of the chosen model."""
        return next(trial for trial in self.trials if trial.code == self.chosen)


def backtest(
    seen: Observed,
    weekly: pd.DataFrame,
    progress: Callable[[str, float], None] = lambda step, share: None,
) -> Backtest:
    """Fit every candidate on the calibration, forecast the holdout, and compare.

    Parameters
    ----------
    seen : Observed
    weekly : DataFrame
        ``histories.weekly_repeats`` of the same days.
    progress : callable
        Called with the code of a candidate and the share that is done before each.

    Returns
    -------
    Backtest

    Raises
    ------
    ValueError : nobody bought before the calibration ended.

    References
    ----------
    Fader, Hardie, Lee (2005), Marketing Science 24(2), section 4 (calibration and holdout).
    """
    if not seen.then.size:
        raise ValueError("backtest() needs customers from before the holdout; there are none.")
    days = float(seen.holdout_days)
    learners = _learners(seen.then)
    spend, value = _spend(learners, seen.then)
    fitted: dict[str, RepeatPurchaseModel] = {}
    foreseen: dict[str, FloatArray] = {}
    for place, (code, kind) in enumerate(MODELS.items()):
        progress(code, place / (len(MODELS) + 1))
        history = seen.then
        fitted[code] = kind().fit(learners.frequency, learners.recency, learners.T)
        foreseen[code] = fitted[code].expected_purchases(days, history.frequency, history.recency, history.T)
    progress("rules", len(MODELS) / (len(MODELS) + 1))
    for code in RULES:
        foreseen[code] = rule(code, seen.then, seen.before, days)
    money = {code: _money(code, seen, foreseen[code], value) for code in foreseen}
    trials = tuple(
        Trial(code, accuracy(seen.after, purchases), _accuracy_of(seen.after_spend, money[code]))
        for code, purchases in foreseen.items()
    )
    chosen = choose(trials)
    model, best = fitted[chosen], money[chosen]
    return Backtest(
        trials=trials,
        chosen=chosen,
        beaten_by=_beaten_by(trials, chosen),
        correlation=_correlation(seen.then),
        coverage=None if spend is None else _coverage(model, spend, seen, foreseen[chosen]),
        frequency=by_frequency(seen.then.frequency, seen.after, foreseen[chosen]),
        deciles=lift(seen.after, foreseen[chosen]) if best is None else lift(seen.after_spend, best),
        weeks=tracking(model, seen, weekly),
        predicted_money=best,
    )


def choose(trials: tuple[Trial, ...]) -> str:
    """The model with the smallest squared error per customer; near ties go by the total.

    Parameters
    ----------
    trials : tuple of Trial
        At least one of ``MODELS`` among them.

    Returns
    -------
    str
        A code of ``MODELS``.
    """
    models = [trial for trial in trials if trial.code in MODELS]
    least = min(trial.purchases.rmse for trial in models)
    near = [trial for trial in models if trial.purchases.rmse <= least * (1 + TIE)]
    return min(near, key=lambda trial: abs(trial.purchases.predicted - trial.purchases.actual)).code


def _beaten_by(trials: tuple[Trial, ...], chosen: str) -> str:
    best = next(trial for trial in trials if trial.code == chosen)
    rules = [trial for trial in trials if trial.code not in MODELS]
    ahead = min(rules, key=lambda trial: trial.purchases.rmse)
    return ahead.code if ahead.purchases.rmse < best.purchases.rmse else ""


def _learners(history: Histories) -> Histories:
    if history.size <= LEARNERS:
        return history
    chosen = np.zeros(history.size, dtype=bool)
    chosen[np.random.default_rng(SEED).permutation(history.size)[:LEARNERS]] = True
    return history.of(chosen)


def _spend(learners: Histories, history: Histories) -> tuple[GammaGamma | None, FloatArray | None]:
    if not learners.valued.any():
        return None, None
    model = GammaGamma().fit(learners.orders_valued, learners.mean_value)
    return model, model.expected_value(history.orders_valued, history.mean_value)


def _money(code: str, seen: Observed, purchases: FloatArray, value: FloatArray | None) -> FloatArray | None:
    """Models take the spend model; the rules take the customer's own mean, or last time's sum."""
    if value is None:
        return None
    if code in MODELS:
        return purchases * value
    if code == "same_again":
        return seen.before_spend
    return purchases * seen.then.mean_value


def _accuracy_of(actual: FloatArray, predicted: FloatArray | None) -> Accuracy | None:
    return None if predicted is None else accuracy(actual, predicted)


def _correlation(history: Histories) -> float | None:
    """Rank correlation of frequency and mean spend over those who bought again."""
    paid = history.valued
    if paid.sum() < 3:
        return None
    found = float(spearmanr(history.frequency[paid], history.mean_value[paid]).statistic)
    return None if np.isnan(found) else found


def _coverage(
    model: RepeatPurchaseModel, spend: GammaGamma, seen: Observed, purchases: FloatArray
) -> Coverage:
    """Widen each side until the holdout lies inside for as many customers as promised."""
    history = seen.then
    alive = model.probability_alive(history.frequency, history.recency, history.T)
    around = spending(model, spend, history, alive, purchases, float(seen.holdout_days))
    actual, allowed = seen.after_spend, (1 - COVERED) / 2
    low_tail = _tail(lambda level: actual < around.quantile(level), allowed)
    high_tail = _tail(lambda level: actual > around.quantile(1 - level), allowed)
    inside = (actual >= around.quantile(low_tail)) & (actual <= around.quantile(1 - high_tail))
    likely = purchases >= 1
    return Coverage(
        low_tail,
        high_tail,
        float(inside.mean()),
        float(inside[likely].mean()) if likely.any() else None,
    )


def _tail(outside: Callable[[float], np.ndarray], allowed: float) -> float:
    """The largest tail probability that leaves no more than ``allowed`` of the customers outside."""
    for level in LEVELS:
        if float(np.mean(outside(level))) <= allowed:
            return level
    return LEVELS[-1]
