"""A user's own regions: which columns name them, where they overlap, and shapes light enough to draw."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.names import key

Shapes = npt.NDArray[np.object_]

SLIVER: Final = 0.001
"""Two regions overlap where they share more than this of the smaller one; less is a drawn line's width."""

MOST_PAIRS: Final = 20_000
"""Pairs of neighbours that are measured."""

_CODE: Final = re.compile(
    r"\b(?:code|kod|kode|id|iso|pcode|gid|hasc|shapeid|fips|geoid|ags|kdpkab|kdcpum|kdepum|kdppum|nuts|key|no)\b"
    r"|code|kode|pcode"
)
_NAME: Final = re.compile(
    r"\b(?:name|nama|shapename|namobj|wadmkk|wadmkc|wadmpr|district|daerah|mukim|kabupaten|kecamatan"
    r"|negeri|state|provinsi|province|region|wilayah|kabkot|gen|label)\b|name|nama"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """Which columns hold a region's code and name; empty where none does."""

    code: str
    name: str


@dataclass(frozen=True)
class Overlaps:
    """Areas that belong to two regions.

    Parameters
    ----------
    pairs : tuple of (first row, second row, share of the smaller one), the largest first
    share : float
        Area that is counted twice, of all area (0..1).
    complete : bool
        Whether every pair of neighbours was measured.
    """

    pairs: tuple[tuple[int, int, float], ...]
    share: float
    complete: bool = True


def guess_columns(columns: Mapping[str, Sequence[str]]) -> Guess:
    """The columns that probably hold code and name.

    A code is different in every row and short; a name has letters. Among those, a header that says so
    wins, and of several levels in one file (NAME_0, NAME_1, NAME_2) the finest. A column that is called a
    name is never spent as the code alone: where nothing else can be the code, it is both.

    Parameters
    ----------
    columns : mapping of header to the texts of its rows

    Examples
    --------
    >>> guess_columns({"NAME_1": ["Johor", "Johor"], "NAME_2": ["Kluang", "Muar"], "GID_2": ["A.1", "A.2"]})
    Guess(code='GID_2', name='NAME_2')
    """
    scores = {header: _looks(header, list(values)) for header, values in columns.items()}
    code = max(scores, key=lambda header: scores[header][0], default="")
    code = code if code and scores[code][0] > 0 else ""
    if code and _is_called_a_name(code):
        return Guess(code, code)
    others = [header for header in scores if header != code]
    name = max(others, key=lambda header: scores[header][1], default="")
    name = name if name and scores[name][1] > 0 else code
    return Guess(code, name)


def _words(header: str) -> str:
    return key(re.sub(r"[_\-.]+|(?<=[a-z])(?=[A-Z0-9])", " ", header))


def _is_called_a_name(header: str) -> bool:
    """Whether a header speaks of names and not of codes."""
    words = _words(header)
    return bool(_NAME.search(words)) and not _CODE.search(words)


def _looks(header: str, values: list[str]) -> tuple[float, float]:
    """How much a column looks like codes, and like names."""
    words = _words(header)
    filled = [value for value in values if value]
    if not filled:
        return 0.0, 0.0
    different = len(set(filled)) / len(values)
    length = float(np.mean([len(value) for value in filled]))
    letters = float(np.mean([any(c.isalpha() for c in value) for value in filled]))
    level = _level(words)
    counting = set(filled) <= {str(i) for i in range(len(values) + 1)}
    as_code = bool(_CODE.search(words)) * 2.0 + level * 0.1 + (length <= 16) * 0.5 - counting * 1.5
    as_code += words != "id"
    as_name = bool(_NAME.search(words)) * 2.0 + level * 0.1 + letters
    is_code = different > 0.999 and (bool(_CODE.search(words)) or length <= 16)
    return (as_code if is_code else 0.0), (as_name * (0.2 + different) if letters > 0.5 else 0.0)


def _level(words: str) -> float:
    found = re.findall(r"\b(?:adm)?(\d)\b|adm(\d)", words)
    return max((float(a or b) for a, b in found), default=0.0)


def labelled(
    frame: pd.DataFrame, shapes: Shapes, code: str, name: str
) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Regions under a code and a name; rows of one code become one region.

    Parameters
    ----------
    frame : DataFrame, n rows
        The file's columns as text.
    shapes : (n,) object
        Of ``geo.mending.mend``.
    code, name : str
        Headers; an empty one numbers the regions, or takes the code for the name.

    Returns
    -------
    GeoDataFrame
        ``code``, ``name`` (text), ``geometry``; by code, one row each, WGS 84.
    dict
        Rows that were ``merged`` into another one, had ``no_code`` (they were numbered), or ``no_shape``.
    """
    there = np.array([shape is not None for shape in shapes], dtype=bool)
    rows = np.flatnonzero(there)
    codes = _texts(frame, code, rows)
    missing = int((codes == "").sum()) if code else 0
    codes = np.array([text or f"#{row + 1}" for text, row in zip(codes, rows, strict=True)], dtype=object)
    names = _texts(frame, name, rows)
    names = np.array([text or each for text, each in zip(names, codes, strict=True)], dtype=object)
    kept = pd.DataFrame({"code": codes, "name": names, "shape": shapes[rows]})
    twice = kept["code"].duplicated(keep=False)
    merged = int(kept["code"].duplicated().sum())
    if merged:
        joined = [
            {"code": each, "name": part["name"].iloc[0], "shape": shapely.union_all(part["shape"].to_numpy())}
            for each, part in kept[twice].groupby("code")
        ]
        kept = pd.concat([kept[~twice], pd.DataFrame(joined)], ignore_index=True)
    kept = kept.sort_values("code", ignore_index=True)
    made = gpd.GeoDataFrame(kept[["code", "name"]], geometry=kept["shape"].to_numpy(), crs=4326)
    return made, {"merged": merged, "no_code": missing, "no_shape": int((~there).sum())}


def _texts(frame: pd.DataFrame, column: str, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    if not column:
        return np.full(rows.size, "", dtype=object)
    values = frame[column].fillna("").astype(str).str.strip()
    return np.asarray(values.to_numpy(dtype=object)[rows], dtype=object)


def equal_area(shapes: Shapes) -> Shapes:
    """Shapes on a cylindrical equal-area map, in units of the earth's radius squared.

    References
    ----------
    Snyder (1987), Map Projections, USGS PP 1395, eq. 10-1 and 10-2 (sphere, standard parallel 0).
    """
    return np.asarray(
        shapely.transform(
            shapes, lambda xy: np.column_stack([np.radians(xy[:, 0]), np.sin(np.radians(xy[:, 1]))])
        ),
        dtype=object,
    )


def overlaps(shapes: Shapes, most: int = MOST_PAIRS) -> Overlaps:
    """Where regions lie on one another.

    Parameters
    ----------
    shapes : (n,) object
        Valid polygons in degrees; None is passed over.
    most : int
        Pairs that are measured at most.

    Returns
    -------
    Overlaps
    """
    rows = np.flatnonzero([shape is not None for shape in shapes])
    flat = equal_area(shapes[rows])
    if rows.size < 2:
        return Overlaps((), 0.0)
    suspect = ~shapely.is_empty(shapely.coverage_invalid_edges(flat))
    first, second = shapely.STRtree(flat).query(flat)
    near = (first < second) & (suspect[first] | suspect[second])
    first, second = first[near], second[near]
    complete = first.size <= most
    first, second = first[:most], second[:most]
    common = shapely.area(shapely.intersection(flat[first], flat[second]))
    areas = shapely.area(flat)
    share = common / np.maximum(np.minimum(areas[first], areas[second]), 1e-300)
    found = np.flatnonzero(share > SLIVER)
    order = found[np.argsort(-share[found], kind="stable")]
    pairs = tuple((int(rows[first[i]]), int(rows[second[i]]), min(float(share[i]), 1.0)) for i in order)
    return Overlaps(pairs, float(common[found].sum() / max(areas.sum(), 1e-300)), complete)


def light(shapes: Shapes, vertices: int) -> Shapes:
    """Shapes with at most about so many corners, for drawing; common borders stay common.

    Parameters
    ----------
    shapes : (n,) object
        Valid polygons in degrees.
    vertices : int
        Corners of all together. Small islands go before the shape of the land does; the largest part of
        a region always stays.

    Returns
    -------
    (n,) object

    References
    ----------
    Visvalingam and Whyatt (1993), Line generalisation by repeated elimination of points, as
    ``coverage_simplify`` of GEOS has it.
    """
    if shapely.get_num_coordinates(shapes).sum() <= vertices:
        return shapes
    west, south, east, north = shapely.total_bounds(shapes)
    tolerance = max(east - west, north - south, 1e-6) / 20_000
    found = shapes
    for _ in range(14):
        kept = np.array([_without_specks(shape, tolerance**2) for shape in shapes], dtype=object)
        found = np.asarray(shapely.coverage_simplify(kept, tolerance), dtype=object)
        count = int(shapely.get_num_coordinates(found).sum())
        if count <= vertices:
            break
        tolerance *= max(1.3, min((count / vertices) ** 0.9, 4.0))
    lost = shapely.is_empty(found)
    found[lost] = shapely.envelope(shapes[lost])
    return found


def _without_specks(shape: Any, least: float) -> Any:
    parts = shapely.get_parts(shape)
    if parts.size <= 1:
        return shape
    areas = shapely.area(parts)
    kept = parts[(areas >= least) | (areas == areas.max())]
    return shape if kept.size == parts.size else shapely.multipolygons(kept)
