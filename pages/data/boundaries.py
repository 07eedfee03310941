"""Boundaries: which regions we work with, and how many people live in them."""

import streamlit as st

from ui import filters, text
from ui.components import boundaries, page, region_figures, tabs

t, f = text.translator(), filters.current()

page.header(t("boundaries.question"), note=page.data_note(f, t))
st.markdown(t("boundaries.intro"))

parts = {
    "levels": lambda: boundaries.levels(f, t),
    "figures": lambda: region_figures.block(f, t),
}
tabs.draw("boundaries", parts, t)
