"""States, provinces and countries: Natural Earth polygons with ISO 3166 codes and names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from babel import Locale

from geo.names import key, region_key
from tools.reference import hand, sources

DECIMALS = 5
NO_COUNTRY = "ZZ"
"""Disputed land that the source gives no country code (ISO 3166 keeps ZZ free)."""
LIGHT_DECIMALS = 3
LIGHT_TOLERANCE_DEGREES = 0.03
COUNTRY_TOLERANCE_DEGREES = 0.05

_HAND = {(h.code[:2], h.natural_earth): h for h in (*hand.MALAYSIA, *hand.INDONESIA) if h.natural_earth}
_SMALL = {("SG", n): c for n, c in hand.SINGAPORE.items()} | {("BN", n): c for n, c in hand.BRUNEI.items()}


def _iso_by_key(folder: Path) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for code, name in sources.iso_subdivisions(folder):
        for part in {name, *name.replace("[", "(").split("(")}:
            words = region_key(part.strip(" )]"))
            if words:
                found.setdefault((code[:2], words.replace(" ", "")), code)
    return found


def _labels(row: Any) -> list[str]:
    """Every name the source gives a region, best first."""
    woe = str(row.woe_label).split(",")[0] if isinstance(row.woe_label, str) else None
    names = [row.name_, row.woe_name, woe, row.gn_name]
    return list(dict.fromkeys(n for n in names if isinstance(n, str) and n.strip()))


def _codes(world: gpd.GeoDataFrame, folder: Path) -> list[str]:
    """Codes by hand, then by the region's own name, then by its other names; "CC-x001" where ISO has none."""
    iso, rows = _iso_by_key(folder), list(world.itertuples())
    codes: dict[int, str] = {}
    for number, row in enumerate(rows):
        by_hand = _HAND.get((row.iso_a2, row.name_))
        code = by_hand.code if by_hand else _SMALL.get((row.iso_a2, row.name_))
        if code:
            codes[number] = code
    taken = set(codes.values())
    for labels in (slice(0, 1), slice(1, None)):
        for number, row in enumerate(rows):
            keys = [region_key(label).replace(" ", "") for label in _labels(row)[labels]]
            code = next((iso[row.iso_a2, k] for k in keys if (row.iso_a2, k) in iso), None)
            if number not in codes and code and code not in taken:
                codes[number] = code
                taken.add(code)
    unknown: dict[str, int] = {}
    for number, row in enumerate(rows):
        if number not in codes:
            unknown[row.iso_a2] = unknown.get(row.iso_a2, 0) + 1
            codes[number] = f"{row.iso_a2}-x{unknown[row.iso_a2]:03d}"
    return [codes[number] for number in range(len(rows))]


def _move_islands(world: gpd.GeoDataFrame, codes: list[str]) -> None:
    """Give islands that the source draws in the wrong state to their own (see ``hand.ISLANDS``)."""
    for giver, taker, box in hand.ISLANDS:
        source, target = codes.index(giver), codes.index(taker)
        parts = shapely.get_parts(world.geometry.iloc[source])
        inside = shapely.within(parts, shapely.box(*box))
        world.loc[source, "geometry"] = shapely.multipolygons(parts[~inside])
        world.loc[target, "geometry"] = shapely.union_all([world.geometry.iloc[target], *parts[inside]])


def _point(shape: Any) -> tuple[float, float]:
    parts = shapely.get_parts(shape)
    inside = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    return round(float(inside.x), DECIMALS), round(float(inside.y), DECIMALS)


def _record(row: Any, code: str) -> dict[str, object]:
    known = _HAND.get((row.iso_a2, row.name_))
    lon, lat = _point(row.geometry)
    names = [*_labels(row), *(known.aliases if known else ())]
    return {
        "code": code,
        "country": row.iso_a2,
        "name": known.name if known else names[0] if names else code,
        "name_en": known.name_en if known else names[0] if names else code,
        "aliases": names,
        "is_iso": "-x" not in code,
        "polygon_code": code,
        "lon": lon,
        "lat": lat,
        "geometry": row.geometry,
    }


def _capital(h: hand.Hand, towns: pd.DataFrame) -> tuple[float, float]:
    wanted = key(hand.CAPITALS[h.code])
    found = towns[(towns.admin1 == h.geonames) & (towns.name.map(key) == wanted)].iloc[0]
    return float(found.lon), float(found.lat)


def _without_polygon(towns: pd.DataFrame) -> list[dict[str, object]]:
    """Provinces younger than the polygons: named and coded, assigned to the parent's polygon."""
    rows: list[dict[str, object]] = []
    for h in hand.INDONESIA:
        if h.parent is None:
            continue
        lon, lat = _capital(h, towns)
        rows.append(
            {
                "code": h.code,
                "country": "ID",
                "name": h.name,
                "name_en": h.name_en,
                "aliases": list(h.aliases),
                "is_iso": True,
                "polygon_code": h.parent,
                "lon": lon,
                "lat": lat,
                "geometry": None,
            }
        )
    return rows


def regions(folder: Path, indonesian_towns: pd.DataFrame) -> gpd.GeoDataFrame:
    """All states and provinces, sorted by code; see ``docs/GEODATA.md`` for the columns."""
    world = gpd.read_file(sources.world_map(folder), layer="states_provinces")
    world = world.rename(columns={"name": "name_"})
    world["iso_a2"] = world["iso_a2"].where(world["iso_a2"].str.fullmatch("[A-Z]{2}"), NO_COUNTRY)
    rounded = shapely.transform(world.geometry.to_numpy(), lambda xy: np.round(xy, DECIMALS))
    world["geometry"] = shapely.make_valid(rounded)
    world = world.sort_values(["iso_a2", "name_", "fips"], na_position="last").reset_index(drop=True)
    codes = _codes(world, folder)
    _move_islands(world, codes)
    rows = [_record(row, code) for row, code in zip(world.itertuples(), codes, strict=True)]
    rows += _without_polygon(indonesian_towns)
    points = {h.code: _capital(h, indonesian_towns) for h in hand.INDONESIA if h.code in hand.CAPITALS}
    for row in rows:
        if row["code"] in points:
            row["lon"], row["lat"] = points[str(row["code"])]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)
    return frame.sort_values("code").reset_index(drop=True)


def light(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same regions simplified for drawing; neighbours keep one common border."""
    drawn = frame[frame.geometry.notna()][["code", "country", "name", "geometry"]].copy()
    simple = shapely.coverage_simplify(drawn.geometry.to_numpy(), LIGHT_TOLERANCE_DEGREES)
    drawn["geometry"] = shapely.transform(simple, lambda xy: np.round(xy, LIGHT_DECIMALS))
    return drawn[~drawn.geometry.is_empty].reset_index(drop=True)


def countries(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One light polygon per country, with its names in English, Malay and Indonesian."""
    with_shape = frame[frame.geometry.notna()]
    groups = with_shape.groupby("country").geometry
    merged = {c: shapely.union_all(shapes.to_numpy(), grid_size=10.0**-DECIMALS) for c, shapes in groups}
    simple = shapely.coverage_simplify(list(merged.values()), COUNTRY_TOLERANCE_DEGREES)
    shapes = shapely.transform(simple, lambda xy: np.round(xy, LIGHT_DECIMALS))
    words = {language: Locale(language).territories for language in ("en", "ms", "id")}
    rows = []
    for code, shape in zip(merged, shapes, strict=True):
        own = {language: words[language].get(code, code) for language in words}
        aliases = list(dict.fromkeys([*own.values(), *hand.COUNTRY_ALIASES.get(code, ())]))
        rows.append(
            {
                "code": code,
                "name": own["en"],
                "name_ms": own["ms"],
                "name_id": own["id"],
                "aliases": aliases,
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=4326).sort_values("code").reset_index(drop=True)
