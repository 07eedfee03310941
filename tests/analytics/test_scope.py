"""What the filter bar says, on orders; the oracle is pandas."""

from datetime import date

import pandas as pd
import pytest

from analytics.lifecycle import Windows
from analytics.results import frame
from analytics.scope import FACT_COLUMNS, Scope, currencies, facts, matching, within

START, END = date(2024, 3, 1), date(2025, 2, 28)


def counted(backend_frame):
    return len(backend_frame), round(float(backend_frame["amount"].sum()), 2)


def oracle(merchant, **filters):
    table = merchant.orders
    table = table[(table["day"] >= START) & (table["day"] <= END)]
    kinds = filters.pop("kind", ("external", "reseller", "unidentified"))
    table = table[table["kind"].isin(kinds)]
    for column, values in filters.items():
        table = table[table[column].isin(values) | (table[column].isna() & ("" in values))]
    return table


@pytest.mark.parametrize(
    ("scope", "filters"),
    [
        (Scope(START, END), {}),
        (Scope(START, END, kinds=("internal",)), {"kind": ("internal",)}),
        (Scope(START, END, channels=("web", "")), {"channel": ("web", "")}),
        (Scope(START, END, store_ids=("S1",)), {"store_id": ("S1",)}),
        (Scope(START, END, region_codes=("MY-10", "MY-14")), {"region_code": ("MY-10", "MY-14")}),
        (Scope(START, END, currency="MYR"), {}),
        (Scope(START, END, store_ids=("nowhere",)), {"store_id": ("nowhere",)}),
    ],
)
def test_facts_are_the_orders_the_filters_name(marts, merchant, scope, filters):
    found = frame(facts(marts.orders, marts.order_categories, scope))
    assert counted(found) == counted(oracle(merchant, **filters))
    assert tuple(found.columns) == FACT_COLUMNS


def test_staff_is_left_out_unless_asked_for(marts):
    found = frame(facts(marts.orders, marts.order_categories, Scope(START, END)))
    assert set(found["kind"]) == {"external", "reseller", "unidentified"}


def test_a_category_filter_keeps_one_row_per_order_with_the_money_of_the_categories(marts, merchant):
    scope = Scope(START, END, categories=("tea", "gifts"))
    found = frame(facts(marts.orders, marts.order_categories, scope))
    parts = merchant.order_categories
    parts = parts[
        parts["category"].isin(["tea", "gifts"])
        & (parts["day"] >= START)
        & (parts["day"] <= END)
        & (parts["kind"] != "internal")
    ]
    expected = parts.groupby("order_key")["amount"].sum()
    assert found["order_key"].is_unique
    pd.testing.assert_series_equal(
        found.set_index("order_key")["amount"].sort_index(), expected, check_dtype=False
    )


def test_history_leaves_only_the_start_open(marts, merchant):
    found = frame(facts(marts.orders, marts.order_categories, Scope(START, END), history=True))
    table = merchant.orders
    assert len(found) == ((table["day"] <= END) & (table["kind"] != "internal")).sum()


def test_a_segment_filter_keeps_the_orders_of_its_customers_and_drops_unidentified_sales(marts, merchant):
    scope = Scope(START, END, segments=("lapsed",))
    found = frame(facts(marts.orders, marts.order_categories, scope, windows=Windows(lapse_days=120)))
    bought = merchant.orders[merchant.orders["is_purchase"] & (merchant.orders["day"] <= END)]
    last = bought.groupby("customer_key")["day"].max()
    lapsed = [key for key, day in last.items() if (END - day).days >= 120]
    expected = oracle(merchant)
    assert counted(found) == counted(expected[expected["customer_key"].isin(lapsed)])


def test_within_filters_the_daily_mart_as_it_filters_orders(marts, merchant):
    scope = Scope(START, END, channels=("web",))
    assert frame(within(marts.daily, scope))["revenue"].sum() == pytest.approx(
        oracle(merchant, channel=("web",))["amount"].sum()
    )


def test_a_filter_a_table_cannot_carry_is_refused_rather_than_ignored(marts):
    with pytest.raises(ValueError, match="category"):
        matching(marts.orders, Scope(START, END, categories=("tea",)))
    with pytest.raises(ValueError, match="segments"):
        within(marts.orders, Scope(START, END, segments=("new",)))


def test_impossible_scopes_are_refused():
    with pytest.raises(ValueError, match="start <= end"):
        Scope(END, START)
    with pytest.raises(ValueError, match="best"):
        Scope(START, END, segments=("best",))


def test_currencies_are_listed_by_use(marts, merchant):
    assert frame(currencies(marts.orders)).to_dict("records") == [
        {"currency": "MYR", "orders": len(merchant.orders)}
    ]
