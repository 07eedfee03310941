"""Scores read off cut-offs: equal values, equal scores."""

from bisect import bisect_left
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.results import frame
from analytics.rfm import BINS, TOLERANCE, Cutoffs, heat, measures, quantile_cutoffs, score

AS_OF = date(2025, 6, 20)


def oracle(orders):
    known = orders[orders["customer_key"].notna()]
    bought = known[known["is_purchase"]].groupby("customer_key")
    return pd.DataFrame(
        {
            "recency_days": [(AS_OF - day).days for day in bought["day"].max()],
            "frequency": bought.size(),
            "monetary_value": known.groupby("customer_key")["amount"].sum().reindex(bought.size().index),
        }
    )


def test_measures_match_pandas(marts, merchant):
    found = frame(measures(marts.orders, AS_OF)).set_index("customer_key").sort_index()
    expected = oracle(merchant.orders)
    for column in expected:
        assert found[column].tolist() == pytest.approx(expected[column].tolist())


@pytest.mark.parametrize("bins", BINS)
def test_cut_offs_are_the_linear_quantiles_of_numpy(marts, merchant, bins):
    found = quantile_cutoffs(measures(marts.orders, AS_OF), bins)
    expected = oracle(merchant.orders)
    steps = np.arange(1, bins) / bins
    for column in expected:
        assert getattr(found, column) == pytest.approx(np.quantile(expected[column], steps))


def score_of(cutoffs: Cutoffs, recency_days: float, frequency: float, money: float) -> tuple[int, int, int]:
    """One customer's scores by bisection."""
    return (
        cutoffs.bins - bisect_left(cutoffs.recency_days, recency_days - TOLERANCE),
        1 + bisect_left(cutoffs.frequency, frequency - TOLERANCE),
        1 + bisect_left(cutoffs.monetary_value, money - TOLERANCE),
    )


@pytest.mark.parametrize("bins", BINS)
def test_scores_match_the_same_rule_in_python(marts, merchant, bins):
    measured = measures(marts.orders, AS_OF)
    cutoffs = quantile_cutoffs(measured, bins)
    found = frame(score(measured, cutoffs))
    for row in found.to_dict("records"):
        scores = score_of(cutoffs, row["recency_days"], row["frequency"], row["monetary_value"])
        assert (row["r"], row["f"], row["m"]) == scores
        assert all(1 <= each <= bins for each in scores)


def test_heat_counts_every_customer_once(marts):
    measured = measures(marts.orders, AS_OF)
    found = frame(heat(score(measured, quantile_cutoffs(measured))))
    assert found["customers"].sum() == len(frame(measured))
    assert found["revenue"].sum() == pytest.approx(frame(measured)["monetary_value"].sum())


values = st.lists(st.integers(1, 6), min_size=1, max_size=40)


@settings(max_examples=30, deadline=None)
@given(values, st.sampled_from(BINS))
@example([3, 3], 3)  # DuckDB interpolates between 30 and 30 to 30.000000000000004
def test_equal_values_get_equal_scores_and_better_values_never_lower_ones(duckdb, frequencies, bins):
    table = pd.DataFrame(
        {
            "customer_key": range(len(frequencies)),
            "recency_days": frequencies,
            "frequency": frequencies,
            "monetary_value": np.array(frequencies) * 10.0,
        }
    )
    table["customer_key"] = table["customer_key"].astype(int)
    measured = duckdb.table(table)
    found = frame(score(measured, quantile_cutoffs(measured, bins))).sort_values("frequency")
    assert found.groupby("frequency")[["r", "f", "m"]].nunique().max().max() == 1
    assert found["f"].is_monotonic_increasing
    assert found["m"].is_monotonic_increasing
    assert found["r"].is_monotonic_decreasing


def test_many_one_time_buyers_share_the_lowest_frequency_score(duckdb):
    table = pd.DataFrame(
        {"customer_key": range(100), "recency_days": range(100), "frequency": [1] * 70 + [2] * 20 + [9] * 10}
    )
    table["monetary_value"] = 5.0
    measured = duckdb.table(table)
    found = frame(score(measured, quantile_cutoffs(measured)))
    assert found.groupby("frequency")["f"].unique().map(list).to_dict() == {1: [1], 2: [4], 9: [5]}
    assert set(found["m"]) == {1}


def test_without_customers_there_are_no_cut_offs(backend):
    empty = pd.DataFrame(
        {"customer_key": [1], "recency_days": [1], "frequency": [1], "monetary_value": [1.0]}
    )
    table = backend.table(empty)
    assert quantile_cutoffs(table.filter(table.frequency > 1)) is None


@pytest.mark.parametrize(
    "cutoffs",
    [
        {"recency_days": (1,), "frequency": (1,), "monetary_value": (1,)},
        {"recency_days": (1, 2), "frequency": (1, 2, 3), "monetary_value": (1, 2)},
        {"recency_days": (1, 2), "frequency": (2, 1), "monetary_value": (1, 2)},
    ],
)
def test_cut_offs_that_make_no_bins_are_refused(cutoffs):
    with pytest.raises(ValueError, match="cut-off"):
        Cutoffs(**cutoffs)
