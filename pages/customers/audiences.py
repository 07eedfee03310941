"""Audiences: pick customers by a rule, keep them under a name, use them everywhere."""

import streamlit as st

from ui import filters, text
from ui.components import audiences, audiences_saved, page

t, f = text.translator(), filters.current()

page.header(t("audiences.question"), note=page.data_note(f, t))

rule, found = st.columns([2, 1], gap="large")
with rule:
    audiences.build(f, t)
with found:
    audiences.result(f, t)

saved, exports = st.tabs([t("audiences.tab.saved"), t("audiences.tab.log")])
with saved:
    audiences_saved.saved(f, t)
with exports:
    audiences_saved.log(f, t)
