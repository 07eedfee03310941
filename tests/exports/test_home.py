"""Country and currency of a new workspace are those of most orders in the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.exports.home import country_of, currency_of
from data.exports.looking import Seen, look
from data.workspaces import Config
from tests.exports import merchants
from tests.exports.conftest import Bench


def seen(orders: int, **money: float) -> Seen:
    return Seen("a.csv", Path("a.csv"), 0, title="T", kind="orders", orders=orders, money=money)


@pytest.mark.parametrize(
    ("files", "want"),
    [
        ((), ""),
        ((seen(9),), ""),
        ((seen(10, IDR=5e6), seen(30, MYR=900.0)), "MYR"),
        ((seen(10, IDR=5e6), seen(10, MYR=900.0)), "IDR"),
        ((seen(10, MYR=300.0, SGD=100.0), seen(6, SGD=5.0)), "SGD"),
        ((seen(4, MYR=0.0),), "MYR"),
    ],
)
def test_most_orders_decide_and_not_the_larger_numbers(files: tuple[Seen, ...], want: str) -> None:
    assert currency_of(files) == want


def test_only_countries_that_are_known_follow_from_a_currency() -> None:
    assert [country_of(code) for code in ("MYR", "IDR", "SGD", "EUR", "")] == ["MY", "ID", "SG", "", ""]


def test_files_say_their_currency_whatever_was_assumed(bench: Bench, tmp_path: Path) -> None:
    files = [bench.write(merchants.shopee_id()), bench.write(merchants.tiktok())]
    found = look(bench.settings, files, tmp_path / "look", Config())
    assert currency_of(found) == "IDR"
    tills = look(bench.settings, [bench.write(merchants.loyverse())], tmp_path / "till", Config())
    assert currency_of(tills) == "", "a till that does not say"
