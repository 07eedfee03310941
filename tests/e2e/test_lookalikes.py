"""Look-alikes in a real Chromium: both tabs, their choices, the list of customers, the map."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from playwright.sync_api import expect

from tests.conftest import build_workspace, small_tables
from tests.e2e.conftest import Server, Visitor

DRAWN = ".leaflet-container[data-serial]"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose frequent buyers began on the web, and who live around four towns."""
    chance = random.Random(3)
    tables = small_tables(customers=700)
    rows = tables["transactions"].to_pylist()
    count: dict[str | None, int] = {}
    for row in rows:
        count[row["customer_id"]] = count.get(row["customer_id"], 0) + 1
    for row in rows:
        often = count[row["customer_id"]] >= 6
        row["channel"] = "web" if chance.random() < (0.9 if often else 0.15) else "store"
    tables["transactions"] = pa.Table.from_pylist(rows)
    home = tmp_path_factory.mktemp("lookalikes")
    build_workspace(home, "Kembar", tables)
    return home


@pytest.fixture(scope="module")
def own_server(start_server: Callable[[Path], Server], shop: Path) -> Server:
    return start_server(shop)


def the_map(visitor: Visitor) -> Any:
    expect(visitor.page.locator("iframe[title*='st_folium']")).to_have_count(1, timeout=60_000)
    frame = visitor.page.locator("iframe[title*='st_folium']").last.content_frame
    frame.locator(DRAWN).wait_for(timeout=60_000)
    return frame


def test_customers_are_found_listed_placed_and_fit_a_telephone(
    visit: Callable[..., Visitor], own_server: Server
) -> None:
    visitor = visit(own_server)
    page = visitor.open("lookalikes?lang=en&d=all")
    page.get_by_text("What makes them alike").wait_for(timeout=60_000)
    the_map(visitor).locator(".setia-legend li").first.wait_for()
    page.get_by_role("combobox", name="Regions").wait_for()
    visitor.press("Cells of about 80 km")
    the_map(visitor)
    visitor.option("How many of the others", "The most alike 20%")
    page.get_by_role("button", name="look-alikes").first.click()
    page.get_by_role("dialog").get_by_text("by their first 90 days").first.wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    page.get_by_text("How well it predicts").click()
    visitor.option("Customers like", "Lifecycle: Lapsed")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 392
    visitor.sound()


def test_areas_are_ranked_mapped_and_compared(visit: Callable[..., Visitor], own_server: Server) -> None:
    visitor = visit(own_server)
    page = visitor.open("lookalikes?lang=en&d=all")
    visitor.tab("Areas")
    page.get_by_text("Areas judged").first.wait_for(timeout=60_000)
    the_map(visitor).locator(".setia-legend").get_by_text("Best areas").wait_for()
    visitor.option("Areas", "Cells of about 20 km")
    visitor.press("The place and your customers")
    visitor.option("Best by", "Areas I choose")
    page.get_by_text("Choose at least 5 areas").wait_for(timeout=60_000)
    visitor.option("Best by", "Sales per customer")
    page.get_by_text("Do not use").first.wait_for(timeout=60_000)
    visitor.sound()
