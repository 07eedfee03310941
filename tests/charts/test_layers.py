"""Layers of regions, areas, lines and points: the message is complete, small and harmless."""

from __future__ import annotations

import json

import pytest
import shapely

from charts.maps.base import base_map
from charts.maps.layers import Area, Layers, Legend, Line, Point, Region, legend_row, marks, shape_features
from i18n.translator import translator

HOSTILE = "</script><img src=x onerror=alert(1)>${alert(1)}`"
T = translator("en")


def everything(name: str) -> Layers:
    square = shapely.box(101.0, 3.0, 101.5, 3.5)
    return Layers(
        Legend(name, [legend_row("point", name)], name),
        regions=[Region(name, name, 0, name, 1.0, [(name, name)])],
        areas=[Area(square, name, [(name, name)], pick=f"area:{name}")],
        lines=[Line((3.0, 101.0), (3.1, 101.1), 2.0, [(name, name)])],
        points=[Point((3.0, 101.0), name, [(name, name)], pick="point:1", label=name)],
    )


def test_no_text_of_a_layer_can_run():
    sent = json.dumps(marks(everything(HOSTILE), T).message)
    for dangerous in ("<", "`", "${"):
        assert dangerous not in sent


def test_every_layer_arrives_with_its_place_and_its_words():
    message = marks(everything("Klang"), T).message
    assert message["kind"] == "regions"
    assert message["rows"][0]["pick"] == "region:Klang"
    assert message["areas"][0]["at"] == [3.25, 101.25]
    assert message["lines"][0]["path"] == [[3.0, 101.0], [3.1, 101.1]]
    assert message["points"][0]["tip"] == [["Klang", "Klang"]]
    assert message["legend"]["rows"][0]["text"] == "Klang"


def test_a_colour_the_map_does_not_know_is_refused():
    with pytest.raises(ValueError, match="crimson"):
        legend_row("point", "x", look="crimson")


def test_shapes_lie_in_the_map_itself_and_not_in_every_message():
    shapes = shape_features(["A", "B"], [shapely.box(1, 2, 3, 4), shapely.Polygon()])
    assert [shape["properties"] for shape in shapes] == [{"code": "A", "at": [3.0, 2.0]}]
    with_them = base_map((2, 1, 4, 3), T, shapes=shapes, tools=False).get_root().render()
    assert '"code": "A"' in with_them
    assert '"code": "A"' not in base_map((2, 1, 4, 3), T).get_root().render()
