"""Every export is one line, and no line is ever lost to another."""

from __future__ import annotations

import threading
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data import export_log, export_members, workspaces
from data.workspaces import Workspace


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    return workspaces.create(tmp_path, "shop")


def _one(shop: Workspace, number: int, rule: str = "Orders at least 2") -> None:
    export_log.append(
        shop,
        title="Twice",
        rule=rule,
        columns=["customer_id", "revenue"],
        count=number,
        file="setia-twice.csv",
        language="ms",
    )


def test_an_empty_log_is_empty(shop):
    assert export_log.exports(shop) == []


def test_the_newest_export_comes_first(shop):
    for number in (1, 2, 3):
        _one(shop, number, rule='line\nbreak "quoted" =1+1 \u2028')
    found = export_log.exports(shop)
    assert [each.count for each in found] == [3, 2, 1]
    assert found[0].columns == ("customer_id", "revenue")
    assert found[0].rule == 'line\nbreak "quoted" =1+1 \u2028'
    assert (found[0].language, found[0].file, found[0].contact) == ("ms", "setia-twice.csv", "")
    assert [each.count for each in export_log.exports(shop, most=1)] == [3]


def test_sessions_that_write_at_once_lose_nothing(shop):
    threads = [
        threading.Thread(target=lambda n=n: [_one(shop, n * 100 + i) for i in range(20)]) for n in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(each.count for each in export_log.exports(shop)) == sorted(
        n * 100 + i for n in range(5) for i in range(20)
    )


def test_a_line_that_was_cut_off_hides_no_other(shop):
    _one(shop, 1)
    with (shop.path / export_log.FILE).open("a") as file:
        file.write('{"at": "2026-\n[]\n{}\n')
    _one(shop, 2)
    assert [each.count for each in export_log.exports(shop)] == [2, 1]


def test_who_was_in_a_file_can_be_told_by_their_id_and_by_nothing_else(shop: Workspace) -> None:
    named = export_log.append(
        shop, title="a", rule="r", columns=["customer_id"], count=2, file="a.csv", language="en",
        who=export_members.keep(shop, ["C1", "shopee_my:siti", "C1"]),
    )  # fmt: skip
    old = export_log.append(
        shop, title="b", rule="r", columns=["customer_id"], count=9, file="b.csv", language="en"
    )
    assert export_members.held(shop, named, ["C9", "shopee_my:siti"]) is True
    assert export_members.held(shop, named, ["C9"]) is False
    assert export_members.held(shop, old, ["C1"]) is None
    assert export_members.of_person(shop, ["C1"]) == [(old, None), (named, True)]
    assert export_members.of_person(shop, ["C9"]) == [(old, None)]
    [file] = (shop.path / export_members.FOLDER).glob("*.parquet")
    assert b"C1" not in file.read_bytes()
    assert b"siti" not in file.read_bytes()
    assert pq.read_table(file).num_rows == 2


def test_what_is_kept_of_exports_is_bounded(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_members, "MOST_FILES", 3)
    names = [export_members.keep(shop, [f"C{n}"]) for n in range(5)]
    kept = {file.stem for file in (shop.path / export_members.FOLDER).glob("*.parquet")}
    assert kept == {*names[2:]}
    monkeypatch.setattr(export_members, "MOST_BYTES", 1)
    export_members.keep(shop, ["C9"])
    assert len(list((shop.path / export_members.FOLDER).glob("*.parquet"))) == 1, "the newest always stays"
