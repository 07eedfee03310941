"""Answers that take a while and tell how far they are, kept for all sessions: st.cache_data cannot."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

import streamlit as st

KEPT: Final = 24
"""Answers of a kind that are kept, those asked for last."""

Answer = TypeVar("Answer")
Key = tuple[Hashable, ...]
Progress = Callable[[float], bool]


def once(key: Key, make: Callable[[], Answer]) -> Answer:
    """The answer to a question, worked out at the first asking. Shared: never change it.

    One that is broken off, and None, is not kept. Two sessions that ask at once both work it out.

    Parameters
    ----------
    key : tuple
        The kind of question, each with its own place, then all the answer depends on.
    make : callable
    """
    found: Answer | None = known(key)
    if found is not None:
        return found
    made = make()
    if made is not None:
        _kept().keep(key, made)
    return made


def known(key: Key) -> Any | None:
    """The answer where it was worked out before, else None."""
    return _kept().get(key)


class Kept:
    """Answers by key, the ``most`` last asked for of each kind."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kinds: dict[Hashable, OrderedDict[Key, Any]] = {}

    def get(self, key: Key) -> Any | None:
        """The answer, where there is one."""
        with self._lock:
            answers = self._kinds.get(key[0])
            if answers is None or key not in answers:
                return None
            answers.move_to_end(key)
            return answers[key]

    def keep(self, key: Key, answer: object) -> None:
        """Keep an answer, and forget the one of its kind that was asked for the longest ago."""
        with self._lock:
            answers = self._kinds.setdefault(key[0], OrderedDict())
            answers[key] = answer
            answers.move_to_end(key)
            while len(answers) > self._most:
                answers.popitem(last=False)


@st.cache_resource(max_entries=1, show_spinner=False)
def _kept() -> Kept:
    return Kept(KEPT)
