"""Territories, service gaps and ad places in a real browser: every tab, every control, the files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from data import export_log, workspaces
from i18n.translator import translator
from tests.conftest import build_workspace

T = translator("en")
MAP = "iframe[title*='st_folium']"
DRAWN = ".leaflet-container[data-serial]"


@pytest.fixture(scope="module")
def own_server(start_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("territories")
    build_workspace(home, "Kedai Ujian")
    return start_server(home)


def drawn(page: Page) -> Any:
    frame = page.frame_locator(MAP)
    frame.locator(DRAWN).wait_for(timeout=60_000)
    return frame


def test_territories_answer_every_control_and_give_their_files(visit: Any, own_server: Any) -> None:
    visitor = visit(own_server)
    page = visitor.open("territories?lang=en")
    expect(drawn(page).locator(".setia-point")).to_have_count(4, timeout=30_000)
    visitor.option(T("territories.weight.label"), T("territories.weight.revenue"))
    visitor.press(T("territories.centre.stores"))
    visitor.press(T("territories.centre.free"))
    visitor.option(T("territories.areas.label"), T("territories.areas.states"))
    visitor.option(T("territories.areas.label"), T("territories.areas.cells"))
    page.get_by_label(T("territories.count")).fill("3")
    page.keyboard.press("Enter")
    expect(drawn(page).locator(".setia-point")).to_have_count(3, timeout=30_000)
    visitor.sound()
    with page.expect_download() as found:
        page.get_by_text(T("territories.geojson")).click()
    features = json.loads(Path(found.value.path()).read_text(encoding="utf-8"))["features"]
    assert len(features) == 3
    page.get_by_text(T("territories.open.button")).click()
    page.get_by_role("dialog").get_by_text(re.compile(r"\d+ customers?")).first.wait_for()
    visitor.sound()


def test_service_gaps_follow_the_distance_and_open_their_customers(visit: Any, own_server: Any) -> None:
    visitor = visit(own_server)
    page = visitor.open("territories?lang=en")
    visitor.tab(T("territories.tab.gaps"))
    page.get_by_label(T("territories.gap.km")).fill("3")
    page.keyboard.press("Enter")
    visitor.settled()
    drawn(page)
    visitor.option(T("territories.gap.weight"), T("territories.weight.orders"))
    page.get_by_text(T("territories.open.button")).click()
    page.get_by_role("dialog").get_by_text(re.compile(r"\d+ customers?")).first.wait_for()
    visitor.sound()


def test_ads_choose_places_and_note_the_file_in_the_log(visit: Any, own_server: Any) -> None:
    visitor = visit(own_server)
    page = visitor.open("ads?lang=en")
    drawn(page)
    visitor.option(T("ads.target.label"), T.code("lifecycle", "lapsed"))
    visitor.press(T("ads.kind.cells"))
    visitor.option(T("ads.aim.label"), T("ads.aim.revenue"))
    visitor.option(T("ads.target.label"), T("ads.target.all"))
    with page.expect_download() as found:
        page.get_by_text(T("ads.geojson")).click()
    assert json.loads(Path(found.value.path()).read_text(encoding="utf-8"))["features"]
    with page.expect_download() as found:
        page.get_by_text(T("ads.postcodes")).click()
    assert Path(found.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
    opened = workspaces.open_workspace(own_server.home, "Kedai Ujian")
    assert any(entry.columns == ("postcode", "customers") for entry in export_log.exports(opened))
    visitor.press(T("ads.kind.upload"))
    rows = b"lat,lon,name,cost\n3.04,101.45,Klang,500\nx,1,Bad,2\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "places.csv", "mimeType": "text/csv", "buffer": rows}
    )
    expect(page.get_by_text(T.plural("ads.upload.read", 1))).to_be_visible(timeout=30_000)
    visitor.sound()
