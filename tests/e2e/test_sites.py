"""The page New stores in a real browser: candidates, every tab, a drawn site, a frozen decision."""

from __future__ import annotations

import re
import shutil
from dataclasses import asdict

import pytest
from PIL import Image
from playwright.sync_api import expect

from data import site_photos, site_plans, site_scenarios, workspaces
from data.site_plans import Brief, Plan
from geo.candidates import Candidate
from i18n.translator import translator

T = translator("en")
NAME = "Kedai Ujian"
SITES = (
    Candidate("Petaling Jaya", 3.107, 101.607, rent=900.0, source="town"),
    Candidate("Kajang <img src=x onerror=alert(1)>", 2.993, 101.787, rent=600.0, source="uploaded"),
)


@pytest.fixture(scope="module")
def own_server(start_server, small_home, tmp_path_factory):
    """A server on a copy with a plan: these tests keep candidates and decisions."""
    home = tmp_path_factory.mktemp("sites") / "home"
    shutil.copytree(small_home, home)
    rows = tuple(asdict(site) for site in SITES)
    site_plans.save(workspaces.open_workspace(home, NAME), Plan(Brief(set_up=1000.0, fixed=0.0), rows))
    return start_server(home)


@pytest.fixture
def visitor(visit, own_server):
    return visit(own_server)


def the_map(page):
    """The map to draw on, once it stands: a page whose script runs again may replace it by another."""
    expect(page.locator("iframe[title*='st_folium']")).to_have_count(1, timeout=60_000)
    frame = page.locator("iframe[title*='st_folium']").last.content_frame
    frame.locator(".leaflet-land-pane canvas").wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(1_200)  # the browser's own bounds come back once
    return frame


def tab(visitor, code: str):
    visitor.page.get_by_role("tab", name=T(f"sites.tab.{code}"), exact=True).click()
    return visitor.settled()


def test_every_tab_opens_and_names_of_a_file_stay_text(visitor):
    visitor.open("sites?lang=en")
    for code in ("answer", "compare", "longlist"):
        page = tab(visitor, code)
        assert page.locator("[data-testid='stAlertContentError']").count() == 0
    assert visitor.problems == []


def test_a_brief_is_saved_and_candidates_are_proposed_and_drawn(visitor, own_server):
    page = visitor.open("sites?lang=en")
    page.get_by_role("button", name=T("sites.propose.cell"), exact=True).click()
    page.get_by_text(re.compile(r"\d+ candidates are on the list")).wait_for()
    visitor.settled()
    page.get_by_label(T("sites.brief.radius")).fill("25")
    page.get_by_role("button", name=T("sites.brief.save")).click()
    visitor.settled()
    plan = site_plans.load(workspaces.open_workspace(own_server.home, NAME))
    assert plan.brief.radius_km == 25
    assert len(plan.candidates) > 2
    page.get_by_text(T("sites.draw.title")).click()
    frame = the_map(page)
    frame.locator(".leaflet-draw-draw-circle").click()
    box = frame.locator("#map_div").bounding_box() or {}
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 20, steps=4)
    page.mouse.up()
    page.get_by_role("button", name=re.compile("Add 1 drawn")).click()
    visitor.settled()
    after = site_plans.load(workspaces.open_workspace(own_server.home, NAME))
    assert after.candidates[-1]["source"] == "drawn"


def test_a_photo_of_the_visit_is_taken_in_without_its_place(visitor, own_server, tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Siti"
    given = tmp_path / "visit.jpg"
    Image.new("RGB", (400, 300), "teal").save(given, exif=exif)
    visitor.open("sites?lang=en")
    page = tab(visitor, "longlist")
    page.get_by_text(T("sites.photo.title")).click()
    page.locator("input[type=file]").set_input_files(str(given))
    page.get_by_role("button", name=T("sites.photo.keep")).click()
    page.get_by_role("button", name=T("sites.photo.remove")).wait_for()
    here = workspaces.open_workspace(own_server.home, NAME)
    kept = site_photos.kept(here, site_plans.load(here).candidates[0]["name"])
    assert kept
    assert b"Siti" not in kept


def test_closing_answers_to_an_assumption(visitor):
    visitor.open("sites?lang=en")
    page = tab(visitor, "closing")
    page.get_by_role("radio", name=T("sites.closing.stated")).click()
    page.get_by_label(T("sites.closing.leaving")).fill("20")
    page.get_by_label(T("sites.closing.leaving")).press("Enter")
    page.get_by_text("20% of its sales (10% to 30%)").wait_for()


def test_a_decision_is_frozen_and_its_pack_opens_offline(visitor, own_server, visit, tmp_path):
    visitor.open("sites?lang=en")
    page = tab(visitor, "scenarios")
    page.get_by_role("textbox", name=T("sites.freeze.name"), exact=True).fill("The <b>first</b>")
    page.get_by_role("button", name=T("sites.freeze.save"), exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=T("sites.pack.html")).click()
    made = waiting.value.path().read_text(encoding="utf-8")
    assert "<b>first</b>" not in made
    assert "script" not in re.sub(r"default-src[^\"]*", "", made)
    (kept,) = site_scenarios.saved(workspaces.open_workspace(own_server.home, NAME))
    assert kept.name == "The <b>first</b>"
    assert visitor.problems == []
