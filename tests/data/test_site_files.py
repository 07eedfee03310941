"""Files of candidate sites: CSV of any mark, XLSX, and what is refused."""

from __future__ import annotations

import io
import zipfile

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
    """The smallest workbook: name, lat; Kulim, 5.37; Ipoh, 4."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>lat</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>Kulim</t></is></c><c r="B2"><v>5.37</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>Ipoh</t></is></c><c r="B3"><v>4</v></c></row>'
        "</sheetData></worksheet>"
    )
    book = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", relations)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
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
