"""Candidates from the rows of a file, each row read or refused with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from geo.candidates import LONGEST_NAME, MOST, NUMBERS, Candidate, renamed
from geo.written import columns_of, decimal_mark, degrees, number, text_of

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": (
        "name",
        "site",
        "nama",
        "tapak",
        "lokasi",
        "calon",
        "calontapak",
        "calonlokasi",
        "address",
        "alamat",
    ),
    "lat": ("lat", "latitude", "latitud", "lintang", "y"),
    "lon": ("lon", "lng", "long", "longitude", "longitud", "bujur", "x"),
    "rent": ("rent", "rentmonth", "monthlyrent", "sewa", "sewabulanan", "sewasebulan"),
    "size_m2": ("sizem2", "size", "m2", "sqm", "area", "luas", "luasm2", "saiz", "keluasan", "ukuran"),
    "frontage_m": ("frontagem", "frontage", "muka", "mukakedai", "lebarmuka", "lebardepan"),
    "parking": ("parking", "parkir", "tempatletakkereta", "parkingplaces", "letakkereta"),
    "rivals": ("rivals", "competitors", "pesaing", "bilanganpesaing", "jumlahpesaing"),
    "set_up": (
        "setup",
        "setupcost",
        "kospersediaan",
        "biayapembukaan",
        "kospembukaan",
        "investment",
        "capex",
    ),
    "note": ("note", "notes", "nota", "catatan"),
}
"""Column names in the three languages, in small letters and digits only."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no candidate: its number in the file, the column, what stood there, and why (a code)."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file held."""

    candidates: tuple[Candidate, ...]
    refused: tuple[Refused, ...]
    columns: Mapping[str, str]


def read(rows: pd.DataFrame) -> Rows:
    """Read candidates from a table of a person's file.

    Parameters
    ----------
    rows : DataFrame
        Text cells as they stood there; headers in English, Malay or Indonesian.

    Returns
    -------
    Rows
        A row without a name gets none of ours: it is refused (``no_name``), as are a number that is none
        (``not_a_number``), one beyond its limits (``out_of_range``), half a position (``no_coordinates``),
        and rows after the first ``MOST`` (``too_many``). A row without any coordinate is kept: the longlist
        says so.

    Raises
    ------
    ValueError : there is no column for a name.
    """
    columns = columns_of(rows.columns, HEADERS)
    if "name" not in columns:
        raise ValueError(
            f"A file of candidates needs a column name; it has {[str(c)[:40] for c in rows.columns][:20]}."
        )
    made: list[Candidate] = []
    refused: list[Refused] = []
    mark = decimal_mark(
        text_of(cell) for side in ("lat", "lon") if side in columns for cell in rows[columns[side]]
    )
    for place, cells in enumerate(rows.to_dict("records"), start=2):
        given = {column: text_of(cells[header]) for column, header in columns.items()}
        if not any(given.values()):
            continue
        full = len(made) >= MOST
        found = Refused(place, "name", given["name"], "too_many") if full else _row(place, given, mark)
        if isinstance(found, Candidate):
            made.append(found)
        else:
            refused.append(found)
    return Rows(tuple(renamed(made)), tuple(refused), columns)


def _row(place: int, given: Mapping[str, str], mark: str) -> Candidate | Refused:
    name = " ".join(given["name"].split())[:LONGEST_NAME]
    if not name:
        return Refused(place, "name", "", "no_name")
    limits = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0), **NUMBERS}
    values: dict[str, float | None] = {}
    for column, (low, high) in limits.items():
        text = given.get(column, "")
        value = degrees(text) if column in ("lat", "lon") else number(text, mark)
        if text and value is None:
            return Refused(place, column, text[:40], "not_a_number")
        if value is not None and not low <= value <= high:
            return Refused(place, column, text[:40], "out_of_range")
        values[column] = value
    if (values["lat"] is None) != (values["lon"] is None):
        missing = "lat" if values["lat"] is None else "lon"
        return Refused(place, missing, "", "no_coordinates")
    return Candidate(name=name, **values, source="uploaded", note=given.get("note", "")[:200])
