"""Customers far from every store, against pandas and geo.distance, on both engines."""

import numpy as np
import pandas as pd
import pytest

from geo.cells import to_x20, to_y20
from geo.distance import nearest
from geo.service_gaps import Gap, by_cell, far, summed

LAT, LON = [3.14, 5.41, float("nan")], [101.69, 100.33, 100.0]


def people(n=500):
    chance = np.random.default_rng(8)
    lat, lon = chance.normal(4.0, 1.5, n), chance.normal(101.0, 1.0, n)
    frame = pd.DataFrame({"customer_key": np.arange(n), "lat": lat, "lon": lon})
    frame["x20"], frame["y20"] = to_x20(lon), to_y20(lat)
    frame["weight"] = chance.gamma(1, 100, n).round(2)
    frame[["x20", "y20"]] = frame[["x20", "y20"]].astype("Int64")
    frame.loc[480:, ["lat", "lon", "x20", "y20"]] = None
    return frame


@pytest.mark.parametrize("km", [0.0, 30.0, 120.0, 30_000.0])
def test_far_customers_are_those_of_the_nearest_store(backend, km):
    table = backend.create_table("everyone", people().convert_dtypes(), overwrite=True)
    found = far(table, LAT, LON, km)
    frame = people()
    frame["km"] = nearest(frame["lat"], frame["lon"], LAT, LON)[1]
    expected = frame[frame["km"] > km]
    told = found.to_pyarrow().to_pandas().sort_values("customer_key")
    assert told["customer_key"].tolist() == expected["customer_key"].tolist()
    assert told["way"].to_numpy(float) == pytest.approx(expected["km"].to_numpy())
    row = summed(table, found).to_pyarrow().to_pylist()[0]
    gap = Gap(row["customers"], row["weight"], row["all_customers"], row["all_weight"])
    assert (gap.customers, gap.all_customers) == (len(expected), 480)
    assert gap.weight == pytest.approx(expected["weight"].sum())
    assert gap.share == pytest.approx(len(expected) / 480)
    assert gap.weight_share == pytest.approx(expected["weight"].sum() / frame[:480]["weight"].sum())


def test_cells_of_a_gap_hold_enough_customers_and_add_up(backend):
    table = backend.create_table("everyone", people().convert_dtypes(), overwrite=True)
    beyond = far(table, LAT, LON, 60.0)
    every = by_cell(beyond, 8).to_pyarrow().to_pandas()
    assert every["customers"].sum() == beyond.count().to_pyarrow().as_py()
    assert every["weight"].is_monotonic_decreasing
    frame = people()[:480]
    frame["way"] = nearest(frame["lat"], frame["lon"], LAT, LON)[1]
    frame = frame[frame["way"] > 60.0].assign(x=lambda f: f["x20"] // 4096, y=lambda f: f["y20"] // 4096)
    by_hand = every.merge(frame.groupby(["x", "y"])["way"].mean().reset_index(), on=["x", "y"])
    assert by_hand["way_x"].to_numpy(float) == pytest.approx(by_hand["way_y"].to_numpy(float))
    assert len(by_hand) == len(every)
    assert every["way"].min() > 60.0
    some = by_cell(beyond, 8, fewest=5).to_pyarrow().to_pandas()
    assert some["customers"].min() >= 5
    assert len(some) == (every["customers"] >= 5).sum()


def test_across_the_date_line_is_near(backend):
    frame = people().head(2).assign(lat=0.0, lon=[179.9, -179.9])
    table = backend.create_table("line", frame.convert_dtypes(), overwrite=True)
    assert far(table, [0.0], [-179.95], 50.0).count().to_pyarrow().as_py() == 0


def test_nobody_and_nothing_have_no_share():
    assert Gap(0, 0.0, 0, 0.0).share is None
    assert Gap(0, 0.0, 3, 0.0).weight_share is None


def test_what_cannot_be_measured_is_refused(backend):
    table = backend.create_table("everyone", people().convert_dtypes(), overwrite=True)
    with pytest.raises(ValueError, match="one store with a place"):
        far(table, [np.nan], [1.0], 5)
    with pytest.raises(ValueError, match="0 km or more"):
        far(table, LAT, LON, -1)
    with pytest.raises(ValueError, match="lat"):
        far(table.drop("lat"), LAT, LON, 5)
    with pytest.raises(ValueError, match="level"):
        by_cell(table, 21)
