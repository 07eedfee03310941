"""What nobody knows of any group is said once above them, not under each."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import streamlit as st

from analytics.lifecycle import CODES
from analytics.reach import CHANNELS
from i18n.translator import translator
from ui.components import strategies

T = translator("id")


class Asked:
    """As much of the filters as the panel asks for."""

    key = ("toko", "s1", None)
    windows = None
    workspace, whole, currency = "toko", "s1", "IDR"


def said(monkeypatch: pytest.MonkeyPatch, reachable: Any, *, contacts: bool) -> list[str]:
    columns = {"customers": 10, "orders": 20, "margin": 1_357_400.0}
    groups = pd.DataFrame(columns, index=list(CODES))
    for column in ("reachable", *(f"reachable_{channel}" for channel in CHANNELS)):
        groups[column] = reachable
    told: list[str] = []
    monkeypatch.setattr(strategies.cached, "groups", lambda *key: groups)
    monkeypatch.setattr(strategies.people, "has_contacts", lambda *key: contacts)
    monkeypatch.setattr(strategies, "_cost", lambda f, t: None)
    monkeypatch.setattr(st, "caption", told.append)
    strategies.panel(Asked(), T)  # type: ignore[arg-type]
    return told


@pytest.mark.parametrize(
    ("contacts", "word"), [(True, "todo.reach_unknown"), (False, "todo.reach_contactless")]
)
def test_what_is_known_of_no_group_is_said_once(
    monkeypatch: pytest.MonkeyPatch, contacts: bool, word: str
) -> None:
    told = said(monkeypatch, float("nan"), contacts=contacts)
    assert told.count(T(f"segments.{word}")) == 1
    # Rp67.870 an order: Rp100 rb is earned back by two
    assert told.count("Biaya pesan Rp100 rb tertutup oleh 2 pesanan.") == len(CODES)


def test_what_is_known_of_a_group_is_said_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(monkeypatch, 4, contacts=True)
    assert len(told) == len(CODES)
    assert all(line.startswith("4 bisa dihubungi (4 lewat WhatsApp).") for line in told)
