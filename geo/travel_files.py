"""Travel times from files: a matrix as CSV, isochrones as GeoJSON; bounded, and refused in one sentence."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.mending import repaired
from geo.travel import Given, TravelRefused

MAX_BYTES: Final = 50_000_000
MAX_ROWS: Final = 2_000_000
MAX_POINTS: Final = 100_000
MAX_STORES: Final = 5_000
MAX_CELLS: Final = 20_000_000
MAX_SHAPES: Final = 5_000
MAX_VERTICES: Final = 1_000_000
MAX_MINUTES: Final = 2_880.0

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "origin": ("origin", "origin_id", "postcode", "poskod", "kode_pos", "from", "dari"),
    "lat": ("lat", "origin_lat", "latitude", "lintang", "latitud"),
    "lon": ("lon", "lng", "origin_lon", "longitude", "bujur", "longitud"),
    "store": ("store", "store_id", "kedai", "toko", "to", "ke"),
    "minutes": ("minutes", "min", "minit", "menit", "travel_time", "travel_minutes"),
}
"""Headers that are understood, in three languages."""


def read_matrix(data: bytes, origins: Mapping[str, tuple[float, float]] | None = None) -> Given:
    """Travel times from a table with one row per origin and store.

    Parameters
    ----------
    data : bytes
        CSV in UTF-8 with a header: ``lat`` and ``lon`` of the origin (degrees) or its ``origin`` id,
        ``store_id``, ``minutes``. Comma, semicolon or tab.
    origins : mapping of id to (lat, lon), optional
        Where the ids of origins lie, such as the postcodes of the customers.

    Returns
    -------
    Given

    Raises
    ------
    TravelRefused : one sentence with what is wrong and where.
    """
    text = _text(data)
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    header = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
    column = {key: next((header.index(n) for n in names if n in header), -1) for key, names in NAMES.items()}
    by_place = column["lat"] >= 0 and column["lon"] >= 0
    if column["store"] < 0 or column["minutes"] < 0 or not (by_place or column["origin"] >= 0):
        raise TravelRefused(
            "columns",
            "A travel-time table needs the columns store_id, minutes, and lat and lon (or origin) of the "
            "origin; found {found}.",
            found=", ".join(header[:12])[:200],
        )
    return _matrix(_rows(reader, column, by_place, origins or {}))


def read_isochrones(data: bytes) -> Given:
    """Travel times from areas that can be reached: each polygon names its store and its minutes.

    Parameters
    ----------
    data : bytes
        GeoJSON FeatureCollection of polygons in degrees; properties ``store_id`` and ``minutes`` (or
        ``value`` in seconds, as openrouteservice writes it).

    Returns
    -------
    Given
        On a grid of points over the polygons; each takes the smallest minutes of those it lies in.

    Raises
    ------
    TravelRefused : one sentence with what is wrong and where.
    """
    try:
        document = json.loads(_text(data))
        features = document["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise TravelRefused(
            "geojson", "The file is not a GeoJSON FeatureCollection. Export the areas as GeoJSON."
        ) from None
    if not isinstance(features, list) or not 0 < len(features) <= MAX_SHAPES:
        raise TravelRefused("areas", "The file needs 1 to {limit} areas. Split it.", limit=MAX_SHAPES)
    areas = [_area(feature, number) for number, feature in enumerate(features, start=1)]
    if sum(shapely.get_num_coordinates(area) for area, _, _ in areas) > MAX_VERTICES:
        raise TravelRefused(
            "corners", "The areas have more than {limit} corners. Simplify them.", limit=MAX_VERTICES
        )
    return _grid(areas)


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise TravelRefused(
            "bytes",
            "The file has {found} MB; at most {limit} MB are read. Make it smaller.",
            found=len(data) // 1_000_000,
            limit=MAX_BYTES // 1_000_000,
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TravelRefused("text", "The file is not text in UTF-8. Save it again as UTF-8.") from None


def _rows(
    reader: Iterable[list[str]],
    column: Mapping[str, int],
    by_place: bool,
    origins: Mapping[str, tuple[float, float]],
) -> list[tuple[float, float, str, float]]:
    found, unknown = [], 0
    try:
        for number, row in enumerate(reader, start=1):
            if not any(cell.strip() for cell in row):
                continue
            if number > MAX_ROWS:
                raise TravelRefused(
                    "rows", "The table has more than {limit} rows. Leave out far pairs.", limit=MAX_ROWS
                )
            if len(row) <= max(column.values()):
                raise TravelRefused("short", "Row {row} has too few cells. Correct it.", row=number)
            if by_place:
                lat, lon = (_number(row[column[name]], name, number) for name in ("lat", "lon"))
            else:
                place = origins.get(row[column["origin"]].strip())
                if place is None:
                    unknown += 1
                    continue
                lat, lon = place
            if not (abs(lat) <= 90 and abs(lon) <= 180):
                raise TravelRefused(
                    "degrees", "Row {row} holds no degrees of latitude and longitude. Correct it.", row=number
                )
            minutes = _number(row[column["minutes"]], "minutes", number)
            if not 0 <= minutes <= MAX_MINUTES:
                raise _bad_minutes(number)
            found.append((lat, lon, row[column["store"]].strip(), minutes))
    except csv.Error as error:
        raise TravelRefused(
            "csv", "The table cannot be read: {detail}. Save it again as CSV.", detail=str(error)[:100]
        ) from None
    if not found:
        raise TravelRefused(
            "unknown" if unknown else "empty",
            "No row can be used: {n} rows name an origin that no customer has as postcode. Give lat and lon."
            if unknown
            else "The table has no rows. Export it again.",
            n=unknown,
        )
    return found


def _number(cell: str, name: str, row: int) -> float:
    try:
        value = float(cell.strip())
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise TravelRefused(
            "number",
            "Row {row}: {column} must be a number; it is {value}. Correct it.",
            row=row,
            column=name,
            value=cell.strip()[:30],
        )
    return value


def _bad_minutes(row: int) -> TravelRefused:
    return TravelRefused(
        "minutes",
        "Row or area {row}: minutes must lie between 0 and {limit}.",
        row=row,
        limit=int(MAX_MINUTES),
    )


def _matrix(rows: list[tuple[float, float, str, float]]) -> Given:
    places: dict[tuple[float, float], int] = {}
    stores: dict[str, int] = {}
    index = [
        (
            places.setdefault((round(lat, 6), round(lon, 6)), len(places)),
            stores.setdefault(store, len(stores)),
        )
        for lat, lon, store, _ in rows
    ]
    if len(places) > MAX_POINTS or len(stores) > MAX_STORES or len(places) * len(stores) > MAX_CELLS:
        raise TravelRefused(
            "pairs",
            "The table has {origins} origins and {stores} stores; that is more than can be kept. Take "
            "coarser origins.",
            origins=len(places),
            stores=len(stores),
        )
    minutes = np.full((len(places), len(stores)), np.inf)
    for (i, j), row in zip(index, rows, strict=True):
        minutes[i, j] = min(minutes[i, j], row[3])
    lat, lon = np.array(list(places), dtype=float).T
    return Given(lat, lon, tuple(stores), minutes)


def _area(feature: Any, number: int) -> tuple[BaseGeometry, str, float]:
    try:
        properties = feature["properties"]
        store = str(properties["store_id"])
        minutes = _minutes(properties)
        _check_numbers(feature["geometry"]["coordinates"])
        area = shape(feature["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ShapelyError, RecursionError):
        raise _no_area(number) from None
    if area.geom_type not in ("Polygon", "MultiPolygon") or area.is_empty:
        raise _no_area(number)
    west, south, east, north = area.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise TravelRefused(
            "crs", "Area {row} is not in degrees. Export it in WGS 84 (EPSG:4326).", row=number
        )
    if not 0 < minutes <= MAX_MINUTES:
        raise _bad_minutes(number)
    whole = area if area.is_valid else repaired(area)
    if whole is None:
        raise _no_area(number)
    return whole, store, minutes


def _minutes(properties: Mapping[str, Any]) -> float:
    """The property ``minutes``, a number or one written as text; or ``value``, in seconds."""
    given = properties.get("minutes", properties.get("value"))
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise ValueError(f"minutes must be a number; it is {given!r}.")
    return float(given) / (1 if "minutes" in properties else 60)


def _check_numbers(coordinates: Any) -> None:
    """Refuse coordinates written as texts or truth values: ``true`` is not one degree."""
    if isinstance(coordinates, list):
        for each in coordinates:
            _check_numbers(each)
    elif isinstance(coordinates, bool) or not isinstance(coordinates, int | float):
        raise ValueError(f"Coordinates must be numbers; found {coordinates!r}.")


def _no_area(number: int) -> TravelRefused:
    return TravelRefused(
        "area", "Area {row} needs a polygon and the properties store_id and minutes.", row=number
    )


def _grid(areas: list[tuple[BaseGeometry, str, float]]) -> Given:
    """About 2 km between points, coarser where the areas are wide."""
    west, south, east, north = shapely.total_bounds(np.array([area for area, _, _ in areas]))
    step = max(0.02, math.sqrt(max(east - west, 0.02) * max(north - south, 0.02) / 20_000))
    across, up = np.meshgrid(np.arange(west, east + step, step), np.arange(south, north + step, step))
    inner = [area.representative_point() for area, _, _ in areas]
    lon = np.append(np.clip(across.ravel(), -180, 180), [point.x for point in inner])
    lat = np.append(np.clip(up.ravel(), -90, 90), [point.y for point in inner])
    stores = {store: j for j, store in enumerate(dict.fromkeys(store for _, store, _ in areas))}
    if len(lat) * len(stores) > MAX_CELLS:
        raise TravelRefused(
            "wide",
            "The areas name {stores} stores over too wide a country. Split the file.",
            stores=len(stores),
        )
    minutes = np.full((len(lat), len(stores)), np.inf)
    for area, store, time in areas:
        inside = shapely.contains_xy(area, lon, lat)
        j = stores[store]
        minutes[inside, j] = np.minimum(minutes[inside, j], time)
    reached = np.isfinite(minutes).any(axis=1)
    return Given(lat[reached], lon[reached], tuple(stores), minutes[reached])
