"""The words of this session: its language, and text that Streamlit must not interpret."""

from __future__ import annotations

from typing import Final, cast

import streamlit as st

from charts.escaping import markdown_text
from i18n import translator as words
from i18n.numbers import LANGUAGES, Language
from i18n.translator import Translator

STATE: Final = "setia.language"
DEFAULT: Final[Language] = "en"


def language() -> Language:
    """The language this session reads: as chosen, else the browser's, else English."""
    chosen = st.session_state.get(STATE)
    if chosen in LANGUAGES:
        return cast(Language, chosen)
    browser = (st.context.locale or "").partition("-")[0].lower()
    return browser if browser in LANGUAGES else DEFAULT


def translator() -> Translator:
    """The translator of this session's language."""
    return words.translator(language())


def plain(value: object, limit: int = 120) -> str:
    """Data as it came, for a place that reads Markdown: labels, captions, tooltips, cards.

    An image in a name would otherwise fetch a stranger's page, and two dollars become maths.
    The same function as ``charts.escaping.markdown_text``, at the name pages know.
    """
    return markdown_text(value, limit)


def choose(lang: str) -> None:
    """Make a language this session's; anything but the three is passed over."""
    if lang in LANGUAGES:
        st.session_state[STATE] = lang
