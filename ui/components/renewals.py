"""Shop or subscription: how customers buy, and what retention then means."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics.figures import Figure, delta
from analytics.renewals import TERMS, Term
from charts import renewals as charts
from i18n.translator import Translator
from ui.cached import renewals as cached
from ui.cached import retention
from ui.cached.cohorts import Asked
from ui.cached.people import Wanted
from ui.cached.renewals import TermCell
from ui.cached.retention import CameBack
from ui.components import cards, customer_list, figures
from ui.components.cards import Card
from ui.components.cohort_switches import cohort_name
from ui.components.customer_list import Listing
from ui.components.inputs import choice
from ui.components.segments import shares_format
from ui.filters import Filters

MODES: Final = ("shop", "subscription")


def mode(f: Filters, t: Translator) -> str:
    """Choose how this client's customers buy; kept for the workspace while the session lasts."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        chosen: str = choice(
            t("renewals.mode.label"),
            MODES,
            f"renewals.mode.{f.workspace}",
            lambda code: t(f"renewals.mode.{code}"),
        )
        st.caption(t(f"renewals.mode.{chosen}_fits"), width="stretch")
    return chosen


def term_of(f: Filters) -> Term:
    """The term as chosen in :func:`by_term`, a quarter until then."""
    key = f"renewals.term.{f.workspace}"
    found = st.session_state.get(key) or st.session_state.get(f"{key}.kept")
    return found if found in TERMS else "quarter"


def headline(f: Filters, t: Translator) -> None:
    """Cards of a subscription: renewal and churn of the last term that can be judged."""
    term = term_of(f)
    found = cached.by_term(*f.key, f.windows, term)
    over = found[found["mature"].astype(bool)] if len(found) else found
    if over.empty:
        st.caption(t("renewals.too_short"))
        return
    now: Any = over.iloc[-1]
    before: Any = over.iloc[-2] if len(over) > 1 else None
    name = _name(now["term"], term, t)
    made = [
        _card("rate", now, before, "share", name, t, trend=list(over["rate"].astype(float))),
        _card("churn", now, before, "share", name, t),
        _card("renewed", now, before, "count", name, t),
        _card("lost", now, before, "count", name, t),
        _card("won_back", now, before, "count", name, t),
    ]
    cards.kpi_row(made, t)


def sentence(f: Filters, t: Translator) -> str:
    """The renewal rate of the last term in words."""
    term = term_of(f)
    found = cached.by_term(*f.key, f.windows, term)
    over = found[found["mature"].astype(bool)] if len(found) else found
    if over.empty:
        return t("renewals.too_short")
    row: Any = over.iloc[-1]
    return t(
        "renewals.sentence",
        term=_name(row["term"], term, t),
        active=t.number(row["active"]),
        renewed=t.number(row["renewed"]),
        lost=t.number(row["lost"]),
        rate=t.percent(row["rate"]),
    )


def periods(f: Filters, t: Translator, chosen: str) -> None:
    """Renewals term by term, or the base of customers from the first to the last of the days."""
    if chosen == "subscription":
        by_term(f, t)
    else:
        moves(retention.came_back(*f.key, f.windows, f.first_day), f, t)


def by_term(f: Filters, t: Translator) -> None:
    """Renewals term by term; a click opens the customers who renewed or left."""
    term: Term = choice(
        t("renewals.term.label"),
        TERMS,
        f"renewals.term.{f.workspace}",
        lambda code: t(f"cohorts.unit.{code}"),
        default="quarter",
    )
    found = cached.by_term(*f.key, f.windows, term).tail(cached.MOST_TERMS[term])
    if found.empty:
        st.markdown(t("renewals.too_short"))
        return
    names = [_name(day, term, t) for day in found["term"]]
    table = found.assign(term=names).rename(columns={c: t(f"renewals.column.{c}") for c in found.columns})
    name = f"renewals-{term}"
    drawn = figures.chart(
        charts.by_term(found, names, t, figures.mode()),
        table,
        name,
        title=t("renewals.title"),
        column_config=_formats(found, t),
        on_select=True,
        turn=customer_list.turn(name),
    )
    st.caption(t("renewals.definition"))
    clicked = customer_list.clicked(name, drawn)
    if clicked:
        _open(TermCell(term, date.fromisoformat(str(clicked[0])), str(clicked[1]) == "renewed"), f, t)


def moves(found: CameBack, f: Filters, t: Translator) -> None:
    """The formula of the retention rate with the counts of these days, as a picture."""
    made = found.moves
    st.markdown(
        t(
            "renewals.moves.formula",
            end=t.number(made.end),
            new=t.number(made.new),
            won=t.number(made.won_back),
            start=t.number(made.start),
            rate=t.percent(made.rate),
            churn=t.percent(made.churn),
        )
    )
    if not made.start:
        st.caption(t("kpi.reason.no_history"))
    rows = [(t(f"renewals.moves.{c}"), getattr(made, c)) for c in ("start", "lost", "won_back", "new", "end")]
    table = pd.DataFrame(rows, columns=[t("renewals.column.what"), t("renewals.column.customers")])
    figures.chart(
        charts.moves(made, t, figures.mode()), table, "retention-moves", title=t("renewals.moves.title")
    )
    st.caption(t("renewals.moves.note", lapse=f.windows.lapse_days))


def _open(cell: TermCell, f: Filters, t: Translator) -> None:
    name = _name(cell.day, cell.term, t)
    code = "renewed" if cell.renewed else "lost"
    title = t(f"renewals.list.{code}", term=name)
    customer_list.open_list(Listing(f"term-{code}", title, title, Wanted(among=cell)))


def _card(
    code: str,
    now: Any,
    before: Any,
    unit: Any,
    term: str,
    t: Translator,
    trend: list[float] | None = None,
) -> Card:
    change = None
    if before is not None and pd.notna(before[code]) and pd.notna(now[code]):
        change = delta(Figure(code, float(now[code]), unit), Figure(code, float(before[code]), unit))
    in_points = unit == "share"
    known = change is not None and change.value is not None
    value = change.value if change and known else None
    return Card(
        label=t(f"renewals.card.{code}.name"),
        value=t.percent(now[code]) if in_points else t.number(now[code]),
        definition=t(f"renewals.card.{code}.definition", term=term),
        delta=(t.points(value) if in_points else t.change(value)) if known else None,
        change=value,
        good="down" if code in ("churn", "lost") else "up",
        reason="" if known else t("card.no_comparison"),
        trend=trend or (),
    )


def _name(day: date, term: Term, t: Translator) -> str:
    return cohort_name(day, Asked(term), t)


def _formats(found: pd.DataFrame, t: Translator) -> dict[str, Any]:
    return shares_format(
        {
            f"share_{code}" if code in ("rate", "churn") else code: t(f"renewals.column.{code}")
            for code in found.columns
            if code not in ("term", "mature")
        }
    )
