"""Catchments: the smallest set that reaches its share, by brute force; outlines at the edges of the map."""

from __future__ import annotations

import itertools

import ibis
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from geo.catchments import by_cost, by_nearest, by_share, outline, overlap, shared_customers
from tests.analytics.conftest import Backend, backend, spark_session  # noqa: F401

cells = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 30)), min_size=1, max_size=9)


@given(cells, st.sampled_from([0.5, 0.7, 0.8, 0.9, 1.0]))
def test_densest_first_is_the_fewest_cells_that_reach_the_share(
    rows: list[tuple[int, int]], share: float
) -> None:
    weight, cost = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = by_share(weight, cost, share, "densest")
    total = weight.sum()
    if total == 0:
        assert not found.inside.any()
        return
    sizes = [
        len(chosen)
        for n in range(1, len(rows) + 1)
        for chosen in itertools.combinations(range(len(rows)), n)
        if weight[list(chosen)].sum() >= share * total - 1e-9
    ]
    assert found.inside.sum() == min(sizes)
    assert found.share >= share - 1e-9


@given(cells, st.sampled_from([0.5, 0.7, 0.8, 0.9, 1.0]))
def test_nearest_first_has_no_nearer_cell_left_out_and_needs_its_last(
    rows: list[tuple[int, int]], share: float
) -> None:
    weight, cost = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = by_share(weight, cost, share)
    if weight.sum() == 0:
        assert found.reach is None
        return
    assert cost[found.inside].max() == found.reach
    assert not ((weight > 0) & (cost < found.reach) & ~found.inside).any()
    nearer = weight[cost < found.reach].sum()
    assert nearer < share * weight.sum() <= found.weight + 1e-9


def test_a_radius_and_the_nearest_store() -> None:
    weight = np.array([5.0, 3, 2])
    cost = np.array([[1.0, 9], [4, 2], [6, 6]])
    near = by_cost(weight, cost[:, 0], 4)
    assert (near.share, near.reach) == (0.8, 4.0)
    mine = by_nearest(weight, cost, 0)
    assert mine.inside.tolist() == [True, False, True]  # the tie goes to the first
    assert by_nearest(weight, cost, 1).share == 0.3


def test_places_that_cannot_be_reached_are_in_no_catchment() -> None:
    found = by_share([5.0, 5.0], [1.0, np.inf], 1.0)
    assert found.inside.tolist() == [True, False]
    assert found.share == 0.5


@pytest.mark.parametrize("share", [0.0, -1.0, 1.1, float("nan")])
def test_a_share_outside_its_limits_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share above 0"):
        by_share([1.0], [1.0], share)


def test_overlap_counts_each_store_s_sales_in_the_area_of_the_other() -> None:
    inside = np.array([[True, False], [True, True], [False, True]])
    weight = np.array([[6.0, 0], [4, 5], [0, 5]])
    assert overlap(inside, weight).round(2).tolist() == [[1.0, 0.4], [0.5, 1.0]]
    assert np.isnan(overlap(inside, weight * [1, 0])[1]).all()


def test_shared_customers_agree_with_pandas(backend: Backend) -> None:  # noqa: F811
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"customer_key": random.integers(0, 60, 200), "store_id": random.choice(list("ABC"), 200)}
    ).drop_duplicates(ignore_index=True)
    frame["revenue"] = random.integers(1, 99, len(frame)).astype(float)
    found = shared_customers(backend.table(frame)).to_pyarrow().to_pandas()
    for row in found.itertuples():
        one = frame[frame["store_id"] == row.store_id]
        both = one[one["customer_key"].isin(frame.loc[frame["store_id"] == row.other_id, "customer_key"])]
        assert (row.customers, row.revenue) == (len(both), pytest.approx(both["revenue"].sum()))
    assert len(found) == 9


def test_an_outline_holds_its_places_and_keeps_islands_apart() -> None:
    lat = np.array([3.10, 3.12, 3.14, 6.0])
    lon = np.array([101.6, 101.62, 101.64, 102.2])
    drawn = shape(outline(lat, lon, 2.0))
    assert drawn.is_valid
    assert drawn.geom_type == "MultiPolygon"
    assert shapely.contains_xy(drawn, lon, lat).all()


def test_an_outline_at_the_date_line_stays_small() -> None:
    drawn = shape(outline([-17.0, -17.0], [179.99, -179.99], 3.0))
    west, _, east, _ = drawn.bounds
    assert east - west < 0.2


def test_an_outline_of_one_place_is_a_disc_of_the_radius() -> None:
    drawn = shape(outline([0.0], [0.0], 5.0))
    assert drawn.area * 111.195**2 == pytest.approx(np.pi * 25, rel=0.08)
    assert outline([], [], 1.0) is None
    assert outline([np.nan], [1.0], 1.0) is None


def test_an_outline_of_everything_is_made_in_time() -> None:
    random = np.random.default_rng(0)
    drawn = shape(outline(random.normal(3, 1, 30_000), random.normal(101, 1, 30_000), 1.5))
    assert drawn.is_valid


def test_two_engines_are_meant_by_the_same_words() -> None:
    bought = ibis.memtable(
        {"customer_key": [1, 1, 2], "store_id": ["A", "B", "A"], "revenue": [5.0, 7.0, 1.0]}
    )
    found = shared_customers(bought).order_by("store_id", "other_id").to_pandas()
    assert found["customers"].tolist() == [2, 1, 1, 1]
    assert found["revenue"].tolist() == [6.0, 5.0, 7.0, 7.0]


def test_islands_of_few_people_are_left_out_also_across_the_date_line() -> None:
    lat = np.array([-17.0, -17.0, -17.5, -17.5, -18.5])
    lon = np.array([179.99, -179.99, 179.4, 179.41, -179.5])
    people = np.array([3.0, 2.0, 2.0, 2.0, 9.0])
    kept = outline(lat, lon, 3.0, people, 5)
    whole = outline(lat, lon, 3.0)
    assert kept is not None
    assert whole is not None
    assert [len(shapely.get_parts(each)) for each in (whole, kept)] == [3, 2]
    unwrapped = np.where(lon < 0, lon + 360, lon)
    assert shapely.contains_xy(kept, unwrapped, lat).tolist() == [True, True, False, False, True]
    assert outline(lat, lon, 3.0, people, 10) is None
