"""Files of boundaries, opened without trusting what is in them.

GeoJSON, a zipped Shapefile, GeoPackage, KML or KMZ. Nothing outside the file is ever fetched: GDAL is
left with the one driver a file needs and without a network, an archive is unpacked under names of our
own, and a file that points elsewhere is refused. What is read is text and polygons.

Meant to run in a process of its own (``ui/boundary_job.py``), which also bounds time and memory.
"""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from data import boundary_json
from data.boundary_json import Raw
from data.errors import FileRefused

MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file of boundaries may be: larger ones are refused before they fill memory or time."""

    megabytes: int = 100
    unpacked_megabytes: int = 300
    files: int = 500
    features: int = 10_000
    vertices: int = 3_000_000
    columns: int = 60
    characters: int = 200
    seconds: int = 90
    memory_megabytes: int = 3_000


LIMITS: Final = Limits()

DRIVERS: Final = {"shp": "ESRI Shapefile", "gpkg": "GPKG", "kml": "LIBKML"}
_PARTS: Final = ("shp", "shx", "dbf", "prj", "cpg")
_SINGLE: Final = ("geojson", "json", "gpkg", "kml")
_CHUNK: Final = 1 << 20
_DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LINK: Final = re.compile(rb"<(?:\w+:)?(?:NetworkLink|Model|Update)\b", re.IGNORECASE)
_POINTS_ELSEWHERE: Final = re.compile(rb"/vsi[a-z0-9_]+/|OGRVRTDataSource|<\s*SrcDataSource", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a file: where it lies, what it is called, which format it has.

    ``inner`` is the layer's name within its file, where that is not what a person is shown: a KML without
    a title of its own is known by its path to whoever reads it.
    """

    path: Path
    name: str
    form: str
    inner: str = ""


def refused(code: str, sentence: str, **fields: Any) -> FileRefused:
    """A refusal with its code; its words are under ``errors.<code>``."""
    return FileRefused(code, sentence, **fields)


def layers(path: Path, name: str, work: Path, limits: Limits = LIMITS) -> list[Layer]:
    """The layers of a file.

    Parameters
    ----------
    path : Path
        The uploaded file.
    name : str
        What the person calls it: never used as a path.
    work : Path
        An empty folder to unpack into.
    limits : Limits

    Returns
    -------
    list of Layer, at least one

    Raises
    ------
    FileRefused : too large, not boundaries, or pointing elsewhere.
    """
    if path.stat().st_size > limits.megabytes * MB:
        size = round(path.stat().st_size / MB)
        raise refused(
            "boundary_large",
            "{file} has {size} MB; boundaries may have {limit} MB. Simplify them or split the file.",
            file=name,
            size=size,
            limit=limits.megabytes,
        )
    form = _form(path, name)
    if form == "zip":
        found = [layer for each in _unpacked(path, name, work, limits) for layer in _inside(each)]
    else:
        found = _inside(Layer(path, _stem(name), form))
    if not found:
        raise refused("boundary_no_layer", "{file} holds no layer of boundaries.", file=name)
    return _told_apart(found)


def _told_apart(found: list[Layer]) -> list[Layer]:
    """Each layer under a name of its own: a second one of a name gets a number."""
    seen: Counter[str] = Counter()
    out = []
    for layer in found:
        seen[layer.name] += 1
        again = seen[layer.name] > 1
        title = f"{layer.name} ({seen[layer.name]})" if again else layer.name
        out.append(replace(layer, name=title, inner=layer.inner or layer.name))
    return out


def read(layer: Layer, limits: Limits = LIMITS) -> Raw:
    """Read one layer.

    Raises
    ------
    FileRefused : too many regions, corners or columns, or it cannot be read.
    """
    if layer.form == "json":
        return boundary_json.read(layer.path, layer.name, limits)
    import pyogrio  # only where its drivers are those of this file: see ui/boundary_job.py

    source = layer.path
    chosen = None if layer.form == "shp" else layer.inner or layer.name
    try:
        meta, _, wkb, fields = pyogrio.raw.read(
            source, layer=chosen, force_2d=True, max_features=limits.features + 1
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
        raise refused("boundary_unreadable", "{file} cannot be read.", file=layer.name) from error
    if wkb is None:
        raise refused("boundary_no_layer", "{file} holds no layer of boundaries.", file=layer.name)
    if len(wkb) > limits.features:
        raise boundary_json.too_many(layer.name, limits)
    return Raw(
        _frame(meta["fields"], fields, len(wkb), limits), _shapes(wkb, layer, limits), meta["crs"] or ""
    )


def _shapes(wkb: npt.NDArray[Any], layer: Layer, limits: Limits) -> npt.NDArray[np.object_]:
    import shapely

    found = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    count = int(shapely.get_num_coordinates(found).sum())
    if count > limits.vertices:
        raise boundary_json.too_fine(layer.name, count, limits)
    return found


def _frame(names: Any, columns: Any, rows: int, limits: Limits) -> pd.DataFrame:
    """The properties as text: what looks like a script stays a text like any other."""
    if len(names) > limits.columns:
        names, columns = names[: limits.columns], columns[: limits.columns]
    texts = {
        str(header): [boundary_json.text(value, limits.characters) for value in values]
        for header, values in zip(names, columns, strict=True)
    }
    return pd.DataFrame(texts, index=range(rows), dtype=object)


def _form(path: Path, name: str) -> str:
    """What the file is, by its content."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json"
    if start[:1] == b"<" and b"<kml" in head.lower():
        return "kml"
    if head[:4] == b"\x00\x00\x27\x0a":
        raise refused(
            "boundary_bare_shp",
            "{file} is one part of a Shapefile. Zip the .shp, .shx, .dbf and .prj.",
            file=name,
        )
    raise refused(
        "boundary_kind",
        "{file} is no GeoJSON, zipped Shapefile, GeoPackage or KML. Export it as one.",
        file=name,
    )


def _inside(layer: Layer) -> list[Layer]:
    """The layers within one file."""
    if layer.form == "gpkg":
        return [Layer(layer.path, name, "gpkg") for name in _gpkg_tables(layer)]
    if layer.form == "kml":
        _check_kml(layer)
        import pyogrio

        try:
            found = pyogrio.list_layers(layer.path)
        except (pyogrio.errors.DataSourceError, RuntimeError) as error:
            raise refused("boundary_unreadable", "{file} cannot be read.", file=layer.name) from error
        return [_kml_layer(layer, str(inner)) for inner in found[:, 0]]
    return [layer]


def _kml_layer(layer: Layer, inner: str) -> Layer:
    """A layer under its title, or under the file's name where the reader took its path for one."""
    title = layer.name if not inner or inner in (layer.path.stem, layer.path.name) else inner[:80]
    return Layer(layer.path, title, "kml", inner)


def _check_kml(layer: Layer) -> None:
    """Refuse XML with entities of its own, and links to other files."""
    content = layer.path.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:200]:
        raise refused(
            "boundary_kml_encoding", "{file} is not written in UTF-8. Export it again.", file=layer.name
        )
    if _DOCTYPE.search(content):
        raise refused(
            "boundary_kml_entities", "{file} defines entities of its own and is not read.", file=layer.name
        )
    if _LINK.search(content) or _POINTS_ELSEWHERE.search(content):
        raise refused(
            "boundary_links",
            "{file} points to other files or addresses. They are never fetched: export the boundaries "
            "themselves.",
            file=layer.name,
        )


def _gpkg_tables(layer: Layer) -> list[str]:
    """Feature tables of a GeoPackage; one that computes its layers by SQL is refused."""
    try:
        with sqlite3.connect(f"file:{layer.path}?mode=ro&immutable=1", uri=True) as known:
            known.execute("PRAGMA trusted_schema = OFF")
            master = known.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
            tables = known.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name"
            ).fetchall()
    except sqlite3.DatabaseError as error:
        raise refused("boundary_unreadable", "{file} cannot be read.", file=layer.name) from error
    finally:
        if "known" in locals():
            known.close()
    for kind, _, sql in master:
        virtual = kind == "table" and re.match(r"\s*create\s+virtual", sql, re.IGNORECASE)
        if kind == "view" or (virtual and not re.search(r"using\s+rtree\b", sql, re.IGNORECASE)):
            raise refused(
                "boundary_gpkg_views",
                "{file} computes its layers by SQL. Export the layer as a plain GeoPackage.",
                file=layer.name,
            )
    plain = {name for kind, name, _ in master if kind == "table"}
    return [str(name) for (name,) in tables if name in plain]


def _unpacked(path: Path, name: str, work: Path, limits: Limits) -> Iterator[Layer]:
    """What an archive holds, written under names of our own; nothing is unpacked before it is counted."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_archive(entries, name, limits)
            left = limits.unpacked_megabytes * MB
            wanted = list(_wanted(entries))
            for number, (title, form, parts) in enumerate(wanted):
                target = work / f"layer{number}"
                for ending, entry in parts.items():
                    left -= _copy(archive, entry, target.with_suffix(f".{ending}"), left, name, limits)
                yield Layer(target.with_suffix(f".{next(iter(parts))}"), title, form)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise refused("boundary_archive", "{file} is no archive that can be read.", file=name) from error


def _check_archive(entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if len(entries) > limits.files:
        raise refused("boundary_archive_count", "{file} holds {found} files.", file=name, found=len(entries))
    if any(entry.flag_bits & 1 for entry in entries):
        raise refused(
            "boundary_archive_password", "{file} has a password. Make it again without one.", file=name
        )
    if sum(entry.file_size for entry in entries) > limits.unpacked_megabytes * MB:
        raise _bomb(name, limits)


def _wanted(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str, dict[str, zipfile.ZipInfo]]]:
    """Layers of an archive: title, form, and its files by ending, the main one first."""
    by_stem: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        stem, _, ending = entry.filename.lower().rpartition(".")
        if "__macosx/" not in entry.filename.lower():
            by_stem.setdefault(stem, {})[ending] = entry
    for found in by_stem.values():
        if "shp" in found:
            title = _stem(found["shp"].filename)
            yield title, "shp", {ending: found[ending] for ending in _PARTS if ending in found}
        for ending in _SINGLE:
            if ending in found:
                form = "json" if ending in ("geojson", "json") else ending
                yield _stem(found[ending].filename), form, {ending: found[ending]}


def _copy(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, name: str, limits: Limits
) -> int:
    """Unpack one entry; what it says of its size is not believed."""
    written = 0
    with archive.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > left:
                raise _bomb(name, limits)
            out.write(chunk)
    return written


def _bomb(name: str, limits: Limits) -> FileRefused:
    return refused(
        "boundary_unpacked",
        "{file} unpacks to more than {limit} MB.",
        file=name,
        limit=limits.unpacked_megabytes,
    )


def _stem(name: str) -> str:
    """The title of a layer: the last part of a name, without its ending."""
    return PurePosixPath(name.replace("\\", "/")).stem[:80] or "layer"
