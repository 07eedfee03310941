"""Numbers, money and dates as DESIGN and GLOSSARY write them."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n import numbers as n
from i18n.numbers import LANGUAGES


@pytest.mark.parametrize(
    ("value", "currency", "lang", "written"),
    [
        (1234.5, "MYR", "en", "RM1,234.50"),
        (1234.5, "MYR", "ms", "RM1,234.50"),
        (25000, "IDR", "id", "Rp25.000"),
        (25000, "IDR", "en", "Rp25,000"),
        (-12.345, "MYR", "en", "-RM12.35"),
        (0, "MYR", "ms", "RM0.00"),
        (Decimal("0.005"), "MYR", "en", "RM0.01"),
        (99.5, "SGD", "en", "SGD 99.50"),
        (1234.5, "MYR", "id", "RM1.234,50"),
    ],
)
def test_money_in_full(value, currency, lang, written):
    assert n.money(value, currency, lang) == written


@pytest.mark.parametrize(
    ("value", "currency", "lang", "written"),
    [
        (4_560_000, "MYR", "en", "RM4.56M"),
        (4_560_000, "MYR", "ms", "RM4.56 juta"),
        (4_560_000, "IDR", "id", "Rp4,56 jt"),
        (4_560, "MYR", "en", "RM4.56K"),
        (4_560, "MYR", "ms", "RM4.56 ribu"),
        (25_000, "IDR", "id", "Rp25 rb"),
        (4_560_000_000, "MYR", "en", "RM4.56B"),
        (4_560_000_000, "MYR", "ms", "RM4.56 bilion"),
        (4_560_000_000, "IDR", "id", "Rp4,56 M"),
        (1_250_000_000_000, "IDR", "id", "Rp1,25 T"),
        (184.2, "MYR", "en", "RM184.20"),
        (999, "IDR", "id", "Rp999"),
        (0, "MYR", "en", "RM0"),
        (-45_600, "MYR", "en", "-RM45.6K"),
        (999_949, "MYR", "en", "RM1M"),
        (999.99, "MYR", "en", "RM1K"),
        (456_000, "MYR", "en", "RM456K"),
    ],
)
def test_money_in_short(value, currency, lang, written):
    assert n.money_short(value, currency, lang) == written


@pytest.mark.parametrize(
    ("lang", "days"),
    [
        ("en", ["9 Mar 2026", "9 May 2026", "9 Aug 2026", "9 Oct 2026", "9 Dec 2026"]),
        ("ms", ["9 Mac 2026", "9 Mei 2026", "9 Ogo 2026", "9 Okt 2026", "9 Dis 2026"]),
        ("id", ["9 Mar 2026", "9 Mei 2026", "9 Agu 2026", "9 Okt 2026", "9 Des 2026"]),
    ],
)
def test_dates(lang, days):
    assert [n.date(dt.date(2026, month, 9), lang) for month in (3, 5, 8, 10, 12)] == days


def test_spans_say_what_is_equal_once():
    start, end = dt.date(2026, 1, 1), dt.date(2026, 11, 22)
    assert n.dates(start, end, "ms") == "1 Jan – 22 Nov 2026"
    assert n.dates(dt.date(2026, 11, 1), end, "ms") == "1 – 22 Nov 2026"
    assert n.dates(end, end, "ms") == "22 Nov 2026"
    assert n.dates(dt.date(2025, 11, 1), end, "id") == "1 Nov 2025 – 22 Nov 2026"


@pytest.mark.parametrize(
    ("lang", "written"), [("en", "+1.8 pts"), ("ms", "+1.8 mata peratusan"), ("id", "+1,8 poin persen")]
)
def test_differences_of_shares_are_in_points(lang, written):
    assert n.points(0.018, lang) == written


@pytest.mark.parametrize(("lang", "written"), [("en", "41.2%"), ("ms", "41.2%"), ("id", "41,2%")])
def test_percent_has_one_decimal(lang, written):
    assert n.percent(0.412, lang) == written


def test_changes_carry_their_sign_and_zero_has_none():
    assert [n.change(v, "en") for v in (0.06, -0.004, 0, -0.0001)] == ["+6.0%", "-0.4%", "0.0%", "0.0%"]


@pytest.mark.parametrize(
    "value", [None, math.nan, math.inf, pd.NA, pd.NaT, np.float64("nan"), Decimal("NaN")]
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_computed_is_a_dash(value, lang):
    written = {
        n.number(value, lang),
        n.number_short(value, lang),
        n.money(value, "MYR", lang),
        n.money_short(value, "MYR", lang),
        n.percent(value, lang),
        n.points(value, lang),
        n.change(value, lang),
        n.date(value, lang),
        n.month(value, lang),
    }
    assert written == {"–"}


@pytest.mark.parametrize("day", [dt.date(2026, 11, 16), dt.date(2026, 11, 22)])
def test_weeks_start_on_monday(day):
    assert n.week_start(day) == dt.date(2026, 11, 16)


def test_numpy_and_pandas_scalars_are_numbers():
    assert n.number(np.int64(1234), "en") == n.number(np.float64(1234.0), "en") == "1,234"
    assert n.date(pd.Timestamp(2026, 8, 9), "en") == "9 Aug 2026"


@given(st.floats(min_value=-1e15, max_value=1e15, allow_nan=False), st.sampled_from(LANGUAGES))
def test_the_written_number_reads_back_within_half_a_unit(value, lang):
    written = n.number(value, lang, 2)
    plain = written.replace(".", "").replace(",", ".") if lang == "id" else written.replace(",", "")
    assert abs(Decimal(plain) - Decimal(str(value))) <= Decimal("0.005")


@given(st.floats(min_value=0, max_value=1e15), st.floats(min_value=0, max_value=1e15))
def test_short_forms_keep_the_order_of_amounts(one, other):
    """What is written never says that the smaller amount is the larger one."""
    low, high = sorted((one, other))
    assert _read(n.number_short(low, "en")) <= _read(n.number_short(high, "en"))


def _read(text: str) -> Decimal:
    sizes = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
    size = sizes.get(text[-1], 1)
    return Decimal(text.rstrip("KMBT").replace(",", "")) * size


@given(st.floats(min_value=1000, max_value=1e15), st.sampled_from(LANGUAGES))
def test_short_forms_are_within_a_half_per_cent(value, lang):
    text = n.number_short(value, lang)
    assert len([c for c in text if c.isdigit()]) <= 4
    if lang == "en":
        assert abs(float(_read(text)) - value) <= value * 0.0051
