"""What leaves as CSV stays what it is: no formula, no damaged number, no damaged telephone."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.downloads import csv_bytes, file_name, safe_text

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
INVISIBLE = st.text(alphabet="\u200b\u200c\u200d\u2060\ufeff\u00ad \u00a0\u3000\u202e", max_size=3)
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


def read(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def would_run(cell: str) -> bool:
    """What Excel, LibreOffice and Sheets take for a formula: the first mark that counts."""
    seen = cell.lstrip("\u200b\u200c\u200d\u2060\ufeff\u00ad\u00a0\u3000\u202e ")
    return seen.startswith(DANGEROUS)


@given(INVISIBLE, st.sampled_from(DANGEROUS), ANY_TEXT)
def test_no_cell_and_no_header_runs_as_a_formula(before, mark, after):
    hostile = before + mark + after
    rows = read(csv_bytes(pd.DataFrame({hostile: [hostile]})))
    for cell in rows[0] + rows[1]:
        assert not would_run(cell) or cell.lstrip("-").replace(".", "", 1).isdigit()


@given(ANY_TEXT, st.sampled_from(["=", "+", "-", "@", "＝"]), ANY_TEXT)
def test_no_cell_runs_where_a_semicolon_parts_cells(before, mark, after):
    """Indonesian Excel reads a semicolon as the separator."""
    for cell in safe_text(f"{before};{mark}{after}").split(";")[1:]:
        assert not would_run(cell)


@given(ANY_TEXT)
def test_making_a_text_safe_loses_nothing(text):
    kept = iter(safe_text(text))
    assert all(character in kept for character in text)


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9 .,]{0,20}", fullmatch=True))
def test_an_ordinary_text_is_left_alone(text):
    assert safe_text(text) == text


@pytest.mark.parametrize(
    "phone",
    ["+60123456789", "0123456789", "012-345 6789", "60123456789", "+62 812-3456-7890", "6281234567890"],
)
def test_telephone_numbers_stay_whole(phone):
    [_, [cell]] = read(csv_bytes(pd.DataFrame({"phone": [phone]})))
    assert cell == f"'{phone}"


@pytest.mark.parametrize("code", ["01000", "000123456789012345", "123456789012345678", "5E10", "12E5"])
def test_ids_and_postcodes_are_not_turned_into_numbers(code):
    assert safe_text(code) == f"'{code}"


def test_numbers_stay_numbers():
    frame = pd.DataFrame({"a": [-3.5, 1e6, np.nan], "b": [-1, 2, 3], "c": ["-3.50", "x", None]})
    assert read(csv_bytes(frame)) == [
        ["a", "b", "c"],
        ["-3.5", "-1", "-3.50"],
        ["1000000", "2", "x"],
        ["", "3", ""],
    ]


def test_dates_and_categories_are_kept():
    frame = pd.DataFrame(
        {"day": pd.to_datetime(["2026-11-22"]), "kind": pd.Categorical(["=1+1"]), "yes": [True]}
    )
    assert read(csv_bytes(frame))[1] == ["2026-11-22", "'=1+1", "True"]


def test_two_columns_of_one_name_are_both_kept():
    frame = pd.DataFrame([["=1", "b"]], columns=["x", "x"])
    assert read(csv_bytes(frame)) == [["x", "x"], ["'=1", "b"]]


def test_a_line_break_in_a_cell_stays_in_the_cell():
    [_, row] = read(csv_bytes(pd.DataFrame({"a": ["one\n=two"], "b": ["x"]})))
    assert row == ["one\n'=two", "x"]


def test_excel_is_told_that_it_is_utf8():
    assert csv_bytes(pd.DataFrame({"nama": ["Zürich"]})).startswith(b"\xef\xbb\xbf")


def test_file_names_are_plain():
    assert file_name("../../etc/passwd", "Kedai Café", "") == "setia-etc-passwd-Kedai-Cafe.csv"


def test_a_sum_of_sen_is_written_without_what_binary_fractions_leave():
    sen = [0.1, 0.2, 186665.5099999945, -38.940000000000005, 12.0, -0.0]
    rows = read(csv_bytes(pd.DataFrame({"RM": [sum(sen[:2]), *sen[2:], np.nan]})))
    assert [row[0] if row else "" for row in rows[1:]] == ["0.3", "186665.51", "-38.94", "12", "0", ""]


@given(st.floats(-1e12, 1e12))
def test_a_number_of_a_file_is_the_number_to_the_sixth_decimal(value):
    assert float(read(csv_bytes(pd.DataFrame({"a": [value], "b": ["x"]})))[1][0]) == pytest.approx(
        value, abs=5.1e-7, rel=1e-12
    )
