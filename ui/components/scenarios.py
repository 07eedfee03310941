"""Scenarios of a talk: saved with a name, opened again, and up to four side by side."""

from __future__ import annotations

from datetime import date
from typing import Final
from zlib import crc32

import pandas as pd
import streamlit as st

from analytics.programme import break_even_points, outcome, rounded_up
from charts import what_if as charts
from charts.amounts import whole_money
from charts.escaping import plain_text
from data import scenarios
from data.errors import BadScenario
from data.scenarios import Saved, Scenario
from i18n.numbers import DASH
from i18n.translator import Translator
from ui import errors, session
from ui.components import demo_state as state
from ui.components import figures
from ui.components.demo_inputs import written
from ui.report import points_of
from ui.text import plain

MOST: Final = 4
"""Side by side, the present one aside."""

_REFUSED: Final = "setia.demo.scenario_refused"
_SESSION: Final = "setia.demo.kept"


def kept() -> list[Saved]:
    """The scenarios of the workspace; of the session where there is no workspace."""
    workspace = session.workspace()
    if workspace is None:
        held: dict[str, Saved] = st.session_state.get(_SESSION, {})
        return sorted(held.values(), key=lambda each: each.name.casefold())
    return scenarios.saved(workspace)


def keep(scenario: Scenario, t: Translator) -> None:
    """Draw the form that saves, and the list of what is saved."""
    st.subheader(t("demo.take.scenarios"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(t("demo.scenario.name"), key="demo.scenario.name", max_chars=scenarios.LONGEST_NAME)
        st.button(t("demo.scenario.save"), key="demo.scenario.save", on_click=_save, args=(scenario,))
    refused = st.session_state.pop(_REFUSED, None)
    if isinstance(refused, BadScenario):
        st.error(errors.sentence(refused, t), icon=":material/info:")
    if session.workspace() is None:
        st.caption(t("demo.scenario.session_only"))
    found = kept()
    if not found:
        st.caption(t("demo.scenario.none"))
    for each in found[:12]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                plain(each.name, 40),
                key=f"demo.scenario.open.{each.key}",
                help=t("demo.scenario.open", date=t.date(each.saved_on)),
                type="tertiary",
                on_click=state.put,
                args=(each.scenario,),
            )
            st.button(
                t("demo.scenario.delete"),
                key=f"demo.scenario.delete.{each.key}",
                type="tertiary",
                icon=":material/delete:",
                on_click=_delete,
                args=(each.key,),
            )


def compare(scenario: Scenario, t: Translator) -> None:
    """Draw up to four saved scenarios beside the present one; those of another currency are left out."""
    found = [each for each in kept() if each.scenario.currency == scenario.currency]
    if not found:
        return
    st.subheader(t("demo.scenario.compare"), anchor=False)
    names = {each.key: plain_text(each.name, 40) for each in found}
    wanted = st.multiselect(
        t("demo.scenario.which", most=MOST),
        list(names),
        default=list(names)[:MOST],
        max_selections=MOST,
        format_func=lambda key: names.get(key, DASH),
        placeholder=t("filters.search"),
        key=f"demo.scenario.compared.{'.'.join(names)}",
    )
    chosen = [(t("demo.scenario.now"), scenario)]
    chosen += [(names[each.key], each.scenario) for each in found if each.key in wanted]
    usable = [(name, each) for name, each in chosen if not state.endless(each)]
    if not usable:
        st.warning(t("whatif.no_end"))
        return
    nets = [outcome(state.business(s), state.programme(s), state.points(s)).net for _, s in usable]
    figures.chart(
        charts.scenarios([name for name, _ in usable], nets, scenario.currency, t, figures.mode()),
        side_by_side(usable, t),
        "demo-scenarios",
        title=t("demo.scenario.net"),
    )


def side_by_side(chosen: list[tuple[str, Scenario]], t: Translator) -> pd.DataFrame:
    """Every number and result of the scenarios, one column each; equal names are told apart."""
    rows = ("clv", "times", "gain", "net", "needed")
    inputs = (*state.INPUTS, "discount", "points", "cashback", "set_up")
    table = {
        t("demo.table.what"): [t(f"demo.short.{name}") for name in inputs]
        + [t(f"demo.table.{r}") for r in rows]
    }
    for name, scenario in chosen:
        title, number = name, 2
        while title in table:
            title, number = f"{name} ({number})", number + 1
        results = _results(scenario, t)
        table[title] = [written(field, scenario, t) for field in inputs] + [results[row] for row in rows]
    return pd.DataFrame(table)


def _results(scenario: Scenario, t: Translator) -> dict[str, str]:
    business, programme = state.business(scenario), state.programme(scenario)
    found, needed = (
        outcome(business, programme, state.points(scenario)),
        break_even_points(business, programme),
    )
    times = business.net.times
    return {
        "clv": t.money(business.clv, scenario.currency),
        "times": t.number(times, 1),
        "gain": whole_money(found.gain, scenario.currency, t, sign=True),
        "net": whole_money(found.net, scenario.currency, t, sign=True),
        "needed": DASH if needed is None else points_of(rounded_up(needed), t),
    }


def _save(scenario: Scenario) -> None:
    typed = str(st.session_state.get("demo.scenario.name", ""))
    workspace = session.workspace()
    try:
        if workspace is not None:
            scenarios.save(workspace, typed, scenario, date.today())
        else:
            name = " ".join(typed.split())[: scenarios.LONGEST_NAME]
            if not name:
                raise BadScenario("scenario_name", "A scenario needs a name. Type one.")
            held = st.session_state.setdefault(_SESSION, {})
            held[name.casefold()] = Saved(
                format(crc32(name.casefold().encode()), "08x"), name, date.today(), scenario
            )
    except BadScenario as refused:
        st.session_state[_REFUSED] = refused
        return
    st.session_state["demo.scenario.name"] = ""


def _delete(key: str) -> None:
    workspace = session.workspace()
    if workspace is not None:
        scenarios.delete(workspace, key)
        return
    held: dict[str, Saved] = st.session_state.get(_SESSION, {})
    st.session_state[_SESSION] = {name: each for name, each in held.items() if each.key != key}
