"""Retention and repeat rate: the formulas, and the same from orders."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.lifecycle import Windows
from analytics.results import frame, one_row
from analytics.retention import (
    came_back,
    customer_counts,
    from_counts,
    kept_by,
    rate_figure,
    repeat_rate,
    retention,
    retention_from_lost,
)
from analytics.scope import Scope, facts


def test_retention_of_the_worked_examples():
    # start 2000, lost 200; start 2000, end 2300, 500 new; the same with 100 won back
    assert retention_from_lost(2000, 200).rate == 0.9
    assert retention_from_lost(2000, 200).churn == 0.1
    assert retention(2000, 2300, new=500).rate == 0.9
    assert retention(2000, 2300, new=500, won_back=100).rate == 0.85


def test_repeat_rate_is_another_number():
    assert repeat_rate(1000, 300) == 0.3


def test_nothing_to_divide_by_is_unknown_rather_than_0():
    assert retention(0, 10, new=10).rate is None
    assert repeat_rate(0, 0) is None


@pytest.mark.parametrize("counts", [(-1, 0, 0, 0), (10, 5, 6, 0), (10, 30, 5, 5), (10, 5, 0, -1)])
def test_counts_that_cannot_be_true_together_are_refused(counts):
    with pytest.raises(ValueError, match=r"cannot be negative|more than there are|would have been kept"):
        retention(*counts)


@given(st.integers(1, 10**6), st.data())
def test_kept_and_lost_add_up_to_the_start(start, data):
    kept, new, back = (data.draw(st.integers(0, start)) for _ in range(3))
    found = retention(start, kept + new + back, new, back)
    assert found.kept + found.lost == start
    assert found.rate + found.churn == pytest.approx(1)


def oracle(orders, start, end, lapse):
    known = orders[orders["is_purchase"] & orders["customer_key"].notna() & (orders["kind"] != "internal")]

    def active(day):
        span = known[(known["day"] <= day) & (known["day"] > day - timedelta(days=lapse))]
        return set(span["customer_key"])

    before, after = active(start - timedelta(days=1)), active(end)
    window = known[(known["day"] >= start) & (known["day"] <= end)]
    new = set(window[window["nth"] == 1]["customer_key"])
    times = window["customer_key"].value_counts()
    return {
        "customers": len(times),
        "repeaters": int((times >= 2).sum()),
        "active": len(after),
        "active_start": len(before),
        "new_active": len(after & new),
        "kept": len(after & before),
        "won_back": len(after - before - new),
    }


@pytest.mark.parametrize(
    ("start", "end", "lapse"),
    [
        (date(2025, 1, 1), date(2025, 3, 31), 180),
        (date(2024, 1, 1), date(2024, 12, 31), 90),
        (date(2025, 3, 1), date(2025, 3, 5), 30),
        (date(2023, 1, 5), date(2025, 6, 20), 180),
    ],
)
def test_counts_of_a_window_match_sets_of_customers(marts, merchant, start, end, lapse):
    history = facts(marts.orders, marts.order_categories, Scope(start, end), history=True)
    found = one_row(customer_counts(history, start, end, Windows(lapse_days=lapse)))
    assert found == oracle(merchant.orders, start, end, lapse)


def test_the_rate_of_each_group_is_that_of_its_own_customers(marts, merchant):
    start, end, lapse = date(2025, 1, 1), date(2025, 3, 31), 120
    history = facts(marts.orders, marts.order_categories, Scope(start, end), history=True)
    groups = marts.customer_summary.filter(marts.customer_summary.region_code.notnull())
    found = frame(kept_by(history, groups, "region_code", start, end, Windows(lapse_days=lapse)))
    homes = merchant.customer_summary.set_index("customer_key")["region_code"]
    assert len(found) == homes.nunique()
    for row in found.itertuples():
        theirs = homes[homes == row.region_code].index
        orders = merchant.orders[merchant.orders["customer_key"].isin(theirs)]
        expected = oracle(orders, start, end, lapse)
        assert (row.active_start, row.kept) == (expected["active_start"], expected["kept"])


def test_retention_from_orders_follows_the_formula(marts):
    scope = Scope(date(2025, 1, 1), date(2025, 3, 31))
    history = facts(marts.orders, marts.order_categories, scope, history=True)
    found = one_row(customer_counts(history, scope.start, scope.end, Windows()))
    counts, rate = from_counts(found), rate_figure(found)
    assert counts.kept == counts.end - counts.new - counts.won_back
    assert rate.value == counts.rate


def test_without_a_day_before_the_window_the_rate_is_a_dash_with_a_reason(marts):
    scope = Scope(date(2023, 1, 5), date(2025, 6, 20))
    history = facts(marts.orders, marts.order_categories, scope, history=True)
    rate = rate_figure(one_row(customer_counts(history, scope.start, scope.end, Windows())))
    assert (rate.value, rate.reason) == (None, "no_history")


def test_came_back_counts_only_customers_who_had_time(marts, merchant):
    until = date(2025, 3, 1)
    found = frame(came_back(marts.customer_summary, "first_channel", until))
    table = merchant.customer_summary
    table = table[[day is not None and day <= until for day in table["first_day"]]]
    expected = table.groupby("first_channel", dropna=False)["orders"].agg(
        ["size", lambda orders: (orders >= 2).sum()]
    )
    assert {
        (value if pd.notna(value) else None): (customers, repeaters)
        for value, customers, repeaters in found[["value", "customers", "repeaters"]].itertuples(index=False)
    } == {(k if pd.notna(k) else None): tuple(v) for k, v in expected.T.to_dict("list").items()}
