"""Overview: how the business does, who carries it, and what is new."""

import streamlit as st

from ui import filters, text
from ui.components import overview, page

t, f = text.translator(), filters.current()
options = filters.known()

page.header(
    t("overview.question"),
    note=page.data_note(f, t, options.customers if options else None),
    sentence=overview.sentence(f, t),
)
overview.headline(f, t)

chart, side = st.columns([2, 1], gap="large")
with chart:
    overview.trend(f, t)
with side:
    overview.groups(f, t)

places, identified = st.columns([1, 1], gap="large")
with places:
    overview.regions(f, t)
with identified:
    st.subheader(t("overview.identification.title"), anchor=False)
    st.caption(t("overview.identification.note"))
    overview.identification(f, t)
