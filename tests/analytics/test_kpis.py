"""Headline numbers: one window, both sources, both engines."""

from datetime import date, timedelta

import pytest

from analytics.figures import Figure, delta
from analytics.kpis import CODES, SUMS, deltas, headline, identification, sums_of
from analytics.results import frame, one_row
from analytics.scope import Scope

FIRST = date(2023, 1, 5)
WINDOW = Scope(date(2024, 7, 1), date(2025, 3, 31))


def numbers(marts, scope, **more):
    return headline(marts.orders, marts.order_categories, marts.daily, scope, **more)


def test_headline_matches_pandas(marts, merchant):
    found = numbers(marts, WINDOW, first_day=FIRST)
    table = merchant.orders[merchant.orders["kind"] != "internal"]
    bought = table[table["is_purchase"]]
    lapse = WINDOW.end - timedelta(days=180)
    active = bought[(bought["day"] > lapse) & (bought["day"] <= WINDOW.end)]["customer_key"].nunique()
    table = table[(table["day"] >= WINDOW.start) & (table["day"] <= WINDOW.end)]
    bought = table[table["is_purchase"]]
    known = table[table["customer_key"].notna()]
    times = bought["customer_key"].value_counts()
    expected = {
        "revenue": table["amount"].sum(),
        "orders": len(bought),
        "customers": bought["customer_key"].nunique(),
        "new": (table["nth"] == 1).sum(),
        "active": active,
        "repeat_rate": (times >= 2).sum() / len(times),
        "average_order": table["amount"].sum() / len(bought),
        "existing_share": table["amount"][table["nth"] > 1].sum() / known["amount"].sum(),
        "identification_rate": bought["customer_key"].notna().sum() / len(bought),
    }
    for code, value in expected.items():
        assert found[code].value == pytest.approx(value), code
    assert found["retention_rate"].value == found.retention.rate
    assert [figure.code for figure in found] == list(CODES)


@pytest.mark.parametrize("by", [(), ("channel",), ("store_id",), ("region_code", "kind")])
def test_sums_from_the_daily_mart_equal_sums_from_the_orders(marts, merchant, by):
    every_category = tuple(merchant.order_categories["category"].unique())
    from_daily = sums_of(marts.orders, marts.order_categories, marts.daily, WINDOW, by=by)
    scope = Scope(WINDOW.start, WINDOW.end, categories=every_category)
    from_orders = sums_of(marts.orders, marts.order_categories, marts.daily, scope, by=by)
    first, second = (
        frame(table).sort_values(list(by)) if by else frame(table) for table in (from_daily, from_orders)
    )
    for name in SUMS:
        assert first[name].tolist() == pytest.approx(second[name].tolist()), name


def test_identification_is_told_by_channel(marts, merchant):
    sums = sums_of(marts.orders, marts.order_categories, marts.daily, WINDOW, by=("channel",))
    found = frame(identification(sums)).set_index("channel")["identification_rate"]
    table = merchant.orders
    table = table[
        (table["kind"] != "internal")
        & table["is_purchase"]
        & (table["day"] >= WINDOW.start)
        & (table["day"] <= WINDOW.end)
    ]
    expected = table["customer_key"].notna().groupby(table["channel"]).mean()
    for channel, rate in expected.items():
        assert found[channel] == pytest.approx(rate)


def test_an_empty_window_gives_0_for_counts_and_a_dash_with_a_reason_for_ratios(marts):
    found = numbers(marts, Scope(date(2030, 1, 1), date(2030, 1, 31)))
    assert [found[code].value for code in ("revenue", "orders", "customers", "new")] == [0, 0, 0, 0]
    assert {
        code: found[code].reason
        for code in (
            "average_order",
            "repeat_rate",
            "retention_rate",
            "existing_share",
            "identification_rate",
        )
    } == {
        "average_order": "no_orders",
        "repeat_rate": "no_customers",
        "retention_rate": "no_history",
        "existing_share": "no_identified_revenue",
        "identification_rate": "no_orders",
    }


def test_customers_of_sales_that_are_all_unidentified_are_unknown_rather_than_0(marts):
    found = numbers(marts, Scope(WINDOW.start, WINDOW.end, kinds=("unidentified",)))
    assert found["revenue"].value > 0
    assert found["identification_rate"].value == 0
    assert {found[code].reason for code in ("customers", "new", "active")} == {"no_customers"}


def test_a_base_that_the_data_only_know_in_part_is_noted(marts):
    scope = Scope(date(2023, 3, 1), date(2023, 6, 30))
    assert numbers(marts, scope, first_day=FIRST)["retention_rate"].note == "short_history"
    assert numbers(marts, WINDOW, first_day=FIRST)["retention_rate"].note is None


def test_shares_change_in_points_and_the_rest_relatively(marts):
    now, before = numbers(marts, WINDOW), numbers(marts, WINDOW.moved_to(date(2024, 1, 1), date(2024, 6, 30)))
    found = deltas(now, before)
    assert found["repeat_rate"].value == now["repeat_rate"].value - before["repeat_rate"].value
    assert found["repeat_rate"].in_points
    assert found["revenue"].value == now["revenue"].value / before["revenue"].value - 1
    assert {each.reason for each in deltas(now, None).values()} == {"no_comparison"}


def test_a_change_from_nothing_has_no_percentage():
    assert delta(Figure("orders", 5, "count"), Figure("orders", 0, "count")).reason == "zero_before"


def test_a_missing_number_must_say_why():
    with pytest.raises(ValueError, match="either a value or a reason"):
        Figure("orders", None, "count")


def test_one_row_refuses_a_table_of_many(marts):
    with pytest.raises(ValueError, match="one row"):
        one_row(marts.cohorts)
