"""From a pan of the customer map to newly drawn cells, in Chromium on the real server."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from playwright.sync_api import Frame, Page

from benchmarks import measure
from benchmarks.pages import percentile_95
from benchmarks.server import browsing, serving, visit
from benchmarks.tables import filled_home

NOTE = (
    "The map is moved from inside to places around Malaysia at several zooms; the time ends when the map "
    "says that it has drawn again. Aims: at most 1.0 s, at most 2,000 cells."
)
AIM, CELLS_AIM = 1.0, 2_000
# Each view has another zoom than the one before: the map names its drawings by it.
_VIEWS = (
    (3.10, 101.60, 9),
    (3.10, 101.60, 11),
    (1.50, 103.75, 10),
    (5.40, 100.35, 11),
    (4.60, 101.10, 9),
    (6.10, 102.24, 11),
    (1.55, 110.35, 10),
    (5.97, 116.07, 12),
    (3.80, 103.33, 10),
    (4.20, 109.00, 6),
    (3.05, 101.50, 12),
    (2.20, 102.25, 10),
)
_DRAWN = ".leaflet-container[data-serial]"
_SERIAL = "() => document.querySelector('.leaflet-container').dataset.serial"
_COUNT = "() => document.querySelectorAll('.setia-circle, path.leaflet-interactive').length"


def run(files: Path, scratch: Path, rounds: int) -> str:
    """Pan through the views.

    Returns
    -------
    str
        A Markdown table.
    """
    with serving(filled_home(files)) as server, browsing() as browser:
        page = visit(browser, f"{server.url}/map")
        frame = _map(page)
        frame.wait_for_selector(_DRAWN, timeout=120_000)
        page.wait_for_timeout(3_000)
        seconds, cells = [], []
        for view in _VIEWS:
            took, count = _pan(page, frame, view)
            seconds.append(took)
            cells.append(count)
    high = percentile_95(seconds)
    rows = [
        ["pan to drawn cells, s", f"{statistics.median(seconds):.2f}", f"{high:.2f}", _held(high, AIM)],
        ["cells drawn", f"{statistics.median(cells):,.0f}", f"{max(cells):,}", _held(max(cells), CELLS_AIM)],
    ]
    return measure.table(("what", "median", "p95 (cells: most)", "aim"), rows)


def _map(page: Page) -> Frame:
    page.wait_for_selector("iframe[title*='st_folium']", timeout=120_000)
    page.wait_for_timeout(1_000)
    return next(frame for frame in page.frames if "st_folium" in frame.url)


def _pan(page: Page, frame: Frame, view: tuple[float, float, int]) -> tuple[float, int]:
    """Seconds until the marks of the new view stand there and how many there are."""
    lat, lon, zoom = view
    before = frame.evaluate(_SERIAL)
    start = time.perf_counter()
    frame.evaluate(f"void window.map.setView([{lat}, {lon}], {zoom}, {{animate: false}})")
    while frame.evaluate(_SERIAL) == before and time.perf_counter() - start < 30:
        page.wait_for_timeout(10)
    took = time.perf_counter() - start
    page.wait_for_timeout(700)
    return took, int(frame.evaluate(_COUNT))


def _held(value: float, aim: float) -> str:
    return f"{aim:,g} {'met' if value <= aim else 'MISSED'}"
