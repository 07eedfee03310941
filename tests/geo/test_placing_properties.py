"""What holds for every address, however odd."""

from __future__ import annotations

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.reference import loader
from data.schema import GEO_PRECISIONS
from geo.gazetteer import BORDER_KM, Gazetteer
from geo.placing import PROBLEMS, place
from geo.regions import assign, polygon_codes

REGIONS = loader.regions_of("MY,ID")
NAMES = sorted({*REGIONS["name"], "Penang", "West Java", "Jabar", "Atlantis", ""})
TOWNS = sorted(loader.towns().query("country in ('MY', 'ID')")["name"].sample(300, random_state=4))
AREAS = sorted(loader.areas()["name"].sample(300, random_state=4))
VILLAGES = sorted(loader.villages_id()["name"].sample(300, random_state=4))
POSTCODES = sorted(loader.villages_id()["postcode"].dropna().sample(100, random_state=4))
POSTCODES += ["50450", "5000", "x", ""]

ADDRESSES = st.fixed_dictionaries(
    {
        "postcode": st.sampled_from(POSTCODES),
        "village": st.sampled_from(["", *VILLAGES]),
        "subdistrict": st.sampled_from(["", *AREAS]),
        "district": st.sampled_from(["", *AREAS]),
        "city": st.one_of(st.sampled_from(["", *TOWNS]), st.text(max_size=12)),
        "region": st.sampled_from(NAMES),
        "country": st.sampled_from(["", "MY", "Indonesia", "Narnia"]),
        "lat": st.one_of(st.none(), st.floats(-200, 200)),
        "lon": st.one_of(st.none(), st.floats(-200, 200)),
    }
)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.lists(ADDRESSES, min_size=1, max_size=8))
@QUICK
def test_a_placed_row_lies_in_the_country_and_region_it_is_given(
    gazetteer: Gazetteer, rows: list[dict[str, str]]
) -> None:
    placed = place(pd.DataFrame(rows), gazetteer)
    assert set(placed["geo_precision"]) <= set(GEO_PRECISIONS)
    assert set(placed["problem"]) <= {"", *PROBLEMS}
    assert (placed["lat"].notna() == (placed["geo_precision"] != "none")).all()
    inside = placed[placed["lat"].notna()]
    polygons = polygon_codes(inside["region_code"], REGIONS)
    assert polygons.notna().all()
    for (_, row), polygon in zip(inside.iterrows(), polygons, strict=True):
        own = REGIONS[REGIONS["code"] == polygon].reset_index(drop=True)
        assert assign([row.lon], [row.lat], own, 3 * BORDER_KM)[0] == 0, row.to_dict()


@given(st.lists(ADDRESSES, min_size=1, max_size=8))
@QUICK
def test_a_stated_region_is_never_overruled(gazetteer: Gazetteer, rows: list[dict[str, str]]) -> None:
    frame = pd.DataFrame(rows)
    placed = place(frame, gazetteer)
    known = dict(zip(REGIONS["name"], REGIONS["code"], strict=True))
    country = frame["country"].replace({"": "MY", "Indonesia": "ID"})
    stated = frame["region"].map(known)
    same_country = stated.str[:2] == country
    assert (placed["region_code"][same_country] == stated[same_country]).all()


@given(st.lists(ADDRESSES, min_size=1, max_size=6))
@QUICK
def test_exact_coordinates_placed_again_stay_as_they_are(
    gazetteer: Gazetteer, rows: list[dict[str, str]]
) -> None:
    frame = pd.DataFrame(rows)
    once = place(frame, gazetteer)
    exact = once["geo_precision"] == "exact"
    again = place(frame.assign(lat=once["lat"], lon=once["lon"])[exact], gazetteer)
    same = ["lat", "lon", "geo_precision", "region_code"]
    pd.testing.assert_frame_equal(again[same], once.loc[exact, same])


@given(st.lists(ADDRESSES, min_size=2, max_size=6))
@QUICK
def test_a_customer_is_placed_alike_whoever_stands_beside(
    gazetteer: Gazetteer, rows: list[dict[str, str]]
) -> None:
    together = place(pd.DataFrame(rows), gazetteer)
    alone = pd.concat([place(pd.DataFrame([row]), gazetteer) for row in rows], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)
