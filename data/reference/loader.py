"""Read the reference geodata: each file on first use, then kept for the process.

The frames are shared: do not change them in place. What is in each file, where it comes from and under which
licence: ``docs/GEODATA.md``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from data.errors import DataError

FOLDER: Final = Path(__file__).resolve().parent


def _path(name: str) -> Path:
    path = FOLDER / f"{name}.parquet"
    if not path.is_file():
        raise DataError(
            "reference_missing",
            f"The reference file {name}.parquet is missing from the installation; install Setia again.",
            file=str(path),
        )
    return path


@cache
def regions() -> gpd.GeoDataFrame:
    """States and provinces of the world, full polygons, sorted by code.

    Returns
    -------
    GeoDataFrame
        ``code`` (ISO 3166-2 where ``is_iso``), ``country`` (ISO 3166-1), ``name``, ``name_en``, ``aliases`` (list of str),
        ``is_iso`` (bool), ``polygon_code`` (the region whose polygon stands for this one), ``lon``, ``lat`` (a point that
        stands for the region, degrees), ``geometry`` (WGS 84; None where only the parent has a polygon).
    """
    return gpd.read_parquet(_path("regions"))


@cache
def regions_of(country: str) -> gpd.GeoDataFrame:
    """The rows of ``regions()`` for one country (ISO 3166-1 alpha-2), or several joined by commas."""
    frame = regions()
    return frame[frame["country"].isin(country.split(","))].reset_index(drop=True)


@cache
def regions_light() -> gpd.GeoDataFrame:
    """Simplified polygons for drawing: ``code``, ``country``, ``name``, ``geometry``. Never assign with these."""
    return gpd.read_parquet(_path("regions_light"))


@cache
def countries() -> gpd.GeoDataFrame:
    """Countries, simplified: ``code``, ``name``, ``name_ms``, ``name_id``, ``aliases``, ``geometry``."""
    return gpd.read_parquet(_path("countries"))


@cache
def towns() -> pd.DataFrame:
    """Towns (GeoNames): all of MY, ID, SG, BN, elsewhere from 15,000 inhabitants.

    Returns
    -------
    DataFrame
        ``id`` (GeoNames id), ``name``, ``country``, ``region_code``, ``district`` (GeoNames admin2 name or None), ``population``
        (0 = not known), ``lat``, ``lon`` (degrees), ``aliases`` (list of str). Sorted by country, region, population (largest first).
    """
    return pd.read_parquet(_path("towns"))
