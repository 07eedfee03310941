"""How far the forecast may be trusted: the verdict, its reasons, the gate, the backtest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics.forecast.backtest import Coverage
from analytics.forecast.forecast import Forecast
from charts import forecast as charts
from i18n.numbers import DASH, absent
from i18n.translator import Translator
from ui.components import figures
from ui.components.inputs import choice
from ui.filters import Filters
from ui.text import plain

ICONS: Final = {
    "reliable": ":material/check_circle:",
    "rough": ":material/change_history:",
    "do_not_use": ":material/block:",
}


def panel(made: Forecast, t: Translator) -> None:
    """The word, why, and the numbers it rests on."""
    word = made.verdict.word
    st.subheader(t("forecast.trust"), anchor=False)
    st.markdown(f"{ICONS[word]} **{t(f'forecast.word.{word}')}**")
    for code in made.verdict.reasons:
        st.markdown(plain(reason(code, made, t), 400))
    tried = made.tried
    if tried is None:
        return
    judged = tried.best.money or tried.best.purchases
    weeks = round((made.as_of - made.calibration_end).days / 7)
    st.markdown(
        t(
            "forecast.judged",
            weeks=t.number(weeks),
            error=t.change(judged.total_error),
            model=t(f"forecast.model.{tried.chosen}"),
            gini=t.number(judged.gini, 2) if judged.gini is not None else DASH,
        )
    )
    if tried.coverage is not None:
        st.caption(covered(tried.coverage, t))
    st.caption(_gate_line(made, t))
    for code in made.cautions:
        st.caption(t(f"forecast.caution.{code}"))


def covered(coverage: Coverage, t: Translator) -> str:
    """How often the range of one customer held, also of those expected to buy where they were enough."""
    likely = coverage.share_of_likely
    name = "forecast.covered_all" if absent(likely) else "forecast.covered"
    return t(name, share=t.percent(coverage.share), likely=t.percent(likely))


def _gate_line(made: Forecast, t: Translator) -> str:
    """What a forecast needs and what there is, in one sentence."""
    each = (
        t(
            "forecast.gate.each",
            what=t(f"forecast.need.{need.code}"),
            found=t.number(need.found),
            needed=t.number(need.needed),
        )
        for need in made.requirements
    )
    return t("forecast.gate.line", list=", ".join(each))


def gate(made: Forecast, t: Translator) -> None:
    """What a forecast needs, and how far the merchant is from it."""
    st.subheader(t("forecast.gate.title"), anchor=False)
    st.caption(t("forecast.gate.note"))
    headers = [t(f"forecast.gate.column.{name}") for name in ("what", "needed", "found", "missing")]
    rows = [
        (t(f"forecast.need.{need.code}"), need.needed, need.found, max(0, need.needed - need.found))
        for need in made.requirements
    ]
    styled = pd.DataFrame(rows, columns=headers).style.format(dict.fromkeys(headers[1:], t.number))
    st.dataframe(styled, hide_index=True, width="stretch", placeholder=DASH)


def backtest(made: Forecast, f: Filters, t: Translator) -> None:
    """Every candidate beside what happened, and the chosen one in three pictures."""
    tried = made.tried
    if tried is None:
        st.markdown(t("forecast.no_backtest"))
        gate(made, t)
        return
    st.markdown(
        t(
            "forecast.why_chosen",
            model=t(f"forecast.model.{tried.chosen}"),
            day=t.date(made.calibration_end),
            last=t.date(made.as_of),
        )
    )
    _candidates(made, f, t)
    view = choice(
        t("forecast.view_label"),
        ("weekly", "total", "frequency", "deciles"),
        "forecast.view",
        lambda name: t(f"forecast.view.{name}"),
    )
    if view in ("weekly", "total"):
        _tracking(made, view == "total", t)
    else:
        _pairs(made, view, f, t)
    gate(made, t)


def _candidates(made: Forecast, f: Filters, t: Translator) -> None:
    assert made.tried is not None
    rows = []
    for trial in made.tried.trials:
        name = t(f"forecast.model.{trial.code}")
        money = trial.money
        rows.append(
            (
                f"{name} · {t('forecast.chosen')}" if trial.code == made.tried.chosen else name,
                trial.purchases.total_error,
                money.total_error if money else None,
                trial.purchases.mae,
                trial.purchases.rmse,
                money.mae if money else None,
                money.gini if money else trial.purchases.gini,
            )
        )
    words = ("candidate", "purchases", "money", "mae", "rmse", "money_mae", "gini")
    headers = [t(f"forecast.trial.{name}") for name in words]
    write: tuple[Callable[[Any], str], ...] = (
        t.change,
        t.change,
        lambda value: t.number(value, 2),
        lambda value: t.number(value, 2),
        lambda value: t.money(value, f.currency),
        lambda value: t.number(value, 3),
    )
    table = pd.DataFrame(rows, columns=headers)
    styled = table.style.format(dict(zip(headers[1:], write, strict=True)))
    st.dataframe(styled, hide_index=True, width="stretch", placeholder=DASH)
    st.caption(t("forecast.trial.note"))


def _tracking(made: Forecast, cumulative: bool, t: Translator) -> None:
    assert made.tried is not None
    weeks = made.tried.weeks
    names = {name: t(f"forecast.weeks.{name}") for name in weeks.columns}
    figures.chart(
        charts.tracking(weeks, cumulative, t, figures.mode()),
        weeks.round(1).rename(columns=names),
        "forecast-weeks",
        title=t("forecast.weeks.title"),
    )


def _pairs(made: Forecast, view: str, f: Filters, t: Translator) -> None:
    assert made.tried is not None
    deciles = view == "deciles"
    found = made.tried.deciles if deciles else made.tried.frequency
    first = found["decile" if deciles else "frequency"]
    names = [t.number(value) for value in first]
    if not deciles and len(names) and int(first.iloc[-1]) == 7:
        names[-1] = t("forecast.seven_up")
    money = deciles and made.tried.best.money is not None
    words = {
        "number": (lambda value: t.money_short(value, f.currency))
        if money
        else (lambda value: t.number(value, 1)),
        "x": t(f"forecast.axis.{view}"),
        "y": t("forecast.axis.money_each" if money else "forecast.axis.purchases_each"),
    }
    columns = {name: t(f"forecast.pairs.{name}") for name in found.columns}
    figures.chart(
        charts.pairs(names, list(found["predicted"]), list(found["actual"]), words, t, figures.mode()),
        found.round(3).rename(columns=columns),
        f"forecast-{view}",
        title=t(f"forecast.view.{view}"),
    )


def reason(code: str, made: Forecast, t: Translator) -> str:
    """Why a forecast is no better than it is, in words."""
    tried = made.tried
    judged = None if tried is None else tried.best.money or tried.best.purchases
    error = None if judged is None else judged.total_error
    short = [need for need in made.requirements if not need.met]
    return t(
        f"forecast.reason.{code}",
        error=t.change(error),
        correlation=t.number(tried.correlation, 2) if tried and not absent(tried.correlation) else DASH,
        rule=t(f"forecast.model.{tried.beaten_by}") if tried and tried.beaten_by else DASH,
        missing=", ".join(
            t(
                "forecast.short_of",
                what=t(f"forecast.need.{need.code}"),
                found=t.number(need.found),
                needed=t.number(need.needed),
            )
            for need in short
        ),
    )
