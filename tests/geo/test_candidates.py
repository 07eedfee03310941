"""Candidates: drawn, read from files, proposed; and why one is left out."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from geo import candidate_rows, candidates, longlist
from geo.candidates import Candidate
from geo.captured import Market
from geo.distance import haversine_km


def test_a_file_is_read_row_by_row_with_a_reason_for_each_refusal():
    rows = pd.DataFrame(
        {
            "Nama": ["Mid Valley", "", "Pavilion", "Bad", "Far", "Half", "Unplaced", None, "Mid Valley"],
            "Latitud": ["3.1177", "3", "3.1490", "abc", "95", "3.1", "", None, "3,2"],
            "Longitud": ["101.6774", "101", "101.7133", "101", "101", "", "", None, "101,5"],
            "Sewa (bulanan)": ["RM12,500", "", "18.000,50", "1", "1", "1", "", None, ""],
            "Luas m²": ["420", "", "", "", "", "", "", None, ""],
        }
    )
    found = candidate_rows.read(rows)
    assert [c.name for c in found.candidates] == ["Mid Valley", "Pavilion", "Unplaced", "Mid Valley (2)"]
    assert found.candidates[0] == Candidate("Mid Valley", 3.1177, 101.6774, rent=12500.0, size_m2=420.0)
    assert found.candidates[1].rent == 18000.5
    assert not found.candidates[2].placed
    assert (found.candidates[3].lat, found.candidates[3].lon) == (3.2, 101.5)
    assert [(r.row, r.column, r.reason) for r in found.refused] == [
        (3, "name", "no_name"),
        (5, "lat", "not_a_number"),
        (6, "lat", "out_of_range"),
        (7, "lon", "no_coordinates"),
    ]


def test_a_file_without_a_name_column_is_refused():
    with pytest.raises(ValueError, match="column name"):
        candidate_rows.read(pd.DataFrame({"foo": ["1"]}))


@given(st.text(max_size=30), st.text(max_size=12), st.text(max_size=12))
def test_no_cell_of_a_file_ends_in_an_error(name, lat, lon):
    found = candidate_rows.read(pd.DataFrame({"name": [name], "lat": [lat], "lon": [lon]}))
    assert len(found.candidates) + len(found.refused) <= 1


def test_what_is_drawn_becomes_points():
    square = [[101.0, 3.0], [102.0, 3.0], [102.0, 4.0], [101.0, 4.0], [101.0, 3.0]]
    features = [
        {"geometry": {"type": "Polygon", "coordinates": [square]}},
        {"geometry": {"type": "Point", "coordinates": [461.5, 3.1]}},
    ]
    found = candidates.drawn(features, "Site")
    assert [(c.name, c.lat, round(c.lon, 6)) for c in found.candidates] == [
        ("Site 1", 3.5, 101.5),
        ("Site 2", 3.1, 101.5),
    ]
    assert found.dropped == 0


@pytest.mark.parametrize("east", [181.0, -179.0])
@pytest.mark.parametrize("shift", [0.0, -360.0])
def test_an_area_across_the_date_line_has_its_middle_there(east, shift):
    """Fiji, as a map that runs on draws it and as one that jumps does."""
    ring = [[lon + shift, lat] for lon, lat in ([178, -18], [east, -18], [east, -16], [178, -16], [178, -18])]
    (found,) = candidates.drawn([{"geometry": {"type": "Polygon", "coordinates": [ring]}}], "Site").candidates
    assert (found.lat, found.lon) == pytest.approx((-17.0, 179.5))


def test_the_middle_of_an_area_does_not_hang_on_where_its_corners_are_close():
    ring = [[0, 0], *[[4, y / 10] for y in range(41)], [0, 4], [0, 0]]
    (found,) = candidates.drawn([{"geometry": {"type": "Polygon", "coordinates": [ring]}}], "S").candidates
    assert (found.lat, found.lon) == pytest.approx((2.0, 2.0))


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[["a", 1]] * 4]},
        {"type": "Polygon", "coordinates": [[[float("nan"), 1]] * 4]},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [101.0, 91.0]},
        {"type": "Point"},
        None,
    ],
)
def test_a_drawing_that_is_no_place_is_counted_and_left_out(geometry):
    point = {"geometry": {"type": "Point", "coordinates": [101.5, 3.1]}}
    found = candidates.drawn([{"geometry": geometry}, point], "Site")
    assert [(c.name, c.lat) for c in found.candidates] == [("Site 1", 3.1)]
    assert found.dropped == 1


def test_an_area_without_width_still_has_a_middle():
    flat = {"geometry": {"type": "Polygon", "coordinates": [[[101, 3], [102, 3], [103, 3], [101, 3]]]}}
    (found,) = candidates.drawn([flat], "Site").candidates
    assert (found.lat, found.lon) == pytest.approx((3.0, 102.0))


def test_towns_near_demand_are_proposed_the_largest_first():
    towns = pd.DataFrame(
        {
            "name": list("abc"),
            "lat": [3.0, 3.1, 6.0],
            "lon": [101.0, 101.1, 116.0],
            "population": [5, 50, 500],
        }
    )
    found = candidates.from_towns(towns, [3.05], [101.05], within_km=50, most=5)
    assert [c.name for c in found] == ["b", "a"]


def test_peaks_are_where_two_heaps_of_demand_lie():
    chance = np.random.default_rng(0)
    lat = np.r_[chance.normal(3, 0.02, 60), chance.normal(4, 0.02, 40), [5.0]]
    lon = np.r_[chance.normal(101, 0.02, 60), chance.normal(102, 0.02, 40), [103.0]]
    found = candidates.peaks(lat, lon, np.ones(101), width_km=5, most=2, name="P")
    for peak, at in zip(found, ((3, 101), (4, 102)), strict=True):
        assert haversine_km(peak.lat, peak.lon, *at) < 3
    assert candidates.peaks(lat, lon, np.zeros(101), 5, 2, "P") == []


def test_the_cells_with_the_most_demand_come_first():
    found = candidates.from_cells([1, 2, 3], [4, 5, 6], [1.0, 0.0, 3.0], most=5, name="C")
    assert [(c.name, c.lat) for c in found] == [("C 1", 3.0), ("C 2", 1.0)]


def test_every_exclusion_has_its_reason_and_an_unknown_rent_is_none():
    land = gpd.GeoDataFrame({"code": ["A"]}, geometry=[box(100, 1, 104, 6)], crs=4326)
    stores = pd.DataFrame(
        {"store_id": ["S1"], "lat": [3.0], "lon": [101.0], "owner": ["own"], "size_m2": [100.0]}
    )
    market = Market(
        np.array([3.2]),
        np.array([101.2]),
        np.array([[10.0]]),
        np.ones(1),
        np.ones((1, 1)),
        np.ones(1),
        np.ones(1) * 20,
    )
    sites = candidates.frame(
        [
            Candidate("nowhere", None, None),
            Candidate("sea", 0.0, 90.0),
            Candidate("near", 3.01, 101.0),
            Candidate("empty", 5.5, 103.5),
            Candidate("dear", 3.2, 101.2, set_up=900.0),
            Candidate("rent", 3.2, 101.21, rent=99.0),
            Candidate("good", 3.2, 101.19),
        ]
    )
    limits = longlist.Limits(radius_km=20, own_km=5, budget=500, set_up=100, rent=50)
    found = longlist.longlist(sites, stores, market, limits, land)
    expected = ["no_coordinates", "outside", "near_own", "no_demand", "over_budget", "over_rent", ""]
    assert found["reason"].tolist() == expected
    assert found["customers"].iloc[-1] == 1
    assert found["own_km"].iloc[2] == pytest.approx(haversine_km(3.01, 101.0, 3.0, 101.0))


def test_a_file_with_decimal_commas_is_read_by_its_coordinates():
    rows = pd.DataFrame(
        {
            "nama": ["Tapak A", "Tapak B"],
            "lintang": ["3,139", "-6,21"],
            "bujur": ["101,694", "106,845"],
            "sewa": ["1.500", "Rp4.500,50"],
        }
    )
    found = candidate_rows.read(rows)
    assert found.refused == ()
    assert [(site.lat, site.lon, site.rent) for site in found.candidates] == [
        (3.139, 101.694, 1500.0),
        (-6.21, 106.845, 4500.5),
    ]
