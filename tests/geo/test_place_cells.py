"""Cells that give nobody away: every customer is in one cell or counted as hidden, none is in two."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cells import Bounds, to_lon_lat, to_x20, to_y20
from geo.place_cells import JOINED_LEVELS, block, counted, joined, members, parse_pick, window

KLANG_VALLEY = Bounds(2.8, 101.2, 3.4, 102.0)


def people(count: int, seed: int = 1) -> pd.DataFrame:
    """Customers around a few places, dense and sparse, some without a place."""
    chance = np.random.default_rng(seed)
    centres = np.array([[3.14, 101.69], [3.04, 101.45], [2.93, 101.79]])[chance.integers(0, 3, count)]
    spread = chance.choice([0.002, 0.05, 0.2], count)[:, None]
    lat, lon = (centres + chance.normal(0, 1, (count, 2)) * spread).T
    frame = pd.DataFrame({"customer_key": np.arange(count), "lat": lat, "lon": lon})
    frame["x20"], frame["y20"] = to_x20(lon).astype("int32"), to_y20(lat).astype("int32")
    frame["is_new"] = chance.random(count) < 0.3
    frame["revenue"] = chance.random(count) * 100
    return frame


@pytest.fixture(scope="module")
def customers() -> ibis.Table:
    return ibis.memtable(people(800))


def drawn(customers: Any, level: int, fewest: int) -> tuple[pd.DataFrame, int]:
    return joined(counted(customers, window(KLANG_VALLEY, level)).to_pandas(), level, fewest)


def test_counts_agree_with_pandas(customers: ibis.Table) -> None:
    frame, shown = people(800), window(KLANG_VALLEY, 12)
    frame["x"], frame["y"] = frame["x20"] // 256, frame["y20"] // 256
    inside = frame[frame["x"].between(shown.west, shown.east) & frame["y"].between(shown.north, shown.south)]
    expected = inside.groupby(["x", "y"]).agg(
        customers=("x", "size"),
        new=("is_new", "sum"),
        revenue=("revenue", "sum"),
        lat=("lat", "sum"),
        lon=("lon", "sum"),
    )
    found = counted(customers, shown).to_pandas().astype({"x": "int64", "y": "int64"})
    expected = expected.reset_index().astype({"x": "int64", "y": "int64"})
    found = found.sort_values(["x", "y"], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize("level", [9, 12, 15, 20])
def test_a_window_is_the_same_wherever_the_view_lies_within_its_blocks(level: int) -> None:
    shown = window(KLANG_VALLEY, level)
    side = 1 << JOINED_LEVELS
    assert [v % side for v in (shown.west, shown.north, shown.east + 1, shown.south + 1)] == [0, 0, 0, 0]


@pytest.mark.parametrize("fewest", [0, 5, 40])
@pytest.mark.parametrize("level", [10, 13, 16])
def test_every_customer_of_the_window_is_in_one_cell_or_hidden(
    customers: ibis.Table, level: int, fewest: int
) -> None:
    cells, hidden = drawn(customers, level, fewest)
    total = counted(customers, window(KLANG_VALLEY, level)).customers.sum().to_pyarrow().as_py()
    assert cells["customers"].sum() + hidden == total
    assert (cells["customers"] >= max(fewest, 1)).all()
    assert cells["pick"].is_unique


@pytest.mark.parametrize("level", [12, 14, 16])
def test_a_click_on_any_cell_finds_exactly_its_customers_and_no_one_twice(
    customers: ibis.Table, level: int
) -> None:
    cells, _ = drawn(customers, level, 5)
    assert cells["joined"].any()
    seen: list[int] = []
    for cell in cells.itertuples():
        pick = parse_pick(str(cell.pick).removeprefix("cell:"))
        assert pick is not None
        around = counted(customers, block(pick)).to_pandas()
        theirs = members(customers, around, pick[3], pick, 5).customer_key.to_pyarrow().to_pylist()
        assert len(theirs) == cell.customers
        seen += theirs
    assert len(set(seen)) == len(seen) == cells["customers"].sum()


def test_a_cell_lies_around_the_mean_position_of_its_customers(customers: ibis.Table) -> None:
    cells, _ = drawn(customers, 13, 0)
    assert ((cells["south"] <= cells["lat"]) & (cells["lat"] <= cells["north"])).all()
    assert ((cells["west"] <= cells["lon"]) & (cells["lon"] <= cells["east"])).all()


@settings(max_examples=50)
@given(st.integers(2, 20), st.integers(0, 2**20 - 1), st.integers(0, 2**20 - 1), st.integers(0, 2))
def test_an_id_of_a_cell_reads_back(level: int, x: int, y: int, finer: int) -> None:
    x, y, base = x >> (20 - level), y >> (20 - level), min(level + finer, 20)
    text = f"{level}/{x}/{y}" + (f"/{base}" if base != level else "")
    assert parse_pick(text) == (level, x, y, base)


@pytest.mark.parametrize(
    "text", ["", "x", "1/2", "5/1/2/9", "5/1/2/4", "3/8/0", "21/0/0", "٣/1/1", "5/-1/2", "1/1/1; drop"]
)
def test_what_is_no_id_of_a_cell_is_none(text: str) -> None:
    assert parse_pick(text) is None


def test_a_level_outside_the_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="from 2 to 20; got 21"):
        window(KLANG_VALLEY, 21)


def test_the_middle_of_a_window_is_in_it() -> None:
    shown = window(KLANG_VALLEY, 14)
    lon, lat = to_lon_lat([shown.west, shown.east + 1], [shown.north, shown.south + 1], 14)
    assert lon[0] <= KLANG_VALLEY.west <= KLANG_VALLEY.east <= lon[1]
    assert lat[1] <= KLANG_VALLEY.south <= KLANG_VALLEY.north <= lat[0]
