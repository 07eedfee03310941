"""Catchments in a browser: every tab, every choice, a table of travel times and a road file taken in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from i18n.translator import translator
from tests.chain import TOWNS, chain

T = translator("en")


@pytest.fixture(scope="module")
def chain_server(start_server: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The app on a chain of six stores."""
    home = tmp_path_factory.mktemp("catchments-home")
    chain(home)
    return start_server(home)


def road_file(path: Path) -> Path:
    """One road through the towns, in the order of their list."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number, town in enumerate(TOWNS, start=1):
            writer.add_node(Node(id=number, location=(town[3], town[2])))
        writer.add_way(Way(id=1, nodes=list(range(1, len(TOWNS) + 1)), tags={"highway": "primary"}))
    return path


def matrix_file(path: Path) -> Path:
    """Minutes between all towns and stores: two a kilometre of nothing, told by their numbers."""
    rows = ["lat,lon,store_id,minutes"]
    for i, town in enumerate(TOWNS):
        rows += [f"{town[2]},{town[3]},S{j},{5 + 12 * abs(i - j)}" for j in range(len(TOWNS))]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def market_file(path: Path) -> Path:
    """Visits of all towns to all stores, fewer to those farther away, and to the competitor."""
    rows = ["town,store,visits"]
    for i, town in enumerate(TOWNS):
        rows += [f"{town[0]},S{j},{120 // (1 + 3 * abs(i - j)) + i + j}" for j in range(len(TOWNS))]
        rows.append(f"{town[0]},K1,{20 + 3 * i}")
    path.write_text("\n".join([*rows, "Atlantis,K1,3"]), encoding="utf-8")
    return path


def test_every_tab_and_choice(visit: Callable[..., Any], chain_server: Any, tmp_path: Path) -> None:
    visitor = visit(chain_server)
    page = visitor.open("catchments")
    page.frame_locator("iframe").first.locator(".setia-legend-title").wait_for()
    for kind in ("radius", "nearest", "share"):
        visitor.press(T(f"catchments.kind.{kind}"))
    visitor.press(T("catchments.order.densest"))
    visitor.press("90%")
    visitor.option(T("catchments.store"), "Cawangan Klang")
    page.get_by_text("of Cawangan Klang live in this catchment").wait_for()
    page.get_by_role("button", name="List these").click()
    visitor.settled()
    page.get_by_role("dialog").get_by_text("Catchment of Cawangan Klang").first.wait_for()
    page.keyboard.press("Escape")
    visitor.tab(T("catchments.tab.distance"))
    visitor.press(T("catchments.whose.all"))
    page.get_by_text(T("catchments.band.title")).wait_for()
    visitor.tab(T("catchments.tab.overlap"))
    visitor.press(T("catchments.overlap.sales"))
    visitor.tab(T("catchments.tab.attraction"))
    visitor.press(T("catchments.rivals.double"))
    page.get_by_text("twice the distance").wait_for()
    page.get_by_text(T("market.title")).click()
    page.locator("input[type=file]").set_input_files(str(market_file(tmp_path / "market.csv")))
    page.get_by_text("1 row cannot be used").wait_for()
    page.get_by_role("button", name=T("market.use")).click()
    page.get_by_text("learnt from your market data").first.wait_for()
    visitor.tab(T("catchments.tab.check"))
    page.get_by_text(T("catchments.check.title")).wait_for()
    visitor.press(T("figure.table"))
    visitor.sound()


def test_a_table_of_times_then_a_road_file_are_taken_in(
    visit: Callable[..., Any], chain_server: Any, tmp_path: Path
) -> None:
    visitor = visit(chain_server)
    page = visitor.open("catchments")
    page.frame_locator("iframe").first.locator(".setia-legend-title").wait_for()
    visitor.settled()
    visitor.tab(T("catchments.tab.travel"))
    visitor.press(T("catchments.travel.file"))
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", encoding="utf-8")
    files = (
        (bad, ""),
        (matrix_file(tmp_path / "masa.csv"), "matrix"),
        (road_file(tmp_path / "r.osm.pbf"), "roads"),
    )
    for path, label in files:
        page.locator("input[type=file]").set_input_files(str(path))
        visitor.settled()
        page.get_by_role("button", name=T("catchments.travel.use"), exact=True).click()
        visitor.settled()
        if not label:
            page.get_by_text("needs the columns store_id, minutes").wait_for()
            continue
        page.get_by_text(T(f"catchments.measured.{label}")).first.wait_for()
        page.get_by_test_id("stMetricValue").first.get_by_text("min").wait_for()
    page.get_by_role("button", name=T("catchments.travel.areas")).wait_for()
    visitor.settled()
    visitor.press(T("catchments.travel.straight"))
    page.locator("input[type=file]").wait_for(state="detached")
    page.get_by_role("button", name=T("catchments.travel.use"), exact=True).click()
    page.get_by_text(T("catchments.measured.straight")).first.wait_for()
    visitor.sound()
