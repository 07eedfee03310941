"""What would change the value of all customers: every lever by itself, as a tornado."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.value_calculators import Business
from analytics.what_if import LEVERS, Effect, tornado, total_value, usual_changes
from charts import what_if as charts
from charts.amounts import signed_money, symbol
from charts.what_if import lever_value
from i18n.numbers import WITHOUT_DECIMALS
from i18n.translator import Translator
from ui.components import figures
from ui.components.inputs import number
from ui.text import plain


def what_if_block(business: Business, currency: str, t: Translator) -> None:
    """Draw the tornado: every lever by itself, the one that moves most on top.

    Parameters
    ----------
    business : Business
        As typed on the page.
    currency : str
    t : Translator
    """
    if business.retention >= 1 and business.discount <= 0:
        st.warning(t("whatif.no_end"))
        return
    with st.popover(t("whatif.ranges"), icon=":material/tune:", key="whatif.ranges"):
        st.caption(t("whatif.ranges_note"))
        changes = {
            lever: _range(lever, usual, currency, t) for lever, usual in usual_changes(business).items()
        }
    effects = tornado(business, changes)
    st.markdown(plain(_sentence(business, effects, currency, t), 600))
    figures.chart(
        charts.tornado(effects, currency, t, figures.mode()),
        _table(effects, currency, t),
        "what-if",
        title=t("whatif.title"),
    )
    if any(each.change_high is None for each in effects):
        st.caption(t("whatif.endless"))
    st.caption(t("whatif.alone"))


def _range(lever: str, usual: float, currency: str, t: Translator) -> float:
    """How far a lever moves, as typed; points for shares."""
    unit = LEVERS[lever]
    share, whole = unit == "share", unit == "money" and currency in WITHOUT_DECIMALS
    key = {"share": "by_points", "money": "by_money", "number": "by_number"}[unit]
    label = t(f"whatif.{key}", lever=t(f"whatif.lever.{lever}"), **_symbol(unit, currency))
    typed = number(
        label,
        f"whatif.{lever}",
        usual * (100 if share else 1),
        high=100.0 if share else None,
        step=1.0 if share or unit == "money" else 0.1,
        decimals=1 if share else 0 if whole else 2,
    )
    return typed / (100 if share else 1)


def _symbol(unit: str, currency: str) -> dict[str, str]:
    return {"currency": symbol(currency)} if unit == "money" else {}


def _sentence(business: Business, effects: list[Effect], currency: str, t: Translator) -> str:
    total = t.money_short(total_value(business), currency)
    first = effects[0]
    if first.change_high is None:
        return t("whatif.sentence_endless", n=t.number(business.customers), total=total)
    return t(
        "whatif.sentence",
        n=t.number(business.customers),
        total=total,
        lever=t(f"whatif.lever.{first.lever}"),
        low=lever_value(first.low, first.unit, currency, t),
        high=lever_value(first.high, first.unit, currency, t),
        change_low=signed_money(first.change_low, currency, t),
        change_high=signed_money(first.change_high, currency, t),
    )


def _table(effects: list[Effect], currency: str, t: Translator) -> pd.DataFrame:
    def column(name: str) -> list[str]:
        return [lever_value(getattr(each, name), each.unit, currency, t) for each in effects]

    return pd.DataFrame(
        {
            t("whatif.column.lever"): [t(f"whatif.lever.{each.lever}") for each in effects],
            t("whatif.column.now"): column("base"),
            t("whatif.column.low"): column("low"),
            t("whatif.column.change_low"): [t.money(each.change_low, currency) for each in effects],
            t("whatif.column.high"): column("high"),
            t("whatif.column.change_high"): [t.money(each.change_high, currency) for each in effects],
        }
    )
