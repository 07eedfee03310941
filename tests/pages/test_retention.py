"""The page Retention on a small real workspace."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.cohort_groups import ATTRIBUTES
from analytics.cohorts import VIEWS
from analytics.lifecycle import Windows
from analytics.renewals import TERMS
from analytics.scope import Scope
from data import workspaces
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui.cached import cohorts, next_purchase, people, renewals
from ui.cached.cohorts import Asked, CohortCell
from ui.cached.next_purchase import StateCell
from ui.cached.people import Wanted
from ui.cached.renewals import TermCell
from ui.components.cohort_switches import MEASURES
from ui.components.cohorts import shown

PAGE = "customers/retention.py"
YEAR = Scope(date(2026, 1, 1), date(2026, 11, 22))


def _said(app) -> str:
    said = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning]
    return " ".join(str(e.value) for e in said).replace("\\", "")


def _open_tab(app, name, lang="en"):
    app.session_state["retention.tabs"] = translator(lang)(f"retention.tab.{name}")
    return app.run()


@pytest.fixture
def key(at_home, small_workspace):
    return small_workspace.name, small_workspace.current().id, YEAR, Windows()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_two_rates_stand_side_by_side_under_their_own_names(open_page, lang):
    app, t = open_page(PAGE, lang=lang), translator(lang)
    assert app.title[0].value == t("retention.question")
    names = [t(f"kpi.{code}.name") for code in ("retention_rate", "churn", "repeat_rate")]
    assert [m.label.replace("\\", "") for m in app.metric][:3] == names
    assert t("retention.rates.apart") in _said(app)
    assert t("cohorts.note.immature") in _said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_window_without_sales_says_so_instead_of_failing(open_page, lang):
    assert not open_page(PAGE, lang=lang, d="2024-01-01_2024-01-02").metric


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_cell_of_the_triangle_opens_exactly_its_customers(key, view, unit):
    asked = Asked(unit, view, last=3, brackets=((0, 0), (1, 1), (2, 3)))
    cells = cohorts.triangle(*key, asked)
    assert len(cells)
    for row in cells.itertuples():
        wanted = Wanted(among=CohortCell(asked, row.cohort, row.period))
        assert people.count(*key, wanted) == row.customers


@pytest.mark.parametrize("by", ["first_channel", "region_code", "lifecycle"])
def test_a_cell_of_the_breakdown_opens_exactly_its_customers(key, by):
    asked = Asked("quarter", by=by, last=4)
    rows = shown(cohorts.triangle(*key, asked), asked)
    assert len(rows)
    for row in rows.itertuples():
        wanted = Wanted(among=CohortCell(asked, None, row.period, row.value))
        assert people.count(*key, wanted) == row.customers


@pytest.mark.parametrize("festival", ["hari_raya", "deepavali"])
def test_a_cell_of_a_festival_opens_exactly_its_customers(key, festival):
    asked = Asked("month", "unbounded", last=0, festival=festival)
    cells = cohorts.triangle(*key, asked)
    assert len(set(cells["cohort"])) >= 2
    for row in cells[cells["period"] < 4].itertuples():
        wanted = Wanted(among=CohortCell(asked, row.cohort, row.period))
        assert people.count(*key, wanted) == row.customers


def test_the_month_that_is_not_over_is_immature(key):
    cells = cohorts.triangle(*key, Asked())
    running = cells[
        [c.month + p == 11 and c.year == 2026 for c, p in zip(cells["cohort"], cells["period"], strict=True)]
    ]
    assert len(running)
    assert not running["mature"].any()


@pytest.mark.parametrize("unit", ["week", "month", "quarter", "year"])
@pytest.mark.parametrize("view", VIEWS)
def test_orders_and_marts_give_the_same_triangle(key, unit, view):
    workspace, snapshot, scope, windows = key
    slow = Scope(scope.start, scope.end, channels=("store", "web"))
    asked = Asked(unit, view, last=12)
    fast = cohorts.triangle(*key, asked)
    found = cohorts.triangle(workspace, snapshot, slow, windows, asked)
    pd.testing.assert_frame_equal(found, fast, check_dtype=False, check_exact=False)


def test_the_calculator_gives_the_reference_rate_and_refuses_the_impossible(open_page):
    app = _open_tab(open_page(PAGE, lang="en"), "calculators")
    for name, number in (("start", 2000), ("end", 2300), ("new", 500), ("won_back", 100)):
        app.number_input(key=f"retention.calculator.{name}").set_value(number)
    app.run()
    # start 2000, end 2300, of whom 500 new and 100 won back: 85%
    assert [m.value for m in app.metric][-3:-1] == ["85.0%", "15.0%"]
    app.number_input(key="retention.calculator.new").set_value(2290).run()
    assert translator("en")("retention.calculator.too_many_new") in _said(app)
    assert not app.exception


SWITCHES = (
    *(("button_group", "cohorts.unit", unit) for unit in ("week", "quarter", "year")),
    *(("button_group", "cohorts.view", view) for view in VIEWS[1:]),
    *(("selectbox", "cohorts.measure", measure) for measure in MEASURES[1:]),
    *(("selectbox", "cohorts.by", by) for by in ATTRIBUTES),
    ("selectbox", "cohorts.festival", "hari_raya"),
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_switch_of_the_triangle_draws(open_page, lang):
    app = open_page(PAGE, lang=lang)
    for kind, switch, value in SWITCHES:
        before = getattr(app, kind)(key=switch).value
        getattr(app, kind)(key=switch).set_value(value).run()
        assert not app.exception, (switch, value)
        assert not app.error, (switch, value)
        getattr(app, kind)(key=switch).set_value(before)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["curve", "value", "next", "periods", "projection", "calculators"])
def test_every_tab_draws(open_page, lang, name):
    app = _open_tab(open_page(PAGE, lang=lang), name, lang)
    assert not app.exception
    assert not app.error


def _subscription(app, workspace="kedai-ujian"):
    return app.button_group(key=f"renewals.mode.{workspace}").set_value("subscription").run()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["periods", "projection"])
def test_subscriptions_have_renewals_instead_of_a_lapse_window(open_page, small_workspace, lang, name):
    app, t = _subscription(open_page(PAGE, lang=lang), small_workspace.name), translator(lang)
    assert t("renewals.card.rate.name") in [m.label for m in app.metric]
    _open_tab(app, name, lang)
    if name == "periods":
        app.button_group(key=f"renewals.term.{small_workspace.name}").set_value("month").run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("term", TERMS)
def test_a_bar_of_the_renewals_opens_exactly_its_customers(key, term):
    found = renewals.by_term(*key, term)
    for row in found.tail(4).itertuples():
        assert people.count(*key, Wanted(among=TermCell(term, row.term, True))) == row.renewed
        assert people.count(*key, Wanted(among=TermCell(term, row.term, False))) == row.lost


def test_the_followed_cohort_begins_after_the_first_term_and_is_never_cut_short(key):
    found = renewals.stayed(*key, "quarter", 4)
    assert found.first == date(2024, 10, 1), "the data begin in the third quarter of 2024"
    assert found.last == date(2025, 7, 1), "four finished quarters later: the third of 2026"
    assert len(found.left) == 5
    assert list(found.left) == sorted(found.left, reverse=True)


@pytest.mark.parametrize("horizon", [90, 180, 365])
def test_a_bar_of_the_next_purchase_opens_exactly_its_customers(key, horizon):
    found = next_purchase.states(*key, horizon)
    assert found["customers"].sum() == people.count(*key, Wanted())
    for row in found.itertuples():
        wanted = Wanted(among=StateCell(row.state, horizon))
        assert people.count(*key, wanted) == row.customers
        assert len(next_purchase.all_windows(*key, horizon, row.state)) == row.customers


def test_gaps_of_the_marts_and_of_the_orders_make_the_same_curves(key):
    workspace, snapshot, scope, windows = key
    slow = Scope(scope.start, scope.end, channels=("store", "web"))
    fast, found = (
        next_purchase.rhythms(*key, 180),
        next_purchase.rhythms(workspace, snapshot, slow, windows, 180),
    )
    for code, rhythm in fast.items():
        assert (rhythm.curve.survival == found[code].curve.survival).all()
        assert rhythm.hiatus == found[code].hiatus


def test_a_window_lies_ahead_and_in_order(key):
    rows = next_purchase.all_windows(*key, 365, "due")
    assert len(rows)
    known = rows.dropna(subset=["from_day"])
    assert len(known)
    assert ((known["from_day"] > YEAR.end) & (known["from_day"] <= known["to_day"])).all()
    assert known["chance"].between(0, 1).all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_switches_of_the_next_purchase_draw(open_page, lang):
    app = _open_tab(open_page(PAGE, lang=lang), "next", lang)
    for kind, switch, value in (
        ("button_group", "nextbuy.horizon", 90),
        ("selectbox", "nextbuy.class", 2),
        ("selectbox", "nextbuy.state", "gone"),
        ("selectbox", "nextbuy.state", "early"),
    ):
        getattr(app, kind)(key=switch).set_value(value).run()
        assert not app.exception, (switch, value)
        assert not app.error, (switch, value)


def test_the_example_of_the_literature_stands_on_the_page(open_page):
    app = _open_tab(open_page(PAGE, lang="en"), "projection")
    assert "After 12 terms 37.8% are expected to be left" in _said(app)
    assert "alpha 0.668, beta 3.806" in _said(app)
    app.text_input(key="projection.shares").set_value("90 95").run()
    assert translator("en")("renewals.manual.wrong") in _said(app)


def test_brackets_that_cannot_be_read_are_said_and_the_usual_ones_stay(open_page):
    app = open_page(PAGE, lang="en")
    app.button_group(key="cohorts.view").set_value("bracket").run()
    app.text_input(key="cohorts.brackets").set_value("3, 1").run()
    assert "rising order" in _said(app)
    assert not app.exception


def test_a_button_opens_the_lapsed_customers(open_page):
    app = open_page(PAGE, lang="ms")
    app.button(key="retention.open.lapsed").click().run()
    assert not app.exception
    assert len(app.dataframe) >= 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_data_a_cohort_can_be_typed_in_and_projected(
    tmp_path, use_home, monkeypatch, open_page, lang
):
    workspaces.create(tmp_path, "kosong")
    use_home(tmp_path, monkeypatch)
    app, t = open_page(PAGE, lang=lang), translator(lang)
    assert app.title[0].value == t("retention.question")
    said = _said(app)
    assert t("renewals.manual.source") in said
    assert t.percent(0.378) in said  # year 12 of the published cohort: 37.8%
    assert t("kpi.retention_rate.name") in said
    app.text_input(key="projection.shares").set_value("90 81 73 66 60").run()
    assert not app.exception
    assert t("renewals.manual.source") not in _said(app)
