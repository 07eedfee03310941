"""The story of the client demo: one step a screen, one number each, Next and Back under the thumb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from analytics.programme import break_even_points, outcome
from analytics.value_calculators import retention_gain
from charts import demo as demo_charts
from charts import value as value_charts
from charts.amounts import whole_money
from data.scenarios import Scenario
from i18n.translator import Translator
from ui.components import demo_client, demo_own, demo_take, demo_words, figures
from ui.components import demo_state as state
from ui.components.demo_inputs import MOST_POINTS, field, slider, written
from ui.filters import Filters
from ui.report import points_of, verdict_of
from ui.text import plain

ASSETS: Final = Path(__file__).parent.parent / "assets"


@dataclass(frozen=True, slots=True)
class Talk:
    """What every step looks at: the scenario, whose numbers are own, the data if there are any."""

    scenario: Scenario
    own: frozenset[str]
    f: Filters | None
    t: Translator


def draw(current: Filters | None, currency: str, t: Translator) -> None:
    """Draw the step of the story that is on.

    Parameters
    ----------
    current : Filters or None
        None without data; the filters are opened to the whole business.
    currency : str
        Of the workspace.
    t : Translator
    """
    st.html(f"<style>{(ASSETS / 'demo.css').read_text(encoding='utf-8')}</style>")
    scenario, read = state.prepare(currency)
    state.publish()
    f = state.whole(current)
    own = state.owned(scenario, state.own_values(f, t), f)
    name = state.STEPS[state.step()]
    with st.container(key="setia-demo"):
        demo_client.head(t)
        if not read:
            st.warning(t("demo.link_unread"))
        client = demo_client.name()
        key = f"demo.step.{name}"
        st.title(
            plain(t(f"{key}_of", client=client)) if client and t.has(f"{key}_of") else t(key), anchor=False
        )
        if name in ("worth", "keep", "cost", "pays") and state.endless(scenario):
            st.warning(t("whatif.no_end"))
            if name != "worth":
                field("retention", scenario, t, own="retention" in own)
            else:
                _inputs(Talk(scenario, own, f, t))
        else:
            DRAWN[name](Talk(scenario, own, f, t))
    _nav(t)


def _worth(talk: Talk) -> None:
    t, scenario = talk.t, talk.scenario
    with st.container(key="setia-demo-answered"):
        inputs, result = st.columns([6, 7], gap="large")
    with inputs:
        _inputs(talk)
    with result:
        net = state.business(scenario).net
        currency = scenario.currency
        if net.times is None:
            against = t("report.free")
        else:
            against = t(
                "report.worth" if net.worth_it else "report.not_worth",
                times=t.number(net.times, 1),
                cost=t.money(net.acquisition_cost, currency),
                net=t.money(net.net, currency),
            )
        demo_words.big(t.money(net.clv, currency), above=t("demo.worth.above"), below=against)
        _formula(talk)


def _inputs(talk: Talk) -> None:
    """The six numbers, two a row, and the assumption that no data can say."""
    names = state.INPUTS
    with st.container(key="setia-demo-inputs"):
        for first in range(0, len(names), 2):
            for place, name in zip(st.columns(2), names[first : first + 2], strict=True):
                with place:
                    field(name, talk.scenario, talk.t, own=name in talk.own)
    label = talk.t("demo.discount", rate=talk.t.percent(talk.scenario.discount))
    with st.popover(label, icon=":material/tune:", type="tertiary", key="demo.more"):
        field("discount", talk.scenario, talk.t)


def _formula(talk: Talk) -> None:
    """The formula in words and in the numbers of the talk."""
    t, s = talk.t, talk.scenario
    growth = f"1 + {written('discount', s, t)}"
    numbers = " × ".join(written(name, s, t) for name in ("average_order", "orders_per_year", "margin_rate"))
    value = t.money(state.business(s).clv, s.currency)
    st.caption(t("demo.formula"))
    st.caption(plain(f"{numbers} × ({growth}) / ({growth} − {written('retention', s, t)}) = {value}", 300))


def _keep(talk: Talk) -> None:
    t, scenario = talk.t, talk.scenario
    business, points = state.business(scenario), state.points(scenario)
    gain = retention_gain(business, points)
    asked, drawn = st.columns([6, 7], gap="large")
    with asked:
        slider(scenario, t)
        demo_words.big(
            whole_money(gain.total, scenario.currency, t, sign=True),
            above=t("demo.keep.above", points=points_of(points, t)),
            below=t("demo.keep.below", n=t.number(business.customers)),
        )
        _formula(talk)
    with drawn:
        _before_after(talk, gain.before, gain.after, points)


def _before_after(talk: Talk, before: float, after: float, points: float) -> None:
    t, scenario = talk.t, talk.scenario
    rates = (scenario.retention, scenario.retention + points)
    names = (
        t("report.now", rate=t.percent(rates[0])),
        t("report.then", rate=t.percent(rates[1])),
    )
    table = pd.DataFrame(
        {
            t("demo.table.retention"): [t.percent(rate) for rate in rates],
            t("demo.table.value"): [t.money(value, scenario.currency) for value in (before, after)],
        }
    )
    figure = value_charts.before_after(
        before, after, scenario.acquisition_cost, names, scenario.currency, t, figures.mode()
    )
    figure.update_layout(height=420)
    figure.update_traces(textfont={"size": 28})
    figure.update_xaxes(tickfont={"size": 20})
    figure.update_annotations(font={"size": 18})
    figures.chart(figure, table, "demo-before-after", column_config=None)


def _cost(talk: Talk) -> None:
    t, scenario = talk.t, talk.scenario
    found = outcome(state.business(scenario), state.programme(scenario), state.points(scenario))

    def money(value: float) -> str:
        return whole_money(value, scenario.currency, t, sign=True)

    with st.container(key="setia-demo-answered"):
        asked, answered = st.columns([5, 8], gap="large")
    with asked:
        field("cashback", scenario, t)
        field("set_up", scenario, t)
        slider(scenario, t)
    with answered:
        demo_words.bill(
            (
                (t("demo.cost.gain", points=points_of(state.points(scenario), t)), money(found.gain)),
                (t("report.line.cashback", rate=t.percent(scenario.cashback)), money(-found.cashback_cost)),
                (t("report.line.set_up"), money(-found.set_up)),
                (t("report.line.net"), money(found.net)),
            )
        )
        demo_words.verdict(t("report.pays" if found.pays else "report.pays_not"), good=found.pays)
        st.caption(
            t(
                "demo.cost.how",
                before=t.percent(scenario.margin_rate),
                after=t.percent(scenario.margin_rate - scenario.cashback),
            )
        )
        st.caption(t("report.method.programme"))


def _pays(talk: Talk) -> None:
    t, scenario = talk.t, talk.scenario
    business, programme, points = state.business(scenario), state.programme(scenario), state.points(scenario)
    found = outcome(business, programme, points)
    demo_words.sentence(verdict_of(business, programme, t))
    asked, drawn = st.columns([5, 8], gap="large")
    with asked:
        slider(scenario, t)
        word = t(
            "demo.pays.yes" if found.pays else "demo.pays.no",
            points=points_of(points, t),
            net=whole_money(found.net, scenario.currency, t, sign=True),
        )
        demo_words.verdict(word, good=found.pays)
        _formula(talk)
    with drawn:
        _net(talk, points)


def _net(talk: Talk, points: float) -> None:
    t, scenario = talk.t, talk.scenario
    business, programme = state.business(scenario), state.programme(scenario)
    most = min(MOST_POINTS, 1 - scenario.retention)
    if business.discount <= 0:
        most = min(most, 0.999 - scenario.retention)
    if most <= 0:
        return
    rises = [most * i / 40 for i in range(41)]
    nets = [outcome(business, programme, rise).net for rise in rises]
    table = pd.DataFrame(
        {
            t("demo.chart.points"): [t.number(100 * rise, 1) for rise in rises],
            t("report.line.net"): [whole_money(net, scenario.currency, t, sign=True) for net in nets],
        }
    )
    here = (points, outcome(business, programme, points).net)
    figures.chart(
        demo_charts.net_by_points(
            rises, nets, here, break_even_points(business, programme), scenario.currency, t, figures.mode()
        ),
        table,
        "demo-net",
    )


def _own(talk: Talk) -> None:
    demo_own.own(talk.scenario, talk.f, talk.t)


def _lapsed(talk: Talk) -> None:
    demo_own.lapsed(talk.f, talk.t)


def _take(talk: Talk) -> None:
    demo_take.take(talk.scenario, talk.own, talk.f, talk.t)


DRAWN: Final[Mapping[str, Callable[[Talk], None]]] = {
    "worth": _worth,
    "keep": _keep,
    "cost": _cost,
    "pays": _pays,
    "own": _own,
    "lapsed": _lapsed,
    "take": _take,
}


def _nav(t: Translator) -> None:
    """Back, where we are, Next; also by Page Up and Page Down, which presenters' remotes send."""
    number, last = state.step(), len(state.STEPS) - 1
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="setia-demo-nav",
    ):
        st.button(
            t("demo.back"),
            key="demo.back",
            icon=":material/arrow_back:",
            disabled=number == 0,
            on_click=state.go,
            args=(number - 1,),
            shortcut="PageUp",
        )
        # a key of its own for each step, so that the list closes when one is chosen
        with st.popover(f"{number + 1} / {last + 1}", type="tertiary", key=f"demo.steps.{number}"):
            for place, name in enumerate(state.STEPS):
                st.button(
                    f"{place + 1}  {t(f'demo.step.{name}')}",
                    key=f"demo.go.{name}",
                    type="tertiary",
                    disabled=place == number,
                    on_click=state.go,
                    args=(place,),
                )
            st.caption(t("demo.keys"))
        st.button(
            t("demo.next"),
            key="demo.next",
            icon=":material/arrow_forward:",
            icon_position="right",
            type="primary",
            disabled=number == last,
            on_click=state.go,
            args=(number + 1,),
            shortcut="PageDown",
        )
        _keys()(key="setia.demo.keys", height=0, width=1)


@cache
def _keys() -> ComponentRenderer:
    """What lets the keys turn pages from inside a field too."""
    script = (ASSETS / "demo_keys.js").read_text(encoding="utf-8")
    return st.components.v2.component("setia_demo_keys", js=script)
