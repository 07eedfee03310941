"""Addresses as they come, and where they must land.

Expected towns are checked by name against the reference towns (GeoNames), not against numbers of our own;
the states against the official lists (ISO 3166-2, Kemendagri).
"""

from __future__ import annotations

import pandas as pd
import pytest

from data.reference import loader
from geo.distance import haversine_km
from geo.gazetteer import Gazetteer
from geo.locating import Address, locate

NEAR_KM = 12.0

# (address, state, precision, GeoNames town it must be near)
TRICKY = [
    ({"city": "Georgetown", "region": "Penang"}, "MY-07", "city", "George Town"),
    ({"city": "Butterworth", "region": "P. Pinang"}, "MY-07", "city", "Butterworth"),
    ({"city": "Melaka", "region": "Malacca"}, "MY-04", "city", "Malacca"),
    ({"city": "MALACCA", "region": "melaka"}, "MY-04", "city", "Malacca"),
    ({"city": "Johore Bahru", "region": "Johore"}, "MY-01", "city", "Johor Bahru"),
    ({"city": "JB", "region": "Johor Darul Takzim"}, "MY-01", "city", "Johor Bahru"),
    ({"city": "KL", "region": "W.P. Kuala Lumpur"}, "MY-14", "city", "Kuala Lumpur"),
    ({"city": "Kuala Lumpur", "region": "Wilayah Persekutuan"}, "MY-14", "city", "Kuala Lumpur"),
    ({"city": "Putrajaya", "region": "WP Putrajaya"}, "MY-16", "city", "Putrajaya"),
    ({"postcode": "87000", "region": "Wilayah Persekutuan Labuan"}, "MY-15", "postcode", "Bandar Labuan"),
    ({"city": "Seremban", "region": "N. Sembilan"}, "MY-05", "city", "Seremban"),
    ({"city": "Kuala Trengganu", "region": "Trengganu"}, "MY-11", "city", "Kuala Terengganu"),
    ({"city": "Kuantan", "region": "Pahang Darul Makmur"}, "MY-06", "city", "Kuantan"),
    ({"city": "Alor Star", "region": "Kedah"}, "MY-02", "city", "Alor Setar"),
    ({"city": "Kuah", "region": "KEDAH"}, "MY-02", "city", "Kuah"),
    ({"city": "KK", "region": "Sabah"}, "MY-12", "city", "Kota Kinabalu"),
    ({"subdistrict": "Mukim Kajang", "region": "Selangor"}, "MY-10", "subdistrict", "Kajang"),
    ({"district": "Daerah Hulu Langat", "region": "Selangor"}, "MY-10", "district", "Kajang"),
    ({"district": "Ulu Langat", "region": "Selangor"}, "MY-10", "district", "Kajang"),
    ({"village": "Kg. Baru", "region": "Kuala Lumpur"}, "MY-14", "village", "Kampung Baru"),
    ({"postcode": "5000", "region": "Kedah"}, "MY-02", "postcode", "Alor Setar"),
    ({"postcode": "05000.0"}, "MY-02", "postcode", "Alor Setar"),
    ({"postcode": "'01000"}, "MY-09", "postcode", "Kangar"),
    ({"postcode": "40 000", "city": "Shah Alam"}, "MY-10", "postcode", "Shah Alam"),
    ({"city": "Serdang", "region": "Selangor"}, "MY-10", "city", "Seri Kembangan"),
    ({"city": "Ampang", "region": "Kuala Lumpur"}, "MY-14", "city", "Ampang"),
    ({"city": "Kota Bahru", "region": "Kelantan"}, "MY-03", "city", "Kota Bharu"),
    (
        {"country": "Indonesia", "city": "Kota Bandung", "region": "Jawa Barat"},
        "ID-JB",
        "district",
        "Bandung",
    ),
    ({"country": "ID", "city": "Bandung", "region": "West Java"}, "ID-JB", "district", "Bandung"),
    ({"country": "ID", "city": "Bandung", "region": "Java West"}, "ID-JB", "district", "Bandung"),
    (
        {"country": "ID", "district": "Kab. Sleman", "region": "D.I. Yogyakarta"},
        "ID-YO",
        "district",
        "Sleman",
    ),
    ({"country": "ID", "city": "South Jakarta", "region": "DKI Jakarta"}, "ID-JK", "district", "Jakarta"),
    (
        {"country": "ID", "city": "Kota Adm. Jakarta Selatan", "region": "Daerah Khusus Ibukota Jakarta"},
        "ID-JK",
        "district",
        "Jakarta",
    ),
    ({"country": "ID", "city": "Medan", "region": "Sumut"}, "ID-SU", "district", "Medan"),
    ({"country": "ID", "city": "Banda Aceh", "region": "NAD"}, "ID-AC", "district", "Banda Aceh"),
    ({"country": "ID", "city": "Pangkalpinang", "region": "Babel"}, "ID-BB", "district", "Pangkalpinang"),
    ({"country": "ID", "city": "Batam", "region": "Kep. Riau"}, "ID-KR", "district", "Batam"),
    ({"country": "ID", "city": "Tarakan", "region": "North Kalimantan"}, "ID-KU", "district", "Tarakan"),
    (
        {"country": "ID", "district": "Kab. Merauke", "region": "Papua Selatan"},
        "ID-PS",
        "district",
        "Merauke",
    ),
    ({"country": "ID", "city": "Kota Sorong", "region": "Papua Barat Daya"}, "ID-PD", "district", "Sorong"),
    (
        {"country": "ID", "subdistrict": "Kec. Kuta", "district": "Badung", "region": "Bali"},
        "ID-BA",
        "subdistrict",
        "Kuta",
    ),
    (
        {"country": "ID", "district": "Kuta", "city": "Kab. Badung", "region": "Bali"},
        "ID-BA",
        "subdistrict",
        "Kuta",
    ),
    ({"country": "ID", "postcode": "16911"}, "ID-JB", "postcode", "Cibinong"),
    ({"country": "Singapura", "city": "Singapore"}, "SG-01", "city", "Singapore"),
    ({"country": "Brunei Darussalam", "city": "Bandar Seri Begawan"}, "BN-BM", "city", "Bandar Seri Begawan"),
    ({"country": "Australia", "region": "NSW", "city": "Sydney"}, "AU-NSW", "city", "Sydney"),
    ({"country": "USA", "region": "Illinois", "city": "Springfield"}, "US-IL", "city", "Springfield"),
]


def _town(name: str, region: str) -> pd.Series:
    towns = loader.towns()
    polygon = {"ID-KU": ("ID-KU", "ID-KI"), "ID-PD": ("ID-PD", "ID-PB"), "ID-PS": ("ID-PS", "ID-PA")}
    found = towns[(towns["name"] == name) & towns["region_code"].isin(polygon.get(region, (region,)))]
    return found.iloc[0]


@pytest.mark.parametrize(("address", "region", "precision", "town"), TRICKY, ids=lambda v: str(v)[:60])
def test_an_address_lands_in_its_town(
    address: dict[str, str], region: str, precision: str, town: str, gazetteer: Gazetteer
) -> None:
    found = locate(Address(**address), gazetteer, "MY")
    assert (found.region, found.precision, found.problem) == (region, precision, "")
    expected = _town(town, region)
    assert found.point is not None
    assert float(haversine_km(*found.point, expected["lat"], expected["lon"])) <= NEAR_KM


# (address, what is wrong, in which column, state it may still be given)
WRONG = [
    ({"city": "Klang", "region": "Johor"}, "place_unknown", "city", "MY-01"),
    ({"city": "Klang", "country": "Indonesia"}, "place_unknown", "city", None),
    ({"city": "Johor Bahru", "region": "Johor", "country": "Indonesia"}, "region_unknown", "region", None),
    ({"region": "Atlantis"}, "region_unknown", "region", None),
    ({"district": "Kuching", "region": "Aceh"}, "region_unknown", "region", "MY-13"),
    ({"country": "Narnia", "city": "Klang"}, "country_unknown", "country", None),
    ({"postcode": "99999"}, "postcode_unknown", "postcode", None),
    ({"postcode": "47301", "city": "Skudai", "region": "Johor"}, "postcode_elsewhere", "postcode", "MY-01"),
    (
        {"postcode": "60111", "region": "Jawa Barat", "country": "ID"},
        "postcode_elsewhere",
        "postcode",
        "ID-JB",
    ),
    ({"city": "Kota Surabaya", "region": "Jawa Barat", "country": "ID"}, "place_unknown", "city", "ID-JB"),
    ({"district": "Bandung", "region": "Jawa Barat", "country": "ID"}, "ambiguous", "district", "ID-JB"),
    ({"village": "Sukamaju", "country": "ID"}, "ambiguous", "village", None),
    ({"city": "Springfield", "country": "US"}, "ambiguous", "city", None),
    ({"country": "MY"}, "no_address", "", None),
    ({}, "no_address", "", None),
]


@pytest.mark.parametrize(("address", "problem", "column", "region"), WRONG, ids=lambda v: str(v)[:60])
def test_what_cannot_be_placed_as_stated_is_reported(
    address: dict[str, str], problem: str, column: str, region: str | None, gazetteer: Gazetteer
) -> None:
    found = locate(Address(**address), gazetteer, "MY")
    assert (found.problem, found.problem_field, found.region) == (problem, column, region)


def test_kota_and_kabupaten_of_one_name_have_different_points(gazetteer: Gazetteer) -> None:
    areas = loader.areas()
    kotas = areas[
        (areas["level"] == "district") & areas["name"].str.startswith("Kota ") & areas["lat"].notna()
    ]
    twins = 0
    for row in kotas.itertuples():
        pair = [
            locate(
                Address(country="ID", region=loader_name(row.region_code), district=f"{kind} {row.name[5:]}"),
                gazetteer,
                "ID",
            )
            for kind in ("Kota", "Kabupaten")
        ]
        if pair[0].precision == pair[1].precision == "district":
            twins += 1
            assert pair[0].point != pair[1].point, row.name
    assert twins >= 20


def loader_name(code: str) -> str:
    regions = loader.regions()
    return str(regions.loc[regions["code"] == code, "name"].iloc[0])


def test_the_same_name_in_two_states_lands_in_the_stated_one(gazetteer: Gazetteer) -> None:
    index = gazetteer.country("MY")
    shared = {name: by for name, by in index.towns.items() if len([r for r in by if r]) > 1}
    assert len(shared) > 15
    for name, by_region in shared.items():
        assert locate(Address(city=name), gazetteer, "MY").point is None, name
        for region in by_region:
            found = locate(Address(city=name, region=str(region)), gazetteer, "MY")
            assert found.region == region, name
