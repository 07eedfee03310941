"""Neighbours: areas that touch, points within a distance, the nearest few, cells."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.distance import haversine_km
from geo.neighbours import contiguity, grid, k_nearest, within_km


def squares(rows, columns):
    return [shapely.box(c, r, c + 1, r + 1) for r in range(rows) for c in range(columns)]


def test_queen_and_rook_match_libpysal_on_a_lattice():
    libpysal = pytest.importorskip("libpysal")
    for rook in (False, True):
        theirs = libpysal.weights.lat2W(4, 5, rook=rook).sparse
        assert (contiguity(squares(4, 5), rook=rook) != theirs).nnz == 0


def test_an_island_an_empty_shape_and_no_shape_have_no_neighbours():
    shapes = [*squares(1, 2), shapely.box(9, 9, 10, 10), shapely.Polygon(), None]
    assert np.diff(contiguity(shapes).indptr).tolist() == [1, 1, 0, 0, 0]
    assert contiguity([]).shape == (0, 0)
    assert contiguity(squares(1, 1)).nnz == 0


def test_areas_meet_across_the_date_line():
    shapes = [shapely.box(178, -18, 180, -16), shapely.box(-180, -18, -178, -16), shapely.box(0, 0, 1, 1)]
    assert contiguity(shapes).toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert contiguity(shapes, rook=True).nnz == 2


def test_a_gap_between_borders_drawn_twice_can_be_closed():
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(1.0005, 0, 2, 1)]
    assert contiguity(shapes).nnz == 0
    assert contiguity(shapes, gap_degrees=0.001).nnz == 2
    assert contiguity(shapes, rook=True, gap_degrees=0.001).nnz == 2


def test_a_hole_and_what_fills_it_are_neighbours():
    ring = shapely.Polygon(shapely.box(0, 0, 3, 3).exterior.coords, [shapely.box(1, 1, 2, 2).exterior.coords])
    assert contiguity([ring, shapely.box(1, 1, 2, 2)], rook=True).nnz == 2


@pytest.mark.parametrize("gap", [-1.0, float("nan")])
def test_a_gap_that_is_no_distance_is_refused(gap):
    with pytest.raises(ValueError, match="gap of 0 degrees"):
        contiguity(squares(1, 2), gap_degrees=gap)


points = st.lists(st.tuples(st.floats(-89, 89), st.floats(-180, 180)), min_size=1, max_size=12, unique=True)


@given(points, st.floats(1, 20_000))
def test_within_km_is_every_pair_near_enough(where, km):
    lat, lon = np.array(where).T
    found = within_km(lat, lon, km).toarray()
    apart = haversine_km(lat[:, None], lon[:, None], lat, lon)
    sure = np.abs(apart - km) > 1e-6 * km + 1e-5
    expected = (apart <= km) & ~np.eye(len(lat), dtype=bool)
    assert (found[sure] == expected[sure]).all()


@given(points, st.integers(1, 15))
def test_k_nearest_are_the_nearest_of_all_others(where, k):
    lat, lon = np.array(where).T
    found = k_nearest(lat, lon, k)
    apart = haversine_km(lat[:, None], lon[:, None], lat, lon)
    for row in range(len(lat)):
        chosen = found.indices[found.indptr[row] : found.indptr[row + 1]]
        assert row not in chosen
        assert len(chosen) == min(k, len(lat) - 1)
        others = np.sort(np.delete(apart[row], row))[: len(chosen)]
        assert np.allclose(np.sort(apart[row, chosen]), others, atol=1e-4)


def test_customers_at_one_spot_are_each_others_nearest_and_never_their_own():
    found = k_nearest([3.0] * 6, [101.0] * 6, 2)
    assert (found.diagonal() == 0).all()
    assert np.diff(found.indptr).tolist() == [2] * 6


def test_a_point_without_coordinates_is_nobodys_neighbour():
    lat, lon = [3.0, np.nan, 3.1], [101.0, 101.0, 101.0]
    assert k_nearest(lat, lon, 2).toarray().tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert within_km(lat, lon, 50).toarray().tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30), st.booleans())
def test_cells_touch_where_column_and_row_differ_by_at_most_one(cells, rook):
    cells = sorted(cells)
    x, y = [c for c, _ in cells], [r for _, r in cells]
    found = grid(x, y, level=3, rook=rook)
    for (i, (a, b)), (j, (c, d)) in itertools.product(enumerate(cells), repeat=2):
        across = min((a - c) % 8, (c - a) % 8)
        near = (across, abs(b - d))
        expected = near in ((0, 1), (1, 0)) if rook else max(near) == 1
        assert found[i, j] == expected


def test_a_cell_given_twice_is_refused():
    with pytest.raises(ValueError, match="each cell once"):
        grid([1, 1], [2, 2], level=4)
