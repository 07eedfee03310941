"""The client's own file in the demo: what it says, how far it carries, and who could come back.

Counts and shares only: nothing on these screens identifies a customer.
"""

from __future__ import annotations

from typing import Any, Final, cast

import pandas as pd
import streamlit as st

from analytics.evidence import Evidence, within
from analytics.reach import CHANNELS
from data.scenarios import Scenario
from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import evidence, people
from ui.cached import segments as groups_of
from ui.components import demo_state as state
from ui.components import demo_words, empty
from ui.filters import Filters

SIGNS: Final = {"reliable": "●", "rough": "◐", "do_not_use": "○"}


def own(scenario: Scenario, f: Filters | None, t: Translator) -> None:
    """Draw the three shares of the client's file, and offer their numbers for the talk."""
    if f is None:
        _no_data(t)
        return
    st.caption(t("demo.own.span", dates=t.dates(f.scope.start, f.scope.end)))
    known = evidence.identified(*f.key, f.windows, f.first_day)
    found = {
        "identified": known,
        "retention": within(evidence.retention(*f.key, f.windows, f.first_day), known),
        "gold": within(evidence.gold(*f.key, f.windows), known),
    }
    for place, (name, each) in zip(st.columns(3, gap="large"), found.items(), strict=True):
        with place:
            demo_words.big(t.percent(each.value), above=t(f"demo.own.{name}"), below=_rests_on(name, each, t))
            st.markdown(f"**{SIGNS[each.reliability]} {t(f'demo.reliability.{each.reliability}')}**")
            st.caption(t(f"demo.own.{name}_rule"))
    if found["retention"].value is not None and f.currency == scenario.currency:
        st.markdown(
            t(
                "demo.own.against",
                actual=t.percent(found["retention"].value),
                assumed=t.percent(scenario.retention),
            )
        )
    values = state.own_values(f, t)
    if values:
        st.button(
            t("demo.own.use"),
            key="demo.own.use",
            on_click=state.take_own,
            args=(values, f.currency),
            icon=":material/input:",
        )
        if known.reliability != "reliable":
            st.caption(t("demo.own.known_only", share=t.percent(known.value)))
        missing = [name for name in state.INPUTS if name not in values]
        if missing:
            words = ", ".join(t(f"demo.short.{name}") for name in missing)
            st.caption(t("demo.own.missing", names=words))


def lapsed(f: Filters | None, t: Translator) -> None:
    """Draw how many have lapsed, and how many of them can be written to, by channel."""
    if f is None:
        _no_data(t)
        return
    table = groups_of.groups(*f.key, f.windows)
    row = cast("pd.Series[Any]", table.loc["lapsed"])
    everyone = int(table["customers"].fillna(0).sum())
    number = 0 if absent(row["customers"]) else int(row["customers"])
    counted, reached = st.columns([6, 7], gap="large")
    with counted:
        demo_words.big(
            t.number(number),
            above=t("demo.lapsed.above", days=t.number(f.windows.lapse_days)),
            below=t("demo.lapsed.below", n=t.number(everyone)),
        )
    with reached:
        if number and absent(row["reachable"]):
            known = people.has_contacts(f.workspace, f.whole)
            st.markdown(t("demo.lapsed.unknown" if known else "demo.lapsed.contactless"))
        elif number:
            _reachable(row, t)
        orders = 0.0 if absent(row["orders"]) else float(row["orders"])
        if orders > 0 and not absent(row["margin"]):
            st.markdown(
                t("demo.lapsed.order", amount=t.money(float(row["margin"]) / orders, f.currency)).replace(
                    "$", r"\$"
                )
            )
    st.caption(t("demo.lapsed.counts_only"))


def _reachable(row: pd.Series[Any], t: Translator) -> None:
    """How many can be reached by any way, and by each channel, the largest first."""
    counts = {channel: row[f"reachable_{channel}"] for channel in CHANNELS}
    known = {channel: int(count) for channel, count in counts.items() if not absent(count)}
    demo_words.big(
        t.number(int(row["reachable"])), above=t("demo.lapsed.any"), below=t("demo.lapsed.overlap")
    )
    lines = sorted(known.items(), key=lambda item: -item[1])
    demo_words.bill([(t.code("channel", channel), t.number(count)) for channel, count in lines], summed=False)


def _rests_on(name: str, each: Evidence, t: Translator) -> str:
    if each.value is None:
        return t("demo.own.no_history" if name == "retention" else "demo.own.nothing")
    if each.low is not None and each.high is not None:
        return t("demo.own.interval", low=t.percent(each.low), high=t.percent(each.high), n=t.number(each.of))
    return t.plural("demo.own.orders" if name == "identified" else "page.customers", each.of)


def _no_data(t: Translator) -> None:
    empty.missing_table(
        t("empty.no_data.title"),
        would_show=t("demo.own.would_show"),
        missing=t("empty.no_data.missing"),
        key="demo.no_data",
    )
