"""Answers that took a while and tell how far they are: st.cache_data cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

KEPT: Final = 32
"""Answers that are kept, the latest."""

Progress = Callable[[float], bool]


@st.cache_resource(max_entries=1, show_spinner=False)
def _answers() -> dict[tuple[Any, ...], Any]:
    return {}


def once(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """The answer to a question, worked out at the first asking; one that is broken off is not kept."""
    answers = _answers()
    if key not in answers:
        made = make()
        while len(answers) >= KEPT:
            answers.pop(next(iter(answers)), None)
        answers[key] = made
    return answers[key]
