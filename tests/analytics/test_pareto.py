"""How concentrated the revenue is."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.pareto import concentration, curve, gold, ranked
from analytics.results import frame


def customers(backend, revenue):
    keys = np.arange(len(revenue))
    return backend.table(
        pd.DataFrame({"customer_key": keys, "revenue": revenue, "margin": None}).astype({"margin": float})
    )


def test_ten_customers_whose_top_two_bring_800_of_1000_have_a_top_share_of_80_percent(backend):
    found = concentration(ranked(customers(backend, [500.0, 300.0] + [25.0] * 8)))
    assert (found.gold_customers, found.gold_value, found.total) == (2, 800.0, 1000.0)
    assert found.gold_share.value == 0.8
    assert found.smallest_share.value == 0.2


def test_the_merchant_matches_pandas(marts, merchant):
    table = merchant.customer_summary
    bought = marts.customer_summary.filter(marts.customer_summary.orders > 0)
    values = table[table["orders"] > 0].sort_values(["revenue", "customer_key"], ascending=[False, True])
    count = -(-len(values) // 5)
    ranks = ranked(bought)
    found = concentration(ranks)
    cumulative = values["revenue"].astype(float).cumsum()
    assert found.gold_share.value == pytest.approx(cumulative.iloc[count - 1] / cumulative.iloc[-1])
    needed = 1 + np.argmax(cumulative.to_numpy() >= 0.8 * cumulative.iloc[-1])
    assert found.smallest_share.value == pytest.approx(needed / len(values))
    listed = frame(gold(ranks))
    assert (
        listed.sort_values("rank")["customer_key"].tolist()
        == values["customer_key"].astype(int).tolist()[:count]
    )


@pytest.mark.parametrize("points", [7, 100, 1000])
def test_the_curve_passes_through_the_cumulative_sums(marts, merchant, points):
    bought = marts.customer_summary.filter(marts.customer_summary.orders > 0)
    found = curve(ranked(bought), points)
    values = np.sort(merchant.customer_summary.query("orders > 0")["revenue"].astype(float))[::-1]
    sums = np.concatenate([[0.0], values.cumsum()])
    assert len(found) == min(points, len(values)) + 1
    assert found["value"].tolist() == pytest.approx(sums[found["customers"]].tolist())
    assert found["share_of_value"].iloc[-1] == pytest.approx(1)


def test_gold_can_be_chosen_by_profit(marts, merchant):
    bought = marts.customer_summary.filter(marts.customer_summary.orders > 0)
    found = frame(gold(ranked(bought, "margin")))
    best = merchant.customer_summary.query("orders > 0")["margin"].astype(float).nlargest(len(found)).sum()
    assert found["value"].sum() == pytest.approx(best)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_the_best_bring_at_least_their_share_and_never_more_than_all(duckdb, revenue):
    ranks = ranked(customers(duckdb, [float(value) for value in revenue]))
    found = concentration(ranks)
    assert found.gold_customers == -(-len(revenue) // 5)
    if sum(revenue):
        assert found.gold_customers / len(revenue) - 1e-9 <= found.gold_share.value <= 1 + 1e-9
        line = curve(ranks)
        assert (line["share_of_value"].diff().dropna() >= -1e-12).all()
    else:
        assert found.gold_share.reason == "not_computable"


def test_no_customers_have_no_share(backend):
    table = customers(backend, [1.0])
    ranks = ranked(table.filter(table.revenue > 5))
    found = concentration(ranks)
    assert (found.customers, found.gold_share.value) == (0, None)
    assert curve(ranks)["customers"].tolist() == [0]


def test_unknown_measures_and_percents_are_refused(duckdb):
    table = customers(duckdb, [1.0])
    with pytest.raises(ValueError, match="revenue"):
        ranked(table, "charm")
    with pytest.raises(ValueError, match="between 1 and 100"):
        gold(ranked(table), 0)
