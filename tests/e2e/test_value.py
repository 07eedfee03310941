"""The page Value and one customer's page in a real browser: every tab, every view, by click and key."""

from __future__ import annotations

import pytest

from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from tests.e2e.conftest import Server, Visitor

T = translator("en")


@pytest.fixture(scope="module")
def large(start_server, tmp_path_factory) -> Server:
    """A merchant with enough customers for a forecast."""
    home = tmp_path_factory.mktemp("value")
    build_workspace(home, "Besar", small_tables(900, 900))
    return start_server(home)


@pytest.fixture
def visitor(visit, large) -> Visitor:
    return visit(large)


def fine(visitor: Visitor) -> None:
    """The page is whole: no error box."""
    visitor.settled()
    assert visitor.page.get_by_text(T("errors.sentence")).count() == 0


def press(visitor: Visitor, words: str) -> None:
    visitor.page.get_by_test_id("stButtonGroup").get_by_text(words, exact=True).first.click()
    fine(visitor)


def test_every_tab_and_every_view_of_value_is_drawn(visitor):
    shown = visitor.open("value?lang=en")
    assert T("forecast.trust") in shown.inner_text("body")
    for tab in ("who", "cost", "backtest", "history", "calculator"):
        shown.get_by_role("tab", name=T(f"value.tab.{tab}"), exact=True).click()
        fine(visitor)
        if tab == "who":
            # BG/NBD cannot say who has left: then there is no such list
            if not shown.get_by_text(T("forecast.bg_alive")).count():
                press(visitor, T("forecast.who.leaving"))
            shown.get_by_role("button", name=T("forecast.open_all")).click()
            shown.get_by_role("dialog").wait_for()
            shown.keyboard.press("Escape")
        elif tab == "backtest":
            for view in ("total", "frequency", "deciles", "weekly"):
                press(visitor, T(f"forecast.view.{view}"))
        elif tab == "history":
            for view in ("by", "best", "spread"):
                press(visitor, T(f"value.tab.{view}"))
        elif tab == "calculator":
            for view in ("questions", "small", "sources", "levers"):
                press(visitor, T(f"value.tab.{view}"))


def test_a_tab_is_reached_by_keyboard_and_survives_another_language(visitor):
    shown = visitor.open("value?lang=en")
    shown.get_by_role("tab", name=T("value.tab.who"), exact=True).focus()
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("Enter")
    fine(visitor)
    chosen = shown.get_by_role("tab", name=T("value.tab.cost"), exact=True)
    assert chosen.get_attribute("aria-selected") == "true"


def test_the_horizon_changes_the_forecast(visitor):
    shown = visitor.open("value?lang=en")
    before = shown.get_by_test_id("stMetricValue").first.inner_text()
    shown.get_by_role("button", name=T("forecast.assumptions")).click()
    shown.get_by_label(T("forecast.horizon")).click()
    shown.get_by_role("option", name=T("forecast.months", n="24"), exact=True).click()
    fine(visitor)
    shown.get_by_text(T("forecast.card.total.name", months="24")).first.wait_for()
    assert shown.get_by_test_id("stMetricValue").first.inner_text() != before


def test_a_customer_is_found_by_number_and_their_number_stays_out_of_the_address(visitor):
    shown = visitor.open("customer?lang=en")
    box = shown.get_by_label(T("customer.search"))
    box.fill("C0042")
    box.press("Enter")
    shown.get_by_text("C0042 ·").wait_for()
    fine(visitor)
    assert "0042" not in shown.url
    for tab in ("place", "history"):
        shown.get_by_role("tab", name=T(f"customer.tab.{tab}"), exact=True).click()
        fine(visitor)
