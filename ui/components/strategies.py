"""What each lifecycle group needs: who, how many can be written to, and when writing pays."""

from __future__ import annotations

import math
from typing import Any, cast

import pandas as pd
import streamlit as st

from analytics.lifecycle import CODES
from analytics.reach import CHANNELS, break_even_rate
from charts import palette
from charts.amounts import round_money, symbol
from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import people
from ui.cached import segments as cached
from ui.components.inputs import number
from ui.filters import Filters

COST: float = 0.0
_COST_KEY = "segments.message_cost"


def panel(f: Filters, t: Translator) -> str | None:
    """Draw the four lines.

    Returns
    -------
    str or None
        The lifecycle code whose customers were asked for.
    """
    found = cached.groups(*f.key, f.windows)
    st.subheader(t("segments.todo.title"), anchor=False)
    asked = None
    cost = float(st.session_state.get(f"{_COST_KEY}.kept") or 0.0)
    nobody_knows = bool(found["reachable"].isna().all())
    if nobody_knows:
        st.caption(_unknown(f, t))
    for code in CODES:
        row = cast("pd.Series[Any]", found.loc[code])
        if absent(row["customers"]):
            continue
        facts = [break_even_line(row, cost, f, t)]
        if not nobody_knows:
            facts.insert(0, reach_line(row, f, t))
        if _line(code, row, " ".join(facts), t):
            asked = code
    _cost(f, t)
    return asked


def _line(code: str, row: pd.Series[Any], facts: str, t: Translator) -> bool:
    """One group: its name opens the customers; the strategy; the facts."""
    with st.container(key=f"setia-group-{code}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(_dot(code), width="content")
            opened = st.button(
                f"{t.code('lifecycle', code)} · {t.plural('page.customers', int(row['customers']))}",
                key=f"segments.open.{code}",
                type="tertiary",
                icon=":material/chevron_right:",
                icon_position="right",
            )
        st.markdown(f":small[{t(f'segments.todo.{code}')}]")
        st.caption(facts)
    return opened


def reach_line(row: pd.Series[Any], f: Filters, t: Translator) -> str:
    """How many of a group can be written to, and by which channel most; where nobody knows, why."""
    if absent(row["reachable"]):
        return _unknown(f, t)
    reachable = int(row["reachable"])
    if not reachable:
        return t("segments.todo.reach_none")
    best = max(CHANNELS, key=lambda channel: float(row[f"reachable_{channel}"] or 0))
    return t(
        "segments.todo.reach",
        n=t.number(reachable),
        channel=t.code("channel", best),
        m=t.number(row[f"reachable_{best}"]),
    )


def _unknown(f: Filters, t: Translator) -> str:
    """Why nobody knows who can be written to: no consents, or nothing to write to at all."""
    known = people.has_contacts(f.workspace, f.whole)
    return t("segments.todo.reach_unknown" if known else "segments.todo.reach_contactless")


def break_even_line(row: pd.Series[Any], cost: float, f: Filters, t: Translator) -> str:
    """When writing to a group pays: never a guessed response, only what must come back."""
    orders, margin = float(row["orders"] or 0), row["margin"]
    per_order = None if absent(margin) or orders <= 0 else float(margin) / orders
    rate = break_even_rate(cost, per_order)
    if per_order is None or rate is None:
        return t("segments.todo.no_margin")
    if not cost:
        spend = 10.0 * 10 ** math.floor(math.log10(per_order))
        return t.plural(
            "segments.todo.earned_back", math.ceil(spend / per_order), spend=round_money(spend, f.currency, t)
        )
    if rate > 1:
        return t("segments.todo.never_pays")
    base = 100 if rate >= 0.01 else 1000
    return t("segments.todo.break_even", n=t.number(math.ceil(rate * base)), base=t.number(base))


def _cost(f: Filters, t: Translator) -> None:
    """The one number the data do not hold: what a message costs."""
    with st.popover(
        t("segments.todo.cost_button"), type="tertiary", icon=":material/edit:", key="segments.cost"
    ):
        number(
            t("segments.todo.cost", currency=symbol(f.currency)),
            _COST_KEY,
            COST,
            step=1.0 if f.currency != "IDR" else 100.0,
            decimals=2 if f.currency != "IDR" else 0,
        )
        st.caption(t("segments.todo.cost_note"))
        assumed = people.assumed_share(f.workspace, f.snapshot)
        if assumed:
            st.caption(t("segments.todo.assumed", share=t.percent(assumed)))


def _dot(code: str) -> str:
    fill, line = palette.LIFECYCLE[code], palette.LIFECYCLE_OUTLINE[code]
    return (
        f"<span style='display:inline-block;width:12px;height:12px;border-radius:50%;"
        f"background:{fill};border:1px solid {line}'></span>"
    )
