"""Quality: what the numbers stand on."""

import streamlit as st

from ui import filters, text
from ui.components import page, quality, settling

t, f = text.translator(), filters.current()

page.header(t("quality.question"), note=page.data_note(f, t), sentence=t("quality.sentence"))
quality.summary(f, t)

left, right = st.columns([3, 2], gap="large")
with left:
    quality.known(f, t)
with right:
    quality.places(f, t)

names = [t(f"quality.tab.{name}") for name in ("tables", "columns", "settlement")]
of_tables, of_columns, of_settlement = st.tabs(names)
with of_tables:
    quality.tables(f, t)
with of_columns:
    quality.columns(f, t)
with of_settlement:
    settling.settlement(f, t)
