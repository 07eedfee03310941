"""Whom the forecast names in the four questions, with its interval; only where it may be used."""

from __future__ import annotations

from typing import Final

import pandas as pd

from analytics import outlook
from analytics.forecast.forecast import Forecast
from analytics.outlook import Outlook
from charts.escaping import plain_text
from i18n.translator import Translator
from ui.cached import forecast as cached
from ui.components import forecast, forecast_trust
from ui.filters import Filters

LEAST: Final = 30
"""A group with fewer customers is not named: its mean says too little."""

_DIMENSIONS: Final = {"marketing": ("acquisition_channel", "first_channel"), "product": ("main_category",)}


def trusted(f: Filters | None) -> Forecast | None:
    """The forecast of the page, where it was computed and its gate and backtest let it be used."""
    if f is None:
        return None
    made = cached.saved(f.workspace, f.snapshot, forecast.asked(f))
    return made if made is not None and made.usable else None


def note(made: Forecast | None, f: Filters, t: Translator) -> str:
    """Where the groups come from: the forecast and how far it may be trusted, or why it is not used."""
    if made is not None:
        return t("whatif.foreseen.note", word=t(f"forecast.word.{made.verdict.word}").lower())
    kept = cached.saved(f.workspace, f.snapshot, forecast.asked(f))
    if kept is None or not kept.verdict.reasons:
        return t("whatif.foreseen.none")
    why = forecast_trust.reason(kept.verdict.reasons[0], kept, t)
    return t("whatif.foreseen.not_trusted", why=why)


def line(who: str, made: Forecast, f: Filters, t: Translator) -> str | None:
    """The sentence of one question; None where the forecast names nobody.

    Parameters
    ----------
    who : {"marketing", "product", "support", "sales"}
    made : Forecast
    """
    if who in _DIMENSIONS:
        return _leader(who, made, f, t)
    which = "leaving" if who == "support" else "best"
    if which == "leaving" and not made.tells_churn:
        return None
    asked = (*f.key, f.windows, forecast.asked(f), forecast.service_cost())
    of = "at_stake" if who == "support" else "value"
    found = outlook.outlook(cached.overall(*asked, which), made.spread, judged=False, of=of)
    if found is None or found.customers < LEAST:
        return None
    words = {**_money(found, f, t), **_common(found, made, t)}
    if who == "support":
        total = tuple(t.money_short(part, f.currency) for part in (found.total, found.low, found.high))
        return t(
            "whatif.foreseen.support",
            **{**words, "value": total[0], "low": total[1], "high": total[2], "mean": words["value"]},
        )
    share = found.total / cached.overall(*asked)["value"]
    return t("whatif.foreseen.sales", share=t.percent(share), **words)


def _leader(who: str, made: Forecast, f: Filters, t: Translator) -> str | None:
    """The channel or category whose customers are worth most, or that none stands out."""
    whole = who == "marketing"
    for dimension in _DIMENSIONS[who]:
        rows = cached.by(*f.key, f.windows, forecast.asked(f), forecast.service_cost(), dimension)
        first = outlook.leader(_outlooks(rows, made), least=LEAST, whole=whole)
        if first is None:
            continue
        found, mean = first
        name = t.code("channel", found.name) if whole else found.name
        words = {
            "name": plain_text(name, 60),
            "mean": t.money(mean, f.currency),
            **_money(found, f, t, whole=whole),
            **_common(found, made, t),
        }
        if not outlook.stands_out(found, mean, whole=whole):
            return t("whatif.foreseen.alike", **words)
        times = t.number(found.each(whole=whole)[0] / mean, 1)
        return t(f"whatif.foreseen.{who}", times=times, **words)
    return None


def _outlooks(rows: pd.DataFrame, made: Forecast) -> list[Outlook]:
    found = (outlook.outlook(row, made.spread, judged=True) for _, row in rows.iterrows())
    return [each for each in found if each is not None]


def _money(found: Outlook, f: Filters, t: Translator, *, whole: bool = False) -> dict[str, str]:
    mean, low, high = (t.money(part, f.currency) for part in found.each(whole=whole))
    so_far = t.money(found.so_far / found.customers, f.currency)
    expected = t.money(found.total / found.customers, f.currency)
    return {"value": mean, "low": low, "high": high, "so_far": so_far, "expected": expected}


def _common(found: Outlook, made: Forecast, t: Translator) -> dict[str, str]:
    months = round(made.assumptions.horizon_days * 12 / 365)
    return {"n": t.number(found.customers), "months": t.number(months)}
