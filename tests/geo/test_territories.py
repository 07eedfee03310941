"""Territories against every contiguous division of tiny maps, and what must hold of any division."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geo.distance import haversine_km
from geo.neighbours import grid, linked
from geo.siting import checking
from geo.territories import divide, is_contiguous


def lattice(rows, columns, seed=0):
    chance = np.random.default_rng(seed)
    y, x = (part.ravel() for part in np.mgrid[0:rows, 0:columns])
    lat, lon = 3.0 - y * 0.1, 101.0 + x * 0.1
    return lat, lon, chance.gamma(2.0, 50.0, rows * columns).round(1), grid(x, y, level=12, rook=True)


@functools.cache
def every_division(rows, columns, k):
    graph = lattice(rows, columns)[3]
    return list(_divisions(graph, k))


def _divisions(graph, k):
    n = graph.shape[0]
    for label in itertools.product(range(k), repeat=n - 1):
        label = (0, *label)
        firsts = [label.index(j) for j in range(k) if j in label]
        if len(firsts) == k and firsts == sorted(firsts) and is_contiguous(label, graph).all():
            yield np.array(label)


@pytest.mark.parametrize(("rows", "columns", "k"), [(2, 4, 2), (3, 3, 2), (3, 3, 3), (1, 9, 3)])
def test_tiny_maps_are_divided_almost_as_fairly_as_can_be(rows, columns, k):
    better, divisions = 0, every_division(rows, columns, k)
    for seed in range(6):
        lat, lon, weight, graph = lattice(rows, columns, seed)
        found = divide(lat, lon, weight, graph, k, tolerance=0.0, seed=seed)
        fair = weight.sum() / k
        best = min(np.abs(np.bincount(label, weight, minlength=k) / fair - 1).max() for label in divisions)
        assert found.contiguous
        assert found.imbalance >= best - 1e-9
        assert found.imbalance <= best + 0.35
        better += found.imbalance <= best + 0.05
    assert better >= 3


def test_no_single_move_is_better():
    lat, lon, weight, graph = lattice(6, 7)
    found = divide(lat, lon, weight, graph, 4, tolerance=0.05)
    fair = weight.sum() / 4
    now = (np.maximum(np.abs(found.deviation) - 0.05, 0) ** 2).sum()
    for area, to in itertools.product(range(42), range(4)):
        label = found.label.copy()
        label[area] = to
        if len(set(label)) == 4 and is_contiguous(label, graph).all():
            load = np.bincount(label, weight, minlength=4) / fair - 1
            assert (np.maximum(np.abs(load) - 0.05, 0) ** 2).sum() >= now - 0.01


@settings(max_examples=25)
@given(
    st.integers(2, 6), st.integers(2, 6), st.integers(2, 5), st.integers(0, 99), st.sampled_from([0.0, 0.1])
)
def test_every_area_has_one_territory_and_every_territory_is_in_one_piece(rows, columns, k, seed, tolerance):
    lat, lon, weight, graph = lattice(rows, columns, seed)
    weight[::3] = 0.0
    k = min(k, rows * columns)
    found = divide(lat, lon, weight + (np.arange(len(weight)) == 1), graph, k, tolerance=tolerance)
    assert found.contiguous
    assert is_contiguous(found.label, graph).all()
    assert set(found.label) == set(range(k))
    assert found.weight.sum() == pytest.approx(weight.sum() + 1)
    assert found.deviation.sum() == pytest.approx(0, abs=1e-9)
    away = haversine_km(lat, lon, found.lat[found.label], found.lon[found.label])
    assert found.max_way.max() == pytest.approx(away.max())
    assert (found.mean_way <= found.max_way + 1e-9).all()


def test_a_larger_map_is_fair_and_compact():
    lat, lon, weight, graph = lattice(20, 20, 3)
    found = divide(lat, lon, weight, graph, 8, tolerance=0.05)
    assert found.imbalance <= 0.06
    assert found.contiguous
    assert found.mean_way.max() < 60
    assert found.complete


def test_given_centres_stay_where_they_are():
    lat, lon, weight, graph = lattice(8, 8, 1)
    at = (np.array([2.9, 2.4]), np.array([101.1, 101.6]))
    found = divide(lat, lon, weight, graph, 2, centres=at)
    assert (found.lat == at[0]).all()
    assert (found.centre == -1).all()
    assert found.imbalance <= 0.12
    near = haversine_km(lat[:, None], lon[:, None], *at)
    assert (np.argmin(near, axis=1) == found.label).mean() > 0.7


def test_one_area_that_outweighs_all_the_others_is_no_error():
    lat, lon, weight, graph = lattice(3, 3)
    weight[4] = 1e6
    found = divide(lat, lon, weight, graph, 3)
    assert found.contiguous
    assert found.imbalance > 1


def test_same_seed_same_territories():
    lat, lon, weight, graph = lattice(10, 10, 2)
    one, again = (divide(lat, lon, weight, graph, 5, seed=1) for _ in range(2))
    assert (one.label == again.label).all()


@pytest.mark.parametrize("slower", [1.0, 12.0])
def test_a_busy_machine_gives_the_same_territories(monkeypatch, slower):
    """The work is counted in rounds and moves: a clock that runs faster beside it changes nothing."""
    lat, lon, weight, graph = lattice(12, 12, 4)
    usual = divide(lat, lon, weight, graph, 6)
    monotonic = checking.time.monotonic
    monkeypatch.setattr(checking.time, "monotonic", lambda: slower * monotonic())
    found = divide(lat, lon, weight, graph, 6)
    assert (found.label == usual.label).all()
    assert found.complete


def test_where_the_clock_does_end_it_the_answer_says_so():
    lat, lon, weight, graph = lattice(12, 12, 4)
    found = divide(lat, lon, weight, graph, 6, time_limit=0.01)
    assert not found.complete
    assert found.contiguous


@pytest.mark.parametrize(("rows", "columns", "k"), [(2, 4, 2), (3, 3, 3)])
def test_no_division_is_below_the_bounds(rows, columns, k):
    """Every contiguous division of a tiny map, each territory from its best area."""
    for seed in range(4):
        lat, lon, weight, graph = lattice(rows, columns, seed)
        weight[seed] *= 5.0
        found = divide(lat, lon, weight, graph, k)
        away = haversine_km(lat[:, None], lon[:, None], lat, lon)
        fair, way, uneven = weight.sum() / k, [], []
        for label in every_division(rows, columns, k):
            parts = [np.flatnonzero(label == j) for j in range(k)]
            way.append(sum((weight[own] @ away[np.ix_(own, own)]).min() for own in parts) / weight.sum())
            uneven.append(max(abs(weight[own].sum() / fair - 1) for own in parts))
        assert found.least_way <= min(way) + 1e-9
        assert found.least_imbalance <= min(uneven) + 1e-9
        assert found.least_way >= 0.9 * min(way)


def test_with_given_centres_the_nearest_one_is_the_bound():
    lat, lon, weight, graph = lattice(8, 8, 1)
    at = (np.array([2.9, 2.4]), np.array([101.1, 101.6]))
    found = divide(lat, lon, weight, graph, 2, centres=at)
    near = haversine_km(lat[:, None], lon[:, None], *at).min(axis=1)
    assert found.least_way == pytest.approx(np.average(near, weights=weight))
    assert np.average(found.mean_way, weights=found.weight) >= found.least_way - 1e-9


def test_given_ways_count_in_place_of_straight_lines():
    """A river: the nearer centre is an hour away, so everything beyond it goes to the other one."""
    lat, lon, weight, graph = lattice(4, 8, 2)
    at = (lat[[9, 14]], lon[[9, 14]])
    column = np.tile(np.arange(8), 4)
    minutes = np.column_stack((np.where(column < 3, 5.0, 60.0), np.where(column < 3, 60.0, 5.0)))
    found = divide(lat, lon, np.ones(32), graph, 2, centres=at, ways=minutes, tolerance=0.3)
    assert (found.label == (column >= 3)).all()
    assert found.mean_way.tolist() == [5.0, 5.0]
    assert found.least_way == 5.0
    with pytest.raises(ValueError, match="finite ways"):
        divide(lat, lon, weight, graph, 2, centres=at, ways=minutes[:3])


def test_islands_are_joined_by_their_shortest_crossing():
    graph = linked(grid([0, 1, 10, 11, 30], [0, 0, 0, 0, 0], level=12), [3] * 5, [0, 1, 10, 11, 30])
    assert graph[1, 2] == graph[2, 1] == 1
    assert graph[3, 4] == 1
    assert graph.nnz == 8
    with pytest.raises(ValueError, match="position of every place"):
        linked(graph, [np.nan] * 5, [1] * 5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"territories": 1}, "2 to 9 territories"),
        ({"territories": 10}, "2 to 9 territories"),
        ({"weight": np.zeros(9)}, "some above 0"),
        ({"weight": np.full(9, -1.0)}, "0 or more"),
        ({"weight": np.ones(8)}, "an area"),
        ({"neighbours": sparse.csr_matrix((9, 9))}, "hang together"),
        ({"tolerance": 1.0}, "tolerance"),
        ({"lat": np.full(9, np.nan)}, "position of every area"),
        ({"centres": ([1.0], [1.0])}, "one centre a territory"),
    ],
)
def test_what_cannot_be_divided_is_refused(change, message):
    lat, lon, weight, graph = lattice(3, 3)
    given = {"lat": lat, "lon": lon, "weight": weight, "neighbours": graph, "territories": 3} | change
    with pytest.raises(ValueError, match=message):
        divide(**given)
