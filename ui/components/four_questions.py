"""The four questions answered in numbers: from the inputs, and whom the merchant's own data name."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.best_group import LEAST
from analytics.forecast.forecast import Forecast
from analytics.value import best_by
from analytics.value_calculators import Business
from analytics.what_if import POINTS, Decisions, decisions
from i18n.translator import Translator
from ui.cached import segments
from ui.cached import value as cached
from ui.components import best_words, foreseen
from ui.filters import Filters
from ui.text import plain


def four_questions(business: Business, f: Filters | None, currency: str, t: Translator) -> None:
    """Draw the four questions: the number from the inputs, and the group from the merchant's data."""
    if business.retention >= 1 and business.discount <= 0:
        st.warning(t("whatif.no_end"))
        return
    found = decisions(business, POINTS)
    st.subheader(t("whatif.questions.title"), anchor=False)
    pairs = (("marketing", "product"), ("support", "sales"))
    measures: set[str] = set()
    ahead = foreseen.trusted(f)
    for pair in pairs:
        for place, who in zip(st.columns(2, gap="large"), pair, strict=True):
            with place, st.container(key=f"setia-question-{who}", gap="xsmall"):
                amount, why = _answer(who, business, found, currency, t)
                st.markdown(f"**{t(f'whatif.{who}.ask')}**")
                st.markdown(f"## {plain(t(f'whatif.{who}.answer', amount=amount))}")
                st.markdown(plain(why, 400))
                if f is None:
                    st.caption(t("whatif.questions.without_data"))
                else:
                    measures.add(_whom(who, ahead, f, t))
    st.caption(t("whatif.questions.from_inputs"))
    if f is not None:
        st.caption(foreseen.note(ahead, f, t))
        st.caption(best_words.note(t))
    for measure in sorted(measures - {""}):
        st.caption(f"{t('whatif.questions.from_data')} {t(f'whatif.measure.{measure}')}")


def _whom(who: str, ahead: Forecast | None, f: Filters, t: Translator) -> str:
    """Draw whom the data name, and by what; the measure of past purchases, empty for a forecast."""
    line, measure = foreseen.line(who, ahead, f, t) if ahead else None, ""
    basis = "past" if line is None else "forecast"
    if line is None:
        line, measure = _from_data(who, f, t)
    st.markdown(plain(line, 400))
    st.caption(t(f"whatif.foreseen.basis_{basis}"))
    return measure


def _answer(who: str, business: Business, found: Decisions, currency: str, t: Translator) -> tuple[str, str]:
    """The amount of an answer, and why."""

    def money(value: float) -> str:
        return t.money(value, currency)

    if who == "marketing":
        amount = money(found.most_to_win)
        why = t(
            "whatif.marketing.why",
            amount=amount,
            cost=money(business.acquisition_cost),
            room=money(found.room_to_win),
        )
        if found.payback_months is None:
            return amount, f"{why} {t('whatif.marketing.no_payback')}"
        return amount, f"{why} {t('whatif.marketing.payback', months=t.number(found.payback_months, 1))}"
    if who == "product":
        return money(found.another_order), t("whatif.product.why", amount=money(found.another_order))
    if who == "support":
        points = t.points(found.points, 0 if round(found.points * 100, 6).is_integer() else 1)
        return money(found.keeping_a_year), t(
            "whatif.support.why",
            points=points,
            all=t.money_short(found.keeping_all, currency),
            kept=money(found.one_kept),
        )
    return money(found.margin_of_an_order), t("whatif.sales.why")


def _from_data(who: str, f: Filters, t: Translator) -> tuple[str, str]:
    """What the merchant's own purchases name, and the measure they were compared by."""
    if who == "sales":
        return _gold(f, t)
    if who == "support":
        groups = cached.by(*f.key, f.windows, True, "lifecycle")
        measure = _measure(groups)
        lapsed = groups[groups["value"] == "lapsed"]
        if lapsed.empty or int(lapsed["customers"].iloc[0]) < LEAST:
            return t("whatif.questions.few", least=t.number(LEAST)), ""
        return t(
            "whatif.support.data",
            n=t.number(int(lapsed["customers"].iloc[0])),
            mean=t.money(lapsed[measure].iloc[0], f.currency),
        ), measure
    for dimension in best_words.DIMENSIONS[who]:
        measure = _measure(cached.by(*f.key, f.windows, True, dimension))
        groups = cached.compared(*f.key, f.windows, dimension, measure.removeprefix("mean_"))
        best = best_by(groups)
        if best is not None:
            return best_words.sentence(f"whatif.{who}.data", who, best, f.currency, t), measure
    return t("whatif.questions.few", least=t.number(LEAST)), ""


def _gold(f: Filters, t: Translator) -> tuple[str, str]:
    for name in ("margin", "revenue"):
        _, found = segments.concentration(*f.key, f.windows, name)
        if found.gold_share.value is not None and found.gold_customers:
            line = t(
                "whatif.sales.data",
                n=t.number(found.gold_customers),
                share=t.percent(found.gold_share.value),
                mean=t.money(found.gold_value / found.gold_customers, f.currency),
            )
            return line, f"mean_{name}"
    return t("whatif.questions.few", least=t.number(LEAST)), ""


def _measure(groups: pd.DataFrame) -> str:
    """Margin where any is known, else revenue."""
    return "mean_margin" if groups["mean_margin"].notna().any() else "mean_revenue"
