"""Where customers live and stores stand: coordinates, their precision, and the state or province.

The work is done once per distinct address, not once per customer.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import coordinates, locating
from geo.gazetteer import BORDER_KM, Gazetteer
from geo.locating import Address, Located, locate
from geo.regions import region_codes

PLACED_COLUMNS: Final = ("lat", "lon", "geo_precision", "region_code", "problem", "problem_field")

PROBLEMS: Final = (
    coordinates.SWAPPED_REPAIRED,
    coordinates.ZERO,
    coordinates.IMPOSSIBLE,
    coordinates.INCOMPLETE,
    coordinates.OUTSIDE_COUNTRY,
    coordinates.OUTSIDE_REGION,
    locating.COUNTRY_UNKNOWN,
    locating.REGION_UNKNOWN,
    locating.POSTCODE_UNKNOWN,
    locating.POSTCODE_ELSEWHERE,
    locating.PLACE_UNKNOWN,
    locating.AMBIGUOUS,
    locating.POINT_UNKNOWN,
    locating.NO_ADDRESS,
)
"""Every code that ``problem`` can hold, besides "" (nothing to report)."""

Objects = npt.NDArray[np.object_]


def place(customers: pd.DataFrame, gazetteer: Gazetteer, default_country: str = "MY") -> pd.DataFrame:
    """Place customers by the best of their coordinates and their address.

    Own coordinates count when they lie in the stated country and state; else the finest name that is known
    inside them (see ``geo.locating``). A region that is stated is never overruled.

    Parameters
    ----------
    customers : DataFrame, one row per customer
        Any of ``postcode, village, subdistrict, district, city, region, country`` (text) and ``lat, lon``
        (degrees); a column that is absent counts as empty.
    gazetteer : Gazetteer
    default_country : str
        ISO 3166-1 code for rows without a country (the workspace's).

    Returns
    -------
    DataFrame, same index
        ``lat, lon`` (float, NaN when nothing places the row), ``geo_precision`` (exact | village |
        subdistrict | district | postcode | city | region | none), ``region_code`` (ISO 3166-2, missing when
        not known), ``problem`` ("" or a code of ``PROBLEMS``), ``problem_field`` (the column the problem
        lies in, or "").
    """
    codes, addresses = _distinct(customers)
    found = [locate(address, gazetteer, default_country) for address in addresses]
    out = _spread(found, codes)
    if {"lat", "lon"} <= set(customers.columns):
        stated = _stated_regions(addresses, found)
        _use_coordinates(out, customers, found, stated, codes, gazetteer.regions, default_country)
    return pd.DataFrame(out, index=customers.index).astype(dict.fromkeys(PLACED_COLUMNS[2:], "str"))


def _text(column: pd.Series) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Distinct values of a text column as strings, "" for missing, and each row's position among them."""
    codes, values = pd.factorize(column, use_na_sentinel=True)
    texts = [v if isinstance(v, str) else f"{v:.0f}" if isinstance(v, float) else str(v) for v in values]
    return np.where(codes < 0, len(texts), codes), [*texts, ""]


def _distinct(customers: pd.DataFrame) -> tuple[npt.NDArray[np.int64], list[Address]]:
    """The distinct addresses, and for each row which one it has."""
    columns: list[tuple[npt.NDArray[np.int64], list[str]]] = []
    combined = np.zeros(len(customers), dtype=np.int64)
    for name in Address._fields:
        if name in customers.columns:
            codes, texts = _text(customers[name])
        else:
            codes, texts = np.zeros(len(customers), dtype=np.int64), [""]
        columns.append((codes, texts))
        # Renumbering after each column keeps the product of the counts far from overflowing.
        combined, _ = pd.factorize(combined * len(texts) + codes)
    first = pd.Series(combined).drop_duplicates().index.to_numpy()
    rows = zip(*([texts[c] for c in codes[first]] for codes, texts in columns), strict=True)
    return combined, [Address(*row) for row in rows]


def _spread(found: list[Located], codes: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    """Each address's result on every row that has it, by column."""
    points = np.array([f.point or (np.nan, np.nan) for f in found], dtype=float).reshape(len(found), 2)
    texts = [(f.precision, f.region, f.problem, f.problem_field) for f in found]
    words = np.array(texts, dtype=object).reshape(len(found), 4)
    columns = (*points.T, *words.T)
    return {name: values[codes] for name, values in zip(PLACED_COLUMNS, columns, strict=True)}


def _stated_regions(addresses: list[Address], found: list[Located]) -> list[str | None]:
    """The region an address names itself (not one that its postcode or town implies)."""
    return [f.region if a.region.strip() else None for a, f in zip(addresses, found, strict=True)]


def _use_coordinates(
    out: dict[str, npt.NDArray[Any]],
    customers: pd.DataFrame,
    found: list[Located],
    stated: list[str | None],
    codes: npt.NDArray[np.int64],
    regions: gpd.GeoDataFrame,
    default_country: str,
) -> None:
    lat = pd.to_numeric(customers["lat"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    lon = pd.to_numeric(customers["lon"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    rows = np.flatnonzero(np.isfinite(lat) | np.isfinite(lon))
    if not rows.size:
        return
    which = codes[rows]
    country = np.array([f.country or default_country for f in found], dtype=object)[which]
    checked = coordinates.check(lat[rows], lon[rows], country, np.array(stated, dtype=object)[which], regions)
    implied = np.array([f.region for f in found], dtype=object)[which]
    good = checked.usable
    out["lat"][rows[good]] = checked.lat[good]
    out["lon"][rows[good]] = checked.lon[good]
    out["geo_precision"][rows[good]] = "exact"
    out["region_code"][rows[good]] = _younger(checked.region[good], implied[good], regions)
    kept = np.array([f.problem in _ABOUT_THE_WHOLE for f in found], dtype=bool)[which]
    reported = checked.problem != ""
    for rest in ("problem", "problem_field"):
        out[rest][rows[good & ~kept]] = ""
    out["problem"][rows[reported]] = checked.problem[reported]
    out["problem_field"][rows[reported]] = "lat"


_ABOUT_THE_WHOLE: Final = (locating.COUNTRY_UNKNOWN, locating.REGION_UNKNOWN)
"""Problems that remain worth telling of a row with good coordinates."""


def _younger(region: Objects, implied: Objects, regions: pd.DataFrame) -> Objects:
    """The province that the address implies, where it has no polygon and the point lies in its parent's."""
    parent = dict(zip(regions["code"], regions["polygon_code"], strict=True))
    young = {code for code, polygon in parent.items() if code != polygon}
    pairs = zip(region, implied, strict=True)
    return np.array([i if i in young and parent[i] == r else r for r, i in pairs], dtype=object)


def place_stores(stores: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """The state or province of each store.

    Parameters
    ----------
    stores : DataFrame
        ``lat, lon`` (degrees).
    gazetteer : Gazetteer

    Returns
    -------
    DataFrame, same index
        ``region_code`` (ISO 3166-2 or missing), ``problem`` ("" or a code of ``PROBLEMS``).
    """
    lat = pd.to_numeric(stores["lat"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    lon = pd.to_numeric(stores["lon"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    problem = np.full(len(stores), "", dtype=object)
    problem[~np.isfinite(lat) & ~np.isfinite(lon)] = locating.NO_ADDRESS
    problem[np.isfinite(lat) != np.isfinite(lon)] = coordinates.INCOMPLETE
    problem[(np.abs(lat) > 90) | (np.abs(lon) > 180)] = coordinates.IMPOSSIBLE
    problem[(lat == 0) & (lon == 0)] = coordinates.ZERO
    fine = problem == ""
    shapes = gazetteer.regions[gazetteer.regions.geometry.notna()].reset_index(drop=True)
    region = region_codes(np.where(fine, lon, np.nan), np.where(fine, lat, np.nan), shapes, BORDER_KM)
    nowhere = fine & np.array([r is None for r in region], dtype=bool)
    problem[nowhere] = coordinates.OUTSIDE_COUNTRY
    return pd.DataFrame({"region_code": region, "problem": problem}, index=stores.index).astype("str")


def unplaced(customers: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """The names and values that did not place their rows as finely as meant, for correction.

    Parameters
    ----------
    customers, placed : DataFrame
        What went into ``place`` and what came out of it.

    Returns
    -------
    DataFrame, one row per distinct (problem, field, value, region, country)
        ``problem``, ``field``, ``value`` (as written; "" for coordinates), ``region``, ``country`` (as
        written), ``customers`` (count), the most frequent first.
    """
    wrong = placed["problem"] != ""
    rows, reported = customers[wrong], placed[wrong]
    table = pd.DataFrame({"problem": reported["problem"], "field": reported["problem_field"]})
    value = pd.Series("", index=rows.index, dtype=object)
    for name in set(table["field"]) & set(Address._fields):
        here = table["field"] == name
        value[here] = rows.loc[here, name].astype(object)
    table["value"] = value
    for name in ("region", "country"):
        table[name] = rows[name].astype(object) if name in rows.columns else ""
    keys = ["problem", "field", "value", "region", "country"]
    counted = table.fillna("").groupby(keys, sort=True).size().rename("customers").reset_index()
    return counted.sort_values(["customers", *keys], ascending=[False, *[True] * 5]).reset_index(drop=True)
