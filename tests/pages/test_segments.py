"""The page Segments on a small real workspace."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analytics.lifecycle import Windows
from analytics.proxies import CODES
from analytics.rfm_grid import SEGMENTS, default_grid
from analytics.rfm_presets import preset
from analytics.scope import Scope
from data import rfm_grids, workspaces
from data.workspaces import Workspace
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui import downloads
from ui.cached import habits, overview, people, segments, strategy, windows
from ui.cached.people import Wanted
from ui.components import proxy_thresholds, segment_choice
from ui.components.rfm_editor import changes_of
from ui.filters import Filters

PAGE = "customers/segments.py"
LAST = date(2026, 11, 22)
YEAR = Scope(date(2026, 1, 1), LAST)
TABS = {
    "gold": "segments.pareto.gold",
    "ladder": "climbing.title",
    "migration": "migration.bands_title",
    "profile": "profile.explained",
    "proxies": "proxies.high_basket.name",
    "strategy": "strategy.todo",
}
EMPTY = "2024-01-01_2024-01-02"


def _said(app) -> str:
    return " ".join(str(e.value) for e in [*app.title, *app.subheader, *app.markdown, *app.caption])


def _filters(workspace: Workspace) -> Filters:
    snapshot = workspace.current()
    assert snapshot is not None
    return Filters(
        workspace.name, snapshot.id, "en", YEAR, None, None, Windows(), "MYR", date(2024, 9, 13), LAST, "MY"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_answers_its_question_in_every_language(open_page, lang):
    app, t = open_page(PAGE, lang=lang), translator(lang)
    assert app.title[0].value == t("segments.question")
    assert [m.label for m in app.metric][:4] == [
        t.code("lifecycle", c) for c in ("new", "active", "loyal", "lapsed")
    ]
    assert t("segments.todo.lapsed") in _said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_window_without_sales_says_so_instead_of_failing(open_page, lang):
    app = open_page(PAGE, lang=lang, d=EMPTY)
    assert not app.metric


def test_other_windows_change_the_groups_and_the_address(open_page):
    app = open_page(PAGE, lang="en")
    before = app.metric[3].value
    app.number_input(key="windows.lapse_days").set_value(30).run()
    assert not app.exception
    assert app.metric[3].value != before
    assert "30" in app.query_params["w"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_windows_follow_from_the_data_and_the_screen_says_from_which(open_page, small_workspace, lang):
    app, t = open_page(PAGE, lang=lang), translator(lang)
    found = windows.derived(small_workspace.name, small_workspace.current().id)
    assert found.reason is None
    assert app.session_state["setia.filters"].windows == found.windows
    said = _said(app).replace("\\", "")
    assert t("windows.basis", customers=t.number(found.customers), returned=t.number(found.returned),
             median=t.number(found.median_gap)) in said  # fmt: skip
    assert t.number(found.lapse_gap) in said


def test_windows_are_saved_for_the_workspace_and_given_back(
    open_page, tmp_path, use_home, monkeypatch, small_home
):
    shutil.copytree(small_home, tmp_path / "home")
    use_home(tmp_path / "home", monkeypatch)
    app = open_page(PAGE, lang="en")
    derived = app.session_state["setia.filters"].windows
    app.number_input(key="windows.lapse_days").set_value(33).run()
    app.button(key="windows.save").click().run()
    assert not app.exception
    assert app.session_state["setia.filters"].windows == replace(derived, lapse_days=33)
    kept = workspaces.open_workspace(tmp_path / "home", "Kedai Ujian").config
    assert (kept.lapse_days, kept.new_days) == (33, derived.new_days)
    app.button(key="windows.back").click().run()
    assert app.session_state["setia.filters"].windows == derived
    assert workspaces.open_workspace(tmp_path / "home", "Kedai Ujian").config.lapse_days is None


def test_a_button_opens_the_customers_and_the_file_has_the_rule_the_day_and_the_count(open_page):
    app = open_page(PAGE, lang="en")
    app.button(key="segments.open.lapsed").click().run()
    assert not app.exception
    w = app.session_state["setia.filters"].windows
    assert f"No order for {w.lapse_days} days or more" in _said(app)
    assert [frame for frame in app.dataframe if "Customer" in frame.value.columns]


def test_a_file_holds_the_chosen_columns_only_and_cannot_run(open_page, small_workspace):
    app = open_page(PAGE, lang="en")
    from ui.components.customer_list import file_of

    f = app.session_state["setia.filters"]
    rows = pd.DataFrame({"customer_id": ["=1+1", "+60123"], "revenue": [1.0, 2.0]})
    made = file_of(rows, f, translator("en"), "=rule", 2)
    assert list(made.columns) == ["Customer", "Revenue", "As of", "Rule", "Customers in the list"]
    text = downloads.csv_bytes(made).decode("utf-8-sig").splitlines()[1]
    assert text.startswith("'=1+1,1,2026-11-22,'=rule,2")


def test_what_a_message_costs_turns_into_a_break_even_not_a_guess(open_page):
    app = open_page(PAGE, lang="en")
    app.number_input(key="segments.message_cost").set_value(1.0).run()
    app.run()
    assert "Pays if" in _said(app)


@pytest.mark.parametrize("bins", [3, 4])
def test_the_grid_follows_the_number_of_scores(open_page, bins):
    app = open_page(PAGE, lang="en")
    app.button_group(key="rfm.bins").set_value(bins).run()
    assert not app.exception


def test_a_scheme_names_the_grid_and_it_is_saved_loaded_and_taken_back(
    open_page, tmp_path, use_home, monkeypatch, small_home
):
    shutil.copytree(small_home, tmp_path / "home")
    use_home(tmp_path / "home", monkeypatch)
    app = open_page(PAGE, lang="en", d="all")
    app.selectbox(key="rfm.preset").set_value("eight_types").run()
    app.button(key="rfm.preset.use").click().run()
    f = app.session_state["setia.filters"]
    names = preset("eight_types").names
    moved = app.session_state[f"rfm.names.{f.workspace}.5"]
    assert {**default_grid().names, **moved} == dict(names)
    app.text_input(key="rfm.title").set_value("Our grid").run()
    app.button(key="rfm.save").click().run()
    app.button(key="rfm.rename.reset").click().run()
    assert not app.session_state[f"rfm.names.{f.workspace}.5"]
    app.button(key="rfm.load").click().run()
    assert {**default_grid().names, **app.session_state[f"rfm.names.{f.workspace}.5"]} == dict(names)
    app.button(key="rfm.delete").click().run()
    assert not app.exception
    assert not rfm_grids.saved(workspaces.open_workspace(tmp_path / "home", "Kedai Ujian"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_edited_cell_is_read_as_its_triple_and_code(lang):
    t = translator(lang)
    words = [t.code("rfm_segment", code) for code in SEGMENTS]
    assert len(set(words)) == len(SEGMENTS)
    found = changes_of({0: {"F1": words[0]}, 4: {"F5": words[-1]}}, 5, 3, t)
    assert found == {(5, 1, 3): "champions", (1, 5, 3): "lost"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TABS)
def test_every_tab_opens_in_every_language(open_page, lang, name):
    app, t = open_page(PAGE, lang=lang), translator(lang)
    app.session_state["segments.tabs"] = t(f"segments.tab.{name}")
    app.run()
    assert not app.exception
    assert not app.error
    assert t(TABS[name]) in _said(app)


def test_days_the_wrong_way_round_are_said_not_shown(open_page):
    app = open_page(PAGE, lang="en", d="last_90_days")
    app.session_state["segments.tabs"] = translator("en")("segments.tab.migration")
    app.run()
    first = next(w for w in app.date_input if w.key.startswith("migration.first"))
    first.set_value(LAST).run()
    assert [w.value for w in app.warning] == [translator("en")("migration.wrong")]


def test_a_band_and_a_whole_group_open_by_choice(open_page):
    app, t = open_page(PAGE, lang="en", d="last_90_days"), translator("en")
    app.session_state["segments.tabs"] = t("segments.tab.migration")
    app.run()
    assert app.button(key="migration.band.open").disabled
    app.selectbox(key="migration.band.target.lifecycle").set_value("lapsed").run()
    name = app.button(key="migration.band.open").label
    app.button(key="migration.band.open").click().run()
    assert not app.exception
    wanted = "".join(c for c in name if c.isdigit())
    assert any(m.value.startswith(f"**{wanted} customers**") for m in app.markdown)


@pytest.mark.parametrize("code", segment_choice.ALL)
def test_every_group_can_be_profiled(at_home, small_workspace, code):
    f = _filters(small_workspace)
    found = segment_choice.pick(code, f, translator("en"))
    rows = habits.compared(*f.key, f.windows, found.wanted)
    assert found.word
    assert found.rule
    if people.count(*f.key, f.windows, found.wanted):
        assert set(rows["verdict"]) <= {"more", "less", "chance", "few"}
        shares = rows[rows["dimension"] == "channel"]
        assert shares.empty or shares["share"].sum() == pytest.approx(1)


def test_ways_of_buying_open_as_many_customers_as_they_say(at_home, small_workspace):
    f = _filters(small_workspace)
    usual = habits.usual(*f.key, f.windows)
    at = proxy_thresholds.thresholds(f, usual)
    sizes = habits.proxy_sizes(*f.key, f.windows, at)
    assert at.basket <= usual.basket
    for code in CODES:
        wanted = segment_choice.pick(f"proxy.{code}", f, translator("en")).wanted
        assert people.count(*f.key, f.windows, wanted) == sizes[code]["customers"]
    assert sizes["everyone"]["customers"] == people.count(*f.key, f.windows, Wanted())


def test_other_thresholds_change_the_definition_and_the_count(open_page):
    app, t = open_page(PAGE, lang="en"), translator("en")
    app.session_state["segments.tabs"] = t("segments.tab.proxies")
    app.run()
    app.number_input(key="proxies.units").set_value(50.0).run()
    assert not app.exception
    assert "50 units an order" in _said(app).replace("\\", "")
    app.button(key="proxies.reset").click().run()
    assert "50 units an order" not in _said(app).replace("\\", "")


def test_another_group_is_profiled_when_it_is_chosen(open_page):
    app, t = open_page(PAGE, lang="en", d="all"), translator("en")
    app.session_state["segments.tabs"] = t("segments.tab.profile")
    app.run()
    app.selectbox(key="profile.segment").set_value("lifecycle.lapsed").run()
    assert not app.exception
    assert "No order for" in _said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", segment_choice.ALL)
def test_every_group_has_a_strategy_and_everybody_one_reason(at_home, small_workspace, lang, code):
    f, t = _filters(small_workspace), translator(lang)
    name = code.replace(".", "_")
    assert t(f"strategy.do.{name}")
    assert t(f"strategy.with.{name}")
    wanted = segment_choice.pick(code, f, t).wanted
    found = strategy.obstacles(*f.key, f.windows, wanted)
    assert found["customers"].sum() == people.count(*f.key, f.windows, wanted)
    reachable = Wanted(history=wanted.history, among=strategy.Reachable(wanted))
    assert people.count(*f.key, f.windows, reachable) == found.loc["reachable", "customers"]


def test_a_response_is_the_merchant_s_own_with_its_interval_or_not_given(open_page):
    app, t = open_page(PAGE, lang="en"), translator("en")
    app.session_state["segments.tabs"] = t("segments.tab.strategy")
    app.run()
    assert t("strategy.not_measured") in _said(app)
    app.number_input(key="strategy.own.lifecycle.lapsed.sent").set_value(400).run()
    app.number_input(key="strategy.own.lifecycle.lapsed.ordered").set_value(12).run()
    said = _said(app).replace("\\", "")
    assert t("strategy.not_measured") not in said
    assert "3.0% ordered (12 of 400; 95% interval 1.7% to 5.2%)" in said
    app.number_input(key="strategy.own.lifecycle.lapsed.ordered").set_value(500).run()
    assert [w.value for w in app.warning] == [t("strategy.impossible")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_how_much_revenue_has_no_customer(open_page, small_workspace, lang):
    sold = pd.read_parquet(small_workspace.current().folder("orders"))
    sold = sold[(pd.to_datetime(sold["day"]) >= "2026-01-01") & (sold["kind"] != "internal")]
    revenue, known = (
        float(sold["amount"].sum()),
        float(sold.loc[sold["customer_key"].notna(), "amount"].sum()),
    )
    t = translator(lang)
    said = _said(open_page(PAGE, lang=lang, d="2026-01-01_2026-11-22")).replace("\\", "")
    amounts = {"known": t.money_short(known, "MYR"), "revenue": t.money_short(revenue, "MYR")}
    days = t.dates(date(2026, 1, 1), LAST)
    assert t("page.known_sales", share=t.percent(known / revenue), dates=days, **amounts) in said
    groups = segments.sizes(small_workspace.name, small_workspace.current().id, YEAR, Windows())
    assert groups["revenue"].sum() == pytest.approx(known)


def test_the_page_is_silent_where_nearly_every_sale_has_a_customer(monkeypatch, open_page):
    monkeypatch.setattr(overview, "known_revenue", lambda *_: (96.0, 100.0))
    assert "known brought" not in _said(open_page(PAGE, lang="en"))
