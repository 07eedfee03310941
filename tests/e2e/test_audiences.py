"""Audiences in a real browser: built from the keyboard, used as a filter, exported once, deleted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page

from data import audiences as store
from data import export_log, workspaces
from data.workspaces import Workspace
from tests.e2e.conftest import Server, Visitor

HOSTILE = "![x](http://evil.example/x.png) <b>$1$</b>"


@pytest.fixture(scope="module")
def shop(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    home = tmp_path_factory.mktemp("audiences")
    shutil.copytree(small_home / "workspaces", home / "workspaces")
    return workspaces.open_workspace(home, "Kedai Ujian")


@pytest.fixture(scope="module")
def own(start_server, shop) -> Server:
    return start_server(shop.path.parents[1])


@pytest.fixture
def visitor(visit, own) -> Visitor:
    return visit(own)


def _customers(shown: Page) -> str:
    return shown.get_by_test_id("stMetricValue").first.inner_text()


def test_a_rule_is_built_from_the_keyboard_and_counted_as_it_is_typed(visitor):
    shown = visitor.open("audiences?lang=en")
    before = _customers(shown)
    box = shown.locator("[class*='st-key-setia-if-'] input").nth(2)
    box.focus()
    shown.keyboard.type("3")
    shown.keyboard.press("Enter")
    visitor.settled()
    assert _customers(shown) != before
    shown.get_by_role("button", name="Add a group").first.focus()
    shown.keyboard.press("Enter")
    shown.get_by_text("One condition has no value yet").wait_for()
    field = shown.locator("[class*='st-key-setia-if-']").nth(1).locator("input").first
    field.focus()
    shown.keyboard.press("ArrowDown")
    field.press_sequentially("Member")
    shown.keyboard.press("Enter")
    shown.get_by_text("Orders at least 3 and Member: yes").wait_for()
    visitor.settled()
    shown.get_by_role("button", name="Remove").last.focus()
    shown.keyboard.press("Enter")
    shown.get_by_text("Orders at least 3", exact=True).wait_for()
    assert visitor.problems == []


def test_an_audience_is_saved_used_everywhere_exported_once_and_deleted(visitor, shop):
    shown = visitor.open("audiences?lang=en")
    shown.get_by_role("combobox", name="Start from").click()
    shown.get_by_role("option", name="Lapsed, of high value").click()
    shown.get_by_text("Lifecycle group is Lapsed").wait_for()
    customers = _customers(visitor.settled())
    name = shown.get_by_label("Name of the audience")
    name.fill(HOSTILE)
    name.press("Enter")
    visitor.settled()
    shown.get_by_role("button", name="Save", exact=True).click()
    shown.get_by_text("Saved:").wait_for()
    [made] = store.saved(shop)
    assert (made.name, str(made.count)) == (HOSTILE, customers)
    assert shown.locator("[data-testid=stMain] img, [data-testid=stMain] b").count() == 0

    shown.get_by_role("button", name="Show customers").first.click()
    shown.get_by_role("dialog").get_by_text(f"{customers} customers").wait_for()
    shown.get_by_role("dialog").get_by_test_id("stDataFrame").hover()
    shown.get_by_role("dialog").get_by_label("Search").wait_for()
    assert not shown.get_by_role("dialog").get_by_label("Download as CSV").is_visible()  # past the log
    with shown.expect_download() as caught:
        shown.get_by_role("dialog").get_by_role("button", name="Download all").click()
    assert caught.value.suggested_filename.endswith(".csv")
    shown.get_by_role("dialog").get_by_role("button", name="Close").click()
    shown.get_by_role("dialog").wait_for(state="detached")
    visitor.settled()
    assert len(export_log.exports(shop)) == 1

    shown.get_by_role("button", name="Export").last.click()
    with shown.expect_download() as caught:
        shown.get_by_role("button", name="Download all").click()
    rows = Path(caught.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "Customer,As of,Rule,Customers in the list"
    assert len(rows) - 1 == int(customers)
    assert [each.count for each in export_log.exports(shop)] == [int(customers)] * 2
    shown.keyboard.press("Escape")

    shown.get_by_role("tab", name="Exports").click()
    shown.get_by_role("tab", name="Saved audiences").click()
    shown.get_by_role("button", name="Use as filter").click()
    shown.wait_for_url("**/?*au=*")
    visitor.settled()
    assert shown.get_by_text("Audience:").count() == 1
    assert "evil" not in shown.url
    assert made.id not in shown.url

    shown.goto(visitor.server.at("audiences?lang=en"))
    visitor.settled()
    shown.get_by_role("button", name="Delete").click()
    assert len(store.saved(shop)) == 1
    shown.get_by_role("button", name="Delete for good").click()
    shown.get_by_text("No audience is saved yet").wait_for()
    assert store.saved(shop) == []
    assert len(export_log.exports(shop)) == 2
    assert visitor.problems == []


def test_a_list_is_kept_as_an_audience_renamed_and_shown_on_the_map(visitor, shop):
    shown = visitor.open("segments?lang=en")
    shown.locator(".st-key-segments-open-lapsed button").click()
    box = shown.get_by_role("dialog")
    box.get_by_role("button", name="Save as audience").click()
    name = shown.get_by_label("Name of the audience")
    name.fill("By hand")
    name.press("Enter")
    shown.get_by_role("button", name="Save", exact=True).click()
    shown.get_by_text("Saved as").wait_for()
    [made] = store.saved(shop)
    assert made.is_list
    shown.get_by_role("button", name="Show on the map").click()
    shown.wait_for_url("**/map?*au=*")
    visitor.settled()
    assert shown.get_by_text("Audience: By hand").count() == 1

    shown.goto(visitor.server.at("audiences?lang=en"))
    visitor.settled()
    shown.get_by_role("button", name="Rename").click()
    name = shown.get_by_label("Name of the audience").last
    name.fill("Another name")
    name.press("Enter")
    shown.get_by_role("button", name="Rename it").click()
    shown.get_by_role("combobox", name="Choose an audience").wait_for()
    visitor.settled()
    assert store.found(shop, made.id).name == "Another name"
    store.delete(shop, made.id)
    assert visitor.problems == []


def test_the_page_fits_a_telephone(visit, own):
    small = visit(own, viewport={"width": 390, "height": 844})
    shown = small.open("audiences?lang=id")
    shown.get_by_role("button", name="Tambah kelompok syarat").first.click()
    small.settled()
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
