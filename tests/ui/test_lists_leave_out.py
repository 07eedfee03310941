"""Who does not want to be profiled is in no list of any page: each that names customers asks one function."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.next_purchase import STATES
from data.workspaces import Workspace
from tests.wishes import shop_with_wishes, whole_of
from ui.cached import next_purchase, people
from ui.cached.people import Wanted

UseHome = Callable[[Path, pytest.MonkeyPatch], Path]
CACHED = Path(__file__).resolve().parents[2] / "ui" / "cached"
NO_LISTS = {
    "customer": "one customer's page",
    "persons": "who is the same person",
    "privacy": "their own wishes",
}
"""Modules that name customers because somebody asked for that one, or to keep their wishes."""

QUIET = "C0007"


def test_each_module_that_names_customers_leaves_them_out() -> None:
    naming = [
        file
        for file in sorted(CACHED.glob("*.py"))
        if re.search(r"""["']customer_id["']""", file.read_text())
    ]
    assert len(naming) > 5
    forgetful = [f.stem for f in naming if "profiled(" not in f.read_text() and f.stem not in NO_LISTS]
    assert forgetful == []


@pytest.fixture
def shop(tmp_path: Path, use_home: UseHome, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = shop_with_wishes(tmp_path)
    use_home(tmp_path, monkeypatch)
    return made


def test_lists_by_group_and_by_next_purchase_hold_everybody_but_them(shop: Workspace) -> None:
    key = whole_of(shop)
    everyone = people.per_customer(*key).count().to_pyarrow().as_py()
    for wanted in (Wanted(), Wanted(history=False), Wanted(gold="revenue"), Wanted(gold="margin")):
        listed = set(people.whole_list(*key, wanted, ["customer_id"])["customer_id"])
        assert listed
        assert QUIET not in listed
    named: list[str] = []
    for state in STATES:
        named += list(next_purchase.all_windows(*key, 90, state)["customer_id"])
    assert QUIET not in named
    assert len(named) == len(set(named)) == everyone - 1
