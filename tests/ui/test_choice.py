"""The address says what was chosen, and an address from a stranger can only choose what is known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.lifecycle import Windows
from ui import choice
from ui.cached.options import Options
from ui.choice import PARAMETERS, Choice, decode, encode, key_of

KNOWN = Options(
    first_day=date(2024, 9, 14),
    as_of=date(2026, 11, 22),
    customers=240,
    regions=("MY-10", "MY-14", ""),
    stores=(("KL1", "Bukit Bintang"), ("KL2", "Klang")),
    channels=("store", "web"),
    categories=("Coffee", "Gifts", "![x](http://evil.example)"),
    kinds=("external", "internal", "reseller", "unidentified"),
    currencies=("MYR", "IDR"),
)


def some(values):
    return st.lists(st.sampled_from(values), unique=True).map(lambda v: tuple(x for x in values if x in v))


CHOICES = st.builds(
    Choice,
    preset=st.sampled_from(choice.PRESETS),
    how=st.sampled_from(choice.HOWS),
    regions=some(KNOWN.regions),
    stores=some(("KL1", "KL2")),
    channels=some(KNOWN.channels),
    categories=some(KNOWN.categories),
    segments=some(("new", "active", "loyal", "lapsed")),
    kinds=some(KNOWN.kinds),
    currency=st.sampled_from([None, "MYR", "IDR"]),
    windows=st.none() | st.builds(Windows, *[st.integers(1, 900)] * 4),
)


@given(CHOICES)
def test_an_address_opens_what_was_chosen(made):
    assert decode(encode(made), KNOWN) == made


def test_own_dates_stand_in_the_address():
    made = Choice(preset="custom", start=date(2026, 2, 1), end=date(2026, 3, 9))
    assert encode(made) == {"d": "2026-02-01_2026-03-09"}
    assert decode(encode(made), KNOWN) == made


@given(CHOICES)
def test_no_value_of_the_data_can_be_read_in_an_address(made):
    written = "&".join(f"{k}={v}" for k, v in encode(made).items())
    for value in ("KL1", "Coffee", "evil", "Bukit"):
        assert value not in written


@given(st.dictionaries(st.sampled_from(["d", "vs", "cur", "w", *PARAMETERS.values()]), st.text(max_size=60)))
def test_a_made_up_address_chooses_only_what_is_known(parameters):
    made = decode(parameters, KNOWN)
    assert choice.only_known(made, KNOWN) == made
    choice.window(made, KNOWN)


@pytest.mark.parametrize(
    "parameters",
    [
        {"r": "' or 1=1 --"},
        {"s": "../../etc/passwd"},
        {"ca": "Coffee"},
        {"d": "2026-13-01_2026-01-01"},
        {"d": "2026-03-01_2026-01-01"},
        {"d": "__import__('os')"},
        {"vs": "yesterday"},
        {"cur": "USD"},
        {"w": "0-1-1-1"},
        {"w": "1-2-3"},
        {"w": "999999999999-1-1-1"},
        {"w": "٣-١-١-١"},
    ],
)
def test_what_is_not_known_is_passed_over(parameters):
    assert decode(parameters, KNOWN) == Choice()


def test_the_same_text_in_two_fields_has_two_keys():
    assert key_of("stores", "web") != key_of("channels", "web")


def test_one_chip_less_takes_one_value_away():
    made = Choice(regions=("MY-10", "MY-14"))
    assert made.without("regions", "MY-10").regions == ("MY-14",)


def test_clear_all_keeps_dates_and_comparison():
    made = Choice(preset="last_90_days", how="none", regions=("MY-10",), segments=("new",))
    assert made.cleared() == Choice(preset="last_90_days", how="none")


def test_days_end_with_the_data():
    made = Choice(preset="custom", start=date(2026, 11, 1), end=date(2027, 1, 31))
    days = choice.window(made, KNOWN)
    assert (days.start, days.end) == (date(2026, 11, 1), date(2026, 11, 22))


def test_this_year_to_date_is_compared_with_the_same_days_of_last_year():
    days = choice.window(Choice(), KNOWN)
    before = choice.comparison(Choice(), days, KNOWN, "MY")
    assert before is not None
    assert (before.start, before.end, before.usable) == (date(2025, 1, 1), date(2025, 11, 22), True)
