"""Quality: what the numbers stand on."""

import streamlit as st

from ui import filters, text
from ui.components import page, quality

t, f = text.translator(), filters.current()

page.header(t("quality.question"), note=page.data_note(f, t), sentence=t("quality.sentence"))
quality.summary(f, t)

left, right = st.columns([3, 2], gap="large")
with left:
    quality.known(f, t)
with right:
    quality.places(f, t)

of_tables, of_columns = st.tabs([t("quality.tab.tables"), t("quality.tab.columns")])
with of_tables:
    quality.tables(f, t)
with of_columns:
    quality.columns(f, t)
