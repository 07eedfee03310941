"""Are the coordinates that came with a row to be believed?

A row's own coordinates are used when they lie in the stated country and state (the workspace's country
when none is stated). Everything else is reported with a code and placed by its names, with one exception:
latitude and longitude in each other's column are put right when only the swapped point lies in the country.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from geo.gazetteer import BORDER_KM
from geo.regions import NOWHERE, assign

SWAPPED_REPAIRED: Final = "coordinates_swapped_repaired"
ZERO: Final = "coordinates_zero"
IMPOSSIBLE: Final = "coordinates_impossible"
INCOMPLETE: Final = "coordinates_incomplete"
OUTSIDE_COUNTRY: Final = "coordinates_outside_country"
OUTSIDE_REGION: Final = "coordinates_outside_region"

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]

_ZERO_DEGREES: Final = 1e-6


@dataclass(slots=True)
class Checked:
    """What became of each row's own coordinates; all arrays have one entry per row.

    ``usable`` rows lie at ``lat``, ``lon`` in the region ``region``; ``problem`` is "" or a code.
    """

    lat: Floats
    lon: Floats
    usable: Flags
    region: Objects
    problem: Objects


def check(lat: Floats, lon: Floats, country: Objects, region: Objects, regions: gpd.GeoDataFrame) -> Checked:
    """Judge coordinates against the country and the state of their row.

    Parameters
    ----------
    lat, lon : (n,) float
        Degrees as given; NaN where missing.
    country : (n,) of str
        ISO 3166-1 code.
    region : (n,) of str or None
        Code of the stated state or province; None where none is known.
    regions : GeoDataFrame
        ``code, country, polygon_code, geometry``.

    Returns
    -------
    Checked
        A point up to ``BORDER_KM`` off the stated state counts as inside it: the polygons are generalised.
    """
    out = _by_value(lat, lon)
    rows = np.flatnonzero((out.problem == "") & np.isfinite(lat) & np.isfinite(lon))
    shapes = _of_countries(regions, country[rows])
    here = assign(out.lon[rows], out.lat[rows], shapes, BORDER_KM)
    _repair(out, rows, here, country, shapes)
    rows = np.flatnonzero((out.problem == "") | (out.problem == SWAPPED_REPAIRED))
    rows = rows[np.isfinite(out.lat[rows]) & np.isfinite(out.lon[rows])]
    if rows.size:
        parents = dict(zip(regions["code"], regions["polygon_code"], strict=True))
        _settle(out, rows, region, shapes, parents)
    return out


def _by_value(lat: Floats, lon: Floats) -> Checked:
    """What can be said from the two numbers alone."""
    has_lat, has_lon = np.isfinite(lat), np.isfinite(lon)
    problem = np.full(lat.size, "", dtype=object)
    problem[has_lat != has_lon] = INCOMPLETE
    both = has_lat & has_lon
    problem[both & (np.abs(lat) < _ZERO_DEGREES) & (np.abs(lon) < _ZERO_DEGREES)] = ZERO
    too_far = (np.abs(lat) > 180) | (np.abs(lon) > 180) | ((np.abs(lat) > 90) & (np.abs(lon) > 90))
    problem[both & too_far] = IMPOSSIBLE
    empty = np.full(lat.size, None, dtype=object)
    return Checked(lat.copy(), lon.copy(), np.zeros(lat.size, dtype=bool), empty, problem)


def _of_countries(regions: gpd.GeoDataFrame, country: Objects) -> gpd.GeoDataFrame:
    wanted = set(country.tolist())
    return regions[regions["country"].isin(wanted) & regions.geometry.notna()].reset_index(drop=True)


def _owned(shapes: gpd.GeoDataFrame, index: npt.NDArray[np.int64], country: Objects) -> Flags:
    owners = np.array([*shapes["country"], None], dtype=object)
    found: Flags = (index != NOWHERE) & (owners[index] == country)
    return found


def _repair(
    out: Checked,
    rows: npt.NDArray[np.int64],
    here: npt.NDArray[np.int64],
    country: Objects,
    shapes: gpd.GeoDataFrame,
) -> None:
    """Rows outside their country: swapped when only the other order lies in it, else reported."""
    lost = rows[~_owned(shapes, here, country[rows])]
    if not lost.size:
        return
    lat, lon = out.lat[lost], out.lon[lost]
    turned = assign(np.where(np.abs(lat) <= 180, lat, np.nan), lon, shapes, BORDER_KM)
    swapped = _owned(shapes, turned, country[lost])
    out.lat[lost[swapped]], out.lon[lost[swapped]] = lon[swapped], lat[swapped]
    wrong = np.where(np.abs(lat) > 90, IMPOSSIBLE, OUTSIDE_COUNTRY)
    out.problem[lost] = np.where(swapped, SWAPPED_REPAIRED, wrong)


def _settle(
    out: Checked,
    rows: npt.NDArray[np.int64],
    region: Objects,
    shapes: gpd.GeoDataFrame,
    parents: dict[str, str],
) -> None:
    """Give each believable row its region; report those far from the state they name."""
    codes = np.array([*shapes["code"], None], dtype=object)
    here = codes[assign(out.lon[rows], out.lat[rows], shapes, BORDER_KM)]
    stated = region[rows]
    polygon = np.array([parents.get(c) for c in stated], dtype=object)
    out.region[rows] = np.where(stated == None, here, stated)  # noqa: E711 - element by element
    differs = np.array([p is not None and p != h for p, h in zip(polygon, here, strict=True)], dtype=bool)
    far = np.zeros(rows.size, dtype=bool)
    for code in set(polygon[differs].tolist()):
        group = np.flatnonzero(differs & (polygon == code))
        one = shapes[shapes["code"] == code]
        far[group] = assign(out.lon[rows[group]], out.lat[rows[group]], one, BORDER_KM) == NOWHERE
    out.usable[rows] = ~far
    out.problem[rows[far]] = OUTSIDE_REGION
    out.region[rows[far]] = None
