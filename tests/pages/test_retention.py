"""The page Retention on a small real workspace."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics import cohorts
from analytics.lifecycle import Windows
from analytics.scope import Scope
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui.cached import people, retention
from ui.cached.people import Wanted

PAGE = "customers/retention.py"
YEAR = Scope(date(2026, 1, 1), date(2026, 11, 22))


def _said(app) -> str:
    return " ".join(
        str(e.value) for e in [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning]
    )


@pytest.fixture
def key(at_home, small_workspace):
    return small_workspace.name, small_workspace.current().id, YEAR, Windows()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_two_rates_stand_side_by_side_under_their_own_names(open_page, lang):
    app, t = open_page(PAGE, lang=lang), translator(lang)
    assert app.title[0].value == t("retention.question")
    assert [m.label for m in app.metric][:2] == [t("kpi.retention_rate.name"), t("kpi.repeat_rate.name")]
    assert t("retention.rates.apart") in _said(app)
    assert t("retention.triangle.note_immature") in _said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_window_without_sales_says_so_instead_of_failing(open_page, lang):
    assert not open_page(PAGE, lang=lang, d="2024-01-01_2024-01-02").metric


@pytest.mark.parametrize("view", cohorts.VIEWS)
def test_a_cell_of_the_triangle_opens_exactly_its_customers(key, view):
    cells = retention.triangle(*key, view, 6)
    for row in cells.itertuples():
        assert people.count(*key, Wanted(cell=(row.cohort, row.period, view))) == row.customers


def test_the_month_that_is_not_over_is_immature(key):
    cells = retention.triangle(*key, "classic", 12)
    running = cells[
        [c.month + p == 11 and c.year == 2026 for c, p in zip(cells["cohort"], cells["period"], strict=True)]
    ]
    assert len(running)
    assert not running["mature"].any()


def test_orders_and_the_month_mart_give_the_same_triangle(key):
    workspace, snapshot, scope, windows = key
    slow = Scope(scope.start, scope.end, channels=("store", "web"))
    fast = retention.triangle(*key, "unbounded", 12)
    found = retention.triangle(workspace, snapshot, slow, windows, "unbounded", 12)
    pd.testing.assert_frame_equal(found, fast, check_dtype=False, check_exact=False)


def test_the_calculator_gives_the_reference_rate_and_refuses_the_impossible(open_page):
    app = open_page(PAGE, lang="en")
    for name, number in (("start", 2000), ("end", 2300), ("new", 500), ("won_back", 100)):
        app.number_input(key=f"retention.calculator.{name}").set_value(number)
    app.run()
    # start 2000, end 2300, of whom 500 new and 100 won back: 85%
    assert [m.value for m in app.metric][-3:-1] == ["85.0%", "15.0%"]
    app.number_input(key="retention.calculator.new").set_value(2290).run()
    assert translator("en")("retention.calculator.too_many_new") in _said(app)
    assert not app.exception


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "switch",
    [("retention.view", "unbounded"), ("retention.measure", "revenue"), ("retention.unit", "number")],
)
def test_every_switch_of_the_triangle_draws(open_page, lang, switch):
    app = open_page(PAGE, lang=lang)
    app.button_group(key=switch[0]).set_value(switch[1]).run()
    assert not app.exception
    assert not app.error


def test_a_button_opens_the_lapsed_customers(open_page):
    app = open_page(PAGE, lang="ms")
    app.button(key="retention.open.lapsed").click().run()
    assert not app.exception
    assert len(app.dataframe) >= 1
