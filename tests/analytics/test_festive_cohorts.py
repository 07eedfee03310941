"""Cohorts won before a festival: which days they hold, and how their periods are counted."""

from datetime import date, timedelta

import pandas as pd
import pytest

from analytics import cohorts
from analytics.festive_cohorts import RUN_UP_DAYS, Season, activity, season_triangle, seasons
from analytics.results import frame

RAYA = date(2026, 3, 21)  # 1 Syawal 1447, the federal public holiday in Malaysia


def test_a_season_is_the_28_days_up_to_the_festival_and_only_whole_ones_count():
    found = seasons("hari_raya", "MY", date(2025, 3, 4), date(2026, 11, 22))
    assert found == (
        Season(date(2025, 3, 4), date(2025, 3, 31)),
        Season(date(2026, 2, 22), RAYA),
    )
    assert all((season.festival - season.start).days == RUN_UP_DAYS - 1 for season in found)
    assert len(seasons("hari_raya", "MY", date(2025, 3, 5), date(2026, 11, 22))) == 1
    assert seasons("hari_raya", "MY", date(2025, 3, 5), date(2026, 3, 20)) == ()


def test_an_unknown_festival_is_refused():
    with pytest.raises(ValueError, match="hari_raya"):
        seasons("easter", "MY", date(2025, 1, 1), date(2026, 1, 1))


def purchases(backend):
    """One customer of the run-up who returns 1, 28 and 29 days after it, one too early, one after."""
    offsets = {1: [-27, 0, 1, 28, 29], 2: [-28, 5], 3: [1], 4: [-3]}
    rows = [(key, RAYA + timedelta(days=n)) for key, days in offsets.items() for n in days]
    table = pd.DataFrame(rows, columns=["customer_key", "day"])
    table["is_purchase"], table["amount"], table["margin"] = True, 10.0, 4.0
    first = table.groupby("customer_key", as_index=False).agg(first_day=("day", "min"))
    return backend.table(table), backend.table(first)


def test_periods_are_counted_from_the_festival_in_blocks_of_days(backend):
    history, first = purchases(backend)
    found = (Season(RAYA - timedelta(days=27), RAYA),)
    table = frame(activity(history, first, found, "month")).sort_values(["customer_key", "period"])
    assert table[["customer_key", "period", "orders"]].to_numpy().tolist() == [
        [1, 0, 2], [1, 1, 2], [1, 2, 1], [4, 0, 1],
    ]  # fmt: skip


def test_a_block_is_mature_when_its_last_day_is_in_the_data(backend):
    history, first = purchases(backend)
    found = (Season(RAYA - timedelta(days=27), RAYA),)
    cells = frame(cohorts.cells(activity(history, first, found, "month")))
    rows = season_triangle(cells, RAYA + timedelta(days=56), "month")
    assert rows["period"].tolist() == [0, 1, 2]
    assert rows["customers"].tolist() == [2, 1, 1]
    assert rows["mature"].tolist() == [True, True, True]
    assert not season_triangle(cells, RAYA + timedelta(days=55), "month")["mature"].iloc[-1]
    assert season_triangle(cells, RAYA + timedelta(days=57), "month")["period"].max() == 3


def test_without_a_season_there_is_no_cohort(backend):
    history, first = purchases(backend)
    cells = frame(cohorts.cells(activity(history, first, ())))
    assert cells.empty
    assert season_triangle(cells, RAYA, "week").empty
