"""New stores of a merchant without a store of their own on the map: an order of sites, and no forecast."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data import site_plans, site_scenarios, workspaces
from data.site_plans import Brief, Plan
from geo.candidates import Candidate
from geo.distance import haversine_km
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from tests.conftest import build_workspace, small_tables
from ui.cached import site_answer, sites
from ui.cached.site_people import NearSite

PAGE = "places/sites.py"
SITES = (
    Candidate("Petaling Jaya", 3.107, 101.607, size_m2=2000.0, source="town"),
    Candidate("Klang", 3.04, 101.45, source="town"),
    Candidate("Butterworth", 5.399, 100.364, source="town"),
    Candidate("Pasir Gudang", 1.47, 103.9, source="town"),
)
SCOPE = Scope(date(2026, 1, 1), date(2026, 11, 22))
RADIUS = 15.0


def said(app: AppTest) -> str:
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning, *app.info]
    return " ".join(str(element.value) for element in shown).replace("\\", "")


@pytest.fixture(scope="module")
def three_shops(tmp_path_factory):
    """Sales that name no store: without a table of stores, beside stores on the map, and with lost stores."""
    home = tmp_path_factory.mktemp("first")
    tables = small_tables()
    sales, stores = tables["transactions"], tables.pop("stores")
    none = pa.nulls(len(sales), sales["store_id"].type)
    unnamed = sales.set_column(sales.schema.get_field_index("store_id"), "store_id", none)
    lost = pa.Table.from_pylist(
        [row | {"lat": None, "lon": None} for row in stores.to_pylist()], stores.schema
    )
    build_workspace(home, "Daring", tables | {"transactions": unnamed})
    build_workspace(home, "Bersama", tables | {"transactions": unnamed, "stores": stores})
    build_workspace(home, "Hilang", tables | {"stores": lost})
    return home


@pytest.fixture
def home(three_shops, monkeypatch, use_home, open_page):
    """After ``open_page``, which looks at another one."""
    return use_home(three_shops, monkeypatch)


def shop(home, name: str, **brief) -> tuple:
    """Keep the candidates and a brief; the key of their answer without what the market rests on."""
    made = workspaces.open_workspace(home, name)
    wanted = Brief(**({"radius_km": RADIUS, "own_km": 0.0} | brief))
    site_plans.save(made, Plan(wanted, tuple(asdict(site) for site in SITES)))
    return made.name, made.current().id, SCOPE, Windows(), wanted, SITES


def answer(key: tuple) -> site_answer.Answer:
    found = site_answer.compute((*key, sites.basis(key[0])), lambda _step, _share: None)
    assert found is not None
    return found


def buyers() -> pd.DataFrame:
    """Customers of the year up to the last day with their home, by plain pandas."""
    homes = small_tables()["customers"].to_pandas()
    lines = small_tables()["transactions"].to_pandas()
    lines = lines[(lines["ordered_at"] >= "2025-11-23") & lines["customer_id"].notna()]
    return homes[homes["customer_id"].isin(lines["customer_id"]) & (homes["kind"] != "internal")]


def to_sites(people: pd.DataFrame) -> np.ndarray:
    at = people["lat"].to_numpy()[:, None], people["lon"].to_numpy()[:, None]
    return haversine_km(*at, np.array([s.lat for s in SITES]), np.array([s.lon for s in SITES]))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", ["brief", "longlist", "answer", "scenarios"])
def test_every_tab_draws_and_says_why_there_is_no_forecast(open_page, home, lang, tab):
    shop(home, "Daring")
    app, t = open_page(PAGE, lang=lang, ws="daring", tab=f"sites.{tab}"), translator(lang)
    assert t("sites.sentence.first") in said(app)
    assert t("sites.empty.title") not in said(app)
    if tab == "answer":
        assert t("sites.ranking_only.first", few="5") in said(app)
        assert app.metric[0].label == t("sites.card.coverage.name")
        assert app.metric[0].value.endswith("%")
        assert app.metric[3].value == "–"


def test_the_sites_chosen_are_those_of_every_pair_by_hand(home):
    key = shop(home, "Daring", objective="coverage", weight="customers", count=2)
    found = answer(key)
    near = to_sites(buyers()) <= RADIUS
    best = max(combinations(range(len(SITES)), 2), key=lambda pair: near[:, pair].any(axis=1).sum())
    assert {found.kept["name"].iloc[j] for j in found.solved.sites} == {SITES[j].name for j in best}
    assert found.solved.proved
    assert found.solved.objective == pytest.approx(near[:, best].any(axis=1).mean(), abs=0.02)  # cells
    assert found.raw.customers == len(near)
    assert found.raw.km[1] == pytest.approx(to_sites(buyers())[:, best].min(axis=1).mean())
    assert all(result.sales is None for result in found.results)


def test_the_shortest_way_has_no_today_without_a_store_and_one_with_stores(home):
    bare = answer(shop(home, "Daring", objective="distance", count=1))
    assert bare.solved.today is None
    beside = answer(shop(home, "Bersama", objective="distance", count=1))
    assert beside.solved.today is not None
    assert beside.solved.objective <= beside.solved.today


def test_candidates_are_put_in_order_by_the_customers_they_alone_bring_near(home):
    """What would be captured cannot be asked; a candidate beside a store on the map brings nothing new."""
    found = answer(shop(home, "Daring", objective="captured", weight="customers", count=1))
    near = to_sites(buyers()) <= RADIUS
    assert found.ask.objective == "coverage"
    assert found.ranking["value"].to_numpy() == pytest.approx(near.mean(axis=0), abs=0.02)  # cells
    assert found.ranked == tuple(np.argsort(-found.ranking["value"], kind="stable"))
    beside = answer(shop(home, "Bersama", weight="customers", count=1))
    stores = small_tables()["stores"].to_pandas()
    people = buyers()
    at = people["lat"].to_numpy()[:, None], people["lon"].to_numpy()[:, None]
    far = haversine_km(*at, stores["lat"].to_numpy(), stores["lon"].to_numpy()).min(axis=1) > RADIUS
    assert beside.ranking["value"].to_numpy() == pytest.approx((near & far[:, None]).mean(axis=0), abs=0.02)


def test_sales_that_name_stores_without_coordinates_are_put_in_order_too(open_page, home):
    shop(home, "Hilang")
    app, t = open_page(PAGE, lang="en", ws="hilang", tab="sites.answer"), translator("en")
    assert t("sites.ranking_only.first", few="5") in said(app)


def test_a_decision_is_frozen_with_the_objective_it_was_made_by(open_page, home):
    shop(home, "Daring", objective="captured")
    app = open_page(PAGE, lang="en", ws="daring", tab="sites.scenarios")
    app.text_input[0].set_value("First")
    next(b for b in app.button if b.label == translator("en")("sites.freeze.save")).click().run()
    assert not app.exception
    (kept,) = site_scenarios.saved(workspaces.open_workspace(home, "Daring"))
    assert kept.inputs["objective"] == "coverage"
    assert kept.results["surface"] == "buyers"


def test_the_list_around_a_site_holds_customers_of_any_channel(home):
    name, snapshot, *_ = shop(home, "Daring")
    near = NearSite(SITES[0].lat, SITES[0].lon, RADIUS, any_channel=True)
    lines = small_tables()["transactions"].to_pandas()
    bought = lines[(lines["ordered_at"] >= "2026-01-01") & lines["customer_id"].notna()]["customer_id"]
    people = buyers()
    people = people[people["customer_id"].isin(bought)]
    assert near.count(name, snapshot, SCOPE, Windows()) == int((to_sites(people)[:, 0] <= RADIUS).sum())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_customer_on_the_map_the_page_leads_to_the_import(
    open_page, tmp_path, monkeypatch, use_home, lang
):
    tables = small_tables(customers=20)
    gone = {"lat": None, "lon": None, "city": None, "region": None, "postcode": None}
    people = [row | {k: v for k, v in gone.items() if k in row} for row in tables["customers"].to_pylist()]
    tables["customers"] = pa.Table.from_pylist(people, schema=tables["customers"].schema)
    build_workspace(tmp_path, "Tiada", tables)
    use_home(tmp_path, monkeypatch)
    app, t = open_page(PAGE, lang=lang), translator(lang)
    assert t("sites.empty.title") in said(app)
