"""The fields of the client demo: they follow the scenario, and each says where its number is from."""

from __future__ import annotations

from typing import Final

import streamlit as st

from charts.amounts import symbol
from data.scenarios import BOUNDS, Scenario
from i18n.numbers import WITHOUT_DECIMALS
from i18n.translator import Translator
from ui.components import demo_state as state

MOST_POINTS: Final = 0.20
"""The slider goes this far, or to 100% retention."""


def field(name: str, scenario: Scenario, t: Translator, *, own: bool = False) -> None:
    """Draw one number of the scenario with its tag."""
    share = name in state.SHARES
    factor, low, high = 100.0 if share else 1.0, *BOUNDS[name]
    decimals = digits(name, scenario.currency)
    key, shown = f"demo.{name}", round(getattr(scenario, name) * factor, decimals)
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    st.number_input(
        t(f"demo.input.{name}", currency=symbol(scenario.currency)),
        min_value=low * factor,
        max_value=high * factor,
        step=step(name, scenario.currency),
        format=f"%.{decimals}f",
        key=key,
        on_change=_typed,
        args=(name, key, factor),
    )
    st.caption(t("demo.tag.own" if own else "demo.tag.assumed"))


def slider(scenario: Scenario, t: Translator) -> None:
    """Draw the slider of retention, in points."""
    room = min(MOST_POINTS, 1 - scenario.retention)
    most = int(room * 200 + 1e-9) / 2
    if most < 0.5:
        st.caption(t("demo.no_room"))
        return
    key = "demo.points"
    shown = min(round(state.points(scenario) * 100, 3), most)
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    st.slider(
        t("demo.input.points"),
        min_value=0.0,
        max_value=most,
        step=0.5,
        format="%.1f",
        key=key,
        on_change=_typed,
        args=("points", key, 100.0),
    )
    st.caption(t("demo.tag.assumed"))


def digits(name: str, currency: str) -> int:
    """Shown decimals of a field."""
    if name in ("customers", "set_up") or (name in state.MONEY and currency in WITHOUT_DECIMALS):
        return 0
    return 1 if name in state.SHARES else 2


def step(name: str, currency: str) -> float:
    """By how much the buttons of a field move it."""
    if name == "customers":
        return 100.0
    if name == "orders_per_year":
        return 0.5
    if name in state.MONEY:
        return 1000.0 if currency in WITHOUT_DECIMALS else 100.0 if name == "set_up" else 1.0
    return 0.5 if name == "cashback" else 1.0


def written(name: str, scenario: Scenario, t: Translator) -> str:
    """A number of the scenario as it is read."""
    value = getattr(scenario, name)
    if name == "points":
        return t.points(value, 0 if round(value * 100, 6).is_integer() else 1)
    if name in state.MONEY:
        return t.money(value, scenario.currency)
    if name in state.SHARES:
        return t.percent(value)
    return t.number(value, 0 if name == "customers" or float(value).is_integer() else 2)


def _typed(name: str, key: str, factor: float) -> None:
    state.change(name, float(st.session_state[key]) / factor)
