"""Where each customer lives: drawn from places and stores alone, before any rate is known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from data.reference import loader
from data.sample.parameters import Parameters
from data.sample.places import Floats, Towns, distance_km, moved_km
from data.sample.stores import Stores, home_shares

Integers = NDArray[np.int64]

_TRIES = 6


@dataclass(frozen=True, slots=True)
class Homes:
    """One entry per customer: ``place`` (index into the towns), true coordinates, distances.

    ``distance_km`` is to the nearest own store that was open when the customer came.
    """

    place: Integers
    lat: Floats
    lon: Floats
    distance_km: Floats


def homes(
    parameters: Parameters,
    places: Towns,
    chain: Stores,
    entered: Floats,
    random: np.random.Generator,
) -> Homes:
    """Draw a home for every customer.

    Parameters
    ----------
    entered : array
        Day of the first purchase: only stores open by then pull.

    Returns
    -------
    Homes
        Coordinates lie in the customer's own state.
    """
    place = np.empty(len(entered), dtype=np.int64)
    nearest = np.empty(len(entered))
    eras = np.unique(np.concatenate([[-1e9], chain.opened[chain.opened > 0].astype(float), [1e9]]))
    for start, end in pairwise(eras):
        here = np.flatnonzero((entered >= start) & (entered < end))
        shares = home_shares(places, chain, int(max(start, 0)), parameters.online_homes_share)
        place[here] = random.choice(len(places), size=len(here), p=shares)
    lat, lon = _scatter(places, place, random)
    km = distance_km(lat, lon, chain.lat, chain.lon)
    closed = chain.opened[None, :] > np.maximum(entered, 0.0)[:, None]
    nearest = np.where(closed, np.inf, km).min(axis=1)
    return Homes(place, lat, lon, nearest)


def _scatter(places: Towns, place: Integers, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Normal scatter around the town, drawn again where it leaves the state (a few times)."""
    lat, lon = places.lat[place].copy(), places.lon[place].copy()
    land = loader.regions().set_index("code")["geometry"]
    wrong = np.arange(len(place))
    for _ in range(_TRIES):
        spread = places.spread_km[place[wrong]]
        north, east = (random.standard_normal((2, len(wrong))) * spread).astype(np.float64)
        new_lat, new_lon = moved_km(places.lat[place[wrong]], places.lon[place[wrong]], north, east)
        inside = np.zeros(len(wrong), dtype=bool)
        for code in np.unique(places.region_code[place[wrong]].astype(str)):
            here = places.region_code[place[wrong]] == code
            area = land[code]
            inside[here] = _inside(area, new_lat[here], new_lon[here])
        lat[wrong[inside]], lon[wrong[inside]] = new_lat[inside], new_lon[inside]
        wrong = wrong[~inside]
        if not len(wrong):
            break
    return lat, lon


def _inside(area: shapely.Geometry | None, lat: Floats, lon: Floats) -> NDArray[np.bool_]:
    if area is None:  # a new province without a polygon of its own
        return np.ones(len(lat), dtype=bool)
    shapely.prepare(area)
    return np.asarray(shapely.contains_xy(area, lon, lat))
