"""A place is found by the name people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reference import loader
from geo.search import Places, collect


@pytest.fixture(scope="module")
def places() -> Places:
    frames = (loader.towns(), loader.areas(), loader.postcodes_my(), loader.villages_id(), loader.regions())
    return Places(collect(*frames))


@pytest.mark.parametrize(
    ("typed", "country", "kind", "name", "region"),
    [
        ("klang", "MY", "town", "Klang", "MY-10"),
        ("JB", "MY", "town", "Johor Bahru", "MY-01"),
        ("bandar seri beg", "MY", "town", "Bandar Seri Begawan", "BN-BM"),
        ("50450", "MY", "postcode", "50450", "MY-14"),
        ("40115", "ID", "postcode", "40115", "ID-JB"),
        ("sulawesi selatan", "ID", "region", "Sulawesi Selatan", "ID-SN"),
    ],
)
def test_what_is_meant_comes_first(places, typed, country, kind, name, region):
    first = places.find(typed, country)[0]
    assert (first.kind, first.name, first.region_code) == (kind, name, region)


def test_the_country_of_the_workspace_comes_first(places):
    assert {place.region_code[:2] for place in places.find("Kota", "MY", limit=5)} == {"MY"}
    assert {place.region_code[:2] for place in places.find("Kota", "ID", limit=5)} == {"ID"}


def test_a_single_letter_and_nonsense_find_nothing(places):
    assert places.find("k", "MY") == []
    assert places.find("zzqqxx", "MY") == []


@given(st.text(max_size=30))
def test_any_text_finds_places_on_earth_or_nothing(places, typed):
    for place in places.find(typed, "MY"):
        assert -90 <= place.lat <= 90
        assert -180 <= place.lon <= 180
