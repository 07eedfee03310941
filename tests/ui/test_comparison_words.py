"""What the filter bar says of the days to compare with is true of the data."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.periods import Window, comparison
from i18n.translator import translator
from ui import filter_bar

NOW = date(2026, 11, 22)


def said(first_day: date, start: date = date(2026, 1, 1), lang: str = "en") -> str:
    found = comparison(Window(start, NOW), "previous_year", first_day=first_day, as_of=NOW)
    return filter_bar._versus(found, first_day, translator(lang))


def test_data_that_begin_inside_the_days_to_compare_with_are_not_called_none() -> None:
    words = said(date(2025, 4, 2))
    assert "data begin on 2 Apr 2025" in words
    assert "no data" not in words


def test_days_before_all_data_have_none() -> None:
    assert said(date(2026, 1, 1)).startswith("no data for")


def test_days_that_are_there_in_full_are_compared_with() -> None:
    assert said(date(2024, 1, 1)).startswith("compared with")


def test_a_window_longer_than_a_year_is_told_to_overlap() -> None:
    assert "overlap" in said(date(2024, 1, 1), start=date(2025, 4, 2))


@pytest.mark.parametrize("lang", ["ms", "id"])
def test_the_first_day_is_named_in_every_language(lang: str) -> None:
    assert "2 Apr 2025" in said(date(2025, 4, 2), lang=lang)
