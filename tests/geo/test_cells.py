"""The web-mercator grid against its definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cells import Bounds, cell_bounds, to_lon_lat, to_x20, to_y20


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
