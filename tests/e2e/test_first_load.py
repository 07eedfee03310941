"""What a fresh server shows to somebody who opens a link, with no internet."""

from __future__ import annotations

import pytest

from i18n.translator import translator
from tests.e2e.conftest import servers
from ui.page_list import PAGES

SENTENCE = translator("en")("errors.sentence")


@pytest.fixture
def fresh_server(small_home, tmp_path_factory):
    """A server nobody has asked yet, stopped when the test is done."""
    with servers(tmp_path_factory) as start:
        yield start(small_home)


@pytest.fixture(scope="module")
def telephone(stay, server):
    """A session on a small screen that goes from page to page."""
    return stay(server, viewport={"width": 390, "height": 844})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_first_load_of_a_fresh_server_opens_the_page_that_was_asked_for(page, fresh_server, visit):
    visitor = visit(fresh_server)
    shown = visitor.open(page.url_path)
    assert shown.locator("[role=dialog]").count() == 0
    assert shown.locator("h1").first.inner_text().strip()
    assert SENTENCE not in shown.locator("body").inner_text()
    # The menu knows where we are, and the page has the frame's switches.
    assert shown.locator(".st-key-setia-corner").count() == 1
    assert shown.title().startswith(translator("en")(f"nav.{page.name}"))
    assert visitor.problems == []


@pytest.mark.parametrize("lang", ["ms", "id"])
def test_a_link_opens_in_its_language_and_keeps_it_from_page_to_page(visitor, lang):
    t = translator(lang)
    shown = visitor.open(f"about?lang={lang}")
    assert shown.locator("h1").inner_text() == t("about.question")
    assert shown.evaluate("document.documentElement.lang") == lang
    shown.get_by_role("link", name=t("nav.overview")).first.click()
    shown.wait_for_url("**/?*lang=" + lang + "*")
    visitor.settled()
    assert shown.locator("h1").inner_text() != t("about.question")


def test_filters_stay_when_the_page_changes_and_come_back_with_the_link(visitor, visit, server):
    shown = visitor.open("?lang=en")
    shown.get_by_text("All regions").click()
    shown.get_by_role("combobox", name="Region").click()
    shown.get_by_role("option", name="Selangor").click()
    shown.get_by_text("Region: Selangor").wait_for()
    address = shown.url.partition("?")[2]
    assert "Selangor" not in address
    assert "MY-10" not in address

    shown.keyboard.press("Escape")
    shown.keyboard.press("Escape")
    other = visit(server).open("?" + address)
    assert other.get_by_text("Region: Selangor").count() == 1

    other.get_by_text("Clear all").click()
    other.get_by_text("Region: Selangor").wait_for(state="detached")
    other.wait_for_url(lambda url: "&r=" not in url)


def test_choosing_a_filter_does_not_move_the_page(visitor):
    shown = visitor.open("?lang=en")
    before = shown.locator("h1").bounding_box()
    shown.get_by_text("All stores").click()
    shown.get_by_role("combobox", name="Store").click()
    shown.get_by_role("option", name="Gurney").click()
    shown.get_by_text("Store: Gurney").wait_for()
    visitor.settled()
    assert shown.locator("h1").bounding_box()["y"] == pytest.approx(before["y"], abs=1)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_wider_than_a_telephone(page, telephone):
    shown = telephone.open(f"{page.url_path}?lang=ms")
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390


def test_charts_follow_the_reader_from_light_to_dark(visitor):
    shown = visitor.open("about?lang=en")
    assert shown.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme") == "light"
    shown.get_by_test_id("stMainMenuButton").click()
    shown.locator("text=Dark").first.click()
    shown.wait_for_function("getComputedStyle(document.querySelector('.stApp')).colorScheme == 'dark'")
    assert visitor.problems == []
