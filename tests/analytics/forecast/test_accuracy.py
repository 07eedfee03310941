"""Errors, the Gini and the rules of thumb against sums by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.forecast.accuracy import accuracy, by_frequency, gini, lift
from analytics.forecast.forecasters import rule
from analytics.forecast.histories import Histories

COUNTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30)


def brute_gini(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Over pairs: how much more the one with the better forecast brought, ties counting for nothing."""
    n, total = len(actual), actual.sum()
    better = np.sign(predicted[:, None] - predicted[None, :])
    return float((better * (actual[:, None] - actual[None, :])).sum() / 2 / (n * total))


@given(COUNTS)
def test_the_gini_is_the_sum_over_pairs(pairs):
    actual, predicted = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    if actual.sum() == 0:
        assert gini(actual, predicted) is None
    else:
        assert gini(actual, predicted) == pytest.approx(brute_gini(actual, predicted), abs=1e-12)


@given(COUNTS)
def test_no_order_has_a_higher_gini_than_the_true_one(pairs):
    actual, predicted = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    if actual.sum() > 0:
        assert gini(actual, predicted) <= gini(actual, actual) + 1e-12


def test_the_same_forecast_for_all_orders_nobody():
    assert gini(np.array([5.0, 1.0, 0.0]), np.ones(3)) == pytest.approx(0.0)


def test_errors_by_hand():
    found = accuracy(np.array([0.0, 2.0, 4.0]), np.array([1.0, 2.0, 0.0]))
    assert (found.actual, found.predicted) == (6.0, 3.0)
    assert found.total_error == pytest.approx(-0.5)
    assert found.mae == pytest.approx(5 / 3)
    assert found.rmse == pytest.approx(np.sqrt(17 / 3))


def test_an_error_against_nothing_is_unknown():
    found = accuracy(np.zeros(3), np.ones(3))
    assert (found.total_error, found.gini) == (None, None)


def test_an_empty_or_uneven_comparison_is_refused():
    for actual, predicted in ((np.zeros(0), np.zeros(0)), (np.zeros(2), np.zeros(3))):
        with pytest.raises(ValueError, match="equally long"):
            accuracy(actual, predicted)


def test_tenths_hold_everybody_once_and_average_to_one():
    actual = np.random.default_rng(3).poisson(2, 1234).astype(float)
    table = lift(actual, actual + 0.1)
    assert list(table["decile"]) == list(range(1, 11))
    assert table["customers"].sum() == 1234
    assert np.average(table["lift"], weights=table["customers"]) == pytest.approx(1.0)
    assert table["lift"].is_monotonic_decreasing


def test_fewer_than_ten_customers_make_fewer_tenths():
    table = lift(np.array([1.0, 0.0]), np.array([2.0, 1.0]))
    assert table["customers"].tolist() == [1, 1]


def test_seven_and_more_repeats_stand_together():
    table = by_frequency(np.array([0.0, 7.0, 40.0]), np.array([1.0, 2.0, 4.0]), np.array([0.0, 3.0, 3.0]))
    assert table["frequency"].tolist() == [0, 7]
    assert table["actual"].tolist() == [1.0, 3.0]


def test_rules_of_thumb_by_hand():
    history = Histories(
        np.array([4.0, 4.0, 0.0, 0.0]),
        np.array([190.0, 20.0, 0.0, 0.0]),
        np.array([200.0, 200.0, 50.0, 0.0]),
        np.zeros(4),
    )
    before = np.array([3.0, 0.0, 1.0, 0.0])
    assert rule("same_again", history, before, 100).tolist() == [3, 0, 1, 0]
    assert rule("own_rate", history, before, 100).tolist() == [2, 2, 0, 0]
    assert rule("hiatus", history, before, 100).tolist() == [2, 0, 0, 0]
    with pytest.raises(ValueError, match="own_rate"):
        rule("gut", history, before, 100)


def test_the_gini_of_many_is_that_of_a_plain_sort():
    random = np.random.default_rng(3)
    predicted = random.gamma(0.4, 2.0, 200_000) * (random.random(200_000) < 0.7)
    actual = random.poisson(predicted).astype(float)
    brought = pd.DataFrame({"p": predicted, "a": actual}).groupby("p")["a"].agg(["sum", "size"])[::-1]
    reached = brought["sum"].cumsum() / actual.sum()
    middle = reached - brought["sum"] / actual.sum() / 2
    area = float((middle * brought["size"]).sum() / len(actual))
    assert gini(actual, predicted) == pytest.approx(2 * area - 1, abs=1e-9)
