"""Own stores and competitors on the map, and the straight way to them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.captured import Floats
from geo.distance import haversine_km


def distances(lat: npt.ArrayLike, lon: npt.ArrayLike, places: pd.DataFrame) -> Floats:
    """Great-circle kilometres from points to places, (n, m)."""
    a, b = np.asarray(lat, dtype=float)[:, None], np.asarray(lon, dtype=float)[:, None]
    return haversine_km(a, b, places["lat"].to_numpy(float)[None, :], places["lon"].to_numpy(float)[None, :])


def nearest_km(lat: npt.ArrayLike, lon: npt.ArrayLike, places: pd.DataFrame) -> Floats:
    """Great-circle kilometres from points to the nearest place, (n,); infinite where there is none."""
    return np.asarray(distances(lat, lon, places).min(axis=1, initial=np.inf))


def own_stores(stores: pd.DataFrame) -> pd.DataFrame:
    """Own stores that have coordinates, by id."""
    placed = stores["lat"].notna() & stores["lon"].notna()
    kept = stores[placed & (stores["owner"] != "competitor")]
    return kept.sort_values("store_id").reset_index(drop=True)


def competitors(stores: pd.DataFrame) -> pd.DataFrame:
    """Competitors that have coordinates, by id."""
    placed = stores["lat"].notna() & stores["lon"].notna()
    return stores[placed & (stores["owner"] == "competitor")].sort_values("store_id").reset_index(drop=True)
