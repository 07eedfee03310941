"""Weeks, months, quarters, years and brackets: where they begin, and how far apart they are."""

from datetime import date, timedelta

import ibis
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cohort_periods import (
    UNITS,
    begin,
    begin_of,
    between,
    between_columns,
    last_day,
    parse_brackets,
    shift,
)
from analytics.results import frame

DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


@given(DAYS)
def test_a_week_is_the_iso_week(day):
    monday = begin(day, "week")
    assert monday.isoweekday() == 1
    assert monday.isocalendar()[:2] == day.isocalendar()[:2]


@given(DAYS, DAYS, st.sampled_from(("day", *UNITS)))
def test_a_day_lies_in_the_period_it_is_said_to_lie_in(cohort_day, day, unit):
    cohort = begin(cohort_day, unit)
    period = between(cohort, day, unit)
    assert shift(cohort, period, unit) <= day <= last_day(cohort, period, unit)


@pytest.mark.parametrize("unit", ["day", *UNITS])
def test_the_engines_agree_with_python(backend, unit):
    start = date(2024, 1, 29)
    days = pd.DataFrame({"day": [start + timedelta(days=17 * n) for n in range(60)]})
    table = backend.table(days)
    table = table.mutate(at=begin_of(table.day, unit), cohort=begin_of(ibis.literal(start), unit))
    found = frame(table.select("day", "at", period=between_columns(table.cohort, table["at"], unit)))
    for row in found.itertuples():
        assert row.at == begin(row.day, unit)
        assert row.period == between(begin(start, unit), row.day, unit)


def test_brackets_are_read_as_a_person_types_them():
    assert parse_brackets("0, 1-3, 4-6, 7-12") == ((0, 0), (1, 3), (4, 6), (7, 12))
    assert parse_brackets(" 0-1 ; 2 – 5 ") == ((0, 1), (2, 5))


@pytest.mark.parametrize("text", ["", "0", "1-3, 2-4", "5-3", "a-b", "1--2", "0, 1-9999", "3, 1"])
def test_what_is_no_bracket_is_refused(text):
    with pytest.raises(ValueError, match=r"racket"):
        parse_brackets(text)
