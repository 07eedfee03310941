"""Segments: who the customers are, and who is slipping away."""

import streamlit as st

from ui import filters, text
from ui.components import page, rfm_grid, segments, strategies

t, f = text.translator(), filters.current()
options = filters.known()

page.header(t("segments.question"), note=page.data_note(f, t, options.customers if options else None))
segments.headline(f, t)
st.markdown(text.plain(segments.sentence(f, t), 600))

chart, side = st.columns([3, 2], gap="large")
with chart:
    clicked = segments.groups(f, t)
with side:
    asked = strategies.panel(f, t)
if asked or clicked:
    segments.open_group(str(asked or clicked), f, t)

rfm, gold, ladder = st.tabs([t("segments.tab.rfm"), t("segments.tab.gold"), t("segments.tab.ladder")])
with rfm:
    rfm_grid.grid(f, t)
with gold:
    segments.pareto(f, t)
with ladder:
    segments.ladder(f, t)
