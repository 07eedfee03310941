"""A user's regions: columns, duplicates, overlaps, and shapes that are light enough to draw."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.reference import loader
from geo.boundaries import equal_area, guess_columns, labelled, light, overlaps
from geo.regions import assign


def array(*shapes: object) -> np.ndarray:
    return np.array([*shapes, None], dtype=object)[:-1]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"shapeName": ["Klang", "Gombak"], "shapeISO": ["", ""], "shapeID": ["1A", "2B"]},
            ("shapeID", "shapeName"),
        ),
        (
            {"negeri": ["Selangor", "Selangor"], "daerah": ["Klang", "Gombak"], "code_district": ["1", "2"]},
            ("code_district", "daerah"),
        ),
        (
            {"ADM2_EN": ["a b", "c d"], "ADM2_PCODE": ["MY01", "MY02"], "ADM1_PCODE": ["MY", "MY"]},
            ("ADM2_PCODE", "ADM2_EN"),
        ),
        (
            {"KDPKAB": ["3201", "3204"], "WADMKK": ["Bogor", "Bandung"], "LUAS": ["1.5", "2.5"]},
            ("KDPKAB", "WADMKK"),
        ),
        ({"id": ["0", "1"], "code": ["US-AL", "US-AK"], "name": ["Alabama", "Alaska"]}, ("code", "name")),
        ({"Name": ["Klang", "Gombak"], "description": ["West", "West"]}, ("Name", "Name")),
        ({"Name": ["Klang", "Klang"], "description": ["West", "East"]}, ("description", "Name")),
        ({"NAMOBJ": ["Bogor", "Depok"], "WADMPR": ["Jawa Barat", "Jawa Barat"]}, ("NAMOBJ", "NAMOBJ")),
        ({}, ("", "")),
    ],
)
def test_columns_of_code_and_name_are_guessed(
    columns: dict[str, list[str]], expected: tuple[str, str]
) -> None:
    found = guess_columns(columns)
    assert (found.code, found.name) == expected


def test_a_column_of_names_alone_is_code_and_name() -> None:
    frame = pd.DataFrame({"Name": ["Klang", "Gombak"]})
    shapes = array(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1))
    found = guess_columns({"Name": frame["Name"].tolist()})
    made, _ = labelled(frame, shapes, found.code, found.name)
    assert made["name"].tolist() == made["code"].tolist() == ["Gombak", "Klang"]


def test_rows_of_one_code_become_one_region_and_rows_without_one_are_numbered() -> None:
    frame = pd.DataFrame({"c": ["A", "A", "", "D"], "n": ["One", "Uno", "", "Four"]})
    shapes = array(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(5, 5, 6, 6), None)
    made, notes = labelled(frame, shapes, "c", "n")
    assert notes == {"merged": 1, "no_code": 1, "no_shape": 1}
    assert made["code"].tolist() == ["#3", "A"]
    assert made["name"].tolist() == ["#3", "One"]
    assert made.geometry.iloc[1].area == pytest.approx(2.0)


def brute(shapes: np.ndarray) -> dict[tuple[int, int], float]:
    flat = equal_area(shapes)
    found = {}
    for i, j in combinations(range(len(flat)), 2):
        common = flat[i].intersection(flat[j]).area
        share = common / min(flat[i].area, flat[j].area)
        if share > 0.001:
            found[i, j] = share
    return found


def test_overlaps_agree_with_every_pair_taken_one_by_one() -> None:
    rng = np.random.default_rng(5)
    corners = rng.uniform(0, 10, (40, 2))
    sizes = rng.uniform(0.2, 2.5, (40, 2))
    shapes = shapely.box(corners[:, 0], corners[:, 1], *(corners + sizes).T)
    found = {(a, b): share for a, b, share in overlaps(shapes).pairs}
    expected = brute(shapes)
    assert found.keys() == expected.keys()
    assert all(found[pair] == pytest.approx(min(expected[pair], 1.0)) for pair in found)


def test_a_region_inside_another_is_an_overlap_and_neighbours_are_none() -> None:
    inside = overlaps(array(shapely.box(0, 0, 9, 9), shapely.box(3, 3, 4, 4)))
    assert [(a, b) for a, b, _ in inside.pairs] == [(0, 1)]
    assert inside.pairs[0][2] == pytest.approx(1.0)
    side_by_side = overlaps(array(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)))
    assert side_by_side.pairs == ()
    assert side_by_side.share == 0


def test_states_of_the_world_hardly_overlap() -> None:
    germany = np.asarray(loader.regions_of("DE").geometry.array, dtype=object)
    assert overlaps(germany).share < 0.001


def test_light_shapes_hold_the_budget_and_common_borders_stay_common() -> None:
    regions = loader.regions_of("DE,PL,CZ,AT")
    full = np.asarray(regions.geometry.array, dtype=object)
    drawn = light(full, 3_000)
    assert shapely.get_num_coordinates(drawn).sum() <= 3_000
    assert not shapely.is_empty(drawn).any()
    gaps = shapely.area(shapely.symmetric_difference(full, drawn)) / shapely.area(full)
    assert np.median(gaps) < 0.05
    assert overlaps(drawn).share < 0.01


def test_points_are_assigned_with_the_full_shapes() -> None:
    regions = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.Point(0, 0).buffer(1, 256)], crs=4326)
    edge = 0.9999
    assert assign([edge], [0.0], regions).tolist() == [0]
