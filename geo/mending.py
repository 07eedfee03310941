"""Boundaries as people have them, made fit to count with: polygons in degrees, valid, in range.

Every change is counted and named, so that a person can see what was done before anything is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.reference_systems import WGS84, BoundaryProblem, Box, System, decide, in_degrees, to_degrees

Shapes = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]

DEEPEST: Final = 16
"""Collections within collections that are opened; what lies deeper is refused."""

_AREAS: Final = (3, 6)  # shapely's type ids of Polygon and MultiPolygon
_COLLECTION: Final = 7


@dataclass(frozen=True)
class Mended:
    """Boundaries fit to use.

    Parameters
    ----------
    shapes : (n,) object
        Polygon or MultiPolygon in WGS 84 degrees; None where nothing of a row could be kept.
    system : System
        How the coordinates were read.
    notes : tuple of (code, rows)
        What was done: ``z_dropped``, ``parts_dropped`` (points and lines among the areas), ``no_area``
        (a row without any area), ``not_finite``, ``out_of_range``, ``swapped``, ``date_line``,
        ``repaired`` (rings that crossed themselves), ``collapsed`` (nothing left of a ring).
    """

    shapes: Shapes
    system: System
    notes: tuple[tuple[str, int], ...]


def mend(
    shapes: Shapes,
    declared: str = "",
    *,
    chosen: str = "",
    country: str = "",
    home: Box | None = None,
    customers: Box | None = None,
) -> Mended:
    """Check and mend the geometries of a file.

    Parameters
    ----------
    shapes : (n,) object
        shapely geometries of any kind, or None.
    declared : str
        The reference system the file names; empty for none.
    chosen : str
        The system a person chose; it wins over everything.
    country : str
        ISO 3166-1 code whose usual systems are tried where the file is silent.
    home, customers : (south, west, north, east), optional
        Where that country and the workspace's customers lie, in degrees.

    Returns
    -------
    Mended

    Raises
    ------
    BoundaryProblem : there is no area at all, or the coordinates cannot be understood.
    """
    counted: Counter[str] = Counter()
    flat = _areas(shapes, counted)
    if not any(shape is not None for shape in flat):
        raise BoundaryProblem("no_area", "There is no area in this file: boundaries are polygons.")
    bounds = _typical_bounds(flat)
    system = System(chosen, "chosen") if chosen else decide(declared, bounds, country, home)
    flat = _projected(flat, system.crs)
    flat = _right_way_round(flat, customers, counted)
    flat = _in_range(flat, counted)
    flat = _unwrapped(flat, counted)
    flat = _valid(flat, counted)
    if not any(shape is not None for shape in flat):
        raise BoundaryProblem(
            "nothing_left", "No boundary in this file has coordinates on the globe. Check its system."
        )
    return Mended(flat, system, tuple(sorted((code, n) for code, n in counted.items() if n)))


def polygons_of(shape: Any, depth: int = 0) -> Iterator[Any]:
    """The polygons in a geometry, however it is nested.

    Raises
    ------
    BoundaryProblem : collections lie deeper in each other than ``DEEPEST``.
    """
    if depth > DEEPEST:
        raise BoundaryProblem("nested", "Geometries lie more than {limit} deep in each other.", limit=DEEPEST)
    kind = shapely.get_type_id(shape)  # -1 of None: no polygon
    if kind == 3:
        yield shape
    elif kind in (6, _COLLECTION):
        for part in shapely.get_parts(shape):
            yield from polygons_of(part, depth + 1)


def _areas(shapes: Shapes, counted: Counter[str]) -> Shapes:
    """Only the areas of each geometry, flat; None where there is none."""
    out = np.array([None if shape is None else shape for shape in shapes], dtype=object)
    known = np.array([shape is not None for shape in out], dtype=bool)
    counted["z_dropped"] += int(shapely.has_z(out[known]).sum())
    out[known] = shapely.force_2d(out[known])
    kinds = shapely.get_type_id(out)
    for row in np.flatnonzero(known & ~np.isin(kinds, _AREAS)):
        found = list(polygons_of(out[row]))
        counted["parts_dropped"] += bool(found) and len(found) < len(shapely.get_parts(out[row]))
        out[row] = _joined(found)
    empty = np.array([shape is None or bool(shapely.is_empty(shape)) for shape in out], dtype=bool)
    counted["no_area"] += int(empty.sum())
    out[empty] = None
    for row in np.flatnonzero(~empty):
        if not np.isfinite(shapely.get_coordinates(out[row])).all():
            counted["not_finite"] += 1
            out[row] = None
    return out


def _joined(polygons: list[Any]) -> Any:
    """One geometry of polygons; None of none."""
    if len(polygons) <= 1:
        return polygons[0] if polygons else None
    return shapely.multipolygons(polygons)


def _moved(shapes: Shapes, change: Any) -> Shapes:
    out = shapes.copy()
    known = np.array([shape is not None for shape in out], dtype=bool)
    out[known] = shapely.transform(out[known], change)
    return out


def _typical_bounds(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Bounds of all, or of those in degrees where most are: a stray row does not decide for the file."""
    known = _known(shapes)
    each = shapely.bounds(known)
    usual = np.array([in_degrees(row) for row in each], dtype=bool)
    chosen = known[usual] if usual.mean() > 0.5 else known
    return np.asarray(shapely.total_bounds(chosen), dtype=float)


def _projected(shapes: Shapes, crs: str) -> Shapes:
    if crs == WGS84:
        return shapes
    return _moved(shapes, lambda xy: np.column_stack(to_degrees(xy[:, 0], xy[:, 1], crs)))


def _right_way_round(shapes: Shapes, customers: Box | None, counted: Counter[str]) -> Shapes:
    """Longitude before latitude: exchanged where only that makes sense."""
    west, south, east, north = _typical_bounds(shapes)
    impossible = max(abs(south), abs(north)) > 90 and max(abs(west), abs(east)) <= 90
    elsewhere = customers is not None and not _meets((south, west, north, east), customers)
    there = customers is not None and _meets((west, south, east, north), customers)
    if impossible or (elsewhere and there):
        counted["swapped"] += len(_known(shapes))
        return _moved(shapes, lambda xy: xy[:, ::-1])
    return shapes


def _known(shapes: Shapes) -> Shapes:
    found: Shapes = shapes[np.array([shape is not None for shape in shapes], dtype=bool)]
    return found


def _meets(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _in_range(shapes: Shapes, counted: Counter[str]) -> Shapes:
    """Without rows that lie off the globe."""
    out = shapes.copy()
    for row in range(len(out)):
        if out[row] is None:
            continue
        west, south, east, north = shapely.bounds(out[row])
        if not (-90 <= south <= north <= 90 and -360 <= west <= east <= 360):
            counted["out_of_range"] += 1
            out[row] = None
    return out


def _unwrapped(shapes: Shapes, counted: Counter[str]) -> Shapes:
    out = shapes.copy()
    for row in range(len(out)):
        if out[row] is None:
            continue
        west, _, east, _ = shapely.bounds(out[row])
        if west < -180 or east > 180 or east - west > 180:
            cut = around_date_line(out[row])
            counted["date_line"] += cut is not out[row]
            out[row] = cut
    return out


def around_date_line(shape: Any) -> Any:
    """A polygon within longitudes -180 to 180, cut where it crosses the date line.

    A ring whose neighbouring corners are more than 180 degrees apart is taken to cross it, and one that
    goes all the way round to hold the nearer pole; a box as wide as the map stays one.

    Examples
    --------
    >>> fiji = shapely.Polygon([(177, -19), (-178, -19), (-178, -16), (177, -16)])
    >>> [round(x) for x in shapely.bounds(around_date_line(fiji))]
    [-180, -19, 180, -16]
    >>> round(shapely.area(around_date_line(fiji)))
    15
    """
    before = list(shapely.get_parts(shape))
    parts = [_straight(part) for part in before]
    if all(new is old for new, old in zip(parts, before, strict=True)):
        west, _, east, _ = shapely.bounds(shape)
        if west >= -180 and east <= 180:
            return shape
    pieces = []
    for part in parts:
        whole = part if shapely.is_valid(part) else repaired(part)
        for turn in (-1, 0, 1):
            window = shapely.box(-180 + 360 * turn, -90, 180 + 360 * turn, 90)
            piece = shapely.intersection(whole, window) if whole is not None else None
            pieces += [_shifted(found, -360.0 * turn) for found in polygons_of(piece)]
    return _joined(pieces)


def _shifted(shape: Any, degrees: float) -> Any:
    return shapely.transform(shape, lambda xy: xy + np.array([degrees, 0.0]))


def _straight(part: Any) -> Any:
    """A polygon whose rings do not jump across the map; itself where none does."""
    rings = [part.exterior, *part.interiors]
    jumps = [bool((np.abs(np.diff(shapely.get_coordinates(ring)[:, 0])) > 180).any()) for ring in rings]
    if not any(jumps):
        return part
    shell, *holes = (_in_one_piece(shapely.get_coordinates(ring)) for ring in rings)
    if abs(shell[-1, 0] - shell[0, 0]) > 1:  # it goes round a pole
        if (np.abs(shell[:, 1]) >= 90).any():  # and is closed there already
            return part
        shell = _over_the_pole(shell)
    if np.ptp(shell[:, 0]) < 1e-9 < np.ptp(shapely.get_coordinates(part)[:, 0]):  # as wide as the map
        return part
    west, east = shell[:, 0].min(), shell[:, 0].max()
    middles = [(hole[:, 0].min() + hole[:, 0].max()) / 2 for hole in holes]
    turns = [np.round(((west + east) / 2 - middle) / 360.0) for middle in middles]
    moved = [hole + np.array([360.0 * turn, 0.0]) for hole, turn in zip(holes, turns, strict=True)]
    return shapely.Polygon(shell, moved)


def _in_one_piece(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A ring whose longitudes run on beyond 180 instead of jumping back."""
    return np.column_stack([np.unwrap(xy[:, 0], period=360.0), xy[:, 1]])


def _over_the_pole(ring: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A ring that goes round a pole, closed along the edge of the map that stands for the pole."""
    pole = 90.0 if ring[:, 1].mean() > 0 else -90.0
    return np.vstack([ring, [ring[-1, 0], pole], [ring[0, 0], pole]])


def _valid(shapes: Shapes, counted: Counter[str]) -> Shapes:
    """Rings that cross or touch themselves put right; only areas are kept of what that gives."""
    out = shapes.copy()
    known = np.array([shape is not None for shape in out], dtype=bool)
    broken = np.flatnonzero(known)[~shapely.is_valid(out[known])]
    for row in broken:
        found = repaired(out[row])
        counted["collapsed" if found is None else "repaired"] += 1
        out[row] = found
    return out


def repaired(shape: Any) -> Any:
    """The areas a broken shape stands for; None where there are none.

    A hole is land that is left out, wherever it lies: one that reaches beyond its shell, or lies beside it,
    adds nothing.

    Examples
    --------
    >>> beside = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)], [[(5, 5), (6, 5), (6, 6), (5, 6)]])
    >>> repaired(beside).bounds
    (0.0, 0.0, 1.0, 1.0)
    """
    areas = [area for polygon in polygons_of(shape) for area in _without_holes(polygon)]
    found = _joined(areas)
    if found is not None and not shapely.is_valid(found):
        found = _joined(list(polygons_of(shapely.union_all(areas))))  # its parts share an edge
    return found if found is not None and shapely.area(found) > 0 else None


def _without_holes(polygon: Any) -> Iterator[Any]:
    """The areas of one polygon: its shell put right, less its holes put right."""
    shell = shapely.make_valid(shapely.Polygon(polygon.exterior), method="structure")
    holes = [shapely.make_valid(shapely.Polygon(ring), method="structure") for ring in polygon.interiors]
    left = shapely.difference(shell, shapely.union_all(holes)) if holes else shell
    return polygons_of(left)
