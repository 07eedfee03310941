"""Files of candidate sites: CSV of any mark, XLSX, and what is refused."""

from __future__ import annotations

import io

import openpyxl
import pytest

from data import site_files
from data.errors import FileRefused


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_is_read_whatever_parts_its_columns(mark):
    text = (
        f"name{mark}lat{mark}{mark}name\nA{mark}3,1{mark}x{mark}y\n\nB\n"
        if mark != ","
        else "name,lat,,name\nA,3.1,x,y\n\nB\n"
    )
    found = site_files.read(text.encode("utf-8-sig"), "sites.csv")
    assert list(found.columns) == ["name", "lat"]
    assert found["name"].tolist() == ["A", "B"]
    assert found["lat"].iloc[1] == ""


def test_a_file_of_an_old_computer_is_read():
    assert site_files.read("name\nCafé\n".encode("cp1252"), "x.csv")["name"].tolist() == ["Café"]


def workbook() -> bytes:
    """Name, lat; Kulim, 5.37; Ipoh, 4."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in (["name", "lat"], ["Kulim", 5.37], ["Ipoh", 4]):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def test_a_workbook_is_read_as_text():
    found = site_files.read(workbook(), "sites.xlsx")
    assert found.to_dict("list") == {"name": ["Kulim", "Ipoh"], "lat": ["5.37", "4"]}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x89PNG\r\n\x1a\n", "file_kind"),
        (b"PK\x03\x04 not a workbook", "file_archive"),
        (b"x" * 2_100_000, "file_too_large"),
    ],
)
def test_what_is_no_table_is_refused_under_its_own_name(content, code):
    with pytest.raises(FileRefused) as caught:
        site_files.read(content, "sites.csv")
    assert caught.value.code == code
    assert caught.value.fields["file"] == "sites.csv"
