"""Who is whose neighbour: areas that touch, points within a distance, the nearest few.

Every builder returns a symmetric or directed binary matrix without a diagonal; what has no position or
no neighbour (an island) has an empty row. ``geo.hotspots`` and ``geo.territories`` read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from geo.distance import EARTH_RADIUS_KM, unit_vectors

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Weights = sparse.csr_matrix

_EDGE: Final = 1e-9
"""Degrees within which a shape counts as ending at the date line."""


def contiguity(shapes: Iterable[Any], rook: bool = False, gap_degrees: float = 0.0) -> Weights:
    """Areas that touch: a common corner is enough ("queen"), or a common border ("rook").

    Parameters
    ----------
    shapes : iterable of shapely geometries, (n,)
        Polygons in degrees, e.g. ``frame.geometry``; None or an empty one has no neighbours. A shape that
        ends at 180 degrees east touches one that begins at 180 degrees west.
    rook : bool
        Ask for a border longer than 0 instead of a point; areas that overlap are neighbours either way.
    gap_degrees : float
        Areas at most this far apart count as touching: borders drawn twice rarely meet exactly.

    Returns
    -------
    csr_matrix, (n, n)
        1.0 where two areas are neighbours; symmetric.

    Raises
    ------
    ValueError : the gap is negative or no number.

    Examples
    --------
    >>> squares = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 1, 3, 2)]
    >>> contiguity(squares).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    >>> contiguity(squares, rook=True).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    if not (np.isfinite(gap_degrees) and gap_degrees >= 0):
        raise ValueError(f"contiguity() needs a gap of 0 degrees or more; got {gap_degrees!r}.")
    known = np.empty(0, dtype=object) if shapes is None else np.asarray(list(shapes), dtype=object)
    first, second = _touching(known, known, rook, gap_degrees)
    across = _touching(known, _behind_the_date_line(known), rook, gap_degrees)
    first, second = np.concatenate((first, across[0])), np.concatenate((second, across[1]))
    return _binary(first, second, len(known), both_ways=True)


def _touching(
    known: npt.NDArray[Any], others: npt.NDArray[Any], rook: bool, gap: float
) -> tuple[Indices, Indices]:
    tree = shapely.STRtree(others)
    if gap > 0:
        first, second = tree.query(known, predicate="dwithin", distance=gap)
    else:
        first, second = tree.query(known, predicate="intersects")
    apart = first != second
    first, second = first[apart], second[apart]
    if rook:
        common = shapely.intersection(known[first], others[second])
        enough = (shapely.length(common) > 0) | (shapely.area(common) > 0)
        if gap > 0:
            enough |= shapely.is_empty(common)
        first, second = first[enough], second[enough]
    return np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)


def _behind_the_date_line(shapes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The shapes that begin at 180 degrees west, moved one turn east; None for all others."""
    west, east = shapely.bounds(shapes)[:, [0, 2]].T if len(shapes) else (np.empty(0), np.empty(0))
    moved = np.full(len(shapes), None, dtype=object)
    if (east >= 180.0 - _EDGE).any():
        for row in np.flatnonzero(west <= -180.0 + _EDGE):
            moved[row] = shapely.transform(shapes[row], lambda xy: xy + np.array([360.0, 0.0]))
    return moved


def within_km(lat: npt.ArrayLike, lon: npt.ArrayLike, km: float) -> Weights:
    """Points at most ``km`` apart, along the great circle.

    Parameters
    ----------
    lat, lon : array_like, (n,)
        Degrees; a point without coordinates has no neighbours.
    km : float

    Returns
    -------
    csr_matrix, (n, n)
        1.0 where two points are near each other; symmetric.

    Raises
    ------
    ValueError : the distance is not above 0.

    Examples
    --------
    >>> within_km([0.0, 0.0, 0.0], [179.5, -179.5, 0.0], 120.0).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    """
    if not (np.isfinite(km) and km > 0):
        raise ValueError(f"within_km() needs a distance above 0 km; got {km!r}.")
    points = unit_vectors(lat, lon)
    placed = np.flatnonzero(np.isfinite(points).all(axis=1))
    chord = 2.0 * np.sin(min(km / EARTH_RADIUS_KM, np.pi) / 2.0)
    pairs = cKDTree(points[placed]).query_pairs(chord * (1 + 1e-12), output_type="ndarray")
    return _binary(placed[pairs[:, 0]], placed[pairs[:, 1]], len(points), both_ways=True)


def k_nearest(lat: npt.ArrayLike, lon: npt.ArrayLike, k: int) -> Weights:
    """The ``k`` nearest other points of each point.

    Parameters
    ----------
    lat, lon : array_like, (n,)
        Degrees; a point without coordinates has no neighbours and is nobody's.
    k : int
        At least 1; where there are fewer other points, all of them.

    Returns
    -------
    csr_matrix, (n, n)
        Row i holds 1.0 at the neighbours of i; not symmetric in general.

    Raises
    ------
    ValueError : k is below 1.
    """
    if k < 1:
        raise ValueError(f"k_nearest() needs at least 1 neighbour; got {k}.")
    points = unit_vectors(lat, lon)
    placed = np.flatnonzero(np.isfinite(points).all(axis=1))
    taken = min(k, len(placed) - 1)
    if taken < 1:
        return _binary(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), len(points))
    _, spots = cKDTree(points[placed]).query(points[placed], k=taken + 1)
    found = np.asarray(spots, dtype=np.int64).reshape(len(placed), taken + 1)
    itself = found == np.arange(len(placed))[:, None]
    itself[~itself.any(axis=1), -1] = True  # many at one spot: it is not among its own nearest
    others = found[~itself].reshape(len(placed), taken)
    return _binary(np.repeat(placed, taken), placed[others.ravel()], len(points))


def grid(x: npt.ArrayLike, y: npt.ArrayLike, level: int, rook: bool = False) -> Weights:
    """Cells of a square grid (``geo.cells``) that touch; the grid closes at the date line.

    Parameters
    ----------
    x, y : array_like of int, (n,)
        Column and row; each cell once.
    level : int
        Zoom of the grid: it has 2^level columns.
    rook : bool
        Only the four cells with a common side, not the four at the corners.

    Returns
    -------
    csr_matrix, (n, n)

    Examples
    --------
    >>> grid([0, 1, 3], [5, 5, 6], level=2).toarray().astype(int).tolist()
    [[0, 1, 1], [1, 0, 0], [1, 0, 0]]
    """
    columns, rows = np.asarray(x, dtype=np.int64), np.asarray(y, dtype=np.int64)
    side = np.int64(1) << level
    keys = rows * side + columns
    order = np.argsort(keys, kind="stable")
    if len(keys) and (np.diff(keys[order]) == 0).any():
        raise ValueError("grid() needs each cell once; some are given twice.")
    steps = [(1, 0), (0, 1)] if rook else [(1, 0), (0, 1), (1, 1), (-1, 1)]
    first, second = [], []
    for right, down in steps:
        wanted = (rows + down) * side + (columns + right) % side
        spot = np.searchsorted(keys[order], wanted)
        spot[spot == len(keys)] = 0
        here = np.flatnonzero(keys[order][spot] == wanted) if len(keys) else np.empty(0, dtype=np.int64)
        first.append(here)
        second.append(order[spot[here]])
    return _binary(np.concatenate(first), np.concatenate(second), len(keys), both_ways=True)


def linked(neighbours: Weights, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Weights:
    """The same neighbours, and the nearest two places of parts that nothing joins: a bridge, a ferry.

    Parameters
    ----------
    neighbours : csr_matrix, (n, n)
    lat, lon : array_like, (n,)
        Degrees, of every place.

    Returns
    -------
    csr_matrix, (n, n)
        Symmetric; every place can be reached from every other.

    Raises
    ------
    ValueError : a place has no position.

    Examples
    --------
    >>> linked(sparse.csr_matrix((3, 3)), [0, 0, 0], [100, 101, 105]).toarray().astype(int).tolist()
    [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    """
    points = unit_vectors(lat, lon)
    if not np.isfinite(points).all():
        raise ValueError("linked() needs a position of every place.")
    joined = sparse.csr_matrix(neighbours + neighbours.T)
    first, second = (np.asarray(part, dtype=np.int64) for part in joined.nonzero())
    while True:
        known = _binary(first, second, len(points), both_ways=True)
        parts, part = csgraph.connected_components(known, directed=False)
        if parts <= 1:
            return known
        sizes = np.bincount(part)
        for alone in np.flatnonzero(np.arange(parts) != int(np.argmax(sizes))):
            inside, outside = np.flatnonzero(part == alone), np.flatnonzero(part != alone)
            away, spot = cKDTree(points[outside]).query(points[inside])
            near = int(np.argmin(away))
            first = np.append(first, inside[near])
            second = np.append(second, outside[int(np.asarray(spot)[near])])


def _binary(first: Indices, second: Indices, n: int, both_ways: bool = False) -> Weights:
    if both_ways:
        first, second = np.concatenate((first, second)), np.concatenate((second, first))
    other = first != second
    matrix = sparse.csr_matrix((np.ones(int(other.sum())), (first[other], second[other])), shape=(n, n))
    matrix.data[:] = 1.0
    matrix.sort_indices()
    return matrix
