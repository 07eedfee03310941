"""The customer map in a real Chromium with every outside host blocked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from playwright.sync_api import Frame, FrameLocator, Page, expect

from data.engines import Tables
from data.workspaces import open_workspace
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables

HOSTILE = "</script><img src=x onerror=alert(1)><b>${alert(1)}`+alert(1)+`![x](http://evil.example/x.png)"
T = translator("en")
DRAWN = ".leaflet-container[data-serial]"
FREE = ".setia-store.leaflet-interactive"
"""Pins that are not behind the number of a circle, which catches the click there."""
COVERED = """() => {
  const legend = document.querySelector('.setia-legend').getBoundingClientRect();
  const marks = [...document.querySelectorAll('.setia-circle, .setia-region span')];
  return marks.filter((mark) => {
    const box = mark.getBoundingClientRect();
    return box.right > legend.left && box.left < legend.right
      && box.bottom > legend.top && box.top < legend.bottom;
  }).map((mark) => mark.textContent);
}"""
"""Which marks lie under the legend."""


def the_map(page: Page) -> FrameLocator:
    expect(page.locator("iframe[title*='st_folium']")).to_have_count(1, timeout=60_000)
    frame = page.locator("iframe[title*='st_folium']").last.content_frame
    frame.locator(DRAWN).wait_for(timeout=60_000)
    frame.locator(".setia-circle").first.wait_for(timeout=60_000)
    frame.locator(".leaflet-land-pane canvas").wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(1_200)  # the browser's own bounds come back once
    return frame


def inner(page: Page) -> Frame:
    """The frame of the map, for asking Leaflet itself."""
    return next(frame for frame in page.frames if "st_folium" in frame.url)


def look_at(page: Page, lat: float, lon: float, zoom: int) -> None:
    """Move the map from inside, as a person would by dragging and turning the wheel."""
    inner(page).evaluate(f"void window.map.setView([{lat}, {lon}], {zoom}, {{animate: false}})")
    drawn = page.locator("iframe[title*='st_folium']").last.content_frame.locator(f"[data-serial$='.{zoom}']")
    drawn.wait_for(timeout=60_000)
    page.wait_for_timeout(1_000)


def drag(page: Page, frame: FrameLocator, tool: str, start: tuple[int, int], end: tuple[int, int]) -> None:
    frame.locator(f".leaflet-draw-draw-{tool}").click()
    box = frame.locator(DRAWN).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + start[0], box["y"] + start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0], box["y"] + end[1], steps=8)
    page.mouse.up()
    page.wait_for_timeout(1_800)


def metric(page: Page, label: str) -> str:
    found = page.locator("[data-testid=stMetric]").filter(has=page.get_by_text(label, exact=True))
    return found.locator("[data-testid=stMetricValue]").inner_text().strip()


def shows(page: Page, label: str, value: str) -> None:
    """Wait until a figure of the summary is a value."""
    found = page.locator("[data-testid=stMetric]").filter(has=page.get_by_text(label, exact=True))
    expect(found.locator("[data-testid=stMetricValue]")).to_have_text(value, timeout=30_000)


def bought_this_year(home: Path) -> pd.DataFrame:
    """Customers on the map by default, with their place, by pandas alone."""
    snapshot = open_workspace(home, "Kedai Ujian").current()
    assert snapshot is not None
    tables = Tables(snapshot, "duckdb")
    orders = tables.table("orders").to_pandas()
    orders = orders[(pd.to_datetime(orders["day"]) >= "2026-01-01") & (orders["kind"] != "internal")]
    keys = orders.loc[orders["is_purchase"] & orders["customer_key"].notna(), "customer_key"].unique()
    homes = tables.table("customer_summary").to_pandas()
    return homes[homes["customer_key"].isin(keys)]


def test_the_map_draws_land_names_and_customers_without_internet(visitor: Any) -> None:
    page = visitor.open("map?lang=en")
    frame = the_map(page)
    frame.locator(".setia-name").nth(3).wait_for(state="attached")
    assert frame.locator(".setia-legend li").count() >= 2
    assert frame.locator(".leaflet-control-scale-line").count() == 1
    assert frame.locator(".leaflet-land-pane canvas").count() == 1
    assert inner(page).evaluate(COVERED) == []
    assert visitor.problems == []


def test_cells_follow_the_view_and_the_map_is_not_made_anew(visitor: Any) -> None:
    page = visitor.open("map?lang=en")
    frame = the_map(page)
    frame.locator(DRAWN).evaluate("map => { map.dataset.mine = 'the same map'; }")
    wide = frame.locator(".setia-circle").count()
    look_at(page, 3.08, 101.55, 11)
    near = frame.locator(".setia-circle").count()
    assert near > wide
    assert frame.locator(DRAWN).get_attribute("data-mine") == "the same map"


def test_a_drawn_rectangle_counts_what_pandas_counts(visitor: Any, small_home: Path) -> None:
    page = visitor.open("map?lang=en")
    frame = the_map(page)
    look_at(page, 3.08, 101.55, 10)
    drag(page, frame, "rectangle", (200, 120), (520, 420))
    corners = "[b.getSouth(), b.getWest(), b.getNorth(), b.getEast()]"
    box = inner(page).evaluate(f"(() => {{ const b = drawnItems.getBounds(); return {corners}; }})()")
    south, west, north, east = (round(value, 6) for value in box)
    people = bought_this_year(small_home)
    inside = people[people["lat"].between(south, north) & people["lon"].between(west, east)]
    assert len(inside) > 20
    shows(page, "Customers", str(len(inside)))
    page.get_by_role("button", name="Clear", exact=True).click()
    shows(page, "Customers", str(len(people)))
    assert inner(page).evaluate("drawnItems.getLayers().length") == 0


def test_a_chosen_circle_is_summed_up_and_the_view_stays(visitor: Any) -> None:
    page = visitor.open("map?lang=en")
    frame = the_map(page)
    look_at(page, 3.04, 101.45, 10)
    before = inner(page).evaluate("[map.getZoom(), map.getCenter().lat]")
    circle = frame.locator(".setia-circle").first
    size = frame.locator(".setia-count").first.inner_text().strip()
    circle.focus()
    page.keyboard.press("Enter")  # a circle is reached without a mouse too
    shows(page, "Customers", size)
    after = inner(page).evaluate("[map.getZoom(), map.getCenter().lat]")
    assert after == before


def test_the_view_and_the_drawing_survive_a_change_of_language(visitor: Any) -> None:
    page = visitor.open("map?lang=en")
    frame = the_map(page)
    look_at(page, 3.08, 101.55, 10)
    drag(page, frame, "circle", (360, 260), (460, 330))
    count = metric(page, "Customers")
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Bahasa Melayu").click()
    page.get_by_text("Di manakah pelanggan kita tinggal?").wait_for()
    frame = the_map(page)
    assert inner(page).evaluate("map.getZoom()") == 10
    assert inner(page).evaluate("drawnItems.getLayers().length") == 1
    shows(page, "Pelanggan", count)


def test_names_in_the_files_never_run_on_the_map(
    tmp_path_factory: pytest.TempPathFactory, start_server: Any, visit: Any
) -> None:
    home = tmp_path_factory.mktemp("hostile")
    tables = small_tables()
    for table, columns in {
        "stores": ["name"],
        "customers": ["name", "city", "region"],
        "transactions": ["category"],
    }.items():
        rows = tables[table].to_pylist()
        tables[table] = pa.Table.from_pylist([{**row, **dict.fromkeys(columns, HOSTILE)} for row in rows])
    build_workspace(home, HOSTILE.replace("/", "")[:60], tables)
    visitor = visit(start_server(home))
    page = visitor.open("map?lang=en")
    frame = the_map(page)
    assert 0 < frame.locator(FREE).count() < frame.locator(".setia-store").count()
    frame.locator(FREE).first.hover(force=True)
    frame.locator(".setia-tip").first.wait_for()
    assert "onerror=alert" in frame.locator(".setia-tip").first.inner_text()
    frame.locator(FREE).first.click(force=True)
    page.wait_for_timeout(1_500)
    assert visitor.problems == []
    assert frame.locator(".setia-tip img").count() == 0


def test_online_tiles_are_asked_for_only_after_the_switch(visit: Any, server: Any) -> None:
    visitor = visit(server)
    page = visitor.open("map?lang=en")
    the_map(page)
    assert visitor.outside == []
    page.get_by_role("button", name="Map options").click()
    page.get_by_text("Streets from the internet").click()
    page.get_by_text("Streets come from openstreetmap.org").first.wait_for()
    frame = page.locator("iframe[title*='st_folium']").last.content_frame
    frame.locator(".leaflet-land-pane canvas").wait_for(state="attached")
    for _ in range(40):
        if visitor.outside:
            break
        page.wait_for_timeout(250)
    assert visitor.outside
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in visitor.outside)
    visitor.outside.clear()  # asked for by the switch, and blocked: the land is drawn all the same


def test_on_a_telephone_the_map_stands_above_its_summary(visit: Any, server: Any) -> None:
    visitor = visit(server, viewport={"width": 390, "height": 844})
    page = visitor.open("map?lang=ms")
    frame = the_map(page)
    box = frame.locator(DRAWN).bounding_box()
    panel = page.get_by_text("Ringkasan tempat").bounding_box()
    assert box is not None
    assert panel is not None
    assert 300 <= box["width"] <= 390
    assert panel["y"] > box["y"] + box["height"]


def test_every_way_to_draw_is_drawn_and_a_place_is_found(visitor: Any) -> None:
    page = visitor.open("map?lang=en")
    the_map(page)
    for kind in ("cells", "hex", "heat", "regions", "split", "segments", "clusters"):
        visitor.press(T(f"map.kind.{kind}"))
        frame = page.locator("iframe[title*='st_folium']").last.content_frame
        frame.locator(f"{DRAWN}[data-serial^='{kind}.']").wait_for(state="attached", timeout=30_000)
        assert frame.locator(".setia-heat").count() == (kind == "heat")
    box = page.get_by_placeholder(T("map.search_hint"))
    box.fill("George Town")
    box.press("Enter")
    inner(page).wait_for_function("() => Math.abs(map.getCenter().lat - 5.41) < 0.1 && map.getZoom() === 12")
    visitor.sound()


def test_the_months_play_and_the_map_stays(visitor: Any) -> None:
    page = visitor.open("map?lang=en&d=2026-06-01_2026-11-22")
    frame = the_map(page)
    frame.locator(DRAWN).evaluate("map => { map.dataset.mine = 'the same map'; }")
    page.get_by_role("button", name=T("map.options")).click()
    page.get_by_text(T("map.months.toggle"), exact=True).click()
    visitor.settled()
    page.get_by_role("heading", name=T("map.question")).click()
    page.get_by_role("button", name=T("map.months.play")).click()
    for month in ("2026-07-01", "2026-08-01"):
        frame.locator(f"{DRAWN}[data-serial*='{month}']").wait_for(state="attached", timeout=30_000)
    page.get_by_role("button", name=T("map.months.stop")).click()
    visitor.settled()
    assert the_map(page).locator(DRAWN).get_attribute("data-mine") == "the same map"
    visitor.sound()
