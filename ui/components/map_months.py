"""The customer map month by month: one scale for all months, a slider, and a button that plays them."""

from __future__ import annotations

import calendar
import time
from dataclasses import replace
from datetime import date
from typing import Final

import streamlit as st

from i18n.translator import Translator
from ui.components.map_state import MapState
from ui.filters import Filters

SECONDS: Final = 1.6
"""How long a month stands while the map plays."""

MOST: Final = 36
_SLIDER: Final = "map.month"


def months(filters: Filters) -> list[date]:
    """First days of the months of the chosen days, the last ``MOST`` at most."""
    first, last = filters.scope.start.replace(day=1), filters.scope.end.replace(day=1)
    found = [first]
    while found[-1] < last:
        year, month = divmod(found[-1].month, 12)
        found.append(date(found[-1].year + year, month + 1, 1))
    return found[-MOST:]


def narrowed(here: MapState, filters: Filters) -> Filters:
    """The filters with the days of the shown month only; as they are when no month is."""
    if here.month is None:
        return filters
    if here.month not in months(filters):
        here.month, here.scale = None, None
        return filters
    last = here.month.replace(day=calendar.monthrange(here.month.year, here.month.month)[1])
    start, end = max(here.month, filters.scope.start), min(last, filters.scope.end)
    return replace(filters, scope=replace(filters.scope, start=start, end=end))


def draw(here: MapState, filters: Filters, t: Translator) -> None:
    """The slider and the button; nothing while all days are shown together.

    Parameters
    ----------
    here : MapState
        Its ``month`` is what is shown.
    filters : Filters
        With all the days.
    t : Translator
    """
    offered = months(filters)
    if here.month is None or len(offered) < 2:
        return
    if here.playing:
        _advance(here, offered)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        word = t("map.months.stop" if here.playing else "map.months.play")
        icon = ":material/pause:" if here.playing else ":material/play_arrow:"
        if st.button(word, icon=icon, key="map.months.play"):
            _turn(here, offered)
        st.session_state[_SLIDER] = here.month
        st.select_slider(
            t("map.months.month"),
            offered,
            format_func=t.month,
            key=_SLIDER,
            on_change=lambda: _chosen(here),
        )
    st.caption(t("map.months.note"))


def switch(here: MapState, filters: Filters, t: Translator) -> None:
    """The toggle between all days together and month by month."""
    offered = months(filters)
    wanted = st.toggle(
        t("map.months.toggle"), here.month is not None, key="map.months", disabled=len(offered) < 2
    )
    if not wanted:
        here.month, here.playing, here.scale = None, False, None
    elif here.month is None and len(offered) > 1:
        here.month = offered[-1]


def _chosen(here: MapState) -> None:
    here.month, here.playing = st.session_state[_SLIDER], False


def _turn(here: MapState, offered: list[date]) -> None:
    """Start or stop playing; the page is drawn anew because its clock changes."""
    here.playing, here.since = not here.playing, time.monotonic()
    if here.playing and here.month == offered[-1]:
        here.month = offered[0]
    st.rerun()


def _advance(here: MapState, offered: list[date]) -> None:
    if time.monotonic() - here.since < SECONDS * 0.8:  # something else drew the map in between
        return
    here.since = time.monotonic()
    place = offered.index(here.month) if here.month in offered else -1
    here.month = offered[min(place + 1, len(offered) - 1)]
    if here.month == offered[-1]:
        here.playing = False
        st.rerun()
