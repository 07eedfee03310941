"""The page Regions on a small real workspace: every figure, view and language; numbers against pandas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from data.engines import Tables
from data.workspaces import Workspace
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from tests.pages.conftest import SHELL, Browser, Open
from ui.cached.regions import small
from ui.components.map_state import MapState, Selection
from ui.text import plain

PAGE = "places/regions.py"


def choose(app: AppTest, workspace: Workspace, code: str) -> None:
    """Run the page as after a click on a region."""
    state = MapState(workspace.name)
    state.selection = Selection("region", code)
    app.session_state["setia.map.regions"] = state
    app.run()


def customers_by_region(workspace: Workspace) -> pd.Series:
    """Customers of 2026 by region, staff left out, by pandas alone."""
    snapshot = workspace.current()
    assert snapshot is not None
    tables = Tables(snapshot, "duckdb")
    orders = tables.table("orders").to_pandas()
    orders = orders[(pd.to_datetime(orders["day"]) >= "2026-01-01") & (orders["kind"] != "internal")]
    bought = orders.loc[orders["is_purchase"] & orders["customer_key"].notna(), "customer_key"].unique()
    homes = tables.table("customer_summary").to_pandas().set_index("customer_key")["region_code"]
    return homes.loc[bought].value_counts()


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_the_map_shows_what_pandas_counts(
    open_page: Open, browser: Browser, small_workspace: Workspace, lang: str
) -> None:
    app = open_page(PAGE, lang=lang)
    assert len(app.title) == 1
    expected = customers_by_region(small_workspace)
    shown = {row["pick"].removeprefix("region:"): row["label"] for row in browser.message["rows"]}
    assert {code: int(label) for code, label in shown.items() if label not in ("", "0")} == {
        code: n for code, n in expected.items() if n >= 5
    }
    counts = [int(row["count"]) for row in browser.message["legend"]["rows"]]
    assert sum(counts) == len(shown) == 16


@pytest.mark.parametrize(
    "metric", ["customers", "revenue", "per_customer", "average_order", "new_share", "repeat_rate"]
)
def test_every_figure_in_every_view(open_page: Open, browser: Browser, metric: str) -> None:
    app = open_page(PAGE)
    app.selectbox(key="regions.metric").set_value(metric).run()
    for show in ("now", "before", "change", "months"):
        app.button_group(key="regions.show").set_value(show).run()
        assert not app.exception
        assert not app.error
        assert browser.message["serial"].startswith(f"{metric}.{show}")
    frames = browser.message["frames"]
    assert len(frames["names"]) == len(frames["steps"]) == len(frames["values"]) >= 10
    assert all(len(steps) == 16 for steps in frames["steps"])


def test_every_classification(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE)
    for method in ("equal", "natural", "fixed", "quantile"):
        app.selectbox(key="regions.method").set_value(method).run()
        assert not app.exception
        assert browser.message["serial"].endswith(method)


def test_a_clicked_region_is_summed_up_and_lists_its_customers(
    open_page: Open, browser: Browser, small_workspace: Workspace
) -> None:
    app = open_page(PAGE)
    choose(app, small_workspace, "MY-10")
    n = int(customers_by_region(small_workspace)["MY-10"])
    assert app.metric[0].value == str(n)
    app.button(key="regions.open").click().run()
    assert not app.exception
    assert any(f"{n} customers" in text.value for text in app.markdown)


def test_few_customers_are_hidden_until_the_switch_is_off(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE)
    hidden = [row for row in browser.message["rows"] if row["step"] < 0]
    app.toggle(key="regions.privacy").set_value(False).run()
    shown = [row for row in browser.message["rows"] if row["step"] < 0]
    assert len(shown) <= len(hidden)


def test_a_made_up_click_chooses_nothing(
    open_page: Open, browser: Browser, small_workspace: Workspace
) -> None:
    app = open_page(PAGE)
    for made_up in ("<script>", "MY-99", "x" * 500):
        choose(app, small_workspace, made_up)
        assert not app.exception
        assert not [button for button in app.button if button.key == "regions.open"]


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_hot_spots_on_regions_and_cells(open_page: Open, browser: Browser, lang: str) -> None:
    app = open_page(PAGE, tab="regions.hotspots", lang=lang)
    assert not app.exception
    app.button_group(key="hotspots.on").set_value("cells").run()
    assert not app.exception
    assert not app.error
    beside, whole = (table.value for table in app.dataframe)
    assert list(beside.columns) == list(whole.columns)[:3]  # what fits beside the map; the rest below it
    assert translator(lang)("hotspots.surroundings") in whole.columns
    assert len(beside) == len(whole) > 0


@pytest.mark.parametrize(
    "page",
    [f"places/{name}.py" for name in ("regions", "lookalikes", "territories", "ads", "catchments", "sites")],
)
def test_every_page_says_how_precisely_its_customers_stand(
    open_page: Open, browser: Browser, small_workspace: Workspace, page: str
) -> None:
    app = open_page(page, lang="en")
    told = [text.value for text in app.caption if "stand on the map" in text.value]
    snapshot = small_workspace.current()
    assert snapshot is not None
    assert len(told) == 1
    found = [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) (?:with their own|by [a-z])", told[0])]
    whole = re.match(r"(?:.* )?([\d,]+) of ([\d,]+) customers? of these days stand", told[0])
    assert whole is not None
    assert sum(found) == int(whole[1].replace(",", ""))


def test_an_empty_window_says_so(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE, d="2020-01-01_2020-01-31")
    assert not app.exception


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_areas_around_post_towns_are_offered_and_called_approximate(
    open_page: Open, browser: Browser, lang: str
) -> None:
    app = open_page(PAGE, lang=lang)
    app.selectbox(key="regions.level").set_value("towns").run()
    assert not app.exception
    assert len(browser.message["rows"]) > 300
    said = plain(translator(lang)("regions.approximate"), 400)
    assert any(said in text.value for text in app.caption)


def test_the_retention_of_each_region_is_drawn(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE, lang="ms")
    app.selectbox(key="regions.metric").set_value("retention").run()
    for show in ("now", "before", "change"):
        app.button_group(key="regions.show").set_value(show).run()
        assert not app.exception
        assert not app.error
        assert browser.message["serial"].startswith(f"retention.{show}")
        labels = [row["label"] for row in browser.message["rows"] if row["label"] not in ("", "–")]
        assert labels
        assert all(("%" in label) == (show != "change") for label in labels)


@pytest.mark.parametrize(
    "page",
    [PAGE, "places/territories.py", "places/lookalikes.py", "data/boundaries.py", "places/catchments.py"],
)
def test_a_merchant_whose_customers_have_no_place_and_whose_stores_no_name_is_told_so(
    browser: Browser, tmp_path: Path, use_home: Any, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    tables = small_tables(60)
    people = tables["customers"].to_pylist()
    nowhere = {"lat": None, "lon": None, "region_code": None, "region": None, "city": None}
    types = tables["customers"].schema
    tables["customers"] = pa.Table.from_pylist([{**row, **nowhere} for row in people], schema=types)
    stores = [{**row, "name": None} for row in tables["stores"].to_pylist()]
    tables["stores"] = pa.Table.from_pylist(stores, schema=tables["stores"].schema)
    build_workspace(tmp_path, "Nowhere", tables)
    use_home(tmp_path, monkeypatch)
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.run()
    app.switch_page(f"../pages/{page}").run()
    assert not app.exception
    assert not app.error


def test_a_single_hidden_region_cannot_be_had_by_subtraction() -> None:
    people_there = np.array([40.0, 3.0, 0.0, 12.0, 9.0])
    assert small(people_there, 5).tolist() == [False, True, False, False, True]
    assert small(np.array([40.0, 3.0, 2.0]), 5).tolist() == [False, True, True]
    assert small(np.array([40.0, 7.0]), 5).tolist() == [False, False]
    assert small(np.array([3.0]), 5).tolist() == [True]
