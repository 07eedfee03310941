"""The forecast on the page Value: in three languages, kept, honest below its gate, under filters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics import best_group, outlook
from analytics.best_group import LEAST
from analytics.lifecycle import Windows
from analytics.scope import Scope
from data import workspaces
from i18n.numbers import DASH, LANGUAGES
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from ui.cached import forecast as cached
from ui.cached import people, segments
from ui.cached.forecast import Asked
from ui.cached.windows import of_workspace
from ui.choice import key_of

PAGE = "customers/value.py"
SHELL = Path(__file__).resolve().parents[2] / "ui" / "shell.py"
TABS = ("who", "cost", "backtest", "history", "calculator")


@pytest.fixture(scope="module")
def large_home(tmp_path_factory):
    """900 customers: enough for a model."""
    home = tmp_path_factory.mktemp("large-home")
    build_workspace(home, "Besar", small_tables(900, 900))
    return home


@pytest.fixture
def open_value(large_home, use_home, monkeypatch):
    use_home(large_home, monkeypatch)

    def opened(lang: str = "en", tab: str = "", **address: str) -> AppTest:
        app = AppTest.from_file(str(SHELL), default_timeout=120)
        app.query_params["lang"] = lang
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        if tab:
            app.session_state["value.tabs"] = translator(lang)(f"value.tab.{tab}")
        app.switch_page(f"../pages/{PAGE}")
        app.run()
        assert not app.exception
        assert not app.error
        return app

    return opened


def said(app: AppTest) -> str:
    return " ".join(str(e.value) for e in (*app.title, *app.subheader, *app.markdown, *app.caption))


def amount(written: str) -> float:
    """A card's money as a number; cards are Markdown."""
    return float(written.replace("\\", "").removeprefix("RM").replace(",", ""))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_draws_in_every_language(open_value, lang, tab):
    app, t = open_value(lang, tab), translator(lang)
    assert app.title[0].value == t("value.question")
    assert t("forecast.trust") in said(app)
    assert len(app.metric) >= 5


def test_a_forecast_is_computed_once_and_read_from_disk(open_value, large_home, monkeypatch):
    open_value()
    workspace = workspaces.open_workspace(large_home, "Besar")
    snapshot = workspace.current().id
    found = cached.saved("besar", snapshot, Asked())
    assert found is not None
    assert found.model in {"pareto_nbd", "mbg_nbd", "bg_nbd"}

    def never(*args, **kwargs):
        raise AssertionError("computed again")

    monkeypatch.setattr(cached, "compute", never)
    open_value("ms")


def test_another_horizon_is_another_forecast(open_value):
    app = open_value()
    first = app.metric[0].value
    app.selectbox(key="forecast.months").set_value(36).run()
    assert not app.exception
    app.run()
    assert app.metric[0].value != first
    assert "36" in app.metric[0].label


def test_a_cost_to_serve_lowers_the_value(open_value):
    app = open_value()
    before = app.metric[1].value
    app.number_input(key="forecast.service").set_value(5.0).run()
    app.run()
    after = app.metric[1].value
    assert amount(after) < amount(before)


def test_a_region_shows_its_own_customers_only(open_value):
    everyone = open_value()
    some = open_value(r=key_of("regions", "MY-10"))
    count = [metric.delta for metric in (everyone.metric[1], some.metric[1])]
    assert count[0] != count[1]


def test_below_the_gate_the_page_says_what_is_missing_and_still_helps(open_page):
    app, t = open_page(PAGE, lang="en"), translator("en")
    text = said(app)
    assert t("forecast.word.do_not_use") in text
    assert "of 300" in text
    assert t("forecast.simple.title") in text
    assert any(metric.label == t("value.big") for metric in app.metric)


def test_a_page_with_money_never_mixes_the_scores_of_two_workspaces(open_value, large_home):
    other = build_workspace(large_home, "Lain", small_tables(900, 900, seed=8))
    try:
        first = open_value(ws="besar").metric[0].value
        second = open_value(ws="lain").metric[0].value
        assert first != second
    finally:
        workspaces.delete(other)


def _questions(app: AppTest) -> str:
    app.button_group(key="value.view").set_value("questions").run()
    assert not app.exception
    return said(app).replace("\\", "")


def test_the_four_questions_name_groups_by_the_forecast_and_say_so(open_value, large_home):
    t = translator("en")
    text = _questions(open_value(tab="calculator"))
    workspace = workspaces.open_workspace(large_home, "Besar")
    made = cached.saved("besar", workspace.current().id, Asked())
    assert made.usable
    assert t("whatif.foreseen.note", word=t(f"forecast.word.{made.verdict.word}").lower()) in text
    assert "The best 20% by forecast are" in text
    assert "(300 needed)" in text
    assert "(95%: RM" in text
    assert text.count(t("whatif.foreseen.basis_forecast")) >= 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_questions_name_a_channel_only_where_one_is_surely_the_best(open_value, large_home, lang):
    text, t = _questions(open_value(lang, tab="calculator")), translator(lang)
    workspace = workspaces.open_workspace(large_home, "Besar")
    snapshot = workspace.current().id
    day = cached.saved("besar", snapshot, Asked()).as_of
    scope, windows = Scope(day.replace(month=1, day=1), day), Windows()
    scores = cached.valued("besar", snapshot, scope, windows, Asked(), 0.0).to_pandas()
    summary = people.summary("besar", snapshot).to_pandas()[["customer_key", "main_category"]]
    worth = scores.merge(summary, on="customer_key").groupby("main_category")["value"].agg(["mean", "size"])
    worth = worth[worth["size"] >= LEAST]
    found = cached.by("besar", snapshot, scope, windows, Asked(), 0.0, "main_category")
    best = best_group.best([outlook.seen(row, whole=False) for _, row in found.iterrows()])
    assert len(best.compared) == len(worth)
    kept = worth if best.verdict != "several" else worth.loc[[each.name for each in best.contenders]]
    named = [kept["mean"].min(), kept["mean"].max()] if best.verdict != "named" else [kept["mean"].max()]
    for mean in named:
        assert t.money(mean, "MYR") in text
    assert t("whatif.questions.luck", needed=t.percent(0.9, 0)) in text


def test_below_the_gate_the_four_questions_fall_back_to_the_past_and_say_why(open_page):
    t = translator("en")
    text = _questions(open_page(PAGE, lang="en", tab="value.calculator"))
    assert t("whatif.foreseen.not_trusted", why="A forecast needs more history").rstrip(".") in text
    assert t("whatif.questions.from_data") in text
    assert "by forecast" not in text


def _counted_by_pandas(snapshot: str, end: date, windows: Windows) -> tuple[pd.Series, pd.Series]:
    """The groups of everybody whom Segments counts (no staff), and of those who are in the forecast."""
    everybody = people.summary("besar", snapshot).to_pandas()
    everybody = everybody[(everybody["orders"] > 0) & (everybody["kind"] != "internal")]
    assigned = people.assigned("besar", snapshot, end, windows).to_pandas()
    known = everybody.merge(assigned[["customer_key", "lifecycle"]], on="customer_key")
    return known.groupby("lifecycle").size(), known[known["kind"] == "external"].groupby("lifecycle").size()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_whom_segments_counts_beside_the_forecast(open_value, large_home, lang):
    workspace = workspaces.open_workspace(large_home, "Besar")
    snapshot = workspace.current().id
    text, t = said(open_value(lang)), translator(lang)
    windows = of_workspace(workspace.config, "besar", snapshot)
    made = cached.saved("besar", snapshot, Asked())
    scope = Scope(made.as_of.replace(month=1, day=1), made.as_of)
    there, here = _counted_by_pandas(snapshot, made.as_of, windows)
    sizes = segments.sizes("besar", snapshot, scope, windows).set_index("lifecycle")["customers"]
    split = cached.by("besar", snapshot, scope, windows, Asked(), 0.0, "lifecycle")
    split = split.set_index("value_of")["customers"]
    assert {code: n for code, n in sizes.items() if n} == there.to_dict()
    assert split.to_dict() == here.to_dict()
    apart = (there - here.reindex(there.index, fill_value=0)).loc[lambda n: n > 0]
    assert apart.sum() > 0
    for code, n in apart.items():
        assert f"{t.code('lifecycle', code).lower()} {t.number(int(n))}" in text
    who = f"{t.code('kind', 'reseller').lower()} {t.number(int(apart.sum()))} ("
    assert who in text
    everyone = people.summary("besar", snapshot).to_pandas()
    everyone = everyone[everyone["orders"] > 0]
    assert t("page.staff", n=t.number(int((everyone["kind"] == "internal").sum()))) in text
    assert len(everyone) == there.sum() + (everyone["kind"] == "internal").sum()


def test_what_a_customer_brought_is_of_the_customers_of_the_forecast(open_value, large_home):
    snapshot = workspaces.open_workspace(large_home, "Besar").current().id
    everyone = people.summary("besar", snapshot).to_pandas()
    mine = everyone[(everyone["orders"] > 0) & (everyone["kind"] == "external")]
    shown = open_value().metric[2]
    assert amount(shown.value) == pytest.approx(mine["margin"].sum() / len(mine), abs=0.006)
    assert amount(shown.value) != pytest.approx(everyone[everyone["orders"] > 0]["margin"].mean(), abs=0.006)


def test_days_that_end_before_the_data_are_said_beside_the_forecast(open_value, large_home):
    snapshot = workspaces.open_workspace(large_home, "Besar").current().id
    t, everyone = translator("en"), people.summary("besar", snapshot).to_pandas()
    end, made = date(2026, 6, 30), cached.saved("besar", snapshot, Asked())
    bought = everyone[(everyone["orders"] > 0) & (everyone["kind"] == "external")]
    later = int((pd.to_datetime(bought["first_day"]) > pd.Timestamp(end)).sum())
    assert later > 0
    text = said(open_value(d="2026-01-01_2026-06-30"))
    assert t("forecast.later", n=t.number(later), end=t.date(end), as_of=t.date(made.as_of)) in text


def test_resellers_alone_have_no_forecast_and_the_page_says_why(open_value):
    app, t = open_value(k=key_of("kinds", "reseller")), translator("en")
    assert t("people.none") in said(app)
    assert f"{t.code('kind', 'reseller').lower()} " in said(app)
    assert [app.metric[place].value for place in (1, 2, 3)] == [DASH] * 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_brought_so_far_says_whom_it_holds_beside_the_forecast(open_value, large_home, lang):
    everyone = people.summary(
        "besar", workspaces.open_workspace(large_home, "Besar").current().id
    ).to_pandas()
    resellers = int(((everyone["orders"] > 0) & (everyone["kind"] == "reseller")).sum())
    text, t = said(open_value(lang, "history")), translator(lang)
    start = t("value.history.too", who=f"{t.code('kind', 'reseller').lower()} {t.number(resellers)} (§")
    assert start.split("§")[0] in text
