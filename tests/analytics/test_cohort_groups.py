"""Cohorts broken down, put side by side, and set against what they cost."""

from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest

from analytics import cohort_groups, cohorts
from analytics.cohort_cost import against_cost, costs, payback
from analytics.cohort_groups import OTHERS, difference, pooled, side_by_side, triangles_by, wilson
from analytics.results import frame
from analytics.scope import Scope, matching

AS_OF = date(2025, 6, 20)
SCOPE = Scope(date(2023, 1, 5), AS_OF)


def by_region(marts, view="classic"):
    activity = cohorts.activity_from_months(matching(marts.customer_month, SCOPE))
    summary = marts.customer_summary
    activity = cohorts.with_value(activity, summary.select("customer_key", value=summary.region_code))
    last = frame(cohorts.last_seen(activity, ("value",))) if view == "unbounded" else None
    return frame(cohorts.cells(activity, ("value",))), last


@pytest.mark.parametrize("view", ["classic", "unbounded"])
def test_each_value_has_the_triangle_of_its_own_customers(marts, view):
    found = triangles_by(*by_region(marts, view), partial(_lay_out))
    activity = cohorts.activity_from_months(matching(marts.customer_month, SCOPE))
    for value in ("MY-10", ""):
        summary = marts.customer_summary
        mine = summary.region_code.isnull() if value == "" else summary.region_code == value
        alone = cohorts.triangle_of(activity.semi_join(summary.filter(mine), "customer_key"), AS_OF, view)
        part = found[found["value"] == value].drop(columns="value").reset_index(drop=True)
        pd.testing.assert_frame_equal(part, alone, check_dtype=False)


def test_small_values_are_added_up_as_others_and_nobody_is_lost(marts):
    found, last = by_region(marts)
    whole = triangles_by(found, last, partial(_lay_out))
    few = triangles_by(found, last, partial(_lay_out), most_groups=2)
    assert list(dict.fromkeys(few["value"]))[1:] == [OTHERS]
    for measure in ("customers", "revenue"):
        assert few[measure].sum() == pytest.approx(whole[measure].sum())


def test_a_row_of_the_breakdown_is_the_weighted_average_of_its_cohorts(marts):
    triangles = triangles_by(*by_region(marts), partial(_lay_out))
    rows = pooled(triangles)
    one = triangles[(triangles["value"] == "MY-10") & (triangles["period"] == 2) & triangles["mature"]]
    row = rows[(rows["value"] == "MY-10") & (rows["period"] == 2)].iloc[0]
    assert row["rate"] == pytest.approx(one["customers"].sum() / one["size"].sum())


def test_the_rows_of_all_values_together_are_those_of_everybody(marts):
    whole = cohort_groups.overall(triangles_by(*by_region(marts), partial(_lay_out)))
    activity = cohorts.activity_from_months(matching(marts.customer_month, SCOPE))
    everybody = cohorts.averages(cohorts.triangle_of(activity, AS_OF))
    pd.testing.assert_frame_equal(whole[everybody.columns], everybody, check_dtype=False)


def _lay_out(found, last):
    return cohorts.triangle(found, AS_OF, last=last)


@pytest.mark.parametrize(
    ("hits", "sizes", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table II, method 10: cases (a) to (h)
        ((56, 48), (70, 80), 0.0524, 0.3339),
        ((9, 3), (10, 10), 0.1705, 0.8090),
        ((10, 0), (10, 10), 0.6075, 1.0000),
        ((5, 0), (56, 29), -0.0381, 0.1926),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(hits, sizes, low, high):
    found = difference(hits, sizes)
    assert found.low == pytest.approx(low, abs=6e-5)
    assert found.high == pytest.approx(high, abs=6e-5)


def test_an_empty_group_has_no_difference_and_impossible_counts_are_refused():
    assert difference((0, 1), (0, 5)) is None
    with pytest.raises(ValueError, match="between 0"):
        difference((6, 1), (5, 5))


def test_the_interval_covers_the_true_difference_in_95_of_100():
    chance = np.random.default_rng(5)
    hits = np.stack([chance.binomial(80, 0.3, 2000), chance.binomial(120, 0.2, 2000)], axis=1)
    intervals = [difference((int(a), int(b)), (80, 120)) for a, b in hits]
    covered = np.mean([found.low <= 0.1 <= found.high for found in intervals])
    assert 0.935 < covered < 0.965


def test_nobody_of_ten_may_still_be_28_percent():
    # Wilson (1927) for 0 of 10: 0 to z^2 / (n + z^2) = 0.2775
    assert wilson(0, 10) == pytest.approx((0.0, 0.0, 0.2775), abs=1e-4)


def test_two_rows_are_compared_only_where_both_have_a_number():
    one = pd.DataFrame({"period": [0, 1, 2], "customers": [80, 40, 20], "size": [80, 80, 80]})
    other = pd.DataFrame({"period": [0, 1], "customers": [90, 9], "size": [90, 90]})
    found = side_by_side(one, other)
    assert found["period"].tolist() == [0, 1]
    assert found["difference"].tolist() == pytest.approx([0.0, 0.4])
    assert found["beyond_chance"].tolist() == [False, True]
    assert side_by_side(one, other.iloc[:0]).empty


def test_costs_of_a_cohort_are_the_mean_of_the_recorded_ones(marts, merchant):
    activity = cohorts.activity_from_months(matching(marts.customer_month, SCOPE))
    members = activity.filter(activity.period == 0).select("customer_key", "cohort")
    found = costs(members, marts.customer_summary).set_index("cohort")
    table = merchant.customer_summary
    table = table[(table["kind"] != "internal") & (table["orders"] > 0)]
    cohort = [day.replace(day=1) for day in table["first_day"]]
    expected = table.assign(cohort=cohort).groupby("cohort")["acquisition_cost"]
    cost = expected.apply(lambda values: pd.to_numeric(values).mean())
    assert found["cost"].to_dict() == pytest.approx(cost.to_dict(), nan_ok=True)
    assert found["known"].sum() == table["acquisition_cost"].notna().sum()


def _cells():
    rows = [
        (date(2026, 1, 1), 0, 10, 400.0), (date(2026, 1, 1), 1, 5, 200.0),
        (date(2026, 2, 1), 0, 10, 100.0), (date(2026, 2, 1), 1, 1, 20.0),
        (date(2026, 3, 1), 0, 10, 900.0),
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=["cohort", "period", "customers", "margin"])
    return cohorts.triangle(found.assign(orders=1, revenue=0.0), date(2026, 3, 31))


def test_a_cohort_has_paid_back_when_its_margin_reaches_its_cost():
    cost = pd.DataFrame(
        {"cohort": sorted(set(_cells()["cohort"])), "customers": 10, "known": [10, 5, 0],
         "cost": [50.0, 50.0, np.nan]}
    )  # fmt: skip
    table = against_cost(_cells(), cost)
    # January: 40, then 60 a customer of 50; February: 10, then 12; March has no recorded cost.
    assert table[table["paid_back"]][["cohort", "period"]].to_numpy().tolist() == [
        [date(2026, 1, 1), 1],
        [date(2026, 1, 1), 2],
    ]
    found = payback(table, cost)
    assert (found.paid_back, found.cohorts, found.median_period) == (1, 2, 1.0)
    assert (found.known, found.customers, found.mean_cost) == (15, 30, 50.0)


def test_without_a_recorded_cost_nothing_has_paid_back():
    cost = pd.DataFrame(
        {"cohort": sorted(set(_cells()["cohort"])), "customers": 10, "known": 0, "cost": np.nan}
    )
    found = payback(against_cost(_cells(), cost), cost)
    assert (found.paid_back, found.cohorts, found.median_period, found.mean_cost) == (0, 0, None, None)


def test_the_attributes_are_columns_of_the_customers_or_the_lifecycle(marts):
    assert set(cohort_groups.ATTRIBUTES) - {"lifecycle", "first_store_id", "first_category"} <= set(
        marts.customer_summary.columns
    )
