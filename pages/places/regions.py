"""Regions: how strong we are in each, and where that is more than chance."""

import streamlit as st

from ui import filters, text
from ui.components import empty, page, region_hotspots, regions, tabs

t, f = text.translator(), filters.current()
options = filters.known()

page.header(t("regions.question"), note=page.data_note(f, t, options.customers if options else None))
if f.leaves_nothing:
    empty.nothing_left(f, t)
    st.stop()
if empty.no_places(f, t("regions.would_show"), "regions", t):
    st.stop()

parts = {
    "map": lambda: regions.block(f, t),
    "hotspots": lambda: region_hotspots.block(f, t),
}
tabs.draw("regions", parts, t)
