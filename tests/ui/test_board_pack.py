"""The board pack: one page a site, offline, and hostile text stays text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
import shapely
from PIL import Image

from charts.maps.paper_map import Spot, draw
from data import site_photos
from data.site_scenarios import Assumption, Scenario
from i18n.numbers import LANGUAGES
from i18n.translator import translator
from ui import board_pack, report_pdf

EVIL = "</p><script>alert(1)</script>${x}"
SITE = {
    "name": "Kulim",
    "lat": 5.37,
    "lon": 100.56,
    "p10": 100_000.0,
    "p50": 200_000.0,
    "p90": 400_000.0,
    "lost": 20_000.0,
    "net_low": -5_000.0,
    "net": 30_000.0,
    "net_high": 90_000.0,
    "payback_months": 15.2,
    "highest_rent": 3_200.0,
    "reason": "",
    "losses": [{"name": "George Town", "loss": 18_000.0}],
    "alike": [{"name": "Ipoh", "sales": 120_000.0}],
    "cases": [{"code": "base", "value": 31_000.0}, {"code": "rival", "value": 9_000.0}],
    "cases_net": True,
}
SCENARIO = Scenario(
    key="0" * 16,
    name="North",
    saved_on=date(2026, 11, 23),
    snapshot="abc",
    data_to=date(2026, 11, 22),
    currency="MYR",
    owner="Siti",
    dissent="Ali: too early.",
    inputs={},
    results={
        "gap": 0.004,
        "proved": False,
        "median_error": 0.23,
        "word": "rough",
        "stores": [{"name": "George Town", "lat": 5.404, "lon": 100.327, "own": True}],
        "sites": [
            SITE,
            SITE
            | {"name": "Alor Setar", "lat": 6.12, "lon": 100.37, "payback_months": None, "reason": "never"},
        ],
    },
    assumptions=(Assumption("own_share", "30%", "Siti", "1 Nov 2026"),),
)
LAND = [shapely.box(100, 5, 101, 6), shapely.box(10, 10, 11, 11)]


class Tags(HTMLParser):
    """The tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_page_a_site_with_map_errors_assumptions_and_dissent(lang):
    t = translator(lang)
    made = board_pack.page(SCENARIO, LAND, "Kedai", t)
    tags = Tags(made).seen
    assert tags.count("main") == 2
    assert tags.count("svg") == 2
    for text in ("Kulim", "Alor Setar", "George Town", "Ipoh", "Ali: too early.", "1 Nov 2026", "30%"):
        assert text in made
    assert t.percent(0.004, 2) in made  # both errors, side by side
    assert "±" + t.percent(0.23) in made
    assert t("sites.reason.never") in made


def test_nothing_runs_and_nothing_is_fetched():
    site = SITE | {
        "name": EVIL,
        "losses": [{"name": EVIL, "loss": 1.0}],
        "alike": [{"name": EVIL, "sales": 1.0}],
    }
    results = SCENARIO.results | {
        "sites": [site],
        "stores": [{"name": EVIL, "lat": 5.4, "lon": 100.5, "own": True}],
    }
    evil = replace(
        SCENARIO,
        name=EVIL,
        owner=EVIL,
        dissent=EVIL,
        results=results,
        assumptions=(Assumption(EVIL, EVIL, EVIL, EVIL),),
    )
    made = board_pack.page(evil, LAND, EVIL, translator("en"))
    assert "script" not in Tags(made).seen
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:|//)", made)
    assert "default-src 'none'" in made


def test_a_decision_for_nothing_has_a_page_too():
    nothing = replace(SCENARIO, results=SCENARIO.results | {"sites": []})
    assert translator("en")("sites.answer.nothing") in board_pack.page(
        nothing, LAND, "Kedai", translator("en")
    )


def test_the_photo_of_the_visit_is_inside_the_page_and_nothing_else_is():
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(out, format="JPEG")
    frozen = site_photos.small(site_photos.photo(out.getvalue()))
    for given, shown in ((frozen, 1), ("x' onerror='alert(1)", 0), ("PHN2Zz4=", 0), (None, 0)):
        scenario = replace(SCENARIO, results=SCENARIO.results | {"sites": [SITE | {"photo": given}]})
        made = board_pack.page(scenario, LAND, "Kedai", translator("en"))
        assert Tags(made).seen.count("img") == shown
        assert "onerror" not in made
        assert ("data:image/jpeg;base64," in made) == bool(shown)


def test_the_map_leaves_out_what_is_not_in_the_picture():
    centre = Spot(5.37, 100.56, "Kulim", "site")
    far = Spot(1.5, 103.7, "Johor", "own")
    made = draw(LAND, [far], centre, 60, "Map")
    assert made.count("<path") == 2  # one region, and the scale bar
    assert "Johor" not in made
    assert "Kulim" in made
    assert "10 km" in made


def test_without_a_rent_the_pack_says_why_and_tries_no_other_rent():
    t = translator("en")
    unknown = {
        "net": None,
        "net_low": None,
        "net_high": None,
        "payback_months": None,
        "reason": "rent_unknown",
    }
    cases = [{"code": code, "value": 1e5} for code in ("base", "rent_up", "rival")]
    site = SITE | unknown | {"cases": cases, "cases_net": False}
    made = board_pack.page(replace(SCENARIO, results=SCENARIO.results | {"sites": [site]}), LAND, "Kedai", t)
    assert t("sites.pack.between", low="–", high="–") not in made
    assert made.count(t("sites.reason.rent_unknown")) == 2  # of the contribution, and of the payback
    assert t("sites.case.rent_up", rent="20%") not in made
    assert t("sites.case.rival") in made


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pack_prints_one_sheet_a_site(lang):
    program = report_pdf.browser()
    if program is None:
        pytest.skip("NO BROWSER: the board pack was NOT PRINTED.")
    full = SITE | {
        "losses": [{"name": f"Kedai {k}", "loss": 1000.0} for k in range(6)],
        "alike": [{"name": f"Kedai {k}", "sales": 1000.0} for k in range(3)],
        "cases": [{"code": code, "value": 1e5} for code in ("base", "rent_up", "rival", "demand_down")],
    }
    codes = ("own_share", "margin", "beta", "surface", "radius_km", "hurdle_months", "set_up", "fixed")
    scenario = replace(
        SCENARIO,
        results=SCENARIO.results | {"sites": [full, full]},
        assumptions=tuple(Assumption(code, "30%", "Siti Aminah", "1 Nov 2026") for code in codes),
        dissent="Too early. " * 40,
    )
    made = report_pdf.print_pdf(board_pack.page(scenario, LAND, "Kedai", translator(lang)), program)
    assert len(re.findall(rb"/Type\s*/Page[^s]", made)) == 2
