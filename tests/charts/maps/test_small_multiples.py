"""The four small maps show everyone in view once, on one scale."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from charts.maps.marks import SEGMENTS
from charts.maps.small_multiples import LARGEST, group_maps
from i18n.translator import translator

CELLS = pd.DataFrame(
    {
        "lat": [3.1, 5.4],
        "lon": [101.6, 100.3],
        "group_new": [4, 16],
        "group_active": [64, 9],
        "group_loyal": [0, 25],
        "group_lapsed": [1, 36],
    }
)
VIEW = (1.0, 99.0, 7.0, 105.0)


def circles(fewest: int = 0):
    land = [shapely.box(100, 2, 103, 6)]
    made = group_maps(CELLS, land, VIEW, translator("en"), "light", fewest=fewest)
    return made, [trace for trace in made.data if trace.mode == "markers"]


def test_equal_circles_are_equal_numbers_in_every_map():
    _, drawn = circles()
    for code, trace in zip(SEGMENTS, drawn, strict=True):
        counts = CELLS.loc[CELLS[f"group_{code}"] > 0, f"group_{code}"]
        assert list(trace.text) == [str(count) for count in counts]
        for size, count in zip(trace.marker.size, counts, strict=True):
            assert size == pytest.approx(max(LARGEST * (count / 64) ** 0.5, 3))


def test_small_groups_are_not_drawn_while_they_are_hidden():
    _, drawn = circles(fewest=5)
    assert [int(text) for trace in drawn for text in trace.text] == [16, 64, 9, 25, 36]


def test_the_number_beside_a_name_is_everyone_in_view():
    made, _ = circles()
    assert [note.text.split(" · ")[1] for note in made.layout.annotations] == ["20", "73", "25", "37"]
