"""The benchmarks' files are the same every time and hold what they say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import generate as generator
from benchmarks.generate import generate
from benchmarks.measure import Comparison, Spent, write_section


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate(tmp_path / name, 4_000, 500)
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_bad_rows_and_good_money_are_as_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "CHUNK", 7_000)
    expected = generate(tmp_path, 20_000, 1_000)
    rows = pd.read_csv(tmp_path / "transactions.csv", dtype=str, keep_default_na=False)
    amount = pd.to_numeric(rows["amount"], errors="coerce")
    moment = pd.to_datetime(rows["ordered_at"], errors="coerce", format="%Y-%m-%d %H:%M:%S")
    good = amount.notna() & moment.notna()
    assert len(rows) == expected.rows == 20_000
    assert (~good).sum() == expected.bad_rows > 0
    assert amount[good].sum() == pytest.approx(expected.good_amount, abs=0.01)


def test_an_order_has_one_customer_one_moment_and_one_store(tmp_path: Path) -> None:
    generate(tmp_path, 5_000, 300)
    rows = pd.read_csv(tmp_path / "transactions.csv", dtype=str, keep_default_na=False)
    good = rows[rows["ordered_at"].str.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")]
    good = good[good["ordered_at"] != "2025-02-31 10:00:00"]
    distinct = good.groupby("order_id")[["customer_id", "ordered_at", "store_id", "channel"]].nunique()
    assert (distinct == 1).all().all()
    assert good["order_id"].nunique() < len(good)


def test_a_section_of_the_report_is_replaced_and_not_repeated(tmp_path: Path) -> None:
    report = tmp_path / "PERFORMANCE.md"
    report.write_text("# Performance\n\nWritten by hand.\n", encoding="utf-8")
    for body in ("first", "second"):
        write_section("marts", "Marts", body, report)
    text = report.read_text(encoding="utf-8")
    assert "Written by hand." in text
    assert "second" in text
    assert "first" not in text


def test_an_aim_is_held_against_the_median_round() -> None:
    one, two, nine = Spent(1.0, 1.0), Spent(2.0, 2.0), Spent(9.0, 9.0)
    assert Comparison("x", [one, two, nine], [one, one, one], aim=2.0).row()[-1] == "2x met"
    assert Comparison("x", [one, nine, nine], [one, one, one], aim=2.0).row()[-1] == "2x MISSED"
