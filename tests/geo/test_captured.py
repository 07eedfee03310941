"""Capture under Huff: against huff_shares, against every set, and against HiGHS-free oracles."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.captured import Market, Rules, alone, outcome, pulls, refurbished
from geo.captured_sets import _checked, best_set, relaxed_bound, submodular_bound
from geo.closing import close, move
from geo.gravity import huff_shares


def a_market(
    seed: int = 1, n: int = 40, m: int = 3, c: int = 8, heads: bool = False
) -> tuple[Market, np.ndarray]:
    chance = np.random.default_rng(seed)
    km = chance.uniform(1, 30, (n, m + c))
    pull = pulls(chance.uniform(0.5, 2, m + c), km, Rules())
    customers = chance.integers(1, 50, n).astype(float)
    sales = chance.uniform(0, 1000, (n, m)) * customers[:, None]
    made = Market(
        lat=chance.uniform(2, 4, n),
        lon=chance.uniform(101, 103, n),
        sales=sales,
        customers=customers,
        pull=pull[:, :m],
        outside=np.full(n, Rules().outside) * chance.uniform(0.5, 2, n),
        least_share=0.05,
        heads=chance.integers(100, 9000, n).astype(float) if heads else None,
    )
    return made, pull[:, m:]


def test_a_lone_store_has_the_stated_share_near_it():
    rules = Rules(own_share=0.3)
    pull = pulls([1.0], np.array([[0.2], [1.0]]), rules)
    assert pull[:, 0] / (pull[:, 0] + rules.outside) == pytest.approx([0.3, 0.3])


def test_shares_are_those_of_huff_with_the_outside_as_one_more_store():
    # pull a at distance 1 and the outside as a store of its pull at distance 1
    rules = Rules(own_share=0.4, beta=1.7)
    chance = np.random.default_rng(5)
    size, km = chance.uniform(0.5, 3, 4), chance.uniform(1, 20, (30, 4))
    attraction = np.append(size, rules.outside)
    expected = huff_shares(attraction, np.column_stack([km, np.ones(30)]), alpha=1.0, beta=1.7)
    pull = pulls(size, km, rules)
    found = pull / (pull.sum(axis=1, keepdims=True) + rules.outside)
    assert found == pytest.approx(expected[:, :4])


@pytest.mark.parametrize("heads", [False, True])
def test_capture_and_losses_follow_from_shares_before_and_after(heads):
    market, candidates = a_market(heads=heads)
    found = outcome(market, candidates, [1, 4])
    attraction = np.column_stack([market.pull, market.outside, candidates[:, [1, 4]]])
    after = huff_shares(attraction, np.ones_like(attraction))
    before = huff_shares(attraction[:, :4], np.ones((40, 4)))
    assert found.captured == pytest.approx(market.spending @ after[:, 4:])
    for k in range(3):
        left = market.sales[:, k] * after[:, k] / before[:, k]
        assert found.losses[k] == pytest.approx((market.sales[:, k] - left).sum())
    assert found.net == pytest.approx(found.captured.sum() - found.losses.sum())


def test_doing_nothing_changes_nothing():
    market, candidates = a_market()
    found = outcome(market, candidates, [])
    assert (found.net, found.losses.sum(), found.captured.size) == (0.0, 0.0, 0)


def test_spending_per_head_gives_back_what_the_stores_sold_on_average():
    market, _ = a_market(heads=True)
    under = market.pull.sum(axis=1) + market.outside
    reach = market.heads @ (market.pull / under[:, None])
    logs = np.log(market.sales.sum(axis=0)) - np.log(reach * market.per_head)
    assert logs.mean() == pytest.approx(0, abs=1e-12)


def test_with_nothing_bought_elsewhere_every_sale_is_taken_from_our_own():
    market, candidates = a_market()
    full = replace(market, known=market.total)
    found = outcome(full, candidates, [0, 3])
    assert found.net == pytest.approx(0, abs=1e-6)


def test_alone_is_the_outcome_of_each_candidate():
    market, candidates = a_market()
    captured, net = alone(market, candidates)
    for j in range(candidates.shape[1]):
        found = outcome(market, candidates, [j])
        assert (captured[j], net[j]) == pytest.approx((found.captured[0], found.net))


def test_a_refurbished_store_gains_what_a_second_store_on_its_place_would():
    market, _ = a_market()
    net, change = refurbished(market, 1, 1.5)
    twin = outcome(market, 0.5 * market.pull[:, [1]], [0])
    assert net == pytest.approx(twin.net)
    assert change[0] == pytest.approx(-twin.losses[0])
    assert change[1] == pytest.approx(twin.captured[0] - twin.losses[1])
    assert refurbished(market, 1, 1.0)[0] == 0


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
    market, candidates = a_market(seed, c=7)
    gain = market.spending - market.total
    cost = np.random.default_rng(seed).uniform(0, 1, 7) * dear * gain.sum() / 50
    found = best_set(gain, market.against, candidates, p, cost=cost)
    assert found.proved
    assert found.gap == 0
    assert found.objective == pytest.approx(_brute(gain, market.against, candidates, p, cost))


@pytest.mark.parametrize("seed", range(12))
def test_the_search_is_near_the_best_and_no_bound_is_below_it(seed, monkeypatch):
    market, candidates = a_market(seed, n=60, c=13)
    gain = market.spending - market.total
    cost = np.random.default_rng(seed).uniform(0, 1, 13) * gain.sum() / 60
    truth = _brute(gain, market.against, candidates, 4, cost)
    problem = _checked(gain, market.against, candidates, 4, cost, None, np.inf, False)
    for sites in ([], [0], [1, 2, 3], list(range(4))):
        assert submodular_bound(problem, sites) >= truth - 1e-6
    assert relaxed_bound(problem) >= truth - 1e-6
    monkeypatch.setattr("geo.captured_sets.ENUMERATED", 0)
    found = best_set(gain, market.against, candidates, 4, cost=cost, seed=seed)
    assert found.objective <= truth + 1e-6
    assert found.objective >= truth * 0.999
    assert found.upper_bound >= truth - 1e-6
    assert found.proved is (found.upper_bound <= found.objective * (1 + 1e-9))


def test_the_budget_is_kept(monkeypatch):
    market, candidates = a_market(3, c=9)
    gain, cost = market.spending - market.total, np.zeros(9)
    spend = np.arange(1.0, 10.0)
    truth = _brute(gain, market.against, candidates, 4, cost, spend, 11)
    found = best_set(gain, market.against, candidates, 4, spend=spend, budget=11)
    assert found.objective == pytest.approx(truth)
    monkeypatch.setattr("geo.captured_sets.ENUMERATED", 0)
    searched = best_set(gain, market.against, candidates, 4, spend=spend, budget=11)
    assert spend[list(searched.sites)].sum() <= 11
    assert searched.objective <= truth + 1e-9 <= searched.upper_bound + 1e-6


def test_sites_that_cost_more_than_they_bring_stay_closed_unless_a_number_is_asked_for():
    market, candidates = a_market()
    gain = market.spending - market.total
    dear = np.full(8, gain.sum())
    assert best_set(gain, market.against, candidates, 3, cost=dear).sites == ()
    assert len(best_set(gain, market.against, candidates, 3, cost=dear, exactly=True).sites) == 3


def test_the_same_seed_gives_the_same_answer_and_a_cancel_the_best_so_far(monkeypatch):
    monkeypatch.setattr("geo.captured_sets.ENUMERATED", 0)
    market, candidates = a_market(2, n=80, c=40)
    gain = market.spending - market.total
    one, two = (best_set(gain, market.against, candidates, 6, seed=4) for _ in range(2))
    assert one == two
    stopped = best_set(gain, market.against, candidates, 6, progress=lambda share: False)
    assert stopped.cancelled
    assert stopped.sites
    assert stopped.upper_bound >= one.objective - 1e-6


def test_more_sites_than_candidates_are_all_of_them_and_none_is_an_error():
    market, candidates = a_market(c=3)
    gain = market.spending - market.total
    assert best_set(gain, market.against, candidates, 9, exactly=True).sites == (0, 1, 2)
    with pytest.raises(ValueError, match="no candidate"):
        best_set(gain, market.against, candidates[:, :0], 1)
    with pytest.raises(ValueError, match="p must be 1"):
        best_set(gain, market.against, candidates, 0)


def test_a_closed_store_hands_on_what_a_sum_over_points_says():
    market, _ = a_market()
    found = close(market, 1)
    gains, leaves = np.zeros(3), 0.0
    for i in range(40):
        others = market.pull[i, 0] + market.pull[i, 2] + market.outside[i]
        for k in (0, 2):
            gains[k] += market.sales[i, 1] * market.pull[i, k] / others
        leaves += market.sales[i, 1] * market.outside[i] / others
    assert found.gains == pytest.approx(gains)
    assert found.leaves == pytest.approx(leaves)
    assert found.sales == pytest.approx(found.leaves + found.gains.sum())


def test_a_stated_share_leaves():
    market, _ = a_market()
    found = close(market, 0, leaving=0.35)
    assert found.share_leaving == pytest.approx(0.35)
    assert found.gains[0] == 0
    with pytest.raises(ValueError, match="share from 0 to 1"):
        close(market, 0, leaving=1.2)


def test_the_only_store_that_closes_loses_everything():
    market, _ = a_market(m=1)
    assert close(market, 0).share_leaving == pytest.approx(1)
    assert close(market, 0, leaving=0.2).share_leaving == pytest.approx(1)


def test_moving_next_door_changes_little_and_a_move_is_a_closing_and_an_opening():
    market, candidates = a_market(heads=True)
    found = move(market, 2, candidates, 4)
    closed = close(market, 2)
    others = market.pull[:, :2].sum(axis=1) + market.outside
    new = float(market.spending @ (candidates[:, 4] / (others + candidates[:, 4])))
    assert found.after == pytest.approx(new)
    assert found.net == pytest.approx(new - closed.sales + found.others.sum())
    assert found.others[2] == 0
