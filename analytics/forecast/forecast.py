"""The whole forecast: gate, backtest, choice, fit, scores; and its summary as plain JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from analytics.forecast import gate, scores
from analytics.forecast.accuracy import Accuracy
from analytics.forecast.backtest import Backtest, Coverage, Trial, backtest
from analytics.forecast.forecasters import MODELS
from analytics.forecast.gate import Requirement, Verdict
from analytics.forecast.histories import Observed

Progress = Callable[[str, float], None]

DEVIATIONS: Final = 1.96


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a forecast is asked for.

    ``horizon_days`` from the last day of the data; ``yearly_discount`` 0.1 is 10%.
    """

    horizon_days: int = 365
    yearly_discount: float = 0.1


@dataclass(frozen=True, slots=True)
class Forecast:
    """All that a screen says about a forecast beside the customers' own scores.

    Attributes
    ----------
    as_of, calibration_end : date
    assumptions : Assumptions
    requirements : tuple of Requirement
    verdict : Verdict
    model : str
        Code of the chosen model; empty where none could be fitted.
    params, standard_errors : dict
        Of the chosen model, fitted on everything; time in days.
    spend_params : dict
        Of the Gamma-Gamma model; empty without one.
    cautions : tuple of str
        Codes of ``analytics.clv.fit_warnings``.
    tried : Backtest or None
        Without ``predicted_money``.
    spread : float
        Relative standard error of a total: see ``gate.widened``.
    """

    as_of: date
    calibration_end: date
    assumptions: Assumptions
    requirements: tuple[Requirement, ...]
    verdict: Verdict
    model: str
    params: dict[str, float]
    standard_errors: dict[str, float]
    spend_params: dict[str, float]
    cautions: tuple[str, ...]
    tried: Backtest | None
    spread: float

    @property
    def usable(self) -> bool:
        """Whether its money may be shown."""
        return self.verdict.word != "do_not_use"

    @property
    def tells_churn(self) -> bool:
        """Whether the model can say who is leaving: see ``alive_is_churn`` of the models."""
        return self.model in MODELS and MODELS[self.model].alive_is_churn

    def interval(self, total: float) -> tuple[float, float]:
        """The 95% interval of a total: what the model is unsure of, widened by the backtest's error."""
        factor = math.exp(DEVIATIONS * self.spread)
        return min(total / factor, total * factor), max(total / factor, total * factor)


def forecast(
    seen: Observed,
    weekly: pd.DataFrame,
    assumptions: Assumptions,
    progress: Progress = lambda step, share: None,
) -> tuple[Forecast, pa.Table | None]:
    """Backtest, choose, fit and score.

    Parameters
    ----------
    seen : Observed
    weekly : DataFrame
        ``histories.weekly_repeats``.
    assumptions : Assumptions
    progress : callable
        Called with the code of a step (a model, ``rules``, ``fitting``, ``scoring``) and the share done.

    Returns
    -------
    Forecast, pyarrow Table or None
        The scores (``scores.COLUMNS``); None where the gate is closed: too few customers, or too short.
    """
    needed = gate.requirements(seen)
    if not all(need.met for need in needed):
        closed = gate.verdict(needed, None)
        nothing = Forecast(
            seen.as_of, seen.calibration_end, assumptions, needed, closed, "", {}, {}, {}, (), None, 0.0
        )
        return nothing, None
    tried = backtest(seen, weekly, lambda step, share: progress(step, 0.6 * share))
    progress("fitting", 0.6)
    found = scores.fit(tried.chosen, seen.now)
    progress("scoring", 0.85)
    days = float(assumptions.horizon_days)
    table = scores.scores(found, seen, tried, days, assumptions.yearly_discount)
    judged = tried.best.money or tried.best.purchases
    own = scores.total_spread(found, seen.now, days)
    return (
        Forecast(
            as_of=seen.as_of,
            calibration_end=seen.calibration_end,
            assumptions=assumptions,
            requirements=needed,
            verdict=gate.verdict(needed, tried, found.cautions),
            model=found.code,
            params=dict(found.model.params_),
            standard_errors=dict(found.model.standard_errors_),
            spend_params=dict(found.spend.params_) if found.spend else {},
            cautions=found.cautions,
            tried=tried,
            spread=gate.widened(judged.total_error, own, gate.block_errors(tried.weeks)),
        ),
        table,
    )


def to_json(made: Forecast) -> str:
    """Write a forecast's summary as JSON; nothing in it is about one customer."""
    plain: dict[str, Any] = {
        field.name: getattr(made, field.name) for field in fields(Forecast) if field.name != "tried"
    }
    plain["as_of"], plain["calibration_end"] = made.as_of.isoformat(), made.calibration_end.isoformat()
    for name in ("assumptions", "verdict"):
        plain[name] = asdict(plain[name])
    plain["requirements"] = [asdict(need) for need in made.requirements]
    plain["tried"] = None if made.tried is None else _plain(made.tried)
    return json.dumps(plain, default=str)


def from_json(text: str) -> Forecast:
    """Read what :func:`to_json` wrote.

    Raises
    ------
    ValueError : it is not such a text (another version's, or damaged).
    """
    try:
        plain = json.loads(text)
        plain["as_of"], plain["calibration_end"] = (
            date.fromisoformat(plain[name]) for name in ("as_of", "calibration_end")
        )
        plain["assumptions"] = Assumptions(**plain["assumptions"])
        plain["requirements"] = tuple(Requirement(**need) for need in plain["requirements"])
        verdict = plain["verdict"]
        plain["verdict"] = Verdict(verdict["word"], tuple(verdict["reasons"]))
        plain["cautions"] = tuple(plain["cautions"])
        plain["tried"] = None if plain["tried"] is None else _backtest(plain["tried"])
        return Forecast(**plain)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"A saved forecast needs the fields of this version; {error!r}.") from error


def _plain(tried: Backtest) -> dict[str, Any]:
    frames = {
        name: getattr(tried, name).astype(object).to_dict("records")
        for name in ("frequency", "deciles", "weeks")
    }
    return {
        "trials": [asdict(trial) for trial in tried.trials],
        "chosen": tried.chosen,
        "beaten_by": tried.beaten_by,
        "correlation": tried.correlation,
        "coverage": None if tried.coverage is None else asdict(tried.coverage),
        **frames,
    }


def _backtest(plain: dict[str, Any]) -> Backtest:
    weeks = pd.DataFrame(plain["weeks"])
    if len(weeks):
        weeks["week_end"] = [date.fromisoformat(day) for day in weeks["week_end"]]
    return Backtest(
        trials=tuple(
            Trial(
                each["code"],
                Accuracy(**each["purchases"]),
                Accuracy(**each["money"]) if each["money"] else None,
            )
            for each in plain["trials"]
        ),
        chosen=plain["chosen"],
        beaten_by=plain["beaten_by"],
        correlation=plain["correlation"],
        coverage=Coverage(**plain["coverage"]) if plain["coverage"] else None,
        frequency=pd.DataFrame(plain["frequency"]),
        deciles=pd.DataFrame(plain["deciles"]),
        weeks=weeks,
        predicted_money=None,
    )
