"""A bar and a way out while something is worked out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from i18n.translator import Translator

BAR_AFTER: Final = 0.5
"""Seconds before anything is shown: what is quicker needs no bar."""


@contextmanager
def working(words: str, name: str, t: Translator) -> Iterator[Callable[[float], bool]]:
    """Show how far a piece of work is; a press on Cancel ends it and leaves the page without its result.

    Parameters
    ----------
    words : str
        What is done. Text of ours.
    name : str
        In plain letters: key of the button.
    t : Translator

    Yields
    ------
    callable
        To be called with the share done (0..1). Returns True: go on. A press on any widget ends the run
        at the next call, as Streamlit does.
    """
    place, began = st.empty(), time.monotonic()
    stop = f"{name}.stopped"
    if st.session_state.pop(stop, False):
        with place.container():
            st.markdown(t("catchments.stopped"))
            if not st.button(t("catchments.again"), key=f"{name}.again"):
                st.stop()
        place.empty()
    drawn: list[object] = []

    def tell(share: float) -> bool:
        if time.monotonic() - began < BAR_AFTER:
            return True
        if not drawn:
            with place.container():
                drawn.append(st.progress(0.0, text=words))
                st.button(
                    t("catchments.travel.cancel"),
                    key=f"{name}.cancel",
                    on_click=lambda: st.session_state.update({stop: True}),
                )
        drawn[0].progress(min(max(share, 0.0), 1.0), text=words)  # type: ignore[attr-defined]
        return True

    yield tell
    place.empty()
