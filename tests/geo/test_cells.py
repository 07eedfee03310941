"""The web-mercator grid against its definition, and cells against a pandas oracle on each engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cells import Bounds, cell_bounds, cells, finest_zoom, to_lon_lat, to_x20, to_y20

VIEW = Bounds(south=2.5, west=101.0, north=3.6, east=102.0)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    lon = np.concatenate([rng.normal(101.65, 0.08, 700), rng.uniform(99, 104, 300)])
    lat = np.concatenate([rng.normal(3.1, 0.06, 700), rng.uniform(1, 6, 300)])
    out = pd.DataFrame({"x20": to_x20(lon), "y20": to_y20(lat)}).astype("Int32")
    out["revenue"] = rng.gamma(2.0, 60.0, 1000)
    out["is_new"] = rng.random(1000) < 0.3
    out.loc[::97, ["x20", "y20"]] = pd.NA
    return out


@pytest.fixture(scope="module")
def customers(backend: Any, frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path: Path = tmp_path_factory.mktemp("cells") / "customers.parquet"
    frame.to_parquet(path)
    return backend.read_parquet(str(path), table_name=f"cells_{backend.name}")


def _oracle(frame: pd.DataFrame, level: int) -> pd.DataFrame:
    west, east = to_x20([VIEW.west, VIEW.east])
    north, south = to_y20([VIEW.north, VIEW.south])
    seen = frame.dropna(subset=["x20"])
    seen = seen[seen.x20.between(west, east) & seen.y20.between(north, south)]
    shift = 20 - level
    seen = seen.assign(x=seen.x20.astype("int64") // 2**shift, y=seen.y20.astype("int64") // 2**shift)
    grouped = seen.groupby(["x", "y"]).agg(
        customers=("x", "size"), new=("is_new", "sum"), revenue=("revenue", "sum")
    )
    return grouped.reset_index()


@pytest.mark.parametrize("max_cells", [2000, 60, 7])
def test_cells_agree_with_the_pandas_oracle(customers: Any, frame: pd.DataFrame, max_cells: int) -> None:
    found = cells(customers, VIEW, zoom=9, max_cells=max_cells).to_pyarrow().to_pandas()
    level = int(found["zoom"].iloc[0])
    expected = _oracle(frame, level)
    assert found[["x", "y", "customers", "new"]].to_numpy().tolist() == (
        expected[["x", "y", "customers", "new"]].astype("int64").to_numpy().tolist()
    )
    assert found["revenue"].to_numpy() == pytest.approx(expected["revenue"].to_numpy())
    assert (found["existing"] == found["customers"] - found["new"]).all()


@pytest.mark.parametrize("max_cells", [2000, 60, 7])
def test_the_finest_grid_within_the_limit_is_taken(
    customers: Any, frame: pd.DataFrame, max_cells: int
) -> None:
    level = finest_zoom(customers, VIEW, 9, max_cells)
    assert len(_oracle(frame, level)) <= max_cells
    assert level == 14 or len(_oracle(frame, level + 1)) > max_cells


def test_cells_with_few_customers_can_be_hidden(customers: Any) -> None:
    everything = cells(customers, VIEW, 9, 200).to_pyarrow().to_pandas()
    shown = cells(customers, VIEW, 9, 200, min_count=5).to_pyarrow().to_pandas()
    assert shown["customers"].min() >= 5
    assert len(shown) == (everything["customers"] >= 5).sum() < len(everything)


def test_a_view_without_customers_has_no_cells(customers: Any) -> None:
    assert len(cells(customers, Bounds(-60, -50, -55, -40), 5).to_pyarrow()) == 0


def test_a_view_across_the_date_line_sees_both_sides(backend: Any, tmp_path: Path) -> None:
    path = tmp_path / "pacific.parquet"
    frame = pd.DataFrame(
        {"x20": to_x20([179.5, -179.5, 0.0]), "y20": to_y20([0.0, 0.0, 0.0]), "revenue": 1.0}
    )
    frame.assign(is_new=True).to_parquet(path)
    table = backend.read_parquet(str(path), table_name=f"pacific_{backend.name}")
    assert cells(table, Bounds(-5, 175, 5, -175), 4).to_pyarrow().to_pandas()["customers"].sum() == 2


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_a_point_lies_in_the_cell_it_is_given(lon: float, lat: float) -> None:
    bounds = cell_bounds(int(to_x20(lon)), int(to_y20(lat)), 20)
    assert bounds.west - 1e-9 <= lon <= bounds.east + 1e-9
    assert bounds.south - 1e-9 <= lat <= bounds.north + 1e-9


@given(st.integers(0, 2**20 - 1), st.integers(0, 2**20 - 1))
def test_the_middle_of_a_cell_goes_back_to_the_cell(x: int, y: int) -> None:
    lon, lat = to_lon_lat(x + 0.5, y + 0.5)
    assert (int(to_x20(lon)), int(to_y20(lat))) == (x, y)


def test_tile_numbers_are_those_of_the_slippy_map() -> None:
    # OpenStreetMap wiki, "Slippy map tilenames", formula; Kuala Lumpur at zoom 10 is tile 801/503
    assert (int(to_x20(101.6869)) >> 10, int(to_y20(3.139)) >> 10) == (801, 503)


@pytest.mark.parametrize("bad", [(5, 0, 4, 1), (-91, 0, 0, 1), (0, -181, 1, 1)])
def test_impossible_bounds_are_refused(bad: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="Bounds needs"):
        Bounds(*bad)
