"""Whom the forecast names in the four questions, with its interval; only where it may be used."""

from __future__ import annotations

from analytics import best_group, outlook
from analytics.forecast.forecast import Forecast
from i18n.translator import Translator
from ui.cached import forecast as cached
from ui.components import best_words, forecast, forecast_trust
from ui.filters import Filters


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
    if who in best_words.DIMENSIONS:
        return _leader(who, made, f, t)
    which = "leaving" if who == "support" else "best"
    if which == "leaving" and not made.tells_churn:
        return None
    asked = (*f.key, f.windows, forecast.asked(f), forecast.service_cost())
    of = "at_stake" if who == "support" else "value"
    found = outlook.outlook(cached.overall(*asked, which), made.spread, of=of)
    if found is None or found.customers < best_group.LEAST:
        return None
    each = zip(("value", "low", "high"), found.each(), strict=True)
    words = {name: t.money(part, f.currency) for name, part in each}
    words |= {"n": t.number(found.customers), "months": _months(made, t)}
    if who == "support":
        total = tuple(t.money_short(part, f.currency) for part in (found.total, found.low, found.high))
        return t(
            "whatif.foreseen.support",
            **{**words, "value": total[0], "low": total[1], "high": total[2], "mean": words["value"]},
        )
    share = found.total / cached.overall(*asked)["value"]
    return t("whatif.foreseen.sales", share=t.percent(share), **words)


def _leader(who: str, made: Forecast, f: Filters, t: Translator) -> str | None:
    """The channel or category whose customers are worth most, or that none can be named."""
    whole = who == "marketing"
    for dimension in best_words.DIMENSIONS[who]:
        rows = cached.by(*f.key, f.windows, forecast.asked(f), forecast.service_cost(), dimension)
        groups = [outlook.seen(row, whole=whole) for _, row in rows.iterrows()]
        found = best_group.best([each for each in groups if each is not None])
        if found is None:
            continue
        row = rows[rows["value_of"] == found.group.name].iloc[0]
        expected = float(row["value"]) / found.group.customers
        return best_words.sentence(
            f"whatif.foreseen.{who}",
            who,
            found,
            f.currency,
            t,
            common=made.spread * expected,
            so_far=t.money(row["so_far"] / found.group.customers, f.currency),
            expected=t.money(expected, f.currency),
            months=_months(made, t),
        )
    return None


def _months(made: Forecast, t: Translator) -> str:
    return t.number(round(made.assumptions.horizon_days * 12 / 365))
