"""People in a real Chromium: a merge is opened, undone and made again; channels; reach by each channel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from data import workspaces
from tests.conftest import build_workspace
from tests.data.people.test_people_in_marts import tables
from tests.e2e.conftest import Server, Visitor


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with one customer of three systems."""
    home = tmp_path_factory.mktemp("people")
    build_workspace(home, "kedai", tables())
    return home


@pytest.fixture(scope="module")
def own_server(start_server: Callable[[Path], Server], shop: Path) -> Server:
    return start_server(shop)


def test_a_merge_is_undone_and_made_again(
    visit: Callable[..., Visitor], own_server: Server, shop: Path
) -> None:
    visitor = visit(own_server)
    page = visitor.open("people?lang=en")
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    box = grid.locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 12, box["y"] + 55)
    undo = page.get_by_role("button", name="Undo this merge")
    undo.wait_for(timeout=60_000)
    visitor.settled()
    undo.click()
    expect(page.get_by_text("The merge was undone").first).to_be_visible(timeout=60_000)
    visitor.settled()
    found = workspaces.open_workspace(shop, "kedai").current()
    assert found is not None
    assert not found.has("people")
    page.get_by_text("Undone merges (1)").click()
    page.get_by_role("button", name="Merge again").click()
    page.get_by_text("may merge again").first.wait_for(timeout=60_000)
    page.get_by_text("Find a customer ID").first.wait_for(timeout=60_000)
    visitor.sound()


def test_channels_and_reach_are_drawn(visit: Callable[..., Visitor], own_server: Server) -> None:
    visitor = visit(own_server)
    page = visitor.open("people?lang=en")
    visitor.tab("Channels")
    page.get_by_text("also elsewhere").first.wait_for()
    visitor.tab("Reachable")
    page.get_by_text("Who can be written to, of").first.wait_for()
    visitor.press("E-mail")
    page.get_by_text("No contact known").first.wait_for()
    visitor.sound()


def test_our_own_phone_is_left_out_and_nonsense_is_refused(
    visit: Callable[..., Visitor], own_server: Server
) -> None:
    visitor = visit(own_server)
    page = visitor.open("people?lang=en")
    page.get_by_text("Values that merge nobody").click()
    field = page.get_by_label("Our own phone or e-mail, which identifies no customer")
    field.fill("nonsense")
    page.get_by_role("button", name="Leave it out").click()
    page.get_by_text("neither a phone number nor an e-mail").wait_for(timeout=60_000)
    field.fill("03-7728 1234")
    page.get_by_role("button", name="Leave it out").click()
    page.get_by_text("It merges nobody any more").first.wait_for(timeout=60_000)
    visitor.sound()


def test_two_ids_are_joined_by_hand_against_the_guard(
    visit: Callable[..., Visitor], own_server: Server, shop: Path
) -> None:
    visitor = visit(own_server)
    page = visitor.open("people?lang=en")
    page.get_by_text("Join two IDs by hand").click()
    for label, value in (("A customer ID", "lazada:900"), ("Another ID of the same person", "C0008")):
        field = page.get_by_label(label, exact=True)
        field.fill(value)
        field.press("Enter")
        visitor.settled()
    page.get_by_text("Setia would not join these two by itself").wait_for(timeout=60_000)
    page.get_by_role("button", name="They are one person").click()
    page.get_by_text("The two are one person now").first.wait_for(timeout=90_000)
    found = workspaces.open_workspace(shop, "kedai").current()
    assert found is not None
    assert found.manifest["people"]["records"] == 4
    visitor.sound()
