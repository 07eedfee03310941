"""The page on catchments: every tab in every language, and what is missing is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data import market_visits, travel, workspaces
from data.engines import Tables
from geo.distance import haversine_km
from geo.gravity import huff_shares
from geo.travel import Given
from i18n.translator import translator
from tests.chain import TOWNS, chain, chain_tables
from tests.pages.conftest import Browser, Open
from ui.cached import market_data, store_list

PAGE = "places/catchments.py"
pytestmark = pytest.mark.usefixtures("browser")
TABS = ("catchment", "distance", "overlap", "attraction", "check", "travel")


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
    store_list._every.clear()
    monkeypatch.setattr(Tables, "has", lambda self, name: name != "stores" and had(self, name))
    found = words(open_page(PAGE))
    store_list._every.clear()
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


def survey(at_home: Path, rows: list[tuple[str, float, float, str, float]]) -> None:
    """Market data of the chain."""
    opened = workspaces.open_workspace(at_home, "kedai-rantai")
    market_visits.keep(opened, rows, "visits", date(2026, 6, 1), name="panel.csv", source="Panel 2026")


def told(pull: float) -> list[tuple[str, float, float, str, float]]:
    """Visits of six towns to five stores by the chain's rule, the competitor's pull multiplied."""
    stores = chain_tables()["stores"].to_pylist()
    rows = []
    for name, _, lat, lon, _ in TOWNS:
        far = haversine_km(
            lat + 0.02, lon, np.array([s["lat"] for s in stores]), np.array([s["lon"] for s in stores])
        )
        size = [s["size_m2"] * (pull if s["owner"] == "competitor" else 1.0) for s in stores]
        shares = huff_shares(size, np.maximum(far, 1.0)[None, :], 1.0, 1.6)[0]
        rows += [
            (name, lat + 0.02, lon, s["store_id"], 400 * share)
            for s, share in zip(stores, shares, strict=True)
        ]
    return rows


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_market_data_take_the_place_of_the_assumption(open_page: Open, at_home: Path, lang: str) -> None:
    t = translator(lang)
    survey(at_home, told(0.5))
    try:
        app = open_page(PAGE, ws="kedai-rantai", lang=lang, tab="catchments.attraction")
        found = words(app)
        assert "catchments.rivals" not in app.session_state
        assert t("catchments.rivals.assumption") not in found
        assert "panel" in found
        start = t("market.learnt", pull="", low="", high="").split("**")[0]
        learnt = next(line for line in found.splitlines() if line.startswith(start))
        pull = float(learnt.split("**")[1].split()[0].replace(",", "."))
        assert pull == pytest.approx(0.5, abs=0.1)
        app.button(key="market.remove").click().run()
        assert t("catchments.rivals.assumption") in words(app)
    finally:
        market_visits.remove(workspaces.open_workspace(at_home, "kedai-rantai"))


def test_market_data_that_cannot_tell_leave_the_assumption(open_page: Open, at_home: Path) -> None:
    t = translator("en")
    survey(at_home, [("Klang", 3.04, 101.45, "K1", 10.0)])
    try:
        found = words(open_page(PAGE, ws="kedai-rantai", tab="catchments.attraction"))
        assert t("market.cannot_tell") in found
        assert t("catchments.rivals.assumption") in found
    finally:
        market_visits.remove(workspaces.open_workspace(at_home, "kedai-rantai"))


def test_the_check_says_whether_competitors_are_assumed_or_learnt(open_page: Open, at_home: Path) -> None:
    t = translator("en")
    assert t("market.assumed") in words(open_page(PAGE, ws="kedai-rantai", tab="catchments.check"))
    survey(at_home, told(0.5))
    try:
        found = words(open_page(PAGE, ws="kedai-rantai", tab="catchments.check"))
        assert t("market.assumed") not in found
        assert "learnt from your market data" in found
    finally:
        market_visits.remove(workspaces.open_workspace(at_home, "kedai-rantai"))


def test_the_example_is_read_as_it_is(open_page: Open, at_home: Path) -> None:
    app = open_page(PAGE, ws="kedai-rantai", tab="catchments.attraction")
    snapshot = workspaces.open_workspace(at_home, "kedai-rantai").path.joinpath("CURRENT").read_text().strip()
    example = market_data.example("kedai-rantai", snapshot)
    rows = market_data.read("kedai-rantai", snapshot, "MY", example.to_csv(index=False).encode(), "a.csv")
    assert not app.exception
    assert not rows.refused
    assert rows.kind == "share"
    assert rows.table["visits"].sum() == pytest.approx(170 * rows.places)  # 40 + 25 + 20% of 200
