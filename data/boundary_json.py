"""GeoJSON of boundaries, read by Python alone: no address in it is ever looked at.

References
----------
RFC 7946 (2016), The GeoJSON Format; the older ``crs`` member: GeoJSON 2008, section 3.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import FileRefused

DEEPEST: Final = 16
_KINDS: Final = frozenset({"Polygon", "MultiPolygon", "GeometryCollection"})
_OTHER: Final = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_NAMED: Final = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?(EPSG|OGC):(?:[\d.]*:)?([A-Za-z0-9]{1,10})", re.I)


class _Limits(Protocol):
    @property
    def features(self) -> int: ...
    @property
    def vertices(self) -> int: ...
    @property
    def columns(self) -> int: ...
    @property
    def characters(self) -> int: ...


@dataclass(frozen=True)
class Raw:
    """What a layer holds, as it came.

    Parameters
    ----------
    columns : DataFrame
        Properties as text, one row per feature.
    shapes : (n,) object
        shapely geometries, or None.
    crs : str
        The reference system the file names; empty for none.
    unreadable : int
        Features whose coordinates are no numbers, or numbers written as texts.
    """

    columns: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    crs: str
    unreadable: int = 0


def too_many(name: str, limits: _Limits) -> FileRefused:
    """More regions than may be."""
    return FileRefused(
        "boundary_features",
        "{file} has more than {limit} regions. Split it, or take a coarser level.",
        file=name,
        limit=limits.features,
    )


def too_fine(name: str, found: int, limits: _Limits) -> FileRefused:
    """More corners than may be."""
    return FileRefused(
        "boundary_vertices",
        "{file} has {found} corners; boundaries may have {limit}. Simplify them.",
        file=name,
        found=found,
        limit=limits.vertices,
    )


def text(value: object, characters: int) -> str:
    """A property as one text on one line, cut where it is long; a whole number without its ``.0``.

    Examples
    --------
    >>> text(12.0, 10), text(None, 10), text("<script>", 5), text({"a": 1}, 20), text(np.datetime64("NaT"), 9)
    ('12', '', '<scri', '{"a": 1}', '')
    """
    if value is None or (isinstance(value, (float, np.floating)) and not math.isfinite(value)):
        return ""
    if isinstance(value, (np.datetime64, np.timedelta64)) and np.isnat(value):
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(float(value)) < 1e15:
        return str(int(value))
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)[:characters]
    return _CONTROL.sub(" ", str(value)[:characters]).encode("utf-8", "replace").decode()


def read(path: Path, name: str, limits: _Limits) -> Raw:
    """Read a file of GeoJSON.

    Raises
    ------
    FileRefused : not GeoJSON, too large, nested too deep, or with a reference system behind an address.
    """
    try:
        tree = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=lambda _: math.nan)
    except (UnicodeDecodeError, ValueError) as error:
        raise _refused("json", "{file} is no JSON that can be read. Export it again.", name) from error
    except (RecursionError, MemoryError) as error:
        raise _refused("nested", "{file} is nested deeper than boundaries are.", name) from error
    features = _features(tree, name)
    if len(features) > limits.features:
        raise too_many(name, limits)
    crs = _system(tree, name)
    builder = _Builder(name, limits)
    shapes = np.array([builder.shape(feature.get("geometry")) for feature in features] + [None], dtype=object)
    return Raw(_columns(features, limits), shapes[:-1], crs, builder.unreadable)


def _refused(code: str, sentence: str, name: str) -> FileRefused:
    return FileRefused(f"boundary_{code}", sentence, file=name)


def _features(tree: Any, name: str) -> list[Mapping[str, Any]]:
    kind = tree.get("type") if isinstance(tree, dict) else None
    if kind == "FeatureCollection" and isinstance(tree.get("features"), list):
        return [feature for feature in tree["features"] if isinstance(feature, dict)]
    if kind == "Feature":
        return [tree]
    if kind in _KINDS:
        return [{"geometry": tree}]
    if kind == "Topology":
        raise _refused("topojson", "{file} is TopoJSON. Export it as GeoJSON.", name)
    raise _refused("json_kind", "{file} is JSON, but no GeoJSON of boundaries.", name)


def _system(tree: Mapping[str, Any], name: str) -> str:
    """The reference system: by name only; an address is never followed."""
    given = tree.get("crs")
    if given is None:
        return "EPSG:4326"  # RFC 7946: nothing else is allowed
    properties = given.get("properties") if isinstance(given, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(named, str) or given.get("type") != "name":
        raise _refused(
            "crs_link",
            "{file} gives its coordinate system by an address, which is not fetched. Export it in WGS 84.",
            name,
        )
    found = _NAMED.fullmatch(named.strip())
    if found is None:
        raise _refused("crs_name", "{file} names a coordinate system that is not known.", name)
    authority, code = found[1].upper(), found[2].upper()
    return "EPSG:4326" if authority == "OGC" and code in ("CRS84", "84") else f"{authority}:{code}"


def _columns(features: list[Mapping[str, Any]], limits: _Limits) -> pd.DataFrame:
    properties = [feature.get("properties") for feature in features]
    rows = [found if isinstance(found, dict) else {} for found in properties]
    ids = [feature.get("id") for feature in features]
    if any(isinstance(each, (str, int)) for each in ids):
        rows = [{"id": each, **row} for each, row in zip(ids, rows, strict=True)]
    headers: dict[str, None] = {}
    for row in rows:
        for header in row:
            if len(headers) < limits.columns:
                headers.setdefault(header, None)
    texts = {
        text(header, 60) or "-": [text(row.get(header), limits.characters) for row in rows]
        for header in headers
    }
    return pd.DataFrame(texts, index=range(len(rows)), dtype=object)


class _Builder:
    """Makes geometries of coordinates and counts their corners."""

    def __init__(self, name: str, limits: _Limits) -> None:
        self._name, self._limits = name, limits
        self._corners = 0
        self.unreadable = 0

    def shape(self, geometry: Any) -> Any:
        """One geometry; None where there is none or its coordinates are no numbers."""
        import shapely

        if not isinstance(geometry, dict):
            return None
        try:
            parts = list(self._polygons(geometry, 0))
        except (TypeError, ValueError, LookupError, OverflowError, shapely.errors.GEOSException):
            self.unreadable += 1
            return None
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)

    def _polygons(self, geometry: Mapping[str, Any], depth: int) -> Iterator[Any]:
        if depth > DEEPEST:
            raise _refused("nested", "{file} is nested deeper than boundaries are.", self._name)
        kind = geometry["type"]
        if kind == "Polygon":
            yield from self._polygon(geometry["coordinates"])
        elif kind == "MultiPolygon":
            for rings in geometry["coordinates"]:
                yield from self._polygon(rings)
        elif kind == "GeometryCollection":
            for part in geometry["geometries"]:
                yield from self._polygons(part, depth + 1)
        elif kind not in _OTHER:
            raise ValueError(f"A geometry needs a type of RFC 7946; found {kind!r}.")

    def _polygon(self, rings: Any) -> Iterator[Any]:
        import shapely

        made = [self._ring(points) for points in rings]
        if made and made[0] is not None:
            yield shapely.polygons(made[0], holes=[hole for hole in made[1:] if hole is not None] or None)

    def _ring(self, points: Any) -> Any:
        """A closed ring of numbers; None of fewer than three corners."""
        import shapely

        self._corners += len(points)
        if self._corners > self._limits.vertices:
            raise too_fine(self._name, self._corners, self._limits)
        _check_numbers(points)
        try:
            xy = np.array(points, dtype=float)
        except ValueError:  # corners with and without a height
            xy = np.array([point[:2] for point in points], dtype=float)
        if xy.ndim != 2 or xy.shape[1] < 2 or len(xy) < 3:
            return None
        return shapely.linearrings(xy[:, :2])


def _check_numbers(points: Any) -> None:
    """Refuse corners that are written as texts or truth values: ``true`` is not one degree.

    Raises
    ------
    ValueError : a corner is no pair of numbers.
    """
    kinds = {kind for axis in (0, 1) for kind in set(map(type, map(itemgetter(axis), points)))}
    if not kinds <= {int, float}:
        raise ValueError(f"Corners need numbers; found {sorted(kind.__name__ for kind in kinds)}.")
