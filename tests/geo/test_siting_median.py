"""The p-median against every choice of sites, against HiGHS, and at the edges."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from geo.siting import median, p_median
from geo.siting.checking import Budget
from geo.siting.interchange import Interchange, greedy
from geo.siting.lagrangian import Relaxation, climb, start
from geo.siting.nearby import nearby

NONE = np.empty(0, dtype=np.int64)


def every_choice(cost, demand, p, fixed=()):
    choices = itertools.combinations(range(cost.shape[1]), p)
    return min((demand * cost[:, list(s)].min(axis=1)).sum() for s in choices if set(fixed) <= set(s))


def plane(seed, n, m, spread=1.0):
    chance = np.random.default_rng(seed)
    clients = chance.uniform(0, 10, (n, 2))
    sites = chance.uniform(0, 10, (m, 2))
    return np.hypot(*(clients[:, None] - sites).T).T, chance.gamma(0.5, spread, n) + 0.01


@st.composite
def problems(draw):
    n, m = draw(st.integers(1, 9)), draw(st.integers(1, 7))
    numbers = st.one_of(st.integers(0, 9).map(float), st.floats(0, 1e6, allow_subnormal=False))
    cost = np.array(draw(st.lists(numbers, min_size=n * m, max_size=n * m))).reshape(n, m)
    demand = np.array(draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0, 1e4]), min_size=n, max_size=n)))
    demand[0] = demand[0] or 1.0
    p = draw(st.integers(1, m))
    fixed = draw(st.lists(st.integers(0, m - 1), max_size=p, unique=True))
    return cost, demand, p, fixed


@settings(max_examples=150)
@given(problems())
def test_small_problems_are_solved_and_never_beaten_by_their_bound(problem):
    cost, demand, p, fixed = problem
    found, best = p_median(cost, demand, p, fixed), every_choice(*problem)
    slack = 1e-6 * max(best, 1e-300)
    assert found.lower_bound <= best + slack
    assert found.objective >= best - slack
    assert found.objective <= best + slack or not found.proved
    assert found.objective == pytest.approx(best, rel=1e-6, abs=1e-9)
    assert len(found.sites) == p == len(set(found.sites))
    assert set(fixed) <= set(found.sites)
    assert set(found.assignment) <= set(found.sites)
    assert (cost[np.arange(len(cost)), found.assignment] == cost[:, found.sites].min(axis=1)).all()


def highs(cost, demand, p):
    """The textbook programme (ReVelle and Swain 1970), solved by another interface to HiGHS."""
    n, m = cost.shape
    weighted = (cost * demand[:, None]).ravel()
    served = np.kron(np.eye(n), np.ones(m))
    opened = np.hstack([np.eye(n * m), -np.tile(np.eye(m), (n, 1))])
    constraints = [
        LinearConstraint(np.hstack([served, np.zeros((n, m))]), 1, 1),
        LinearConstraint(opened, -np.inf, 0),
        LinearConstraint(np.r_[np.zeros(n * m), np.ones(m)][None], p, p),
    ]
    bounds = (np.zeros(n * m + m), np.ones(n * m + m))
    kind = np.r_[np.zeros(n * m), np.ones(m)]
    from scipy.optimize import Bounds

    return milp(
        np.r_[weighted, np.zeros(m)], constraints=constraints, integrality=kind, bounds=Bounds(*bounds)
    )


@pytest.mark.parametrize(("seed", "p"), [(0, 2), (1, 4), (2, 7), (3, 12)])
def test_medium_problems_agree_with_highs_on_the_textbook_programme(seed, p):
    cost, demand = plane(seed, 40, 20)
    found, exact = p_median(cost, demand, p), highs(cost, demand, p)
    assert exact.success
    assert found.objective == pytest.approx(exact.fun)
    assert found.proved


def test_fixed_sites_are_paid_for_like_the_others():
    cost, demand = plane(5, 12, 9)
    found = p_median(cost, demand, 4, fixed=[7, 2])
    assert {2, 7} <= set(found.sites)
    assert found.objective == pytest.approx(every_choice(cost, demand, 4, (2, 7)))
    assert found.proved
    assert found.objective >= p_median(cost, demand, 4).objective


def test_more_sites_never_cost_more():
    cost, demand = plane(6, 60, 15)
    objectives = [p_median(cost, demand, p, time_limit=2).objective for p in range(1, 16)]
    assert (np.diff(objectives) <= 1e-9).all()
    assert objectives[-1] == pytest.approx((demand * cost.min(axis=1)).sum())


def test_a_large_problem_uses_lists_of_near_sites_and_closes_the_gap():
    cost, demand = plane(7, 1_500, 240, spread=50)
    assert nearby(cost, 30) is not None
    found = p_median(cost, demand, 30, time_limit=8)
    assert found.gap < 0.005
    assert found.objective == pytest.approx((demand * cost[:, found.sites].min(axis=1)).sum())


def test_lists_of_near_sites_change_no_sum():
    cost, demand = plane(8, 400, 200)
    weighted = cost * demand[:, None]
    budget, near = Budget(1e6, "test"), nearby(weighted, 40)
    first = greedy(weighted, 40, NONE, budget)
    listed, full = (Interchange(weighted, first, 0, lists, budget) for lists in (near, None))
    for search in (listed, full):
        for slot, site in ((3, 150), (7, 151), (3, 20)):
            search.swap(slot, site)
    assert np.allclose(listed.gain, full.gain)
    assert np.allclose(listed.extra, full.extra)
    assert np.allclose(listed.loss, full.loss)
    fresh = Interchange(weighted, listed.sites, 0, None, budget)
    assert np.allclose(fresh.gain, listed.gain)
    assert fresh.objective == pytest.approx(listed.objective)


def test_the_profit_of_a_swap_is_what_the_swap_brings():
    cost, _ = plane(9, 50, 12)
    search = Interchange(cost, np.array([0, 4, 8]), 0, None, Budget(1e6, "test"))
    profit = search.gain[None, :] - search.loss[:, None] + search.extra
    for slot in range(3):
        for site in set(range(12)) - {0, 4, 8}:
            sites = [site if s == slot else (0, 4, 8)[s] for s in range(3)]
            assert profit[slot, site] == pytest.approx(search.objective - cost[:, sites].min(axis=1).sum())


def test_greedy_opens_what_saves_most_each_time():
    cost, _ = plane(10, 30, 10)
    chosen = greedy(cost, 4, np.array([3]), Budget(1e6, "test")).tolist()
    opened = [3]
    while len(opened) < 4:
        rest = [j for j in range(10) if j not in opened]
        opened.append(min(rest, key=lambda j: cost[:, [*opened, j]].min(axis=1).sum()))
    assert chosen == opened


@given(st.integers(0, 50), st.integers(2, 6))
def test_any_multipliers_give_a_valid_bound(seed, p):
    cost, demand = plane(seed, 8, 7)
    weighted, chance = cost * demand[:, None], np.random.default_rng(seed)
    relaxed = Relaxation(weighted, demand, p, NONE, None, Budget(1e6, "test"))
    best = every_choice(cost, demand, p)
    bound, opened, _ = relaxed.evaluate(chance.uniform(0, weighted.max(), 8))
    assert len(set(opened)) == p
    assert bound.value <= best + 1e-9


def test_the_bound_rises_and_stays_below():
    cost, demand = plane(11, 30, 12)
    weighted, budget = cost * demand[:, None], Budget(1e6, "test")
    search = Interchange(weighted, greedy(weighted, 3, NONE, budget), 0, None, budget)
    search.improve()
    relaxed = Relaxation(weighted, demand, 3, NONE, None, budget)
    ascent = start(relaxed, search.d1, search.d2)
    before = ascent.best.value
    climb(relaxed, ascent, search.objective, 200)
    assert before < ascent.best.value <= every_choice(cost, demand, 3) + 1e-9


def test_same_seed_same_answer():
    cost, demand = plane(12, 300, 60)
    one, again = (p_median(cost, demand, 9, time_limit=4, seed=3) for _ in range(2))
    assert (one.sites == again.sites).all()
    assert one.objective == again.objective


def test_no_time_gives_an_answer_with_an_honest_bound():
    cost, demand = plane(13, 300, 60)
    found = p_median(cost, demand, 9, time_limit=0.001)
    assert not found.complete
    assert len(found.sites) == 9
    assert found.lower_bound <= p_median(cost, demand, 9).objective + 1e-9
    assert not found.proved


def test_a_person_can_stop_it(monkeypatch):
    cost, demand = plane(14, 600, 200)
    told = []
    monkeypatch.setattr(median, "SMALL", 0)

    def stop(share: float) -> bool:
        told.append(share)
        return False

    begun = time.monotonic()
    found = p_median(cost, demand, 10, time_limit=60, progress=stop)
    assert time.monotonic() - begun < 20
    assert len(told) == 1
    assert not found.complete
    assert found.gap < 1


def test_all_customers_at_one_point_or_one_customer():
    one = p_median([[3.0, 1.0, 2.0]], [5.0], 2)
    assert one.objective == 5.0
    assert one.proved
    many = p_median(np.tile([3.0, 1.0, 2.0, 1.0], (6, 1)), np.ones(6), 2)
    assert many.objective == 6.0
    assert many.proved
    assert (many.assignment == 1).all()


def test_nothing_to_pay_is_proved():
    found = p_median(np.zeros((4, 3)), np.ones(4), 2)
    assert (found.objective, found.lower_bound, found.gap, found.proved) == (0.0, 0.0, 0.0, True)


def test_a_client_without_demand_is_assigned_and_moves_nothing():
    cost = np.array([[0.0, 9.0], [9.0, 0.0], [9.0, 0.0]])
    found = p_median(cost, [1.0, 0.0, 0.0], 1)
    assert found.sites.tolist() == [0]
    assert found.assignment.tolist() == [0, 0, 0]


def test_units_do_not_matter():
    cost, demand = plane(15, 80, 20)
    plain, other = p_median(cost, demand, 5), p_median(cost * 1e6, demand * 1e-4, 5)
    assert (plain.sites == other.sites).all()
    assert other.objective == pytest.approx(plain.objective * 100)


@pytest.mark.parametrize("scale", [1e-30, 1e-12, 1e20, 1e100])
def test_costs_as_small_or_large_as_can_be_are_solved_like_the_others(scale):
    chance = np.random.default_rng(1)
    cost, demand = chance.random((40, 20)), chance.random(40) + 0.1
    plain, other = p_median(cost, demand, 4), p_median(cost * scale, demand, 4)
    assert plain.proved
    assert other.proved
    assert other.sites.tolist() == plain.sites.tolist()
    assert other.objective / scale == pytest.approx(plain.objective)


def test_a_whole_number_is_one_in_every_dress():
    for p, fixed in ((2, (1,)), (2.0, (1.0,)), (np.int8(2), np.array([1])), (np.float32(2), [np.float64(1)])):
        assert p_median(*FINE, p, fixed).sites.tolist() == [0, 1]


FINE = ([[0.0, 1.0], [1.0, 0.0]], [1.0, 1.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*FINE, 3), "3 sites and has 2"),
        ((*FINE, 0), "at least 1"),
        ((*FINE, 1.5), "whole number"),
        ((FINE[0], [1.0, -1.0], 1), "finite and 0 or more"),
        ((FINE[0], [1.0, np.nan], 1), "finite and 0 or more"),
        ((FINE[0], [1.0], 1), "one demand a client"),
        ((FINE[0], [0.0, 0.0], 1), "some demand above 0"),
        (([[0.0, -1.0], [1.0, 0.0]], FINE[1], 1), "costs of 0 or more"),
        (([[0.0, np.inf], [1.0, 0.0]], FINE[1], 1), "finite costs"),
        ((np.empty((0, 2)), [], 1), "neither empty"),
        ((np.empty((2, 0)), FINE[1], 1), "neither empty"),
        (([1.0, 2.0], FINE[1], 1), "cost of"),
        ((*FINE, 1, [2]), "from 0 to 1"),
        ((*FINE, 1, [-1]), "from 0 to 1"),
        ((*FINE, 2, [1, 1]), "each fixed site once"),
        ((*FINE, 1, [0, 1]), "2 are fixed"),
        ((*FINE, 1, (), 0.0), "time limit above 0"),
        ((*FINE, 1, (), "soon"), "time limit above 0"),
        ((*FINE, 2, (1.5,)), "fixed sites as whole numbers"),
        ((*FINE, 2, (True,)), "fixed sites as whole numbers"),
        ((*FINE, 2, ("1",)), "fixed sites as whole numbers"),
        ((*FINE, 2, (np.nan,)), "fixed sites as whole numbers"),
        ((*FINE, 2, None), "fixed sites as whole numbers"),
        ((*FINE, 2, (10**30,)), "from 0 to 1"),
        ((*FINE, True), "whole number"),
        ((*FINE, np.nan), "whole number"),
        ((*FINE, np.inf), "whole number"),
        ((*FINE, "1"), "whole number"),
        ((*FINE, None), "whole number"),
        (([["near", 1.0], [1.0, 0.0]], FINE[1], 1), "as numbers"),
        (([[0.0, 1.0], [1.0]], FINE[1], 1), "not of one length"),
        (([[0.0, 1j], [1.0, 0.0]], FINE[1], 1), "as numbers"),
        (([[0.0, None], [1.0, 0.0]], FINE[1], 1), "as numbers"),
        ((FINE[0], ["1", "2"], 1), "as numbers"),
        ((FINE[0], [1.0, np.inf], 1), "finite and 0 or more"),
        ((np.full((2, 2), 1e308), FINE[1], 1), "can be added up"),
        ((np.full((2, 2), 1e200), [1e200, 1.0], 1), "can be added up"),
        ((FINE[0], [1e308, 1e308], 1), "can be added up"),
        (([[0.0, 1e-200], [1e-200, 0.0]], [1e-200, 1e-200], 1), "can be added up"),
    ],
)
def test_what_cannot_be_asked_is_refused_clearly(arguments, message):
    with pytest.raises(ValueError, match=message):
        p_median(*arguments)
