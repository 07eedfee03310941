"""The page Value and one customer's page in a real browser: every tab, every view, by click and key."""

from __future__ import annotations

import re

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


def test_every_tab_and_every_view_of_value_is_drawn(visitor):
    shown = visitor.open("value?lang=en")
    assert T("forecast.trust") in shown.inner_text("body")
    for tab in ("who", "cost", "backtest", "history", "calculator"):
        visitor.tab(T(f"value.tab.{tab}"))
        visitor.sound()
        if tab == "who":
            # BG/NBD cannot say who has left: then there is no such list
            if not shown.get_by_text(T("forecast.bg_alive")).count():
                visitor.press(T("forecast.who.leaving"))
            shown.get_by_role("button", name=T("forecast.open_all")).click()
            shown.get_by_role("dialog").wait_for()
            shown.keyboard.press("Escape")
        elif tab == "backtest":
            for view in ("total", "frequency", "deciles", "weekly"):
                visitor.press(T(f"forecast.view.{view}"))
        elif tab == "history":
            for view in ("by", "best", "spread"):
                visitor.press(T(f"value.tab.{view}"))
        elif tab == "calculator":
            for view in ("questions", "small", "sources", "levers"):
                visitor.press(T(f"value.tab.{view}"))


def test_a_tab_is_reached_by_keyboard_and_survives_another_language(visitor):
    shown = visitor.open("value?lang=en")
    shown.get_by_role("tab", name=T("value.tab.who"), exact=True).focus()
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("Enter")
    visitor.sound()
    chosen = shown.get_by_role("tab", name=T("value.tab.cost"), exact=True)
    assert chosen.get_attribute("aria-selected") == "true"


def test_the_horizon_changes_the_forecast(visitor):
    shown = visitor.open("value?lang=en")
    before = shown.get_by_test_id("stMetricValue").first.inner_text()
    shown.get_by_role("button", name=T("forecast.assumptions")).click()
    shown.get_by_label(T("forecast.horizon")).click()
    shown.get_by_role("option", name=T("forecast.months", n="24"), exact=True).click()
    visitor.sound()
    shown.get_by_text(T("forecast.card.total.name", months="24")).first.wait_for()
    assert shown.get_by_test_id("stMetricValue").first.inner_text() != before


def test_a_customer_is_found_by_number_and_their_number_stays_out_of_the_address(visitor):
    shown = visitor.open("customer?lang=en")
    box = shown.get_by_label(T("customer.search"))
    box.fill("C0042")
    box.press("Enter")
    shown.get_by_text("C0042 ·").wait_for()
    visitor.sound()
    assert "0042" not in shown.url
    for tab in ("place", "history"):
        visitor.tab(T(f"customer.tab.{tab}"))
        visitor.sound()


def test_a_row_of_a_list_opens_that_customer(visitor):
    shown = visitor.open("value?lang=en")
    visitor.tab(T("value.tab.who"))
    shown.get_by_role("button", name=T("forecast.open_all")).click()
    rows = shown.get_by_role("dialog").get_by_test_id("stDataFrame")
    rows.wait_for()
    visitor.settled()
    rows.click(position={"x": 18, "y": 53})  # the box before the first row
    shown.get_by_role("button", name=re.compile(r"Open C\d{4}$")).click()
    shown.get_by_role("heading", name=T("customer.question")).wait_for()
    visitor.sound()
    assert T("customer.start") not in shown.inner_text("body")
