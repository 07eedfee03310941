"""Tabs that compute only what is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from i18n.translator import Translator


def draw(name: str, parts: Mapping[str, Callable[[], None]], t: Translator) -> None:
    """Draw tabs; only the open one is run, and it stays open when the reader comes back.

    Parameters
    ----------
    name : str
        Of the page: the words are under ``<name>.tab.<code>``.
    parts : mapping of code to callable
        What draws each tab, in their order.
    t : Translator
    """
    words = {code: t(f"{name}.tab.{code}") for code in parts}
    key, kept = f"{name}.tabs", f"{name}.tab.kept"
    if st.session_state.get(key) not in words.values():  # first drawn, or chosen in another language
        st.session_state[key] = words.get(st.session_state.get(kept, ""), next(iter(words.values())))
    opened = st.tabs(list(words.values()), key=key, on_change="rerun")
    for (code, part), tab in zip(parts.items(), opened, strict=True):
        if tab.open:
            st.session_state[kept] = code
            with tab:
                part()
