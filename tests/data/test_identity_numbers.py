"""Identity numbers are found where their date and place can be, and nothing else is."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.identity_numbers import MARK, PLACES, PROVINCES, is_mykad, is_nik, replaced

KEY = b"k" * 32
days = st.dates(date(1930, 1, 1), date(2020, 12, 31))
four = st.integers(1, 9999).map("{:04d}".format)


@given(days, st.sampled_from(sorted(PLACES)), four, st.sampled_from(["{}-{}-{}", "{}{}{}", "{} {} {}"]))
def test_a_mykad_number_is_found_however_it_is_written(born, place, last, form):
    parts = (f"{born:%y%m%d}", f"{place:02d}", last)
    assert is_mykad("".join(parts))
    text, count = replaced(f"IC: {form.format(*parts)}, Klang", KEY)
    assert count == 1
    assert text == f"IC: {replaced(''.join(parts), KEY)[0]}, Klang"
    assert last not in text.replace(MARK, "").split("IC: ")[1].split(",")[0] or len(text) > 20


@given(days, st.booleans(), st.sampled_from(sorted(PROVINCES)), st.integers(1, 79), four)
def test_a_nik_is_found_also_a_womans(born, woman, province, regency, last):
    nik = f"{province}{regency:02d}01{born.day + 40 * woman:02d}{born:%m%y}{last}"
    assert is_nik(nik)
    grouped = " ".join(nik[i : i + 4] for i in range(0, 16, 4))
    assert replaced(grouped, KEY) == replaced(nik, KEY)
    assert replaced(nik, KEY)[1] == 1


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.sampled_from(sorted(PLACES)))
def test_a_date_that_cannot_be_is_no_number(year, month, day, place):
    def can_be(century: int) -> bool:
        whole = century + year
        return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(whole, month)[1] and whole <= 2020

    digits = f"{year:02d}{month:02d}{day:02d}{place:02d}5678"
    if is_mykad(digits) and year <= 20:
        assert can_be(1900) or can_be(2000)
    elif year <= 20:
        assert not any(can_be(century) for century in (1900, 2000))


@pytest.mark.parametrize(
    "text",
    [
        "+60123456789",
        "60 12-345 6789",
        "0123456789",
        "+601112345678",
        "900229145678",  # 1990 had no 29 February
        "901315145678",  # month 13
        "900101005678",  # place 00
        "2073015506900001",  # province 20
        "3273010006900001",  # day 0
        "3273013213900001",  # month 13
        "9001011456789",  # one digit more
        "12345.900101145678",
        "RM 900101145678.50",
        "",
        "Siti binti Ahmad",
    ],
)
def test_what_is_no_identity_number_stays_as_it_is(text):
    assert replaced(text, KEY) == (text, 0)


def test_a_phone_with_its_country_code_is_a_phone_in_the_column_of_phones_only():
    assert replaced("601112345678", KEY, is_phone=True)[1] == 0
    assert replaced("601112345678", KEY)[1] == 1
    assert replaced("900101145678", KEY, is_phone=True)[1] == 1


def test_the_hash_depends_on_the_workspaces_key():
    assert replaced("900101145678", KEY) != replaced("900101145678", b"other" * 6)
