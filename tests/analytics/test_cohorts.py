"""The cohort triangle: classic and unbounded, with what has not happened yet left out."""

from datetime import date, timedelta

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.cohort_periods import begin, between, last_day
from analytics.cohorts import (
    activity_from_months,
    activity_from_orders,
    averages,
    cells,
    cells_from_mart,
    medians,
    triangle,
    triangle_of,
)
from analytics.results import frame
from analytics.scope import Scope, facts, matching

FIRST, AS_OF = date(2023, 1, 5), date(2025, 6, 20)
SCOPE = Scope(FIRST, AS_OF)


def three_customers(backend):
    """Three customers on day 0; one comes back on day 1, one on day 5."""
    start = date(2026, 1, 1)
    table = pd.DataFrame({"customer_key": [1, 2, 3, 1, 2], "ago": [0, 0, 0, 1, 5]})
    table["day"] = [start + timedelta(days=int(ago)) for ago in table["ago"]]
    table["month"], table["is_purchase"], table["amount"] = start, True, 10.0
    table["margin"] = 4.0
    return activity_from_orders(backend.table(table.drop(columns="ago")), unit="day")


@pytest.mark.parametrize(
    ("view", "percent"),
    [("classic", [100, 33, 0, 0, 0, 33, 0]), ("unbounded", [100, 67, 33, 33, 33, 33, 0])],
)
def test_three_customers_over_seven_days_give_the_published_percentages(backend, view, percent):
    found = triangle_of(three_customers(backend), date(2026, 1, 7), view, unit="day")
    assert [round(100 * rate) for rate in found["rate"]] == percent
    assert found["mature"].all()


def test_three_customers_in_brackets_count_once_a_bracket(backend):
    """The same three: one of them bought in days 1 to 3, another in days 4 to 6."""
    brackets = ((0, 0), (1, 3), (4, 6))
    found = triangle_of(three_customers(backend), date(2026, 1, 7), "bracket", unit="day", brackets=brackets)
    assert [round(100 * rate) for rate in found["rate"]] == [100, 33, 33]
    assert found["mature"].all()
    young = triangle_of(three_customers(backend), date(2026, 1, 6), "bracket", unit="day", brackets=brackets)
    assert young["mature"].tolist() == [True, True, False]
    whole = triangle_of(
        three_customers(backend), date(2026, 1, 7), "bracket", unit="day", brackets=((0, 0), (1, 6))
    )
    assert [round(100 * rate) for rate in whole["rate"]] == [100, 67]
    assert whole["orders"].tolist() == [3, 2]


def in_sets(orders, as_of, unit, view):
    """Return {(cohort, period): customers} of any period, by sets of periods."""
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna() & (orders["kind"] != "internal")]
    result = {}
    for _, days in bought.groupby("customer_key")["day"]:
        cohort = begin(min(days), unit)
        active = {between(cohort, day, unit) for day in days}
        for period in range(between(cohort, as_of, unit) + 1):
            there = period in active if view == "classic" else period <= max(active)
            result[cohort, period] = result.get((cohort, period), 0) + there
    return result


@pytest.mark.parametrize("view", ["classic", "unbounded"])
@pytest.mark.parametrize("unit", ["week", "quarter", "year"])
def test_weeks_quarters_and_years_match_sets_of_periods(marts, merchant, unit, view):
    history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
    found = triangle_of(activity_from_orders(history, unit), AS_OF, view, unit=unit)
    expected = in_sets(merchant.orders, AS_OF, unit, view)
    keys = list(zip(found["cohort"], found["period"], strict=True))
    assert dict(zip(keys, found["customers"], strict=True)) == expected
    assert [last_day(c, p, unit) <= AS_OF for c, p in keys] == found["mature"].tolist()


@pytest.mark.parametrize("unit", ["quarter", "year"])
def test_months_make_up_quarters_and_years_exactly(marts, unit):
    history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
    slow = triangle_of(activity_from_orders(history, unit), AS_OF, unit=unit)
    fast = triangle_of(activity_from_months(matching(marts.customer_month, SCOPE), unit), AS_OF, unit=unit)
    pd.testing.assert_frame_equal(slow, fast, check_dtype=False)


def test_weeks_are_not_made_of_months(marts):
    with pytest.raises(ValueError, match="weeks"):
        activity_from_months(marts.customer_month, "week")


def test_with_known_first_days_only_the_orders_since_the_first_cohort_are_needed(marts):
    since = date(2025, 3, 3)
    history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
    known = matching(marts.customer_summary, SCOPE)
    known = known.filter((known.orders > 0) & (known.first_day >= ibis.literal(since)))
    short = activity_from_orders(history.filter(history.day >= ibis.literal(since)), "week", known)
    fast = triangle_of(short, AS_OF, "unbounded", unit="week")
    slow = triangle_of(
        activity_from_orders(history, "week"), AS_OF, "unbounded", unit="week", first_cohort=since
    )
    pd.testing.assert_frame_equal(slow, fast, check_dtype=False)


def oracle(orders, as_of, view):
    """Return {(cohort, period): customers}, by sets."""
    bought = orders[orders["is_purchase"] & orders["customer_key"].notna() & (orders["kind"] != "internal")]
    result = {}
    for _, months in bought.groupby("customer_key")["month"]:
        first = min(months)
        active = {(m.year - first.year) * 12 + m.month - first.month for m in months}
        for period in range((as_of.year - first.year) * 12 + as_of.month - first.month + 1):
            there = period in active if view == "classic" else period <= max(active)
            result[first, period] = result.get((first, period), 0) + there
    return result


@pytest.mark.parametrize("view", ["classic", "unbounded"])
@pytest.mark.parametrize("source", ["months", "orders"])
def test_the_monthly_triangle_matches_sets_of_customers(marts, merchant, view, source):
    if source == "months":
        activity = activity_from_months(matching(marts.customer_month, SCOPE))
    else:
        history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
        activity = activity_from_orders(history)
    found = triangle_of(activity, AS_OF, view)
    expected = oracle(merchant.orders, AS_OF, view)
    keys = list(zip(found["cohort"], found["period"], strict=True))
    assert dict(zip(keys, found["customers"], strict=True)) == expected
    assert keys == sorted(expected)


def test_the_cohorts_mart_gives_the_cells_of_the_customer_months(marts):
    columns = ["cohort", "period", "customers", "orders", "revenue", "margin"]
    from_mart = frame(cells_from_mart(matching(marts.cohorts, SCOPE))).sort_values(columns[:2])[columns]
    from_months = frame(cells(activity_from_months(matching(marts.customer_month, SCOPE))))
    from_months = from_months.sort_values(columns[:2])[columns]
    pd.testing.assert_frame_equal(
        from_mart.reset_index(drop=True), from_months.reset_index(drop=True), check_dtype=False
    )


def test_revenue_of_the_triangle_is_the_revenue_of_the_purchases(marts, merchant):
    found = triangle_of(activity_from_months(matching(marts.customer_month, SCOPE)), AS_OF)
    table = merchant.customer_month[merchant.customer_month["kind"] != "internal"]
    assert found["revenue"].sum() == pytest.approx(table["revenue"].sum())
    last = found.groupby("cohort").last()
    assert last["cumulative_revenue"].sum() == pytest.approx(table["revenue"].sum())


def test_with_a_channel_the_cohort_begins_with_the_first_purchase_there(marts, merchant):
    scope = Scope(FIRST, AS_OF, channels=("web",))
    history = facts(marts.orders, marts.order_categories, scope, history=True)
    found = triangle_of(activity_from_orders(history), AS_OF)
    expected = oracle(merchant.orders[merchant.orders["channel"] == "web"], AS_OF, "classic")
    assert found["customers"].sum() == sum(expected.values())
    assert (found[found["period"] == 0]["rate"] == 1).all()


def small(as_of):
    """Two cohorts: 10 customers from January, 30 from February."""
    rows = [
        (date(2026, 1, 1), 0, 10, 10, 100.0),
        (date(2026, 1, 1), 1, 5, 5, 50.0),
        (date(2026, 1, 1), 2, 1, 1, 10.0),
        (date(2026, 2, 1), 0, 30, 30, 300.0),
        (date(2026, 2, 1), 1, 3, 3, 30.0),
    ]
    columns = ["cohort", "period", "customers", "orders", "revenue"]
    found = pd.DataFrame(rows, columns=columns)
    return triangle(found.assign(margin=found["revenue"] * 0.4), as_of)


def test_a_period_that_has_not_fully_elapsed_is_immature_and_left_out_of_the_average():
    found = small(date(2026, 3, 15))
    assert found.loc[~found["mature"], ["cohort", "period"]].to_numpy().tolist() == [
        [date(2026, 1, 1), 2],
        [date(2026, 2, 1), 1],
    ]
    mean = averages(found).set_index("period")
    assert mean["rate"].to_dict() == {0: 1.0, 1: 0.5}
    assert mean["cohorts"].to_dict() == {0: 2, 1: 1}


def test_on_the_last_day_of_a_month_its_period_is_mature_and_the_average_is_weighted_by_size():
    mean = averages(small(date(2026, 3, 31))).set_index("period")
    assert mean["rate"].to_dict() == {0: 1.0, 1: 8 / 40, 2: 0.1}
    assert mean["revenue_per_customer"][1] == 2.0


def test_in_the_median_each_cohort_counts_once():
    middle = medians(small(date(2026, 3, 31))).set_index("period")
    assert middle["rate"].to_dict() == {0: 1.0, 1: (0.5 + 0.1) / 2, 2: 0.1}
    assert middle["cohorts"].to_dict() == {0: 2, 1: 2, 2: 1}


def test_value_so_far_is_the_margin_of_this_and_all_earlier_periods():
    found = small(date(2026, 3, 31)).set_index(["cohort", "period"])["value_per_customer"]
    assert found[date(2026, 1, 1), 2] == pytest.approx((40 + 20 + 4) / 10)
    mean = averages(small(date(2026, 3, 31))).set_index("period")["value_per_customer"]
    assert mean[1] == pytest.approx((60 + 132) / 40)


def test_months_that_have_not_begun_are_no_rows():
    found = small(date(2026, 3, 15))
    assert found.groupby("cohort")["period"].max().tolist() == [2, 1]


def test_a_month_without_a_purchase_is_0_and_not_a_gap():
    found = small(date(2026, 6, 30))
    assert found[found["cohort"] == date(2026, 2, 1)]["customers"].tolist() == [30, 3, 0, 0, 0]


def test_cohorts_can_be_limited_to_a_window(marts):
    activity = activity_from_months(matching(marts.customer_month, SCOPE))
    found = triangle_of(
        activity, AS_OF, first_cohort=date(2024, 1, 1), last_cohort=date(2024, 3, 31), most_periods=6
    )
    assert sorted(set(found["cohort"])) == [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]
    assert found["period"].max() == 6


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 40)), min_size=1, max_size=40))
def test_unbounded_never_rises_and_is_never_below_classic(duckdb, purchases):
    start = date(2026, 1, 1)
    table = pd.DataFrame(purchases, columns=["customer_key", "after"])
    table["day"] = [start + timedelta(days=int(after)) for after in table["after"]]
    table["month"], table["is_purchase"], table["amount"] = start, True, 1.0
    table["margin"] = 0.4
    activity = activity_from_orders(duckdb.table(table), unit="day")
    as_of = start + timedelta(days=40)
    classic = triangle_of(activity, as_of, "classic", unit="day")
    unbounded = triangle_of(activity, as_of, "unbounded", unit="day")
    assert (unbounded["customers"] >= classic["customers"]).all()
    assert (unbounded.groupby("cohort")["customers"].diff().dropna() <= 0).all()
    assert (classic[classic["period"] == 0]["rate"] == 1).all()


def test_no_customers_make_an_empty_triangle(backend):
    activity = three_customers(backend)
    found = triangle_of(activity.filter(activity.period > 99), AS_OF)
    assert found.empty
    assert averages(found).empty


def test_an_unknown_view_is_refused(backend):
    with pytest.raises(ValueError, match="classic"):
        triangle_of(three_customers(backend), AS_OF, "bracketed")
