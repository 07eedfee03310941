"""The RFM grid: seen, clicked, and changed in place."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from analytics import rfm
from analytics.customers import Selection
from analytics.rfm import Cutoffs
from charts import rfm as charts
from i18n.translator import Translator
from ui.cached import people
from ui.cached import segments as cached
from ui.cached.people import Scoring, Wanted
from ui.components import customer_list, figures, rfm_editor, rfm_scoring
from ui.components.customer_list import Listing
from ui.components.inputs import choice
from ui.components.rfm_scoring import BINS, HOWS
from ui.components.segments import shares_format
from ui.filters import Filters

_LABELS: Final = {"recency_days": "r", "frequency": "f", "monetary_value": "m"}


def grid(f: Filters, t: Translator) -> None:
    """The whole tab: how to score, the grid, the named groups."""
    st.markdown(t("segments.rfm.explained"))
    scoring, money = _controls(f, t)
    left, right = st.columns([3, 2], gap="large")
    with left:
        pair = _heat(f, t, scoring, money)
    with right:
        name = _groups(f, t, scoring)
    rfm_editor.editor(f, t, scoring)
    if pair is not None:
        _open_cell(pair, money, scoring, t)
    elif name is not None:
        _open_name(name, scoring, t)


def _controls(f: Filters, t: Translator) -> tuple[Scoring, int | None]:
    begun = rfm_scoring.start(f)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        bins = choice(t("segments.rfm.bins"), BINS, "rfm.bins", str, default=begun.bins, hidden=False)
        how = choice(
            t("segments.rfm.how"),
            HOWS,
            "rfm.how",
            lambda c: t(f"segments.rfm.{c}"),
            default=rfm_scoring.how_of(begun),
            hidden=False,
        )
        scores = (0, *range(1, bins + 1))
        shown = choice(
            t("segments.rfm.money"),
            scores,
            f"rfm.money.{bins}",
            lambda m: f"M{m}" if m else t("segments.rfm.all"),
            hidden=False,
        )
        quantiles = people.cutoffs(*f.key, f.windows, bins, True)
        with st.popover(t("segments.rfm.cutoffs"), icon=":material/straighten:", key="rfm.cutoffs"):
            fixed = _cutoffs(quantiles, bins, how == "fixed", f, t)
    renamed = tuple(sorted(rfm_scoring.names(f, bins).items()))
    return Scoring(bins, fixed, renamed), shown or None


def _cutoffs(found: Cutoffs | None, bins: int, fixed: bool, f: Filters, t: Translator) -> Cutoffs | None:
    """The upper ends of the scores; with fixed ones they can be typed in."""
    st.markdown(t("segments.rfm.cutoffs_explained"))
    if found is None:
        return None
    kept = f"rfm.fixed.{f.workspace}.{bins}"
    if fixed and f"{kept}.editor" not in st.session_state:
        st.session_state[kept] = rfm_scoring.typed(f, bins) or found
    shown: Cutoffs = st.session_state.get(kept, found) if fixed else found
    table = pd.DataFrame(
        {t(f"segments.rfm.measure.{_LABELS[name]}"): getattr(shown, name) for name in rfm.MEASURES},
        index=pd.Index([f"{k} | {k + 1}" for k in range(1, bins)], name=t("segments.rfm.between")),
    )
    if not fixed:
        st.dataframe(table, column_config=shares_format({name: name for name in table.columns}))
        return None
    edited = st.data_editor(table, key=f"{kept}.editor", num_rows="fixed")
    try:
        typed = Cutoffs(*(tuple(float(v) for v in edited[column]) for column in edited.columns))
    except ValueError:
        st.warning(t("segments.rfm.cutoffs_wrong"))
        return shown
    rfm_scoring.keep_typed(f.workspace, typed)
    return typed


def _heat(f: Filters, t: Translator, scoring: Scoring, money: int | None) -> tuple[int, int] | None:
    cells = cached.rfm_heat(*f.key, f.windows, scoring, money)
    headers = {name: t(f"people.column.{name}") for name in cells.columns}
    name = f"segments-rfm-{scoring.bins}-{money or 0}"
    drawn = figures.chart(
        charts.heat(cells, scoring.grid, money, f.currency, t, figures.mode()),
        cells.sort_values(["r", "f"], ascending=False).rename(columns=headers),
        name,
        title=t("segments.rfm.title"),
        column_config=shares_format(headers),
        on_select=True,
        turn=customer_list.turn(name),
    )
    found = customer_list.clicked(name, drawn)
    return (int(found[0]), int(found[1])) if found else None


def _groups(f: Filters, t: Translator, scoring: Scoring) -> str | None:
    sizes = cached.rfm_sizes(*f.key, f.windows, scoring)
    if sizes.empty:
        st.markdown(t("people.none"))
        return None
    headers = {name: t(f"people.column.{name}") for name in sizes.columns}
    worded = sizes.assign(rfm_segment=[t.code("rfm_segment", code) for code in sizes["rfm_segment"]])
    drawn = figures.chart(
        charts.names(sizes, f.currency, t),
        worded.rename(columns=headers),
        "segments-rfm-names",
        title=t("segments.rfm.names_title"),
        column_config=shares_format(headers),
        on_select=True,
        turn=customer_list.turn("segments-rfm-names"),
    )
    found = customer_list.clicked("segments-rfm-names", drawn)
    return str(found[0]) if found else None


def _open_cell(pair: tuple[int, int], money: int | None, scoring: Scoring, t: Translator) -> None:
    r, f = pair
    title = f"R{r} F{f}" + (f" M{money}" if money else "")
    rule = t("segments.rfm.rule", scores=title, bins=scoring.bins)
    wanted = Wanted(Selection(rfm_scores=((r, f, money),)), scoring=scoring)
    customer_list.open_list(Listing("rfm-cell", title, rule, wanted))


def _open_name(code: str, scoring: Scoring, t: Translator) -> None:
    triples = ", ".join("".join(map(str, triple)) for triple in scoring.grid.triples_of(code))
    word = t.code("rfm_segment", code)
    rule = t("segments.rfm.rule_name", name=word, triples=triples)
    wanted = Wanted(Selection(rfm_segments=(code,)), scoring=scoring)
    customer_list.open_list(Listing("rfm-group", word, rule, wanted))
