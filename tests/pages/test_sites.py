"""The page New stores: every tab in three languages, without candidates, with too few stores, with five."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import asdict, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data import site_photos, site_plans, site_scenarios, workspaces
from data.site_plans import Brief, Plan
from geo.candidates import Candidate
from geo.distance import haversine_km
from i18n.numbers import DASH, LANGUAGES
from i18n.translator import translator
from tests.chain import chain
from tests.conftest import TOWNS, build_workspace, small_tables
from ui.cached.site_people import NearSite
from ui.components.map_state import MAX_SHAPES, MapState, Shape

PAGE = "places/sites.py"
TABS = ("brief", "longlist", "answer", "compare", "closing", "scenarios")
SITES = (
    Candidate("Petaling Jaya", 3.107, 101.607, rent=9000.0, source="town"),
    Candidate("Kajang", 2.993, 101.787, rent=6000.0, source="town"),
    Candidate("Butterworth", 5.399, 100.364, rent=5000.0, source="town"),
    Candidate("Nowhere", None, None),
)


def said(app: AppTest) -> str:
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.warning, *app.info]
    return " ".join(str(element.value) for element in shown)


@pytest.fixture
def own_home(open_page, small_home, tmp_path, monkeypatch, use_home):
    """A copy: these tests keep plans. After ``open_page``, which looks at the shared one."""
    home = tmp_path / "home"
    shutil.copytree(small_home, home)
    return use_home(home, monkeypatch)


@pytest.fixture
def opened(own_home, open_page):
    return open_page


def keep_plan(home, name: str, **brief) -> None:
    rows = tuple(asdict(site) for site in SITES)
    site_plans.save(workspaces.open_workspace(home, name), Plan(Brief(**brief), rows))


@pytest.fixture(scope="module")
def five_stores(tmp_path_factory):
    """A chain of six stores, so that sales are forecast."""
    home = tmp_path_factory.mktemp("six")
    tables = small_tables()
    rows = tables["transactions"].to_pylist()
    for place, row in enumerate(rows):
        if row["store_id"] in ("KL1", "KL2") and place % 3 == 0:
            row["store_id"] = {"KL1": "KL3", "KL2": "KL4"}[row["store_id"]]
    stores = tables["stores"].to_pylist()
    for store, name, base in (("KL3", "Cheras", 1), ("KL4", "Shah Alam", 0)):
        stores.append(
            stores[0]
            | {"store_id": store, "name": name, "lat": TOWNS[base][3] + 0.05, "lon": TOWNS[base][4] + 0.06}
        )
    tables["transactions"] = pa.Table.from_pylist(rows)
    tables["stores"] = pa.Table.from_pylist(stores)
    build_workspace(home, "Enam", tables)
    return home


@pytest.fixture
def open_five(five_stores, tmp_path, monkeypatch, use_home, open_page):
    home = tmp_path / "five"
    shutil.copytree(five_stores, home)
    use_home(home, monkeypatch)
    keep_plan(home, "Enam", set_up=100_000.0, fixed=1000.0)
    open_page.home = home
    return open_page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_says_what_is_missing_without_candidates(opened, lang, tab):
    app, t = opened(PAGE, lang=lang, tab=f"sites.{tab}"), translator(lang)
    assert app.title[0].value == t("sites.question")
    if tab in ("longlist", "answer", "compare", "scenarios"):
        assert t("sites.none.title") in said(app)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", ["few", "assumed"])
def test_four_stores_give_an_order_and_no_sales_and_why_is_said(opened, own_home, lang, reason):
    """Four stores that tell the rule; and four whose customers all go to the nearest."""
    name = {"few": "empat", "assumed": "kedai-ujian"}[reason]
    if reason == "few":
        chain(own_home, "Empat", stores=4, rivals=False)
    keep_plan(own_home, name)
    app, t = opened(PAGE, lang=lang, ws=name, tab="sites.answer"), translator(lang)
    text = said(app)
    assert t(f"sites.ranking_only.{reason}", n=t.number(4), few="5", days="180", found="365") in text
    assert {metric.value for metric in app.metric[:2]} == {"–"}  # an order needs no money
    assert t("sites.answer.nothing") not in text
    assert t("sites.list.sales", low="", middle="", high="").split(":")[0] not in text
    assert [m.value for m in app.metric][3] == "–"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_draws_with_six_stores(open_five, lang, tab):
    app, t = open_five(PAGE, lang=lang, tab=f"sites.{tab}"), translator(lang)
    assert app.title[0].value == t("sites.question")
    if tab == "answer":
        gap, error = app.metric[2], app.metric[3]
        assert gap.label == t("sites.card.gap.name").replace("-", "\\-")
        assert error.value.startswith("±")
    if tab == "longlist":
        kept, out = t.plural("sites.longlist.kept", 3), t.plural("sites.longlist.out", 1)
        assert t("sites.longlist.sentence", kept=kept, out=out) in said(app)


@pytest.mark.parametrize("objective", site_plans.OBJECTIVES)
@pytest.mark.parametrize("weight", ["customers", "unserved", "value"])
def test_every_objective_answers_or_says_why_not(open_five, objective, weight):
    keep_plan(open_five.home, "Enam", objective=objective, weight=weight, count=2)
    app, t = open_five(PAGE, lang="en", tab="sites.answer"), translator("en")
    answered = [metric.label for metric in app.metric]
    assert answered or t("sites.no_weight") in said(app)


def test_both_pages_quote_one_check(opened, own_home):
    chain(own_home)
    keep_plan(own_home, "kedai-rantai")
    t = translator("en")
    check = opened("places/catchments.py", lang="en", ws="kedai-rantai", tab="catchments.check")
    one = next(m.value for m in check.metric if m.label == t("catchments.check.error"))
    app = opened(PAGE, lang="en", ws="kedai-rantai", tab="sites.answer")
    assert [m.value for m in app.metric][3] == f"±{one}"
    assert t("sites.rests.calibrated") in said(app)


def test_towns_are_proposed_and_kept(opened, own_home):
    app = opened(PAGE, lang="en", tab="sites.brief")
    app.button(key="sites.propose.town").click().run()
    assert not app.exception
    kept = site_plans.load(workspaces.open_workspace(own_home, "Kedai Ujian")).candidates
    assert 0 < len(kept) <= 30
    app.button(key="sites.propose.peak").click().run()
    peaks = site_plans.load(workspaces.open_workspace(own_home, "Kedai Ujian")).candidates[len(kept) :]
    assert peaks
    assert all(re.fullmatch(r"Peak \d+ · .+", row["name"]) for row in peaks)  # with the town it lies near


def test_an_empty_window_says_that_nothing_is_left(opened):
    app, t = opened(PAGE, lang="en", d="2024-01-01_2024-01-02"), translator("en")
    assert t("empty.nothing_left.title") in said(app)


def test_a_decision_is_frozen_and_its_pack_is_offered(open_five):
    keep_plan(open_five.home, "Enam", objective="distance", count=1)
    app = open_five(PAGE, lang="en", tab="sites.scenarios")
    here = workspaces.open_workspace(open_five.home, "Enam")
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(out, format="PNG")
    for row in site_plans.load(here).candidates:
        site_photos.keep(here, row["name"], site_photos.photo(out.getvalue()))
    app.text_input[0].set_value("North")
    app.text_area[0].set_value("Too early, says Ali.")
    next(b for b in app.button if b.label == translator("en")("sites.freeze.save")).click().run()
    assert not app.exception
    (kept,) = site_scenarios.saved(workspaces.open_workspace(open_five.home, "Enam"))
    assert (kept.name, kept.dissent) == ("North", "Too early, says Ali.")
    assert kept.snapshot == workspaces.open_workspace(open_five.home, "Enam").current().id
    assert {row.code for row in kept.assumptions} >= {"own_share", "margin"}
    assert kept.saved_on == date.today()
    photos = [site_photos.embedded(site["photo"]) for site in kept.results["sites"]]
    assert photos
    assert all(photos)


def test_the_customers_around_a_site_open_as_a_list(open_five):
    keep_plan(open_five.home, "Enam", objective="distance", count=1)
    app = open_five(PAGE, lang="en", tab="sites.answer")
    app.button(key="sites.open.1").click().run()
    assert not app.exception
    assert not app.error
    workspace = workspaces.open_workspace(open_five.home, "Enam")
    site = next(s for s in SITES if s.name in said(app))
    near = NearSite(site.lat, site.lon, 10.0)
    scope = Scope(date(2026, 1, 1), date(2026, 11, 22))
    n = near.count(workspace.name, workspace.current().id, scope, Windows())
    homes = small_tables()["customers"].to_pandas().set_index("customer_id")
    lines = small_tables()["transactions"].to_pandas()
    lines = lines[(lines["ordered_at"] >= "2026-01-01") & lines["customer_id"].notna()]
    known = homes.loc[homes.index.intersection(lines["customer_id"].unique())]
    known = known[known["kind"] != "internal"]
    km = haversine_km(known["lat"].to_numpy(), known["lon"].to_numpy(), site.lat, site.lon)
    assert n == int((km <= 10).sum())


def test_closing_with_an_assumption_of_ones_own(open_five):
    app = open_five(PAGE, lang="en", tab="sites.closing")
    before = [metric.value for metric in app.metric]
    app.button_group(key="sites.closing.way").set_value("stated").run()
    app.number_input(key="sites.closing.leaving").set_value(10.0).run()
    assert not app.exception
    assert next(metric.value for metric in app.metric) == before[0]
    assert [metric.value for metric in app.metric][1] != before[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_range_without_width_is_not_written(open_five, lang):
    app, t = open_five(PAGE, lang=lang, tab="sites.closing"), translator(lang)
    app.button_group(key="sites.closing.way").set_value("stated").run()
    app.number_input(key="sites.closing.leaving").set_value(0.0).run()
    nothing = t.percent(0.0, 0)
    assert t("sites.closing.no_range", share=nothing) in said(app)
    assert t("sites.closing.share", share=nothing, low=nothing, high=nothing) not in said(app)


@pytest.mark.parametrize(
    ("leaves", "share", "note"),
    [
        ((40.0, 50.0, 60.0), "50% of its sales (40% to 60%)", "closing.note_huff"),
        ((99.9, 100.0, 100.0), "100% of its sales", "closing.all_leaves"),
        ((30.0, 30.1, 30.2), "30% of its sales", "closing.no_range"),
    ],
)
def test_what_leaves_has_a_range_or_a_reason(leaves, share, note):
    from geo.closing import Closing
    from ui.cached.site_closing import Closed
    from ui.components import sites_closing

    low, middle, high = (Closing(0, 100.0, each, np.zeros(1)) for each in leaves)
    found, t = Closed(middle, low, high), translator("en")
    assert sites_closing._share_words(found, t) == share
    written = sites_closing._range_note(found, False, t)
    assert written == t(f"sites.{note}", share=share.split(" ")[0])
    nothing = Closing(0, 0.0, 0.0, np.zeros(1))
    silent = Closed(nothing, nothing, nothing)
    assert sites_closing._share_words(silent, t) == DASH
    assert sites_closing._range_note(silent, False, t) == t("sites.closing.nothing_sold")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_drawings_that_are_no_place_are_said(opened, own_home, lang):
    app, t = opened(PAGE, lang=lang, tab="sites.brief"), translator(lang)
    drawn = MapState("kedai-ujian", drawings=(Shape((((101.6, 3.1),),), 500.0),), unread=2)
    app.session_state["setia.map.sites-draw"] = drawn
    app.run()
    assert t.plural("sites.draw.dropped", 2, most=t.number(MAX_SHAPES)) in said(app)
    app.button(key="sites.draw.add").click().run()
    assert not app.exception
    assert t.plural("sites.candidates.held", 1) in said(app)


def test_photos_go_with_a_candidate_that_got_another_name():
    from geo.candidates import frame
    from ui.components.sites_longlist import read_back, renamed_to

    table = frame(SITES)[
        ["name", "lat", "lon", "rent", "size_m2", "frontage_m", "parking", "rivals", "set_up", "note"]
    ]
    table.loc[0, "name"] = "Another"
    edited = table.drop(index=1)
    made = read_back(edited, SITES)
    expected = {site.name: site.name for i, site in enumerate(SITES) if i > 1} | {SITES[0].name: "Another"}
    assert renamed_to(edited, SITES, made) == expected


def test_a_photo_stands_in_the_list_and_can_be_forgotten(open_five):
    here = workspaces.open_workspace(open_five.home, "Enam")
    t, name = translator("en"), site_plans.load(here).candidates[0]["name"]
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(out, format="PNG")
    site_photos.keep(here, name, site_photos.photo(out.getvalue()))
    app = open_five(PAGE, lang="en", tab="sites.longlist")
    assert not app.exception
    assert t("sites.photo.none") not in said(app)
    app.button(key="sites.photo.remove").click().run()
    assert site_photos.kept(here, name) is None
    assert t("sites.photo.none") in said(app)


def test_what_is_typed_into_the_list_comes_back():
    from geo.candidates import frame
    from ui.components.sites_longlist import read_back

    table = frame(SITES)[
        ["name", "lat", "lon", "rent", "size_m2", "frontage_m", "parking", "rivals", "set_up", "note"]
    ]
    assert read_back(table, SITES) == list(SITES)
    table.loc[0, "rent"], table.loc[1, "parking"] = 1234.0, -4.0
    found = read_back(table.drop(index=2), SITES)
    assert found[0] == replace(SITES[0], rent=1234.0)
    assert found[1] == SITES[1]
    assert len(found) == 3
