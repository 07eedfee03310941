"""Where no model can be trusted: why, and the simple calculator with a prior on who stays."""

from __future__ import annotations

import streamlit as st

from analytics.forecast.fallback import simple_value
from analytics.value_calculators import Business
from i18n.translator import Translator
from ui.cached import value as cached
from ui.components.own_numbers import starts
from ui.filters import Filters
from ui.text import plain


def block(f: Filters, t: Translator) -> None:
    """Draw one number with its interval, and what it rests on."""
    begin = starts(f, t, own=True)
    before, stayed = cached.returned(*f.key, f.windows)
    names = ("customers", "average_order", "orders_per_year", "margin_rate", "discount", "acquisition_cost")
    business = Business(**{name: begin[name].value for name in names}, retention=0.0)
    found = simple_value(business, before, stayed)
    st.subheader(t("forecast.simple.title"), anchor=False)
    st.metric(
        t("value.big"),
        plain(t.money(found.value, f.currency)),
        delta=plain(
            t(
                "forecast.simple.between",
                low=t.money(found.low, f.currency),
                high=t.money(found.high, f.currency),
            )
        ),
        delta_color="off",
        delta_arrow="off",
    )
    seen = t("forecast.simple.seen", n=t.number(before), stayed=t.number(stayed))
    st.markdown(
        plain(
            t(
                "forecast.simple.text",
                retention=t.percent(found.retention),
                low=t.percent(found.retention_low),
                high=t.percent(found.retention_high),
                seen=seen if before else t("forecast.simple.unseen"),
            ),
            600,
        )
    )
    typed = [t(f"forecast.simple.name.{name}") for name in names if not begin[name].own]
    if typed:
        st.caption(t("forecast.simple.assumed", names=", ".join(typed)))
