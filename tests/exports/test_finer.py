"""Receipts and the items on them: the items stay, in whatever order the files come."""

from __future__ import annotations

import pytest

from tests.exports import merchants
from tests.exports.conftest import Bench

LINES = "order_id, product_id, category, quantity, amount, status, customer_id"


@pytest.mark.parametrize(
    "order", [("items", "receipts"), ("receipts", "items"), ("items", "receipts", "items")]
)
def test_items_stay_whatever_the_order_of_the_files(bench: Bench, order: tuple[str, ...]) -> None:
    items = merchants.loyverse("items")
    for kind in order:
        bench.load(bench.write(merchants.loyverse(kind)))
    got = bench.rows("order_id, product_id")
    want = sorted((f"loyverse:{o.number}", i.sku) for o in items.orders for i in o.items)
    assert got == want


def test_receipts_that_are_known_by_their_items_change_nothing(bench: Bench) -> None:
    bench.load(bench.write(merchants.loyverse("items")))
    before = bench.rows(LINES)
    outcome = bench.load(bench.write(merchants.loyverse()))
    counts = outcome.tables["transactions"].counts
    assert counts["duplicates"] == counts["read"] == 30
    assert bench.rows(LINES) == before


def test_a_receipt_that_was_cancelled_later_cancels_its_items(bench: Bench) -> None:
    bench.load(bench.write(merchants.loyverse("items")))
    lines = bench.rows("count(*)")
    later = merchants.loyverse()
    later.rows[0][later.header.index("Status")] = "Cancelled"
    outcome = bench.load(bench.write(later))
    assert outcome.changed
    assert outcome.tables["transactions"].counts["updated"] == 1
    assert bench.rows("DISTINCT status", rest="WHERE order_id = 'loyverse:1-0001'") == [("cancelled",)]
    assert bench.rows("count(*)") == lines
    again = bench.load(bench.write(later))
    assert not again.changed, "the hash of a line is that of its new status"


def test_receipts_without_known_items_come_in_beside_them(bench: Bench) -> None:
    items = merchants.loyverse("items")
    items.rows = [r for r in items.rows if str(r[items.header.index("Receipt number")]) > "1-0020"]
    bench.load(bench.write(items))
    outcome = bench.load(bench.write(merchants.loyverse()))
    counts = outcome.tables["transactions"].counts
    assert (counts["duplicates"], counts["loaded"], counts["updated"]) == (10, 20, 0)
    assert bench.rows("count(DISTINCT order_id)") == [(30,)]
    assert bench.rows("count(*)", rest="WHERE product_id IS NULL") == [(20,)]


def test_files_that_come_together_replace_no_old_lines(bench: Bench) -> None:
    outcome = bench.load(bench.write(merchants.loyverse()), bench.write(merchants.loyverse("items")))
    counts = outcome.tables["transactions"].counts
    lines = len(merchants.loyverse("items").rows)
    assert (counts["loaded"], counts["updated"], counts["duplicates"]) == (lines, 0, 30)
    assert outcome.tables["transactions"].removed == 0
