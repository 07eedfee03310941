"""Boundaries as people have them: mended, or refused with a reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.mending import Mended, around_date_line, mend
from geo.reference_systems import BoundaryProblem, decide, possible

KLANG = shapely.box(101.2, 2.9, 101.6, 3.2)
MALAYSIA = (0.8, 99.5, 7.5, 119.5)


def mended(*shapes: Any, **how: Any) -> Mended:
    return mend(np.array([*shapes, None], dtype=object)[:-1], **how)


def test_a_ring_that_crosses_itself_becomes_areas_of_the_same_size() -> None:
    bow_tie = shapely.Polygon([(101, 3), (102, 4), (102, 3), (101, 4)])
    found = mended(bow_tie)
    assert found.notes == (("repaired", 1),)
    assert shapely.is_valid(found.shapes[0])
    assert shapely.area(found.shapes[0]) == pytest.approx(0.5)


OUTSIDE = [(105, 5), (106, 5), (106, 6), (105, 6)]
ACROSS = [(101.4, 3.0), (101.8, 3.0), (101.8, 3.1), (101.4, 3.1)]
INSIDE = [(101.3, 3.0), (101.35, 3.0), (101.35, 3.1), (101.3, 3.1)]


@pytest.mark.parametrize(
    ("holes", "area"),
    [
        ([OUTSIDE], 0.12),
        ([OUTSIDE, INSIDE], 0.12 - 0.005),
        ([ACROSS], 0.12 - 0.02),
        ([ACROSS, ACROSS, INSIDE, INSIDE], 0.12 - 0.025),
        ([[(x + 360, y) for x, y in INSIDE]], 0.12),
    ],
)
def test_a_hole_adds_no_land_wherever_it_lies(holes: list[Any], area: float) -> None:
    found = mended(shapely.Polygon(KLANG.exterior.coords, holes))
    assert shapely.area(found.shapes[0]) == pytest.approx(area)
    assert shapely.within(found.shapes[0], KLANG)
    assert shapely.is_valid(found.shapes[0])
    assert found.notes == (("repaired", 1),)


def test_a_hole_as_large_as_its_shell_leaves_nothing() -> None:
    found = mended(KLANG, shapely.Polygon(KLANG.exterior.coords, [KLANG.exterior.coords]))
    assert found.shapes[1] is None
    assert found.notes == (("collapsed", 1),)


def test_a_hole_outside_a_region_that_crosses_the_date_line_adds_nothing() -> None:
    shell = [(177, -19), (-178, -19), (-178, -16), (177, -16)]
    found = mended(shapely.Polygon(shell, [[(0, 0), (1, 0), (1, 1), (0, 1)]]))
    assert shapely.area(found.shapes[0]) == pytest.approx(15.0)


def test_collections_keep_their_areas_and_drop_points_and_lines() -> None:
    mixed = shapely.GeometryCollection(
        [shapely.Point(101, 3), shapely.GeometryCollection([KLANG, shapely.LineString([(0, 0), (1, 1)])])]
    )
    found = mended(mixed, shapely.Point(101, 3))
    assert shapely.equals(found.shapes[0], KLANG)
    assert found.shapes[1] is None
    assert dict(found.notes) == {"no_area": 1, "parts_dropped": 1}


def test_heights_are_dropped_and_empty_rows_counted() -> None:
    found = mended(shapely.force_3d(KLANG, 7.0), shapely.Polygon(), None)
    assert not shapely.has_z(found.shapes[0])
    assert dict(found.notes) == {"no_area": 2, "z_dropped": 1}


def test_latitude_before_longitude_is_seen_and_put_right() -> None:
    swapped = shapely.transform(KLANG, lambda xy: xy[:, ::-1])
    found = mended(swapped)
    assert dict(found.notes) == {"swapped": 1}
    assert shapely.bounds(found.shapes[0]).tolist() == shapely.bounds(KLANG).tolist()


def test_a_swap_that_degrees_allow_is_told_by_where_the_customers_are() -> None:
    berlin, there = shapely.box(13.1, 52.3, 13.8, 52.7), (47.0, 6.0, 55.0, 15.0)
    swapped = shapely.transform(berlin, lambda xy: xy[:, ::-1])
    assert dict(mended(swapped, customers=there).notes) == {"swapped": 1}
    assert mended(berlin, customers=there).notes == ()
    assert mended(berlin, customers=MALAYSIA).notes == ()  # boundaries of elsewhere are not touched


def test_metres_are_brought_to_degrees_as_pyproj_does() -> None:
    to_rso = pyproj.Transformer.from_crs(4326, 3375, always_xy=True)
    metres = shapely.transform(KLANG, lambda xy: np.column_stack(to_rso.transform(xy[:, 0], xy[:, 1])))
    found = mended(metres, declared="EPSG:3375")
    assert found.system.reason == "declared"
    assert shapely.hausdorff_distance(found.shapes[0], KLANG) < 1e-6


def test_metres_without_a_system_are_refused_and_say_what_could_be_chosen() -> None:
    to_rso = pyproj.Transformer.from_crs(4326, 3375, always_xy=True)
    metres = shapely.transform(KLANG, lambda xy: np.column_stack(to_rso.transform(xy[:, 0], xy[:, 1])))
    with pytest.raises(BoundaryProblem) as refused:
        mended(metres, country="MY", home=MALAYSIA)
    assert refused.value.code == "crs_unknown"
    assert "EPSG:3375" in refused.value.fields["choices"]  # type: ignore[operator]
    assert mended(metres, chosen="EPSG:3375").system.reason == "chosen"


def test_degrees_that_are_called_metres_are_read_as_degrees() -> None:
    assert mended(KLANG, declared="EPSG:3375").system.reason == "contradicted"
    assert mended(KLANG, declared="EPSG:4326").system.reason == "declared"
    assert mended(KLANG).system.reason == "assumed"


def test_metres_that_are_called_degrees_are_not_believed() -> None:
    with pytest.raises(BoundaryProblem, match="not degrees"):
        mended(shapely.box(400_000, 300_000, 410_000, 310_000), declared="EPSG:4326")


def test_a_single_fitting_system_is_taken_and_named() -> None:
    bounds = np.array([25_000.0, 28_000.0, 35_000.0, 38_000.0])
    assert possible(bounds, "SG", (1.1, 103.6, 1.5, 104.1)) == ("EPSG:3414",)
    assert decide("", bounds, "SG", (1.1, 103.6, 1.5, 104.1)).reason == "fitted"


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(BoundaryProblem, match="not known"):
        mended(KLANG, declared="EPSG:999999")


def test_rows_off_the_globe_are_left_out() -> None:
    found = mended(KLANG, shapely.box(101, 5, 102, 6), shapely.box(101, 80, 102, 95))
    assert found.shapes[2] is None
    assert dict(found.notes) == {"out_of_range": 1}


def test_numbers_that_are_none_are_left_out() -> None:
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(101, 3), (np.nan, 4), (102, 3)])
    found = mended(KLANG, broken)
    assert dict(found.notes) == {"not_finite": 1}


def test_a_file_without_any_area_is_refused() -> None:
    with pytest.raises(BoundaryProblem, match="no area"):
        mended(shapely.Point(101, 3), None)


@pytest.mark.parametrize("east", [-178.0, 182.0])
def test_the_date_line_cuts_a_region_in_two_of_the_same_area(east: float) -> None:
    taveuni = shapely.Polygon([(177, -19), (east, -19), (east, -16), (177, -16)])
    found = mended(taveuni)
    assert dict(found.notes) == {"date_line": 1}
    assert shapely.area(found.shapes[0]) == pytest.approx(15.0)
    assert shapely.bounds(found.shapes[0]).tolist() == [-180, -19, 180, -16]
    assert shapely.intersects_xy(found.shapes[0], -179.0, -17.0)
    assert not shapely.intersects_xy(found.shapes[0], 0.0, -17.0)


@pytest.mark.parametrize(("sign", "south", "north"), [(1, 70.0, 90.0), (-1, -90.0, -70.0)])
def test_a_ring_round_a_pole_holds_the_pole(sign: int, south: float, north: float) -> None:
    ring = [(lon, sign * 70.0) for lon in range(-180, 180, 30)]
    found = mended(shapely.Polygon(ring[::sign])).shapes[0]
    assert found.bounds == (-180.0, south, 180.0, north)
    assert shapely.area(found) == pytest.approx(360 * 20)
    inside = shapely.contains_xy(found, [0, 45, -170, 0], [sign * 80, sign * 89, sign * 71, sign * 60])
    assert inside.tolist() == [True, True, True, False]


def test_a_hole_in_a_ring_round_the_pole_stays_a_hole() -> None:
    ring = [(lon, -70) for lon in range(-180, 180, 30)]
    lake = [(100, -80), (110, -80), (110, -75), (100, -75)]
    found = mended(shapely.Polygon(ring, [lake])).shapes[0]
    assert shapely.area(found) == pytest.approx(360 * 20 - 50)
    assert not shapely.contains_xy(found, 105, -77)


def test_a_box_as_wide_as_the_map_is_no_line() -> None:
    found = mended(shapely.box(-180, -90, 180, -60), KLANG)
    assert shapely.area(found.shapes[0]) == pytest.approx(360 * 30)


def test_a_country_that_is_cut_already_is_left_alone() -> None:
    cut = shapely.multipolygons([shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)])
    assert around_date_line(cut) is cut


@given(
    st.lists(st.tuples(st.floats(95, 141, width=32), st.floats(-11, 7, width=32)), min_size=3, max_size=12)
)
def test_whatever_ring_is_given_the_answer_is_valid_areas_or_a_refusal(points: list[Any]) -> None:
    try:
        found = mended(shapely.Polygon(points))
    except BoundaryProblem:
        return
    assert bool(shapely.is_valid(found.shapes[0]))
    assert shapely.get_type_id(found.shapes[0]) in (3, 6)
    assert shapely.area(found.shapes[0]) > 0
