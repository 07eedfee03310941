"""Answers that took a while are kept, never more than asked for, and never those that were broken off."""

from __future__ import annotations

import pytest
import streamlit as st

from ui.cached.once import Kept, known, once


def test_the_answer_asked_for_the_longest_ago_is_forgotten() -> None:
    kept = Kept(2)
    kept.keep(("letters", "a"), "1")
    kept.keep(("letters", "b"), "2")
    assert kept.get(("letters", "a")) == "1"
    kept.keep(("letters", "c"), "3")
    assert [kept.get(("letters", name)) for name in "abc"] == ["1", None, "3"]


def test_each_kind_has_its_own_place() -> None:
    kept = Kept(1)
    kept.keep(("one", "a"), "1")
    kept.keep(("other", "a"), "2")
    assert (kept.get(("one", "a")), kept.get(("other", "a"))) == ("1", "2")


def test_what_is_broken_off_is_asked_again_and_what_is_done_is_not() -> None:
    st.cache_resource.clear()
    asked: list[int] = []

    def make() -> str | None:
        asked.append(1)
        if len(asked) == 1:
            raise KeyboardInterrupt
        return "done" if len(asked) > 2 else None

    with pytest.raises(KeyboardInterrupt):
        once(("test", "q"), make)
    assert once(("test", "q"), make) is None
    assert once(("test", "q"), make) == "done"
    assert once(("test", "q"), make) == "done"
    assert known(("test", "q")) == "done"
    assert len(asked) == 3
