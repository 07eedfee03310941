"""Files that are not tables, or would fill memory, are refused with one sentence; nothing is lost."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from data.errors import DataError, FileRefused, MappingNeeded
from data.settings import Settings

if TYPE_CHECKING:
    from tests.data.importing.conftest import Bench

HEADER = "Order ID,Order Date,Amount,Customer ID\n"
GOOD = HEADER + "1,2026-01-05,10.00,C1\n2,2026-01-06,20.00,C2\n"


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def bomb(declared: int | None = None) -> bytes:
    """A workbook whose sheet unpacks to 200 MB (and may say that it does not)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<row>" + b" " * 200_000_000)
    data = buffer.getvalue()
    if declared is not None:
        real = struct.pack("<I", 200_000_005)
        data = data.replace(real, struct.pack("<I", declared))
    return data


HOSTILE = {
    "empty": (b"", "file_empty"),
    "blank lines": (b"\n\n  \n", "file_empty"),
    "header only": (HEADER.encode(), "file_no_records"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "file_kind"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"\x10" * 100, "file_kind"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"\1\2\3" * 50, "file_kind"),
    "pickle": (pickle.dumps({"a": [1, 2, 3]}, protocol=4), "file_kind"),
    "zip named csv": (zipped("orders.csv", GOOD.encode()), "file_zip_named"),
    "gzip": (b"\x1f\x8b\x08\0" + zlib.compress(GOOD.encode()), "file_kind"),
    "web page": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "file_html"),
    "NUL byte": (GOOD.encode() + b"3,2026-01-07,\x00,C3\n", "file_nul"),
    "5,000 columns": ((",".join(f"c{i}" for i in range(5000)) + "\n1\n").encode(), "file_columns"),
    "duplicate headers": (b"Order ID,Order Date,Amount,amount\n1,2026-01-05,1,2\n", "file_duplicate_header"),
    "unterminated quote": (GOOD.encode() + b'3,2026-01-07,"5.00,C3\n4,2026-01-08,6.00,C4\n', "file_quote"),
    "broken parquet": (b"PAR1" + b"x" * 200 + b"PAR1", "file_parquet"),
    "old workbook that is none": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_xlsx"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_with_its_own_sentence(bench: Bench, kind: str) -> None:
    content, code = HOSTILE[kind]
    with pytest.raises(FileRefused) as refusal:
        bench.load(transactions=content)
    assert refusal.value.code == code
    sentence = str(refusal.value)
    assert "transactions.csv" in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("kind", ["picture", "unterminated quote", "NUL byte", "zip named csv"])
def test_a_refused_file_leaves_the_snapshot_as_it_was(bench: Bench, kind: str) -> None:
    before = bench.load(transactions=GOOD).snapshot
    with pytest.raises(DataError):
        bench.load(transactions=HOSTILE[kind][0])
    assert bench.rows("count(*)") == [(2,)]
    assert bench.workspace().current().id == before  # type: ignore[union-attr]


def test_a_refused_first_file_leaves_no_workspace(bench: Bench) -> None:
    with pytest.raises(FileRefused):
        bench.load(transactions=b"")
    assert not (bench.settings.home / "workspaces" / "kedai").exists()


def test_the_record_with_the_open_quote_is_named(bench: Bench) -> None:
    with pytest.raises(FileRefused, match="record 3"):
        bench.load(transactions=HOSTILE["unterminated quote"][0])


def test_an_open_quote_near_the_start_of_a_long_file_is_found_quickly(bench: Bench) -> None:
    rows = "".join(f"{i},2026-01-05,10.00,C{i}\n" for i in range(200_000))
    with pytest.raises(FileRefused, match="record 1 "):
        bench.load(transactions=HEADER + '0,2026-01-05,"10.00,C0\n' + rows)


@pytest.mark.parametrize("declared", [None, 1000])
def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(
    bench: Bench, declared: int | None
) -> None:
    bench.settings = Settings(home=bench.settings.home, max_unpacked_mb=50)
    with pytest.raises(FileRefused) as refusal:
        bench.load(transactions=bench.file("bomb.xlsx", bomb(declared)))
    assert refusal.value.code in ("file_unpacked", "file_archive")


def test_a_sheet_with_one_cell_far_away_is_refused_rather_than_laid_out(bench: Bench) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Order ID"
    book.active["ZZ900000"] = 1
    path = bench.folder / "far.xlsx"
    book.save(path)
    with pytest.raises(FileRefused) as refusal:
        bench.load(transactions=path)
    assert refusal.value.code == "file_sheet_size"


def test_a_file_over_the_limit_is_refused(bench: Bench) -> None:
    bench.settings = Settings(home=bench.settings.home, max_file_mb=0)
    with pytest.raises(FileRefused, match="SETIA_MAX_FILE_MB"):
        bench.load(transactions=GOOD)


def test_a_zip_that_unpacks_to_too_much_is_refused(bench: Bench) -> None:
    bench.settings = Settings(home=bench.settings.home, max_unpacked_mb=1)
    archive = bench.file("many.zip", zipped("orders.csv", HEADER.encode() + b"1,2026-01-05,1,C1\n" * 100_000))
    with pytest.raises(FileRefused) as refusal:
        bench.load(transactions=archive)
    assert refusal.value.code == "file_unpacked"


def test_a_zip_cannot_write_outside_its_folder(bench: Bench) -> None:
    archive = bench.file("slip.zip", zipped("../../../../evil.csv", GOOD.encode()))
    with pytest.raises(FileRefused):  # a path that climbs is hidden: nothing of it is taken
        bench.load(transactions=archive)
    assert not list(Path(bench.folder).parent.rglob("evil.csv"))


def test_a_missing_file_is_said_to_be_missing(bench: Bench) -> None:
    with pytest.raises(FileRefused, match="no file nothing"):
        bench.load(transactions=bench.folder / "nothing.csv")


def test_a_file_without_known_headers_asks_for_a_mapping(bench: Bench) -> None:
    with pytest.raises(MappingNeeded, match="ordered_at"):
        bench.load(transactions="a,b,c\n1,2,3\n")


def test_customers_alone_need_transactions_first(bench: Bench) -> None:
    with pytest.raises(MappingNeeded, match="no sales yet"):
        bench.load(customers="customer_id,name\nC1,Siti\n")
