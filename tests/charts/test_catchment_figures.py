"""Figures and layers of catchments draw what they are given, and hostile names stay text."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from shapely.geometry import box

from charts import catchments as charts
from charts.maps import catchments as maps
from charts.maps.layers import marks
from charts.maps.marks import store_rows
from i18n.translator import translator

HOSTILE = "</script><script>alert(1)</script>${alert(2)}`"
FLOWS = pd.DataFrame(
    {
        "lat": [3.1, 3.2],
        "lon": [101.5, 101.6],
        "customers": [20.0, 5.0],
        "revenue": [400.0, 100.0],
        "cost": [2.0, 9.0],
    }
)


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_bands_add_up_and_name_themselves(lang: str) -> None:
    t = translator(lang)
    names = [charts.band_name(i, (0.0, 2.0, 5.0), t) for i in range(3)]
    assert names[0] == "0–2 km"
    assert names[2].startswith("5 km")
    table = pd.DataFrame(
        {"name": names, "share": [0.5, 0.3, 0.2], "reached": [0.5, 0.8, 1.0], "customers": [9, 5, 4]}
    )
    figure = charts.bands(table, t, "light")
    assert list(figure.data[0].y) == [0.5, 0.3, 0.2]


def test_the_check_draws_an_interval_only_where_there_is_one() -> None:
    t = translator("en")
    table = pd.DataFrame(
        {
            "name": ["A", HOSTILE],
            "actual": [100.0, 50.0],
            "predicted": [110.0, None],
            "low": [80.0, None],
            "high": [140.0, None],
        }
    )
    figure = charts.check(table, "MYR", t, "light", "80% interval")
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [list(line.x) for line in lines] == [[80.0, 140.0]]
    assert next(trace.name for trace in figure.data if trace.showlegend is not False) == "80% interval"
    assert "<script>" not in figure.to_json()


def test_overlap_leaves_the_diagonal_open() -> None:
    t = translator("en")
    table = pd.DataFrame({"name": ["A", "B"], "other": ["B", "A"], "share": [0.4, 0.1]})
    grid = charts.overlap(table, t, "dark").data[0].z
    assert pd.isna(grid[0][0])
    assert (grid[0][1], grid[1][0]) == (0.4, 0.1)


def test_flows_are_wider_where_more_is_sold_and_names_are_escaped() -> None:
    t = translator("en")
    store = {"lat": 3.14, "lon": 101.69, "name": HOSTILE, "store_id": "A", "owner": "own"}
    words = {"title": HOSTILE, "outline": "Catchment", "note": "Note", "unit": "{n} km"}
    square = box(101, 3, 102, 4)
    pins = store_rows([store], t)
    message = marks(maps.catchment(square, FLOWS, store, pins, "MYR", words, t), t).message
    first, second = (line["weight"] for line in message["lines"])
    assert first == pytest.approx(2 * second)  # a fourth of the sales, half as wide
    text = json.dumps(message)
    assert "<script>" not in text
    assert "${" not in text
    assert "`" not in text


def test_shares_fall_into_their_classes() -> None:
    t = translator("id")
    cells = pd.DataFrame(
        {
            "x": [12815, 12816, 12817],
            "y": [8050, 8050, 8050],
            "customers": [9, 9, 9],
            "share": [0.02, 0.3, 0.9],
            "low": [0.01, 0.2, 0.8],
            "high": [0.05, 0.4, 0.95],
            "seen": [None, 0.25, 0.95],
        }
    )
    message = marks(maps.share_cells(cells, 14, (), "Bagian", "", t), t).message
    assert [area["step"] for area in message["areas"]] == [0, 2, 4]
    assert len(message["legend"]["rows"]) == len(maps.SHARES)
