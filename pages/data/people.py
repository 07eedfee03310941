"""People: which customers are one and the same person, and who of them can be written to."""

import streamlit as st

from ui import filters, text
from ui.components import page, persons, tabs

t, f = text.translator(), filters.current()
options = filters.known()

page.header(t("persons.question"), note=page.data_note(f, t, options.customers if options else None))
st.markdown(t("persons.intro"))
persons.summary(f, t)

parts = {
    "merges": lambda: persons.merges(f, t),
    "channels": lambda: persons.channels(f, t),
    "reach": lambda: persons.reach(f, t),
}
tabs.draw("persons", parts, t)
