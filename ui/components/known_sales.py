"""Says of pages about customers how much of the revenue they can see: sales without a name have none."""

from __future__ import annotations

from typing import Final

import streamlit as st

from i18n.translator import Translator
from ui.cached import overview as cached
from ui.filters import Filters
from ui.text import plain

NEARLY_ALL: Final = 0.95
"""From this share of the revenue on, a page about known customers is about the business."""


def note(f: Filters, t: Translator) -> None:
    """One line where much of the window's revenue has no known customer; else nothing.

    Parameters
    ----------
    f : Filters
    t : Translator
    """
    known, revenue = cached.known_revenue(*f.key, f.windows)
    if revenue <= 0 or known / revenue >= NEARLY_ALL:
        return
    st.caption(
        plain(
            t(
                "page.known_sales",
                known=t.money_short(known, f.currency),
                revenue=t.money_short(revenue, f.currency),
                share=t.percent(known / revenue),
                dates=t.dates(f.scope.start, f.scope.end),
            ),
            400,
        )
    )
