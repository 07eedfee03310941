"""Road graphs: shortest times by hand and by brute force, one-way streets, hostile files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pytest
from osmium.osm.mutable import Node, Way
from shapely.geometry import Point, shape

from geo.distance import haversine_km
from geo.road_files import read_graphml, read_pbf
from geo.roads import (
    ACCESS_KMH,
    SPEEDS,
    RoadGraph,
    detour_factor,
    isochrones,
    minutes_to_stores,
    speed,
)
from geo.travel import TravelRefused, from_times

PLACES = {1: (3.10, 101.60), 2: (3.10, 101.65), 3: (3.10, 101.70), 4: (3.20, 101.70)}
WAYS = (
    ([1, 2], {"highway": "primary"}),
    ([2, 3], {"highway": "residential", "oneway": "yes"}),
    ([3, 4], {"highway": "motorway", "oneway": "no"}),
    ([4, 1], {"highway": "footway"}),
)
STORE = pd.DataFrame({"store_id": ["A"], "lat": [3.10], "lon": [101.60]})


def km(a: int, b: int) -> float:
    return float(haversine_km(*PLACES[a], *PLACES[b]))


@pytest.fixture
def pbf(tmp_path: Path) -> Path:
    path = tmp_path / "roads.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for number, (lat, lon) in PLACES.items():
            writer.add_node(Node(id=number, location=(lon, lat)))
        for number, (nodes, tags) in enumerate(WAYS, start=1):
            writer.add_way(Way(id=number, nodes=nodes, tags=tags))
    return path


def minutes(a: int, b: int, highway: str) -> float:
    return km(a, b) / SPEEDS[highway] * 60


def test_ways_become_minutes_and_one_way_streets_hold(pbf: Path) -> None:
    graph = read_pbf(pbf)
    assert len(graph.lat) == 4
    edges = {
        (
            (round(graph.lat[s], 2), round(graph.lon[s], 2)),
            (round(graph.lat[e], 2), round(graph.lon[e], 2)),
        ): m
        for s, e, m in zip(graph.start, graph.end, graph.minutes, strict=True)
    }
    assert len(edges) == 5  # both ways but for the one-way street; nobody drives a footway
    assert edges[(PLACES[1], PLACES[2])] == pytest.approx(minutes(1, 2, "primary"), rel=1e-6)
    assert (PLACES[3], PLACES[2]) not in edges
    there = minutes_to_stores(graph, STORE.assign(lat=3.20, lon=101.70))
    by_place = dict(
        zip(zip(there.lat.round(2), there.lon.round(2), strict=True), there.minutes[:, 0], strict=True)
    )
    expected = minutes(1, 2, "primary") + minutes(2, 3, "residential") + minutes(3, 4, "motorway")
    assert by_place[PLACES[1]] == pytest.approx(expected, rel=1e-6)
    back = minutes_to_stores(graph, STORE)
    reached = set(zip(back.lat.round(2), back.lon.round(2), strict=True))
    assert reached == {PLACES[1], PLACES[2]}  # from 3 and 4 there is no way back


def grid(seed: int, side: int = 7) -> RoadGraph:
    random = np.random.default_rng(seed)
    lat, lon = (
        axis.ravel() for axis in np.meshgrid(3 + np.arange(side) * 0.02, 101 + np.arange(side) * 0.02)
    )
    pairs = [
        (i, j) for i in range(side**2) for j in (i + 1, i + side) if j < side**2 and (j != i + 1 or j % side)
    ]
    pairs = [pair for pair in pairs if random.random() < 0.9]
    start, end = np.array(pairs + [pair[::-1] for pair in pairs]).T
    return RoadGraph(lat, lon, start, end, random.uniform(1, 9, len(start)))


def test_times_agree_with_floyd_and_warshall() -> None:
    graph = grid(3)
    n = len(graph.lat)
    best = np.full((n, n), np.inf)
    best[graph.start, graph.end] = graph.minutes
    np.fill_diagonal(best, 0)
    for k in range(n):
        best = np.minimum(best, best[:, [k]] + best[[k]])
    store = pd.DataFrame({"store_id": ["A"], "lat": [graph.lat[10] + 0.001], "lon": [graph.lon[10]]})
    found = minutes_to_stores(graph, store, limit=1e9)
    access = (
        float(haversine_km(store["lat"][0], store["lon"][0], graph.lat[10], graph.lon[10])) / ACCESS_KMH * 60
    )
    at = {(a, b): i for i, (a, b) in enumerate(zip(graph.lat, graph.lon, strict=True))}
    for lat, lon, time in zip(found.lat, found.lon, found.minutes[:, 0], strict=True):
        assert time == pytest.approx(best[at[(lat, lon)], 10] + access)


def test_times_become_a_way_of_measuring_and_areas(pbf: Path) -> None:
    given = minutes_to_stores(grid(1), STORE.assign(lat=3.06, lon=101.06))
    travel = from_times(given, STORE.assign(lat=3.06, lon=101.06), "roads")
    assert (travel.unit, travel.label) == ("min", "roads")
    found = isochrones(given, (5.0, 15.0), radius_km=1.6)
    wide, narrow = (shape(feature["geometry"]) for feature in found)
    assert [feature["properties"]["minutes"] for feature in found] == [15.0, 5.0]
    assert narrow.difference(wide).area < 0.05 * narrow.area  # corners are rounded
    assert narrow.covers(Point(101.06, 3.06))


def test_streets_in_a_grid_are_as_much_longer_as_geometry_says() -> None:
    """On a square grid of streets a way is |x| + |y|, a straight line the hypotenuse."""
    side = 41
    lat, lon = (axis.ravel() for axis in np.meshgrid(np.arange(side) * 0.01, np.arange(side) * 0.01))
    pairs = [(i, i + 1) for i in range(side**2) if (i + 1) % side] + [
        (i, i + side) for i in range(side**2 - side)
    ]
    start, end = np.array(pairs + [pair[::-1] for pair in pairs]).T
    graph = RoadGraph(lat, lon, start, end, np.ones(len(start)))
    store = pd.DataFrame({"store_id": ["A"], "lat": [0.2], "lon": [0.2]})
    x, y = np.abs(lat - 0.2), np.abs(lon - 0.2)
    far = np.hypot(x, y) * 111.195 >= 2.0
    expected = np.median((x + y)[far] / np.hypot(x, y)[far])
    assert 1.3 < expected < 1.35
    assert detour_factor(graph, store) == pytest.approx(expected, abs=0.002)
    assert detour_factor(graph, store.assign(lat=30.0)) is None


def test_a_store_far_from_every_road_is_refused(pbf: Path) -> None:
    with pytest.raises(TravelRefused, match="No road of the file"):
        minutes_to_stores(read_pbf(pbf), STORE.assign(lat=50.0))


def test_speeds_of_classes() -> None:
    assert speed("motorway") == 90
    assert speed("motorway_link") == pytest.approx(63)
    assert speed("footway") is None


GRAPHML = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="node" attr.name="y"/><key id="d1" for="node" attr.name="x"/>
<key id="d2" for="edge" attr.name="length"/><key id="d3" for="edge" attr.name="highway"/>
<key id="d4" for="edge" attr.name="travel_time"/>
<graph edgedefault="directed">
<node id="a"><data key="d0">3.10</data><data key="d1">101.60</data></node>
<node id="b"><data key="d0">3.10</data><data key="d1">101.65</data></node>
<node id="c"><data key="d0">3.12</data><data key="d1">101.65</data></node>
<edge source="a" target="b"><data key="d2">6000</data><data key="d3">primary</data></edge>
<edge source="b" target="a"><data key="d4">300</data></edge>
<edge source="b" target="c"><data key="d2">2500</data><data key="d3">['secondary', 'tertiary']</data></edge>
<edge source="c" target="ghost"><data key="d4">1</data></edge>
</graph></graphml>"""


def test_graphml_gives_the_same_kind_of_graph(tmp_path: Path) -> None:
    path = tmp_path / "roads.graphml"
    path.write_text(GRAPHML)
    graph = read_graphml(path)
    assert sorted(graph.minutes.round(4)) == sorted([round(6 / 55 * 60, 4), 5.0, round(2.5 / 45 * 60, 4)])


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><graphml>&b;</graphml>'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (BOMB, "entities"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><graphml/>', "entities"),
        ("<graphml>", "graphml"),
        ("not xml", "graphml"),
        ("<graphml/>", "no_driven"),
        (GRAPHML.replace(">3.10<", ">3000<"), "graphml"),
        (GRAPHML.replace(">3.10<", ">nan<"), "graphml"),
    ],
)
def test_graphml_that_cannot_be_used_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "bad.graphml"
    path.write_text(text)
    with pytest.raises(TravelRefused) as refused:
        read_graphml(path)
    assert refused.value.code == code


def test_a_file_that_is_no_pbf_is_refused(tmp_path: Path, pbf: Path) -> None:
    path = tmp_path / "bad.osm.pbf"
    for data in (b"", b"\x00\x00\x00\x0dnonsense", pbf.read_bytes()[:80], b"<osm/>" * 50):
        path.write_bytes(data)
        with pytest.raises(TravelRefused):
            read_pbf(path)


def test_time_and_size_are_bounded(pbf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TravelRefused, match="more than 0 seconds"):
        read_pbf(pbf, seconds=-0.5)
    monkeypatch.setattr("geo.road_files.MAX_NODES", 2)
    with pytest.raises(TravelRefused, match="more than 2 points"):
        read_pbf(pbf)
    monkeypatch.setattr("geo.road_files.MAX_BYTES", 10)
    with pytest.raises(TravelRefused, match="at most 0 MB"):
        read_pbf(pbf)
