"""The customer map page on a small real workspace; the map's own frame is replaced, the rest is the app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.engines import Tables
from data.workspaces import Workspace
from geo.distance import haversine_km
from tests.pages.conftest import Browser as SilentBrowser

HERE = Path(__file__).resolve().parents[2]
RECTANGLE = {
    "type": "Feature",
    "properties": {},
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[101.4, 3.0], [101.5, 3.0], [101.5, 3.1], [101.4, 3.1], [101.4, 3.0]]],
    },
}


class Browser(SilentBrowser):
    """Answers what a test says."""

    answer: dict[str, Any] | None = None

    def __call__(self, fig: Any, **given: Any) -> dict[str, Any]:
        import streamlit as st

        if self.answer is not None:
            st.session_state[given["key"]] = self.answer
        return super().__call__(fig, **given)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr("streamlit_folium.st_folium", made)
    monkeypatch.setattr("ui.components.customer_map.st_folium", made)
    return made


@pytest.fixture
def page(at_home: Path, browser: Browser) -> Callable[..., AppTest]:
    def open_page(lang: str = "en", **parameters: str) -> AppTest:
        app = AppTest.from_file(str(HERE / "ui" / "shell.py"), default_timeout=60)
        app.query_params["lang"] = lang
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        app.switch_page("../pages/places/customer_map.py")
        return app.run()

    return open_page


def seen(**changes: Any) -> dict[str, Any]:
    return {
        "bounds": {"_southWest": {"lat": 1.0, "lng": 100.0}, "_northEast": {"lat": 6.0, "lng": 104.0}},
        "center": {"lat": 3.5, "lng": 102.0},
        "zoom": 8,
        "all_drawings": None,
        "last_active_drawing": None,
        "last_object_clicked_count": 0,
    } | changes


@pytest.fixture
def expected(small_workspace: Workspace) -> pd.DataFrame:
    """Customers who bought this year (staff left out), with their place, by pandas alone."""
    tables = Tables(small_workspace.current(), "duckdb")  # type: ignore[arg-type]
    orders = tables.table("orders").to_pandas()
    orders["day"] = pd.to_datetime(orders["day"])
    year = orders[
        (orders["day"] >= "2026-01-01") & orders["customer_key"].notna() & (orders["kind"] != "internal")
    ]
    bought = year.groupby("customer_key").agg(
        orders=("is_purchase", "sum"), revenue=("amount", "sum"), new=("nth", lambda nth: (nth == 1).any())
    )
    homes = (
        tables.table("customer_summary")
        .to_pandas()
        .set_index("customer_key")[["customer_id", "lat", "lon", "region_code"]]
    )
    return bought[bought["orders"] > 0].join(homes).reset_index()


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_the_page_runs_in_every_language(page: Callable[..., AppTest], browser: Browser, lang: str) -> None:
    app = page(lang)
    assert not app.exception
    assert not app.error
    assert browser.message["rows"]
    assert browser.message["locale"] == lang


def test_the_head_counts_the_same_customers_as_every_other_page(
    page: Callable[..., AppTest], browser: Browser, small_workspace: Workspace
) -> None:
    app = page()
    tables = Tables(small_workspace.current(), "duckdb")  # type: ignore[arg-type]
    orders = tables.table("orders").to_pandas()
    ever = orders[orders["is_purchase"] & orders["customer_key"].notna()]["customer_key"].nunique()
    note = next(c.value for c in app.caption if "customers with a purchase" in c.value)
    assert f"{ever:,} customers" in note


def test_the_circles_add_up_to_the_customers_of_the_days(
    page: Callable[..., AppTest], browser: Browser, expected: pd.DataFrame
) -> None:
    app = page()
    app.toggle(key="map.privacy").set_value(False).run()
    browser.answer = seen()
    app.run()
    app.run()
    assert sum(row["customers"] for row in browser.message["rows"]) == len(expected)


def test_no_group_smaller_than_five_is_sent_while_small_groups_are_hidden(
    page: Callable[..., AppTest], browser: Browser
) -> None:
    app = page()
    for kind in ("clusters", "cells", "regions", "split"):
        app.segmented_control(key="map.kind").set_value(kind)
        app.run()
        assert min(row["customers"] for row in browser.message["rows"]) >= 5


def test_a_drawn_rectangle_gives_the_summary_that_pandas_gives(
    page: Callable[..., AppTest], browser: Browser, expected: pd.DataFrame
) -> None:
    app = page()
    browser.answer = seen(
        all_drawings=[RECTANGLE], last_active_drawing=RECTANGLE, last_object_clicked_count=1
    )
    app.run()
    app.run()
    inside = expected[expected["lon"].between(101.4, 101.5) & expected["lat"].between(3.0, 3.1)]
    shown = {metric.label: metric.value.replace("\\", "") for metric in app.metric}
    assert shown["Customers"] == str(len(inside))
    assert shown["Average order"] == f"RM{inside['revenue'].sum() / inside['orders'].sum():,.2f}"
    assert shown["New in these days"] == f"{100 * inside['new'].mean():.1f}%"


def test_clear_takes_the_drawing_off_and_shows_everyone(
    page: Callable[..., AppTest], browser: Browser, expected: pd.DataFrame
) -> None:
    app = page()
    browser.answer = seen(
        all_drawings=[RECTANGLE], last_active_drawing=RECTANGLE, last_object_clicked_count=1
    )
    app.run()
    app.run()
    before = browser.message["cleared"]
    app.button(key="map.clear").click().run()
    assert browser.message["cleared"] == before + 1
    assert browser.message["drawings"] == []
    assert {m.label: m.value for m in app.metric}["Customers"] == str(len(expected))


def test_a_region_that_was_clicked_is_summed_up(
    page: Callable[..., AppTest], browser: Browser, expected: pd.DataFrame
) -> None:
    app = page()
    active = {"type": "Feature", "properties": {"pick": "region:MY-10"}, "geometry": {}}
    browser.answer = seen(last_active_drawing=active, last_object_clicked_count=1)
    app.run()
    app.run()
    assert any("Selangor" in part.value for part in app.markdown)
    customers = (expected["region_code"] == "MY-10").sum()
    assert {m.label: m.value for m in app.metric}["Customers"] == str(customers)
    assert browser.message["chosen"] == "region:MY-10"


def test_a_place_with_fewer_than_five_customers_has_no_figures_and_no_file(
    page: Callable[..., AppTest], browser: Browser
) -> None:
    app = page()
    tiny = {
        "type": "Feature",
        "properties": {"radius": 1.0},
        "geometry": {"type": "Point", "coordinates": [101.45, 3.04]},
    }
    browser.answer = seen(all_drawings=[tiny], last_active_drawing=tiny, last_object_clicked_count=1)
    app.run()
    app.run()
    assert not app.metric
    assert len(app.info) == 1


def test_nothing_a_browser_reports_breaks_the_page(page: Callable[..., AppTest], browser: Browser) -> None:
    app = page()
    for pick in ("cell:99/1/1", "cell:x", "region:'; drop table", "store:999", "store:x", "cell:5/1/2/9"):
        active = {"type": "Feature", "properties": {"pick": pick}, "geometry": {}}
        browser.answer = seen(last_active_drawing=active, last_object_clicked_count=len(pick))
        app.run()
        app.run()
        assert not app.exception
        assert not app.error


def test_the_view_survives_a_change_of_language(page: Callable[..., AppTest], browser: Browser) -> None:
    app = page()
    browser.answer = seen(zoom=11)
    app.run()
    app.run()
    app.selectbox(key="setia.frame.language").set_value("ms").run()
    assert (browser.sent["zoom"], browser.sent["center"]) == (11, [3.5, 102.0])


def test_the_list_names_a_town_for_every_cell(page: Callable[..., AppTest], browser: Browser) -> None:
    app = page()
    table = next(frame.value for frame in app.dataframe if "Near" in frame.value.columns)
    assert table["Near"].str.len().min() > 2
    assert table["Customers"].is_monotonic_decreasing


def kind(app: AppTest, name: str) -> None:
    app.segmented_control(key="map.kind").set_value(name)
    app.run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("name", ["hex", "heat", "segments"])
def test_every_way_to_draw_shows_the_same_customers(
    page: Callable[..., AppTest], browser: Browser, expected: pd.DataFrame, name: str
) -> None:
    app = page()
    app.toggle(key="map.privacy").set_value(False).run()
    browser.answer = seen()
    kind(app, name)
    app.run()
    assert browser.message["kind"] == name
    assert sum(row["customers"] for row in browser.message["rows"]) == len(expected)


@pytest.mark.parametrize("name", ["hex", "heat", "segments"])
def test_small_groups_stay_hidden_however_they_are_drawn(
    page: Callable[..., AppTest], browser: Browser, name: str
) -> None:
    app = page()
    kind(app, name)
    assert min(row["customers"] for row in browser.message["rows"]) >= 5


def test_the_largest_group_of_a_cell_is_the_one_with_the_largest_share(
    page: Callable[..., AppTest], browser: Browser
) -> None:
    app = page()
    kind(app, "segments")
    codes = ("new", "active", "loyal", "lapsed")
    for row in browser.message["rows"]:
        assert row[codes[row["step"]]] == max(row[code] for code in codes)
        assert sum(row[code] for code in codes) == pytest.approx(1, abs=1e-3)


def test_a_hexagon_is_summed_up_as_it_is_drawn(page: Callable[..., AppTest], browser: Browser) -> None:
    app = page()
    kind(app, "hex")
    row = browser.message["rows"][0]
    browser.answer = seen(
        last_active_drawing={"type": "Feature", "properties": {"pick": row["pick"]}, "geometry": None},
        last_object_clicked_count=1,
    )
    app.run()
    app.run()
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Customers"] == str(row["customers"])


def test_a_radius_around_a_store_holds_those_who_live_within_it(
    page: Callable[..., AppTest], browser: Browser, expected: pd.DataFrame
) -> None:
    app = page()
    store = next(row for row in browser.message["stores"] if row["own"])
    browser.answer = seen(
        last_active_drawing={"type": "Feature", "properties": {"pick": store["pick"]}, "geometry": None},
        last_object_clicked_count=1,
    )
    app.run()
    app.run()
    radius = next(pills for pills in app.button_group if "Within 10 km" in pills.options)
    radius.set_value(10.0).run()
    lat, lon = store["at"]
    near = haversine_km(expected["lat"], expected["lon"], lat, lon) <= 10
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Customers"] == str(int(near.sum()))
    assert len(browser.message["areas"]) == 1


def test_month_by_month_shows_the_customers_of_one_month_on_one_scale(
    page: Callable[..., AppTest], browser: Browser, small_workspace: Workspace
) -> None:
    app = page()
    app.toggle(key="map.privacy").set_value(False).run()
    browser.answer = seen()
    kind(app, "cells")
    app.toggle(key="map.months").set_value(True).run()
    app.run()
    ramps = browser.message["ramps"]
    tables = Tables(small_workspace.current(), "duckdb")  # type: ignore[arg-type]
    orders = tables.table("orders").to_pandas()
    orders = orders[orders["is_purchase"] & orders["customer_key"].notna() & (orders["kind"] != "internal")]
    for month in (date(2026, 11, 1), date(2026, 3, 1)):
        app.select_slider(key="map.month").set_value(month).run()
        of_month = orders[pd.to_datetime(orders["day"]).dt.to_period("M") == pd.Period(month, "M")]
        shown = sum(row["customers"] for row in browser.message["rows"])
        assert shown == of_month["customer_key"].nunique()
        assert browser.message["ramps"] == ramps


def test_the_map_goes_to_a_place_that_was_searched(page: Callable[..., AppTest], browser: Browser) -> None:
    app = page()
    app.text_input(key="map.search").set_value("Kuantan").run()
    assert not app.exception
    lat, lon = browser.sent["center"]
    assert (lat, lon) == (pytest.approx(3.81, abs=0.1), pytest.approx(103.33, abs=0.1))
    assert browser.message["points"][0]["name"].startswith("Kuantan")
    app.text_input(key="map.search").set_value("nowhere at all").run()
    assert not app.exception


@pytest.mark.parametrize("typed", ["<script>", "'; DROP TABLE x", "%", "![x](http://x)", "\u0000"])
def test_a_hostile_search_is_only_text(page: Callable[..., AppTest], typed: str) -> None:
    app = page()
    app.text_input(key="map.search").set_value(typed).run()
    assert not app.exception
    assert not app.error
