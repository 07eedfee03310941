"""Tabs that compute only what is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from i18n.translator import Translator


def draw(name: str, parts: Mapping[str, Callable[[], None]], t: Translator) -> None:
    """Draw tabs; only the open one is run.

    Parameters
    ----------
    name : str
        Of the page: the words are under ``<name>.tab.<code>``.
    parts : mapping of code to callable
        What draws each tab, in their order.
    t : Translator
    """
    words = {code: t(f"{name}.tab.{code}") for code in parts}
    key = f"{name}.tabs"
    if st.session_state.get(key) not in (None, *words.values()):
        del st.session_state[key]  # it was chosen in another language
    opened = st.tabs(list(words.values()), key=key, on_change="rerun")
    for part, tab in zip(parts.values(), opened, strict=True):
        if tab.open:
            with tab:
                part()
