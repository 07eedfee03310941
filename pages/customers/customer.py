"""One customer: who they are, what they bought, whether they are still there, what to do."""

import streamlit as st

from ui import filters, text
from ui.components import customer, customer_data, page, tabs

t, f = text.translator(), filters.current()

page.header(t("customer.question"), note=page.data_note(f, t))
customer_data.said(t)
who = customer.chosen(f, t)
if who is None:
    st.stop()
st.markdown(text.plain(customer.sentence(who, f, t), 300))
customer.headline(who, f, t)

story, todo = st.columns([2, 1], gap="large")
with story:
    customer.timeline(who, f, t)
with todo:
    customer.action(who, f, t)

parts = {
    "history": lambda: customer.history(who, f, t),
    "place": lambda: customer.place(who, f, t),
    "data": lambda: customer_data.draw(who, f, t),
}
tabs.draw("customer", parts, t)
