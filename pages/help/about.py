"""How does Setia count? Methods, words, privacy, licences."""

from __future__ import annotations

import streamlit as st

from ui import text
from ui.components import about, page

t = text.translator()
page.header(t("about.question"), sentence=t("about.sentence"))
methods, words, privacy, licences = st.tabs(
    [t(f"about.tab.{name}") for name in ("methods", "words", "privacy", "licences")]
)
with methods:
    about.definitions("method", t)
with words:
    about.definitions("word", t)
with privacy:
    about.privacy(t)
with licences:
    about.licences(t)
