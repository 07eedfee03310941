"""Retention: how many customers come back."""

import streamlit as st

from ui import filters, text
from ui.components import cohort_pair, cohort_value, cohorts, page, retention, segments
from ui.components.retention_calculators import calculators

t, f = text.translator(), filters.current()
options = filters.known()

page.header(t("retention.question"), note=page.data_note(f, t, options.customers if options else None))
retention.headline(f, t)
st.markdown(text.plain(retention.sentence(f, t), 600))

chart, side = st.columns([2, 1], gap="large")
with chart:
    asked, cell = cohorts.triangle(f, t)
with side:
    group = retention.two_rates(f, t)
if group:
    segments.open_group(group, f, t)
elif cell:
    cohorts.open_cell(cell, f, t)

NAMES = ("curve", "pair", "value", "calculators")
tabs = st.tabs(
    [t(f"retention.tab.{name}") for name in NAMES], key=f"retention.tabs.{t.lang}", on_change="rerun"
)
curve, pair, value, calculator = tabs
with curve:
    if curve.open:
        cohorts.curve(f, t)
with pair:
    if pair.open:
        cohort_pair.side_by_side(f, t, asked)
with value:
    if value.open:
        cohort_value.against_cost(f, t, asked)
with calculator:
    if calculator.open:
        calculators(retention.found(f), t)
