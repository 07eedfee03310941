"""A row's own coordinates: believed, repaired or reported."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.gazetteer import Gazetteer
from geo.placing import PROBLEMS, place, place_stores, unplaced


def _codes(placed: pd.DataFrame) -> list[str | None]:
    return [code if isinstance(code, str) else None for code in placed["region_code"]]


def _place(gazetteer: Gazetteer, **columns: object) -> pd.Series:
    frame = pd.DataFrame({name: [value] for name, value in columns.items()})
    return place(frame, gazetteer).iloc[0]


def test_coordinates_in_the_stated_state_are_exact(gazetteer: Gazetteer) -> None:
    row = _place(gazetteer, lat=3.05, lon=101.45, region="Selangor", city="Kajang")
    assert (row.lat, row.lon, row.geo_precision, row.region_code, row.problem) == (
        3.05,
        101.45,
        "exact",
        "MY-10",
        "",
    )


@pytest.mark.parametrize(
    ("lat", "lon", "country", "region", "problem", "precision", "code"),
    [
        (101.45, 3.05, "MY", "Selangor", "coordinates_swapped_repaired", "exact", "MY-10"),
        (106.82, -6.17, "ID", None, "coordinates_swapped_repaired", "exact", "ID-JK"),
        (0.0, 0.0, "MY", "Selangor", "coordinates_zero", "region", "MY-10"),
        (999.0, 101.45, "MY", "Selangor", "coordinates_impossible", "region", "MY-10"),
        (95.0, 101.45, "MY", "Selangor", "coordinates_impossible", "region", "MY-10"),
        (3.05, np.nan, "MY", "Selangor", "coordinates_incomplete", "region", "MY-10"),
        (51.5, -0.12, "MY", "Selangor", "coordinates_outside_country", "region", "MY-10"),
        (-6.17, 106.82, "MY", "Selangor", "coordinates_outside_country", "region", "MY-10"),
        (6.12, 102.24, "MY", "Selangor", "coordinates_outside_region", "region", "MY-10"),
        (101.45, 3.05, "MY", "Kelantan", "coordinates_outside_region", "region", "MY-03"),
        (3.33, 117.58, "ID", "Kalimantan Utara", "", "exact", "ID-KU"),
        (3.05, 101.45, "Narnia", None, "country_unknown", "exact", "MY-10"),
    ],
)
def test_coordinates_are_judged_by_country_and_state(
    lat: float,
    lon: float,
    country: str,
    region: str | None,
    problem: str,
    precision: str,
    code: str,
    gazetteer: Gazetteer,
) -> None:
    row = _place(gazetteer, lat=lat, lon=lon, country=country, region=region)
    assert (row.problem, row.geo_precision, row.region_code) == (problem, precision, code)
    assert problem == "" or problem in PROBLEMS


def test_a_repaired_swap_lies_where_it_was_meant(gazetteer: Gazetteer) -> None:
    row = _place(gazetteer, lat=101.45, lon=3.05, country="MY")
    assert (row.lat, row.lon) == (3.05, 101.45)


def test_a_tarakan_customer_keeps_the_young_province_that_the_address_names(gazetteer: Gazetteer) -> None:
    row = _place(gazetteer, lat=3.33, lon=117.58, country="ID", city="Kota Tarakan")
    assert (row.geo_precision, row.region_code) == ("exact", "ID-KU")


def test_the_index_and_the_order_of_the_customers_are_kept(gazetteer: Gazetteer) -> None:
    frame = pd.DataFrame({"city": ["Klang", None, "Ipoh", "Klang"]}, index=[7, 3, 9, 1])
    placed = place(frame, gazetteer)
    assert placed.index.tolist() == [7, 3, 9, 1]
    assert _codes(placed) == ["MY-10", None, "MY-08", "MY-10"]


def test_no_customers_and_no_columns_are_no_error(gazetteer: Gazetteer) -> None:
    assert place(pd.DataFrame({"city": pd.Series([], dtype=object)}), gazetteer).empty
    assert place(pd.DataFrame(index=[1, 2]), gazetteer)["problem"].tolist() == ["no_address"] * 2


def test_numbers_in_a_postcode_column_are_postcodes(gazetteer: Gazetteer) -> None:
    placed = place(pd.DataFrame({"postcode": [5000.0, np.nan, 41000.0]}), gazetteer)
    assert _codes(placed) == ["MY-02", None, "MY-10"]


def test_stores_get_the_state_they_stand_in(gazetteer: Gazetteer) -> None:
    stores = pd.DataFrame({"lat": [3.04, -6.2, 0.0, np.nan, 0.5], "lon": [101.45, 106.8, 0.0, np.nan, -30.0]})
    found = place_stores(stores, gazetteer)
    assert _codes(found) == ["MY-10", "ID-JK", None, None, None]
    assert found["problem"].tolist() == [
        "",
        "",
        "coordinates_zero",
        "no_address",
        "coordinates_outside_country",
    ]


def test_unplaced_names_are_listed_with_their_customers(gazetteer: Gazetteer) -> None:
    frame = pd.DataFrame(
        {"city": ["Klnag", "Klnag", "Klang", "Ipoh"], "region": ["Selangor"] * 3 + ["Peark"]}
    )
    listed = unplaced(frame, place(frame, gazetteer))
    assert listed[["problem", "field", "value", "region", "customers"]].to_numpy().tolist() == [
        ["place_unknown", "city", "Klnag", "Selangor", 2],
        ["region_unknown", "region", "Peark", "Peark", 1],
    ]
