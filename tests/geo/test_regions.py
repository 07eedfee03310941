"""Points into regions, against brute force and at the hard places."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.regions import NOWHERE, assign, polygon_codes, region_codes


def _frame(*shapes: object) -> gpd.GeoDataFrame:
    codes = [f"XX-{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes, "polygon_code": codes}, geometry=list(shapes), crs=4326)


def test_assign_agrees_with_brute_force_containment(regions: gpd.GeoDataFrame) -> None:
    rng = np.random.default_rng(11)
    lon, lat = rng.uniform(95, 141, 4000), rng.uniform(-11, 7.4, 4000)
    found = assign(lon, lat, regions)
    points = shapely.points(lon, lat)
    expected = np.full(lon.size, NOWHERE)
    for row in reversed(range(len(regions))):
        shape = regions.geometry.iloc[row]
        if shape is not None:
            expected[shapely.intersects(shape, points)] = row
    assert (found == expected).all()
    assert (found >= 0).mean() > 0.15


def test_a_point_on_a_common_border_belongs_to_exactly_the_first_region() -> None:
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    lat = np.linspace(0, 1, 21)
    assert set(assign(np.ones(21), lat, _frame(left, right)).tolist()) == {0}
    assert set(assign(np.ones(21), lat, _frame(right, left)).tolist()) == {0}


def test_the_answer_does_not_depend_on_the_order_of_the_points(regions: gpd.GeoDataFrame) -> None:
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(100, 119, 500), rng.uniform(0.8, 7, 500)
    order = rng.permutation(500)
    assert (assign(lon, lat, regions)[order] == assign(lon[order], lat[order], regions)).all()


def test_a_hole_is_outside_and_an_island_in_it_is_its_own() -> None:
    ring = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [shapely.box(3, 3, 6, 6).exterior])
    island = shapely.box(4, 4, 5, 5)
    assert assign([1, 3.5, 4.5], [1, 3.5, 4.5], _frame(ring, island)).tolist() == [0, NOWHERE, 1]


def test_longitudes_beyond_the_date_line_come_back_to_the_same_place() -> None:
    fiji = shapely.multipolygons([shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)])
    assert assign([179.0, 181.0, -179.0, 539.0, 0.0], [-17.0] * 5, _frame(fiji)).tolist() == [
        0,
        0,
        0,
        0,
        NOWHERE,
    ]


def test_missing_and_infinite_coordinates_lie_nowhere(regions: gpd.GeoDataFrame) -> None:
    assert assign([np.nan, np.inf, 101.6], [3.1, 3.1, np.nan], regions, 50).tolist() == [NOWHERE] * 3


def test_snapping_takes_the_nearest_region_within_reach_and_no_further(regions: gpd.GeoDataFrame) -> None:
    at_sea = ([98.0], [4.0])
    klang_coast = ([101.20], [3.05])
    assert region_codes(*klang_coast, regions).tolist() == [None]
    assert region_codes(*klang_coast, regions, snap_km=20).tolist() == ["MY-10"]
    assert region_codes(*at_sea, loader_my(regions), snap_km=20).tolist() == [None]


def loader_my(regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return regions[regions["country"] == "MY"].reset_index(drop=True)


def test_unequal_lengths_are_an_error_with_both_counts(regions: gpd.GeoDataFrame) -> None:
    with pytest.raises(ValueError, match="got 2 and 1"):
        assign([1.0, 2.0], [1.0], regions)


@pytest.mark.parametrize(
    ("place", "lat", "lon", "code"),
    [
        ("Kuala Lumpur, Merdeka Square", 3.1489, 101.6934, "MY-14"),
        ("Putrajaya, Perdana Putra", 2.9397, 101.6915, "MY-16"),
        ("Labuan, town", 5.2831, 115.2308, "MY-15"),
        ("Langkawi, Kuah: an island of Kedah", 6.3265, 99.8432, "MY-02"),
        ("Tioman, Tekek: an island of Pahang", 2.8147, 104.1592, "MY-06"),
        ("George Town", 5.4141, 100.3288, "MY-07"),
        ("Kota Kinabalu", 5.9749, 116.0724, "MY-12"),
        ("Kuching", 1.5497, 110.3634, "MY-13"),
        ("Jakarta, Monas", -6.1754, 106.8272, "ID-JK"),
        ("Bandung", -6.9147, 107.6098, "ID-JB"),
        ("Yogyakarta", -7.7956, 110.3695, "ID-YO"),
        ("Denpasar", -8.6705, 115.2126, "ID-BA"),
        ("Batam", 1.1301, 104.0529, "ID-KR"),
        ("Jayapura", -2.5337, 140.7181, "ID-PA"),
        ("Tarakan, drawn in the parent province", 3.3274, 117.5785, "ID-KI"),
    ],
)
def test_known_places_lie_in_their_state(
    place: str, lat: float, lon: float, code: str, regions: gpd.GeoDataFrame
) -> None:
    assert region_codes([lon], [lat], regions, snap_km=10).tolist() == [code], place


def test_a_province_younger_than_the_polygons_is_drawn_as_its_parent(regions: gpd.GeoDataFrame) -> None:
    codes = pd.Series(["ID-KU", "ID-PS", "ID-PT", "ID-PE", "ID-PD", "ID-JB"])
    assert polygon_codes(codes, regions).tolist() == ["ID-KI", "ID-PA", "ID-PA", "ID-PA", "ID-PB", "ID-JB"]


def test_land_across_the_date_line_is_as_near_as_it_is():
    west = gpd.GeoDataFrame(geometry=[shapely.box(170, -20, 180, 0)], crs=4326)
    assert assign([-179.99, -179.5, 179.99], [-5.0, -5.0, -5.0], west, snap_km=20).tolist() == [0, -1, 0]
    east = gpd.GeoDataFrame(geometry=[shapely.box(-180, -20, -170, 0)], crs=4326)
    assert assign([179.99, 179.5], [-5.0, -5.0], east, snap_km=20).tolist() == [0, -1]
