"""The process that reads boundaries: bounded in time and memory, cut off, and cancelled at once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from data.boundary_files import Limits
from data.errors import FileRefused
from data.reference import loader
from tests.data.test_boundary_files import SQUARE, feature, geojson, kml
from ui import boundary_job
from ui.boundary_job import Ask, Cancelled


def test_states_of_another_country_come_out_as_they_went_in() -> None:
    states = loader.regions_of("DE")[["code", "name", "geometry"]]
    found = boundary_job.read(states.to_json().encode(), "länder.geojson", Ask(country="MY"))
    assert found.guess == ("code", "name")
    assert found.columns["name"].tolist() == states["name"].tolist()
    assert found.crs_reason == "declared"
    assert found.overlap < 0.001
    assert found.notes == ()


def test_a_refusal_keeps_its_reason_and_fields() -> None:
    with pytest.raises(FileRefused) as refused:
        boundary_job.read(b"%PDF", "a.pdf", Ask())
    assert (refused.value.code, refused.value.fields["file"]) == ("boundary_kind", "a.pdf")
    metres = geojson(
        feature({"type": "Polygon", "coordinates": [[[4e5, 3e5], [5e5, 3e5], [5e5, 4e5], [4e5, 3e5]]]})
    )
    with pytest.raises(FileRefused) as refused:
        boundary_job.read(metres, "rso.geojson", Ask(country="MY", home=(0.8, 99.5, 7.5, 119.5)))
    assert refused.value.code == "boundary_crs_unknown"
    assert "EPSG:3375" in refused.value.fields["choices"]


def test_ten_million_corners_are_refused_in_bounded_time_and_memory() -> None:
    """About 10M corners of 6 bytes: refused by their number, or by the memory the process may take."""
    ring = b"[" + b",".join([b"[1,2]"] * 10_000_000) + b"]"
    content = b'{"type":"Polygon","coordinates":[' + ring + b"]}"
    start = time.monotonic()
    with pytest.raises(FileRefused) as refused:
        boundary_job.read(content, "huge.geojson", Ask())
    assert refused.value.code in ("boundary_vertices", "boundary_memory")
    assert time.monotonic() - start < 60


def test_a_process_that_takes_too_much_memory_is_refused() -> None:
    content = geojson(feature({"type": "MultiPolygon", "coordinates": [SQUARE] * 200_000}))
    with pytest.raises(FileRefused) as refused:
        boundary_job.read(content, "a.geojson", Ask(), limits=Limits(memory_megabytes=700))
    assert refused.value.code == "boundary_memory"


def test_time_is_bounded() -> None:
    start = time.monotonic()
    with pytest.raises(FileRefused) as refused:
        boundary_job.read(_slow(), "slow.geojson", Ask(), limits=Limits(seconds=1))
    assert refused.value.code in ("boundary_time", "boundary_memory")
    assert time.monotonic() - start < 15


def _slow() -> bytes:
    """Squares that all lie on each other: a pair for every two of them."""
    rng = np.random.default_rng(1)
    angles = np.linspace(0, 2 * np.pi, 400)
    rings = []
    for _ in range(400):
        radius = 1 + 0.3 * rng.random(400)
        ring = np.column_stack([101 + radius * np.cos(angles), 3 + radius * np.sin(angles)])
        ring[-1] = ring[0]
        rings.append(feature({"type": "Polygon", "coordinates": [ring.tolist()]}))
    return geojson(*rings)


def test_cancelling_ends_the_process_at_once() -> None:
    start = time.monotonic()
    with pytest.raises(Cancelled):
        boundary_job.read(_slow(), "slow.geojson", Ask(), progress=lambda step: False)
    assert time.monotonic() - start < 5


def test_the_process_has_one_driver_a_format_and_no_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OGR_SQLITE_ALLOW_EXTERNAL_ACCESS", "YES")
    monkeypatch.setenv("GDAL_DRIVER_PATH", "/evil")
    code = "import pyogrio, json; print(json.dumps(sorted(pyogrio.list_drivers())))"
    environment = boundary_job.environment(tmp_path)
    assert not {"OGR_SQLITE_ALLOW_EXTERNAL_ACCESS", "GDAL_DRIVER_PATH"} & set(environment)
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert json.loads(told.stdout) == ["ESRI Shapefile", "GPKG", "LIBKML"]


def test_kml_passes_through_the_process() -> None:
    assert boundary_job.read(kml(), "a.kml", Ask()).columns["Name"].tolist() == ["Klang"]
