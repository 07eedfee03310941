"""The web-mercator grid at zoom 20.

``x20, y20`` are kept as integers at import; a cell of a coarser zoom is a right shift. Counting the
cells of a view: ``geo/place_cells.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FINEST_ZOOM: Final = 20
SIDE: Final = 1 << FINEST_ZOOM
MAX_LATITUDE: Final = 85.05112877980659
"""Where the web-mercator square ends: atan(sinh(pi)) in degrees."""

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
