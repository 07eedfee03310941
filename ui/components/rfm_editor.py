"""The names of the RFM grid: a scheme to start from, each cell, and grids saved by name."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics.rfm_grid import SEGMENTS, Triple
from analytics.rfm_presets import PRESETS, preset
from charts.escaping import plain_text
from data import rfm_grids
from data.errors import BadName
from data.rfm_grids import SavedGrid
from data.workspaces import Workspace
from i18n.translator import Translator
from ui import session
from ui.cached.people import Scoring
from ui.components import rfm_scoring
from ui.components.inputs import choice
from ui.filters import Filters
from ui.text import plain

_EDITION: Final = "rfm.edition"
_SAID: Final = "rfm.said"


def editor(f: Filters, t: Translator, scoring: Scoring) -> None:
    """Draw the fold with everything about names."""
    with st.expander(t("rfm_grids.edit"), icon=":material/edit:", key="rfm.editor"):
        st.markdown(t("rfm_grids.explained"))
        left, right = st.columns([2, 1], gap="large")
        with left:
            _cells(f, t, scoring)
        with right:
            _schemes(f, t, scoring)
            _saved(f, t)


def changes_of(edited: dict[int, dict[str, str]], bins: int, money: int, t: Translator) -> dict[Triple, str]:
    """Read what a table editor reports (row number, column "F3", new word) as triples and codes."""
    codes = {t.code("rfm_segment", code): code for code in SEGMENTS}
    found: dict[Triple, str] = {}
    for row, cells in edited.items():
        for column, word in cells.items():
            if word in codes:
                found[bins - int(row), int(column.removeprefix("F")), money] = codes[word]
    return found


def _cells(f: Filters, t: Translator, scoring: Scoring) -> None:
    scores = tuple(range(1, scoring.bins + 1))
    money = choice(
        t("rfm_grids.money"),
        scores,
        f"rfm.edit.money.{scoring.bins}",
        lambda m: f"M{m}",
        default=scoring.bins,
        hidden=False,
    )
    words = [t.code("rfm_segment", code) for code in SEGMENTS]
    table = pd.DataFrame(
        {
            f"F{freq}": [t.code("rfm_segment", scoring.grid.names[r, freq, money]) for r in reversed(scores)]
            for freq in scores
        },
        index=pd.Index([f"R{r}" for r in reversed(scores)], name=""),
    )
    # Another edition after each change: the table then starts from what is, without its own memory.
    key = f"rfm.cells.{scoring.bins}.{money}.{st.session_state.get(_EDITION, 0)}"
    st.data_editor(
        table,
        key=key,
        num_rows="fixed",
        column_config={
            name: st.column_config.SelectboxColumn(options=words, required=True, width=140)
            for name in table.columns
        },
        on_change=lambda: _edited(f, t, key, scoring.bins, money),
    )
    st.caption(t("rfm_grids.cells_note"))
    if scoring.renamed:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(t.plural("rfm_grids.changed", len(scoring.renamed)), width="content")
            st.button(
                t("segments.rfm.names_reset", n=t.number(len(scoring.renamed))),
                key="rfm.rename.reset",
                type="tertiary",
                on_click=lambda: _use(f, "setia", scoring.bins),
            )


def _schemes(f: Filters, t: Translator, scoring: Scoring) -> None:
    code = st.selectbox(
        t("rfm_grids.start_from"),
        PRESETS,
        format_func=lambda c: t(f"rfm_grids.preset.{c}"),
        key="rfm.preset",
    )
    st.caption(t(f"rfm_grids.preset_note.{code}"))
    st.button(t("rfm_grids.apply"), key="rfm.preset.use", on_click=lambda: _use(f, code, scoring.bins))


def _saved(f: Filters, t: Translator) -> None:
    workspace = session.workspace()
    if workspace is None:
        return
    kept = rfm_grids.saved(workspace)
    _in_use(workspace, kept, f, t)
    if kept:
        name = st.selectbox(
            t("rfm_grids.saved"),
            list(kept),
            format_func=lambda n: plain_text(kept[n].title, 60) if n in kept else n,
            key="rfm.saved",
        )
        with st.container(horizontal=True):
            st.button(
                t("rfm_grids.load"),
                key="rfm.load",
                on_click=lambda: _take(f, kept[name]),
            )
            st.button(
                t("rfm_grids.use"),
                key="rfm.use",
                disabled=name == rfm_grids.used_name(workspace),
                on_click=lambda: _put_to_use(workspace, f, name),
            )
            st.button(
                t("rfm_grids.delete"),
                key="rfm.delete",
                type="tertiary",
                on_click=lambda: _delete(workspace, f, name),
            )
    title = st.text_input(
        t("rfm_grids.title"), key="rfm.title", max_chars=60, placeholder=t("rfm_grids.title_hint")
    )
    st.button(t("rfm_grids.save"), key="rfm.save", on_click=lambda: _save(f, t, title), disabled=not title)
    said = st.session_state.pop(_SAID, "")
    st.caption(said or t("rfm_grids.save_note"))


def _in_use(workspace: Workspace, kept: dict[str, SavedGrid], f: Filters, t: Translator) -> None:
    """Which grid holds for everybody in this workspace, and the way back to Setia's own."""
    used = rfm_grids.used_name(workspace)
    if used not in kept:
        st.caption(t("rfm_grids.own_in_use"))
        return
    st.caption(plain(t("rfm_grids.in_use", name=plain_text(kept[used].title, 60)), 300))
    st.button(
        t("rfm_grids.use_own"),
        key="rfm.use.own",
        type="tertiary",
        on_click=lambda: _put_to_use(workspace, f, None),
    )


def _put_to_use(workspace: Workspace, f: Filters, name: str | None) -> None:
    rfm_grids.use(workspace, name)
    rfm_scoring.follow(f)
    _next_edition()


def _delete(workspace: Workspace, f: Filters, name: str) -> None:
    was_used = rfm_grids.used_name(workspace) == name
    rfm_grids.delete(workspace, name)
    if was_used:
        rfm_scoring.follow(f)
        _next_edition()


def _save(f: Filters, t: Translator, title: str) -> None:
    workspace = session.workspace()
    if workspace is None:
        return
    try:
        rfm_grids.use(workspace, rfm_grids.save(workspace, rfm_scoring.as_saved(f, title.strip())))
    except BadName:
        st.session_state[_SAID] = t("rfm_grids.bad_title")
    else:
        st.session_state[_SAID] = plain(t("rfm_grids.was_saved", name=title.strip()))


def _take(f: Filters, grid: SavedGrid) -> None:
    rfm_scoring.take(f, grid)
    _next_edition()


def _use(f: Filters, code: str, bins: int) -> None:
    rfm_scoring.rename(f, bins, dict(preset(code, bins).names))
    _next_edition()


def _edited(f: Filters, t: Translator, key: str, bins: int, money: int) -> None:
    state: Any = st.session_state.get(key, {})
    rfm_scoring.rename(f, bins, changes_of(state.get("edited_rows", {}), bins, money, t))
    _next_edition()


def _next_edition() -> None:
    st.session_state[_EDITION] = st.session_state.get(_EDITION, 0) + 1
