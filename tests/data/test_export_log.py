"""Every export is one line, and no line is ever lost to another."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from data import export_log, workspaces
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
