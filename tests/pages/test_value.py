"""The page Value: with data, without, and the numbers that must come out."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from analytics.lifecycle import Windows
from analytics.scope import Scope
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui.cached import value
from ui.text import plain

PAGE = "customers/value.py"
CALCULATOR = "value.calculator"
YEAR = Scope(date(2026, 1, 1), date(2026, 11, 22))


def _said(app: AppTest) -> str:
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning, *app.html]
    return " ".join(str(getattr(e, "value", None) or getattr(e, "body", "")) for e in shown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demo_adds_up_without_any_data(open_empty, lang):
    # 2,000 customers, 60 an order, 4 a year, margin 40%, retention 60%, discount 10%, 45 to win one:
    # 211.20, 4.7 times the cost; at 65% 234.67, 46,933 more over all (REFERENCE-NUMBERS of the house)
    app, t = open_empty(PAGE, lang=lang), translator(lang)
    assert app.title[0].value == t("value.question")
    said = _said(app)
    assert t.money(211.20, "MYR") in said
    assert t.number(4.7, 1) in said
    assert t.money(234.67, "MYR") in said
    assert t.money_short(46933.33, "MYR") in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_small_calculators_give_the_reference_numbers(open_empty, lang):
    app, t = open_empty(PAGE, lang=lang), translator(lang)
    app.button_group(key="value.view").set_value("small").run()
    # 100 a year, 90%, 10%: 550 with the first payment; 100 x 4 x 5 = 2000; CLV 500 at 500: 0; 700
    assert [m.value for m in app.metric] == [t.money(v, "MYR") for v in (550, 2000, 0, 700)]
    assert t("value.small.not_worth") in _said(app)
    app.button_group(key="value.small.first").set_value(False).run()
    assert app.metric[0].value == t.money(450, "MYR")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_data_the_fields_start_from_the_merchants_numbers(open_page, small_workspace, lang):
    app = open_page(PAGE, lang=lang, tab=CALCULATOR)
    found = value.inputs(
        small_workspace.name, small_workspace.current().id, YEAR, Windows(), date(2024, 9, 13)
    )
    assert app.number_input(key="value.average_order").value == round(found["average_order"].value, 2)
    assert app.number_input(key="value.retention").value == round(found["retention"].value * 100, 1)


def test_what_the_data_do_not_hold_is_a_dash_with_a_reason_and_an_example(open_page):
    app, t = open_page(PAGE, lang="en", tab=CALCULATOR), translator("en")
    # the small workspace knows no cost to win a customer
    assert [m.value for m in app.metric][5] == "–"
    assert t("value.source.missing", reason=t("kpi.reason.no_cost")) in _said(app)
    assert app.number_input(key="value.acquisition_cost").value == 45
    # and the big number says that it rests on one
    example = f"{t('demo.short.acquisition_cost')} {t.money(45, 'MYR')}"
    said = plain(t("value.examples", names=example), 400)
    assert said in _said(app)
    app.number_input(key="value.acquisition_cost").set_value(50.0).run()
    assert said not in _said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_window_leaves_the_calculators(open_page, lang):
    app = open_page(PAGE, lang=lang, d="2024-01-01_2024-01-02", tab=CALCULATOR)
    assert [m.value for m in app.metric][:3] == ["–", "–", "–"]
    assert app.number_input(key="value.average_order").value == 60


def test_typed_numbers_stay_when_the_language_changes(open_page):
    app = open_page(PAGE, lang="en", tab=CALCULATOR)
    app.number_input(key="value.retention").set_value(70.0).run()
    app.selectbox(key="setia.frame.language").set_value("ms").run()
    assert app.number_input(key="value.retention").value == 70.0


def test_points_never_lead_past_everybody(open_page):
    app = open_page(PAGE, lang="en", tab=CALCULATOR)
    app.number_input(key="value.retention").set_value(99.0).run()
    assert not app.exception
    assert not app.error
    app.number_input(key="value.retention").set_value(100.0)
    app.number_input(key="value.discount").set_value(0.0).run()
    assert translator("en")("value.no_end") in _said(app)


def test_a_programme_is_told_the_retention_that_pays_for_it(open_page):
    app = open_page(PAGE, lang="en", tab=CALCULATOR)
    app.number_input(key="value.programme").set_value(1000.0).run()
    assert "pays for itself once" in _said(app)


@pytest.mark.parametrize("dimension", value.DIMENSIONS)
def test_value_can_be_split_by_every_dimension(open_page, dimension):
    app = open_page(PAGE, lang="id", tab="value.history")
    app.button_group(key="value.past").set_value("by").run()
    app.selectbox(key="value.by.dimension").set_value(dimension).run()
    assert not app.exception
    assert not app.error
