"""Market data from the rows of a file: visits, or shares of visits, by place and store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from geo.candidate_rows import Refused
from geo.written import columns_of, number, text_of

Kind = Literal["visits", "share"]

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "area": ("area", "place", "origin", "kawasan", "tempat", "wilayah", "asal"),
    "postcode": ("postcode", "postalcode", "poskod", "kodepos"),
    "town": ("town", "city", "bandar", "pekan", "kota", "kecamatan"),
    "state": ("state", "province", "region", "negeri", "provinsi"),
    "lat": ("lat", "latitude", "latitud", "lintang", "y"),
    "lon": ("lon", "lng", "long", "longitude", "longitud", "bujur", "x"),
    "store": ("store", "storeid", "storename", "kedai", "toko", "gerai"),
    "visits": ("visits", "visitors", "lawatan", "kunjungan", "orders", "pesanan"),
    "share": (
        "share",
        "sharepercent",
        "marketshare",
        "bahagian",
        "bagian",
        "syer",
        "pangsa",
        "peratus",
        "persen",
    ),
    "asked": ("asked", "respondents", "sample", "ditanya", "responden", "sampel"),
}
"""Column names in the three languages, in small letters and digits only."""

MOST: Final = 20_000
LONGEST: Final = 80
PLACE: Final = ("area", "postcode", "town", "lat")
"""One of these must be there."""

_OVER: Final = 1.02
"""Shares of a place may add up to this: they are rounded."""

Located = pd.DataFrame
"""``lat``, ``lon`` (degrees, NaN where unknown) and ``wide`` (bool: only a state or country is known)."""


@dataclass(frozen=True)
class MarketRows:
    """What a file held.

    Parameters
    ----------
    table : DataFrame, one row per place and store
        ``place`` (as written), ``lat``, ``lon`` (degrees), ``store_id``, ``visits`` (> 0: a number, or share
        times the people asked; 1 for all of a place where nobody says how many were asked).
    kind : {"visits", "share"}
    refused : tuple of Refused
    """

    table: pd.DataFrame
    kind: Kind
    refused: tuple[Refused, ...]

    @property
    def places(self) -> int:
        """Places with a position."""
        return int(self.table["place"].nunique())


def read(
    rows: pd.DataFrame, stores: Mapping[str, str], locate: Callable[[pd.DataFrame], Located]
) -> MarketRows:
    """Read market data from a table of a person's file.

    Parameters
    ----------
    rows : DataFrame
        Text cells as they stood there. A place: ``lat`` and ``lon``, or ``postcode``, ``town`` (with
        ``state``), or ``area``. ``store``: id or name. ``visits``, or ``share`` with or without ``asked``.
    stores : mapping of id or name, in small letters, to id
        Own stores and competitors with a place.
    locate : callable
        Told the distinct places (columns ``area, postcode, town, state, lat, lon`` as text), says where they
        lie.

    Returns
    -------
    MarketRows
        Refused with a reason: ``no_store``, ``store_unknown``, ``not_a_number``, ``out_of_range``,
        ``no_place``, ``place_unknown``, ``place_wide``, ``too_many``, ``share_sum`` (the shares of a place
        add up to more than all). Rows of 0 visits are read and say nothing. Shares are percent where
        one of the file is above 1 or has a percent sign.

    Raises
    ------
    ValueError : a column for the place, the store, or the number is missing.
    """
    columns = columns_of(rows.columns, HEADERS)
    if (
        not {"store"} & set(columns)
        or not {"visits", "share"} & set(columns)
        or not set(PLACE) & set(columns)
    ):
        raise ValueError(
            "Market data need a place (area, postcode, town or lat and lon), store, and visits or share; the "
            f"file has {[str(c)[:40] for c in rows.columns][:20]}."
        )
    kind: Kind = "visits" if "visits" in columns else "share"
    refused: list[Refused] = []
    kept: list[dict[str, Any]] = []
    for at, cells in enumerate(rows.to_dict("records"), start=2):
        given = {name: text_of(cells[header])[:LONGEST] for name, header in columns.items()}
        if not any(given.values()):
            continue
        found = _row(at, given, kind, stores) if len(kept) < MOST else Refused(at, "store", "", "too_many")
        if isinstance(found, Refused):
            refused.append(found)
        else:
            kept.append(found)
    table = pd.DataFrame(kept, columns=["row", *_WHERE, "place", "store_id", "value", "asked", "percent"])
    table = _placed(table, locate, refused)
    table = _counted(table, kind, refused)
    return MarketRows(table, kind, tuple(sorted(refused, key=lambda each: each.row)))


_WHERE: Final = ("area", "postcode", "town", "state", "lat", "lon")


def _row(
    at: int, given: Mapping[str, str], kind: Kind, stores: Mapping[str, str]
) -> dict[str, Any] | Refused:
    if not given["store"]:
        return Refused(at, "store", "", "no_store")
    store = stores.get(given["store"].casefold())
    if store is None:
        return Refused(at, "store", given["store"][:40], "store_unknown")
    where = {name: given.get(name, "") for name in _WHERE}
    place = (
        where["area"] or where["postcode"] or where["town"] or f"{where['lat']}, {where['lon']}".strip(", ")
    )
    if not place:
        return Refused(at, "area", "", "no_place")
    values: dict[str, float | None] = {}
    for column, high in ((kind, 1e9), ("asked", 1e9)):
        text = given.get(column, "").removesuffix("%").strip()
        value = number(text) if text else None
        if value is None and (text or column == kind):
            return Refused(at, column, text[:40], "not_a_number")
        if value is not None and not 0 <= value <= high:
            return Refused(at, column, text[:40], "out_of_range")
        values[column] = value
    return {
        "row": at,
        **where,
        "place": place,
        "store_id": store,
        "value": values[kind],
        "asked": values["asked"],
        "percent": given.get(kind, "").endswith("%"),
    }


def _placed(
    table: pd.DataFrame, locate: Callable[[pd.DataFrame], Located], refused: list[Refused]
) -> pd.DataFrame:
    """Rows with the position of their place; those without one are refused."""
    distinct = table[list(_WHERE)].drop_duplicates().reset_index(drop=True)
    at = (
        locate(distinct).reset_index(drop=True)
        if len(distinct)
        else pd.DataFrame(columns=["lat", "lon", "wide"])
    )
    where = distinct.rename(columns={"lat": "lat_text", "lon": "lon_text"})
    where[["lat", "lon", "wide"]] = at[["lat", "lon", "wide"]]
    found = table.rename(columns={"lat": "lat_text", "lon": "lon_text"}).merge(
        where, on=["area", "postcode", "town", "state", "lat_text", "lon_text"], how="left"
    )
    lost = found["lat"].isna() | found["lon"].isna()
    wide = ~lost & found["wide"].fillna(False).astype(bool)
    for mask, reason in ((lost, "place_unknown"), (wide, "place_wide")):
        refused += [
            Refused(int(r), "area", str(p)[:40], reason)
            for r, p in found.loc[mask, ["row", "place"]].to_numpy()
        ]
    return found[~lost & ~wide].reset_index(drop=True)


def _counted(table: pd.DataFrame, kind: Kind, refused: list[Refused]) -> pd.DataFrame:
    """Visits by place and store; shares times the people asked, once for a place where none says how many."""
    values = table["value"].astype(float)
    if kind == "share":
        values = values / 100 if (values > 1).any() or table["percent"].any() else values
        total = values.groupby(table["place"]).transform("sum")
        over = total > _OVER
        first = table[over].drop_duplicates("place")
        refused += [
            Refused(int(r), "share", str(p)[:40], "share_sum") for r, p in first[["row", "place"]].to_numpy()
        ]
        known = table["asked"].astype(float).groupby(table["place"]).transform("max")
        usual = float(known.median()) if known.notna().any() else 1.0
        values = (values * known.fillna(usual)).mask(over, 0.0)
    made = table.assign(visits=values)
    made = made.groupby(["place", "store_id"], as_index=False).agg(
        lat=("lat", "mean"), lon=("lon", "mean"), visits=("visits", "sum")
    )
    middle = made.groupby("place")[["lat", "lon"]].transform("mean")
    made[["lat", "lon"]] = middle
    return made[["place", "lat", "lon", "store_id", "visits"]]
