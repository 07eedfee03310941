"""The main calculator: three inputs, one big number, before and after side by side."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from analytics.value_calculators import Business, RetentionGain, break_even_retention, retention_gain
from charts import value as charts
from charts.amounts import symbol
from i18n.numbers import WITHOUT_DECIMALS
from i18n.translator import Translator
from ui.components import figures
from ui.components.inputs import choice, number
from ui.components.own_numbers import ASSUMED, MONEY, SHARES, Start, written
from ui.filters import Filters
from ui.text import plain

POINTS: Final = (0.01, 0.03, 0.05, 0.10)
USUAL_POINTS: Final = 0.05
SHOWN: Final = ("average_order", "orders_per_year", "retention")
SAME: Final = 1e-9
FOLDED: Final = ("margin_rate", "customers", "acquisition_cost", "service_cost", "discount")


def source(f: Filters | None, t: Translator) -> bool:
    """Whether the calculators start from the merchant's own numbers; the example without data."""
    if f is None:
        return False
    words = {"own": t("value.start.own"), "example": t("value.start.example")}
    return bool(choice(t("value.start.label"), tuple(words), "value.start", words.get) == "own")


def inputs(currency: str, t: Translator, begin: Mapping[str, Start]) -> tuple[Business, float]:
    """Draw the inputs.

    Returns
    -------
    Business, float
        What was typed, and what a programme for more retention would cost in all.
    """
    typed = {name: _field(name, begin[name], currency, t) for name in SHOWN}
    with st.popover(t("value.more"), icon=":material/tune:", key="value.more"):
        typed |= {name: _field(name, begin[name], currency, t) for name in FOLDED}
        programme = number(
            t("value.input.programme", currency=symbol(currency)),
            "value.programme",
            0.0,
            step=1000.0,
            note=t("value.source.programme"),
        )
    return Business(**typed), programme


def examples(business: Business, begin: Mapping[str, Start], currency: str, t: Translator) -> str:
    """Which of the merchant's numbers are still those of the example; empty where none is.

    An assumption that no data can say (the discount, the cost to serve) is none of them.
    """
    left = [
        f"{t(f'demo.short.{name}')} {written(name, start.value, currency, t)}"
        for name, start in begin.items()
        if not start.own and name not in ASSUMED and abs(getattr(business, name) - start.value) < SAME
    ]
    return t("value.examples", names=", ".join(left)) if left else ""


def result(business: Business, programme: float, currency: str, t: Translator, *, examples: str = "") -> None:
    """Draw the big number, what in it is only an example, the sentence, and before and after."""
    if business.retention >= 1 and business.discount <= 0:
        st.warning(t("value.no_end"))
        return
    _big(business, currency, t)
    if examples:
        st.caption(plain(examples, 400))
    points = choice(
        t("value.points.label"),
        POINTS,
        "value.points",
        lambda v: t.points(v, 0),
        default=USUAL_POINTS,
        hidden=False,
    )
    points = min(points, 1 - business.retention)
    gain = retention_gain(business, points)
    st.markdown(_sentence(gain, points, currency, t))
    _chart(business, gain, points, currency, t)
    if programme > 0:
        needed = break_even_retention(business, programme)
        key = "value.break_even" if needed is not None else "value.break_even_never"
        st.markdown(t(key, cost=t.money(programme, currency), rate=t.percent(needed)))


def sources(begin: Mapping[str, Start], currency: str, t: Translator) -> None:
    """A table of every input: what it starts from, and where that comes from."""
    table = pd.DataFrame(
        {
            t("value.source.input"): [_label(name, currency, t) for name in begin],
            t("value.source.value"): [
                t.number(None) if each.missing else written(name, each.value, currency, t)
                for name, each in begin.items()
            ],
            t("value.source.where"): [each.note for each in begin.values()],
        }
    )
    st.dataframe(table, hide_index=True, key="value.sources")
    st.markdown(t("value.method"))


def _field(name: str, start: Start, currency: str, t: Translator) -> float:
    factor = 100.0 if name in SHARES else 1.0
    whole = name == "customers" or (name in MONEY and currency in WITHOUT_DECIMALS)
    typed = number(
        _label(name, currency, t),
        f"value.{name}",
        start.value * factor,
        high=100.0 if name in ("retention", "margin_rate") else None,
        step=1.0 if name != "orders_per_year" else 0.5,
        decimals=0 if whole else 1 if name in SHARES else 2,
        note=start.note,
    )
    return typed / factor


def _label(name: str, currency: str, t: Translator) -> str:
    return t(f"value.input.{name}", currency=symbol(currency))


def _big(business: Business, currency: str, t: Translator) -> None:
    """The value of a customer, and how it stands to the cost to win one."""
    net = business.net
    if net.times is None:
        against = t("value.against.free")
    else:
        against = t(
            "value.against.worth" if net.worth_it else "value.against.not_worth",
            times=t.number(net.times, 1),
            cost=t.money(net.acquisition_cost, currency),
            net=t.money(net.net, currency),
        )
    st.html(
        f"<div style='font-size:13px;opacity:.75'>{escape(t('value.big'))}</div>"
        f"<div style='font-size:48px;font-weight:600;line-height:1.15;"
        f"font-variant-numeric:tabular-nums'>{escape(t.money(net.clv, currency))}</div>"
        f"<div style='font-size:16px'>{escape(against)}</div>"
    )


def _sentence(gain: RetentionGain, points: float, currency: str, t: Translator) -> str:
    return t(
        "value.sentence",
        points=t.points(points, 0 if round(points * 100, 6).is_integer() else 1),
        before=t.money(gain.before, currency),
        after=t.money(gain.after, currency),
        total=t.money_short(gain.total, currency),
        n=t.number(gain.customers),
    ).replace("$", r"\$")


def _chart(business: Business, gain: RetentionGain, points: float, currency: str, t: Translator) -> None:
    names = (
        t("value.chart.before", rate=t.percent(business.retention)),
        t("value.chart.after", rate=t.percent(business.retention + points)),
    )
    table = pd.DataFrame(
        {
            t("value.chart.retention"): [business.retention, business.retention + points],
            t("value.big"): [gain.before, gain.after],
            t("value.chart.all"): [gain.before * gain.customers, gain.after * gain.customers],
        }
    )
    figures.chart(
        charts.before_after(
            gain.before, gain.after, business.acquisition_cost, names, currency, t, figures.mode()
        ),
        table,
        "value-before-after",
        column_config={
            t("value.chart.retention"): st.column_config.NumberColumn(format="percent"),
            t("value.big"): st.column_config.NumberColumn(format="localized"),
            t("value.chart.all"): st.column_config.NumberColumn(format="localized"),
        },
    )
