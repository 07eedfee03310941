"""Chosen in the filter bar, an audience narrows every page, and its numbers are those of its customers."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics import kpis, trends
from analytics.groups import lifecycle_sizes
from analytics.lifecycle import Windows
from analytics.results import frame, one_row
from analytics.scope import Scope
from data import audiences as store
from data import workspaces
from data.audiences import Audience
from data.engines import Tables
from data.errors import DataError
from data.workspaces import Workspace
from ui import choice, filters, session
from ui.cached import audiences, forecast, options, overview, people, segments
from ui.cached import retention as cached_retention
from ui.cached.people import Wanted
from ui.page_list import PAGES

SHELL = Path(__file__).resolve().parents[2] / "ui" / "shell.py"
LAST = date(2026, 11, 22)
DAYS = (LAST, LAST)
YEAR = Scope(date(2026, 1, 1), LAST)
RULE = {"all": [{"field": "orders", "is": "at_least", "value": 4}, {"field": "member", "is": "no"}]}


@pytest.fixture
def shop(small_home, tmp_path, monkeypatch, use_home) -> Workspace:
    """A copy of the small workspace that may be changed."""
    shutil.copytree(small_home / "workspaces", tmp_path / "workspaces")
    use_home(tmp_path, monkeypatch)
    return workspaces.open_workspace(tmp_path, "Kedai Ujian")


@pytest.fixture
def regulars(shop) -> Audience:
    return store.save_rule(shop, "Regulars without a card", RULE, words="", count=0, days=DAYS)


def _through(shop: Workspace, *ids: str) -> str:
    snapshot = shop.current().id
    return session.narrowed(snapshot, audiences.code_of(shop, snapshot, ids))


def _frames(shop: Workspace) -> tuple[pd.DataFrame, pd.DataFrame]:
    tables = Tables(shop.current())
    return frame(tables.table("orders")), frame(tables.table("customer_summary"))


def _oracle(shop: Workspace) -> pd.DataFrame:
    """Every order of the customers the rule is about, by pandas."""
    orders, summary = _frames(shop)
    picked = summary[(summary["orders"] >= 4) & ~summary["member"] & (summary["kind"] != "internal")]
    return orders[orders["customer_key"].isin(picked["customer_key"])]


def test_the_overview_adds_up_to_the_orders_of_the_audience(shop, regulars):
    orders = _oracle(shop)
    window = orders[(orders["day"] >= YEAR.start) & (orders["day"] <= YEAR.end)]
    bought = window[window["is_purchase"]]
    found = overview.headline(shop.name, _through(shop, regulars.id), YEAR, Windows(), date(2024, 1, 1))
    assert len(bought) > 0
    assert found["revenue"].value == pytest.approx(window["amount"].sum())
    assert found["orders"].value == len(bought)
    assert found["customers"].value == bought["customer_key"].nunique()
    assert found["new"].value == (window["nth"] == 1).sum()
    assert found["identification_rate"].value == 1


def test_every_mart_is_that_of_the_orders_it_is_made_from(shop, regulars):
    orders = _oracle(shop)
    tables = session.tables_of(shop.name, _through(shop, regulars.id))
    assert len(frame(tables.table("orders"))) == len(orders)
    for mart in ("daily", "daily_category", "cohorts", "customer_month"):
        found = frame(tables.table(mart))
        assert tuple(found.columns) == tuple(Tables(shop.current()).table(mart).columns)
        assert found["revenue"].sum() == pytest.approx(
            orders.loc[orders["is_purchase"], "amount"].sum() if mart == "cohorts" else orders["amount"].sum()
        )
    assert frame(tables.table("daily"))["orders"].sum() == orders["is_purchase"].sum()
    lines = frame(tables.table("transactions"))
    assert set(lines["customer_id"]) == set(orders["customer_id"])
    assert len(frame(tables.table("stores"))) == len(frame(Tables(shop.current()).table("stores")))


def test_everybody_as_an_audience_changes_no_number_of_known_customers(shop):
    """The narrowed marts, added up anew, against the marts as they were built."""
    everyone = {"all": [{"field": "kind", "is": "one_of", "value": ["external", "internal", "reseller"]}]}
    made = store.save_rule(shop, "All", everyone, words="", count=0, days=DAYS)
    whole, through = shop.current().id, _through(shop, made.id)
    known = Scope(YEAR.start, YEAR.end, kinds=("external", "reseller"))
    for scope in (known, Scope(known.start, known.end, kinds=known.kinds, channels=("web",))):
        one = overview.headline(shop.name, whole, scope, Windows(), date(2024, 1, 1))
        other = overview.headline(shop.name, through, scope, Windows(), date(2024, 1, 1))
        assert {f.code: pytest.approx(f.value) for f in one} == {f.code: f.value for f in other}
        pd.testing.assert_frame_equal(
            segments.sizes(shop.name, whole, scope, Windows()),
            segments.sizes(shop.name, through, scope, Windows()),
        )
        assert people.count(shop.name, whole, scope, Windows(), Wanted()) == people.count(
            shop.name, through, scope, Windows(), Wanted()
        )
        assert cached_retention.came_back(shop.name, whole, scope, Windows(), date(2024, 1, 1)) == (
            cached_retention.came_back(shop.name, through, scope, Windows(), date(2024, 1, 1))
        )


def test_the_fast_and_the_slow_way_agree_under_an_audience(shop, regulars):
    tables = session.tables_of(shop.name, _through(shop, regulars.id))
    given = (tables.table("orders"), tables.table("order_categories"))
    every = Scope(YEAR.start, YEAR.end, channels=("store", "web"))
    fast = frame(lifecycle_sizes(*given, YEAR, Windows(), tables.table("customer_summary")))
    slow = frame(lifecycle_sizes(*given, every, Windows()))
    ordered = [t.sort_values("lifecycle").reset_index(drop=True) for t in (fast, slow)]
    pd.testing.assert_frame_equal(*ordered)
    by_day = one_row(kpis.sums_of(*given, tables.table("daily"), YEAR))
    assert by_day["identified_orders"] == by_day["orders"] > 0
    assert trends.trend(*given, tables.table("daily"), YEAR, "month")["revenue"].sum() == pytest.approx(
        by_day["revenue"]
    )


def test_two_audiences_are_either_of_them(shop, regulars):
    orders, _ = _frames(shop)
    some = sorted(orders["customer_id"].dropna().unique())[:3]
    listed = store.save_list(shop, "Three", some, words="", days=DAYS)
    keys = frame(
        audiences.keys(shop.name, shop.current().id, audiences.code_of(shop, shop.current().id, (listed.id,)))
    )
    assert len(keys) == 3
    both = frame(session.tables_of(shop.name, _through(shop, listed.id, regulars.id)).table("orders"))
    assert set(both["customer_id"]) == set(some) | set(_oracle(shop)["customer_id"])


def test_days_and_choices_of_the_bar_stay_those_of_the_merchant(shop, regulars):
    whole = options.options(shop.name, shop.current().id)
    assert options.options(shop.name, _through(shop, regulars.id)) == whole


def test_the_key_changes_with_the_rule_the_list_and_the_windows(shop, regulars):
    snapshot = shop.current().id
    before = audiences.code_of(shop, snapshot, (regulars.id,))
    store.rename(shop, regulars.id, "Another name")
    assert audiences.code_of(shop, snapshot, (regulars.id,)) == before
    store.change_rule(shop, regulars.id, {"all": []}, words="", count=0, days=DAYS)
    after = audiences.code_of(shop, snapshot, (regulars.id,))
    assert after != before
    longer = workspaces.configure(shop, lapse_days=300)
    assert audiences.code_of(longer, snapshot, (regulars.id,)) != after
    with pytest.raises(DataError):
        audiences.keys(shop.name, snapshot, before)
    listed = store.save_list(shop, "List", ["C0001", "C0002"], words="", days=DAYS)
    code = audiences.code_of(longer, snapshot, (listed.id,))
    store.erase(shop, "C0001")
    assert audiences.code_of(longer, snapshot, (listed.id,)) != code


def _open(page: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=90)
    for name, found in address.items():
        app.query_params[name] = found
    app.run()
    app.switch_page(f"../pages/{page}")
    return app.run()


@pytest.mark.parametrize("page", [p for p in PAGES if p.filtered], ids=lambda p: p.name)
def test_every_page_runs_through_an_audience_and_says_so(page, shop, regulars):
    key = choice.key_of("audiences", regulars.id)
    app = _open(page.file, au=key, lang="en")
    assert not app.exception
    assert not app.error
    made = app.session_state["setia.filters"]
    assert made.snapshot == _through(shop, regulars.id)
    assert made.whole == shop.current().id
    assert any("Regulars without a card" in str(o) for pills in app.button_group for o in pills.options)
    assert app.query_params["au"] == key
    assert "Regulars" not in str(app.query_params)


@pytest.mark.parametrize("page", [p for p in PAGES if not p.filtered], ids=lambda p: p.name)
def test_a_page_without_the_bar_is_not_narrowed_unseen(page, shop, regulars):
    app = _open(page.file, au=choice.key_of("audiences", regulars.id), lang="en")
    assert not app.exception
    assert app.session_state["setia.filters"].snapshot == shop.current().id


def test_an_audience_of_nobody_leaves_nothing(shop):
    nobody = {"all": [{"field": "orders", "is": "at_least", "value": 10**9}]}
    made = store.save_rule(shop, "Nobody", nobody, words="", count=0, days=DAYS)
    app = _open("home/overview.py", au=choice.key_of("audiences", made.id), lang="en")
    assert not app.exception
    assert app.session_state["setia.filters"].leaves_nothing
    assert app.button(key="nothing_left.action")


def test_an_audience_that_was_deleted_falls_out_of_the_choice(shop, regulars):
    app = _open("home/overview.py", au=choice.key_of("audiences", regulars.id), lang="en")
    store.delete(shop, regulars.id)
    app.run()
    assert not app.exception
    assert not app.error
    assert app.session_state["setia.filters"].snapshot == shop.current().id
    assert app.session_state[filters.CHOICE].audiences == ()


def test_an_audience_of_another_workspace_is_not_found(shop, regulars):
    other = workspaces.create(shop.path.parents[1], "other")
    with pytest.raises(DataError):
        audiences.code_of(other, "x", (regulars.id,))


def test_a_forecast_learns_from_everybody_and_is_shown_for_the_audience(shop, regulars):
    whole, through = shop.current().id, _through(shop, regulars.id)
    made = forecast.compute(shop.name, through, forecast.Asked(), lambda step, share: None)
    assert forecast.saved(shop.name, whole, forecast.Asked()) == forecast.saved(
        shop.name, through, forecast.Asked()
    )
    everyone = frame(session.tables_of(shop.name, whole).table("customer_summary"))
    if not made.usable:
        assert forecast.scored(shop.name, through) is None
        return
    given = (YEAR, Windows(), forecast.Asked(), 0.0)
    all_of_them = frame(forecast.valued(shop.name, whole, *given))
    theirs = frame(forecast.valued(shop.name, through, *given))
    assert len(all_of_them) <= len(everyone)
    picked = set(_oracle(shop)["customer_key"])
    pd.testing.assert_frame_equal(
        theirs.sort_values("customer_key", ignore_index=True),
        all_of_them[all_of_them["customer_key"].isin(picked)].sort_values("customer_key", ignore_index=True),
    )
    rule = {"all": [{"field": "p_alive", "is": "at_least", "value": 0.5}]}
    likely = store.save_rule(shop, "Likely", rule, words="", count=0, days=DAYS)
    counted = audiences.now(shop.name, whole, likely)
    assert counted is not None
    assert counted["customers"] == (all_of_them["p_alive"] >= 0.5).sum()
