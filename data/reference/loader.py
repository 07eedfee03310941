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
        ``code`` (ISO 3166-2 where ``is_iso``), ``country`` (ISO 3166-1), ``name``, ``name_en``,
        ``aliases`` (list of str), ``is_iso`` (bool), ``polygon_code`` (the region whose polygon stands for
        this one), ``lon``, ``lat`` (a point that stands for the region, degrees), ``geometry`` (WGS 84;
        None where only the parent has a polygon).
    """
    return gpd.read_parquet(_path("regions"))


@cache
def regions_of(country: str) -> gpd.GeoDataFrame:
    """The rows of ``regions()`` for one country (ISO 3166-1 alpha-2), or several joined by commas."""
    frame = regions()
    return frame[frame["country"].isin(country.split(","))].reset_index(drop=True)


@cache
def regions_light() -> gpd.GeoDataFrame:
    """Simplified polygons to draw, not to assign with: ``code``, ``country``, ``name``, ``geometry``."""
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
        ``id`` (GeoNames id), ``name``, ``country``, ``region_code``, ``district`` (GeoNames admin2 name or
        None), ``population`` (0 = not known), ``lat``, ``lon`` (degrees), ``aliases`` (list of str). Sorted
        by country, region, population (largest first).
    """
    return pd.read_parquet(_path("towns"))


@cache
def areas() -> pd.DataFrame:
    """Districts and sub-districts of MY and ID, with the point that stands for each.

    Returns
    -------
    DataFrame
        ``code`` (Kemendagri in ID: "32.73", "32.73.02"; own in MY: "MY-10.petaling"), ``level`` (district |
        subdistrict), ``name`` ("Kota Bandung"), ``region_code``, ``lat``, ``lon`` (degrees, missing when it
        cannot be placed), ``method`` (name | main_town | members | own: where the point comes from).
    """
    return pd.read_parquet(_path("areas"))


@cache
def villages_id() -> pd.DataFrame:
    """Indonesian kelurahan and desa.

    Returns
    -------
    DataFrame
        ``code`` (Kemendagri, "32.73.02.1001"; the first 8 characters are the kecamatan's, the first 5 the
        kabupaten's), ``name``, ``postcode``, ``lat``, ``lon`` (missing for most), ``method``.
    """
    return pd.read_parquet(_path("villages_id"))


@cache
def postcodes_my() -> pd.DataFrame:
    """Malaysian postcodes: ``postcode``, ``town``, ``region_code``, and the town's ``lat``, ``lon`` if known.

    A postcode is precise to its town only. A few postcodes serve two towns and have two rows.
    """
    return pd.read_parquet(_path("postcodes_my"))


def gazetteer_frames() -> dict[str, pd.DataFrame]:
    """Everything ``geo.gazetteer.Gazetteer`` is built from, by the name of its parameters."""
    return {
        "regions": regions(),
        "countries": countries(),
        "towns": towns(),
        "areas": areas(),
        "villages": villages_id(),
        "postcodes": postcodes_my(),
    }
