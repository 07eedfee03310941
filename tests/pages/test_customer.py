"""One customer's page: found by number, told in three languages, never in the address."""

from __future__ import annotations

import pytest

from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui.cached import customer

PAGE = "customers/customer.py"


def said(app):
    return " ".join(str(e.value) for e in (*app.title, *app.markdown, *app.caption, *app.warning))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", ["history", "place"])
def test_the_page_begins_with_the_best_customer(open_page, lang, tab):
    app, t = open_page(PAGE, lang=lang, tab=f"customer.{tab}"), translator(lang)
    assert app.title[0].value == t("customer.question")
    assert t("customer.start") in said(app)
    assert app.metric[0].value != "–"


def test_a_number_opens_its_customer_and_stays_out_of_the_address(open_page):
    app = open_page(PAGE, lang="en")
    app.text_input(key="customer.search").set_value("c0042").run()
    assert not app.exception
    assert "C0042" in said(app)
    assert translator("en")("customer.start") not in said(app)
    assert not any("0042" in str(value) for value in dict(app.query_params).values())


def test_a_part_of_a_number_offers_those_that_fit(open_page):
    app = open_page(PAGE, lang="en")
    app.text_input(key="customer.search").set_value("C004").run()
    assert len(app.selectbox[-1].options) == 10
    assert all("C004" in option for option in app.selectbox[-1].options)


@pytest.mark.parametrize(
    "typed", ["+6012 000 0042", "012-0000042", " 0120000042 ", "C42@Example.com", "customer 42"]
)
def test_a_telephone_an_address_or_a_name_opens_its_customer(open_page, typed):
    app = open_page(PAGE, lang="en")
    app.text_input(key="customer.search").set_value(typed).run()
    assert not app.warning
    assert "C0042" in said(app)
    assert not any("42" in str(value) for value in dict(app.query_params).values())


@pytest.mark.parametrize(
    ("typed", "country", "digits"),
    [
        ("+60 12-345 6789", "MY", "123456789"),
        ("012-3456789", "MY", "123456789"),
        ("+62 812 3456 7890", "ID", "81234567890"),
        ("0812-3456-7890", "ID", "81234567890"),
        ("+65 9123 4567", "MY", "91234567"),
        ("siti", "MY", ""),
    ],
)
def test_a_telephone_is_found_with_and_without_its_country(typed, country, digits):
    """What a file holds may have the prefix, a leading zero, or neither."""
    assert customer._national(typed, country) == digits
    assert not digits or all(held.endswith(digits) for held in (f"60{digits}", f"0{digits}", digits))


def test_a_name_that_many_have_offers_them_by_name(open_page):
    app = open_page(PAGE, lang="en")
    app.text_input(key="customer.search").set_value("tomer 4").run()
    offered = app.selectbox[-1].options
    assert len(offered) == 10
    assert all("Customer 4" in option and "C00" in option for option in offered)


@pytest.mark.parametrize("typed", ["xy", "000004", "c42@example"])
def test_too_little_of_a_telephone_or_an_address_finds_nobody(open_page, typed):
    app = open_page(PAGE, lang="en")
    app.text_input(key="customer.search").set_value(typed).run()
    assert [each.value for each in app.warning] == [translator("en")("customer.none")]


@pytest.mark.parametrize(
    "typed", ["no such", "%", "'; DROP TABLE x; --", "<script>", "![x](http://x)", "a\x00b"]
)
def test_an_unknown_or_hostile_number_is_one_sentence(open_page, typed):
    app = open_page(PAGE, lang="en")
    app.text_input(key="customer.search").set_value(typed).run()
    assert not app.exception
    assert not app.error
    assert [each.value for each in app.warning] == [translator("en")("customer.none")]


def test_without_a_usable_forecast_there_is_a_dash_with_its_reason(open_page):
    app, t = open_page(PAGE, lang="en"), translator("en")
    cards = {metric.label.replace("\\", ""): metric for metric in app.metric}
    expected = cards[t("customer.card.expected", months="12")]
    assert expected.value == "–"
    assert t("customer.no_forecast") in expected.delta.replace("\\", "")
