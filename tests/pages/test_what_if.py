"""The tornado and the four questions on the page Value, with data and without."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from data import workspaces
from data.workspaces import Config
from i18n.numbers import LANGUAGES
from i18n.translator import translator

PAGE = "customers/value.py"
CALCULATOR = "value.calculator"


def said(app: AppTest) -> str:
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning, *app.html]
    return " ".join(str(getattr(e, "value", None) or getattr(e, "body", "")) for e in shown).replace("\\", "")


def questions(app: AppTest) -> AppTest:
    return app.button_group(key="value.view").set_value("questions").run()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_four_questions_are_answered_from_the_inputs_without_data(open_empty, lang):
    app, t = questions(open_empty(PAGE, lang=lang)), translator(lang)
    text = said(app)
    # less than 211.20 to win one; 52.80 for one more order; 9.60 a year to keep; 24.00 an order
    for who, amount in (("marketing", 211.20), ("product", 52.80), ("support", 9.60), ("sales", 24.00)):
        assert t(f"whatif.{who}.ask") in text
        assert t(f"whatif.{who}.answer", amount=t.money(amount, "MYR")) in text
    assert t("whatif.questions.without_data") in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_tornado_says_what_moves_the_total_most(open_empty, lang):
    app, t = open_empty(PAGE, lang=lang), translator(lang)
    assert f". {t('whatif.lever.margin_rate')} " in said(app)
    assert t.money_short(332_400, "MYR") in said(app)  # 2,000 x (211.20 - 45)


def test_a_wider_range_makes_another_lever_the_first(open_empty):
    app, t = open_empty(PAGE, lang="en"), translator("en")
    assert f"{t('whatif.lever.margin_rate')} moves that most" in said(app)  # 5 of 40 points: 12.5%
    app.number_input(key="whatif.acquisition_cost").set_value(45.0).run()
    assert f"{t('whatif.lever.acquisition_cost')} moves that most" in said(app)
    assert "+RM90K to -RM90K" in said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_data_the_answers_name_groups_of_the_merchant(open_page, lang):
    app, t = questions(open_page(PAGE, lang=lang, tab=CALCULATOR)), translator(lang)
    text = said(app)
    assert t("whatif.questions.from_data") in text
    assert t("whatif.questions.without_data") not in text


def test_an_empty_window_answers_from_the_inputs(open_page):
    app = questions(open_page(PAGE, lang="en", d="2024-01-01_2024-01-02", tab=CALCULATOR))
    assert translator("en")("whatif.marketing.ask") in said(app)


def test_a_value_without_end_is_refused_in_words(open_page):
    app = open_page(PAGE, lang="ms", tab=CALCULATOR)
    app.number_input(key="value.retention").set_value(100.0)
    app.number_input(key="value.discount").set_value(0.0).run()
    assert not app.exception
    assert translator("ms")("whatif.no_end") in said(app)


def test_without_data_money_is_of_the_workspace(open_empty, tmp_path):
    workspaces.create(tmp_path, "toko", Config(country="ID", currency="IDR"))
    text = said(open_empty(PAGE, lang="id", ws="toko"))
    assert translator("id").money_short(332_400_000, "IDR") in text  # a thousand times the example in ringgit
    assert "RM" not in text
