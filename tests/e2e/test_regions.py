"""Boundaries and regions in a real Chromium with every outside host blocked: upload, keep, click, play."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Frame, Page, expect

from data.boundaries import About, save
from tests.conftest import TOWNS, build_workspace

HOSTILE = "</script><img src=x onerror=alert(1)>${alert(1)}`![x](http://evil.example/x.png)"
DRAWN = ".leaflet-container[data-drawn]"


def districts(name: str = HOSTILE) -> bytes:
    """A square around each town, the first with a hostile name."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"D{i}", "name": name if i == 0 else town[0], "note": HOSTILE},
            "geometry": json.loads(shapely.to_geojson(shapely.Point(town[4], town[3]).buffer(0.17))),
        }
        for i, town in enumerate(TOWNS)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory, start_server: Any) -> Any:
    home = tmp_path_factory.mktemp("regions")
    build_workspace(home, "Kedai Ujian")
    return start_server(home)


def inner(page: Page) -> Frame:
    return next(frame for frame in page.frames if "st_folium" in frame.url)


def the_map(page: Page, areas: int) -> Any:
    expect(page.locator("iframe[title*='st_folium']")).to_have_count(1, timeout=60_000)
    frame = page.frame_locator("iframe[title*='st_folium']")
    frame.locator(f".leaflet-container[data-drawn='{areas}']").wait_for(timeout=60_000)
    frame.locator(".setia-legend").first.wait_for(timeout=60_000)
    page.wait_for_timeout(800)
    return frame


def test_a_file_is_looked_at_kept_and_clicked(visit: Any, own_server: Any) -> None:
    visitor = visit(own_server)
    page = visitor.open("boundaries?lang=en")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "<b>daerah</b>.geojson", "mimeType": "application/json", "buffer": districts()}
    )
    the_map(page, 4)
    page.get_by_label("Name of this level").last.fill("Daerah")
    page.get_by_role("button", name="Keep", exact=False).last.click()
    page.get_by_text("is kept, with 4 regions").wait_for(timeout=30_000)
    page.get_by_text("See the regions").click()
    page.get_by_text("How strong are we in each region?").wait_for()
    frame = the_map(page, 4)
    frame.locator(DRAWN).evaluate("map => { map.dataset.mine = 'the same map'; }")
    box = frame.locator(DRAWN).bounding_box()
    at = inner(page).evaluate(
        "(() => { const p = map.latLngToContainerPoint([3.04, 101.45]); return [p.x, p.y]; })()"
    )
    page.mouse.move(box["x"] + at[0], box["y"] + at[1])
    frame.locator(".setia-tip").first.wait_for()
    page.mouse.click(box["x"] + at[0], box["y"] + at[1])
    page.get_by_role("button", name="customers").first.wait_for(timeout=30_000)
    assert frame.locator(DRAWN).get_attribute("data-mine") == "the same map"
    page.get_by_role("button", name="Show", exact=False).first.click()
    page.get_by_role("dialog").wait_for(timeout=30_000)
    assert visitor.problems == []


def test_months_play_and_the_map_is_not_made_anew(visit: Any, own_server: Any) -> None:
    visitor = visit(own_server)
    page = visitor.open("regions?lang=en")
    frame = the_map(page, 16)
    frame.locator(DRAWN).evaluate("map => { map.dataset.mine = 'the same map'; }")
    page.get_by_text("Month by month", exact=True).click()
    frame.locator(".setia-player").wait_for(timeout=30_000)
    last = int(frame.locator(".setia-player input").get_attribute("max") or 0)
    assert last >= 9
    frame.locator(".setia-player button").click()
    frame.locator(f"{DRAWN}[data-frame='2']").wait_for(timeout=10_000)
    frame.locator(".setia-player button").click()
    frame.locator(".setia-player input").focus()
    page.keyboard.press("End")
    frame.locator(f"{DRAWN}[data-frame='{last}']").wait_for(timeout=10_000)
    assert frame.locator(DRAWN).get_attribute("data-mine") == "the same map"
    for shown in ("Before", "Change", "These days"):
        page.get_by_text(shown, exact=True).first.click()
        frame.locator(".setia-player").wait_for(state="detached", timeout=30_000)
        page.wait_for_timeout(700)
    assert frame.locator(DRAWN).get_attribute("data-mine") == "the same map"
    assert visitor.problems == []


def test_hot_spots_on_regions_and_cells(visit: Any, own_server: Any) -> None:
    visitor = visit(own_server)
    page = visitor.open("regions?lang=id")
    page.get_by_role("tab", name="Titik panas").click()
    page.get_by_text("Titik panas adalah tempat").wait_for(timeout=30_000)
    page.get_by_text("Sel persegi", exact=True).click()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(
        timeout=30_000
    )
    assert visitor.problems == []


def test_a_refused_file_says_why_and_fetches_nothing(visit: Any, own_server: Any, tmp_path: Path) -> None:
    visitor = visit(own_server)
    page = visitor.open("boundaries?lang=en")
    content = b'{"type":"Polygon","coordinates":[],"crs":{"type":"link","properties":{"href":"http://evil.example/"}}}'
    page.locator("input[type=file]").first.set_input_files(
        {"name": "a.geojson", "mimeType": "application/json", "buffer": content}
    )
    page.get_by_text("gives its coordinate system by an address").wait_for(timeout=30_000)
    assert visitor.problems == []


def test_names_of_boundaries_never_run(
    tmp_path_factory: pytest.TempPathFactory, start_server: Any, visit: Any
) -> None:
    import geopandas as gpd

    home = tmp_path_factory.mktemp("hostile")
    workspace = build_workspace(home, "Kedai Ujian")
    shapes = gpd.GeoDataFrame(
        {"code": [HOSTILE], "name": [HOSTILE]}, geometry=[shapely.box(101, 2.8, 102, 3.4)], crs=4326
    )
    from datetime import date

    save(workspace, About(HOSTILE[:50], HOSTILE, 2024, HOSTILE), shapes, added=date(2026, 11, 23))
    visitor = visit(start_server(home))
    visitor.open("boundaries?lang=en")
    page = visitor.open("regions?lang=en")
    page.get_by_role("combobox", name="Regions").click()
    page.get_by_role("option").last.click()
    frame = the_map(page, 1)
    box = frame.locator(DRAWN).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    frame.locator(".setia-tip").first.wait_for()
    assert "onerror=alert" in frame.locator(".setia-tip").first.inner_text()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_role("button", name="Show", exact=False).first.wait_for(timeout=30_000)
    assert visitor.problems == []
    assert frame.locator("img[src=x]").count() == 0
