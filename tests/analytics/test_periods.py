"""Windows compare like with like."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.festivals import festival_dates
from analytics.periods import HOWS, PRESETS, Window, comparison, preset, shift_months

AS_OF, FIRST = date(2026, 11, 22), date(2024, 1, 1)
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("this_month", date(2026, 11, 1), AS_OF),
        ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
        ("this_quarter", date(2026, 10, 1), AS_OF),
        ("last_quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("this_year", date(2026, 1, 1), AS_OF),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
        ("last_7_days", date(2026, 11, 16), AS_OF),
        ("last_30_days", date(2026, 10, 24), AS_OF),
        ("last_90_days", date(2026, 8, 25), AS_OF),
        ("last_12_months", date(2025, 11, 23), AS_OF),
        ("all", FIRST, AS_OF),
    ],
)
def test_presets_count_back_from_the_last_day_of_the_data(code, start, end):
    assert preset(code, AS_OF, FIRST) == Window(start, end, code)


def compared(window, how, first_day=date(2000, 1, 1), as_of=AS_OF, **more):
    return comparison(window, how, first_day=first_day, as_of=as_of, **more)


@pytest.mark.parametrize(
    ("window", "how", "start", "end"),
    [
        # "to date" against the same number of elapsed days
        (preset("this_year", AS_OF, FIRST), "previous_year", date(2025, 1, 1), date(2025, 11, 22)),
        (preset("this_year", AS_OF, FIRST), "previous_period", date(2025, 1, 1), date(2025, 11, 22)),
        (preset("this_month", AS_OF, FIRST), "previous_period", date(2026, 10, 1), date(2026, 10, 22)),
        (preset("this_quarter", AS_OF, FIRST), "previous_period", date(2026, 7, 1), date(2026, 8, 22)),
        # a leap day: 70 elapsed days against 70, not against 69
        (Window(date(2024, 1, 1), date(2024, 3, 10)), "previous_year", date(2023, 1, 1), date(2023, 3, 11)),
        # whole months against whole months, though 28 days are not 31
        (Window(date(2026, 3, 1), date(2026, 3, 31)), "previous_period", date(2026, 2, 1), date(2026, 2, 28)),
        (Window(date(2025, 1, 1), date(2025, 12, 31)), "previous_year", date(2024, 1, 1), date(2024, 12, 31)),
        # half a year that happens to end with a month is still "this year to date"
        (
            Window(date(2026, 1, 1), date(2026, 6, 30), "this_year"),
            "previous_period",
            date(2025, 1, 1),
            date(2025, 6, 30),
        ),
        # 30 days of March never against the whole of February
        (
            Window(date(2026, 3, 1), date(2026, 3, 30), "this_month"),
            "previous_period",
            date(2026, 1, 30),
            date(2026, 2, 28),
        ),
        # any other window against as many days just before
        (Window(date(2026, 5, 4), date(2026, 5, 10)), "previous_period", date(2026, 4, 27), date(2026, 5, 3)),
    ],
)
def test_like_is_compared_with_like(window, how, start, end):
    found = compared(window, how)
    assert (found.start, found.end, found.state) == (start, end, "full")


@settings(deadline=None)
@given(DAYS, st.integers(1, 900), st.sampled_from(HOWS), st.sampled_from(("custom", *PRESETS)))
def test_a_usable_comparison_never_overlaps_and_is_as_long_unless_both_are_whole_months(
    start, days, how, code
):
    window = Window(start, start + timedelta(days=days - 1), code)
    found = compared(window, how, date(1990, 1, 1), date(2045, 1, 1))
    if found.usable:
        assert found.end < window.start
        assert found.days == window.days or (
            window.whole_months and Window(found.start, found.end).whole_months == window.whole_months
        )


@pytest.mark.parametrize(
    ("festival", "now", "before"),
    [
        # first days, 2025 and 2026: Hari Raya 31 Mar, 21 Mar; Deepavali 20 Oct, 8 Nov; CNY 29 Jan, 17 Feb
        ("hari_raya", date(2026, 3, 21), date(2025, 3, 31)),
        ("deepavali", date(2026, 11, 8), date(2025, 10, 20)),
        ("chinese_new_year", date(2026, 2, 17), date(2025, 1, 29)),
    ],
)
def test_a_festive_comparison_lies_equally_far_from_the_festival(festival, now, before):
    window = Window(now - timedelta(days=20), now + timedelta(days=5))
    found = compared(window, festival)
    assert (found.anchor, found.anchor_before) == (now, before)
    assert (found.start, found.end) == (before - timedelta(days=20), before + timedelta(days=5))


def test_festival_dates_can_be_handed_in():
    window = Window(date(2026, 3, 1), date(2026, 3, 31))
    given_dates = {"hari_raya": [date(2026, 3, 20), date(2025, 3, 30)]}
    assert compared(window, "hari_raya", festivals=given_dates).start == date(2025, 3, 11)
    assert compared(window, "deepavali", festivals=given_dates).reason == "no_festival"


def test_the_union_over_the_states_knows_deepavali_and_indonesia_its_own_lebaran():
    years = tuple(range(2023, 2028))
    for country in ("MY", "ID"):
        assert {code: len(days) for code, days in festival_dates(country, years).items()} == {
            "hari_raya": 5,
            "chinese_new_year": 5,
            "deepavali": 5,
        }


@pytest.mark.parametrize(
    ("first_day", "state", "reason", "missing"),
    [
        (date(2025, 1, 1), "full", None, 0),
        (date(2025, 1, 11), "partial", "partial_data", 10),
        (date(2026, 1, 1), "none", "no_data", 326),
    ],
)
def test_a_comparison_says_when_the_data_cannot_fill_it(first_day, state, reason, missing):
    found = compared(preset("this_year", AS_OF, FIRST), "previous_year", first_day)
    assert (found.state, found.reason, found.days_missing) == (state, reason, missing)
    assert found.usable == (state == "full")


def test_a_window_longer_than_a_year_has_no_same_days_last_year():
    found = compared(Window(date(2024, 1, 1), AS_OF), "previous_year")
    assert (found.state, found.reason) == ("none", "overlap")


@given(DAYS, st.integers(-500, 500))
def test_shifting_months_keeps_the_day_where_the_month_has_it(day, months):
    moved = shift_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1


def test_unknown_codes_are_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="this_month"):
        preset("yesterday", AS_OF, FIRST)
    with pytest.raises(ValueError, match="previous_year"):
        compared(Window(FIRST, AS_OF), "whenever")
