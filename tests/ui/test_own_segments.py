"""Own segments: chosen like any other group, and told by the workspace's own windows and grid."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.customers import Selection
from analytics.lifecycle import Windows
from analytics.rfm_presets import preset
from analytics.rules import Condition, Group, to_dict
from analytics.rules.templates import TEMPLATES, for_grid
from analytics.scope import Scope
from data import audiences as store
from data import rfm_grids, workspaces
from data.audiences import Audience
from data.engines import Tables
from data.rfm_grids import SavedGrid
from data.workspaces import Workspace
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui.cached import audiences, habits, people, scoring, strategy
from ui.cached.people import SCORING, Scoring, Wanted
from ui.components import segment_choice
from ui.filters import Filters

SHELL = Path(__file__).resolve().parents[2] / "ui" / "shell.py"

LAST = date(2026, 11, 22)
FIRST = date(2024, 9, 13)
YEAR = Scope(date(2026, 1, 1), LAST)
BEST = Group("all", (Condition("rfm_segment", "one_of", ("champions",)),))
OFTEN = Group("all", (Condition("orders", "at_least", 4),))


@pytest.fixture
def shop(small_home, tmp_path, monkeypatch, use_home) -> Workspace:
    """A copy of the small workspace that may be changed."""
    shutil.copytree(small_home / "workspaces", tmp_path / "workspaces")
    use_home(tmp_path, monkeypatch)
    return workspaces.open_workspace(tmp_path, "Kedai Ujian")


def _keep(shop: Workspace, name: str, rule: Group) -> Audience:
    return store.save_rule(shop, name, to_dict(rule), words="", count=0, days=(LAST, LAST))


def _use(shop: Workspace, code: str, bins: int, **cutoffs: tuple[float, ...]) -> None:
    grid = SavedGrid("Ours", bins, preset(code, bins).names, cutoffs)
    rfm_grids.use(shop, rfm_grids.save(shop, grid))


def _whom(shop: Workspace, rule: Group) -> set[str]:
    snapshot = shop.current().id
    return set(audiences.Members(rule).profiles(shop.name, snapshot, ()).to_pandas()["customer_id"])


def _on_the_grid(shop: Workspace, code: str, found: Scoring) -> set[str]:
    """The same customers by the way the page Segments takes: from the cells of its grid."""
    wanted = Wanted(Selection(rfm_segments=(code,)), scoring=found)
    every_day = Scope(FIRST, LAST)
    windows = audiences.yardstick(shop.name, shop.current().id).windows
    rows = people.whole_list(shop.name, shop.current().id, every_day, windows, wanted, ["customer_id"])
    return set(rows["customer_id"])


@pytest.mark.parametrize(("code", "bins"), [("eight_types", 5), ("rfm_r", 5), ("setia", 3)])
def test_a_rule_about_rfm_names_the_customers_of_the_workspace_s_grid(shop, code, bins):
    own = _whom(shop, BEST)
    assert own == _on_the_grid(shop, "champions", SCORING)
    _use(shop, code, bins)
    found = scoring.of_workspace(shop.name)
    assert found.bins == bins
    assert dict(found.grid.names) == dict(preset(code, bins).names)
    assert _whom(shop, BEST) == _on_the_grid(shop, "champions", found) != own


def test_fixed_cut_offs_of_the_workspace_score_its_rules(shop):
    cutoffs = {"recency_days": (30, 90), "frequency": (1, 3), "monetary_value": (100.0, 500.0)}
    _use(shop, "setia", 3, **cutoffs)
    summary = Tables(shop.current()).table("customer_summary").to_pyarrow().to_pandas()
    bought = summary[(summary["orders"] > 3) & (summary["kind"] != "internal")]
    assert _whom(shop, Group("all", (Condition("f", "equals", 3),))) == set(bought["customer_id"])


def test_another_grid_is_another_key_so_no_answer_outlives_it(shop):
    snapshot, kept = shop.current().id, _keep(shop, "Best", BEST)
    code, by = (
        audiences.code_of(shop, snapshot, (kept.id,)),
        audiences.yardstick(shop.name, snapshot),
    )
    before = audiences.counts(shop.name, snapshot, BEST, by)["customers"]
    _use(shop, "eight_types", 5)
    after = audiences.yardstick(shop.name, snapshot)
    assert audiences.code_of(shop, snapshot, (kept.id,)) != code
    assert audiences.counts(shop.name, snapshot, BEST, after)["customers"] == len(_whom(shop, BEST)) != before
    rfm_grids.use(shop, None)
    assert audiences.code_of(shop, snapshot, (kept.id,)) == code
    assert audiences.yardstick(shop.name, snapshot) == by


def test_a_template_about_scores_stays_within_the_best_two_fifths():
    rule = TEMPLATES["lapsed_valuable"]
    assert for_grid(rule, 5) == rule
    for bins in (3, 4, 5):
        least = for_grid(rule, bins).children[1].value
        assert least <= bins
        assert (bins - least + 1) / bins <= 0.4


def _f(shop: Workspace) -> Filters:
    asked = (YEAR, None, None, Windows(), "MYR", FIRST, LAST, "MY")
    return Filters(shop.name, shop.current().id, "en", *asked)


def test_an_own_segment_is_a_group_like_any_other(shop):
    kept, f, t = _keep(shop, "Often [here](http://x)", OFTEN), _f(shop), translator("en")
    code = f"audience.{kept.id}"
    assert segment_choice.own() == (code,)
    assert segment_choice.long_word(code, t).startswith("Audience: Often")
    found = segment_choice.pick(code, f, t)
    picked = _whom(shop, OFTEN)
    assert people.count(*f.key, f.windows, found.wanted) == len(picked)
    obstacles = strategy.obstacles(*f.key, f.windows, found.wanted)
    assert obstacles["customers"].sum() == len(picked)
    sizes = strategy.lifecycles(*f.key, f.windows, found.wanted)
    assert sum(sizes.values()) == len(picked)
    orders = Tables(shop.current()).table("orders").to_pyarrow().to_pandas()
    orders = orders[orders["is_purchase"] & orders["customer_id"].isin(picked)]
    orders = orders[(orders["day"] >= YEAR.start) & (orders["day"] <= YEAR.end)]
    each = pd.crosstab(orders["customer_id"], orders["channel"], normalize="index").mean()
    rows = habits.compared(*f.key, f.windows, found.wanted)
    rows = rows[rows["dimension"] == "channel"].set_index("value")["share"]
    assert rows["web"] == pytest.approx(each["web"])


def test_a_segment_that_cannot_be_told_is_no_choice_but_no_error(shop):
    rule = Group("all", (Condition("p_alive", "at_least", 0.5),))
    kept, f, t = _keep(shop, "Alive", rule), _f(shop), translator("en")
    assert segment_choice.pick(f"audience.{kept.id}", f, t) is None
    assert segment_choice.pick("audience.0123456789", f, t) is None


@pytest.mark.parametrize("lang", LANGUAGES[:1])
def test_profile_strategy_and_the_bar_offer_it(shop, lang):
    kept, t = _keep(shop, "Often here", OFTEN), translator(lang)
    never = _keep(shop, "Nobody bought", Group("all", (Condition("orders", "equals", 0),)))
    for tab in ("profile", "strategy"):
        app = AppTest.from_file(str(SHELL), default_timeout=60)
        app.query_params["lang"] = lang
        app.run()
        app.session_state["segments.tabs"] = t(f"segments.tab.{tab}")
        app.switch_page("../pages/customers/segments.py")
        app.run()
        for each in (kept, never):
            app.selectbox(key=f"{tab}.segment").set_value(f"audience.{each.id}").run()
            assert not app.exception
            assert not app.error
    said = " ".join(str(e.value) for e in [*app.caption, *app.markdown])
    assert t("strategy.do.audience_nobody") in said or not _whom(
        shop, Group("all", (Condition("orders", "equals", 0),))
    )
    app.selectbox(key="strategy.segment").set_value(f"audience.{kept.id}").run()
    said = " ".join(str(e.value) for e in [*app.caption, *app.markdown])
    assert any(t(f"strategy.do.lifecycle_{code}") in said for code in ("new", "active", "loyal", "lapsed"))
    assert "Often here" in app.multiselect(key="setia.bar.audiences").options


def test_a_saved_grid_is_the_start_of_every_session_until_it_is_taken_back(shop):
    _use(shop, "eight_types", 4)
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    app.switch_page("../pages/customers/segments.py")
    app.run()
    assert app.button_group(key="rfm.bins").value == 4
    assert any("Ours" in str(c.value) for c in app.caption)
    app.button(key="rfm.use.own").click().run()
    assert not app.exception
    assert app.button_group(key="rfm.bins").value == 5
    assert rfm_grids.used(shop) is None
    app.button(key="rfm.use").click().run()
    assert app.button_group(key="rfm.bins").value == 4
