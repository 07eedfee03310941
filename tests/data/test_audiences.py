"""Audiences survive hostile names, writers at the same time, and the erasure of a customer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data import audiences, workspaces
from data.errors import BadName, DataError
from data.workspaces import Workspace

DAYS = (date(2026, 11, 23), date(2026, 11, 22))
RULE = {"all": [{"field": "orders", "is": "at_least", "value": 2}]}


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    return workspaces.create(tmp_path, "shop")


def _rule(shop: Workspace, name: str) -> audiences.Audience:
    return audiences.save_rule(shop, name, RULE, words="Orders at least 2", count=3, days=DAYS)


def test_a_saved_rule_comes_back_as_it_was(shop):
    made = _rule(shop, "Twice")
    assert audiences.saved(shop) == [made]
    assert audiences.found(shop, made.id) == made
    assert (made.rule, made.count, made.words, made.is_list) == (RULE, 3, "Orders at least 2", False)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/b\\c",
        "CON",
        "x" * 80,
        "'; DROP TABLE--",
        'quote " and \\',
        "=1+1",
        "![x](http://evil.example/)",
        "<script>alert(1)</script>",
        "Raya 2026 🌙",
    ],
)
def test_any_name_is_kept_and_none_becomes_a_path(shop, name):
    made = _rule(shop, name)
    assert audiences.found(shop, made.id).name == name
    files = [p for p in shop.path.rglob("*") if p.is_file()]
    assert all(p.parent in (shop.path, shop.path / "audiences") for p in files)


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "x" * 81, "\n\t"])
def test_a_name_that_cannot_be_read_is_refused(shop, name):
    with pytest.raises(BadName):
        _rule(shop, name)
    assert audiences.saved(shop) == []


def test_two_audiences_cannot_have_one_name(shop):
    made = _rule(shop, "Gold")
    with pytest.raises(BadName):
        _rule(shop, "  gold ")
    assert audiences.rename(shop, made.id, "GOLD").name == "GOLD"
    other = _rule(shop, "Silver")
    with pytest.raises(BadName):
        audiences.rename(shop, other.id, "gold")


@pytest.mark.parametrize("wrong", ["", "..", "../x", "0123456789ab", "zzzzzzzzzz", "0" * 10])
def test_an_id_that_is_none_finds_nothing_and_deletes_nothing(shop, wrong):
    made = _rule(shop, "Twice")
    with pytest.raises(DataError):
        audiences.found(shop, wrong)
    audiences.delete(shop, wrong)
    assert audiences.saved(shop) == [made]


def test_a_deleted_audience_leaves_no_file(shop):
    made = audiences.save_list(shop, "List", ["C1", "C2"], words="by hand", days=DAYS)
    audiences.delete(shop, made.id)
    audiences.delete(shop, made.id)
    assert list((shop.path / "audiences").iterdir()) == []


def test_a_list_holds_each_customer_once(shop):
    made = audiences.save_list(shop, "List", ["C2", "C1", "C2", "=1+1"], words="by hand", days=DAYS)
    assert (made.count, made.is_list) == (3, True)
    assert audiences.ids_of(shop, made)["customer_id"].to_pylist() == ["=1+1", "C1", "C2"]
    assert audiences.found(shop, made.id).content


def test_erasing_a_customer_takes_them_out_of_every_list_and_changes_its_content(shop):
    one = audiences.save_list(shop, "One", ["C1", "C2"], words="", days=DAYS)
    two = audiences.save_list(shop, "Two", ["C3"], words="", days=DAYS)
    three = audiences.save_list(shop, "Three", ["C1"], words="", days=DAYS)
    _rule(shop, "Rule")
    assert audiences.erase(shop, "C1") == 2
    left = {a.name: audiences.ids_of(shop, a)["customer_id"].to_pylist() for a in audiences.saved(shop)}
    assert left == {"One": ["C2"], "Two": ["C3"], "Three": [], "Rule": []}
    assert audiences.found(shop, one.id).content != one.content
    assert audiences.found(shop, two.id).content == two.content
    assert audiences.found(shop, three.id).count == 1  # as it was when it was saved
    raw = b"".join(p.read_bytes() for p in (shop.path / "audiences").iterdir())
    assert b"C1" not in raw
    assert audiences.erase(shop, "C1") == 0


def test_a_rule_can_be_changed_and_a_list_become_one(shop):
    made = audiences.save_list(shop, "List", ["C1"], words="", days=DAYS)
    other = {"any": [{"field": "member", "is": "yes"}]}
    changed = audiences.change_rule(shop, made.id, other, words="Member", count=9, days=DAYS)
    assert (changed.name, changed.rule, changed.is_list) == ("List", other, False)
    assert audiences.ids_of(shop, changed).num_rows == 0


@pytest.mark.parametrize("broken", ["", "name = 3", "not toml [", 'name = "x"', "\x00"])
def test_a_file_that_is_no_audience_is_passed_over(shop, broken):
    made = _rule(shop, "Twice")
    (shop.path / "audiences" / "0123456789.toml").write_text(broken)
    (shop.path / "audiences" / "strange name.toml").write_text(broken)
    assert audiences.saved(shop) == [made]


def test_an_interrupted_write_leaves_the_old_audience(shop, monkeypatch):
    made = _rule(shop, "Twice")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("data.audiences.os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        audiences.rename(shop, made.id, "Other")
    assert audiences.saved(shop) == [made]
    assert [p.name for p in (shop.path / "audiences").iterdir()] == [f"{made.id}.toml"]
