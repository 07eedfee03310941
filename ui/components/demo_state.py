"""The scenario of the client demo: the truth lies in the session, and the address follows it.

The address leads where it comes from outside, by a link, or by the browser's back and forward buttons.
While a slider moves, the browser still sends the address of a moment ago; so an address this session wrote
itself leads only in a run in which nothing else has changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from analytics.programme import Programme
from analytics.scope import Scope
from analytics.value_calculators import Business
from data import scenarios
from data.scenarios import Scenario
from i18n.translator import Translator
from ui import address
from ui.cached import people
from ui.components import own_numbers
from ui.components.own_numbers import EXAMPLE, scale
from ui.filters import Filters

PARAMETER: Final = "demo"
STATE: Final = "setia.demo.scenario"
STEP: Final = "setia.demo.step"
_WRITTEN: Final = "setia.demo.written"
_LEFT: Final = "setia.demo.left"
_TAKEN: Final = "setia.demo.taken"
_SAME: Final = 5e-7
_REMEMBERED: Final = 500
MOSTLY: Final = 0.5
"""A margin assumed for this share of the purchases or more is no number of the merchant's."""

STEPS: Final = ("worth", "keep", "cost", "pays", "own", "lapsed", "take")
INPUTS: Final = (
    "customers",
    "average_order",
    "orders_per_year",
    "margin_rate",
    "retention",
    "acquisition_cost",
)
"""The six numbers of the talk."""

SHARES: Final = frozenset({"margin_rate", "retention", "discount", "points", "cashback"})
MONEY: Final = frozenset({"average_order", "acquisition_cost", "set_up"})
POINTS: Final = 0.05
CASHBACK: Final = 0.02
SET_UP: Final = 6000.0
YEAR_DAYS: Final = 365


def example(currency: str) -> Scenario:
    """The demo that adds up: 211.20, 4.7 times, 234.67, +46,933."""
    factor = scale(currency)
    numbers = {name: EXAMPLE[name] * (factor if name in MONEY else 1.0) for name in (*INPUTS, "discount")}
    return Scenario(currency, **numbers, points=POINTS, cashback=CASHBACK, set_up=SET_UP * factor)


def prepare(currency: str) -> tuple[Scenario, bool]:
    """Bring address and session together; called once a run.

    Parameters
    ----------
    currency : str
        Of the workspace, for a talk that has not begun.

    Returns
    -------
    Scenario, bool
        False where the address held something that is no scenario.
    """
    arrived, read = st.query_params.get(PARAMETER), True
    if arrived is not None and _leads(arrived):
        found = scenarios.decode(arrived)
        read = found is not None
        if found is not None:
            put(found)
    current = st.session_state.get(STATE)
    if not isinstance(current, Scenario):
        put(example(currency))
    return now(), read


def _leads(arrived: str) -> bool:
    """Whether an address is news: not this session's own, or an earlier one of it with nothing else new."""
    own = st.session_state.get(_WRITTEN, ())
    if arrived not in own:
        return True
    return arrived != own[-1] and st.session_state.get(_LEFT) == (own[-1], _said())


def _said() -> tuple[object, ...]:
    """What this session says beside the address: it changes with every number typed and every step."""
    return (st.session_state.get(STATE), step())


def now() -> Scenario:
    """The scenario of this session; :func:`prepare` has made sure of one."""
    found: Scenario = st.session_state[STATE]
    return found


def put(scenario: Scenario) -> None:
    """Make a scenario this session's; also as a callback."""
    st.session_state[STATE] = scenario


def change(name: str, value: float) -> None:
    """Change one number, within its bounds."""
    low, high = scenarios.BOUNDS[name]
    put(replace(now(), **{name: min(max(value, low), high)}))  # type: ignore[arg-type]


def publish() -> None:
    """Make the address hold the scenario."""
    written = scenarios.encode(now())
    earlier = [each for each in st.session_state.get(_WRITTEN, ()) if each != written]
    st.session_state[_WRITTEN] = (*earlier[-_REMEMBERED:], written)
    st.session_state[_LEFT] = (written, _said())
    if st.query_params.get(PARAMETER) != written:
        st.query_params[PARAMETER] = written


def link() -> str:
    """The full address of the demo with its scenario: numbers, language and workspace, no names."""
    base = (st.context.url or "").partition("?")[0]
    place = {
        key: value for key, value in address.written().items() if key in (address.LANGUAGE, address.WORKSPACE)
    }
    return f"{base}?{urlencode({**place, PARAMETER: scenarios.encode(now())})}"


def step() -> int:
    """Which step of the story is shown, from 0."""
    found = st.session_state.get(STEP, 0)
    return min(max(int(found), 0), len(STEPS) - 1)


def go(number: int) -> None:
    """Show a step; also as a callback."""
    st.session_state[STEP] = min(max(number, 0), len(STEPS) - 1)


def business(scenario: Scenario) -> Business:
    """The merchant of a scenario."""
    return Business(**{name: getattr(scenario, name) for name in (*INPUTS, "discount")})


def programme(scenario: Scenario) -> Programme:
    """The programme of a scenario."""
    return Programme(scenario.cashback, scenario.set_up)


def points(scenario: Scenario) -> float:
    """The rise of retention, as far as there is room up to 100%."""
    return max(0.0, min(scenario.points, 1 - scenario.retention))


def endless(scenario: Scenario) -> bool:
    """Whether the value has no end: everybody stays, now or then, and nothing is discounted."""
    return scenario.retention + points(scenario) >= 1 and scenario.discount <= 0


def whole(f: Filters | None) -> Filters | None:
    """The filters opened to the whole business over its last 365 days: a demo narrows nothing."""
    if f is None:
        return None
    start: date = max(f.first_day, f.as_of - timedelta(days=YEAR_DAYS - 1))
    return replace(f, scope=Scope(start, f.as_of, currency=f.scope.currency))


def own_values(f: Filters | None, t: Translator) -> dict[str, float]:
    """The numbers of the talk that the merchant's data give, as the fields show them."""
    if f is None:
        return {}
    begin = own_numbers.starts(f, t, own=True)
    return {name: begin[name].value for name in INPUTS if begin[name].own}


def owned(scenario: Scenario, own: dict[str, float], f: Filters | None) -> frozenset[str]:
    """Which numbers of a scenario are the merchant's own; the others are assumed.

    A number is own when it equals that of the data and was taken from them in this session, or when
    customers and average order both do, as in a saved scenario or a link: 40% alone is no evidence.
    A margin that is mostly the workspace's assumption is assumed here too.
    """
    if f is None or f.currency != scenario.currency:
        return frozenset()
    equal = {name for name, value in own.items() if abs(getattr(scenario, name) - value) < _SAME}
    if not {"customers", "average_order"} <= equal:
        taken = st.session_state.get(_TAKEN, {})
        equal = {name for name in equal if taken.get(name) == own[name]}
    if (people.assumed_share(f.workspace, f.snapshot) or 0.0) >= MOSTLY:
        equal.discard("margin_rate")
    return frozenset(equal)


def take_own(own: dict[str, float], currency: str) -> None:
    """Put the merchant's numbers in; as a callback. What they do not give stays, or is the example's."""
    base = now() if now().currency == currency else example(currency)
    held = {name: value for name, value in own.items() if _fits(name, value)}
    put(replace(base, **held))  # type: ignore[arg-type]
    st.session_state[_TAKEN] = held


def _fits(name: str, value: float) -> bool:
    low, high = scenarios.BOUNDS[name]
    return low <= value <= high
