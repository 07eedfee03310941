"""Points into regions against geopandas, and the nearest store: a million customers."""

from __future__ import annotations

import statistics
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from benchmarks import measure
from benchmarks.measure import Spent
from data.reference import loader
from geo.distance import haversine_km, nearest
from geo.regions import assign

NOTE = (
    "One million points near towns. `geo.regions.assign` against `geopandas.sjoin` (both from two arrays of "
    "coordinates and one frame of polygons), in turn, for the 500 states and provinces nearest to Kuala "
    "Lumpur and for all of the world's. Aim: a third of the time. The nearest of 100 stores: 1 s."
)
POINTS, STORES = 1_000_000, 100
NEAREST_AIM = 1.0


def run(files: Path, scratch: Path, rounds: int) -> str:
    """Assign and search in alternation.

    Returns
    -------
    str
        Two Markdown tables.
    """
    world = loader.regions()
    world = world[world.geometry.notna() & ~world.geometry.is_empty].reset_index(drop=True)
    away = haversine_km(world["lat"], world["lon"], 3.14, 101.69)
    close = world.iloc[np.sort(np.argsort(away, kind="stable")[:500])].reset_index(drop=True)
    compared, told = [], []
    for regions in (close, world):
        lon, lat = points(regions)
        name = f"{POINTS:,} points into {len(regions):,} regions"
        compared.append(_against(name, lon, lat, regions, rounds))
        told.append(f"{name}: {_same(lon, lat, regions):.4%} agree")
    lon, lat = points(close)
    spots = np.random.default_rng(2).choice(POINTS, STORES, replace=False)
    took = [measure.spent(lambda: nearest(lat, lon, lat[spots], lon[spots])).wall for _ in range(rounds)]
    middle = statistics.median(took)
    aim = f"{NEAREST_AIM:g} s {'met' if middle <= NEAREST_AIM else 'MISSED'}"
    rows = [[f"nearest of {STORES} stores for {POINTS:,} customers, s", f"{middle:.2f}", aim]]
    head = measure.table(measure.COMPARISON_HEAD, [each.row() for each in compared])
    return f"{head}\n\n{'; '.join(told)}.\n\n" + measure.table(("what", "median", "aim"), rows)


def points(regions: gpd.GeoDataFrame, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes near the towns of the box around regions, the same every time."""
    chance = np.random.default_rng(seed)
    west, south, east, north = regions.total_bounds
    towns: pd.DataFrame = loader.towns()
    towns = towns[towns["lon"].between(west, east) & towns["lat"].between(south, north)]
    home = chance.integers(len(towns), size=POINTS)
    lon = towns["lon"].to_numpy()[home] + chance.normal(0, 0.1, POINTS)
    lat = towns["lat"].to_numpy()[home] + chance.normal(0, 0.1, POINTS)
    return np.clip(lon, -179.9, 179.9), np.clip(lat, -89.9, 89.9)


def _joined(lon: np.ndarray, lat: np.ndarray, regions: gpd.GeoDataFrame) -> np.ndarray:
    there = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=regions.crs)
    found = gpd.sjoin(there, regions[["geometry"]], how="left", predicate="intersects")
    first = found[~found.index.duplicated()]
    return first["index_right"].fillna(-1).to_numpy(dtype=np.int64)


def _against(
    name: str, lon: np.ndarray, lat: np.ndarray, regions: gpd.GeoDataFrame, rounds: int
) -> measure.Comparison:
    def ours() -> Spent:
        return measure.spent(lambda: assign(lon, lat, regions))

    def yardstick() -> Spent:
        return measure.spent(lambda: _joined(lon, lat, regions))

    return measure.alternate(name, ours, yardstick, rounds, aim=0.33)


def _same(lon: np.ndarray, lat: np.ndarray, regions: gpd.GeoDataFrame) -> float:
    """Share of points for which both name the same region; they may differ where polygons overlap."""
    return float((assign(lon, lat, regions) == _joined(lon, lat, regions)).mean())
