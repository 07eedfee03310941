"""The page on catchments: every tab in every language, and what is missing is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data import travel, workspaces
from data.engines import Tables
from geo.travel import Given
from i18n.translator import translator
from tests.chain import chain
from ui.cached import catchments as cached

PAGE = "places/catchments.py"
TABS = ("catchment", "distance", "overlap", "attraction", "check", "travel")
Open = Callable[..., AppTest]


class Browser:
    """Stands where the browser's map would: keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: dict[str, Any] = {}

    def __call__(self, fig: Any, **given: Any) -> dict[str, Any]:
        self.sent = given
        return {}

    @property
    def message(self) -> dict[str, Any]:
        return dict(self.sent["feature_group_to_add"].message)


@pytest.fixture(scope="module")
def chain_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a chain of six stores, and one of four without competitors."""
    home = tmp_path_factory.mktemp("chain-home")
    chain(home)
    chain(home, "Empat", stores=4, rivals=False)
    return home


@pytest.fixture
def at_home(
    chain_home: Path, use_home: Callable[[Path, pytest.MonkeyPatch], Path], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The page looks at the chain."""
    return use_home(chain_home, monkeypatch)


@pytest.fixture(autouse=True)
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    made = Browser()
    monkeypatch.setattr("ui.components.place_map.st_folium", made)
    return made


def words(app: AppTest) -> str:
    return "\n".join(
        str(part.value) for kind in ("markdown", "caption", "info") for part in getattr(app, kind)
    )


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_is_drawn_in_every_language(open_page: Open, lang: str, tab: str) -> None:
    app = open_page(PAGE, lang=lang, tab=f"catchments.{tab}")
    t = translator(lang)
    assert app.title[0].value == t("catchments.question")
    assert [metric.label for metric in app.metric][:2] == [
        t("catchments.card.half").replace("%", "\\%"),
        t("catchments.card.most").replace("%", "\\%"),
    ]


def test_the_map_holds_the_store_its_area_and_the_flows(open_page: Open, browser: Browser) -> None:
    open_page(PAGE, ws="kedai-rantai")
    message = browser.message
    assert len(message["stores"]) == 7
    assert len(message["areas"]) == 1
    assert message["lines"]
    assert {row["own"] for row in message["stores"]} == {True, False}


def test_another_store_and_rule_change_the_area(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE, ws="kedai-rantai")
    first = browser.message
    other = app.selectbox(key="catchments.store").options[-1]
    app.selectbox(key="catchments.store").select_index(5).run()
    assert not app.exception
    assert browser.message["legend"]["title"] != first["legend"]["title"]
    assert other.replace("\\", "") in browser.message["legend"]["title"]
    for kind in ("radius", "nearest", "share"):
        app.session_state["catchments.kind"] = kind
        app.run()
        assert not app.exception


def test_the_rule_stands_in_words_with_intervals_and_the_assumption_with_its_range(open_page: Open) -> None:
    app = open_page(PAGE, ws="kedai-rantai", tab="catchments.attraction")
    found = words(app)
    assert "twice the distance" in found
    assert "twice as large" in found
    assert "half as much" in found
    assert translator("en")("catchments.rivals.assumption") in found
    app.session_state["catchments.rivals"] = 2.0
    app.run()
    assert not app.exception


def test_without_competitors_the_page_says_that_shares_are_among_own_stores(open_page: Open) -> None:
    found = words(open_page(PAGE, ws="empat", tab="catchments.attraction"))
    assert translator("en")("catchments.rivals.none") in found


def test_six_stores_are_checked_with_error_and_coverage(open_page: Open) -> None:
    app = open_page(PAGE, ws="kedai-rantai", tab="catchments.check")
    t = translator("en")
    assert [metric.label for metric in app.metric][5:7] == [
        t("catchments.check.error"),
        t("catchments.check.coverage", level="80\\%"),
    ]
    assert "Only" not in words(app)


def test_four_stores_give_a_ranking_and_no_forecast(open_page: Open) -> None:
    app = open_page(PAGE, ws="empat", tab="catchments.check")
    assert "Only 4 stores could be checked" in words(app)
    assert len(app.metric) == 5  # the head's, none of the check


def test_the_small_shop_whose_customers_never_choose_is_told_why(
    open_page: Open, small_home: Path, use_home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_home(small_home, monkeypatch)
    found = words(open_page(PAGE, tab="catchments.attraction"))
    assert translator("en")("catchments.reason.cannot_tell") in found


def test_a_workspace_without_stores_says_what_is_missing(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    had = Tables.has
    cached.stores.clear()
    monkeypatch.setattr(Tables, "has", lambda self, name: name != "stores" and had(self, name))
    found = words(open_page(PAGE))
    cached.stores.clear()
    assert translator("en")("catchments.empty.stores") in found


def test_filters_that_leave_nothing_are_named(open_page: Open) -> None:
    app = open_page(PAGE, d="2010-01-01..2010-01-02")
    assert not app.exception


def test_a_detour_factor_is_kept_and_labelled(open_page: Open, at_home: Path) -> None:
    t = translator("en")
    app = open_page(PAGE, ws="kedai-rantai", tab="catchments.travel")
    app.session_state["catchments.travel"] = "detour"
    app.run()
    app.number_input(key="catchments.factor").set_value(1.5).run()
    app.button(key="travel.detour").click().run()
    assert not app.exception
    assert t("catchments.travel.used_detour", factor="1.50") in words(app)
    kept = [travel.current(w) for w in workspaces.list_workspaces(at_home)]
    assert [(k.label, k.factor) for k in kept if k.label == "detour"] == [("detour", 1.5)]
    app.session_state["catchments.travel"] = "straight"
    app.run()
    app.button(key="travel.straight").click().run()
    assert not app.exception


def test_given_minutes_are_the_unit_of_the_page(open_page: Open, at_home: Path) -> None:
    opened = workspaces.open_workspace(at_home, "Kedai Rantai")
    stores = ("S0", "S1", "S2", "S3")
    lat, lon = [3.14, 3.04, 3.08, 2.99], [101.69, 101.45, 101.53, 101.79]
    minutes = np.full((4, 4), 90.0)
    np.fill_diagonal(minutes, 12.0)
    travel.keep(
        opened,
        "matrix",
        2.0,
        date(2026, 11, 22),
        name="masa.csv",
        given=Given(np.array(lat), np.array(lon), stores, minutes),
    )
    try:
        app = open_page(PAGE, ws="kedai-rantai")
        assert app.metric[0].value.endswith(" min")
        assert translator("en")("catchments.measured.matrix") in words(app)
    finally:
        travel.keep(opened, "straight", 1.0, date(2026, 11, 22))
