"""The blocks of the page Retention."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from analytics.figures import Figure, delta
from i18n.translator import Translator
from ui.cached import cohorts as cohort_cells
from ui.cached import people
from ui.cached import retention as cached
from ui.cached.cohorts import Asked
from ui.cached.retention import CameBack
from ui.components import cards, kpi_cards, windows
from ui.components.cards import Card
from ui.filters import Filters
from ui.text import plain

HALF_YEAR = 6


def found(f: Filters) -> CameBack:
    """The two rates of the window."""
    return cached.came_back(*f.key, f.windows, f.first_day)


def headline(f: Filters, t: Translator) -> None:
    """Five cards: the two rates first, who left, how young cohorts do."""
    now = found(f)
    before = None
    if f.comparison:
        before = cached.came_back(f.workspace, f.snapshot, f.comparison, f.windows, f.first_day)
    rates = [
        kpi_cards.card(
            getattr(now, code),
            delta(getattr(now, code), getattr(before, code) if before else None),
            t,
            f.currency,
        )
        for code in ("retention_rate", "churn", "repeat_rate")
    ]
    cards.kpi_row(
        [
            *rates,
            _moved("lost", now, before, f, t),
            _next_month(f, t),
            _half_year(f, t),
        ],
        t,
    )


def sentence(f: Filters, t: Translator) -> str:
    """The channel whose customers come back most differently; else the two rates in words."""
    gap = cached.gap(*f.key, f.windows)
    if gap.code in ("returns_less", "returns_more"):
        return t(
            f"retention.sentence.{gap.code}",
            channel=t.code("channel", gap.fields["value"]),
            rate=t.percent(gap.fields["rate"]),
            others=t.percent(gap.fields["others"]),
        )
    average = cohort_cells.averages(*f.key, f.windows, Asked())
    later = average[average["period"] > 0]
    if later.empty:
        return t("retention.sentence.too_short")
    first = later.iloc[0]
    return t(
        "retention.sentence.first_month",
        rate=t.percent(first["rate"]),
        n=t.number(first["size"]),
        cohorts=t.number(first["cohorts"]),
    )


def two_rates(f: Filters, t: Translator) -> str | None:
    """The two rates side by side with what they count, and what to do.

    Returns
    -------
    str or None
        The lifecycle code whose customers were asked for.
    """
    now = found(f)
    moves, eve = now.moves, f.scope.start - timedelta(days=1)
    st.subheader(t("retention.rates.title"), anchor=False)
    st.markdown(
        t(
            "retention.rates.retention",
            rate=t.percent(now.retention_rate.value),
            start=t.number(moves.start),
            kept=t.number(moves.kept),
            won=t.number(moves.won_back),
            eve=t.date(eve),
            end=t.date(f.scope.end),
            lapse=f.windows.lapse_days,
        )
        + "\n\n"
        + t(
            "retention.rates.repeat",
            rate=t.percent(now.repeat_rate.value),
            customers=t.number(now.customers),
            repeaters=t.number(now.repeaters),
        )
    )
    st.caption(t("retention.rates.apart"))
    st.subheader(t("segments.todo.title"), anchor=False)
    asked = None
    counts = people.lifecycle_counts(*f.key, f.windows)
    for code in ("new", "lapsed"):
        total = counts.get(code, 0)
        st.markdown(t(f"retention.todo.{code}", n=t.number(total)))
        if st.button(t("retention.todo.open", n=t.number(total)), key=f"retention.open.{code}"):
            asked = code
    windows.editor(f, t, short=True)
    return asked


def note(f: Filters, t: Translator) -> str:
    """What limits the retention rate, if anything: for small print under the cards."""
    reason = found(f).retention_rate.note
    return plain(t(f"kpi.reason.{reason}")) if reason else ""


def _moved(name: str, now: CameBack, before: CameBack | None, f: Filters, t: Translator) -> Card:
    value = getattr(now.moves, name)
    known = now.moves.start > 0
    change = None
    if before is not None and known and before.moves.start > 0:
        change = delta(Figure(name, value, "count"), Figure(name, getattr(before.moves, name), "count"))
    return Card(
        label=t(f"retention.card.{name}.name"),
        value=t.number(value if known else None),
        definition=t(f"retention.card.{name}.definition", lapse=f.windows.lapse_days),
        delta=t.change(change.value) if change else None,
        change=change.value if change else None,
        good="down" if name == "lost" else "up",
        reason=t("card.no_comparison") if known else t("kpi.reason.no_history"),
    )


def _next_month(f: Filters, t: Translator) -> Card:
    """Share that bought again in the month after the first; cohort by cohort as a line."""
    return _cohort_card("next_month", Asked(), 1, f, t)


def _half_year(f: Filters, t: Translator) -> Card:
    """Share that bought in month 6 or later."""
    return _cohort_card("half_year", Asked(view="unbounded"), HALF_YEAR, f, t)


def _cohort_card(name: str, asked: Asked, period: int, f: Filters, t: Translator) -> Card:
    cells = cohort_cells.triangle(*f.key, f.windows, asked)
    average = cohort_cells.averages(*f.key, f.windows, asked)
    row = average[average["period"] == period]
    mature = cells[(cells["period"] == period) & cells["mature"]]
    return Card(
        label=t(f"retention.card.{name}.name"),
        value=t.percent(None if row.empty else float(row["rate"].iloc[0])),
        definition=t(f"retention.card.{name}.definition"),
        reason=t("kpi.reason.short_history") if row.empty else "",
        trend=list(mature["rate"]),
    )
