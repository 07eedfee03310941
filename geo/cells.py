"""The web-mercator grid at zoom 20, and customers counted per cell of a view.

``x20, y20`` are kept as integers at import; a cell of a coarser zoom is a right shift, so a view over a
million customers costs one scan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

FINEST_ZOOM: Final = 20
SIDE: Final = 1 << FINEST_ZOOM
MAX_LATITUDE: Final = 85.05112877980659
"""Where the web-mercator square ends: atan(sinh(pi)) in degrees."""
CELLS_PER_TILE: Final = 5
"""A view of zoom z is drawn with cells of at most zoom z + 5: 8 pixels wide on a 256-pixel tile."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A view in degrees; ``west`` > ``east`` means that it crosses the date line."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        if not (-90 <= self.south <= self.north <= 90 and abs(self.west) <= 180 and abs(self.east) <= 180):
            raise ValueError(
                f"Bounds needs -90 <= south <= north <= 90 and longitudes within 180; got {self.south}, "
                f"{self.west}, {self.north}, {self.east}."
            )


def to_x20(lon: npt.ArrayLike) -> Integers:
    """Column of the zoom-20 grid, 0 (180 W) to 2^20 - 1.

    Examples
    --------
    >>> to_x20([-180.0, 0.0, 180.0]).tolist()
    [0, 524288, 1048575]
    """
    x = np.floor((np.asarray(lon, dtype=float) + 180.0) / 360.0 * SIDE)
    return np.asarray(np.clip(x, 0, SIDE - 1), dtype=np.int64)


def to_y20(lat: npt.ArrayLike) -> Integers:
    """Row of the zoom-20 grid, 0 in the north to 2^20 - 1; latitudes beyond the square are clipped.

    Examples
    --------
    >>> to_y20([90.0, 0.0, -90.0]).tolist()
    [0, 524288, 1048575]
    """
    phi = np.radians(np.clip(np.asarray(lat, dtype=float), -MAX_LATITUDE, MAX_LATITUDE))
    y = np.floor((1.0 - np.log(np.tan(phi) + 1.0 / np.cos(phi)) / np.pi) / 2.0 * SIDE)
    return np.asarray(np.clip(y, 0, SIDE - 1), dtype=np.int64)


def to_lon_lat(x: npt.ArrayLike, y: npt.ArrayLike, zoom: float = FINEST_ZOOM) -> tuple[Floats, Floats]:
    """Degrees of a grid position (a whole number is the cell's north-west corner).

    Returns
    -------
    (lon, lat) : arrays of degrees

    References
    ----------
    Snyder (1987), Map Projections, USGS PP 1395, eq. 7-4 (Mercator, inverse, sphere).
    """
    side = 2.0**zoom
    lon = np.asarray(x, dtype=float) / side * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * np.asarray(y, dtype=float) / side))))
    return lon, lat


def cell_bounds(x: int, y: int, zoom: int) -> Bounds:
    """Degrees of the borders of one cell.

    Examples
    --------
    >>> b = cell_bounds(1, 0, 1)
    >>> b.south, b.west, round(b.north, 6), b.east
    (0.0, 0.0, 85.051129, 180.0)
    """
    (west, east), (north, south) = to_lon_lat([x, x + 1], [y, y + 1], zoom)
    return Bounds(float(south), float(west), float(north), float(east))


def inside(customers: ir.Table, bounds: Bounds) -> ir.Table:
    """The placed customers whose zoom-20 cell touches the view."""
    west, east = (int(v) for v in to_x20([bounds.west, bounds.east]))
    north, south = (int(v) for v in to_y20([bounds.north, bounds.south]))
    columns = (
        (customers.x20 >= west) & (customers.x20 <= east)
        if west <= east
        else (customers.x20 >= west) | (customers.x20 <= east)
    )
    return customers.filter(columns, customers.y20 >= north, customers.y20 <= south)


def finest_zoom(customers: ir.Table, bounds: Bounds, zoom: int, max_cells: int = 2000) -> int:
    """Zoom of the finest cells, of which at most ``max_cells`` hold a customer of the view.

    One scan: the filled cells of every level that could be too fine are counted side by side.
    """
    if max_cells < 1:
        raise ValueError(f"finest_zoom() needs max_cells of at least 1; got {max_cells}.")
    finest = min(zoom + CELLS_PER_TILE, FINEST_ZOOM)
    certain = next((z for z in range(finest, 0, -1) if _size(bounds, z) <= max_cells), 0)
    levels = range(finest, certain, -1)
    if not levels:
        return certain
    view = inside(customers, bounds)
    counts = view.aggregate(**{f"n{z}": _key(view, z).nunique() for z in levels}).to_pyarrow()
    row = counts.to_pylist()[0]
    return next((z for z in levels if row[f"n{z}"] <= max_cells), certain)


def _size(bounds: Bounds, level: int) -> int:
    """Cells of a level that touch the view, filled or not."""
    shift = FINEST_ZOOM - level
    west, east = to_x20([bounds.west, bounds.east]) >> shift
    north, south = to_y20([bounds.north, bounds.south]) >> shift
    columns = east - west + 1 if bounds.west <= bounds.east else (1 << level) - west + east + 1
    return int(columns * (south - north + 1))


def _key(view: ir.Table, level: int) -> ir.IntegerValue:
    """One number per cell of a level.

    Widened before the shift: Ibis takes a shifted int32 for an int64 and drops a later cast, and both
    engines then overflow.
    """
    shift = FINEST_ZOOM - level
    return (view.x20.cast("int64") >> shift) * SIDE + (view.y20.cast("int64") >> shift)


def cells(
    customers: ir.Table, bounds: Bounds, zoom: int, max_cells: int = 2000, min_count: int = 1
) -> ir.Table:
    """Customers of a view per cell.

    Parameters
    ----------
    customers : ibis Table, one row per customer
        ``x20``, ``y20`` (int, null when not placed), ``revenue`` (float), ``is_new`` (bool).
    bounds : Bounds
    zoom : int
        Of the map.
    max_cells : int
        At most so many cells hold a customer; the finest such grid is taken.
    min_count : int
        Cells with fewer customers are left out (privacy).

    Returns
    -------
    ibis Table, one row per cell, ordered by x, y
        ``zoom`` (of the cell), ``x``, ``y`` (at that zoom), ``customers``, ``new``, ``existing``,
        ``revenue``.
    """
    level = finest_zoom(customers, bounds, zoom, max_cells)
    shift = FINEST_ZOOM - level
    view = inside(customers, bounds)
    view = view.mutate(x=view.x20.cast("int64") >> shift, y=view.y20.cast("int64") >> shift)
    new = view.is_new.fill_null(False).cast("int64")
    grouped = view.group_by("x", "y").aggregate(
        customers=view.count(), new=new.sum(), existing=(1 - new).sum(), revenue=view.revenue.sum()
    )
    kept = grouped.filter(grouped.customers >= min_count)
    return kept.mutate(zoom=level).order_by("x", "y")
