"""Dates and numbers come back as they were written, in every common way of writing them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing import dates, numbers
from data.importing.dates import Shapes
from data.importing.numbers import NumberFormat, Votes

CONNECTION = duckdb.connect()
moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2068, 12, 31)).map(
    lambda m: m.replace(microsecond=0)
)

WRITTEN = {
    "iso": ("%Y-%m-%d %H:%M:%S", ""),
    "iso T": ("%Y-%m-%dT%H:%M:%S", ""),
    "slashes, year first": ("%Y/%m/%d %H:%M:%S", ""),
    "day first": ("%d/%m/%Y %H:%M:%S", "dmy"),
    "day first, dots": ("%d.%m.%Y %H.%M.%S", "dmy"),
    "day first, two digits": ("%d-%m-%y %H:%M:%S", "dmy"),
    "month first": ("%m/%d/%Y %I:%M:%S %p", "mdy"),
    "month name": ("%d %b %Y %H:%M:%S", ""),
    "month name first": ("%B %d, %Y %I:%M:%S %p", ""),
    "compact": ("%Y%m%d%H%M%S", ""),
}


def one(query: str, *values: object) -> object:
    row = CONNECTION.execute(query, list(values)).fetchone()
    assert row is not None
    return row[0]


def read_date(text: str, order: str, zone: str = "Asia/Kuala_Lumpur") -> object:
    shapes = Shapes()
    shapes.add(str(one(f"SELECT {dates.shape_sql('x')} FROM (SELECT ?::VARCHAR AS x)", text)), 1)
    votes = {"c": dates.OrderVotes()}
    form = dates.decide({"c": shapes}, votes, given=order, table="transactions", file="f")["c"]
    return one(f"SELECT {dates.to_sql('x', form, zone, typed=False)} FROM (SELECT ?::VARCHAR AS x)", text)


def read_number(text: str, mark: str, kind: str = "money") -> object:
    form = NumberFormat("," if mark == "," else ".", is_plain=False)
    return one(f"SELECT {numbers.to_sql('x', form, kind, typed=False)} FROM (SELECT ?::VARCHAR AS x)", text)


@pytest.mark.parametrize("way", WRITTEN)
@settings(max_examples=40, deadline=None)
@given(moment=moments)
def test_a_moment_comes_back_from_each_way_of_writing_it(way: str, moment: dt.datetime) -> None:
    form, order = WRITTEN[way]
    assert read_date(moment.strftime(form), order) == moment


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9 Ogos 2026", (2026, 8, 9)),
        ("9 Agu 2026", (2026, 8, 9)),
        ("12-Dis-2025", (2025, 12, 12)),
        ("12 Desember 2025", (2025, 12, 12)),
        ("Isnin, 5 Januari 2026", (2026, 1, 5)),
        ("Minggu, 1 Maret 2026", (2026, 3, 1)),
        ("1 Mac 2026", (2026, 3, 1)),
        ("May 3, 2026", (2026, 5, 3)),
        ("3 Mei 26", (2026, 5, 3)),
        ("Mac 2026", (2026, 3, 1)),
        ("2026-03", (2026, 3, 1)),
        ("03/2026", (2026, 3, 1)),
        ("20260309", (2026, 3, 9)),
        ("46090", (2026, 3, 9)),
    ],
)
def test_dates_in_three_languages_and_as_spreadsheets_number_them(
    text: str, day: tuple[int, int, int]
) -> None:
    assert read_date(text, "") == dt.datetime(*day)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-01-05 03:05 PTG", 15),
        ("2026-01-05 03:05 pg", 3),
        ("2026-01-05 12:05 AM", 0),
        ("2026-01-05T03:05:00Z", 11),
    ],
)
def test_halves_of_the_day_and_offsets(text: str, hour: int) -> None:
    found = read_date(text, "")
    assert isinstance(found, dt.datetime)
    assert (found.hour, found.minute) == (hour, 5)


@pytest.mark.parametrize(
    "text", ["soon", "2026-02-30", "32/01/2026", "infinity", "epoch", "12", "2026-01-05 25:00", "--"]
)
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert read_date(text, "dmy") is None


@settings(max_examples=200, deadline=None)
@given(value=st.decimals(-(10**9), 10**9, places=2), mark=st.sampled_from([".", ","]), grouped=st.booleans())
def test_a_number_comes_back_with_either_decimal_mark(value: Decimal, mark: str, grouped: bool) -> None:
    text = f"{value:,.2f}" if grouped else f"{value:.2f}"
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    assert read_number(text, mark) == value
    vote = Votes()
    vote.add(str(one(f"SELECT {numbers.shape_sql('x')} FROM (SELECT ?::VARCHAR AS x)", text)), 1, text)
    assert vote.of("dot" if mark == "." else "comma") == 1


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("RM1,234.50", ".", "1234.5"),
        ("RM -5.00", ".", "-5"),
        ("(12.50)", ".", "-12.5"),
        ("12.50-", ".", "-12.5"),
        ("\u221212.5", ".", "-12.5"),
        ("1 234,5", ",", "1234.5"),
        ("1\u00a0234,5", ",", "1234.5"),
        ("1'234.5", ".", "1234.5"),
        ("Rp 150.000", ",", "150000"),
        ("IDR 1.250.000,00", ",", "1250000"),
        (".5", ".", "0.5"),
    ],
)
def test_numbers_as_people_write_them(text: str, mark: str, value: str) -> None:
    assert read_number(text, mark) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "mark"),
    [("1,5", "."), ("1.5", ","), ("12,34,567", "."), ("abc", "."), ("1-2", "."), ("--1", "."), ("5%", ".")],
)
def test_what_contradicts_the_mark_is_no_number(text: str, mark: str) -> None:
    assert read_number(text, mark) is None
