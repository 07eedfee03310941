"""A bar and a way out while something is worked out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from i18n.translator import Translator

BAR_AFTER: Final = 0.5
"""Seconds before anything is shown: what is quicker needs no bar."""


class Tell(Protocol):
    """Takes the share done and the words of the step."""

    def __call__(self, share: float, step: str = "") -> bool: ...


@contextmanager
def working(words: str, name: str, t: Translator, *, after: float = BAR_AFTER) -> Iterator[Tell]:
    """Show how far a piece of work is; a press on Cancel ends it and leaves the page without its result.

    Nothing is shown where there is nothing to tell: of an answer that is known already.

    Parameters
    ----------
    words : str
        What is done. Text of ours.
    name : str
        In plain letters: key of the button.
    t : Translator
    after : float
        Seconds before anything is shown; 0 where what is told of takes its time.

    Yields
    ------
    callable
        To be called with the share done (0..1), and other words where a new step begins. Returns True: go
        on. A press on any widget ends the run at the next call, as Streamlit does.
    """
    place, began = st.empty(), time.monotonic()
    _stopped(place, name, t)
    drawn: list[DeltaGenerator] = []

    def tell(share: float, step: str = "") -> bool:
        if time.monotonic() - began < after:
            return True
        if not drawn:
            with place.container():
                drawn.append(st.progress(0.0))
                st.button(
                    t("working.cancel"),
                    key=f"{name}.cancel",
                    on_click=lambda: st.session_state.update({_stop(name): True}),
                )
        drawn[0].progress(min(max(share, 0.0), 1.0), text=step or words)
        return True

    try:
        yield tell
    except Exception:
        place.empty()
        raise
    place.empty()


def _stopped(place: DeltaGenerator, name: str, t: Translator) -> None:
    """Where the work was cancelled: say so and end the run, until somebody wants it after all."""
    if not st.session_state.pop(_stop(name), False):
        return
    with place.container():
        st.markdown(t("working.stopped"))
        st.button(t("working.again"), key=f"{name}.again")
    st.stop()


def _stop(name: str) -> str:
    return f"{name}.stopped"
