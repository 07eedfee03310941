"""Moves between two days, against the groups told for each day apart."""

from datetime import date, timedelta

import pandas as pd
import pytest

from analytics.lifecycle import Windows
from analytics.migration import NOT_YET, Between, cells, states
from analytics.results import frame, one_row
from analytics.rfm import MEASURES, measures, quantile_cutoffs, score
from analytics.rfm_grid import default_grid, name
from analytics.scope import Scope, facts
from tests.analytics.test_lifecycle import oracle

BETWEEN = Between(date(2024, 10, 31), date(2025, 5, 15))
EVERYTHING = Scope(date(2023, 1, 1), date(2025, 6, 20), kinds=())
WINDOWS = Windows(60, 150, 3, 300)


def _expected_groups(orders, windows):
    then, now = (oracle(orders, day, windows) for day in (BETWEEN.first, BETWEEN.second))
    return pd.DataFrame({"target": now, "origin": then}).assign(
        origin=lambda table: table["origin"].fillna(NOT_YET)
    )


def _money(orders, low, high):
    inside = orders[(orders["day"] >= low) & (orders["day"] <= high) & orders["customer_key"].notna()]
    return inside.groupby("customer_key")[["amount", "margin"]].sum()


def test_everybody_stands_where_each_day_told_apart_puts_them(marts, merchant):
    moved = states(marts.orders, marts.order_categories, EVERYTHING, BETWEEN, WINDOWS)
    found = frame(moved).set_index("customer_key").sort_index()
    expected = _expected_groups(merchant.orders, WINDOWS).sort_index()
    assert found["target"].to_dict() == expected["target"].to_dict()
    assert found["origin"].to_dict() == expected["origin"].to_dict()
    before = _money(merchant.orders, BETWEEN.first - timedelta(days=BETWEEN.days - 1), BETWEEN.first)
    after = _money(merchant.orders, BETWEEN.first + timedelta(days=1), BETWEEN.second)
    for part, money in (("before", before), ("after", after)):
        for column, source in (("revenue", "amount"), ("margin", "margin")):
            want = money[source].reindex(found.index).fillna(0.0)
            assert found[f"{column}_{part}"].to_numpy() == pytest.approx(want.to_numpy())


def test_the_cells_hold_every_customer_and_all_the_money_once(marts):
    moved = states(marts.orders, marts.order_categories, EVERYTHING, BETWEEN, WINDOWS)
    found, rows = frame(cells(moved)), frame(moved)
    assert found["customers"].sum() == len(rows)
    for name_ in ("revenue_before", "revenue_after", "margin_after"):
        assert found[name_].sum() == pytest.approx(rows[name_].sum())
    assert found["revenue_change"].to_numpy() == pytest.approx(
        (found["revenue_after"] - found["revenue_before"]).to_numpy()
    )
    assert NOT_YET not in set(found["target"])


def test_rfm_groups_on_both_days_are_told_by_one_yardstick(marts):
    until = {
        day: facts(marts.orders, marts.order_categories, Scope(date(2023, 1, 1), day, kinds=()), history=True)
        for day in (BETWEEN.first, BETWEEN.second)
    }
    cutoffs = quantile_cutoffs(measures(until[BETWEEN.second], BETWEEN.second), 4)
    grid = default_grid(4)
    moved = states(
        marts.orders, marts.order_categories, EVERYTHING, BETWEEN, WINDOWS, "rfm_segment", cutoffs, grid
    )
    found = frame(moved).set_index("customer_key")
    for day, column in ((BETWEEN.first, "origin"), (BETWEEN.second, "target")):
        named = frame(name(score(measures(until[day], day), cutoffs), grid)).set_index("customer_key")
        known = found.loc[found[column] != NOT_YET, column]
        assert known.to_dict() == named["rfm_segment"].to_dict()
    assert set(MEASURES) == {"recency_days", "frequency", "monetary_value"}


@pytest.mark.parametrize(
    "narrowed", [{"channels": ("web",)}, {"categories": ("tea",)}, {"segments": ("lapsed", "loyal")}]
)
def test_filters_say_who_is_counted_and_which_money_not_which_group(duckdb, merchant, narrowed):
    orders, parts = duckdb.table(merchant.orders), duckdb.table(merchant.order_categories)
    scope = Scope(date(2023, 1, 1), date(2025, 6, 20), kinds=(), **narrowed)
    found = frame(states(orders, parts, scope, BETWEEN, WINDOWS)).set_index("customer_key")
    expected = _expected_groups(merchant.orders, WINDOWS)
    assert found["target"].to_dict() == expected["target"].reindex(found.index).to_dict()
    inside = facts(orders, parts, scope.moved_to(BETWEEN.before_from, BETWEEN.second), windows=WINDOWS)
    inside = inside.filter(inside.customer_key.isin([int(key) for key in found.index]))
    total = one_row(inside.aggregate(x=inside.amount.sum()))["x"]
    assert found[["revenue_before", "revenue_after"]].to_numpy().sum() == pytest.approx(total)


def test_the_period_before_is_as_long_as_the_one_after():
    assert Between(date(2026, 1, 10), date(2026, 1, 20)).before_from == date(2026, 1, 1)
    with pytest.raises(ValueError, match="first < second"):
        Between(date(2026, 1, 10), date(2026, 1, 10))
