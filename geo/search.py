"""Find a place by its name or postcode, the likeliest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.names import key, place_key

SHORTEST: Final = 2
"""Letters from which on names are looked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was found.

    ``kind`` is ``town``, ``district``, ``subdistrict``, ``postcode`` or ``region``; ``people`` 0 where
    not known.
    """

    kind: str
    name: str
    region_code: str
    lat: float
    lon: float
    people: int = 0


class Places:
    """All places with a point, ready to be searched.

    Parameters
    ----------
    frame : DataFrame
        From :func:`collect`: ``kind, name, region_code, country, lat, lon, people``.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame.reset_index(drop=True)
        self._keys = pd.Series([place_key(name) or key(name) for name in self._frame["name"]], dtype="str")

    def find(self, text: str, country: str = "", limit: int = 8) -> list[Place]:
        """Places whose name is the text, else begins with it, else has a word that does.

        Parameters
        ----------
        text : str
            A name or a postcode, as typed; accents, case and titles do not matter.
        country : str
            ISO 3166-1 code: its places come first.
        limit : int

        Returns
        -------
        list of Place
            Of two places of one name in one region, only the larger.
        """
        wanted = place_key(text) or key(text)
        if len(wanted) < SHORTEST:
            return []
        rank = self._rank(wanted)
        rows = np.flatnonzero(rank < _NEVER)
        found = self._frame.iloc[rows].assign(rank=rank[rows])
        found = found.assign(abroad=(found["country"] != country) if country else False)
        found = found.sort_values(
            ["abroad", "rank", "people", "name"], ascending=[True, True, False, True], kind="stable"
        )
        found = found.drop_duplicates(["name", "region_code"]).head(limit)
        return [_place(row) for row in found.itertuples()]

    def _rank(self, wanted: str) -> npt.NDArray[np.int64]:
        exact = self._keys == wanted
        first = self._keys.str.startswith(wanted)
        later = self._keys.str.contains(" " + wanted, regex=False)
        return np.asarray(np.select([exact, first, later], [0, 1, 2], _NEVER), dtype=np.int64)


_NEVER: Final = 9


def _place(row: Any) -> Place:
    region = row.region_code if isinstance(row.region_code, str) else ""
    return Place(row.kind, row.name, region, float(row.lat), float(row.lon), int(row.people))


def collect(
    towns: pd.DataFrame,
    areas: pd.DataFrame,
    postcodes: pd.DataFrame,
    villages: pd.DataFrame,
    regions: pd.DataFrame,
) -> pd.DataFrame:
    """The reference frames (``data/reference``) as one list of places with a point.

    An Indonesian postcode stands where its villages do, or else its kecamatan or kabupaten.

    Returns
    -------
    DataFrame: ``kind, name, region_code, country, lat, lon, people``
    """
    parts = [
        towns.assign(kind="town", people=towns["population"]),
        areas.assign(kind=areas["level"], people=0, country=areas["region_code"].str[:2]),
        postcodes.drop_duplicates("postcode").assign(
            kind="postcode", people=0, country="MY", name=lambda each: each["postcode"]
        ),
        _villages_postcodes(villages, areas),
        regions.assign(kind="region", people=0, region_code=regions["code"]),
    ]
    columns: Sequence[str] = ("kind", "name", "region_code", "country", "lat", "lon", "people")
    every = pd.concat([part[list(columns)] for part in parts], ignore_index=True)
    every["people"] = every["people"].fillna(0)
    return every[every["lat"].notna() & every["lon"].notna()].reset_index(drop=True)


def _villages_postcodes(villages: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    known = areas.set_index("code")
    rows = villages[villages["postcode"].notna()][["postcode", "code", "lat", "lon"]]
    for length in (8, 5):  # its kecamatan, then its kabupaten
        parent = rows["code"].str[:length]
        for side in ("lat", "lon"):
            rows = rows.assign(**{side: rows[side].fillna(parent.map(known[side]))})
    regions = rows["code"].str[:5].map(known["region_code"])
    rows = rows.assign(region_code=regions, name=rows["postcode"])
    found = rows.groupby("name", as_index=False).agg(
        region_code=("region_code", "first"), lat=("lat", "mean"), lon=("lon", "mean")
    )
    return found.assign(kind="postcode", people=0, country="ID")
