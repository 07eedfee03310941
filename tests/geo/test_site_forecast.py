"""Forecasts of new stores: quantiles in closed form, and chains of a known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from geo.captured import from_surface, outcome
from geo.gravity_data import Market
from geo.gravity_surface import fit_surface
from geo.site_forecast import QUANTILES, beats, drawn_factors, forecast, moves_together
from geo.validation import ForecastError, leave_one_out
from tests.geo.test_validation import ALPHA, BETA, OUTSIDE, RATE, country, ids


def with_two_new(seed: int, stores: int = 12, noise: float = 0.4) -> tuple[Market, np.ndarray]:
    """A chain before two more stores open; their sizes, ways and true sales alone, one column each."""
    random = np.random.default_rng(seed)
    town, inhabitants = random.uniform(0, 150, (250, 2)), random.lognormal(9, 1, 250)
    shop = town[random.choice(250, stores + 2, p=inhabitants / inhabitants.sum(), replace=False)]
    far = np.maximum(np.linalg.norm(town[:, None] - (shop + 0.8)[None], axis=2), 0.5)
    size, luck = random.uniform(250, 900, stores + 2), np.exp(random.normal(0, noise, stores + 2))
    pull = size**ALPHA / far**BETA * luck
    own = pull[:, :stores]
    expected = RATE * inhabitants[:, None] * own / (own.sum(axis=1) + OUTSIDE)[:, None]
    visits = random.poisson(expected).astype(float)
    known = Market(visits, visits, size[:stores], far[:, :stores], np.ones(stores), inhabitants, floor=0.5)
    truth = [
        float((RATE * inhabitants * pull[:, j] / (own.sum(axis=1) + pull[:, j] + OUTSIDE)).sum())
        for j in (stores, stores + 1)
    ]
    return known, np.vstack((size[stores:], far[:, stores:], truth))


def test_intervals_of_new_stores_and_the_chance_of_the_better_one_hold_what_they_say() -> None:
    """The width comes from existing stores left out; what it says of stores that never were is simulated."""
    inside, claimed, right = [], [], []
    for seed in range(40):
        known, new = with_two_new(seed)
        size, far, truth = new[0], new[1:-1], new[-1]
        error = leave_one_out(known, ids(known)).error
        surface = fit_surface(known)
        zero = np.zeros(len(far))
        points = pd.DataFrame({"lat": zero, "lon": zero, "customers": zero})
        market = from_surface(surface, points, known.attraction, known.distance)
        pull = surface.pull(size, far)
        captured = np.array([outcome(market, pull, [j]).captured[0] for j in (0, 1)])
        for sold, expected in zip(truth, captured, strict=True):
            low, _, high = forecast(expected, error)
            inside.append(low <= sold <= high)
        by_point = market.spending[:, None] * pull / (market.against[:, None] + pull)
        drawn = drawn_factors(error, moves_together(by_point), draws=1000, seed=seed)
        chance = beats(drawn * captured)[0, 1]
        claimed.append(max(chance, 1 - chance))
        right.append((truth[0] > truth[1]) == (chance > 0.5))
    assert 0.7 <= np.mean(inside) <= 0.9  # 80% is claimed; 80 stores
    assert np.mean(right) == pytest.approx(np.mean(claimed), abs=0.12)


def test_the_interval_of_a_new_store_is_that_of_the_check() -> None:
    found = leave_one_out(country(9), [f"S{j}" for j in range(12)])
    assert found.error is not None
    expected = [100 * found.quantile(share) for share in QUANTILES]
    assert forecast(100.0, found.error).tolist() == pytest.approx(expected)
    assert (found.error.median_error, found.error.word) == (found.median_error, found.reliability)


def test_fewer_than_five_stores_have_no_error() -> None:
    market = country(8, stores=4)
    assert leave_one_out(market, ids(market)).error is None


def test_quantiles_are_those_of_student() -> None:
    low, middle, high = forecast(1000.0, ForecastError(8, 0.4))
    expected = stats.t(8, loc=np.log(1000), scale=0.4).ppf([0.1, 0.5, 0.9])
    assert np.log([low, middle, high]) == pytest.approx(expected)


def test_drawn_factors_have_the_quantiles_of_the_forecast() -> None:
    error = ForecastError(9, 0.3)
    drawn = drawn_factors(error, np.eye(2), draws=200_000, seed=1)
    assert np.quantile(drawn[:, 0], [0.1, 0.5, 0.9]) == pytest.approx(forecast(1.0, error), rel=0.01)


def test_one_place_beats_itself_half_the_time_and_a_little_better_always() -> None:
    error = ForecastError(9, 0.5)
    drawn = drawn_factors(error, np.ones((2, 2)))
    assert beats(drawn * [100, 100])[0, 1] == pytest.approx(0.5, abs=0.02)
    assert beats(drawn * [101, 100])[0, 1] == 1
    apart = drawn_factors(error, np.eye(2), draws=100_000)
    # independent sites: the difference of logs is t with 9 degrees of freedom, scale spread * sqrt(2)
    expected = stats.t(9).cdf(np.log(1.5) / (0.5 * np.sqrt(2)))
    assert beats(apart * [150, 100])[0, 1] == pytest.approx(expected, abs=0.01)


def test_errors_move_together_by_the_customers_two_sites_share() -> None:
    captured = np.array([[1.0, 2.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 5.0]])
    assert moves_together(captured) == pytest.approx(np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]))
