"""Customers of a window of the map as cells of the web-mercator grid, few enough to draw.

A cell of level z is a tile of zoom z: with ``x20, y20`` kept at import, any coarser level is a right
shift, so a window over a million customers costs one scan. Cells of a view are few; joining them
happens in memory.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

FINEST: Final = 20
MERGED_LEVELS: Final = 2
"""How many levels a small cell may grow to find company before it is hidden."""
LIMIT: Final = 85.0511
"""Latitude (degrees) at which the web-mercator square ends."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Window:
    """A rectangle of cells of one level: ``west <= x <= east``, ``north <= y <= south`` (inclusive)."""

    level: int
    west: int
    north: int
    east: int
    south: int

    @property
    def size(self) -> int:
        return (self.east - self.west + 1) * (self.south - self.north + 1)


def window(box: Box, level: int, pad: float = 0.0) -> Window:
    """The cells that cover a box.

    They fill whole cells ``MERGED_LEVELS`` coarser, so that joining cells does not depend on the view.

    Parameters
    ----------
    box : (south, west, north, east), degrees
        Longitudes beyond 180 are cut off at the edge of the world.
    level : int
        0 to 20.
    pad : float
        Share of the box's size added on every side.

    Raises
    ------
    ValueError : the level is not from ``MERGED_LEVELS`` to 20.

    Examples
    --------
    >>> window((2.9, 101.5, 3.3, 101.9), 10)
    Window(level=10, west=800, north=500, east=803, south=503)
    """
    if not MERGED_LEVELS <= level <= FINEST:
        raise ValueError(f"window() needs a level from {MERGED_LEVELS} to {FINEST}; got {level}.")
    south, west, north, east = box
    high, wide = (north - south) * pad, (east - west) * pad
    coarse = level - MERGED_LEVELS
    x0, y0 = tile(north + high, west - wide, coarse)
    x1, y1 = tile(south - high, east + wide, coarse)
    block = 1 << MERGED_LEVELS
    return Window(level, x0 * block, y0 * block, (x1 + 1) * block - 1, (y1 + 1) * block - 1)


def tile(lat: float, lon: float, level: int) -> tuple[int, int]:
    """Column and row of the cell a point lies in, kept inside the grid.

    Examples
    --------
    >>> tile(3.139, 101.6869, 10)
    (801, 503)
    """
    side = 1 << level
    phi = math.radians(min(max(lat, -LIMIT), LIMIT))
    x = (lon + 180.0) / 360.0 * side
    y = (1.0 - math.log(math.tan(phi) + 1.0 / math.cos(phi)) / math.pi) / 2.0 * side
    return min(max(math.floor(x), 0), side - 1), min(max(math.floor(y), 0), side - 1)


def counted(customers: ir.Table, shown: Window) -> ir.Table:
    """Customers per cell of a window.

    Parameters
    ----------
    customers : ibis Table, one row per customer
        ``x20``, ``y20`` (null: no place), ``lat``, ``lon``, ``is_new``, ``revenue``.
    shown : Window

    Returns
    -------
    ibis Table, one row per cell with a customer
        ``x``, ``y``, ``customers``, ``new``, ``revenue``, ``lat``, ``lon`` (sums: cells can be joined).
    """
    within = inside(customers, shown)
    shift = FINEST - shown.level
    placed = within.mutate(x=within.x20 >> shift, y=within.y20 >> shift)
    return placed.group_by("x", "y").aggregate(
        customers=placed.count(),
        new=placed.is_new.cast("int32").sum(),
        revenue=placed.revenue.sum(),
        lat=placed.lat.sum(),
        lon=placed.lon.sum(),
    )


def inside(customers: ir.Table, shown: Window) -> ir.Table:
    """The customers who live in a window."""
    shift = FINEST - shown.level
    return customers.filter(
        customers.x20 >= shown.west << shift,
        customers.x20 < (shown.east + 1) << shift,
        customers.y20 >= shown.north << shift,
        customers.y20 < (shown.south + 1) << shift,
    )


def merged(cells: pd.DataFrame, level: int, fewest: int = 0) -> tuple[pd.DataFrame, int]:
    """Cells ready to draw: small ones joined with their small neighbours, or left out.

    Small cells of one parent are joined; where they are still too few together, those of the
    grandparent; what then is too small is hidden.

    Parameters
    ----------
    cells : DataFrame
        Of :func:`counted`, whole blocks of ``MERGED_LEVELS`` (see :func:`window`).
    level : int
    fewest : int
        Least number of customers in a cell; 0 keeps every cell as it is.

    Returns
    -------
    cells : DataFrame, coarser ones first
        ``pick`` (``cell:level/x/y``, and ``/level`` of its parts where it was joined), ``level``,
        ``x``, ``y``, ``lat``, ``lon`` (mean position), ``south``, ``west``, ``north``, ``east``
        (degrees), ``customers``, ``new``, ``revenue``, ``joined`` (bool).
    hidden : int
        Customers in no cell.
    """
    left, kept = cells.assign(level=level), []
    for up in range(MERGED_LEVELS + 1):
        enough = left["customers"] >= max(fewest, 1)
        kept.append(left[enough].assign(level=level - up))
        left = left[~enough]
        if left.empty or up == MERGED_LEVELS:
            break
        left = left.assign(x=left["x"].to_numpy() >> 1, y=left["y"].to_numpy() >> 1)
        left = left.groupby(["x", "y"], as_index=False)[["customers", "new", "revenue", "lat", "lon"]].sum()
    drawn = pd.concat(kept[::-1], ignore_index=True)
    return _placed(drawn, level), int(left["customers"].sum())


def _placed(cells: pd.DataFrame, level: int) -> pd.DataFrame:
    side = (1 << cells["level"].to_numpy(dtype=np.int64)).astype(float)
    x, y = cells["x"].to_numpy(dtype=float), cells["y"].to_numpy(dtype=float)
    ids = zip(cells["level"], cells["x"], cells["y"], strict=True)
    picks = [f"cell:{z}/{i}/{j}" + (f"/{level}" if z != level else "") for z, i, j in ids]
    return cells.assign(
        pick=picks,
        joined=cells["level"].to_numpy() != level,
        lat=cells["lat"] / cells["customers"],
        lon=cells["lon"] / cells["customers"],
        west=x / side * 360.0 - 180.0,
        east=(x + 1) / side * 360.0 - 180.0,
        north=_latitude(y / side),
        south=_latitude((y + 1) / side),
    )


def _latitude(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * share))))


def parse_pick(text: str) -> tuple[int, int, int, int] | None:
    """Level, x, y and the level of its parts of a cell's id (without ``cell:``), None where it is no id.

    Examples
    --------
    >>> parse_pick("10/801/503"), parse_pick("8/200/125/10"), parse_pick("10/801/5000"), parse_pick("x")
    ((10, 801, 503, 10), (8, 200, 125, 10), None, None)
    """
    parts = text.split("/")
    if len(parts) not in (3, 4) or not all(
        part.isascii() and part.isdigit() and len(part) <= 7 for part in parts
    ):
        return None
    level, x, y = (int(part) for part in parts[:3])
    base = int(parts[3]) if len(parts) == 4 else level
    joined = level <= base <= min(FINEST, level + MERGED_LEVELS)
    return (level, x, y, base) if joined and max(x, y) < 1 << level else None


def members(
    customers: ir.Table, cells: pd.DataFrame, level: int, pick: tuple[int, int, int, int], fewest: int
) -> ir.Table:
    """The customers of one drawn cell; of a joined one, those of the small cells it was joined from.

    Parameters
    ----------
    customers : ibis Table
        As in :func:`counted`.
    cells : DataFrame
        Of :func:`counted` at the level of the parts, over :func:`block` of the pick.
    level : int
        Of the parts.
    pick : (level, x, y, level of the parts)
    fewest : int
        As drawn.
    """
    at, x, y, base = pick
    shift = FINEST - at
    here = customers.filter(customers.x20 >> shift == x, customers.y20 >> shift == y)
    if at == base:
        return here
    finer, _ = merged(cells, level, fewest)
    drawn_elsewhere = finer[finer["level"] > at]
    for other in drawn_elsewhere[["level", "x", "y"]].itertuples(index=False):
        down = FINEST - other.level
        alone = (here.x20 >> down == other.x) & (here.y20 >> down == other.y)
        if other.level == base:
            here = here.filter(~alone)
        else:  # a joined cell between the two: only its small parts are gone
            here = here.filter(~(alone & _is_small(here, cells, base, fewest)))
    return here


def _is_small(customers: ir.Table, cells: pd.DataFrame, base: int, fewest: int) -> ir.BooleanValue:
    big = cells[cells["customers"] >= max(fewest, 1)]
    keys = [int(x) * (1 << base) + int(y) for x, y in zip(big["x"], big["y"], strict=True)]
    shift = FINEST - base
    key = (customers.x20 >> shift).cast("int64") * (1 << base) + (customers.y20 >> shift).cast("int64")
    return ~key.isin(keys) if keys else customers.x20.notnull()


def block(pick: tuple[int, int, int, int]) -> Window:
    """The cells of the parts' level that merging looked at for a pick."""
    at, x, y, base = pick
    up = MERGED_LEVELS - (base - at)
    left, top, span = x >> up, y >> up, 1 << MERGED_LEVELS
    return Window(base, left * span, top * span, (left + 1) * span - 1, (top + 1) * span - 1)
