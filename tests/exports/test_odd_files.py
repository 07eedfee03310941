"""Files as they come in a merchant's hands: saved again, in a ZIP, late, early, empty, or a second time."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import DataError, FileRefused
from data.exports.looking import Seen, look
from data.workspaces import Config
from tests.exports import merchants
from tests.exports.conftest import Bench
from tests.exports.merchants import FILES, Made


def seen(bench: Bench, *paths: Path) -> list[Seen]:
    return look(bench.settings, list(paths), bench.folder.parent / "look", Config())


def saved_again(
    path: Path,
    name: str,
    *,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
    change: Callable[[str], str] = str,
    before: str = "",
) -> Path:
    """A CSV as a spreadsheet program saves it in another country; the first file is gone."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    target = path.with_name(name)
    with target.open("w", encoding=encoding, newline="") as file:
        file.write(before)
        csv.writer(file, delimiter=delimiter).writerows([[change(c) for c in row] for row in rows])
    path.unlink()
    return target


def with_decimal_commas(cell: str) -> str:
    """A cell as a spreadsheet of Indonesia shows it: 1234,50 and 01/03/2026 09:00."""
    if re.fullmatch(r"-?[\d,]+\.\d\d", cell):
        return cell.replace(",", "").replace(".", ",")
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d) ", r"\3/\2/\1 ", cell)


def total(made: Made) -> list[tuple[object, ...]]:
    return [(len({o.number for o in made.orders}), sum(o.amount for o in made.orders))]


def test_a_file_saved_again_by_a_spreadsheet_with_decimal_commas(bench: Bench) -> None:
    made = merchants.shopee_my()
    bench.load(saved_again(bench.write(made), "lagi.csv", change=with_decimal_commas))
    assert bench.rows("count(DISTINCT order_id), sum(amount)") == total(made)
    assert bench.rows("min(ordered_at)") == [(dt.datetime(2026, 3, 1, 9, 0),)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_a_tab_behind_a_cell_is_seen_where_tabs_part_the_cells(bench: Bench, encoding: str) -> None:
    made = merchants.tiktok()
    bench.load(saved_again(bench.write(made), "lagi.txt", delimiter="\t", encoding=encoding))
    assert bench.rows("count(DISTINCT order_id), sum(amount)") == total(made)


def test_a_first_line_that_names_the_separator(bench: Bench) -> None:
    made = merchants.tiktok()
    bench.load(saved_again(bench.write(made), "sep.csv", before="sep=;\r\n"))
    assert bench.rows("count(DISTINCT order_id), sum(amount)") == total(made)


def test_rupiah_below_title_rows_with_two_decimals(bench: Bench) -> None:
    made = merchants.shopee_id()
    made.above = [["Laporan Pesanan"], ["Periode", "2026-03-01 - 2026-03-31"], [], ["Toko", "Contoh"]]
    path = bench.write(made)
    bench.load(
        saved_again(path, "koma.csv", change=lambda c: f"{c},00" if re.fullmatch(r"[\d.]+\.\d{3}", c) else c)
    )
    assert bench.rows("count(DISTINCT order_id), sum(amount)") == total(made)


def test_rows_of_nothing_but_separators_are_no_refused_rows(bench: Bench) -> None:
    made = merchants.shopee_my()
    made.below = [[""] * len(made.header)] * 40
    path = bench.write(made)
    assert seen(bench, path)[0].odd.keys() == {"cancelled", "failed", "passed_over"}
    counts = bench.load(path).tables["transactions"].counts
    assert (counts["rejected"], counts["loaded"]) == (0, len(made.rows))


def test_what_a_zip_holds_beside_exports(bench: Bench) -> None:
    path = bench.folder / "semua.zip"
    made = merchants.shopee_my()
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(bench.write(made, "xlsx"), "Januari 2026/shopee/pesanan.xlsx")
        archive.writestr("__MACOSX/Januari 2026/shopee/._pesanan.xlsx", b"\0\5\26\7")
        archive.writestr("Januari 2026/.DS_Store", b"\0\0\0\1")
        archive.writestr("Januari 2026/baca.pdf", b"%PDF-1.7")
    assert [one.title for one in seen(bench, path)] == ["Shopee Malaysia"]
    bench.load(path)
    assert bench.rows("count(DISTINCT order_id), sum(amount)") == total(made)


def test_an_old_workbook_in_a_zip_is_not_passed_over(bench: Bench) -> None:
    path = bench.folder / "semua.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(bench.write(merchants.shopee_my()), "a.csv")
        archive.writestr("lama.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    refused = seen(bench, path)[1].refusal
    assert refused is not None
    assert refused[0] == "file_xlsx"


def test_an_archive_within_an_archive_is_not_passed_over(bench: Bench) -> None:
    inner, outer = bench.folder / "dalam.zip", bench.folder / "luar.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.write(bench.write(merchants.shopee_my()), "a.csv")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "dalam.zip")
    refused = seen(bench, outer)[0].refusal
    assert refused is not None
    assert refused[:2] == ("file_zip_nested", {"file": "luar.zip/dalam.zip"})


# Twice, late and early


def test_the_same_file_under_two_names_counts_once_and_is_told(bench: Bench) -> None:
    made = merchants.shopee_my()
    path = bench.write(made, name="a.csv")
    again = Path(shutil.copy(path, path.with_name("a (1).csv")))
    other = bench.write(merchants.shopee_my(merchants.orders("B", seed=2)), name="b.csv")
    assert ["again" in one.odd for one in seen(bench, path, again, other)] == [False, True, False]
    bench.load(path, again)
    assert bench.rows("count(DISTINCT order_id), sum(amount)") == total(made)


def overlapping(bench: Bench, status: str) -> tuple[Path, Path]:
    """An export of the middle of a month, in which no order has come further, and one of its end."""
    orders = merchants.orders("2603MY", 10, seed=12)
    late, early = merchants.shopee_my(orders), merchants.shopee_my(orders)
    at = early.header.index("Order Status")
    for row in early.rows:
        row[at] = status
    return bench.write(early, name="Maret.csv"), bench.write(late, name="April.csv")


def statuses(bench: Bench) -> dict[str, int]:
    return dict(bench.rows("status, count(DISTINCT order_id)", rest="GROUP BY 1"))


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("late_first", [True, False])
def test_an_older_export_does_not_turn_an_order_back(bench: Bench, at_once: bool, late_first: bool) -> None:
    early, late = overlapping(bench, "To ship")
    files = [late, early] if late_first else [early, late]
    for given in [files] if at_once else [[file] for file in files]:
        outcome = bench.load(*given)
    assert statuses(bench) == {"completed": 8, "cancelled": 1, "failed": 1}
    assert at_once or outcome.changed is not late_first
    counts = outcome.tables["transactions"].counts
    assert counts["read"] == sum(counts[n] for n in ("loaded", "duplicates", "updated", "rejected"))


def test_how_an_order_ended_is_what_the_last_file_says(bench: Bench) -> None:
    refunded, late = overlapping(bench, "Return/Refund")
    bench.load(late)
    bench.load(refunded)
    assert statuses(bench) == {"refunded": 10}


def test_a_settlement_before_its_orders(bench: Bench) -> None:
    paid, made = bench.write(merchants.shopee_id_settlement()), merchants.shopee_id()
    with pytest.raises(DataError) as caught:
        bench.load(paid)
    assert caught.value.code == "import_transactions"
    bench.load(bench.write(merchants.shopee_my()))
    bench.load(paid)
    bench.load(bench.write(made, "xlsx"))
    paid_for = {order for (order,) in bench.rows("order_id", "settlements")}
    assert paid_for == {order.number for order in merchants.shopee_id_settlement().orders}
    sold = {order for (order,) in bench.rows("DISTINCT order_id", rest="WHERE system = 'shopee_id'")}
    assert sold == {order.number for order in made.orders} <= paid_for


# Nothing in it


def test_a_month_without_cancelled_orders_does_not_stop_the_others(bench: Bench) -> None:
    made, nothing = merchants.shopee_id(), FILES["shopee_id.cancelled"]()
    nothing.rows = []
    paths = bench.write(made), bench.write(nothing)
    assert [one.odd for one in seen(bench, *paths)] == [{}, {"empty": 1}]
    bench.load(*paths)
    assert bench.rows("count(DISTINCT order_id), sum(amount)") == total(made)
    assert not bench.load(paths[1]).changed


@pytest.mark.parametrize("rows", [0, 1])
def test_files_of_headers_and_descriptions_alone_are_refused_where_there_is_nothing_else(
    bench: Bench, rows: int
) -> None:
    nothing = merchants.tiktok()
    nothing.rows = nothing.rows[:rows]
    with pytest.raises(FileRefused) as caught:
        bench.load(bench.write(nothing))
    assert caught.value.code == "file_no_records"


@pytest.mark.parametrize("signs", [(-1, -1, -1), (-1, 1, -1), (1, 1, 1)])
def test_a_refund_of_discounted_goods_adds_up_with_or_without_signs(
    bench: Bench, signs: tuple[int, int, int]
) -> None:
    made = merchants.loyverse()
    refund = made.rows[3]
    for name, value, sign in zip(("Gross sales", "Discounts", "Net sales"), (20, 2, 18), signs, strict=True):
        refund[made.header.index(name)] = f"{sign * value:.2f}"
    assert "off" not in seen(bench, bench.write(made))[0].odd


def test_a_refund_whose_parts_do_not_add_up_is_told(bench: Bench) -> None:
    made = merchants.loyverse()
    made.rows[3][made.header.index("Net sales")] = "-999.00"
    assert seen(bench, bench.write(made))[0].odd["off"] == 1
