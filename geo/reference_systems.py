"""Which coordinate reference system numbers are written in, and how they become degrees.

A file may say nothing, or say something that its numbers contradict. What can be told from the numbers
is told; what cannot is asked, never guessed in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
import pyproj
from pyproj.exceptions import CRSError, ProjError

WGS84: Final = "EPSG:4326"
Box = tuple[float, float, float, float]
"""South, west, north, east in degrees."""

Floats = npt.NDArray[np.float64]

CANDIDATES: Final = MappingProxyType(
    {
        "MY": ("EPSG:3375", "EPSG:3376", "EPSG:3168", "EPSG:29873", "EPSG:32647", "EPSG:32648", "EPSG:32650"),
        "ID": tuple(f"EPSG:{code}" for code in (*range(32646, 32655), *range(32746, 32755), 9470)),
        "SG": ("EPSG:3414",),
        "BN": ("EPSG:29873", "EPSG:5247"),
    }
)
"""Systems that a country's offices publish in: RSO of Malaysia, UTM zones of Indonesia, SVY21."""

EVERYWHERE: Final = ("EPSG:3857",)
_SIDE: Final = 2.0
"""Degrees around a country's box in which its boundaries may lie."""


class BoundaryProblem(ValueError):
    """Boundaries that cannot be used as they are.

    ``code`` names the reason for screens, ``fields`` what its sentence speaks of; ``str()`` is one
    English sentence.
    """

    def __init__(self, code: str, sentence: str, **fields: object) -> None:
        self.code, self.fields = code, fields
        super().__init__(sentence.format(**fields))


@dataclass(frozen=True, slots=True)
class System:
    """A decision: the system numbers are read in, and why.

    ``reason`` is ``declared`` (the file says so and the numbers agree), ``assumed`` (the file says
    nothing, the numbers are degrees), ``contradicted`` (the file says something else, but the numbers
    are degrees), ``fitted`` (the only known system that puts them into the country) or ``chosen``.
    """

    crs: str
    reason: str


def in_degrees(bounds: Floats) -> bool:
    """Whether west, south, east, north can be longitudes and latitudes, in either order."""
    west, south, east, north = bounds
    inside = max(abs(west), abs(east)) <= 360 and max(abs(south), abs(north)) <= 90
    swapped = max(abs(south), abs(north)) <= 360 and max(abs(west), abs(east)) <= 90
    return bool(inside or swapped)


def decide(declared: str, bounds: Floats, country: str = "", home: Box | None = None) -> System:
    """The system to read coordinates in.

    Parameters
    ----------
    declared : str
        An authority code or WKT, as the file says; empty where it says nothing.
    bounds : (4,) west, south, east, north of all coordinates, as written
    country : str
        ISO 3166-1 code of the workspace: whose systems are tried.
    home : (south, west, north, east), optional
        Where that country lies, in degrees.

    Returns
    -------
    System

    Raises
    ------
    BoundaryProblem : nothing fits (``crs_unknown``, with the systems that could be chosen), or the
        file names a system that does not exist (``crs_unreadable``).
    """
    crs = _read(declared)
    degrees = in_degrees(bounds)
    if crs is not None and crs.is_geographic and degrees:
        return System(name_of(crs), "declared")
    if crs is not None and not crs.is_geographic and not _fits_degrees_only(crs, bounds):
        return System(name_of(crs), "declared")
    if degrees:
        return System(WGS84, "contradicted" if crs is not None else "assumed")
    fitting = possible(bounds, country, home)
    if len(fitting) == 1 and home is not None:
        return System(fitting[0], "fitted")
    raise BoundaryProblem(
        "crs_unknown",
        "The coordinates are not degrees (found {west:.0f}, {south:.0f} to {east:.0f}, {north:.0f}) and the "
        "file does not say in which system they are. Choose the system, or export the file in WGS 84.",
        **dict(zip(("west", "south", "east", "north"), map(float, bounds), strict=True)),
        choices=fitting,
    )


def possible(bounds: Floats, country: str, home: Box | None) -> tuple[str, ...]:
    """Known systems under which the coordinates land in the country.

    Parameters
    ----------
    bounds : (4,) west, south, east, north, as written
    country : str
    home : (south, west, north, east) or None
    """
    found = []
    for code in (*CANDIDATES.get(country, ()), *EVERYWHERE):
        try:
            lon, lat = to_degrees(np.array(bounds[[0, 2]]), np.array(bounds[[1, 3]]), code)
        except (ProjError, CRSError):
            continue
        if not np.isfinite([*lon, *lat]).all():
            continue
        if home is None or _within(lon, lat, home):
            found.append(code)
    return tuple(found)


def _within(lon: Floats, lat: Floats, home: Box) -> bool:
    south, west, north, east = home
    return bool(
        (lon >= west - _SIDE).all()
        and (lon <= east + _SIDE).all()
        and (lat >= south - _SIDE).all()
        and (lat <= north + _SIDE).all()
    )


def to_degrees(x: Floats, y: Floats, crs: str) -> tuple[Floats, Floats]:
    """Longitudes and latitudes, WGS 84, of coordinates in a system (x east, y north).

    Examples
    --------
    >>> lon, lat = to_degrees(np.array([412_000.0]), np.array([347_000.0]), "EPSG:3375")
    >>> bool(101 < lon[0] < 102 and 3 < lat[0] < 3.3)
    True
    """
    if crs == WGS84:
        return x, y
    transformer = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)
    lon, lat = transformer.transform(x, y)
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


def name_of(crs: pyproj.CRS) -> str:
    """``EPSG:3375`` where the system has such a number, else its WKT."""
    authority = crs.to_authority(min_confidence=70)
    if authority is None:
        return str(crs.to_wkt())
    return ":".join(authority)


def title_of(crs: str) -> str:
    """What a person calls a system: its number and name.

    Examples
    --------
    >>> title_of("EPSG:3375")
    'EPSG:3375 GDM2000 / Peninsula RSO'
    """
    known = pyproj.CRS.from_user_input(crs)
    number = crs if crs.startswith("EPSG:") else ""
    return f"{number} {known.name}".strip()


def _read(declared: str) -> pyproj.CRS | None:
    if not declared:
        return None
    try:
        return pyproj.CRS.from_user_input(declared)
    except CRSError as error:
        raise BoundaryProblem(
            "crs_unreadable",
            "The file names a coordinate system that is not known ({crs}). Export it in WGS 84.",
            crs=declared[:80],
        ) from error


def _fits_degrees_only(crs: pyproj.CRS, bounds: Floats) -> bool:
    """Whether numbers of a projected system look like degrees and, read as metres, are out of its area."""
    if not in_degrees(bounds):
        return False
    lon, lat = to_degrees(np.array(bounds[[0, 2]]), np.array(bounds[[1, 3]]), name_of(crs))
    area = crs.area_of_use
    if area is None or not np.isfinite([*lon, *lat]).all():
        return True
    return not _within(lon, lat, (area.south, area.west, area.north, area.east)) or float(np.ptp(lat)) < 0.01
