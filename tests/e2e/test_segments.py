"""The page Segments in a real browser: every tab, every control, a mark that opens its customers."""

from __future__ import annotations

import re
import shutil

import pytest

from data import rfm_grids, workspaces
from i18n.translator import translator

T = translator("en")


@pytest.fixture(scope="module")
def own_server(start_server, small_home, tmp_path_factory):
    """A server on a copy: these tests save grids and windows."""
    home = tmp_path_factory.mktemp("segments") / "home"
    shutil.copytree(small_home, home)
    return start_server(home)


@pytest.fixture
def visitor(visit, own_server):
    return visit(own_server)


@pytest.fixture
def shown(visitor):
    return visitor.open("segments?lang=en")


def button(shown, visitor, name):
    shown.get_by_role("button", name=re.compile(name)).first.click()
    visitor.settled()


def type_in(shown, visitor, label, value):
    field = shown.get_by_role("spinbutton", name=label, exact=True).first
    field.fill(value)
    field.press("Enter")
    visitor.settled()


def people_opened(shown):
    """How many customers the open list says it holds."""
    dialog = shown.get_by_role("dialog")
    dialog.get_by_text(re.compile(r"^[\d,]+ customers?$")).first.wait_for()
    found = re.search(r"([\d,]+) customers?", dialog.inner_text())
    assert found is not None
    return int(found.group(1).replace(",", ""))


def test_a_rung_of_the_ladder_opens_as_many_customers_as_it_says(visitor, shown):
    visitor.tab(T("segments.tab.ladder"))
    said = shown.get_by_text(re.compile(r"[\d,]+ ordered at least once")).first.text_content()
    bar = shown.locator("[class*='segments-ladder'] .bars .point path").first
    bar.scroll_into_view_if_needed()
    visitor.settled()
    bar.click(force=True)
    found = re.search(r"([\d,]+) ordered at least once", said)
    assert people_opened(shown) == int(found.group(1).replace(",", ""))
    visitor.sound()


def test_the_windows_are_explained_changed_saved_and_given_back(visitor, shown):
    assert shown.get_by_text(re.compile("nine in ten of your returns")).count() == 1
    button(shown, visitor, "New .* days · lapsed")
    type_in(shown, visitor, T("segments.windows.lapse_days"), "33")
    shown.get_by_text(re.compile("Changed by you: lapsed after 33 days")).first.wait_for()
    button(shown, visitor, T("windows.save"))
    shown.get_by_text(re.compile("Chosen for this workspace: lapsed after 33 days")).first.wait_for()
    if not shown.get_by_role("button", name=T("windows.back")).is_visible():
        button(shown, visitor, "New .* days · lapsed")
    button(shown, visitor, T("windows.back"))
    shown.get_by_text(re.compile("nine in ten of your returns")).first.wait_for()
    visitor.sound()


def test_the_grid_is_scored_named_and_saved(visitor, shown, own_server):
    for label in ("4", "5", "Fixed", T("segments.rfm.quantile"), "M5", T("segments.rfm.all")):
        visitor.press(label)
        visitor.sound()
    shown.get_by_text(T("rfm_grids.edit")).click()
    visitor.settled()
    visitor.option(T("rfm_grids.start_from"), T("rfm_grids.preset.eight_types"))
    button(shown, visitor, T("rfm_grids.apply"))
    shown.get_by_text(re.compile("combinations differ from")).wait_for()
    field = shown.get_by_role("textbox", name=T("rfm_grids.title"))
    field.fill("Our grid")
    field.press("Enter")
    visitor.settled()
    button(shown, visitor, T("rfm_grids.save"))
    kept = rfm_grids.saved(workspaces.open_workspace(own_server.home, "Kedai Ujian"))
    assert [grid.title for grid in kept.values()] == ["Our grid"]
    button(shown, visitor, "Back to the first names")
    button(shown, visitor, f"^{T('rfm_grids.load')}$")
    shown.get_by_text(re.compile("combinations differ from")).wait_for()
    visitor.sound()


def test_a_name_of_the_grid_and_the_fewest_who_bring_most_open_their_customers(visitor, shown):
    bar = shown.locator("[class*='segments-rfm-names'] .bars .point path").first
    bar.scroll_into_view_if_needed()
    visitor.settled()
    bar.click(force=True)
    assert people_opened(shown) > 0
    shown.keyboard.press("Escape")
    visitor.settled()
    visitor.tab(T("segments.tab.gold"))
    visitor.press(T("people.column.margin"))
    name = shown.get_by_role("button", name=re.compile("who bring 80%"))
    wanted = int(re.sub(r"\D", "", name.inner_text().split(" who")[0]))
    name.click()
    assert people_opened(shown) == wanted


def test_moves_are_shown_by_both_groupings_and_a_cell_opens_its_customers(visitor, shown):
    visitor.tab(T("segments.tab.migration"))
    for label in ("measure_revenue_change", "measure_margin_change", "measure_customers", "by_rfm_segment"):
        visitor.press(T(f"migration.{label}"))
        visitor.sound()
    visitor.press(T("migration.by_lifecycle"))
    cell = shown.locator("[class*='segments-matrix-lifecycle'] .bars .point path").first
    cell.scroll_into_view_if_needed()
    visitor.settled()
    cell.click(force=True)
    assert people_opened(shown) > 0
    shown.keyboard.press("Escape")
    visitor.settled()
    visitor.option(T("migration.column.target"), "Lapsed")
    name = shown.get_by_role("button", name=re.compile(r"^Open [\d,]+ customers$"))
    wanted = int(re.sub(r"\D", "", name.inner_text()))
    name.click()
    assert people_opened(shown) == wanted


def test_a_group_is_profiled_by_every_side(visitor, shown):
    visitor.tab(T("segments.tab.profile"))
    visitor.option(T("groups.choose"), "Lifecycle: Lapsed")
    shown.get_by_text(re.compile("No order for .* days or more")).first.wait_for()
    for name in ("channel", "region_code", "store_id", "weekday", "category"):
        visitor.press(T(f"profile.dimensions.{name}"))
        visitor.sound()


def test_ways_of_buying_follow_their_thresholds_and_open(visitor, shown):
    visitor.tab(T("segments.tab.proxies"))
    button(shown, visitor, T("proxies.edit"))
    type_in(shown, visitor, T("proxies.field.units"), "2")
    shown.get_by_text(re.compile("^2 units an order or more")).first.wait_for()
    shown.keyboard.press("Escape")
    visitor.settled()
    opens = shown.get_by_role("button", name=re.compile("Open the [\\d,]+ customers")).last
    wanted = int(re.sub(r"\D", "", opens.inner_text()))
    opens.click()
    assert people_opened(shown) == wanted


def test_a_strategy_card_says_when_it_pays_and_what_was_measured(visitor, shown):
    visitor.tab(T("segments.tab.strategy"))
    visitor.option(T("groups.choose"), "RFM: Champions")
    shown.get_by_text(T("strategy.do.rfm_segment_champions")).wait_for()
    shown.get_by_text(T("strategy.fix.unknown")).wait_for()  # the small shop has no consents
    type_in(shown, visitor, T("strategy.message", currency="RM"), "0.3")
    type_in(shown, visitor, T("strategy.sent"), "400")
    type_in(shown, visitor, T("strategy.ordered"), "12")
    shown.get_by_text(re.compile("3.0% ordered")).wait_for()
    visitor.sound()
