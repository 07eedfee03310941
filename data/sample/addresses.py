"""Postcodes, kelurahan and desa of homes, drawn among those the reference data has for a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.reference import loader
from data.sample.places import Texts, Towns

T = TypeVar("T")

_VILLAGE_KNOWN = 0.55  # share of Indonesian addresses that name the kelurahan


@dataclass(frozen=True, slots=True)
class Addresses:
    """One entry per home; '' where a part is not written."""

    postcode: Texts
    village: Texts


def addresses(
    country: str, places: Towns, place: NDArray[np.int64], random: np.random.Generator
) -> Addresses:
    """Draw the finest part of each address.

    Parameters
    ----------
    place : array of int
        Index into ``places`` of each home.
    """
    luck = random.random(len(place))
    if country == "ID":
        return _indonesian(places, place, luck, random)
    choices = _postcodes(places)
    drawn = [_pick(choices[p], u) for p, u in zip(place.tolist(), luck.tolist(), strict=True)]
    nothing = np.full(len(place), "", dtype=object)
    return Addresses(np.array(drawn, dtype=object), nothing)


def _postcodes(places: Towns) -> list[list[str]]:
    """Postcodes of each town; the town's own where the reference data calls the town otherwise."""
    known = loader.postcodes_my().groupby(["region_code", "town"])["postcode"].agg(sorted).to_dict()
    rows = zip(places.region_code, places.name, places.postcode, strict=True)
    return [known.get((code, name), [postcode]) for code, name, postcode in rows]


def _indonesian(
    places: Towns, place: NDArray[np.int64], luck: NDArray[np.float64], random: np.random.Generator
) -> Addresses:
    villages = loader.villages_id()
    area = villages["code"].str[:8]
    mine = villages[area.isin(set(places.area))]
    by_area = {
        code: list(zip(group["name"], group["postcode"], strict=True)) for code, group in mine.groupby(area)
    }
    drawn = [
        _pick(by_area.get(places.area[p], [("", "")]), u)
        for p, u in zip(place.tolist(), luck.tolist(), strict=True)
    ]
    frame = pd.DataFrame(drawn, columns=["village", "postcode"]).fillna("")
    named = random.random(len(place)) < _VILLAGE_KNOWN
    return Addresses(frame["postcode"].to_numpy(object), np.where(named, frame["village"], "").astype(object))


def _pick(choices: list[T], luck: float) -> T:
    return choices[int(luck * len(choices))]
