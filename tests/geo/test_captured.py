"""Capture under Huff: against huff_shares, against every set, and against HiGHS-free oracles."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import captured_bounds
from geo.captured import Market, alone, from_surface, outcome, refurbished
from geo.captured_bounds import relaxed_bound, submodular_bound
from geo.captured_sets import _checked, best_set
from geo.closing import close, move
from geo.gravity import huff_shares
from geo.gravity_data import Market as SeenMarket
from geo.gravity_data import Rivals
from geo.gravity_surface import Surface, assumed_surface, with_share
from tests.geo.huff_points import market, outside, pulls


def a_market(
    seed: int = 1, n: int = 40, m: int = 3, c: int = 8, heads: bool = False
) -> tuple[Market, np.ndarray]:
    chance = np.random.default_rng(seed)
    km = chance.uniform(1, 30, (n, m + c))
    pull = pulls(chance.uniform(0.5, 2, m + c), km)
    customers = chance.integers(1, 50, n).astype(float)
    sales = chance.uniform(0, 1000, (n, m)) * customers[:, None]
    made = market(
        chance.uniform(2, 4, n),
        chance.uniform(101, 103, n),
        sales,
        customers,
        pull[:, :m],
        np.full(n, outside()) * chance.uniform(0.5, 2, n),
    )
    if heads:
        made = replace(made, spending=made.total * chance.uniform(1, 9, n))
    return made, pull[:, m:]


def a_surface(seed: int, people: bool, rivals: int) -> tuple[Surface, np.ndarray, np.ndarray, np.ndarray]:
    """A surface with own stores (size, km) and five candidates among the columns behind them."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(3, 40)), int(chance.integers(1, 6))
    size, km = chance.uniform(50, 900, m + 5), chance.uniform(0.0, 60, (n, m + 5))
    km[chance.uniform(size=km.shape) < 0.1] = np.inf  # cannot be reached
    visits = chance.poisson(9.0, (n, m)).astype(float)
    against = Rivals(
        chance.uniform(50, 900, rivals), chance.uniform(0.5, 60, (n, rivals)), chance.uniform(0, 2, rivals)
    )
    heads = chance.lognormal(8, 1, n) if people else None
    known = SeenMarket(
        visits, visits * 50, size[:m], km[:, :m], np.ones(m), heads, against if rivals else Rivals(), 1.0
    )
    alpha, beta = chance.uniform(0.2, 1.5), chance.uniform(0.5, 3)
    return assumed_surface(known, float(chance.uniform(0.05, 0.95)), alpha, beta), size, km, visits


@given(
    st.integers(0, 10_000),
    st.booleans(),
    st.integers(0, 3),
    st.sets(st.integers(0, 4)),
    st.sampled_from([1.0, 1.7]),
)
def test_what_a_set_takes_is_the_surface_with_it_less_the_surface_without(
    seed, people, rivals, sites, yearly
):
    surface, size, km, visits = a_surface(seed, people, rivals)
    n, m = visits.shape
    points = pd.DataFrame({"lat": np.zeros(n), "lon": np.zeros(n), "customers": np.ones(n)})
    fast = from_surface(surface, points, size[:m], km[:, :m], yearly)
    found = outcome(fast, surface.pull(size[m:], km[:, m:]), sorted(sites))
    both = [*range(m), *(m + j for j in sorted(sites))]
    before = surface.sales(size[:m], km[:, :m]).sum(axis=0) * yearly
    after = surface.sales(size[both], km[:, both]).sum(axis=0) * yearly
    assert fast.sales.sum(axis=0) == pytest.approx(before, rel=1e-9)
    assert found.captured == pytest.approx(after[m:], rel=1e-9, abs=1e-9)
    assert found.losses == pytest.approx(before - after[:m], rel=1e-9, abs=1e-9 * max(before.sum(), 1))
    assert found.net == pytest.approx(after.sum() - before.sum(), abs=1e-9 * max(before.sum(), 1))


def test_a_lone_store_has_the_stated_share_near_it_and_all_is_sold_that_was():
    for people in (False, True):
        surface, size, km, visits = a_surface(7, people, 0)
        known = SeenMarket(
            visits,
            visits * 50,
            size[: visits.shape[1]],
            np.nan_to_num(km[:, : visits.shape[1]], posinf=80.0),
            np.ones(visits.shape[1]),
            np.full(len(visits), 500.0) if people else None,
            Rivals(),
            1.0,
        )
        moved = with_share(known, surface, 0.3)
        assert moved.lone_share(known.usual) == pytest.approx(0.3)
        assert moved.sales(known.attraction, known.distance).sum() == pytest.approx(known.sales.sum())
        with pytest.raises(ValueError, match="lone store"):
            with_share(known, surface, 1.2)


@pytest.mark.parametrize("heads", [False, True])
def test_capture_and_losses_follow_from_shares_before_and_after(heads):
    place, candidates = a_market(heads=heads)
    found = outcome(place, candidates, [1, 4])
    attraction = np.column_stack([place.pull, place.outside, candidates[:, [1, 4]]])
    after = huff_shares(attraction, np.ones_like(attraction))
    before = huff_shares(attraction[:, :4], np.ones((40, 4)))
    assert found.captured == pytest.approx(place.spending @ after[:, 4:])
    for k in range(3):
        left = place.sales[:, k] * after[:, k] / before[:, k]
        assert found.losses[k] == pytest.approx((place.sales[:, k] - left).sum())
    assert found.net == pytest.approx(found.captured.sum() - found.losses.sum())


def test_doing_nothing_changes_nothing():
    place, candidates = a_market()
    found = outcome(place, candidates, [])
    assert (found.net, found.losses.sum(), found.captured.size) == (0.0, 0.0, 0)


def test_with_nothing_bought_elsewhere_every_sale_is_taken_from_our_own():
    place, candidates = a_market()
    full = replace(place, spending=place.total)
    found = outcome(full, candidates, [0, 3])
    assert found.net == pytest.approx(0, abs=1e-6)


def test_alone_is_the_outcome_of_each_candidate():
    place, candidates = a_market()
    captured, net = alone(place, candidates)
    for j in range(candidates.shape[1]):
        found = outcome(place, candidates, [j])
        assert (captured[j], net[j]) == pytest.approx((found.captured[0], found.net))


def test_a_refurbished_store_gains_what_a_second_store_on_its_place_would():
    place, _ = a_market()
    net, change = refurbished(place, 1, 1.5)
    twin = outcome(place, 0.5 * place.pull[:, [1]], [0])
    assert net == pytest.approx(twin.net)
    assert change[0] == pytest.approx(-twin.losses[0])
    assert change[1] == pytest.approx(twin.captured[0] - twin.losses[1])
    assert refurbished(place, 1, 1.0)[0] == 0


def _brute(gain, against, pull, p, cost, spend=None, budget=np.inf):
    best = -np.inf
    for size in range(p + 1):
        for sites in combinations(range(pull.shape[1]), size):
            chosen = list(sites)
            if spend is not None and spend[chosen].sum() > budget:
                continue
            joint = pull[:, chosen].sum(axis=1)
            best = max(best, float(gain @ (joint / (against + joint)) - cost[chosen].sum()))
    return best


@given(st.integers(0, 10_000), st.integers(1, 5), st.floats(0, 3))
def test_small_sets_are_the_best_of_all_sets(seed, p, dear):
    place, candidates = a_market(seed, c=7)
    gain = place.spending - place.total
    cost = np.random.default_rng(seed).uniform(0, 1, 7) * dear * gain.sum() / 50
    found = best_set(gain, place.against, candidates, p, cost=cost)
    assert found.proved
    assert found.gap == 0
    assert found.objective == pytest.approx(_brute(gain, place.against, candidates, p, cost))


@pytest.mark.parametrize("seed", range(12))
def test_the_search_is_near_the_best_and_no_bound_is_below_it(seed, monkeypatch):
    place, candidates = a_market(seed, n=60, c=13)
    gain = place.spending - place.total
    cost = np.random.default_rng(seed).uniform(0, 1, 13) * gain.sum() / 60
    truth = _brute(gain, place.against, candidates, 4, cost)
    problem = _checked(gain, place.against, candidates, 4, cost, None, np.inf, False)
    for sites in ([], [0], [1, 2, 3], list(range(4))):
        assert submodular_bound(problem, sites) >= truth - 1e-6
    assert relaxed_bound(problem) >= truth - 1e-6
    monkeypatch.setattr("geo.captured_sets.ENUMERATED", 0)
    found = best_set(gain, place.against, candidates, 4, cost=cost, seed=seed)
    assert found.objective <= truth + 1e-6
    assert found.objective >= truth * 0.999
    assert found.upper_bound >= truth - 1e-6
    assert found.proved is (found.upper_bound <= found.objective * (1 + 1e-9))


def test_the_budget_is_kept(monkeypatch):
    place, candidates = a_market(3, c=9)
    gain, cost = place.spending - place.total, np.zeros(9)
    spend = np.arange(1.0, 10.0)
    truth = _brute(gain, place.against, candidates, 4, cost, spend, 11)
    found = best_set(gain, place.against, candidates, 4, spend=spend, budget=11)
    assert found.objective == pytest.approx(truth)
    monkeypatch.setattr("geo.captured_sets.ENUMERATED", 0)
    searched = best_set(gain, place.against, candidates, 4, spend=spend, budget=11)
    assert spend[list(searched.sites)].sum() <= 11
    assert searched.objective <= truth + 1e-9 <= searched.upper_bound + 1e-6


def test_sites_that_cost_more_than_they_bring_stay_closed_unless_a_number_is_asked_for():
    place, candidates = a_market()
    gain = place.spending - place.total
    dear = np.full(8, gain.sum())
    assert best_set(gain, place.against, candidates, 3, cost=dear).sites == ()
    assert len(best_set(gain, place.against, candidates, 3, cost=dear, exactly=True).sites) == 3


def test_the_same_seed_gives_the_same_answer_and_a_cancel_the_best_so_far(monkeypatch):
    monkeypatch.setattr("geo.captured_sets.ENUMERATED", 0)
    place, candidates = a_market(2, n=80, c=40)
    gain = place.spending - place.total
    one, two = (best_set(gain, place.against, candidates, 6, seed=4) for _ in range(2))
    assert one == two
    assert one.complete
    clock = captured_bounds.time.monotonic
    monkeypatch.setattr(captured_bounds.time, "monotonic", lambda: 9.0 * clock())
    assert best_set(gain, place.against, candidates, 6, seed=4) == one  # a busy machine, or a slower one
    monkeypatch.setattr(captured_bounds, "PATIENCE", 0.0)
    assert not best_set(gain, place.against, candidates, 6, seed=4).complete
    stopped = best_set(gain, place.against, candidates, 6, progress=lambda share: False)
    assert stopped.cancelled
    assert stopped.sites
    assert stopped.upper_bound >= one.objective - 1e-6


def test_more_sites_than_candidates_are_all_of_them_and_none_is_an_error():
    place, candidates = a_market(c=3)
    gain = place.spending - place.total
    assert best_set(gain, place.against, candidates, 9, exactly=True).sites == (0, 1, 2)
    with pytest.raises(ValueError, match="no candidate"):
        best_set(gain, place.against, candidates[:, :0], 1)
    with pytest.raises(ValueError, match="p must be 1"):
        best_set(gain, place.against, candidates, 0)


def test_a_closed_store_hands_on_what_a_sum_over_points_says():
    place, _ = a_market()
    found = close(place, 1)
    gains, leaves = np.zeros(3), 0.0
    for i in range(40):
        others = place.pull[i, 0] + place.pull[i, 2] + place.outside[i]
        for k in (0, 2):
            gains[k] += place.sales[i, 1] * place.pull[i, k] / others
        leaves += place.sales[i, 1] * place.outside[i] / others
    assert found.gains == pytest.approx(gains)
    assert found.leaves == pytest.approx(leaves)
    assert found.sales == pytest.approx(found.leaves + found.gains.sum())


def test_a_stated_share_leaves():
    place, _ = a_market()
    found = close(place, 0, leaving=0.35)
    assert found.share_leaving == pytest.approx(0.35)
    assert found.gains[0] == 0
    with pytest.raises(ValueError, match="share from 0 to 1"):
        close(place, 0, leaving=1.2)


def test_the_only_store_that_closes_loses_everything():
    place, _ = a_market(m=1)
    assert close(place, 0).share_leaving == pytest.approx(1)
    assert close(place, 0, leaving=0.2).share_leaving == pytest.approx(1)


def test_moving_next_door_changes_little_and_a_move_is_a_closing_and_an_opening():
    place, candidates = a_market(heads=True)
    found = move(place, 2, candidates, 4)
    closed = close(place, 2)
    others = place.pull[:, :2].sum(axis=1) + place.outside
    new = float(place.spending @ (candidates[:, 4] / (others + candidates[:, 4])))
    assert found.after == pytest.approx(new)
    assert found.net == pytest.approx(new - closed.sales + found.others.sum())
    assert found.others[2] == 0
