"""The days that tell new, active, loyal and lapsed apart: shown in words, changed in place."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics.lifecycle import Windows
from i18n.translator import Translator
from ui import filters
from ui.choice import MAX_WINDOW
from ui.filters import Filters

FIELDS: Final = ("new_days", "lapse_days", "loyal_orders", "loyal_days")


def editor(f: Filters, t: Translator, *, short: bool = False) -> None:
    """A button that says the windows (or, short, that they can be changed), and opens four numbers."""
    w = f.windows
    label = t(
        "segments.windows.button", new=w.new_days, lapse=w.lapse_days, n=w.loyal_orders, days=w.loyal_days
    )
    label = t("segments.windows.short") if short else label
    with st.popover(label, icon=":material/tune:", type="tertiary", key="windows.button"):
        st.markdown(t("lifecycle.rule"))
        for field in FIELDS:
            st.session_state[f"windows.{field}"] = getattr(w, field)
            st.number_input(
                t(f"segments.windows.{field}"),
                min_value=1,
                max_value=MAX_WINDOW,
                key=f"windows.{field}",
                on_change=_changed,
            )
        st.caption(t("segments.windows.session"))
        if filters.chosen().windows is not None:
            st.button(t("segments.windows.reset"), key="windows.reset", on_click=_reset)


def definition(code: str, w: Windows, t: Translator) -> str:
    """What a group is, in one sentence, with the windows of now."""
    return t(
        f"lifecycle.{code}.definition",
        new_days=w.new_days,
        lapse_days=w.lapse_days,
        loyal_orders=w.loyal_orders,
        loyal_days=w.loyal_days,
    )


def _changed() -> None:
    filters.change(windows=Windows(*(int(st.session_state[f"windows.{field}"]) for field in FIELDS)))


def _reset() -> None:
    filters.change(windows=None)
