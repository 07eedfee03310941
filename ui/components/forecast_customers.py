"""The customers of the forecast: who will bring most, and who is probably leaving."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.forecast.forecast import Forecast
from charts.escaping import plain_text
from i18n.numbers import DASH
from i18n.translator import Translator
from ui.cached import forecast as cached
from ui.cached.forecast import Foreseen
from ui.cached.people import Wanted
from ui.components import customer_list
from ui.components.customer_list import Listing
from ui.components.forecast import asked, service_cost
from ui.components.inputs import choice
from ui.filters import Filters

MONEY = frozenset({"value", "value_low", "value_high", "so_far", "net_value", "at_stake"})


def block(made: Forecast, f: Filters, t: Translator) -> None:
    """Draw the list and the button that opens all of them."""
    options = ("scored", "leaving") if made.tells_churn else ("scored",)
    with st.container(horizontal=True, vertical_alignment="center"):
        which = choice(
            t("forecast.who_label"), options, "forecast.who", lambda name: t(f"forecast.who.{name}")
        )
        opened = st.button(t("forecast.open_all"), icon=":material/group:", key="forecast.open")
    if opened:
        title, rule = t(f"forecast.who.{which}"), t(f"forecast.rule.{which}")
        wanted = Wanted(among=Foreseen(asked(f), which))
        customer_list.open_list(Listing(f"forecast-{which}", title, rule, wanted))
    rows = cached.first_rows(*f.key, f.windows, asked(f), service_cost(), which)
    if rows.empty:
        st.markdown(t("people.none"))
        return
    hidden = ["at_stake"] if which == "scored" else ["net_value", "value_low", "value_high"]
    rows = rows.drop(columns=[*hidden, *([] if made.tells_churn else ["p_alive"])])
    rows["customer_id"] = [plain_text(value, 80) for value in rows["customer_id"]]
    headers = {name: t(f"forecast.person.{name}") for name in rows.columns}
    write: dict[Any, Any] = {}
    for name, header in headers.items():
        if name in MONEY:
            write[header] = lambda value: t.money(value, f.currency)
        elif name == "p_alive":
            write[header] = lambda value: t.percent(value, 0)
        elif name == "expected_purchases":
            write[header] = lambda value: t.number(value, 1)
        elif name == "last_day":
            write[header] = t.date
    st.dataframe(
        rows.rename(columns=headers).style.format(write), hide_index=True, height=420, placeholder=DASH
    )
    st.caption(t("forecast.person.note", n=t.number(len(rows))))
