"""Historical value, and the merchant's own inputs for the calculators."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.lifecycle import Windows, assign
from analytics.results import frame, one_row
from analytics.scope import Scope, facts
from analytics.value import by, distribution, merchant_inputs, overall, per_customer, summary_value

FIRST, AS_OF = date(2023, 1, 5), date(2025, 6, 20)
SCOPE = Scope(date(2024, 1, 1), AS_OF)


def scoped(marts, **more):
    return facts(marts.orders, marts.order_categories, SCOPE, **more)


def oracle(merchant, start=SCOPE.start):
    table = merchant.orders
    known = table[(table["kind"] != "internal") & table["customer_key"].notna() & (table["day"] >= start)]
    grouped = known.groupby("customer_key")
    result = grouped[["amount", "margin"]].sum(min_count=1)
    result["orders"] = grouped["is_purchase"].sum()
    return result[result["orders"] > 0].rename(columns={"amount": "revenue"})


def test_value_per_customer_matches_pandas(marts, merchant):
    found = frame(per_customer(scoped(marts))).set_index("customer_key").sort_index()
    expected = oracle(merchant)
    for column in ("orders", "revenue", "margin"):
        assert found[column].tolist() == pytest.approx(expected[column].tolist(), nan_ok=True)


def test_the_summary_says_the_same_over_all_time(marts, merchant):
    found = one_row(overall(summary_value(marts.customer_summary)))
    table = merchant.customer_summary.query("orders > 0")
    assert found["customers"] == len(table)
    assert found["revenue"] == pytest.approx(table["revenue"].sum())
    assert found["median_revenue"] == pytest.approx(np.median(table["revenue"].astype(float)))


@pytest.mark.parametrize("dimension", ["lifecycle", "region_code"])
def test_value_by_group_adds_up_to_all(marts, merchant, dimension):
    attributes = marts.customer_summary
    if dimension == "lifecycle":
        attributes = assign(marts.orders, AS_OF, Windows())
    found = frame(by(per_customer(scoped(marts)), attributes, dimension))
    expected = oracle(merchant)
    assert found["customers"].sum() == len(expected)
    assert found["revenue"].sum() == pytest.approx(expected["revenue"].sum())
    if dimension == "region_code":
        regions = merchant.customer_summary.set_index("customer_key")["region_code"]
        grouped = expected.groupby(regions.reindex(expected.index), dropna=False)["revenue"]
        medians = {key if pd.notna(key) else None: value for key, value in grouped.median().items()}
        for row in found.to_dict("records"):
            key = row["value"] if pd.notna(row["value"]) else None
            assert row["median_revenue"] == pytest.approx(medians[key])


def test_brackets_hold_every_customer_once(marts, merchant):
    found = distribution(per_customer(scoped(marts)))
    revenue = oracle(merchant)["revenue"]
    for row in found.to_dict("records"):
        inside = revenue[(revenue >= row["low"]) & (revenue < row["high"])]
        assert row["customers"] == len(inside)
        assert row["total"] == pytest.approx(inside.sum())
    assert found["customers"].sum() == len(revenue)


def test_no_customers_have_no_brackets(backend):
    table = backend.table(pd.DataFrame({"customer_key": [1], "revenue": [5.0], "orders": [1]}))
    assert distribution(table.filter(table.revenue > 9)).empty


def test_inputs_for_the_calculators_come_from_the_last_year(marts, merchant):
    found = merchant_inputs(scoped(marts, history=True), AS_OF, FIRST, marts.customer_summary)
    table = merchant.orders[merchant.orders["kind"] != "internal"]
    late, early = AS_OF - timedelta(days=365), AS_OF - timedelta(days=730)
    bought = table[table["is_purchase"] & table["customer_key"].notna()]
    this = set(bought[bought["day"] > late]["customer_key"])
    before = set(bought[(bought["day"] <= late) & (bought["day"] > early)]["customer_key"])
    year = table[table["day"] > late]
    known = year[year["customer_key"].notna()]
    with_margin = year[year["margin"].notna()]
    costs = merchant.customer_summary["acquisition_cost"].astype(float)
    assert {code: figure.value for code, figure in found.items()} == pytest.approx(
        {
            "customers": len(this),
            "average_order": known["amount"].sum() / known["is_purchase"].sum(),
            "orders_per_year": known["is_purchase"].sum() / len(this),
            "margin_rate": with_margin["margin"].sum() / with_margin["amount"].sum(),
            "retention": len(this & before) / len(before),
            "acquisition_cost": costs.mean(),
        }
    )


def test_inputs_that_the_data_cannot_carry_say_why(marts):
    found = merchant_inputs(scoped(marts, history=True), AS_OF, AS_OF - timedelta(days=200))
    assert {code: figure.reason for code, figure in found.items() if figure.reason} == {
        "orders_per_year": "short_history",
        "retention": "short_history",
        "acquisition_cost": "no_cost",
    }
    empty = merchant_inputs(scoped(marts), date(2020, 1, 1), date(2010, 1, 1))
    assert {code: figure.reason for code, figure in empty.items() if figure.reason} == {
        "average_order": "no_orders",
        "orders_per_year": "no_customers",
        "margin_rate": "no_margin",
        "retention": "no_history",
        "acquisition_cost": "no_cost",
    }
