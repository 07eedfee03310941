"""New, active, loyal, lapsed: exclusive, complete, and as the windows say."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.lifecycle import CODES, Windows, assign, sizes
from analytics.results import frame, in_order
from analytics.scope import Scope, facts

END = date(2025, 3, 31)


def oracle(orders, as_of, windows):
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna() & (orders["day"] <= as_of)]
    codes = {}
    for key, days in bought.groupby("customer_key")["day"]:
        ago = [(as_of - day).days for day in days]
        if min(ago) >= windows.lapse_days:
            codes[int(key)] = "lapsed"
        elif max(ago) < windows.new_days:
            codes[int(key)] = "new"
        elif sum(days_ago < windows.loyal_days for days_ago in ago) >= windows.loyal_orders:
            codes[int(key)] = "loyal"
        else:
            codes[int(key)] = "active"
    return codes


@pytest.mark.parametrize("windows", [Windows(), Windows(30, 60, 2, 200)])
def test_every_customer_has_the_group_the_windows_say(marts, merchant, windows):
    found = frame(assign(marts.orders, END, windows))
    assert dict(zip(found["customer_key"], found["lifecycle"], strict=True)) == oracle(
        merchant.orders, END, windows
    )


@pytest.mark.parametrize("channels", [(), ("web",)])
def test_sizes_add_up_to_the_customers_and_revenue_of_the_scope(marts, merchant, channels):
    scope = Scope(date(2025, 1, 1), END, channels=channels)
    history = facts(marts.orders, marts.order_categories, scope, history=True)
    found = frame(sizes(assign(marts.orders, END, Windows()), history, scope.start))
    table = merchant.orders
    table = table[(table["kind"] != "internal") & table["customer_key"].notna() & (table["day"] <= END)]
    table = table[table["channel"].isin(channels)] if channels else table
    buyers = table[table["is_purchase"]]["customer_key"].unique()
    table = table[table["customer_key"].isin(buyers) & (table["day"] >= scope.start)]
    codes = table["customer_key"].map(oracle(merchant.orders, END, Windows()))
    expected = table.groupby(codes)["amount"].sum()
    assert found["customers"].sum() == len(buyers)
    assert found["share_of_customers"].sum() == pytest.approx(1)
    assert found["share_of_revenue"].sum() == pytest.approx(1)
    for row in found.to_dict("records"):
        assert row["revenue"] == pytest.approx(expected.get(row["lifecycle"], 0.0))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 800)), min_size=1, max_size=30),
    st.builds(Windows, st.integers(1, 400), st.integers(1, 400), st.integers(1, 6), st.integers(1, 700)),
)
def test_the_four_are_exclusive_and_complete_whatever_the_windows(duckdb, purchases, windows):
    orders = pd.DataFrame(purchases, columns=["customer_key", "ago"])
    orders["day"] = [END - timedelta(days=int(ago)) for ago in orders["ago"]]
    orders["is_purchase"] = True
    found = frame(assign(duckdb.table(orders), END, windows))
    assert sorted(found["customer_key"]) == sorted(orders["customer_key"].unique())
    assert set(found["lifecycle"]) <= set(CODES)
    assert dict(zip(found["customer_key"], found["lifecycle"], strict=True)) == oracle(orders, END, windows)


def test_groups_that_do_not_occur_are_shown_as_0():
    found = in_order(pd.DataFrame({"lifecycle": ["loyal"], "customers": [3]}), "lifecycle", CODES)
    assert found["customers"].tolist() == [0, 0, 3, 0]


def test_a_window_below_one_day_is_refused():
    with pytest.raises(ValueError, match="lapse_days must be at least 1; got 0"):
        Windows(lapse_days=0)
