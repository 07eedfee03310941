"""The shipped reference data keeps its promises."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import shapely

from data.errors import DataError
from data.reference import loader
from geo.regions import assign


def test_everything_fits_in_eight_megabytes() -> None:
    assert sum(path.stat().st_size for path in loader.FOLDER.glob("*.parquet")) < 8_000_000


def test_importing_the_loader_reads_no_file() -> None:
    code = (
        "import data.reference.loader as l; print(*(f.cache_info().currsize for f in (l.regions, l.towns)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["0", "0"]


def test_a_missing_file_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(loader, "FOLDER", tmp_path)
    with pytest.raises(
        DataError, match=r"towns\.parquet is missing from the installation; install Setia again"
    ):
        loader.towns.__wrapped__()


def test_malaysia_has_its_16_states_and_indonesia_its_38_provinces() -> None:
    regions = loader.regions()
    # ISO 3166-2:MY and ISO 3166-2:ID with the provinces of 2012 (KU) and 2022 (PS, PT, PE, PD)
    assert sorted(regions.loc[regions["country"] == "MY", "code"]) == [f"MY-{n:02d}" for n in range(1, 17)]
    indonesia = regions[regions["country"] == "ID"]
    assert len(indonesia) == 38
    assert sorted(indonesia.loc[indonesia.geometry.isna(), "code"]) == [
        "ID-KU",
        "ID-PD",
        "ID-PE",
        "ID-PS",
        "ID-PT",
    ]


def test_codes_are_unique_sorted_and_polygons_valid() -> None:
    regions = loader.regions()
    assert regions["code"].is_unique
    assert regions["code"].is_monotonic_increasing
    assert regions.loc[regions["country"].isin(["MY", "ID", "SG", "BN", "TH"]), "is_iso"].all()
    assert shapely.is_valid(regions.geometry.dropna().to_numpy()).all()
    assert set(regions["polygon_code"]) <= set(regions.loc[regions.geometry.notna(), "code"])


def test_drawing_polygons_exist_for_every_region_with_a_polygon() -> None:
    light = loader.regions_light()
    full = loader.regions()
    assert set(light["code"]) == set(full.loc[full.geometry.notna(), "code"])
    assert shapely.get_num_coordinates(light.geometry.to_numpy()).sum() < 300_000


def test_every_malaysian_and_indonesian_town_has_a_region() -> None:
    towns = loader.towns()
    near = towns[towns["country"].isin(["MY", "ID"])]
    assert near["region_code"].notna().all()
    counts = near["country"].value_counts()
    assert counts["MY"] > 700
    assert counts["ID"] > 9000


@pytest.mark.parametrize("frame", ["areas", "villages_id", "postcodes_my", "towns"])
def test_every_point_lies_in_or_beside_its_region(frame: str) -> None:
    places = getattr(loader, frame)()
    if frame == "villages_id":
        areas = loader.areas().set_index("code")["region_code"]
        places = places.assign(region_code=places["code"].str[:5].map(areas))
    places = places[places["lat"].notna() & places["region_code"].fillna("").str[:2].isin(["MY", "ID"])]
    regions = loader.regions_of("MY,ID")
    parent = dict(zip(regions["code"], regions["polygon_code"], strict=True))
    away = 0
    for code, group in places.groupby(places["region_code"].map(parent)):
        own = regions[regions["code"] == code].reset_index(drop=True)
        away += int((assign(group["lon"], group["lat"], own, snap_km=15.0) < 0).sum())
    assert away <= 0.002 * len(places)


def test_the_official_numbers_of_indonesian_areas_are_complete() -> None:
    # Kepmendagri 300.2.2-2138/2025: 514 kabupaten and kota, 7,285 kecamatan, 83,762 kelurahan and desa
    areas = loader.areas()
    levels = areas[areas["region_code"].str.startswith("ID")]["level"].value_counts()
    assert levels.to_dict() == {"subdistrict": 7285, "district": 514}
    assert len(loader.villages_id()) == 83_762


def test_the_share_of_areas_with_a_point_is_what_the_documents_say() -> None:
    areas = loader.areas()
    indonesia = areas[areas["region_code"].str.startswith("ID")]
    placed = indonesia["lat"].notna().groupby(indonesia["level"]).mean()
    assert placed["district"] >= 0.99
    assert 0.2 < placed["subdistrict"] < 0.4


def test_postcodes_are_five_digits_with_their_zeros() -> None:
    for column in (loader.postcodes_my()["postcode"], loader.villages_id()["postcode"].dropna()):
        assert column.str.fullmatch(r"\d{5}").all()
    assert "05000" in set(loader.postcodes_my()["postcode"])


def test_kota_and_kabupaten_of_one_name_are_two_rows() -> None:
    names = loader.areas().query("region_code == 'ID-JB'")["name"]
    assert {"Kota Bandung", "Kabupaten Bandung"} <= set(names)


def test_coordinates_are_plain_degrees() -> None:
    for frame in (
        loader.towns(),
        loader.areas(),
        loader.villages_id(),
        loader.postcodes_my(),
        loader.regions(),
    ):
        points = pd.DataFrame(frame)[["lat", "lon"]].dropna().to_numpy()
        assert np.abs(points[:, 0]).max() <= 90
        assert np.abs(points[:, 1]).max() <= 180
