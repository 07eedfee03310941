"""Buyer, customer, member: how many come how far, and how long it takes them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.customers import Selection
from analytics.waiting import Waiting
from charts import lifecycle as charts
from charts import waiting as waiting_chart
from charts.waiting import Line
from i18n.translator import Translator
from ui.cached import segments as cached
from ui.cached.people import Wanted
from ui.cached.rungs import Rung
from ui.components import customer_list, figures
from ui.components.customer_list import Listing
from ui.components.segments import shares_format
from ui.filters import Filters
from ui.text import plain

YEAR = 365


def ladder(f: Filters, t: Translator) -> None:
    """The whole tab."""
    rungs = cached.climbed(*f.key, f.windows)
    st.markdown(t("segments.ladder.explained"))
    left, right = st.columns([1, 1], gap="large")
    with left:
        table = {
            t("segments.ladder.rung"): [
                t(f"segments.rung_name.{c}") for c in ("buyers", "customers", "members")
            ],
            t("people.column.customers"): [rungs.buyers, rungs.customers, rungs.members],
            t("segments.ladder.conversion"): [None, rungs.bought_again.value, rungs.became_member.value],
        }
        drawn = figures.chart(
            charts.ladder(rungs, t),
            pd.DataFrame(table),
            "segments-ladder",
            column_config=shares_format({"share_": t("segments.ladder.conversion")}),
            on_select=True,
            turn=customer_list.turn("segments-ladder"),
        )
        if rungs.members is None:
            st.caption(t("segments.ladder.no_members"))
    with right:
        _climbing(f, t)
    found = customer_list.clicked("segments-ladder", drawn)
    if found:
        _open(str(found[0]), t)


def _climbing(f: Filters, t: Translator) -> None:
    found = cached.climbing(*f.key, f.windows)
    span = (f.scope.end - f.first_day).days
    st.subheader(t("climbing.title"), anchor=False)
    if not found.to_second.events:
        st.markdown(t("climbing.none"))
        return
    lines = [Line(t("climbing.second"), found.to_second)]
    st.markdown(plain(_sentence(found.to_second, span, t), 400))
    if found.to_card is not None:
        lines.append(Line(t("climbing.card"), found.to_card))
        st.markdown(plain(_card_sentence(found.to_card, span, t), 400))
    most = max(30, min(span, 2 * YEAR))
    figures.chart(
        waiting_chart.shares(lines, most, t("climbing.axis"), t, figures.mode()),
        _table(lines, most, t),
        "segments-climbing",
        column_config={
            t(f"climbing.column.{name}"): st.column_config.NumberColumn(format="percent")
            for name in ("share", "low", "high")
        },
    )
    st.caption(t("climbing.honest"))
    if found.undated and found.to_card is not None:
        st.caption(t.plural("climbing.undated", found.undated))


def _sentence(found: Waiting, span: int, t: Translator) -> str:
    median = found.quantile(0.5)
    if median is None:
        return t(
            "climbing.not_half",
            share=t.percent(found.ever),
            span=t.number(span),
            days=t.number(found.quantile_of_those(0.5, YEAR)),
        )
    low, high = found.median_interval()
    key = "climbing.median" if high is not None else "climbing.median_open"
    ends = {"low": t.number(low)} | ({"high": t.number(high)} if high is not None else {})
    return t(key, days=t.number(median), **ends)


def _card_sentence(found: Waiting, span: int, t: Translator) -> str:
    median = found.quantile(0.5)
    if median is not None:
        return t("climbing.card_median", days=t.number(median))
    return t(
        "climbing.card_not_half",
        share=t.percent(found.ever),
        span=t.number(span),
        days=t.number(found.quantile_of_those(0.5, YEAR)),
    )


def _table(lines: list[Line], most: int, t: Translator) -> pd.DataFrame:
    parts = [
        waiting_chart.milestones(line.found, most).assign(step=line.name)[
            ["step", "days", "share", "low", "high"]
        ]
        for line in lines
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.rename(columns={name: t(f"climbing.column.{name}") for name in table.columns})


def _open(code: str, t: Translator) -> None:
    word = t(f"segments.rung_name.{code}")
    wanted = Wanted(Selection(), among=Rung(code=code))
    customer_list.open_list(Listing(f"rung-{code}", word, word, wanted))
