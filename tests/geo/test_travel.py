"""The cost of ways: what was given counts, the rest is said to be estimated, hostile files are refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.distance import haversine_km
from geo.travel import TravelRefused, detour, from_times, straight
from geo.travel_files import read_isochrones, read_matrix

STORES = pd.DataFrame({"store_id": ["A", "B"], "lat": [3.14, 3.04], "lon": [101.69, 101.45]})
LAT, LON = [3.10, 3.00], [101.60, 101.50]


def test_a_straight_line_is_the_great_circle_and_a_detour_a_multiple_of_it() -> None:
    km = straight().cost(LAT, LON, STORES)
    assert km[0, 1] == pytest.approx(float(haversine_km(3.10, 101.60, 3.04, 101.45)))
    assert detour(1.4).cost(LAT, LON, STORES) == pytest.approx(1.4 * km)
    assert (straight().label, detour().label, detour().calibrated) == ("straight", "detour", False)
    with pytest.raises(ValueError, match="between 1 and 5"):
        detour(0.9)


def test_a_place_or_store_without_coordinates_is_out_of_reach() -> None:
    stores = STORES.assign(lat=[3.14, None])
    cost = straight().cost([3.1, np.nan], [101.6, 101.5], stores)
    assert np.isinf(cost).tolist() == [[False, True], [True, True]]


MATRIX = b"lat,lon,store_id,minutes\n3.10,101.60,A,22\n3.10,101.60,B,35\n3.00,101.50,A,40\n"


def test_given_minutes_count_and_the_others_are_estimated_from_them() -> None:
    travel = from_times(read_matrix(MATRIX), STORES, "matrix")
    cost = travel.cost([*LAT, 5.0], [*LON, 100.0], STORES)
    assert cost[0].tolist() == [22, 35]
    assert cost[1, 0] == 40
    km = straight().cost([*LAT, 5.0], [*LON, 100.0], STORES)
    rates = [22 / km[0, 0], 35 / km[0, 1], 40 / km[1, 0]]
    assert travel.factor == pytest.approx(np.median(rates))
    assert cost[1, 1] == pytest.approx(travel.factor * km[1, 1])
    assert cost[2] == pytest.approx(travel.factor * km[2])  # farther than 5 km from every origin
    assert travel.share_given([*LAT, 5.0], [*LON, 100.0], STORES) == pytest.approx(3 / 6)
    assert (travel.unit, travel.calibrated) == ("min", True)


def test_origins_may_be_postcodes_of_customers_and_separators_are_told() -> None:
    data = b"poskod;kedai;minit\n41000;B;12\n99999;B;9\n"
    found = read_matrix(data, {"41000": (3.03, 101.44)})
    assert found.minutes.tolist() == [[12.0]]
    assert found.lat.tolist() == [3.03]


def test_times_of_unknown_stores_are_refused() -> None:
    given_times = read_matrix(MATRIX.replace(b",A,", b",X,").replace(b",B,", b",Y,"))
    with pytest.raises(TravelRefused, match="X, Y; none is a store"):
        from_times(given_times, STORES, "matrix")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "columns"),
        (b"a,b\n1,2\n", "columns"),
        (b"lat,lon,store_id,minutes\n", "empty"),
        (b"lat,lon,store_id,minutes\n3,101,A,soon\n", "number"),
        (b"lat,lon,store_id,minutes\n3,101,A,nan\n", "number"),
        (b"lat,lon,store_id,minutes\n3,101,A,-1\n", "minutes"),
        (b"lat,lon,store_id,minutes\n3,101,A,1e9\n", "minutes"),
        (b"lat,lon,store_id,minutes\n93,101,A,5\n", "degrees"),
        (b"lat,lon,store_id,minutes\n3,101\n", "short"),
        (b"origin,store_id,minutes\n41000,A,5\n", "unknown"),
        (b"\xff\xfe\x00", "text"),
        (b"lat,lon,store_id,minutes\n" + b'3,101,"' + b"A" * 200_000 + b'",5\n', "csv"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_one_sentence(data: bytes, code: str) -> None:
    with pytest.raises(TravelRefused) as refused:
        read_matrix(data)
    assert refused.value.code == code
    assert "\n" not in str(refused.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_matrix, read_isochrones):
        with pytest.raises(TravelRefused):
            read(data)


def square(store: object, minutes: object, half: float) -> dict[str, object]:
    ring = [[101.69 + x * half, 3.14 + y * half] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return {
        "type": "Feature",
        "properties": {"store_id": store, "minutes": minutes},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


TRUE = [[[True, 3.0], [102.0, 3.0], [102.0, 4.0], [True, 3.0]]]


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_isochrones_give_the_smallest_minutes_a_place_lies_in() -> None:
    travel = from_times(
        read_isochrones(collection(square("A", 10, 0.05), square("A", 30, 0.2))), STORES, "isochrones"
    )
    cost = travel.cost([3.14, 3.30], [101.69, 101.69], STORES)
    assert cost[:, 0].tolist() == [10, 30]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (collection(), "areas"),
        (collection({"type": "Feature"}), "area"),
        (collection(square("A", 0, 0.1)), "minutes"),
        (collection(square("A", "<script>", 0.1)), "area"),
        (collection(square("A", True, 0.1)), "area"),
        (collection(square("A", 10, 0.1) | {"geometry": {"type": "Polygon", "coordinates": TRUE}}), "area"),
        (collection(square("A", 10, 0.0)), "area"),
        (collection(square("A", 10, 9000.0)), "crs"),
        (b'{"features": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "geojson"),
        (b'{"type": "Feature"}', "geojson"),
    ],
)
def test_areas_that_cannot_be_used_are_refused_in_one_sentence(data: bytes, code: str) -> None:
    with pytest.raises(TravelRefused) as refused:
        read_isochrones(data)
    assert refused.value.code in (code, "area")


def test_every_reason_to_refuse_a_file_has_its_words() -> None:
    from i18n.translator import translator

    sources = [Path("geo") / name for name in ("travel.py", "travel_files.py", "road_files.py", "roads.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    codes = set(re.findall(r'TravelRefused\(\s*"(\w+)"', text)) | {"empty"}
    assert len(codes) > 20
    for lang in ("en", "ms", "id"):
        assert [
            code for code in sorted(codes) if not translator(lang).has(f"catchments.refused.{code}")
        ] == []
