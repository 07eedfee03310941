"""From a click to a drawn map of 500 regions, in Chromium on the real server, and what is sent for it."""

from __future__ import annotations

import statistics
import time
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely
from playwright.sync_api import Frame, Page, WebSocket

from benchmarks import measure
from benchmarks.pages import percentile_95
from benchmarks.server import browsing, serving
from benchmarks.tables import filled_home
from data import boundaries, workspaces
from data.boundaries import About
from data.reference import loader
from geo.voronoi import nearest_areas

NOTE = (
    "500 regions of Malaysia (the land nearest to each of 500 towns). The time runs from the choice of "
    "another figure to the map that says it has drawn; the payload is all the browser received meanwhile. "
    "Aims: at most 1.5 s, at most 500 KB."
)
REGIONS, AIM, PAYLOAD_AIM = 500, 1.5, 500.0
LEVEL = "500 areas"
FIGURES = ("Sales", "Average order", "New customers", "Sales per customer", "Retention rate", "Repeat rate")
ROUNDS = 2
_SERIAL = "() => document.querySelector('.leaflet-container').dataset.serial"


def run(files: Path, scratch: Path, rounds: int) -> str:
    """Choose the level, then one figure after another.

    Returns
    -------
    str
        A Markdown table.
    """
    home = filled_home(files)
    _keep_level(home)
    received: list[int] = []
    with serving(home) as server, browsing() as browser:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.on("websocket", lambda socket: _listen(socket, received))
        page.goto(f"{server.url}/regions")
        _settled(page)
        before = time.perf_counter()
        _choose(page, "Regions", LEVEL)
        frame = _map(page)
        _drawn(page, frame, "", REGIONS)
        first = time.perf_counter() - before
        page.wait_for_timeout(3_000)
        seconds, kilobytes = [], []
        for figure in FIGURES * ROUNDS:
            took, sent = _figure(page, frame, figure, received)
            seconds.append(took)
            kilobytes.append(sent)
    high = percentile_95(seconds)
    rows = [
        ["another figure to drawn, s", f"{statistics.median(seconds):.2f}", f"{high:.2f}", _held(high, AIM)],
        ["the level for the first time, s", f"{first:.2f}", "–", ""],
        [
            "received for another figure, KB",
            f"{statistics.median(kilobytes):,.0f}",
            f"{max(kilobytes):,.0f}",
            _held(max(kilobytes), PAYLOAD_AIM),
        ],
    ]
    return measure.table(("what", "median", "p95 (payload: most)", "aim"), rows)


def _keep_level(home: Path) -> None:
    """Keep 500 regions in the workspace, once."""
    workspace = workspaces.list_workspaces(home)[0]
    if any(level.about.name == LEVEL for level in boundaries.levels(workspace)):
        return
    towns = loader.towns()
    towns = towns[towns["country"] == "MY"].drop_duplicates(["lat", "lon"]).nlargest(REGIONS, "population")
    states = loader.regions_of("MY").geometry.dropna()
    areas = nearest_areas(towns["lon"], towns["lat"], shapely.union_all(states.to_numpy()))
    shapes = gpd.GeoDataFrame(
        {"code": [f"A{i}" for i in range(len(areas))], "name": towns["name"].to_numpy()},
        geometry=list(areas),
        crs=4326,
    )
    boundaries.save(workspace, About(LEVEL, "GeoNames, Natural Earth"), shapes, added=date(2026, 1, 1))


def _listen(socket: WebSocket, received: list[int]) -> None:
    socket.on("framereceived", lambda data: received.append(len(data)))


def _settled(page: Page) -> None:
    page.wait_for_selector("h1", timeout=180_000)
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=180_000)


def _choose(page: Page, box: str, words: str) -> None:
    page.get_by_role("combobox", name=box, exact=False).first.click()
    page.get_by_role("option", name=words, exact=False).first.click()


def _map(page: Page) -> Frame:
    page.wait_for_selector("iframe[title*='st_folium']", timeout=120_000)
    page.wait_for_timeout(1_000)
    return next(frame for frame in page.frames if "st_folium" in frame.url)


def _figure(page: Page, frame: Frame, figure: str, received: list[int]) -> tuple[float, float]:
    """Seconds until the map of a figure is drawn, and the kilobytes received meanwhile."""
    before = str(frame.evaluate(_SERIAL))
    page.get_by_role("combobox", name="Figure", exact=False).first.click()
    option = page.get_by_role("option", name=figure, exact=True)
    received.clear()
    start = time.perf_counter()
    option.click()
    _drawn(page, frame, before, REGIONS)
    took = time.perf_counter() - start
    sent = sum(received) / 1_000
    _settled(page)
    page.wait_for_timeout(700)
    return took, sent


def _drawn(page: Page, frame: Frame, before: str, areas: int) -> None:
    """Wait until another map of so many areas stands there."""
    script = (
        "() => { const box = document.querySelector('.leaflet-container'); "
        "return [box && box.dataset.serial, box && Number(box.dataset.drawn)]; }"
    )
    end = time.perf_counter() + 60
    while time.perf_counter() < end:
        serial, count = frame.evaluate(script)
        if serial and serial != before and count == areas:
            return
        page.wait_for_timeout(10)
    raise TimeoutError(f"No map of {areas} regions was drawn within a minute.")


def _held(value: float, aim: float) -> str:
    return f"{aim:,g} {'met' if value <= aim else 'MISSED'}"
