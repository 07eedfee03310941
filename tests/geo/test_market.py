"""The market from visits and stores, sensitivity, stability, comparable stores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import comparable, sensitivity
from geo.captured import Rules, outcome
from geo.cells import to_x20, to_y20
from geo.market import candidate_pulls, market, own_stores, usual_size, whole_sales
from geo.site_economics import Costs

LEVEL = 13
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


def visits(seed: int = 0, n: int = 30) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    lat, lon = chance.uniform(2.9, 3.6, n), chance.uniform(100.9, 101.6, n)
    rows = []
    for i in range(n):
        for store in ("A", "B", None, "gone"):
            rows.append(
                {
                    "x": int(to_x20(lon[i])) >> (20 - LEVEL),
                    "y": int(to_y20(lat[i])) >> (20 - LEVEL),
                    "lat": lat[i],
                    "lon": lon[i],
                    "store_id": store,
                    "customers": int(chance.integers(1, 20)),
                    "revenue": float(chance.uniform(0, 500)),
                }
            )
    return pd.DataFrame(rows)


def test_sales_of_own_stores_arrive_whole_and_nothing_else_does():
    given = visits()
    made = market(given, STORES, Rules(), yearly=2.0)
    for k, store in enumerate(("A", "B")):
        assert made.sales[:, k].sum() == pytest.approx(
            2 * given.loc[given["store_id"] == store, "revenue"].sum()
        )
    assert own_stores(STORES)["store_id"].tolist() == ["A", "B"]
    assert made.customers.sum() == given.loc[given["store_id"].isin(["A", "B"]), "customers"].sum()


def test_size_counts_against_the_median_own_store_and_an_unknown_one_is_usual():
    assert usual_size(STORES) == 100.0  # of 100, 300 and 50
    made = market(visits(), STORES, Rules(beta=0.0))
    assert made.pull[0].tolist() == [1.0, 3.0]
    assert made.outside[0] == pytest.approx(Rules(beta=0.0).outside + 1.0)


def test_inhabitants_are_joined_to_cells_and_empty_cells_are_added():
    given = visits()
    towns = pd.DataFrame({"lat": [3.05, 5.0], "lon": [101.05, 103.0], "population": [1000, 700]})
    made = market(given, STORES, Rules(), towns=towns, level=LEVEL)
    assert made.heads.sum() == 1700
    assert (made.customers[made.heads == 700] == 0).all()
    assert made.sales.sum() == pytest.approx(market(given, STORES, Rules()).sales.sum())


def test_no_store_on_the_map_is_said():
    with pytest.raises(ValueError, match="own store with coordinates"):
        market(visits(), STORES.assign(lat=np.nan), Rules())


def _sites() -> pd.DataFrame:
    return pd.DataFrame(
        {"lat": [3.2, 3.4, 3.21], "lon": [101.2, 101.1, 101.2], "size_m2": [np.nan, 200.0, 100.0]}
    )


def test_each_what_if_is_the_outcome_in_the_changed_market():
    made = market(visits(), STORES, Rules())
    pull = candidate_pulls(made, _sites(), 100.0, Rules())
    found = {c.code: c for c in sensitivity.cases(made, pull, 0, 0.4, Costs(10, 0, 5), factor=1.5)}
    base = outcome(made, pull, [0])
    assert found["base"].net == pytest.approx(1.5 * base.net * 0.4 - 180)
    assert found["rent_up"].net == pytest.approx(found["base"].net - 24)
    assert found["demand_down"].captured == pytest.approx(0.8 * found["base"].captured)
    by_hand = (made.spending * pull[:, 0] / (made.pull.sum(axis=1) + made.outside + 2 * pull[:, 0])).sum()
    assert found["rival"].captured == pytest.approx(1.5 * by_hand)
    assert {c.net for c in sensitivity.cases(made, pull, 0, 0.4, Costs(None, 0, 5))} == {None}


def test_a_clear_winner_stays_first_and_twins_share_it():
    made = market(visits(), STORES, Rules())
    pull = candidate_pulls(made, _sites(), 100.0, Rules())
    found = sensitivity.stability(made, pull, [0, 1, 2], [0.0, 1e9, 1e9], 0.4)
    assert found.first[0] == 1
    assert (found.low[0], found.high[0]) == (1, 1)
    assert found.first.sum() == pytest.approx(1)
    again = sensitivity.stability(made, pull, [0, 1, 2], [0.0, 1e9, 1e9], 0.4)
    assert (again.first == found.first).all()


def test_stability_is_that_of_a_loop_over_redrawn_customers():
    made = market(visits(), STORES, Rules())
    pull = candidate_pulls(made, _sites(), 100.0, Rules())
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
    made = market(visits(), STORES, Rules())
    pull = candidate_pulls(made, _sites(), 100.0, Rules())
    learnt = sensitivity.learnt_without(made)
    assert len(learnt) == 2
    found = sensitivity.without_each_store(learnt, pull, [0, 1, 2], [0.0] * 3, 0.4)
    assert found.repetitions == 2
    assert found.first.sum() == pytest.approx(1)


def test_the_store_that_stands_where_the_site_stands_is_most_alike():
    made = market(visits(), STORES, Rules())
    site = pd.DataFrame({"lat": [3.0001], "lon": [101.0001]})
    found = comparable.most_alike(site, STORES, made, 20.0)
    assert len(found) == 2
    assert found["unlike"].is_monotonic_increasing
    assert found.loc[found["store_id"] == "A", "sales"].item() == pytest.approx(made.sales[:, 0].sum())


def test_sales_to_nobody_known_are_spread_like_the_others_and_the_store_sells_what_it_sells():
    given = visits()
    scale = whole_sales(given, {"A": 50_000.0, "B": 9_000.0, "R": 1.0})
    made = market(given, STORES, Rules(), scale=scale)
    assert made.sales.sum(axis=0) == pytest.approx([50_000.0, 9_000.0])
    plain = market(given, STORES, Rules())
    assert made.sales[:, 0] / made.sales[:, 0].sum() == pytest.approx(
        plain.sales[:, 0] / plain.sales[:, 0].sum()
    )
    assert whole_sales(given, {}) == {}
