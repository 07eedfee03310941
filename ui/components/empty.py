"""Nothing to show: what would be here, what is missing, and one button to get it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from i18n.translator import Translator
from ui import filters, text
from ui.cached import places
from ui.filters import Filters
from ui.page_list import spec

WIDTH: Final = 640
"""Pixels: two lines of text a paragraph, not a band across the screen."""


def state(
    title: str,
    *,
    would_show: str,
    missing: str,
    action: str = "",
    page: Path | str = "",
    key: str = "empty",
) -> None:
    """Draw an empty state.

    Parameters
    ----------
    title : str
    would_show : str
        What stands here once the data is there.
    missing : str
        What is missing for it.
    action : str
        The label of the button; none without it.
    page : path
        Where the button leads: an absolute path, as ``ui.page_list.spec(name).path``.
    key : str
        Unique on the page.
    """
    t = text.translator()
    with st.container(border=True, width=WIDTH, key=f"setia-empty-{key}"):
        st.subheader(title, anchor=False)
        st.markdown(f"**{t('empty.would_show')}**  \n{would_show}")
        st.markdown(f"**{t('empty.missing')}**  \n{missing}")
        if action and st.button(action, type="primary", key=f"{key}.action"):
            st.switch_page(page)


def missing_table(title: str, *, would_show: str, missing: str, key: str = "empty") -> None:
    """An empty state whose button leads to the import."""
    t = text.translator()
    state(
        title,
        would_show=would_show,
        missing=missing,
        action=t("empty.no_data.action"),
        page=spec("import_files").path,
        key=key,
    )


def no_places(f: Filters, would_show: str, key: str, t: Translator) -> bool:
    """Whether no customer of the workspace has a place; then says what is missing.

    A map of nobody would tell that nobody lives there, which is not known.
    """
    if places.extent(f.workspace, f.snapshot) is not None:
        return False
    missing_table(t("map.empty.title"), would_show=would_show, missing=t("map.empty.missing"), key=key)
    return True


def no_data(t: Translator) -> None:
    """The workspace holds nothing yet."""
    missing_table(
        t("empty.no_data.title"),
        would_show=t("empty.no_data.would_show"),
        missing=t("empty.no_data.missing"),
        key="no_data",
    )


def nothing_left(current: Filters, t: Translator) -> None:
    """The filters let nothing through."""
    start, end = t.date(current.scope.start), t.date(current.scope.end)
    with st.container(border=True, width=WIDTH, key="setia-empty-nothing"):
        st.subheader(t("empty.nothing_left.title"), anchor=False)
        st.markdown(t("empty.nothing_left.missing", start=start, end=end))
        st.button(
            t("empty.nothing_left.action"),
            type="primary",
            on_click=filters.clear,
            key="nothing_left.action",
        )
