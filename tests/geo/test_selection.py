"""Points inside drawn shapes, as the map hands them over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from geo.distance import haversine_km
from geo.selection import MAX_SHAPES, MAX_VERTICES, select

RNG = np.random.default_rng(2)
LON, LAT = RNG.uniform(101, 102, 2000), RNG.uniform(2.5, 3.5, 2000)


def _feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


RECTANGLE = _feature("Polygon", [[[101.2, 2.7], [101.2, 3.1], [101.6, 3.1], [101.6, 2.7], [101.2, 2.7]]])


def test_a_rectangle_holds_the_points_between_its_sides() -> None:
    expected = (LON >= 101.2) & (LON <= 101.6) & (LAT >= 2.7) & (LAT <= 3.1)
    assert (select(LON, LAT, [RECTANGLE]) == expected).all()


def test_a_circle_holds_the_points_within_its_radius() -> None:
    circle = _feature("Point", [101.5, 3.0], radius=15_000)
    assert (select(LON, LAT, [circle]) == (haversine_km(LAT, LON, 3.0, 101.5) <= 15)).all()


def test_several_shapes_select_their_union() -> None:
    circle = _feature("Point", [101.8, 3.3], radius=5_000)
    both = select(LON, LAT, [RECTANGLE, circle])
    assert (both == select(LON, LAT, [RECTANGLE]) | select(LON, LAT, [circle])).all()


def test_a_self_crossing_polygon_selects_its_two_halves() -> None:
    bow = _feature("Polygon", [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]])
    assert select([0.2, 1.8, 1.0], [1.0, 1.0, 1.9], [bow]).tolist() == [True, True, False]


def test_a_hole_is_left_out_and_a_border_point_is_in() -> None:
    ring = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]
    assert select([2.0, 0.5, 4.0], [2.0, 0.5, 2.0], [_feature("Polygon", [ring, hole])]).tolist() == [
        False,
        True,
        True,
    ]


def test_missing_coordinates_are_never_selected_and_no_shape_selects_nothing() -> None:
    assert select([np.nan], [3.0], [RECTANGLE]).tolist() == [False]
    assert not select(LON, LAT, []).any()


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        ({}, "needs a geometry"),
        (
            _feature("LineString", [[0, 0], [1, 1]]),
            "rectangle, a polygon or a circle; this shape is 'LineString'",
        ),
        (_feature("Point", [101.5, 3.0]), "radius above 0"),
        (_feature("Point", [101.5, 3.0], radius=-1), "radius above 0"),
        (_feature("Point", [101.5, 3.0], radius=True), "radius above 0"),
        (_feature("Point", [101.5, float("nan")], radius=5), "must be numbers"),
        (_feature("Point", "12", radius=5), "longitude and a latitude"),
        (_feature("Polygon", []), "at least one ring"),
        (_feature("Polygon", ["abc"]), "list of corners"),
        (_feature("Polygon", [[[0, 0], [1, 1], [0, 0]]]), "three different corners"),
        (_feature("Polygon", [[[0, 0], [1, 95], [2, 0]]]), "off the map"),
        (_feature("Polygon", [[[0, 0]] * (MAX_VERTICES + 1)]), f"at most {MAX_VERTICES} corners"),
    ],
)
def test_a_shape_that_makes_no_sense_is_refused_in_one_sentence(
    feature: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        select(LON, LAT, [feature])


def test_too_many_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=f"at most {MAX_SHAPES} shapes"):
        select(LON, LAT, [RECTANGLE] * (MAX_SHAPES + 1))


@pytest.mark.parametrize("turn", [-360.0, 0.0, 360.0])
def test_an_area_drawn_across_the_date_line_holds_both_sides(turn):
    ring = [[lon + turn, lat] for lon, lat in ([179, -18], [181, -18], [181, -16], [179, -16], [179, -18])]
    if max(abs(lon) for lon, _ in ring) > 360:
        ring = [[lon - turn, lat] for lon, lat in ring]
    drawn = {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    lon = [179.5, -179.5, 180.0, -180.0, 178.0, -178.0]
    assert select(lon, [-17.0] * 6, [drawn]).tolist() == [True, True, True, True, False, False]


def test_a_hole_beside_its_shell_selects_nobody():
    hole = [[10, 10], [11, 10], [11, 11], [10, 11], [10, 10]]
    shell = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    drawn = {"geometry": {"type": "Polygon", "coordinates": [shell, hole]}}
    assert select([10.5, 2.0], [10.5, 2.0], [drawn]).tolist() == [False, True]


def test_an_area_without_width_selects_nobody():
    drawn = {"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [2, 0], [0, 0]]]}}
    assert not select([1.0], [0.0], [drawn]).any()
