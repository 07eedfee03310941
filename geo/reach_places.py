"""Places for advertising from the rows of a file, each row read or refused with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from geo.written import decimal_mark, degrees, digits

MOST: Final = 2_000
LONGEST_NAME: Final = 80
HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "lat": ("lat", "latitude", "latitud", "lintang"),
    "lon": ("lon", "lng", "long", "longitude", "longitud", "bujur"),
    "name": ("name", "nama", "site", "lokasi", "tempat"),
    "cost": ("cost", "price", "kos", "harga", "biaya"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place that can be booked; ``cost`` > 0 in the workspace's currency."""

    name: str
    lat: float
    lon: float
    cost: float


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no place: its number in the file (2 is the first below the header), and a code."""

    row: int
    reason: str


def places_of(rows: pd.DataFrame) -> tuple[tuple[Place, ...], tuple[Refused, ...]]:
    """Read places.

    Parameters
    ----------
    rows : DataFrame of text
        Columns ``lat``, ``lon``, ``cost`` and optionally ``name``, in any of three languages. The decimal
        mark is a point or a comma: the coordinates tell which one a price is to be read with.

    Returns
    -------
    places, refused
        Reasons are ``coordinates`` (missing or beyond the globe) and ``cost`` (no number above 0, or one
        that can be read in two ways).

    Raises
    ------
    ValueError : a column is missing, or there are more than ``MOST`` rows.

    Examples
    --------
    >>> found, _ = places_of(pd.DataFrame({"Lintang": ["3.1"], "Bujur": ["101.7"], "Biaya": ["500"]}))
    >>> found[0].cost
    500.0
    >>> comma, _ = places_of(pd.DataFrame({"lat": ["3,1"], "lon": ["101,7"], "cost": ["1.500"]}))
    >>> comma[0].lat, comma[0].cost
    (3.1, 1500.0)
    """
    known = {_UNIT.sub("", str(column)).strip().lower(): column for column in rows.columns}
    spots = {
        name: next((known[alias] for alias in aliases if alias in known), None)
        for name, aliases in HEADERS.items()
    }
    missing = [name for name in ("lat", "lon", "cost") if spots[name] is None]
    if missing:
        raise ValueError(f"places_of() needs the columns {missing}; the file has {list(known)[:20]}.")
    if len(rows) > MOST:
        raise ValueError(f"places_of() takes at most {MOST} places; the file has {len(rows)}.")
    found: list[Place] = []
    refused: list[Refused] = []
    mark = decimal_mark(str(cell) for name in ("lat", "lon") for cell in rows[spots[name]])
    for number, row in enumerate(rows.to_dict("records"), start=2):
        lat, lon = (degrees(str(row[spots[name]])) for name in ("lat", "lon"))
        cost = _price(row[spots["cost"]], mark)
        if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            refused.append(Refused(number, "coordinates"))
        elif cost is None or cost <= 0:
            refused.append(Refused(number, "cost"))
        else:
            given = "" if spots["name"] is None else row[spots["name"]]
            name = "" if given is None or given != given else str(given).strip()
            found.append(Place(name[:LONGEST_NAME] or str(number), lat, lon, cost))
    return tuple(found), tuple(refused)


_UNIT: Final = re.compile(r"\s*\([^)]*\)\s*$")
_CURRENCY: Final = re.compile(r"^(?:rm|rp|myr|idr|sgd|bnd|usd|\$)\.?", re.IGNORECASE)
_ONE_MARK: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""1.500 is one and a half or fifteen hundred: without another sign such a price is refused, not guessed."""
_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")


def _price(value: Any, mark: str) -> float | None:
    """A price as people write it; None where it is none or has two readings."""
    text = _CURRENCY.sub("", re.sub(r"[\s\u00a0']", "", str(value)))
    if _ONE_MARK.fullmatch(text):
        if mark and mark not in text:  # the other mark parts thousands
            return digits(re.sub(r"[.,]", "", text))
        return None
    if (found := _GROUPS.fullmatch(text)) is not None:
        return digits(text.replace(found[1], "").replace(",", "."))
    return digits(text.replace(",", ".") if text.count(",") == 1 else text)
