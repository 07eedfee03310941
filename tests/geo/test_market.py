"""Sensitivity, stability and comparable stores, on a market of points."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import comparable, sensitivity
from geo.captured import Market, outcome
from geo.market import competitors, distances, own_stores
from geo.site_economics import Costs
from tests.geo.huff_points import market as a_market
from tests.geo.huff_points import outside, pulls

STORES = pd.DataFrame(
    {
        "store_id": ["A", "B", "R", "X"],
        "name": ["Aa", "Bb", "Rr", "Xx"],
        "lat": [3.0, 3.5, 3.1, np.nan],
        "lon": [101.0, 101.5, 101.1, np.nan],
        "owner": ["own", "own", "competitor", "own"],
        "size_m2": [100.0, 300.0, np.nan, 50.0],
    }
)
SITES = pd.DataFrame({"lat": [3.2, 3.4, 3.21], "lon": [101.2, 101.1, 101.2]})


def place(seed: int = 0, n: int = 30) -> tuple[Market, np.ndarray]:
    chance = np.random.default_rng(seed)
    lat, lon = chance.uniform(2.9, 3.6, n), chance.uniform(100.9, 101.6, n)
    own = pulls([1.0, 3.0], distances(lat, lon, own_stores(STORES)))
    rival = pulls([1.0], distances(lat, lon, competitors(STORES)))[:, 0]
    sales = chance.uniform(0, 500, (n, 2))
    customers = chance.integers(1, 20, n).astype(float)
    made = a_market(lat, lon, sales, customers, own, rival + outside())
    return made, pulls([1.0, 2.0, 1.0], distances(lat, lon, SITES))


def test_stores_without_coordinates_are_no_stores_of_the_map():
    assert own_stores(STORES)["store_id"].tolist() == ["A", "B"]
    assert competitors(STORES)["store_id"].tolist() == ["R"]


def test_each_what_if_is_the_outcome_in_the_changed_market():
    made, pull = place()
    found = {c.code: c for c in sensitivity.cases(made, pull, 0, 0.4, Costs(10, 0, 5))}
    base = outcome(made, pull, [0])
    assert found["base"].net == pytest.approx(base.net * 0.4 - 180)
    assert found["rent_up"].net == pytest.approx(found["base"].net - 24)
    assert found["demand_down"].captured == pytest.approx(0.8 * found["base"].captured)
    by_hand = (made.spending * pull[:, 0] / (made.pull.sum(axis=1) + made.outside + 2 * pull[:, 0])).sum()
    assert found["rival"].captured == pytest.approx(by_hand)
    assert {c.net for c in sensitivity.cases(made, pull, 0, 0.4, Costs(None, 0, 5))} == {None}


def test_a_clear_winner_stays_first_and_twins_share_it():
    made, pull = place()
    found = sensitivity.stability(made, pull, [0, 1, 2], [0.0, 1e9, 1e9], 0.4)
    assert found.first[0] == 1
    assert (found.low[0], found.high[0]) == (1, 1)
    assert found.first.sum() == pytest.approx(1)
    again = sensitivity.stability(made, pull, [0, 1, 2], [0.0, 1e9, 1e9], 0.4)
    assert (again.first == found.first).all()


def test_stability_is_that_of_a_loop_over_redrawn_customers():
    made, pull = place()
    found = sensitivity.stability(made, pull, [0, 1, 2], [0.0] * 3, 0.4, repetitions=50, seed=9)
    chance = np.random.default_rng(9)
    firsts = np.zeros(3)
    counts = made.customers
    drawn = chance.poisson(counts, (50, len(counts))) / counts
    elsewhere = made.spending - made.total
    for weights in drawn:
        values = [
            sum(
                w * e * a / (b + a)
                for w, e, a, b in zip(weights, elsewhere, pull[:, j], made.against, strict=True)
            )
            for j in range(3)
        ]
        firsts[int(np.argmax(values))] += 1
    assert found.first == pytest.approx(firsts / 50)


def test_the_ranking_is_learnt_again_without_each_store():
    learnt = [place(seed) for seed in (0, 1, 2)]
    found = sensitivity.without_each_store(learnt, [0, 1, 2], [0.0] * 3, 0.4)
    values = [[0.4 * outcome(made, pull, [j]).net for j in range(3)] for made, pull in learnt]
    firsts = np.bincount(np.argmax(values, axis=1), minlength=3) / 3
    assert found.repetitions == 3
    assert found.first == pytest.approx(firsts)
    assert sensitivity.without_each_store([], [0], [0.0], 0.4) is None


def test_the_store_that_stands_where_the_site_stands_is_most_alike():
    made, _ = place()
    site = pd.DataFrame({"lat": [3.0001], "lon": [101.0001]})
    found = comparable.most_alike(site, own_stores(STORES), STORES, made, 20.0)
    assert len(found) == 2
    assert found["unlike"].is_monotonic_increasing
    assert found.loc[found["store_id"] == "A", "sales"].item() == pytest.approx(made.sales[:, 0].sum())
