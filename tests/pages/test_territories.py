"""The page on territories: both tabs in every language, the list behind a number, the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from shapely.geometry import shape
from streamlit.testing.v1 import AppTest

from analytics.lifecycle import Windows
from geo.distance import nearest
from geo.territories import is_contiguous
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from tests.ui.test_demand import SCOPE
from ui import session
from ui.cached import territories
from ui.cached.territories import Asked, InGap, InTerritory
from ui.components.territories import file_of, geojson_of, table_of

PAGE = "places/territories.py"
Open = Callable[..., AppTest]


class Browser:
    """Stands where the browser's map would: keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: dict[str, Any] = {}

    def __call__(self, fig: Any, **given: Any) -> dict[str, Any]:
        self.sent = given
        return {}

    @property
    def message(self) -> dict[str, Any]:
        return dict(self.sent["feature_group_to_add"].message)


@pytest.fixture(autouse=True)
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr("ui.components.place_map.st_folium", made)
    return made


@pytest.fixture
def key(at_home: Path) -> tuple[Any, ...]:
    snapshot = session.workspaces()[0].current()
    assert snapshot is not None
    return "Kedai Ujian", snapshot.id, SCOPE, Windows()


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
@pytest.mark.parametrize("tab", ["territories", "gaps"])
def test_every_tab_is_drawn_in_every_language(open_page: Open, browser: Browser, lang: str, tab: str) -> None:
    app = open_page(PAGE, lang=lang, tab=f"territories.{tab}")
    t = translator(lang)
    assert app.title[0].value == t("territories.question")
    first = "territories.card.balance" if tab == "territories" else "territories.gap.card.customers"
    assert app.metric[0].label == t(first)
    assert browser.message["stores"]


def test_the_map_shows_as_many_territories_as_were_asked_for(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE)
    assert len(browser.message["areas"]) == len(browser.message["points"]) == 4
    app.number_input(key="territories.count").set_value(6).run()
    assert not app.exception
    assert len(browser.message["areas"]) == 6


def test_other_work_other_areas_and_our_stores(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE)
    app.selectbox(key="territories.weight").select("revenue").run()
    app.segmented_control(key="territories.centre").set_value("stores").run()
    assert not app.exception
    assert len(browser.message["areas"]) == 4
    app.segmented_control(key="territories.centre").set_value("free").run()
    app.selectbox(key="territories.areas").select("states").run()
    assert not app.exception


def test_more_territories_than_areas_is_said(open_page: Open) -> None:
    app = open_page(PAGE)
    app.selectbox(key="territories.areas").select("states").run()
    app.number_input(key="territories.count").set_value(30).run()
    assert not app.exception
    assert app.info or app.metric


def test_the_customers_of_all_territories_are_all_customers_with_a_place(key: tuple[Any, ...]) -> None:
    asked = Asked("revenue", 3)
    made = territories.divided(*key, asked)
    assert is_contiguous(made.found.label, made.areas.neighbours).all()
    sets = [set(InTerritory(asked, j).keys(*key).to_pyarrow()["customer_key"].to_pylist()) for j in range(3)]
    everyone = territories.demand.weighted(*key, "revenue").to_pandas()
    placed = set(everyone[everyone["x20"].notna()]["customer_key"])
    assert set.union(*sets) == placed
    assert sum(map(len, sets)) == len(placed)
    assert [len(each) for each in sets] == made.customers.tolist()
    weights = [everyone[everyone["customer_key"].isin(each)]["weight"].sum() for each in sets]
    assert np.allclose(weights, made.found.weight)


def test_the_files_hold_every_area_and_valid_shapes(key: tuple[Any, ...]) -> None:
    made = territories.divided(*key, Asked("customers", 3))
    table = file_of(made)
    assert len(table) == len(made.areas.lat)
    assert set(table["territory"]) == {1, 2, 3}
    assert table["customers"].dropna().min() >= 5
    features = json.loads(geojson_of(made, table_of(made)))["features"]
    assert [each["properties"]["territory"] for each in features] == [1, 2, 3]
    assert all(shape(each["geometry"]).is_valid for each in features)


@pytest.mark.parametrize("km", [0.5, 5.0, 50.0])
def test_a_gap_and_its_list_are_those_beyond_the_nearest_store(key: tuple[Any, ...], km: float) -> None:
    whole, cells = territories.gap(*key, "revenue", km)
    everyone = territories.demand.weighted(*key, "revenue").to_pandas()
    stores = territories.stores(*key[:2])
    _, away = nearest(everyone["lat"], everyone["lon"], stores["lat"], stores["lon"])
    beyond = everyone[away > km]
    assert whole.customers == len(beyond)
    assert whole.weight == pytest.approx(beyond["weight"].sum())
    listed = InGap(km).keys(*key).to_pyarrow()["customer_key"].to_pylist()
    assert set(listed) == set(beyond["customer_key"])
    for _, cell in cells.head(3).iterrows():
        some = InGap(km, (int(cell["x"]), int(cell["y"]))).keys(*key)
        assert some.count().to_pyarrow().as_py() == cell["customers"] >= 5


def test_the_list_opens_with_the_customers_of_the_gap(open_page: Open) -> None:
    app = open_page(PAGE, tab="territories.gaps")
    app.number_input(key="territories.gap.km").set_value(3.0).run()
    shown = int(app.metric[0].value.replace(",", ""))
    app.button(key="territories.gap.open").click().run()
    assert not app.exception
    assert any(f"{shown} customers" in each.value for each in app.markdown)


@pytest.fixture
def without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use_home: Callable[..., Path]
) -> Callable[[str], None]:
    def built(what: str) -> None:
        tables = small_tables(60)
        if what == "stores":
            tables.pop("stores")
        else:
            rows = tables["customers"].to_pylist()
            tables["customers"] = pa.Table.from_pylist([{**row, "lat": None, "lon": None} for row in rows])
        build_workspace(tmp_path, "Kedai Ujian", tables)
        use_home(tmp_path, monkeypatch)

    return built


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_no_place_and_no_store_are_said(
    without: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    from tests.pages.conftest import SHELL

    t = translator(lang)
    without("stores")
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.query_params["lang"] = lang
    app.run()
    app.session_state["territories.tabs"] = t("territories.tab.gaps")
    app.switch_page(f"../pages/{PAGE}").run()
    assert not app.exception
    assert t("territories.gap.empty.title") in [each.value for each in app.subheader]


def test_a_window_without_orders_says_so(open_page: Open) -> None:
    app = open_page(PAGE, d="2020-01-01_2020-01-31")
    assert not app.exception
