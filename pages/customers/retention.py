"""Retention: how many customers come back."""

import streamlit as st

from ui import filters, text
from ui.components import cohorts, page, retention, segments
from ui.components.retention_calculators import calculators

t, f = text.translator(), filters.current()
options = filters.known()

page.header(t("retention.question"), note=page.data_note(f, t, options.customers if options else None))
retention.headline(f, t)
st.markdown(text.plain(retention.sentence(f, t), 600))

chart, side = st.columns([2, 1], gap="large")
with chart:
    cell = cohorts.triangle(f, t)
with side:
    group = retention.two_rates(f, t)
if group:
    segments.open_group(group, f, t)
elif cell:
    cohorts.open_cell(cell, f, t)

curve, calculator = st.tabs([t("retention.tab.curve"), t("retention.tab.calculators")])
with curve:
    cohorts.curve(f, t)
with calculator:
    calculators(retention.found(f), t)
