"""The error of a forecast: from stores of a known truth, and chances in closed form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from geo.captured import Market, Rules, outcome, pulls
from geo.distance import haversine_km
from geo.site_forecast import (
    ForecastError,
    beats,
    best_validated,
    drawn_factors,
    error_of,
    forecast,
    leave_one_out,
    moves_together,
)


def simulated(stores: int = 12, noise: float = 0.3, seed: int = 3, own_share: float = 0.3) -> Market:
    """Inhabitants spend 100 a year by Huff's rule; each store is better or worse than the formula says."""
    chance = np.random.default_rng(seed)
    n, rules = 300, Rules(own_share=own_share)
    lat, lon = chance.uniform(2, 5, n), chance.uniform(101, 104, n)
    slat, slon = chance.uniform(2.2, 4.8, stores), chance.uniform(101.2, 103.8, stores)
    km = haversine_km(lat[:, None], lon[:, None], slat[None, :], slon[None, :])
    pull = pulls(np.ones(stores), km, rules)
    heads = chance.pareto(1.5, n) * 1000 + 500
    outside = np.full(n, rules.outside)
    share = pull / (pull.sum(axis=1) + outside)[:, None]
    sales = 100 * heads[:, None] * share * np.exp(chance.normal(0, noise, stores))[None, :]
    return Market(lat, lon, sales, heads / 50, pull, outside, 0.1, heads)


def test_a_store_is_forecast_without_its_own_sales():
    market = simulated()
    found = leave_one_out(market, [f"S{k}" for k in range(12)])
    changed = simulated()
    changed.sales[:, 4] *= 3
    again = leave_one_out(changed, [f"S{k}" for k in range(12)])
    assert again.loc[4, "predicted"] == pytest.approx(found.loc[4, "predicted"])
    assert again.loc[4, "actual"] == pytest.approx(3 * found.loc[4, "actual"])
    rest = market.without(4)
    by_hand = outcome(rest, market.pull[:, [4]], [0]).captured[0]
    assert found.loc[4, "predicted"] == pytest.approx(by_hand)


def test_without_noise_the_truth_is_found_and_with_noise_its_spread():
    exact = leave_one_out(simulated(noise=0.0), range(12))
    assert exact["predicted"].to_numpy() == pytest.approx(exact["actual"].to_numpy(), rel=1e-6)
    spreads = [
        error_of(leave_one_out(simulated(stores=20, noise=0.3, seed=s), range(20))).spread for s in range(15)
    ]
    # leaving a store out stretches the errors by n / (n - 1); neighbours add a little
    assert np.mean(spreads) == pytest.approx(0.3 * 20 / 19, rel=0.12)


def test_the_interval_holds_a_new_store_as_often_as_it_says():
    inside, tried = 0, 0
    for seed in range(120):
        market = simulated(stores=11, noise=0.35, seed=seed)
        known = market.without(10)
        error = error_of(leave_one_out(known, range(10)))
        captured = float(outcome(known, market.pull[:, [10]], [0]).captured[0])
        low, _, high = forecast(captured, error)
        actual = market.sales[:, 10].sum()
        inside, tried = inside + (low <= actual <= high), tried + 1
    assert inside / tried == pytest.approx(0.8, abs=0.1)


def test_fewer_than_five_stores_give_no_error_and_a_half_year_is_no_year():
    market = simulated(stores=5)
    assert error_of(leave_one_out(market, range(5))) is not None
    assert error_of(leave_one_out(market, range(5), [True] * 4 + [False])) is None


def test_quantiles_are_those_of_student():
    error = ForecastError(8, 0.1, 0.4, 0.2)
    low, middle, high = forecast(1000.0, error)
    t = stats.t(7, loc=np.log(1000) + 0.1, scale=0.4 * np.sqrt(1 + 1 / 8))
    assert np.log([low, middle, high]) == pytest.approx(t.ppf([0.1, 0.5, 0.9]))


def test_drawn_factors_have_the_quantiles_of_the_forecast():
    error = ForecastError(9, -0.2, 0.3, 0.2)
    drawn = drawn_factors(error, np.eye(2), draws=200_000, seed=1)
    expected = forecast(1.0, error)
    assert np.quantile(drawn[:, 0], [0.1, 0.5, 0.9]) == pytest.approx(expected, rel=0.01)


def test_the_common_error_makes_one_place_beat_itself_half_the_time_and_a_little_better_always():
    error = ForecastError(9, 0.0, 0.5, 0.2)
    drawn = drawn_factors(error, np.ones((2, 2)))
    assert beats(drawn * [100, 100])[0, 1] == pytest.approx(0.5, abs=0.02)
    assert beats(drawn * [101, 100])[0, 1] == 1
    apart = drawn_factors(error, np.eye(2), draws=100_000)
    # independent sites: the difference of logs is t with 8 degrees of freedom, scale spread * sqrt(2)
    expected = stats.t(8).cdf(np.log(1.5) / (0.5 * np.sqrt(2)))
    assert beats(apart * [150, 100])[0, 1] == pytest.approx(expected, abs=0.01)


def test_errors_move_together_by_the_customers_two_sites_share():
    captured = np.array([[1.0, 2.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 5.0]])
    assert moves_together(captured) == pytest.approx(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]))


def test_the_better_way_is_chosen_and_the_choice_is_tested_without_the_store():
    ids = list("abcdef")
    actual = np.array([10.0, 20, 30, 40, 50, 60])
    good = pd.DataFrame({"store_id": ids, "actual": actual, "predicted": actual * 1.3})
    bad = pd.DataFrame({"store_id": ids, "actual": actual, "predicted": [1.0, 80, 20, 300, 10, 60]})
    name, frame = best_validated({"bad": bad, "good": good})
    assert name == "good"
    assert set(frame["way"]) == {"good"}
    assert best_validated({"bad": bad.head(3), "good": good.head(3)})[0] == "bad"
