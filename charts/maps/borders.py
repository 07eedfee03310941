"""Borders packed for the browser: differences of whole numbers, five bits a letter; sent with a message."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from charts.maps.base import Box

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*."
_NEAR: Final = 3.0
"""Degrees: what is smaller than this is packed to 1 m, else to 11 m."""


@dataclass(frozen=True)
class Packed:
    """Borders ready to be sent.

    ``codes`` names the regions; ``shapes`` holds per region its polygons, each with its rings as text;
    ``at`` a point inside, ``wide`` the degrees of longitude it spans; ``extent`` is (south, west, north,
    east); ``key`` changes with them.
    """

    codes: tuple[str, ...]
    shapes: tuple[tuple[tuple[str, ...], ...], ...]
    at: tuple[tuple[float, float], ...]
    wide: tuple[float, ...]
    scale: int
    extent: Box
    key: str


def pack(codes: Iterable[str], shapes: npt.NDArray[np.object_]) -> Packed:
    """Pack polygons for the browser.

    Parameters
    ----------
    codes : n of str
        Each once.
    shapes : (n,) object
        Polygons in degrees, light ones (``geo.boundaries.light``).

    Raises
    ------
    ValueError : there are not as many codes as shapes.
    """
    named = tuple(str(code) for code in codes)
    if len(named) != len(shapes):
        raise ValueError(f"pack() needs a code per shape; got {len(named)} and {len(shapes)}.")
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    scale = 100_000 if max(east - west, north - south) < _NEAR else 10_000
    packed = tuple(tuple(_polygon(part, scale) for part in shapely.get_parts(shape)) for shape in shapes)
    points = shapely.get_coordinates(shapely.point_on_surface([_largest(shape) for shape in shapes]))
    bounds = shapely.bounds([_largest(shape) for shape in shapes])
    key = blake2b(repr(packed).encode(), digest_size=6).hexdigest()
    return Packed(
        named,
        packed,
        tuple((round(float(y), 4), round(float(x), 4)) for x, y in points),
        tuple(round(float(box[2] - box[0]), 4) for box in bounds),
        scale,
        (south, west, north, east),
        key,
    )


def _largest(shape: Any) -> Any:
    return max(shapely.get_parts(shape), key=shapely.area)


def _polygon(part: Any, scale: int) -> tuple[str, ...]:
    return tuple(_ring(shapely.get_coordinates(ring), scale) for ring in (part.exterior, *part.interiors))


def _ring(xy: npt.NDArray[np.float64], scale: int) -> str:
    """A ring as text, without its last corner, which is its first."""
    whole = np.round(xy[:-1] * scale).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    kept = (steps != 0).any(axis=1)
    kept[0] = True
    return "".join(_number(value) for value in steps[kept].ravel().tolist())


def _number(value: int) -> str:
    """A whole number as letters of six bits: five of the number and one that says whether more follow.

    Examples
    --------
    >>> _number(0), _number(-1), _number(15), _number(16)
    ('A', 'B', 'e', 'gB')
    """
    left = (-value * 2 - 1) if value < 0 else value * 2
    text = ""
    while left >= 32:
        text += _ALPHABET[32 + left % 32]
        left //= 32
    return text + _ALPHABET[left]
