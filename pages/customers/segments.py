"""Segments: who the customers are, and who is slipping away."""

import streamlit as st

from ui import filters, text
from ui.components import (
    known_sales,
    ladder,
    migration,
    page,
    profile,
    proxies,
    rfm_grid,
    segments,
    strategies,
    strategy_card,
    tabs,
)

t, f = text.translator(), filters.current()
options = filters.known()

page.header(t("segments.question"), note=page.data_note(f, t, options.customers if options else None))
segments.headline(f, t)
st.markdown(text.plain(segments.sentence(f, t), 600))
known_sales.note(f, t)

chart, side = st.columns([3, 2], gap="large")
with chart:
    clicked = segments.groups(f, t)
with side:
    asked = strategies.panel(f, t)
if asked or clicked:
    segments.open_group(str(asked or clicked), f, t)

blocks = {
    "rfm": rfm_grid.grid,
    "gold": segments.pareto,
    "ladder": ladder.ladder,
    "migration": migration.migration,
    "profile": profile.profile,
    "proxies": proxies.proxies,
    "strategy": strategy_card.card,
}
tabs.draw("segments", {name: lambda block=block: block(f, t) for name, block in blocks.items()}, t)
