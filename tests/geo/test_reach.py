"""Budgeted coverage against every choice of places, and places from a file."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.distance import haversine_km
from geo.reach import best_reach, circle, within_reach
from geo.reach_places import places_of


@st.composite
def problems(draw):
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 7))
    within = np.array(draw(st.lists(st.booleans(), min_size=n * m, max_size=n * m))).reshape(n, m)
    weight = np.array(draw(st.lists(st.sampled_from([0.0, 1.0, 2.5, 40.0]), min_size=n, max_size=n)))
    cost = np.array(draw(st.lists(st.sampled_from([0.5, 1.0, 3.0, 7.0]), min_size=m, max_size=m)))
    return within, weight, cost, draw(st.sampled_from([0.4, 1.0, 3.5, 8.0, 100.0]))


@settings(max_examples=150)
@given(problems())
def test_small_budgets_are_spent_as_well_as_can_be_and_bounded(problem):
    within, weight, cost, budget = problem
    found = best_reach(*problem)
    choices = (list(s) for k in range(len(cost) + 1) for s in itertools.combinations(range(len(cost)), k))
    best = max(weight[within[:, s].any(axis=1)].sum() for s in choices if cost[s].sum() <= budget + 1e-9)
    assert found.objective == pytest.approx(best)
    assert found.upper_bound >= best - 1e-6 * best
    assert found.proved
    assert cost[found.places].sum() <= budget * (1 + 1e-6)
    assert (found.covered == within[:, found.places].any(axis=1)).all()
    if len(found.places):
        assert found.reach[-1] == pytest.approx(found.objective)
        assert (np.diff(found.reach) >= 0).all()
        assert found.cost[-1] == pytest.approx(cost[found.places].sum())


def test_a_larger_problem_is_bounded_and_more_money_reaches_no_fewer():
    chance = np.random.default_rng(1)
    lat, lon = chance.normal(3, 0.3, 4_000), chance.normal(101, 0.3, 4_000)
    spots = chance.choice(4_000, 120, replace=False)
    within = within_reach(lat, lon, lat[spots], lon[spots], 6.0)
    cost, weight = chance.uniform(50, 500, 120), np.ones(4_000)
    plans = [best_reach(within, weight, cost, budget, time_limit=3) for budget in (500, 1_500, 4_000)]
    assert all(plan.gap < 0.05 for plan in plans)
    assert plans[0].objective < plans[1].objective < plans[2].objective


def test_money_left_over_bounds_nothing_where_it_buys_no_further_place():
    within = np.zeros((30, 3), dtype=bool)
    within[:12, 0], within[8:20, 1], within[18:26, 2] = True, True, True
    one = best_reach(within, np.ones(30), [1_000.0] * 3, 1_900.0)
    assert (one.objective, one.upper_bound) == (12.0, 12.0)
    two = best_reach(within, np.ones(30), [1_000.0] * 3, 2_999.0)
    assert (two.objective, two.upper_bound) == (20.0, 20.0)


def test_one_dear_place_beats_many_cheap_ones_where_it_reaches_more():
    within = np.zeros((12, 3), dtype=bool)
    within[:10, 0], within[10, 1], within[11, 2] = True, True, True
    found = best_reach(within, np.ones(12), [100.0, 1.0, 1.0], 100.0)
    assert found.places.tolist() == [0]


def test_within_reach_is_the_distance():
    chance = np.random.default_rng(3)
    lat, lon = chance.uniform(-89, 89, 60), chance.uniform(-180, 180, 60)
    found = within_reach(lat, lon, lat[:9], lon[:9], 3_000.0)
    assert (found == (haversine_km(lat[:, None], lon[:, None], lat[:9], lon[:9]) <= 3_000.0)).all()
    assert not within_reach([np.nan], [0.0], [0.0], [0.0], 10.0).any()


def test_a_circle_is_round_on_the_globe():
    corners = np.array(circle(60.0, 10.0, 25.0).exterior.coords)
    assert np.allclose(haversine_km(corners[:, 1], corners[:, 0], 60.0, 10.0), 25.0)


def test_nothing_to_pay_for_and_nobody_to_reach():
    assert best_reach(np.ones((2, 1), dtype=bool), [1, 1], [10.0], 5.0).objective == 0
    empty = best_reach(np.zeros((2, 1), dtype=bool), [1, 1], [1.0], 5.0)
    assert (empty.objective, empty.gap, empty.proved, len(empty.places)) == (0.0, 0.0, True, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, -1.0], [1.0], 5.0), "weights that are finite"),
        (([1.0, 1.0], [0.0], 5.0), "above 0"),
        (([1.0, 1.0], [1.0], 0.0), "budget above 0"),
        (([1.0], [1.0], 5.0), "one weight a row"),
    ],
)
def test_what_cannot_be_bought_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        best_reach(np.ones((2, 1), dtype=bool), *arguments)
    with pytest.raises(ValueError, match="radius above 0"):
        within_reach([0.0], [0.0], [0.0], [0.0], 0.0)


def test_places_of_a_file_are_read_or_refused():
    rows = {
        "Latitude": ["3.1", "x", "3.2", "99"],
        "LNG": ["101", "1", "101.5", "1"],
        "kos": ["5", "5", "0", "5"],
    }
    found, refused = places_of(pd.DataFrame(rows))
    assert [(each.name, each.lat, each.cost) for each in found] == [("2", 3.1, 5.0)]
    assert [(each.row, each.reason) for each in refused] == [
        (3, "coordinates"),
        (4, "cost"),
        (5, "coordinates"),
    ]
    with pytest.raises(ValueError, match="cost"):
        places_of(pd.DataFrame({"lat": ["1"], "lon": ["2"]}))
    with pytest.raises(ValueError, match="at most 2000"):
        places_of(pd.DataFrame({"lat": ["1"] * 2001, "lon": ["2"] * 2001, "cost": ["3"] * 2001}))


@pytest.mark.parametrize(
    ("price", "degrees"), [("1.500", "3.107"), ("1,500", "3,107"), ("1.500", "3"), ("1,500", "3")]
)
def test_a_price_that_can_be_read_in_two_ways_is_refused_and_not_guessed(price, degrees):
    rows = pd.DataFrame({"lat": [degrees, degrees], "lon": ["101", "101"], "cost": [price, "1500"]})
    found, refused = places_of(rows)
    assert [place.cost for place in found] == [1500.0]
    assert [(each.row, each.reason) for each in refused] == [(2, "cost")]


@pytest.mark.parametrize(
    ("price", "lat", "read"),
    [
        ("1.500", "3,107", 1500.0),
        ("1,500", "3.107", 1500.0),
        ("12.345.678", "3.107", 12_345_678.0),
        ("2.500.000,50", "3,107", 2_500_000.5),
        ("2,500,000.50", "3,107", 2_500_000.5),
        ("12,5", "3,107", 12.5),
        ("12,5", "3.107", 12.5),
        ("RM 1500", "3.107", 1500.0),
        ("Rp2.500.000", "3,107", 2_500_000.0),
        ("IDR 2500000", "3,107", 2_500_000.0),
        ("1 500", "3,107", 1500.0),
        ("1,50,000", "3.107", None),
        ("1_000", "3.107", None),
        ("inf", "3.107", None),
        ("nan", "3.107", None),
        ("True", "3.107", None),
        ("-5", "3.107", None),
    ],
)
def test_decimal_commas_and_points_are_read_alike(price, lat, read):
    found, refused = places_of(pd.DataFrame({"lat": [lat], "lon": ["101"], "kos (RM)": [price]}))
    assert [place.cost for place in found] == ([] if read is None else [read])
    assert [place.lat for place in found] == ([] if read is None else [3.107])
    assert len(refused) == (read is None)


@pytest.mark.parametrize("cell", ["3,1,4", "3.1,4", "1_0", "nan", "", "True", "3\u00b06'"])
def test_coordinates_that_are_none_are_refused(cell):
    found, refused = places_of(pd.DataFrame({"lat": [cell], "lon": ["101,5"], "cost": ["5"]}))
    assert not found
    assert refused[0].reason == "coordinates"
