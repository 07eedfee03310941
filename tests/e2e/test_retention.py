"""The page Retention in a real browser: every tab, every switch, a cell that opens its customers."""

from __future__ import annotations

import re

import pytest

from i18n.translator import translator

T = translator("en")


@pytest.fixture
def opened(visitor):
    return visitor.open("retention?lang=en")


def test_every_tab_opens_in_both_modes(visitor, opened):
    shop = ("curve", "value", "next", "periods", "projection", "calculators")
    for mode, names in (("shop", shop), ("subscription", ("periods", "projection"))):
        visitor.press(T(f"renewals.mode.{mode}"))
        for name in names:
            visitor.tab(T(f"retention.tab.{name}"))
            visitor.sound()
    opened.get_by_text(T("renewals.card.rate.name")).first.wait_for()


def test_every_switch_of_the_cohorts_draws(visitor, opened):
    for unit in ("week", "year", "month"):
        visitor.press(T(f"cohorts.unit.{unit}"))
    for view in ("unbounded", "bracket", "classic"):
        visitor.press(T(f"cohorts.view.{view}"))
    visitor.option(T("cohorts.measure.label"), T("cohorts.measure.value_per_customer"))
    opened.get_by_text(T("cohorts.note.cost_missing")).first.wait_for()
    opened.get_by_text(T("cohorts.more")).click()
    visitor.option(T("cohorts.last.label"), T("cohorts.last.month", n=24))
    visitor.option(T("cohorts.by.label"), T("cohorts.by.first_channel"))
    visitor.option(T("cohorts.festival.label"), T("cohorts.festival.hari_raya"))
    opened.get_by_text(T("cohorts.axis.festive_month", festival="Hari Raya")).first.wait_for()
    visitor.sound()


def test_a_click_on_a_cell_opens_its_customers(visitor, opened):
    cell = opened.locator(".st-key-cohorts-month-classic-rate-- , [class*='setia-figure-cohorts']").first
    cell.locator(".barlayer .point path").nth(30).click(force=True)
    opened.get_by_role("dialog").get_by_text(re.compile(r"\d+ customers?")).first.wait_for()
    visitor.sound()


def test_the_next_purchase_answers_each_switch_and_opens_its_customers(visitor, opened):
    visitor.tab(T("retention.tab.next"))
    visitor.press(T("nextbuy.days", n=90))
    visitor.option(T("nextbuy.class"), T("nextbuy.class_2"))
    visitor.option(T("nextbuy.which"), T("nextbuy.state.gone"))
    opened.get_by_role("button", name=re.compile(r"^Open the [\d,]+ customers$")).last.click()
    opened.get_by_role("dialog").get_by_text(T("nextbuy.state.gone")).first.wait_for()
    visitor.sound()


def test_a_consultant_can_type_percentages(visitor, opened):
    visitor.tab(T("retention.tab.projection"))
    field = opened.get_by_role("textbox", name=T("renewals.manual.shares"))
    field.fill("80; 70; 65; 62; 60")
    field.press("Enter")
    opened.get_by_text("After 10 terms").wait_for()
    visitor.sound()
