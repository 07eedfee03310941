"""Retention: how many customers come back."""

import streamlit as st

from ui import filters, text
from ui.components import (
    cohort_pair,
    cohort_value,
    cohorts,
    empty,
    next_purchase,
    page,
    projection,
    renewals,
    retention,
    segments,
    tabs,
)
from ui.components.retention_calculators import calculators, without_data

t, f = text.translator(), filters.current_or_none()
options = filters.known()
if f is None:
    page.header(t("retention.question"), note=t("value.without_data"))
    without_data(t)
    st.stop()

page.header(t("retention.question"), note=page.data_note(f, t, options.customers if options else None))
if f.leaves_nothing:
    empty.nothing_left(f, t)
    st.stop()
mode = renewals.mode(f, t)
if mode == "subscription":
    renewals.headline(f, t)
    st.markdown(text.plain(renewals.sentence(f, t), 600))
else:
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

parts = {
    "curve": lambda: cohort_pair.curves(f, t, asked),
    "value": lambda: cohort_value.against_cost(f, t, asked),
    "next": lambda: next_purchase.block(f, t),
    "periods": lambda: renewals.periods(f, t, mode),
    "projection": lambda: projection.block(f, t, mode),
    "calculators": lambda: calculators(retention.found(f), t),
}
tabs.draw("retention", parts, t)
