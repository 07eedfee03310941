"""Who moved between two days: bands, matrix, what it cost or brought, and the customers of a move."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics.migration import BYS, NOT_YET, Between
from charts import migration as charts
from charts.amounts import signed_money
from i18n.translator import Translator
from ui.cached import migration as cached
from ui.cached.migration import Moved
from ui.cached.people import Scoring, Wanted
from ui.components import customer_list, figures, rfm_scoring
from ui.components.customer_list import Listing
from ui.components.inputs import choice
from ui.components.segments import shares_format
from ui.filters import Filters
from ui.text import plain

MEASURES: Final = ("customers", "revenue_change", "margin_change")
ANY: Final = ""
"""Any group, as :class:`ui.cached.migration.Moved` has it."""


def migration(f: Filters, t: Translator) -> None:
    """The whole tab."""
    st.markdown(t("migration.explained"))
    between, by = _controls(f, t)
    if between is None:
        st.warning(t("migration.wrong"))
        return
    scoring = rfm_scoring.scoring(f) if by == "rfm_segment" else Scoring()
    cells = cached.cells(*f.key, f.windows, between, by, scoring)
    if cells.empty:
        st.markdown(t("migration.nobody"))
        return
    for line in _sentences(cells, between, by, f, t):
        st.markdown(plain(line, 500))
    for note in _notes(between, by, f, t):
        st.caption(note)
    left, right = st.columns([1, 1], gap="large")
    days = (t.date(between.first), t.date(between.second))
    table = _table(cells, by, t)
    with left:
        figures.chart(
            charts.bands(cells, by, days, t, figures.mode()),
            table,
            "segments-moves",
            title=t("migration.bands_title"),
            column_config=shares_format({name: name for name in table.columns}),
        )
        asked = _band(cells, by, t)
        st.caption(t("migration.thin"))
    with right:
        move = _matrix(cells, by, table, f, t) or asked
    if move is not None:
        _open(move, between, by, scoring, t)


def _controls(f: Filters, t: Translator) -> tuple[Between | None, str]:
    """The two days and what the groups are; None where the days are the wrong way round."""
    last = f.scope.end
    default = max(f.first_day, min(f.scope.start, last) - timedelta(days=1))
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        first = _day("first", default, f, t)
        second = _day("second", last, f, t)
        by = choice(t("migration.by"), BYS, "migration.by", lambda c: t(f"migration.by_{c}"), hidden=False)
    return (Between(first, second) if first < second else None), by


def _day(name: str, default: date, f: Filters, t: Translator) -> date:
    """A day within the data and the window; it follows the window until it is changed."""
    key = f"migration.{name}.{default.isoformat()}.{f.scope.end.isoformat()}"
    found = st.date_input(
        t(f"migration.{name}"),
        value=st.session_state.get(f"{key}.kept", default),
        min_value=f.first_day,
        max_value=max(f.scope.end, f.first_day),
        key=key,
        format="DD/MM/YYYY",
        width=180,
    )
    chosen = found if isinstance(found, date) else default
    st.session_state[f"{key}.kept"] = chosen
    return chosen


def _sentences(cells: pd.DataFrame, between: Between, by: str, f: Filters, t: Translator) -> list[str]:
    """The costliest move, the one that brought most, and how many stayed."""
    there = cells[cells["origin"] != NOT_YET]
    moves = there[there["origin"] != there["target"]]
    found = []
    if len(there):
        stayed = there.loc[there["origin"] == there["target"], "customers"].sum() / there["customers"].sum()
        found.append(t("migration.stayed", share=t.percent(stayed)))
    if len(moves) and between.before_from >= f.first_day:
        ranked = moves.sort_values(["revenue_change", "customers"])
        worst, best = ranked.iloc[0], ranked.iloc[-1]
        if worst["revenue_change"] < 0:
            found.append(t("migration.lost", **_words(worst, between, by, f, t)))
        if best["revenue_change"] > 0:
            words = _words(best, between, by, f, t)
            found.append(t("migration.won", **{k: words[k] for k in _WON}))
    return found


_WON: Final = ("origin", "target", "customers", "change")


def _words(row: pd.Series[Any], between: Between, by: str, f: Filters, t: Translator) -> dict[str, str]:
    change = float(row["revenue_change"])
    return {
        "origin": charts.word(str(row["origin"]), by, t),
        "target": charts.word(str(row["target"]), by, t),
        "customers": t.plural("page.customers", int(row["customers"])),
        "before": t.money_short(row["revenue_before"], f.currency),
        "after": t.money_short(row["revenue_after"], f.currency),
        "days": t.number(between.days),
        "change": signed_money(change, f.currency, t),
    }


def _notes(between: Between, by: str, f: Filters, t: Translator) -> list[str]:
    found = []
    if between.before_from < f.first_day:
        found.append(t("migration.short", date=t.date(f.first_day), days=t.number(between.days)))
    if by == "rfm_segment":
        found.append(t("migration.yardstick"))
    return found


def _matrix(
    cells: pd.DataFrame, by: str, table: pd.DataFrame, f: Filters, t: Translator
) -> tuple[str, str] | None:
    st.subheader(t("migration.matrix_title"), anchor=False)
    measure = choice(
        t("migration.measure"),
        MEASURES,
        "migration.measure",
        lambda code: t(f"migration.measure_{code}"),
    )
    name = f"segments-matrix-{by}"
    drawn = figures.chart(
        charts.matrix(cells, by, measure, f.currency, t, figures.mode()),
        table,
        name,
        column_config=shares_format({column: column for column in table.columns}),
        on_select=True,
        turn=customer_list.turn(name),
    )
    st.caption(t("migration.click"))
    found = customer_list.clicked(name, drawn)
    return (str(found[0]), str(found[1])) if found else None


def _band(cells: pd.DataFrame, by: str, t: Translator) -> tuple[str, str] | None:
    """A band of the picture, or all of one group, by choice: a band itself cannot be clicked."""
    st.caption(t("migration.band"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        origin, target = (_end(name, cells, by, t) for name in ("origin", "target"))
        found = (origin, target)
        inside = cells[cells["origin"] == origin] if origin else cells
        inside = inside[inside["target"] == target] if target else inside
        n = int(inside["customers"].sum())
        opened = st.button(
            t("migration.open", n=t.number(n)),
            key="migration.band.open",
            disabled=not n or found == (ANY, ANY),
        )
    return found if opened else None


def _end(name: str, cells: pd.DataFrame, by: str, t: Translator) -> str:
    """One end of a band: a group that occurs there, or any."""
    there = [code for code in [*charts.order_of(by), NOT_YET] if code in set(cells[name])]
    return str(
        st.selectbox(
            t(f"migration.column.{name}"),
            [ANY, *there],
            format_func=lambda code: charts.word(code, by, t) if code else t("migration.any"),
            key=f"migration.band.{name}.{by}",
            width=200,
        )
    )


def _table(cells: pd.DataFrame, by: str, t: Translator) -> pd.DataFrame:
    worded = cells.sort_values("customers", ascending=False).assign(
        origin=lambda table: [charts.word(code, by, t) for code in table["origin"]],
        target=lambda table: [charts.word(code, by, t) for code in table["target"]],
    )
    named = {name: t(f"migration.column.{name}") for name in cells.columns if name != "customers"}
    return worded.rename(columns={**named, "customers": t("people.column.customers")})


def _open(move: tuple[str, str], between: Between, by: str, scoring: Scoring, t: Translator) -> None:
    origin, target = (charts.word(code, by, t) if code else t("migration.any") for code in move)
    rule = t(
        "migration.rule",
        origin=origin,
        target=target,
        first=t.date(between.first),
        second=t.date(between.second),
    )
    among = Moved(between, by, move[0], move[1], scoring)
    customer_list.open_list(
        Listing("moved", f"{origin} → {target}", rule, Wanted(scoring=scoring, among=among))
    )
