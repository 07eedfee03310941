"""Boundaries and regions in a real Chromium with every outside host blocked: upload, keep, click, play."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely
from playwright.sync_api import Frame, Page, expect

from tests.conftest import TOWNS, build_workspace

HOSTILE = "</script><img src=x onerror=alert(1)>${alert(1)}`![x](http://evil.example/x.png)"
DRAWN = ".leaflet-container[data-drawn]"
COVERED = """() => {
  const legend = document.querySelector('.setia-legend').getBoundingClientRect();
  const names = [...document.querySelectorAll('.setia-region span')];
  const under = names.filter((name) => {
    const box = name.getBoundingClientRect();
    return box.right > legend.left && box.left < legend.right
      && box.bottom > legend.top && box.top < legend.bottom;
  });
  return [names.length > 0, under.map((name) => name.textContent)];
}"""
"""Whether regions are named, and which names lie under the legend."""


def districts(name: str = HOSTILE) -> bytes:
    """A square around each town, the first with a hostile code and name."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": name if i == 0 else f"D{i}",
                "name": name if i == 0 else town[0],
                "note": HOSTILE,
            },
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
    frame = page.locator("iframe[title*='st_folium']").last.content_frame
    frame.locator(f".leaflet-container[data-drawn='{areas}']").wait_for(timeout=60_000)
    frame.locator(".setia-legend").first.wait_for(timeout=60_000)
    page.wait_for_timeout(300)
    return frame


def over(page: Page, frame: Any, lat: float, lon: float) -> tuple[float, float]:
    """Where a place stands in the window."""
    box = frame.locator(DRAWN).bounding_box()
    at = inner(page).evaluate(
        f"(() => {{ const p = map.latLngToContainerPoint([{lat}, {lon}]); return [p.x, p.y]; }})()"
    )
    return box["x"] + at[0], box["y"] + at[1]


def test_a_file_is_refused_another_kept_and_clicked_and_its_names_never_run(
    visit: Any, own_server: Any
) -> None:
    visitor = visit(own_server)
    page = visitor.open("boundaries?lang=en")
    linked = b'{"type":"Polygon","coordinates":[],"crs":{"type":"link","properties":{"href":"http://evil.example/"}}}'
    for name, content in (("a.geojson", linked), ("<b>daerah</b>.geojson", districts())):
        page.locator("input[type=file]").first.set_input_files(
            {"name": name, "mimeType": "application/json", "buffer": content}
        )
        if content is linked:
            page.get_by_text("gives its coordinate system by an address").wait_for(timeout=30_000)
    the_map(page, 4)
    page.get_by_label("Name of this level").last.fill(HOSTILE[:50])
    page.get_by_role("button", name="Keep", exact=False).last.click()
    page.get_by_text("is kept, with 4 regions").wait_for(timeout=30_000)
    page.get_by_text("See the regions").click()
    page.get_by_text("How strong are we in each region?").wait_for()
    frame = the_map(page, 4)
    frame.locator(DRAWN).evaluate("map => { map.dataset.mine = 'the same map'; }")
    at = over(page, frame, 3.04, 101.45)
    page.mouse.move(*at)
    frame.locator(".setia-tip").first.wait_for()
    assert "onerror=alert" in frame.locator(".setia-tip").first.inner_text()
    page.mouse.click(*at)
    page.get_by_role("button", name="customers").first.wait_for(timeout=30_000)
    assert frame.locator(DRAWN).get_attribute("data-mine") == "the same map"
    page.get_by_role("button", name="Show", exact=False).first.click()
    page.get_by_role("dialog").wait_for(timeout=30_000)
    assert frame.locator("img[src=x]").count() == page.locator("img[src=x]").count() == 0
    assert visitor.problems == []


def test_months_play_on_one_map_and_hot_spots_are_told(visit: Any, own_server: Any) -> None:
    visitor = visit(own_server)
    page = visitor.open("regions?lang=en")
    frame = the_map(page, 16)
    assert inner(page).evaluate(COVERED) == [True, []]
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
    for shown, told in (("Before", "before"), ("Change", "change"), ("These days", "now")):
        page.get_by_text(shown, exact=True).first.click()
        frame.locator(f"{DRAWN}[data-serial^='customers.{told}']").wait_for(timeout=30_000)
    assert frame.locator(".setia-player").count() == 0
    assert frame.locator(DRAWN).get_attribute("data-mine") == "the same map"
    page.get_by_role("tab", name="Hot spots").click()
    page.get_by_text("A hot spot is a place").wait_for(timeout=30_000)
    page.get_by_text("Square cells", exact=True).click()
    page.get_by_text("Size of a cell").wait_for(timeout=30_000)
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible(
        timeout=30_000
    )
    assert visitor.problems == []
