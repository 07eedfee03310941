"""The page of ad places: every language, every target and kind of place, the files, the small numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import shape

from analytics.lifecycle import Windows
from data import audiences as store
from data import workspaces
from geo.distance import haversine_km
from geo.reach_places import Place
from i18n.numbers import DASH
from i18n.translator import translator
from tests.pages.conftest import Browser, Open
from tests.ui.test_demand import SCOPE
from ui import session
from ui.cached import ads, audiences, places
from ui.cached.ads import Asked, InReach
from ui.components.ads import _nothing, geojson_of, of_sales

pytestmark = pytest.mark.usefixtures("browser")
PAGE = "places/ads.py"
ASKED = Asked("all", "customers", "towns", 8.0, 100.0, 400.0)


@pytest.fixture
def key(at_home: Path) -> tuple[Any, ...]:
    snapshot = session.workspaces()[0].current()
    assert snapshot is not None
    return "Kedai Ujian", snapshot.id, SCOPE, Windows()


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_the_page_is_drawn_in_every_language(open_page: Open, browser: Browser, lang: str) -> None:
    app = open_page(PAGE, lang=lang)
    t = translator(lang)
    assert app.title[0].value == t("ads.question")
    assert app.metric[0].label == t("ads.card.reached")
    assert 1 <= len(browser.message["areas"]) == len(browser.message["points"]) <= 5


def test_the_cost_of_sales_is_told_for_an_amount_that_leaves_digits() -> None:
    t = translator("en")
    assert of_sales(5_000, 490_000, "MYR", t) == ("RM100", "RM1.02")  # 100 / 98
    assert of_sales(5_000_000, 490_000_000, "IDR", t) == ("Rp1,000", "Rp10")  # 1,000 / 98
    assert of_sales(5_000, 0.0, "MYR", t)[1] == DASH


def test_segments_squares_and_sales(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE)
    before = app.metric[0].value
    app.selectbox(key="ads.target").select("lifecycle:lapsed").run()
    assert not app.exception
    assert app.metric[0].value != before
    app.selectbox(key="ads.aim").select("revenue").run()
    app.segmented_control(key="ads.kind").set_value("cells").run()
    assert not app.exception
    app.number_input(key="ads.budget").set_value(10.0).run()
    assert not app.exception
    assert any("No place within this budget" in each.value for each in app.info)


def test_an_own_list_asks_for_its_file(open_page: Open, browser: Browser) -> None:
    app = open_page(PAGE)
    app.segmented_control(key="ads.kind").set_value("upload").run()
    assert not app.exception
    assert not app.metric


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_prices_are_examples_until_they_are_typed(open_page: Open, browser: Browser, lang: str) -> None:
    app, t = open_page(PAGE, lang=lang), translator(lang)

    def said() -> str:
        return " ".join(str(each.value) for each in (*app.caption, *app.markdown))

    assert t("ads.example.both") in said()
    assert t("ads.example.short") in str([metric.delta for metric in app.metric]) + said()
    app.number_input(key="ads.cost").set_value(850.0).run()
    assert t("ads.example.budget") in said()
    app.number_input(key="ads.budget").set_value(9_000.0).run()
    assert not any(t(f"ads.example.{name}") in said() for name in ("both", "cost", "budget", "short"))


@pytest.mark.parametrize("lang", ["en", "ms", "id"])
def test_an_own_list_with_decimal_commas_is_read(open_page: Open, browser: Browser, lang: str) -> None:
    app, t = open_page(PAGE, lang=lang), translator(lang)
    app.segmented_control(key="ads.kind").set_value("upload").run()
    rows = "nama;lat;lon;kos\nKlang;3,04;101,45;1.500\nJauh;3,05;101,46;0\n"
    app.file_uploader(key="ads.upload").upload("tempat.csv", rows.encode(), "text/csv").run()
    assert not app.exception
    said = [str(each.value) for each in app.caption]
    assert t.plural("ads.upload.read", 1) in said
    assert t.plural("ads.upload.refused", 1, rows="3") in said
    assert browser.message["points"]
    app.file_uploader(key="ads.upload").upload("tempat.csv", b"nothing", "text/csv").run()
    assert len(app.error) == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked("lifecycle:none", "customers", "towns", 8.0, 100.0, 400.0), "ads.nobody_placed"),
        (Asked("all", "customers", "towns", 8.0, 100.0, 400.0), "ads.no_towns"),
        (Asked("all", "customers", "cells", 8.0, 100.0, 10.0), "ads.none"),
        (
            Asked("all", "customers", "upload", 8.0, 1.0, 9.0, (Place("Far", -40.0, 10.0, 1.0),)),
            "ads.all_few",
        ),
    ],
)
def test_where_nothing_is_chosen_the_reason_is_said(
    key: tuple[Any, ...], asked: Asked, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, towns = translator("en"), places.known_towns()
    if words == "ads.no_towns":
        monkeypatch.setattr(places, "known_towns", lambda: towns[towns["lat"] > 60])
    ads.answer.clear()
    try:
        made = ads.answer(*key, asked)
    finally:
        ads.answer.clear()
    assert not len(made.chosen)
    fields = {"km": "8.0", "few": "5", "people": "10,000"}
    assert _nothing(made, asked, t) == t(words, **fields)


def test_an_area_across_the_date_line_is_cut_there(key: tuple[Any, ...]) -> None:
    made = ads.answer(*key, ASKED)
    moved = replace(made, chosen=made.chosen.head(1).assign(lat=-17.0, lon=179.97))
    geometry = shape(json.loads(geojson_of(moved, 20.0))["features"][0]["geometry"])
    assert geometry.geom_type == "MultiPolygon"
    assert -180 <= geometry.bounds[0] < geometry.bounds[2] <= 180
    whole = json.loads(geojson_of(replace(moved, chosen=moved.chosen.assign(lon=0.0)), 20.0))
    assert geometry.area == pytest.approx(shape(whole["features"][0]["geometry"]).area, rel=1e-3)


@pytest.mark.parametrize("kind", ["towns", "cells"])
@pytest.mark.parametrize("aim", ["customers", "revenue"])
def test_the_answer_is_counted_on_single_people(key: tuple[Any, ...], kind: str, aim: str) -> None:
    asked = Asked("all", aim, kind, 8.0, 100.0, 400.0)  # type: ignore[arg-type]
    made, everyone = ads.answer(*key, asked), ads.targets(*key, "all").to_pandas()
    near = np.zeros(len(everyone), dtype=bool)
    for place in made.chosen.itertuples():
        here = haversine_km(everyone["lat"], everyone["lon"], place.lat, place.lon) <= 8.0
        assert here.sum() == place.alone
        assert (here & ~near).sum() == place.added
        near |= here
    assert made.reached == near.sum() == made.chosen["added"].sum()
    assert made.target == len(everyone)
    assert made.value == pytest.approx(everyone.loc[near, "revenue"].clip(lower=0).sum())
    assert made.plan.cost[-1] <= 400.0
    assert made.counted == pytest.approx(made.gathered, rel=0.1)
    listed = InReach(asked).keys(*key).to_pyarrow()["customer_key"].to_pylist()
    assert set(listed) == set(everyone.loc[near, "customer_key"])


def test_a_place_with_too_few_people_is_left_out(key: tuple[Any, ...]) -> None:
    far = Place("Far", -40.0, 10.0, 1.0)
    near = Place("Klang", 3.04, 101.45, 1.0)
    made = ads.answer(*key, Asked("all", "customers", "upload", 10.0, 1.0, 5.0, (far, near)))
    assert made.chosen["name"].tolist() == ["Klang"]
    assert made.left_out == 1


def test_a_saved_audience_is_a_target(key: tuple[Any, ...], tmp_path: Path) -> None:
    opened = workspaces.open_workspace(session.home(), key[0])
    ids = [f"C{number:04d}" for number in range(1, 60)]
    made = store.save_list(opened, "Fifty-nine", ids, words="", days=(SCOPE.start, SCOPE.end))
    try:
        target = ads.AUDIENCE + audiences.code_of(opened, key[1], (made.id,))
        found = ads.targets(*key, target)
        assert 0 < found.num_rows <= 59
        answer = ads.answer(*key, Asked(target, "customers", "towns", 9, 1, 3))
        assert answer.target == found.num_rows
    finally:
        store.delete(opened, made.id)


def test_more_money_reaches_no_fewer_and_the_bound_is_above(key: tuple[Any, ...]) -> None:
    found = ads.curve(*key, ASKED)
    assert found["budget"].is_monotonic_increasing
    assert (found["bound"] >= found["reach"] - 1e-9).all()
    assert found["reach"].is_monotonic_increasing
    assert found["bound"].is_monotonic_increasing


def test_the_areas_are_circles_around_the_places(key: tuple[Any, ...]) -> None:
    made = ads.answer(*key, ASKED)
    features = json.loads(geojson_of(made, 8.0))["features"]
    assert len(features) == len(made.chosen)
    for feature, place in zip(features, made.chosen.itertuples(), strict=True):
        corners = np.array(shape(feature["geometry"]).exterior.coords)
        assert np.allclose(haversine_km(corners[:, 1], corners[:, 0], place.lat, place.lon), 8.0, atol=0.01)


def test_postcodes_with_too_few_people_are_not_told(
    key: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = ads._reached(*key, ASKED).reset_index(drop=True)
    codes = ["41000"] * 6 + ["41050"] * 4 + ["=1+1"] * (len(frame) - 10)
    monkeypatch.setattr(ads, "_reached", lambda *_: frame.assign(postcode=codes))
    found = ads.postcodes(*key, ASKED)
    assert "41050" not in found["postcode"].tolist()
    assert found.set_index("postcode")["customers"]["41000"] == 6
