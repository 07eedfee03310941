"""Hostile and broken files of boundaries: refused with a reason, or read as text."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from data import boundary_files
from data.boundary_files import Limits
from data.errors import FileRefused

SQUARE = [[[101.0, 3.0], [102.0, 3.0], [102.0, 4.0], [101.0, 4.0], [101.0, 3.0]]]
SCRIPT = "<script>alert(1)</script>${alert(2)}`"


def geojson(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": geometry or {"type": "Polygon", "coordinates": SQUARE},
    }


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(tmp_path: Path, content: bytes, name: str = "x", **limits: int) -> Any:
    path, work = tmp_path / "given", tmp_path / "work"
    path.write_bytes(content)
    work.mkdir(exist_ok=True)
    bounds = Limits(**limits)
    return boundary_files.read(boundary_files.layers(path, name, work, bounds)[0], bounds)


def refusal(tmp_path: Path, content: bytes, name: str = "x", **limits: int) -> str:
    with pytest.raises(FileRefused) as found:
        read(tmp_path, content, name, **limits)
    return found.value.code.removeprefix("boundary_")


def test_scripts_in_properties_stay_text(tmp_path: Path) -> None:
    raw = read(tmp_path, geojson(feature(name=SCRIPT, nested={"a": [SCRIPT]}, n=12.0)))
    assert raw.columns["name"].tolist() == [SCRIPT]
    assert raw.columns["n"].tolist() == ["12"]
    assert isinstance(raw.columns["nested"].iloc[0], str)
    assert raw.crs == "EPSG:4326"


def test_control_characters_in_names_become_spaces(tmp_path: Path) -> None:
    raw = read(tmp_path, geojson(feature(name="a\x00b\nc\x1b[31m")))
    assert raw.columns["name"].tolist() == ["a b c [31m"]


def test_long_texts_and_many_columns_are_cut(tmp_path: Path) -> None:
    raw = read(tmp_path, geojson(feature(**{f"p{i}": "x" * 5_000 for i in range(100)})))
    assert raw.columns.shape == (1, 60)
    assert len(raw.columns["p0"].iloc[0]) == 200


@pytest.mark.parametrize("href", ["http://169.254.169.254/latest", "file:///etc/passwd", "/vsicurl/http://x"])
@pytest.mark.parametrize("kind", ["link", "url", "name"])
def test_a_reference_system_behind_an_address_is_refused(tmp_path: Path, href: str, kind: str) -> None:
    crs = {"type": kind, "properties": {"href": href, "name": href}}
    assert refusal(tmp_path, geojson(feature(), crs=crs)) in ("crs_link", "crs_name")


def test_an_older_file_names_its_system(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3375"}}
    assert read(tmp_path, geojson(feature(), crs=crs)).crs == "EPSG:3375"


def test_more_corners_than_allowed_are_refused(tmp_path: Path) -> None:
    ring = [[100 + i * 1e-7, 3.0] for i in range(3_000)]
    content = geojson(feature({"type": "Polygon", "coordinates": [ring]}))
    assert refusal(tmp_path, content, vertices=2_000) == "vertices"


def test_more_regions_than_allowed_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, geojson(*[feature()] * 12), features=10) == "features"


def test_a_larger_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"{" * 1_100_000, megabytes=1) == "large"


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    deep: Any = {"type": "Polygon", "coordinates": SQUARE}
    for _ in range(30):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    assert refusal(tmp_path, geojson(feature(deep))) == "nested"
    assert refusal(tmp_path, b'{"a":' * 100_000) in ("nested", "json")


@pytest.mark.parametrize(
    "coordinates", ["text", [[["a", "b"]] * 4], [[[1]] * 4], [[[1e999, 2]] * 5], [None], [[[{}, 1]] * 4]]
)
def test_coordinates_that_are_no_numbers_are_counted_or_left_out(tmp_path: Path, coordinates: Any) -> None:
    raw = read(tmp_path, geojson(feature(), feature({"type": "Polygon", "coordinates": coordinates})))
    assert raw.shapes[0] is not None
    assert raw.unreadable == 1 or raw.shapes[1] is None or not shapely.is_valid(raw.shapes[1])


@pytest.mark.parametrize(
    "corner", [[True, 3.0], ["101", 3.0], [101.0, "3.0"], [None, 3.0], [101.0, False], "13"]
)
def test_numbers_written_as_texts_or_truth_values_are_no_coordinates(tmp_path: Path, corner: Any) -> None:
    ring = [corner, *SQUARE[0][1:-1], corner]
    raw = read(tmp_path, geojson(feature(), feature({"type": "Polygon", "coordinates": [ring]})))
    assert raw.shapes[0] is not None
    assert raw.shapes[1] is None
    assert raw.unreadable == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"type": "Topology", "objects": {}}', "topojson"),
        (b'{"hello": 1}', "json_kind"),
        (b'{"type": "Point", "coordinates": [1, 2]}', "json_kind"),
        (b"{not json", "json"),
        (b"%PDF-1.7", "kind"),
        (b"", "kind"),
        (b"\x00\x00\x27\x0a", "bare_shp"),
        (b"<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTDataSource>", "kind"),
        (b"/vsicurl/http://127.0.0.1/x.geojson", "kind"),
        (b"file:///etc/passwd", "kind"),
    ],
)
def test_what_is_no_boundaries_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(tmp_path, content) == code


KML = """<?xml version="1.0" encoding="UTF-8"?>{doctype}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
{extra}<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
101,3,0 102,3,0 102,4,0 101,3,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
</Document></kml>"""


def kml(doctype: str = "", extra: str = "", name: str = "Klang") -> bytes:
    return KML.format(doctype=doctype, extra=extra, name=name).encode()


def test_kml_is_read_with_its_names(tmp_path: Path) -> None:
    raw = read(tmp_path, kml(name="&lt;script&gt;"))
    assert raw.columns["Name"].tolist() == ["<script>"]
    assert shapely.area(raw.shapes[0]) == pytest.approx(0.5)


def titles(tmp_path: Path, content: bytes, name: str) -> list[str]:
    path, work = tmp_path / "given", tmp_path / "work"
    path.write_bytes(content)
    work.mkdir(exist_ok=True)
    found = boundary_files.layers(path, name, work)
    assert all(len(boundary_files.read(layer).shapes) == 1 for layer in found)
    return [layer.name for layer in found]


def test_a_layer_of_kml_is_called_as_it_says_or_as_the_file_never_as_a_path(tmp_path: Path) -> None:
    assert titles(tmp_path, kml(), "Daerah.kml") == ["Daerah"]
    assert titles(tmp_path, kml(extra="<name>Mukim</name>"), "Daerah.kml") == ["Mukim"]
    archive = zipped({"doc.kml": kml(), "b/doc.kml": kml(), "a.kml": kml(extra="<name>Mukim</name>")})
    assert titles(tmp_path, archive, "Daerah.kmz") == ["doc", "doc (2)", "Mukim"]


@pytest.mark.parametrize(
    "extra",
    [
        "<NetworkLink><Link><href>http://127.0.0.1/a.kml</href></Link></NetworkLink>",
        "<kml:NetworkLink/>",
        "<name>/vsicurl/http://127.0.0.1/</name>",
    ],
)
def test_kml_that_points_elsewhere_is_refused(tmp_path: Path, extra: str) -> None:
    assert refusal(tmp_path, kml(extra=extra)) == "links"


def test_kml_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    assert refusal(tmp_path, kml(doctype=bomb, name="&b;")) == "kml_entities"
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert refusal(tmp_path, kml(doctype=outside, name="&a;")) == "kml_entities"
    assert refusal(tmp_path, b"<kml " + kml().decode().encode("utf-16-le")) == "kml_encoding"


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": ["A", "B"], "name": [SCRIPT, "B"]},
        geometry=[shapely.box(101, 3, 102, 4), shapely.box(102, 3, 103, 4)],
        crs=4326,
    )


def test_a_geopackage_gives_its_layers(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    frame.to_file(tmp_path / "a.gpkg", layer="districts")
    frame.to_file(tmp_path / "a.gpkg", layer="mukim")
    (tmp_path / "w").mkdir()
    found = boundary_files.layers(tmp_path / "a.gpkg", "a.gpkg", tmp_path / "w")
    assert [layer.name for layer in found] == ["districts", "mukim"]
    raw = boundary_files.read(found[1])
    assert raw.columns["name"].tolist() == [SCRIPT, "B"]
    assert raw.crs == "EPSG:4326"


def test_a_geopackage_that_computes_its_layers_is_refused(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    frame.to_file(tmp_path / "a.gpkg", layer="districts")
    with sqlite3.connect(tmp_path / "a.gpkg") as known:
        known.execute(
            "CREATE VIEW evil AS SELECT gdal_get_pixel_value('/vsicurl/http://127.0.0.1/', 1, 'georef', 0, 0)"
        )
    known.close()
    assert refusal(tmp_path, (tmp_path / "a.gpkg").read_bytes()) == "gpkg_views"


def test_another_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "b.gpkg") as known:
        known.execute("CREATE TABLE t (a)")
    known.close()
    assert refusal(tmp_path, (tmp_path / "b.gpkg").read_bytes()) == "unreadable"


def shapefile(
    tmp_path: Path, frame: gpd.GeoDataFrame, epsg: int = 4326, prefix: str = ""
) -> dict[str, bytes]:
    folder = tmp_path / "shp"
    folder.mkdir(exist_ok=True)
    frame.to_crs(epsg).to_file(folder / "daerah.shp")
    return {f"{prefix}{path.name}": path.read_bytes() for path in folder.iterdir()}


def test_a_zipped_shapefile_is_read_whatever_path_it_claims(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    content = zipped(shapefile(tmp_path, frame, 32648, prefix="../../../tmp/evil/"))
    raw = read(tmp_path, content, "../../a.zip")
    assert raw.crs == "EPSG:32648"
    assert raw.columns["code"].tolist() == ["A", "B"]
    assert not Path("/tmp/evil").exists()
    assert sorted(path.name for path in (tmp_path / "work").iterdir())[0].startswith("layer0.")


def test_a_shapefile_without_its_system_says_so(tmp_path: Path, frame: gpd.GeoDataFrame) -> None:
    files = {
        name: data for name, data in shapefile(tmp_path, frame, 32648).items() if not name.endswith(".prj")
    }
    assert read(tmp_path, zipped(files)).crs == ""


def test_several_layers_of_an_archive_can_be_told_apart(tmp_path: Path) -> None:
    (tmp_path / "given").write_bytes(zipped({"a/one.geojson": geojson(feature()), "b/two.json": geojson()}))
    (tmp_path / "work").mkdir()
    found = boundary_files.layers(tmp_path / "given", "x.zip", tmp_path / "work")
    assert [(layer.name, layer.form) for layer in found] == [("one", "json"), ("two", "json")]


def test_archives_that_unpack_to_much_or_hold_nothing_are_refused(tmp_path: Path) -> None:
    bomb = zipped({"a.geojson": b" " * 3_000_000})
    assert len(bomb) < 10_000
    assert refusal(tmp_path, bomb, unpacked_megabytes=1) == "unpacked"
    assert refusal(tmp_path, zipped({"readme.txt": b"x"})) == "no_layer"
    assert refusal(tmp_path, zipped({f"{i}.txt": b"" for i in range(30)}), files=20) == "archive_count"
    assert refusal(tmp_path, zipped({"a.geojson": geojson(feature())})[:-30]) == "archive"


def test_an_archive_that_lies_about_its_sizes_is_still_bounded(tmp_path: Path) -> None:
    honest = zipped({"a.geojson": b" " * 3_000_000})
    lying = honest.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert refusal(tmp_path, lying, unpacked_megabytes=1) in ("unpacked", "archive", "json")


def test_a_virtual_file_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    source = b"<SrcDataSource>/etc/passwd</SrcDataSource>"
    vrt = b"<OGRVRTDataSource><OGRVRTLayer name='x'>" + source + b"</OGRVRTLayer></OGRVRTDataSource>"
    assert refusal(tmp_path, zipped({"a.vrt": vrt})) == "no_layer"
    assert refusal(tmp_path, zipped({"a.gpkg": vrt, "b.kml": vrt})) in ("unreadable", "no_layer", "links")
