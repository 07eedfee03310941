"""Marks: one compact message, numbers as numbers, and no text of a file that could run."""

from __future__ import annotations

import json
import re
from typing import Any

import folium
import pandas as pd
import pytest

from charts.maps.base import base_map
from charts.maps.marks import (
    KINDS,
    SEGMENTS,
    SQUARES,
    Around,
    Kind,
    Marks,
    cell_marks,
    region_marks,
    store_rows,
)
from i18n.translator import translator

HOSTILE = "</script><img src=x onerror=alert(1)>${alert(1)}`\"';alert(1)//\\u0060"
EN = translator("en")


def cells(count: int = 3) -> pd.DataFrame:
    place = range(count)
    return pd.DataFrame(
        {
            "pick": [f"cell:9/{i}/7" for i in place],
            "lat": 3.1,
            "lon": [101.0 + i for i in place],
            "south": 3.0,
            "west": [100.9 + i for i in place],
            "north": 3.2,
            "east": [101.1 + i for i in place],
            "customers": [5 * 10**i for i in place],
            "new": [1] * count,
            "revenue": [1234.56] * count,
            "joined": False,
            "ring": [[(3.0, 101.0), (3.1, 101.1), (3.0, 101.2)]] * count,
            **{f"group_{code}": [i + 1] * count for i, code in enumerate(SEGMENTS)},
        }
    )


def message(marks: Marks) -> dict[str, Any]:
    fig = folium.Map(tiles=None)
    marks.add_to(fig)
    script = fig.get_root().render()
    found = re.search(r"Setia\.marks\((\{.*\})\);", script)
    assert found is not None
    return json.loads(found[1])


def test_names_from_a_file_reach_the_map_only_escaped() -> None:
    stores = store_rows([{"store_id": "1", "name": HOSTILE, "lat": 3.0, "lon": 101.0, "owner": "own"}], EN)
    regions = pd.DataFrame([{"code": HOSTILE, "name": HOSTILE, "customers": 9, "new": 1, "revenue": 2.0}])
    for marks in (
        region_marks(regions, EN, Around("MYR", stores=stores)),
        cell_marks(cells(), "cells", EN, Around("MYR", stores=stores)),
    ):
        texts = list(strings(message(marks)))
        assert any("alert" in text for text in texts)
        assert not [text for text in texts if re.search(r"[<>`\"'\\]|\$\{", text)]


def strings(value: Any) -> Any:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(item)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "regions"])
def test_a_row_holds_what_is_drawn_and_told(kind: Kind) -> None:
    rows = message(cell_marks(cells(), kind, EN, Around("MYR")))["rows"]
    assert [row["customers"] for row in rows] == [5, 50, 500]
    assert rows[0]["share"] == 0.2
    assert rows[0]["revenue"] == 1235
    assert ("step" in rows[0]) == (kind in SQUARES)
    assert kind != "segments" or rows[0]["step"] == 3


def test_missing_revenue_is_not_told_as_zero() -> None:
    frame = cells(1).assign(revenue=float("nan"))
    assert message(cell_marks(frame, "cells", EN, Around("MYR")))["rows"][0]["revenue"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_view_draws_nothing_and_does_not_fail(kind: Kind) -> None:
    frame = cells(0)
    if kind == "regions":
        marks = region_marks(frame.assign(code="", name=""), EN, Around("MYR"))
    else:
        marks = cell_marks(frame, kind, EN, Around("MYR"))
    assert message(marks)["rows"] == []


@pytest.mark.parametrize(("currency", "prefix"), [("MYR", "RM"), ("IDR", "Rp"), ("SGD", "SGD ")])
def test_money_is_written_with_the_symbol_of_its_currency(currency: str, prefix: str) -> None:
    assert message(cell_marks(cells(), "cells", EN, Around(currency)))["money"] == prefix


def test_competitors_and_stores_without_a_position_cannot_be_picked() -> None:
    rows = store_rows(
        [
            {"store_id": "1", "name": None, "lat": None, "lon": 101.0, "owner": "own"},
            {"store_id": "2", "name": None, "lat": 3.0, "lon": 101.0, "owner": "competitor"},
            {"store_id": "3", "name": "", "lat": 3.0, "lon": 101.0, "owner": "own"},
        ],
        EN,
    )
    assert [(row["name"], row["own"], row.get("pick")) for row in rows] == [
        ("2", False, None),
        ("3", True, "store:2"),
    ]


def test_a_message_of_two_thousand_cells_stays_small() -> None:
    frame = pd.concat([cells(2)] * 1000, ignore_index=True)
    assert len(json.dumps(cell_marks(frame, "cells", EN, Around("MYR")).message)) < 400_000


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_an_equal_base_map_gives_an_equal_script_so_the_browser_keeps_it(lang: str) -> None:
    def script() -> str:
        return re.sub(
            r"_[a-f0-9]{32}", "", base_map((1, 99, 7, 104), translator(lang)).get_root().script.render()
        )

    assert script() == script()
