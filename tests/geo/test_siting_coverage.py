"""Maximum coverage and set cover against every choice of sites, against HiGHS, and at the edges."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from geo.siting import max_coverage, set_cover
from geo.siting.checking import Budget
from geo.siting.coverage import Swaps, _relaxed, greedy
from geo.siting.reaching import merged
from tests.geo.test_siting_median import plane

NONE = np.empty(0, dtype=np.int64)


@st.composite
def problems(draw):
    n, m = draw(st.integers(1, 10)), draw(st.integers(1, 7))
    cost = np.array(draw(st.lists(st.integers(0, 9), min_size=n * m, max_size=n * m)), float).reshape(n, m)
    demand = np.array(draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0, 1e4]), min_size=n, max_size=n)))
    demand[0] = demand[0] or 1.0
    p = draw(st.integers(1, m))
    fixed = draw(st.lists(st.integers(0, m - 1), max_size=p, unique=True))
    return cost, demand, p, float(draw(st.integers(0, 9))), fixed


@settings(max_examples=150)
@given(problems())
def test_small_coverage_problems_are_solved_and_bounded(problem):
    cost, demand, p, radius, fixed = problem
    found = max_coverage(*problem)
    choices = (set(s) for s in itertools.combinations(range(cost.shape[1]), p))
    best = max(demand[(cost[:, list(s)] <= radius).any(axis=1)].sum() for s in choices if set(fixed) <= s)
    assert found.objective == pytest.approx(best)
    assert found.upper_bound >= best - 1e-6 * best
    assert found.proved
    assert set(fixed) <= set(found.sites)
    assert len(found.sites) == p
    assert (found.covered == (cost[:, found.sites] <= radius).any(axis=1)).all()
    assert (found.assignment[~found.covered] == -1).all()
    rows = np.flatnonzero(found.covered)
    assert (cost[rows, found.assignment[rows]] <= radius).all()


def test_a_medium_coverage_problem_agrees_with_highs():
    cost, demand = plane(3, 300, 40)
    found = max_coverage(cost, demand, 6, 1.5)
    n, m = cost.shape
    rows = np.hstack([-(cost <= 1.5).astype(float), np.eye(n)])
    constraints = [
        LinearConstraint(rows, -np.inf, 0),
        LinearConstraint(np.r_[np.ones(m), np.zeros(n)][None], 6, 6),
    ]
    kind = np.r_[np.ones(m), np.zeros(n)]
    exact = milp(np.r_[np.zeros(m), -demand], constraints=constraints, integrality=kind, bounds=Bounds(0, 1))
    assert found.objective == pytest.approx(-exact.fun)
    assert found.proved


def test_the_relaxed_bound_holds_without_highs():
    cost, demand = plane(4, 60, 12)
    reach, budget = merged(cost <= 2.0, demand), Budget(1e6, "test")
    lower = reach.covered_by(greedy(reach, 3, NONE))
    bound = _relaxed(reach, 3, NONE, lower, budget)
    best = max(reach.covered_by(np.array(s)) for s in itertools.combinations(range(12), 3))
    assert best - 1e-9 <= bound <= demand.sum() + 1e-9
    assert bound <= 1.1 * best


def test_no_single_swap_is_better_after_the_swaps():
    cost, demand = plane(5, 200, 15)
    reach = merged(cost <= 1.5, demand)
    search = Swaps(reach, np.arange(4), 1, Budget(1e6, "test"))
    search.improve()
    assert 0 in search.sites
    for slot, site in itertools.product(range(1, 4), set(range(15)) - set(search.sites.tolist())):
        sites = search.sites.copy()
        sites[slot] = site
        assert reach.covered_by(sites) <= search.covered + 1e-9


def test_greedy_coverage_takes_what_adds_most_each_time():
    cost, demand = plane(6, 100, 10)
    reach, opened = merged(cost <= 2.0, demand), [4]
    while len(opened) < 4:
        rest = [j for j in range(10) if j not in opened]
        opened.append(max(rest, key=lambda j: reach.covered_by(np.array([*opened, j]))))
    assert greedy(reach, 4, np.array([4])).tolist() == opened


def test_clients_reached_by_the_same_sites_are_one():
    reach = merged(
        np.array([[1, 0], [1, 0], [0, 0], [1, 1], [1, 0]], dtype=bool), np.array([1.0, 2, 4, 8, 0])
    )
    assert sorted(reach.weight.tolist()) == [3.0, 8.0]


def test_a_radius_that_reaches_nobody_covers_nothing_and_says_so():
    found = max_coverage([[5.0, 6.0]], [1.0], 1, 1.0)
    assert (found.objective, found.upper_bound, found.gap, found.proved) == (0.0, 0.0, 0.0, True)
    assert found.assignment.tolist() == [-1]


def test_exactly_on_the_radius_is_covered():
    assert max_coverage([[5.0, 6.0]], [1.0], 1, 5.0).objective == 1.0


def test_same_seed_same_coverage():
    cost, demand = plane(7, 500, 80)
    one, again = (max_coverage(cost, demand, 8, 1.0, seed=2) for _ in range(2))
    assert (one.sites == again.sites).all()


@pytest.mark.parametrize("radius", [-1.0, np.nan, np.inf])
def test_a_radius_that_is_none_is_refused(radius):
    for ask in (lambda: max_coverage([[1.0]], [1.0], 1, radius), lambda: set_cover([[1.0]], radius)):
        with pytest.raises(ValueError, match="radius of 0 or more"):
            ask()


def test_coverage_refuses_what_p_median_refuses():
    with pytest.raises(ValueError, match="2 sites and has 1"):
        max_coverage([[1.0]], [1.0], 2, 1.0)
    with pytest.raises(ValueError, match="some demand above 0"):
        max_coverage([[1.0]], [0.0], 1, 1.0)


@settings(max_examples=150)
@given(problems())
def test_small_covers_are_the_smallest(problem):
    cost, _, _, radius, fixed = problem
    within = cost <= radius
    if not within.any(axis=1).all():
        with pytest.raises(ValueError, match="cannot cover"):
            set_cover(cost, radius, fixed)
        return
    found, m = set_cover(cost, radius, fixed), cost.shape[1]
    fewest = next(
        size
        for size in range(m + 1)
        if any(
            set(fixed) <= set(s) and within[:, list(s)].any(axis=1).all()
            for s in itertools.combinations(range(m), size)
        )
    )
    assert found.objective == fewest == len(found.sites) == found.lower_bound
    assert found.proved
    assert within[:, found.sites].any(axis=1).all()
    assert (cost[np.arange(len(cost)), found.assignment] <= radius).all()


def test_a_medium_cover_agrees_with_highs():
    cost, _ = plane(8, 400, 120)
    found = set_cover(cost, 3.5)
    exact = milp(
        np.ones(120),
        constraints=LinearConstraint((cost <= 3.5).astype(float), 1, np.inf),
        integrality=np.ones(120),
        bounds=Bounds(0, 1),
    )
    assert found.objective == round(exact.fun)
    assert found.proved


def test_an_infeasible_cover_names_the_clients_and_the_radius_that_would_do():
    cost = np.array([[1.0, 2.0], [9.0, 8.0], [7.0, 9.0]])
    with pytest.raises(ValueError, match=r"2 of 3 clients within 5.*near to 1, 2.*at least 8"):
        set_cover(cost, 5.0)


def test_a_cover_in_no_time_is_a_cover_with_an_honest_bound():
    cost, _ = plane(9, 2_000, 300)
    found = set_cover(cost, 1.5, time_limit=0.01)
    assert (cost[:, found.sites] <= 1.5).any(axis=1).all()
    assert 1 <= found.lower_bound <= found.objective
