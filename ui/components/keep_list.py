"""Any list of customers kept as an audience: a fixed list under a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import streamlit as st

from data import audiences as store
from data.errors import DataError
from i18n.translator import Translator
from ui import errors, filters, session
from ui.filters import Filters
from ui.page_list import spec
from ui.text import plain


def keep(
    name: str, title: str, rule: str, ids: Callable[[], Iterable[str]], f: Filters, t: Translator
) -> None:
    """A button that asks for a name and keeps the list's customers under it.

    Parameters
    ----------
    name : str
        Of the list: key of the widgets.
    title : str
        The first suggestion.
    rule : str
        Where the list came from, in words.
    ids : callable
        -> the ids of the customers; called when the button is pressed.
    f : Filters
    t : Translator
    """
    key = f"people.{name}.keep"
    with st.popover(t("audiences.keep.button"), icon=":material/bookmark_add:", key=f"{key}.open"):
        st.text_input(
            t("audiences.save.name"), value=title[:60], max_chars=store.LONGEST_NAME, key=f"{key}.name"
        )
        st.caption(t("audiences.keep.note"))
        st.button(
            t("audiences.save.button"),
            type="primary",
            key=f"{key}.save",
            on_click=lambda: _save(key, rule, ids, f, t),
        )
        said = st.session_state.pop(f"{key}.error", "")
        if said:
            st.error(said, icon=":material/info:")
        made = st.session_state.get(f"{key}.made")
        if made:
            _saved(key, str(made), t)


def _save(key: str, rule: str, ids: Callable[[], Iterable[str]], f: Filters, t: Translator) -> None:
    workspace = session.opened(f.workspace)
    name = str(st.session_state.get(f"{key}.name") or "")
    st.session_state.pop(f"{key}.made", None)
    try:
        made = store.save_list(workspace, name, ids(), words=rule, days=(date.today(), f.as_of))
    except DataError as error:
        st.session_state[f"{key}.error"] = errors.sentence(error, t)
        return
    st.session_state[f"{key}.made"] = made.id


def _saved(key: str, audience_id: str, t: Translator) -> None:
    names = dict(offered.audiences) if (offered := filters.known()) else {}
    if audience_id not in names:
        return
    st.success(t("audiences.keep.done", name=plain(names[audience_id], 60)), icon=":material/check:")
    if st.button(t("audiences.keep.map"), icon=":material/map:", key=f"{key}.map"):
        filters.change(audiences=(audience_id,))
        st.switch_page(spec("customer_map").target)
    if st.button(t("audiences.use"), icon=":material/filter_alt:", key=f"{key}.use"):
        filters.change(audiences=(audience_id,))
        st.rerun()
