"""Distances: a published number, and nearest stores against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.distance import haversine_km, nearest

LAT = st.floats(-89, 89)
LON = st.floats(-180, 180)


def test_nashville_to_los_angeles_is_the_published_2887_260_km() -> None:
    # Rosetta Code, "Haversine formula", with its radius of 6372.8 km
    assert float(haversine_km(36.12, -86.67, 33.94, -118.40, radius_km=6372.8)) == pytest.approx(
        2887.260, abs=5e-4
    )


@given(LAT, LON, LAT, LON)
def test_distance_is_symmetric_and_at_most_half_the_circumference(
    a: float, b: float, c: float, d: float
) -> None:
    there, back = float(haversine_km(a, b, c, d)), float(haversine_km(c, d, a, b))
    assert there == pytest.approx(back, abs=1e-9)
    assert 0 <= there <= np.pi * 6371.0088 + 1e-6


def test_a_missing_coordinate_has_no_distance() -> None:
    assert np.isnan(haversine_km(np.nan, 101.0, 3.0, 101.0))


def test_nearest_store_is_the_one_brute_force_finds() -> None:
    rng = np.random.default_rng(5)
    lat, lon = rng.uniform(-10, 7, 500), rng.uniform(95, 141, 500)
    store_lat, store_lon = rng.uniform(-10, 7, 40), rng.uniform(95, 141, 40)
    index, km = nearest(lat, lon, store_lat, store_lon)
    table = haversine_km(lat[:, None], lon[:, None], store_lat, store_lon)
    assert (index == table.argmin(axis=1)).all()
    assert km == pytest.approx(table.min(axis=1), abs=1e-6)


def test_nearest_crosses_the_date_line() -> None:
    index, km = nearest([0.0], [179.9], [0.0, 0.0], [-179.9, 170.0])
    assert index.tolist() == [0]
    assert km[0] == pytest.approx(22.239, abs=0.01)


def test_customers_without_coordinates_get_no_store_and_such_stores_no_customer() -> None:
    index, km = nearest([3.0, np.nan], [101.0, 101.0], [np.nan, 4.0], [101.0, 101.0])
    assert index.tolist() == [1, -1]
    assert np.isnan(km[1])


def test_no_store_with_coordinates_is_an_error_in_one_sentence() -> None:
    with pytest.raises(ValueError, match="at least one store with coordinates; got 1"):
        nearest([3.0], [101.0], [np.nan], [np.nan])
