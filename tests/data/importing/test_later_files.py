"""A later file replaces the orders and the customers it speaks of; the same file again changes nothing."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from data.errors import WorkspaceBusy

if TYPE_CHECKING:
    from tests.data.importing.conftest import Bench

HEADER = "Order ID,Date,Amount,Customer ID,Product ID\n"
FIRST = (
    HEADER + "1,2026-01-05,10,C1,P1\n1,2026-01-05,20,C1,P2\n2,2026-01-06,30,C2,P1\n3,2026-01-07,40,C3,P1\n"
)


def test_the_same_file_again_changes_nothing(bench: Bench) -> None:
    before = bench.load(transactions=FIRST, customers="customer_id,city\nC1,Klang\nC2,Nowhere\n")
    again = bench.load(transactions=FIRST, customers="customer_id,city\nC1,Klang\nC2,Nowhere\n")
    assert again.snapshot == before.snapshot
    assert not again.changed
    assert bench.counts() == (4, 0, 0, 4, 0)
    assert bench.counts("customers") == (2, 0, 0, 2, 0)
    assert len(bench.workspace().snapshots()) == 1


def test_identical_lines_within_one_file_are_kept_and_reported(bench: Bench) -> None:
    outcome = bench.load(
        transactions=HEADER + "1,2026-01-05,10,C1,P1\n1,2026-01-05,10,C1,P1\n2,2026-01-05,5,C1,P1\n"
    )
    assert bench.counts() == (3, 3, 0, 0, 0)
    assert outcome.tables["transactions"].identical == 1
    assert bench.rows("sum(amount)") == [(Decimal("25.0000"),)]


def test_a_changed_order_is_replaced_line_by_line(bench: Bench) -> None:
    bench.load(transactions=FIRST)
    outcome = bench.load(
        transactions=HEADER + "1,2026-01-05,10,C1,P1\n1,2026-01-05,25,C1,P2\n9,2026-01-08,1,C9,P9\n"
    )
    assert bench.counts() == (3, 1, 0, 1, 1)
    assert outcome.tables["transactions"].removed == 1
    assert bench.rows("order_id, amount") == [
        ("1", Decimal("10.0000")),
        ("1", Decimal("25.0000")),
        ("2", Decimal("30.0000")),
        ("3", Decimal("40.0000")),
        ("9", Decimal("1.0000")),
    ]


def test_lines_that_vanish_from_an_order_are_removed(bench: Bench) -> None:
    bench.load(transactions=FIRST)
    outcome = bench.load(transactions=HEADER + "1,2026-01-05,10,C1,P1\n")
    assert bench.counts() == (1, 0, 0, 1, 0)
    assert outcome.tables["transactions"].removed == 1
    assert outcome.changed
    assert bench.rows("sum(amount)") == [(Decimal("80.0000"),)]


def test_an_order_of_identical_lines_is_counted_as_often_as_it_is_there(bench: Bench) -> None:
    line = "1,2026-01-05,10,C1,P1\n"
    bench.load(transactions=HEADER + line * 2)
    bench.load(transactions=HEADER + line * 3)
    assert bench.counts() == (3, 0, 0, 2, 1)
    assert bench.rows("count(*)") == [(3,)]


def test_new_orders_are_added_without_rewriting_the_old_file(bench: Bench) -> None:
    bench.load(transactions=FIRST)
    old = {p.name for p in bench.workspace().current().folder("transactions").iterdir()}  # type: ignore[union-attr]
    bench.load(transactions=HEADER + "4,2026-01-08,1,C4,P1\n")
    new = {p.name for p in bench.workspace().current().folder("transactions").iterdir()}  # type: ignore[union-attr]
    assert old < new


def test_of_two_files_in_a_folder_the_later_one_counts(bench: Bench) -> None:
    bench.file("months/01.csv", FIRST)
    bench.file("months/02.csv", HEADER + "3,2026-01-07,44,C3,P1\n4,2026-02-01,5,C4,P1\n")
    bench.load(transactions=bench.folder / "months")
    assert bench.counts() == (6, 5, 0, 0, 1)
    assert bench.rows("order_id, amount", order="order_id DESC")[:2] == [
        ("4", Decimal("5.0000")),
        ("3", Decimal("44.0000")),
    ]


def random_lines(chance: random.Random) -> list[tuple[str, int, str]]:
    return [
        (f"{chance.randrange(12)}", chance.randrange(1, 4), f"P{chance.randrange(3)}")
        for _ in range(chance.randrange(1, 40))
    ]


def test_any_sequence_of_files_gives_what_replacing_orders_in_pandas_gives(bench: Bench) -> None:
    chance = random.Random(11)
    held: pd.DataFrame = pd.DataFrame(columns=["order", "amount", "product"])
    for _ in range(6):
        lines = random_lines(chance)
        new = pd.DataFrame(lines, columns=["order", "amount", "product"])
        known = set(held["order"])
        old_lines = Counter(map(tuple, held[held["order"].isin(new["order"])].to_numpy().tolist()))
        same = sum((old_lines & Counter(lines)).values())
        loaded = int((~new["order"].isin(known)).sum())
        held = pd.concat([held[~held["order"].isin(new["order"])], new])
        content = HEADER + "".join(f"{o},2026-01-05,{a},C,{p}\n" for o, a, p in lines)
        bench.load(transactions=content)
        assert bench.counts() == (len(lines), loaded, 0, same, len(lines) - loaded - same)
        rows = bench.rows("order_id, amount::INTEGER, product_id")
        assert rows == sorted(map(tuple, held.to_numpy().tolist()))


def test_columns_a_later_customer_file_lacks_keep_their_values(bench: Bench) -> None:
    bench.load(
        transactions=FIRST, customers="customer_id,name,city,tier\nC1,Siti,Klang,gold\nC2,Ali,Klang,\n"
    )
    bench.load(customers="customer_id,tier\nC1,silver\nC2,\nC3,new\n")
    assert bench.counts("customers") == (3, 1, 0, 1, 1)
    assert bench.rows("customer_id, name, city, tier, region_code", "customers") == [
        ("C1", "Siti", "Klang", "silver", "MY-10"),
        ("C2", "Ali", "Klang", None, "MY-10"),
        ("C3", None, None, "new", None),
    ]


def test_placed_coordinates_are_never_taken_for_given_ones(bench: Bench) -> None:
    bench.load(transactions=FIRST, customers="customer_id,city\nC1,Klang\n")
    assert bench.rows("geo_precision, lat", "customers") == [("city", 3.04)]
    bench.load(customers="customer_id,city\nC1,Nowhere\n")
    assert bench.rows("geo_precision, lat", "customers") == [("none", None)]


def test_of_two_rows_of_one_customer_the_last_counts(bench: Bench) -> None:
    bench.load(transactions=FIRST, customers="customer_id,tier\nC1,a\nC1,b\nC2,x\nC2,x\n")
    assert bench.counts("customers") == (4, 2, 0, 1, 1)
    assert bench.rows("customer_id, tier", "customers") == [("C1", "b"), ("C2", "x")]


def test_names_that_cannot_be_placed_are_listed(bench: Bench) -> None:
    outcome = bench.load(transactions=FIRST, customers="customer_id,city\nC1,Klng\nC2,Klng\nC3,Klang\n")
    assert outcome.tables["customers"].places == {"place_unknown": 2}
    assert outcome.unplaced is not None
    names = pd.read_csv(outcome.unplaced)
    assert names.iloc[:, [0, 2, 5]].to_numpy().tolist() == [["reject.place.place_unknown", "Klng", 2]]


def test_anonymous_feedback_of_one_day_is_not_one_answer(bench: Bench) -> None:
    content = "given_at,kind,score\n2026-01-05,nps,9\n2026-01-05,nps,3\n2026-01-05,nps,9\n"
    bench.load(transactions=FIRST, feedback=content)
    assert bench.counts("feedback") == (3, 3, 0, 0, 0)
    bench.load(feedback=content)
    assert bench.counts("feedback") == (3, 0, 0, 3, 0)


def test_tables_that_a_later_import_does_not_bring_stay(bench: Bench) -> None:
    bench.load(
        transactions=FIRST, customers="customer_id,city\nC1,Klang\n", stores="store_id,name\nS1,Satu\n"
    )
    bench.load(transactions=HEADER + "4,2026-01-08,1,C4,P1\n")
    assert bench.rows("count(*)", "customers") == [(1,)]
    assert bench.rows("store_id", "stores") == [("S1",)]
    bench.load(customers="customer_id,tier\nC1,gold\n")
    assert bench.rows("city, tier", "customers") == [("Klang", "gold")]


def test_the_mapping_that_was_given_is_remembered_for_the_same_headers(bench: Bench) -> None:
    header = "Order ID,When,What,Customer ID\n"
    mapping = '[transactions]\ndates = "mdy"\n[transactions.columns]\nordered_at = "When"\namount = "What"\n'
    bench.load(mapping, transactions=header + "1,03/04/2026,5,C1\n")
    bench.load(transactions=header + "2,05/06/2026,5,C1\n")
    assert [row[0].month for row in bench.rows("ordered_at", order="order_id")] == [3, 5]


def test_a_second_import_at_the_same_time_waits_its_turn(bench: Bench) -> None:
    bench.load(transactions=FIRST)
    with bench.workspace().lock(), pytest.raises(WorkspaceBusy):
        bench.load(transactions=FIRST)


def test_an_order_hash_made_by_another_version_still_finds_equal_lines(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.importing.run.hash_version", lambda: "another")
    bench.load(transactions=FIRST)
    monkeypatch.undo()
    monkeypatch.setattr("data.importing.run.build_marts", lambda draft, config, progress=None: {})
    bench.load(transactions=FIRST)
    assert bench.counts() == (4, 0, 0, 4, 0)


def test_scratch_files_are_gone_after_an_import(bench: Bench) -> None:
    bench.load(transactions=FIRST)
    assert sorted(p.name for p in Path(bench.workspace().path).iterdir() if p.name.startswith(".")) == []
