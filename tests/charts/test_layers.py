"""Layers of regions, areas, lines and points: the message is complete, small and harmless."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from charts.maps.borders import pack
from charts.maps.layers import Area, Layers, Legend, Line, Point, Region, legend_row, marks
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


def test_regions_take_the_borders_of_their_code_in_any_order():
    borders = pack(["A", "B", "C"], np.array([shapely.box(i, 0, i + 1, 1) for i in range(3)], dtype=object))
    regions = [Region(code, code, 0, "1", 1.0, ()) for code in ("C", "A")]
    message = marks(Layers(Legend("x"), regions=regions, borders=borders, level="here"), T).message
    assert [row["shape"] for row in message["rows"]] == [2, 0]
    assert message["borders"]["extent"] == [[0.0, 0.0], [1.0, 3.0]]
    assert message["level"] == "here"


def test_a_region_without_borders_is_refused():
    borders = pack(["A"], np.array([shapely.box(0, 0, 1, 1)], dtype=object))
    stray = [Region("Z", "Z", 0, "", 1.0, ())]
    with pytest.raises(ValueError, match="'Z'"):
        marks(Layers(Legend("x"), regions=stray, borders=borders), T)
