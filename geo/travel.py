"""What the way to a store costs: a straight line, times a factor, or minutes that were given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from geo.distance import EARTH_RADIUS_KM, haversine_km, unit_vectors

Label = Literal["straight", "detour", "matrix", "isochrones", "roads"]
Unit = Literal["km", "min"]

DETOUR: Final = 1.4
"""Roads are about this much longer than the straight line: 1.417 in the United States, see Boscoe,
Henry and Zdeb (2012), A nationwide comparison of driving distance versus straight-line distance to
hospitals, The Professional Geographer 64(2). Stated, not measured here."""

FLOOR: Final[dict[str, float]] = {"km": 1.0, "min": 3.0}
"""Shorter ways are not told apart: a place is seldom known more finely."""

MAX_GAP_KM: Final = 5.0
"""A point farther than this from every given origin has no given time."""

Floats = npt.NDArray[np.float64]


class TravelRefused(ValueError):
    """A file of travel times or roads that is not taken in.

    ``str()`` is one English sentence; screens word ``code`` with ``fields``.
    """

    def __init__(self, code: str, sentence: str, **fields: Any) -> None:
        self.code, self.fields = code, fields
        super().__init__(sentence.format(**fields))


@dataclass(frozen=True)
class Given:
    """Times that somebody supplied: minutes from points to stores.

    ``minutes`` is (points, stores), infinite where the time is not known or beyond the limit.
    """

    lat: Floats
    lon: Floats
    store_ids: tuple[str, ...]
    minutes: Floats

    def __post_init__(self) -> None:
        if self.minutes.shape != (len(self.lat), len(self.store_ids)) or len(self.lat) != len(self.lon):
            raise ValueError(
                f"Given times must be (points, stores) = ({len(self.lat)}, {len(self.store_ids)}); "
                f"got {self.minutes.shape}."
            )


@dataclass(frozen=True)
class Travel:
    """The cost of ways.

    Parameters
    ----------
    label : {"straight", "detour", "matrix", "isochrones", "roads"}
        What it rests on; stands beside every result.
    unit : {"km", "min"}
    factor : float
        Times the straight line: 1 for ``straight``, the detour for ``detour``; minutes per kilometre
        where a time is not given.
    calibrated : bool
        Whether ``factor`` was measured on given times rather than stated.
    given : Given, optional
    """

    label: Label = "straight"
    unit: Unit = "km"
    factor: float = 1.0
    calibrated: bool = False
    given: Given | None = field(default=None, repr=False)

    @property
    def floor(self) -> float:
        """The shortest way that is told apart."""
        return FLOOR[self.unit]

    def cost(self, lat: npt.ArrayLike, lon: npt.ArrayLike, stores: pd.DataFrame) -> Floats:
        """From each place to each store.

        Parameters
        ----------
        lat, lon : array_like, (n,)
            Degrees.
        stores : DataFrame, (m,)
            ``store_id``, ``lat``, ``lon``.

        Returns
        -------
        ndarray, (n, m)
            In ``unit``; infinite where a place or a store has no coordinates. Where times are given but
            not for this pair, the straight line times ``factor``; :meth:`share_given` says how often.
        """
        y, x = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
        there = stores["lat"].to_numpy(float)[None, :], stores["lon"].to_numpy(float)[None, :]
        cost = haversine_km(y[:, None], x[:, None], *there) * self.factor
        known = self._known(y, x, stores)
        cost = np.where(np.isfinite(known), known, cost)
        return np.asarray(np.where(np.isnan(cost), np.inf, cost))

    def share_given(self, lat: npt.ArrayLike, lon: npt.ArrayLike, stores: pd.DataFrame) -> float:
        """Share of the ways whose cost was given, 0..1; 1 for a straight line and its multiples."""
        if self.given is None:
            return 1.0
        known = self._known(np.asarray(lat, dtype=float), np.asarray(lon, dtype=float), stores)
        return float(np.isfinite(known).mean()) if known.size else 0.0

    def _known(self, lat: Floats, lon: Floats, stores: pd.DataFrame) -> Floats:
        found = np.full((len(lat), len(stores)), np.inf)
        if self.given is None or not len(self.given.lat):
            return found
        place, gap = _nearest(lat, lon, self.given.lat, self.given.lon)
        near = gap <= MAX_GAP_KM
        column = {store: j for j, store in enumerate(self.given.store_ids)}
        for j, store in enumerate(stores["store_id"]):
            if store in column:
                found[near, j] = self.given.minutes[place[near], column[store]]
        return found


def straight() -> Travel:
    """Kilometres in a straight line."""
    return Travel()


def detour(factor: float = DETOUR, *, calibrated: bool = False) -> Travel:
    """Kilometres in a straight line times a factor.

    Raises
    ------
    ValueError : the factor is below 1 or above 5.
    """
    if not 1.0 <= factor <= 5.0:
        raise ValueError(f"A detour factor lies between 1 and 5; got {factor}.")
    return Travel("detour", "km", float(factor), calibrated)


def from_times(given: Given, stores: pd.DataFrame, label: Label) -> Travel:
    """Minutes that were given, with minutes per kilometre calibrated on them for the ways that lack one.

    Raises
    ------
    TravelRefused : no time belongs to a store of the workspace with a place.
    """
    column = {store: j for j, store in enumerate(given.store_ids)}
    known = stores[stores["store_id"].isin(column.keys()) & stores["lat"].notna()]
    if not len(known):
        raise TravelRefused(
            "stores",
            "The times speak of stores {found}; none is a store of this workspace with a place. Use the "
            "store ids of the stores' file.",
            found=", ".join(given.store_ids[:5]),
        )
    there = known["lat"].to_numpy(float)[None, :], known["lon"].to_numpy(float)[None, :]
    km = haversine_km(given.lat[:, None], given.lon[:, None], *there)
    minutes = given.minutes[:, [column[store] for store in known["store_id"]]]
    return Travel(label, "min", minutes_per_km(km, minutes), True, given)


def minutes_per_km(km: npt.ArrayLike, minutes: npt.ArrayLike) -> float:
    """Median of minutes by kilometres of straight line, over ways of at least half a kilometre.

    Raises
    ------
    TravelRefused : there is no such way with a time.
    """
    far, long = np.asarray(km, dtype=float), np.asarray(minutes, dtype=float)
    usable = np.isfinite(far) & np.isfinite(long) & (far >= 0.5) & (long > 0)
    if not usable.any():
        raise TravelRefused(
            "no_ways",
            "No way of half a kilometre or more has a time. Check that origins and times belong together.",
        )
    return float(np.median(long[usable] / far[usable]))


def _nearest(
    lat: Floats, lon: Floats, at_lat: Floats, at_lon: Floats
) -> tuple[npt.NDArray[np.int64], Floats]:
    points = unit_vectors(lat, lon)
    known = np.isfinite(points).all(axis=1)
    place, gap = np.zeros(len(lat), dtype=np.int64), np.full(len(lat), np.inf)
    if known.any():
        chord, found = cKDTree(unit_vectors(at_lat, at_lon)).query(points[known])
        place[known] = found
        gap[known] = 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0.0, 1.0))
    return place, gap
