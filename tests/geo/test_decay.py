"""Customers by distance, against pandas and on both engines; shares with Wilson's interval."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.decay import EDGES_KM, bands, median_km, penetration, people_by_band, with_distance
from geo.distance import haversine_km
from geo.penetration import wilson
from tests.analytics.conftest import Backend, backend, spark_session  # noqa: F401

STORES = pd.DataFrame({"store_id": ["A", "B"], "store_lat": [3.14, 3.04], "store_lon": [101.69, 101.45]})


def sales(seed: int = 2, n: int = 800) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "customer_key": np.arange(n),
            "store_id": random.choice(["A", "B", "closed"], n),
            "lat": random.normal(3.1, 0.15, n),
            "lon": random.normal(101.6, 0.15, n),
            "orders": random.integers(1, 9, n),
            "revenue": random.gamma(2, 50, n),
        }
    )
    frame.loc[:20, ["lat", "lon"]] = None
    return frame


def test_bands_agree_with_pandas(backend: Backend) -> None:  # noqa: F811
    frame = sales()
    found = bands(with_distance(backend.table(frame), backend.table(STORES))).to_pyarrow().to_pandas()
    known = frame.dropna().merge(STORES, on="store_id")
    known["km"] = haversine_km(known["lat"], known["lon"], known["store_lat"], known["store_lon"])
    known["band"] = pd.cut(known["km"], [*EDGES_KM, np.inf], right=False, labels=False)
    expected = known.groupby(["store_id", "band"], as_index=False).agg(
        customers=("km", "size"), orders=("orders", "sum"), revenue=("revenue", "sum"), km=("km", "sum")
    )
    found = found.sort_values(["store_id", "band"], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize("edges", [(), (1.0, 2.0), (0.0, 2.0, 2.0), (0.0, np.inf)])
def test_edges_that_do_not_rise_from_zero_are_refused(edges: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="rise from 0"):
        bands(ibis.memtable(sales(n=30).assign(km=1.0)), edges)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_a_wilson_interval_holds_its_share(x: int, n: int) -> None:
    x = min(x, n)
    low, high = wilson([x], [n])
    assert 0 <= low[0] <= x / n + 1e-12
    assert x / n - 1e-12 <= high[0] <= 1


def test_nobody_known_to_live_there_leaves_the_rate_open() -> None:
    found = penetration([5, 0, 9], [0, 100, 3])
    assert found["rate"].isna().tolist() == [True, False, True]
    assert found["high"].iloc[1] == pytest.approx(0.037, abs=1e-3)


def test_people_are_counted_in_the_band_of_their_point() -> None:
    places = pd.DataFrame(
        {"lat": [3.14, 3.14, 3.5], "lon": [101.69, 101.72, 101.69], "population": [10, 20, 40]}
    )
    found = people_by_band(3.14, 101.69, places)
    assert found.tolist() == [10, 0, 0, 20, 0, 0, 40, 0]  # 0 km, 3.3 km, 40 km


def test_the_median_distance_is_where_half_the_sales_are_reached() -> None:
    assert median_km([4, 1, 2], [1, 1, 1]) == 2
    assert median_km([4, 1, 2], [8, 1, 1]) == 4
    assert median_km([1.0], [0.0]) is None
