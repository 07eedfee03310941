"""The same orders give the same table as CSV of any kind, as workbook, Parquet, folder or ZIP."""

# ruff: noqa: E501  a file's rows stand on one line

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from data.errors import FileRefused

if TYPE_CHECKING:
    from tests.data.importing.conftest import Bench

ROWS = [
    ("0001", "2026-01-05 10:30:00", "1234.50", "C1", "Kopi O"),
    ("0002", "2026-02-25 00:00:00", "-20.00", "", "Café, besar"),
    ("0003", "2026-03-01 23:59:00", "7.00", "C2", 'Roti "canai"'),
]
EXPECTED = [
    ("0001", dt.datetime(2026, 1, 5, 10, 30), Decimal("1234.5000"), "C1", "Kopi O"),
    ("0002", dt.datetime(2026, 2, 25), Decimal("-20.0000"), None, "Café, besar"),
    ("0003", dt.datetime(2026, 3, 1, 23, 59), Decimal("7.0000"), "C2", 'Roti "canai"'),
]
HEADER = ("Order ID", "Order Date", "Amount", "Customer ID", "Product Name")


def frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=HEADER)


def loaded(bench: Bench) -> list[tuple[object, ...]]:
    return bench.rows("order_id, ordered_at, amount, customer_id, product_name")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_of_any_delimiter_and_encoding(bench: Bench, delimiter: str, encoding: str, end: str) -> None:
    text = frame().to_csv(index=False, sep=delimiter, lineterminator=end)
    bench.load(transactions=text.encode(encoding))
    assert loaded(bench) == EXPECTED


def test_old_macintosh_line_ends(bench: Bench) -> None:
    bench.load(transactions=frame().to_csv(index=False, lineterminator="\r"))
    assert loaded(bench) == EXPECTED


def test_utf_16_without_a_mark(bench: Bench) -> None:
    bench.load(transactions=frame().to_csv(index=False).encode("utf-16-le"))
    assert loaded(bench) == EXPECTED


def test_title_rows_above_the_header(bench: Bench) -> None:
    bench.load(transactions="Laporan Jualan\n\nJanuari - Mac\n" + frame().to_csv(index=False))
    assert loaded(bench) == EXPECTED
    assert bench.counts() == (3, 3, 0, 0, 0)


def workbook(path: Path, *, typed: bool) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "About"
    book.active.append(["This workbook was exported for you"])
    sheet = book.create_sheet("orders")
    sheet.append(["Sales"])
    sheet.append(HEADER)
    for order, when, amount, customer, product in ROWS:
        moment = dt.datetime.fromisoformat(when)
        sheet.append(
            [order, moment if typed else when, float(amount) if typed else amount, customer or None, product]
        )
    sheet.append([])
    book.save(path)
    return path


@pytest.mark.parametrize("typed", [True, False])
def test_a_workbook_with_its_table_on_another_sheet(bench: Bench, typed: bool) -> None:
    bench.load(transactions=workbook(bench.folder / "book.xlsx", typed=typed))
    assert loaded(bench) == EXPECTED


def test_a_workbook_is_known_by_its_content_not_its_name(bench: Bench) -> None:
    bench.load(transactions=workbook(bench.folder / "book.csv", typed=True))
    assert loaded(bench) == EXPECTED


def test_cells_with_numbers_for_ids_become_plain_text(bench: Bench) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Order ID", "Order Date", "Amount", "Customer ID"])
    book.active.append([12345, 45000.5, 1.5, "007"])
    book.active.append([581234567890123456, dt.date(2026, 1, 5), 150.125, 7])
    path = bench.folder / "ids.xlsx"
    book.save(path)
    bench.load(transactions=path)
    assert bench.rows("order_id, ordered_at, amount, customer_id") == [
        ("12345", dt.datetime(2023, 3, 15, 12), Decimal("1.5000"), "007")
    ]
    assert [row[3] for row in bench.refused()] == ["damaged_id"]


def test_a_parquet_file_with_typed_columns(bench: Bench) -> None:
    table = frame()
    table["Order Date"] = pd.to_datetime(table["Order Date"])
    table["Amount"] = table["Amount"].astype(float)
    table["Customer ID"] = [13085.0, None, 13086.0]
    path = bench.folder / "orders.parquet"
    table.to_parquet(path)
    bench.load(transactions=path)
    assert [row[3] for row in loaded(bench)] == ["13085", None, "13086"]
    assert [row[1:3] for row in loaded(bench)] == [row[1:3] for row in EXPECTED]


def test_a_zip_and_a_folder_of_csvs_given_as_such(bench: Bench) -> None:
    archive = bench.folder / "months.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("2026/01.csv", frame()[:1].to_csv(index=False))
        file.writestr("2026/02.csv", frame()[1:].to_csv(index=False))
        file.writestr("__MACOSX/._01.csv", b"\0\0")
        file.writestr("readme.md", "hello")
    bench.load(transactions=archive)
    assert loaded(bench) == EXPECTED
    assert bench.counts() == (3, 3, 0, 0, 0)


def test_files_with_other_columns_are_not_mixed(bench: Bench) -> None:
    bench.file("mix/a.csv", frame().to_csv(index=False))
    bench.file("mix/b.csv", "Order ID,Order Date,Total\n1,2026-01-05,5\n")
    with pytest.raises(FileRefused) as refusal:
        bench.load(transactions=bench.folder / "mix")
    assert refusal.value.code == "file_parts_differ"


def test_refused_rows_of_a_folder_name_their_file(bench: Bench) -> None:
    bench.file("two/a.csv", "Order ID,Order Date,Amount\n1,2026-01-05,5\n")
    bench.file("two/b.csv", "Order ID,Order Date,Amount\n2,soon,5\n3,2026-01-05,5\n")
    outcome = bench.load(transactions=bench.folder / "two")
    assert outcome.rejects is not None
    rejects = pd.read_parquet(outcome.rejects.with_suffix(".parquet"))
    assert rejects[["file", "record"]].to_numpy().tolist() == [["two/b.csv", 1]]


def test_a_float_export_of_ids_is_healed_when_the_whole_column_shows_it(bench: Bench) -> None:
    bench.load(
        transactions="Order ID,Order Date,Amount,Customer ID\n1,2026-01-05,5,12346.0\n2,2026-01-05,5,\n3,2026-01-05,5,7.0\n"
    )
    assert bench.rows("customer_id") == [("12346",), ("7",), (None,)]
