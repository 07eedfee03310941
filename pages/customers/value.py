"""Value: what a customer is worth, with data or without."""

import streamlit as st

from ui import filters, text
from ui.components import calculators, page, value, what_if, worth
from ui.components.figures import current_or_none
from ui.components.own_numbers import starts

t, f = text.translator(), current_or_none()
options = filters.known()

note = page.data_note(f, t, options.customers if options else None) if f else t("value.without_data")
page.header(t("value.question"), note=note)
if f:
    value.headline(f, t)
    st.markdown(text.plain(value.sentence(f, t), 600))

inputs, result = st.columns([1, 2], gap="large")
with inputs:
    own = worth.source(f, t)
    begin = starts(f, t, own=own)
    business, programme = worth.inputs(f, t, begin)
with result:
    worth.result(business, programme, f, t)

names = [*(("spread", "by", "best") if f else ()), "levers", "questions", "small", "sources"]
tabs = dict(zip(names, st.tabs([t(f"value.tab.{name}") for name in names]), strict=True))
if f:
    with tabs["spread"]:
        value.spread(f, t)
    with tabs["by"]:
        value.groups(f, t)
    with tabs["best"]:
        value.best(f, t)
with tabs["levers"]:
    what_if.what_if_block(business, f, t)
with tabs["questions"]:
    what_if.four_questions(business, f, t)
with tabs["small"]:
    calculators.small(begin, f.currency if f else "MYR", t, own=own)
with tabs["sources"]:
    worth.sources(begin, f, t)
