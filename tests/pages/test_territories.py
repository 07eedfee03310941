"""The page on territories: both tabs in every language, the list behind a number, the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from shapely.geometry import shape
from streamlit.testing.v1 import AppTest

from analytics.lifecycle import Windows
from data import travel, workspaces
from data.travel import STRAIGHT
from geo.distance import nearest
from geo.territories import is_contiguous
from geo.travel import Given
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from tests.pages.conftest import Browser, Open
from tests.ui.test_demand import SCOPE
from ui import session
from ui.cached import service_gaps, store_list, territories
from ui.cached import travel as ways
from ui.cached.service_gaps import InGap
from ui.cached.territories import Asked, InTerritory
from ui.components.territories import file_of, geojson_of, table_of

PAGE = "places/territories.py"
pytestmark = pytest.mark.usefixtures("browser")


@pytest.fixture
def key(at_home: Path) -> tuple[Any, ...]:
    snapshot = session.workspaces()[0].current()
    assert snapshot is not None
    return "Kedai Ujian", snapshot.id, SCOPE, Windows()


def words(app: AppTest) -> str:
    return "\n".join(str(part.value) for kind in ("markdown", "caption") for part in getattr(app, kind))


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
    whole, cells = service_gaps.gap(*key, "revenue", km, STRAIGHT.version)
    everyone = territories.demand.weighted(*key, "revenue").to_pandas()
    stores = store_list.own(*key[:2])
    _, away = nearest(everyone["lat"], everyone["lon"], stores["lat"], stores["lon"])
    beyond = everyone[away > km]
    assert whole.customers == len(beyond)
    assert whole.weight == pytest.approx(beyond["weight"].sum())
    listed = InGap(km, STRAIGHT.version).keys(*key).to_pyarrow()["customer_key"].to_pylist()
    assert set(listed) == set(beyond["customer_key"])
    for _, cell in cells.head(3).iterrows():
        some = InGap(km, STRAIGHT.version, (int(cell["x"]), int(cell["y"]))).keys(*key)
        assert some.count().to_pyarrow().as_py() == cell["customers"] >= 5
    assert (cells["way"] > km).all()  # the mean of those who live farther, so never within


def test_the_map_opens_on_every_area(open_page: Open, key: tuple[Any, ...], browser: Browser) -> None:
    open_page(PAGE)
    (south, west), (north, east) = browser.start["extent"]
    areas = territories.divided(*key, Asked("customers", 4)).areas
    assert south <= areas.lat.min() < areas.lat.max() <= north
    assert west <= areas.lon.min() < areas.lon.max() <= east
    assert (np.array([south, west, north, east]) * 2 % 1 == 0).all()


def test_what_is_listed_is_named_after_what_it_is_now(open_page: Open) -> None:
    def named(app: AppTest, key: str) -> tuple[str, list[str]]:
        found = next(box for box in app.selectbox if str(box.key).startswith(key))
        return str(found.key), list(found.options)

    app = open_page(PAGE)
    before, free = named(app, "territories.open.number")
    app.segmented_control(key="territories.centre").set_value("stores").run()
    after, stores = named(app, "territories.open.number")
    assert before != after  # the browser keeps the words of a list whose key stays
    assert free != stores == list(app.dataframe[0].value.iloc[:, 0])
    app = open_page(PAGE, tab="territories.gaps")
    app.number_input(key="territories.gap.km").set_value(3.0).run()
    before, near = named(app, "territories.gap.which")
    app.number_input(key="territories.gap.km").set_value(6.0).run()
    after, far = named(app, "territories.gap.which")
    assert before != after
    assert near[0] != far[0]
    assert app.metric[0].value in far[0]


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


def minutes(workspace: str, home: Path, every: float, far: str) -> None:
    """Times of the small shop: ``every`` to all stores from everywhere, 90 to ``far``."""
    opened = workspaces.open_workspace(home, workspace)
    snapshot = opened.path.joinpath("CURRENT").read_text().strip()
    stores = store_list.own(workspace, snapshot)
    spots = stores[["lat", "lon"]].to_numpy(float)
    ids = tuple(stores["store_id"])
    table = np.full((len(spots), len(ids)), every)
    table[:, ids.index(far)] = 90.0
    given = Given(spots[:, 0], spots[:, 1], ids, table)
    travel.keep(opened, "matrix", 2.0, date(2026, 6, 1), name="masa.csv", given=given)


def test_supplied_minutes_count_for_territories_of_stores_and_for_gaps(
    open_page: Open, key: tuple[Any, ...], at_home: Path, browser: Browser
) -> None:
    t = translator("en")
    stores = store_list.own(*key[:2])
    far = str(stores["store_id"].iloc[0])
    minutes(key[0], at_home, 7.0, far)
    try:
        app = open_page(PAGE)
        assert t("catchments.measured.matrix") not in words(app)
        assert t("territories.free_ways") in words(app)
        app.segmented_control(key="territories.centre").set_value("stores").run()
        assert not app.exception
        assert t("catchments.measured.matrix") in words(app)
        assert app.metric[1].value.endswith("min")
        version = ways.current(key[0]).version
        way = ways.travel(key[0], version)
        assert way.unit == "min"
        made = territories.divided(*key, Asked("customers", len(stores), from_stores=True))
        by_hand = way.cost(made.areas.lat, made.areas.lon, stores)
        each = by_hand[np.arange(len(by_hand)), made.found.label]
        assert made.cells_mean == pytest.approx(np.average(each, weights=made.areas.weight))
        everyone = territories.demand.weighted(*key, "revenue").to_pandas()
        everyone = everyone[everyone["lat"].notna()]
        slow = way.cost(everyone["lat"], everyone["lon"], stores).min(axis=1) > 8.0
        whole, cells = service_gaps.gap(*key, "revenue", 8.0, version)
        assert whole.customers == slow.sum()
        assert (cells["way"] > 8.0).all()
        assert t("territories.card.mean_min") == app.metric[1].label
        listed = set(InGap(8.0, version).keys(*key).to_pyarrow()["customer_key"].to_pylist())
        assert listed == set(everyone.loc[slow, "customer_key"])
        app = open_page(PAGE, tab="territories.gaps")
        assert not app.exception
        assert app.number_input(key="territories.gap.min").value == 20.0
    finally:
        travel.keep(workspaces.open_workspace(at_home, key[0]), "straight", 1.0, date(2026, 6, 1))


def test_a_detour_factor_stretches_ways_only(key: tuple[Any, ...], at_home: Path) -> None:
    asked = Asked("customers", 3)
    before = territories.divided(*key, asked)
    opened = workspaces.open_workspace(at_home, key[0])
    travel.keep(opened, "detour", 1.4, date(2026, 6, 1))
    try:
        after = territories.divided(*key, asked)
        assert (after.found.label == before.found.label).all()
        assert after.raw_mean == pytest.approx(1.4 * before.raw_mean)
        assert after.found.least_way == pytest.approx(1.4 * before.found.least_way)
        assert after.label == "detour"
        version = ways.current(key[0]).version
        near, _ = service_gaps.gap(*key, "revenue", 5.0, STRAIGHT.version)
        assert service_gaps.gap(*key, "revenue", 7.0, version)[0] == near
    finally:
        travel.keep(opened, "straight", 1.0, date(2026, 6, 1))
