"""The page Retention in a real browser: every tab, every switch, a cell that opens its customers."""

from __future__ import annotations

import re

import pytest

from i18n.translator import translator

T = translator("en")


def tab(shown, visitor, name):
    shown.get_by_role("tab", name=T(f"retention.tab.{name}"), exact=True).click()
    visitor.settled()


def segment(shown, visitor, label):
    """Press one of several buttons that stand side by side."""
    button = shown.get_by_test_id("stButtonGroup").get_by_text(label, exact=True)
    button.first.click()
    visitor.settled()


def option(shown, visitor, box, word):
    field = shown.get_by_role("combobox", name=re.compile(f"{re.escape(box)}$")).first
    field.scroll_into_view_if_needed()
    visitor.settled()  # a list closes when the page still scrolls
    field.focus()
    field.press("ArrowDown")
    shown.get_by_role("option", name=word, exact=True).click()
    visitor.settled()


@pytest.fixture
def opened(visitor):
    return visitor.open("retention?lang=en")


def sound(visitor, shown):
    assert T("errors.sentence") not in shown.locator("body").inner_text()
    assert visitor.problems == []


def test_every_tab_opens_in_both_modes(visitor, opened):
    shop = ("curve", "value", "next", "periods", "projection", "calculators")
    for mode, names in (("shop", shop), ("subscription", ("periods", "projection"))):
        segment(opened, visitor, T(f"renewals.mode.{mode}"))
        for name in names:
            tab(opened, visitor, name)
            sound(visitor, opened)
    opened.get_by_text(T("renewals.card.rate.name")).first.wait_for()


def test_every_switch_of_the_cohorts_draws(visitor, opened):
    for unit in ("week", "year", "month"):
        segment(opened, visitor, T(f"cohorts.unit.{unit}"))
    for view in ("unbounded", "bracket", "classic"):
        segment(opened, visitor, T(f"cohorts.view.{view}"))
    option(opened, visitor, T("cohorts.measure.label"), T("cohorts.measure.value_per_customer"))
    opened.get_by_text(T("cohorts.note.cost_missing")).first.wait_for()
    opened.get_by_text(T("cohorts.more")).click()
    option(opened, visitor, T("cohorts.last.label"), T("cohorts.last.month", n=24))
    option(opened, visitor, T("cohorts.by.label"), T("cohorts.by.first_channel"))
    option(opened, visitor, T("cohorts.festival.label"), T("cohorts.festival.hari_raya"))
    opened.get_by_text(T("cohorts.axis.festive_month", festival="Hari Raya")).first.wait_for()
    sound(visitor, opened)


def test_a_click_on_a_cell_opens_its_customers(visitor, opened):
    cell = opened.locator(".st-key-cohorts-month-classic-rate-- , [class*='setia-figure-cohorts']").first
    cell.locator(".barlayer .point path").nth(30).click(force=True)
    opened.get_by_role("dialog").get_by_text(re.compile(r"\d+ customers?")).first.wait_for()
    sound(visitor, opened)


def test_the_next_purchase_answers_each_switch_and_opens_its_customers(visitor, opened):
    tab(opened, visitor, "next")
    segment(opened, visitor, T("nextbuy.days", n=90))
    option(opened, visitor, T("nextbuy.class"), T("nextbuy.class_2"))
    option(opened, visitor, T("nextbuy.which"), T("nextbuy.state.gone"))
    opened.get_by_role("button", name=re.compile(r"^Open the [\d,]+ customers$")).last.click()
    opened.get_by_role("dialog").get_by_text(T("nextbuy.state.gone")).first.wait_for()
    sound(visitor, opened)


def test_a_consultant_can_type_percentages(visitor, opened):
    tab(opened, visitor, "projection")
    field = opened.get_by_role("textbox", name=T("renewals.manual.shares"))
    field.fill("80; 70; 65; 62; 60")
    field.press("Enter")
    opened.get_by_text("After 10 terms").wait_for()
    sound(visitor, opened)
