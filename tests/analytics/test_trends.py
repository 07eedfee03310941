"""New against existing, period by period."""

from datetime import date

import pytest

from analytics.scope import Scope
from analytics.trends import periods_of, spark_scope, trend, unit_for

SCOPE = Scope(date(2024, 7, 10), date(2025, 3, 31))


def run(marts, scope, unit):
    return trend(marts.orders, marts.order_categories, marts.daily, scope, unit)


@pytest.mark.parametrize("unit", ["day", "week", "month"])
def test_periods_match_pandas_and_leave_no_gap(marts, merchant, unit):
    found = run(marts, SCOPE, unit)
    table = merchant.orders
    table = table[(table["kind"] != "internal") & (table["day"] >= SCOPE.start) & (table["day"] <= SCOPE.end)]
    rule = {"day": "D", "week": "W-SUN", "month": "M"}[unit]
    period = table["day"].astype("datetime64[s]").dt.to_period(rule).dt.start_time.dt.date
    bought = table[table["is_purchase"] & table["customer_key"].notna()]
    customers = bought.groupby(period)["customer_key"].nunique()
    new = bought[bought["nth"] == 1].groupby(period)["customer_key"].nunique()
    revenue = table.groupby(period)["amount"].sum()
    existing = table[table["nth"] > 1].groupby(period)["amount"].sum()
    assert found["period"].tolist() == periods_of(SCOPE, unit)
    for row in found.to_dict("records"):
        day = row["period"]
        assert row["customers"] == customers.get(day, 0)
        assert row["new_customers"] == new.get(day, 0)
        assert row["existing_customers"] == customers.get(day, 0) - new.get(day, 0)
        assert row["revenue"] == pytest.approx(revenue.get(day, 0.0), abs=1e-6)
        assert row["existing_revenue"] == pytest.approx(existing.get(day, 0.0), abs=1e-6)
        assert row["new_revenue"] + row["existing_revenue"] + row["unidentified_revenue"] == pytest.approx(
            row["revenue"], abs=1e-6
        )


def test_a_month_that_is_cut_is_marked_incomplete(marts):
    found = run(marts, SCOPE, "month")
    assert found["complete"].tolist() == [False] + [True] * 8


def test_an_empty_window_has_its_periods_with_0_and_no_ratios(marts):
    found = run(marts, Scope(date(2030, 1, 1), date(2030, 3, 31)), "month")
    assert found["revenue"].tolist() == [0, 0, 0]
    assert found["average_order"].isna().all()


def test_the_unit_keeps_the_number_of_points_readable():
    assert unit_for(Scope(date(2025, 1, 1), date(2025, 1, 31))) == "day"
    assert unit_for(Scope(date(2025, 1, 1), date(2025, 5, 31))) == "week"
    assert unit_for(Scope(date(2025, 1, 1), date(2025, 12, 31))) == "month"


def test_sparklines_cover_twelve_months_to_the_end():
    found = spark_scope(SCOPE)
    assert (found.start, found.end) == (date(2024, 4, 1), SCOPE.end)
