"""Answers that took a while are kept, and never more than asked for."""

from __future__ import annotations

from ui.cached.learnt import Learnt


def test_the_answer_asked_for_the_longest_ago_is_forgotten() -> None:
    kept: Learnt[str] = Learnt(2)
    kept.keep("a", "1")
    kept.keep("b", "2")
    assert kept.get("a") == "1"
    kept.keep("c", "3")
    assert [kept.get(name) for name in "abc"] == ["1", None, "3"]
