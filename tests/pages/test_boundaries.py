"""The page Boundaries: a file is looked at, kept, and used; hostile ones are refused in words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from data import boundaries, workspaces
from tests.conftest import TOWNS, build_workspace
from tests.pages.conftest import SHELL, Browser, Open

PAGE = "data/boundaries.py"
SCRIPT = "<img src=x onerror=alert(1)>${alert(2)}`"


@pytest.fixture
def own_home(tmp_path: Path, use_home: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that may be changed."""
    build_workspace(tmp_path, "Kedai Ujian")
    use_home(tmp_path, monkeypatch)
    return tmp_path


def districts(extra: int = 0) -> bytes:
    """A square around each town; with ``extra``, more that overlap the first."""
    shapes = [shapely.box(lon - 0.4, lat - 0.12, lon + 0.12, lat + 0.4) for *_, lat, lon in TOWNS]
    shapes += [shapely.box(101.3, 2.9, 101.4, 3.0)] * extra
    names = [town[0] for town in TOWNS] + [SCRIPT] * extra
    features = [
        {
            "type": "Feature",
            "properties": {"kod": f"D{i}", "daerah": name},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for i, (shape, name) in enumerate(zip(shapes, names, strict=True))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def open_own(lang: str = "en") -> Any:
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(SHELL), default_timeout=90)
    app.query_params["lang"] = lang
    app.run()
    app.switch_page(f"../pages/{PAGE}")
    app.run()
    assert not app.exception
    return app


def give(app: Any, content: bytes, name: str = "daerah.geojson") -> Any:
    app.file_uploader[0].set_value((name, content, "application/json")).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_the_page_opens_with_the_shipped_level_and_the_guide(
    open_page: Open, browser: Browser, lang: str
) -> None:
    app = open_page(PAGE, lang=lang)
    assert any("(16)" in text.value or "16" in text.value for text in app.markdown)
    figures = open_page(PAGE, tab="boundaries.figures", lang=lang)
    assert not figures.exception


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_a_file_is_looked_at_before_it_is_kept(own_home: Path, browser: Browser, lang: str) -> None:
    workspace = workspaces.open_workspace(own_home, "Kedai Ujian")
    app = give(open_own(lang), districts(extra=1))
    assert not app.error
    assert boundaries.levels(workspace) == ()
    assert app.selectbox(key="boundaries.columns.code").value == "kod"
    assert app.selectbox(key="boundaries.columns.name").value == "daerah"
    assert app.metric[0].value == "5"
    rows = browser.message["rows"]
    assert [row["step"] for row in rows] == [1, 1, 0, 0, 1]  # Klang, Kuala Lumpur and what lies on Klang
    assert "<img" not in json.dumps(rows)
    app.button(key="FormSubmitter:boundaries.keep-" + app_label(lang)).click().run()
    assert not app.exception
    kept = boundaries.levels(workspace)
    assert [(level.about.name, level.regions) for level in kept] == [("daerah", 5)]


def app_label(lang: str) -> str:
    from i18n.translator import translator

    return translator(lang)("boundaries.keep")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF", "GeoJSON"),
        (b'{"type": "Topology"}', "TopoJSON"),
        (
            b'{"type":"Polygon","coordinates":[],"crs":{"type":"link","properties":{"href":"http://x"}}}',
            "WGS 84",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(
    own_home: Path, browser: Browser, content: bytes, words: str
) -> None:
    app = give(open_own(), content)
    assert len(app.error) == 1
    assert words in app.error[0].value


def test_metres_without_a_system_ask_for_one(own_home: Path, browser: Browser) -> None:
    ring = [[400_000, 340_000], [420_000, 340_000], [420_000, 360_000], [400_000, 340_000]]
    content = json.dumps(
        {
            "type": "Polygon",
            "coordinates": [ring],
            "crs": {"type": "name", "properties": {"name": "EPSG:4326"}},
        }
    )
    app = give(open_own(), content.encode())
    assert len(app.error) == 1
    app.selectbox(key="boundaries.crs").set_value("EPSG:3375").run()
    assert not app.exception
    assert not app.error
    west, south, east, north = 101, 2.8, 102.2, 3.6
    extent = browser.message["borders"]["extent"]
    assert south < extent[0][0] < extent[1][0] < north
    assert west < extent[0][1] < extent[1][1] < east


def test_figures_are_brought_to_the_regions_and_give_penetration(own_home: Path, browser: Browser) -> None:
    app = open_own()
    from i18n.translator import translator

    app.session_state["boundaries.tabs"] = translator("en")("boundaries.tab.figures")
    app.run()
    table = io.StringIO()
    table.write(
        "negeri;penduduk;tahun\nSelangor;7.200.000;2024\nJohor Darul Takzim;4.100.000;2024\nAtlantis;5;2024\n"
    )
    app.file_uploader[0].set_value(("p.csv", table.getvalue().encode(), "text/csv")).run()
    assert not app.exception
    assert [metric.value for metric in app.metric[:3]] == ["2", "11,300,000", "1"]
    assert any("Atlantis" in text.value for text in app.markdown)
    app.button(key="figures.keep").click().run()
    assert not app.exception
    app.switch_page("../pages/places/regions.py")
    app.run()
    assert "penetration" in app.selectbox(key="regions.metric").options or any(
        "1,000" in option for option in app.selectbox(key="regions.metric").options
    )
    app.selectbox(key="regions.metric").set_value("index").run()
    assert not app.exception
    known = [row for row in browser.message["rows"] if row["step"] >= 0]
    assert {row["pick"] for row in known} <= {"region:MY-01", "region:MY-10"}
