"""Value: what a customer is worth, with data or without."""

import streamlit as st

from ui import filters, text
from ui.components import (
    forecast,
    forecast_customers,
    forecast_fallback,
    forecast_trust,
    known_sales,
    page,
    payback,
    tabs,
    value,
    workbench,
)

t, f = text.translator(), filters.current_or_none()
options = filters.known()

note = page.data_note(f, t, options.customers if options else None) if f else t("value.without_data")
page.header(t("value.question"), note=note)
if f is None:
    workbench.draw(None, t)
    st.stop()

made = forecast.ready(f, t)
if made.usable:
    forecast.headline(made, f, t)
    st.markdown(text.plain(forecast.sentence(made, f, t), 600))
else:
    value.headline(f, t)
    st.markdown(text.plain(value.sentence(f, t), 600))
known_sales.note(f, t)

answer, trust = st.columns([2, 1], gap="large")
with answer:
    if made.usable:
        forecast.by_group(made, f, t)
    else:
        forecast_fallback.block(f, t)
with trust:
    forecast_trust.panel(made, t)

parts = {
    "who": lambda: forecast_customers.block(made, f, t),
    "cost": lambda: payback.block(f, t, forecasted=made.usable),
    "backtest": lambda: forecast_trust.backtest(made, f, t),
    "history": lambda: value.history(f, t),
    "calculator": lambda: workbench.draw(f, t),
}
if not made.usable:
    del parts["who"]
tabs.draw("value", parts, t)
