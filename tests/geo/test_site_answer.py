"""The whole answer: every pair of sites as the oracle, sums that add up, a check on raw customers."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from geo.captured import outcome
from geo.market import distances
from geo.site_answer import (
    Ask,
    choose,
    losses_by_site,
    raw_check,
    results,
    yearly_costs,
)
from geo.site_compare import best_refurbishment, compare
from geo.site_economics import Costs
from geo.site_forecast import forecast
from geo.site_scoring import score
from geo.validation import ForecastError
from tests.geo.huff_points import market as a_market
from tests.geo.huff_points import outside, pulls

BETA = 1.5
ERROR = ForecastError(9, 0.3, 0.2, "reliable")


@pytest.fixture(scope="module")
def place():
    chance = np.random.default_rng(11)
    n, m, c = 60, 3, 9
    lat, lon = chance.uniform(2.5, 4, n), chance.uniform(101, 102.5, n)
    stores = pd.DataFrame({"lat": chance.uniform(2.6, 3.9, m), "lon": chance.uniform(101.1, 102.4, m)})
    sites = pd.DataFrame({"lat": chance.uniform(2.6, 3.9, c), "lon": chance.uniform(101.1, 102.4, c)})
    market = a_market(
        lat,
        lon,
        chance.uniform(0, 5e4, (n, m)),
        chance.integers(1, 40, n).astype(float),
        pulls(np.ones(m), distances(lat, lon, stores), beta=BETA),
        np.full(n, outside()),
    )
    return market, stores, sites, pulls(np.ones(c), distances(lat, lon, sites), beta=BETA)


def ask(objective="captured", count=2, budget=None) -> Ask:
    return Ask(count, objective, 30.0, 0.4, 36.0, budget)


def weighted(market) -> pd.DataFrame:
    return pd.DataFrame({"lat": market.lat, "lon": market.lon, "weight": market.customers})


def test_the_shortest_way_is_that_of_every_pair(place):
    market, stores, sites, pull = place
    found = choose(market, sites, pull, stores, weighted(market), [Costs()] * 9, ask("distance"))
    km = distances(market.lat, market.lon, pd.concat([stores, sites], ignore_index=True))
    best = min(
        float(market.customers @ km[:, [0, 1, 2, 3 + a, 3 + b]].min(axis=1))
        for a, b in combinations(range(9), 2)
    )
    assert found.objective == pytest.approx(best / market.customers.sum())
    assert found.bound <= found.objective + 1e-9
    assert found.today >= found.objective
    assert found.proved


def test_the_most_covered_is_that_of_every_pair(place):
    market, stores, sites, pull = place
    found = choose(market, sites, pull, stores, weighted(market), [Costs()] * 9, ask("coverage"))
    near = distances(market.lat, market.lon, pd.concat([stores, sites], ignore_index=True)) <= 30
    best = max(
        float(market.customers @ near[:, [0, 1, 2, 3 + a, 3 + b]].any(axis=1))
        for a, b in combinations(range(9), 2)
    )
    assert found.objective == pytest.approx(best / market.customers.sum())
    assert found.proved


def test_value_counts_margin_rent_fixed_costs_and_the_set_up_over_the_hurdle(place):
    market, stores, sites, pull = place
    costs = [Costs(rent=1000.0 + 100 * j, set_up=36_000.0, fixed=500.0) for j in range(9)]
    found = choose(market, sites, pull, stores, weighted(market), costs, ask())
    values = []
    for k in range(3):
        for chosen in combinations(range(9), k):
            paid = sum(12 * (costs[j].rent + 500 + 1000) for j in chosen)
            values.append(0.4 * outcome(market, pull, chosen).net - paid)
    assert found.objective == pytest.approx(max(values))
    assert found.with_rent
    assert found.gap == 0


def test_an_unknown_rent_leaves_rent_out_for_all():
    costs = [Costs(rent=None, fixed=10.0), Costs(rent=500.0, fixed=20.0)]
    yearly, with_rent = yearly_costs(costs, 12.0)
    assert yearly.tolist() == [120.0, 240.0]
    assert not with_rent


def test_no_candidate_and_no_demand_are_said(place):
    market, stores, sites, pull = place
    with pytest.raises(ValueError, match="no candidate"):
        choose(market, sites.head(0), pull[:, :0], stores, weighted(market), [], ask())
    with pytest.raises(ValueError, match="another weight"):
        choose(
            market, sites, pull, stores, weighted(market).assign(weight=0.0), [Costs()] * 9, ask("distance")
        )


def test_losses_of_a_site_add_up_to_those_of_the_set(place):
    market, _, _, pull = place
    found = outcome(market, pull, [2, 5])
    assert losses_by_site(market, pull, [2, 5]).sum(axis=0) == pytest.approx(found.losses)


def test_a_result_is_the_forecast_of_what_is_captured(place):
    market, _, _, pull = place
    costs = [Costs(rent=10.0, set_up=100.0, fixed=5.0)] * 9
    (one, two) = results(market, pull, [2, 5], costs, ask(), ERROR)
    found = outcome(market, pull, [2, 5])
    assert one.sales == pytest.approx(tuple(forecast(found.captured[0], ERROR)))
    kept = 1 - losses_by_site(market, pull, [2, 5])[1].sum() / found.captured[1]
    assert two.net[0] == pytest.approx(0.4 * forecast(found.captured[1], ERROR)[0] * kept - 180)
    assert two.losses.sum() == pytest.approx(two.sales[1] * (1 - kept))
    assert max(one.index, two.index) == pytest.approx(100.0)


def test_without_a_tested_error_no_sales_are_told(place):
    market, _, _, pull = place
    (only,) = results(market, pull, [3], [Costs()] * 9, ask(), None)
    assert (only.sales, only.net, only.economics) == (None, None, None)
    assert only.index == 100


def test_options_are_compared_with_nothing_and_a_refurbishment(place):
    market, _, _, pull = place
    costs = [Costs(rent=0.0, set_up=0.0, fixed=0.0)] * 8 + [Costs(rent=1e9, set_up=0.0, fixed=0.0)]
    store = best_refurbishment(market, 1.3)
    found = compare(market, pull, [0, 8], costs, ask(), ERROR, refurbish=(store, 1.3, 0.0))
    assert [option.code for option in found.options] == ["site", "site", "refurbish", "nothing"]
    assert found.beats[0, 3] == 1  # costs nothing, brings something
    assert found.beats[1, 3] == 0
    assert found.beats + found.beats.T == pytest.approx(np.ones((4, 4)))
    assert found.options[3].net == (0.0, 0.0, 0.0)


def test_cells_that_are_single_customers_have_no_error_of_aggregation(place):
    market, stores, sites, pull = place
    cells = weighted(market).rename(columns={"weight": "customers"})
    found = raw_check(cells, market, pull, lambda: [(market, pull)], [1, 2], stores, sites)
    assert found.km_error == pytest.approx(0)
    assert found.lost_error == pytest.approx(0)
    assert found.customers == market.customers.sum()


def test_a_store_is_scored_at_three_six_and_twelve_months():
    days = pd.date_range("2026-01-10", "2026-09-30")
    daily = pd.DataFrame({"day": days, "revenue": 100.0})
    found = score(daily, date(2026, 1, 10), date(2026, 9, 30), (20_000.0, 36_500.0, 60_000.0))
    assert found[0].actual == 100 * 90  # 10 January to 9 April
    assert found[0].expected[1] == pytest.approx(9_000)
    assert found[0].inside
    assert found[1].actual == 100 * 181
    assert (found[2].actual, found[2].inside) == (None, None)
