"""Borders packed for the browser come out as they went in, and nothing in a name can run."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from charts.maps.borders import _ALPHABET, _number, pack
from charts.maps.layers import BARE, Frames, Layers, Legend, Region, class_row, marks
from charts.maps.legends import diverging
from data.reference import loader
from geo.boundaries import light
from i18n.translator import translator

HOSTILE = "</script><img src=x onerror=alert(1)>${alert(1)}`"


def unpacked(text: str, scale: int) -> np.ndarray:
    """As setia-regions.js reads a ring: longitude and latitude differences, zigzag, five bits a letter."""
    numbers, value, shift = [], 0, 0
    for letter in text:
        part = _ALPHABET.index(letter)
        value += (part & 31) << shift
        shift += 5
        if not part & 32:
            numbers.append(-(value + 1) // 2 if value % 2 else value // 2)
            value, shift = 0, 0
    return np.cumsum(np.array(numbers).reshape(-1, 2), axis=0) / scale


@given(st.integers(-(10**9), 10**9))
def test_every_whole_number_comes_back(value: int) -> None:
    assert unpacked(_number(value) + _number(0), 1)[0].tolist() == [value, 0]


def test_borders_come_out_as_they_went_in() -> None:
    shapes = loader.regions_of("MY").geometry.dropna().to_numpy()
    made = pack([str(i) for i in range(len(shapes))], shapes)
    for shape, parts in zip(shapes, made.shapes, strict=True):
        for polygon, rings in zip(shapely.get_parts(shape), parts, strict=True):
            found = unpacked(rings[0], made.scale)
            expected = shapely.get_coordinates(polygon.exterior)[:-1]
            assert np.abs(found[0] - expected[0]).max() <= 0.5 / made.scale + 1e-12
            assert np.abs(found.mean(axis=0) - expected.mean(axis=0)).max() < 0.01
    assert all(shapely.intersects_xy(s, at[1], at[0]) for s, at in zip(shapes, made.at, strict=True))


def test_five_hundred_regions_with_two_years_of_months_stay_below_500_kb() -> None:
    regions = loader.regions()
    regions = regions[regions.geometry.notna()].iloc[1000:1500]
    packed = pack(regions["code"], light(regions.geometry.to_numpy(), 22_000))
    tip = (("Customers", "12,345"), ("Sales", "RM1.23M"), ("95% interval", "12 to 34"))
    rows = [
        Region(code, name, 3, "12,345", 9.0, tip)
        for code, name in zip(regions["code"], regions["name"], strict=True)
    ]
    frames = Frames("Customers", ("Aug 2026",) * 24, ((3,) * 500,) * 24, (("12,345",) * 500,) * 24)
    legend = Legend("Customers", [class_row(3, "1 to 5", "500")])
    layers = Layers(legend, rows, packed, "x", frames, ramp=diverging(3, 3))
    assert len(json.dumps(marks(layers, translator("en")).message)) <= 500_000


def test_hostile_names_are_text() -> None:
    packed = pack([HOSTILE], np.array([shapely.box(0, 0, 1, 1)], dtype=object))
    frames = Frames(HOSTILE, (HOSTILE,), ((BARE,),), ((HOSTILE,),))
    region = Region(HOSTILE, HOSTILE, 0, HOSTILE, 1.0, ((HOSTILE, HOSTILE),))
    legend = Legend(HOSTILE, [class_row(0, HOSTILE, HOSTILE)], HOSTILE)
    layers = Layers(legend, [region], packed, HOSTILE, frames, ramp=diverging(1, 1))
    made = marks(layers, translator("ms")).message
    made["borders"] = {key: value for key, value in made["borders"].items() if key != "shapes"}
    text = json.dumps(made)
    assert not any(mark in text for mark in ("<img", "</script", "${", "`"))
    assert made["frames"]["steps"] == ["."]


def test_codes_and_borders_must_fit() -> None:
    with pytest.raises(ValueError, match="code per shape"):
        pack([], np.array([shapely.box(0, 0, 1, 1)], dtype=object))
