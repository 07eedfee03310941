"""The longlist: every candidate, and the reason why one is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.captured import Market
from geo.market import distances, nearest_km, own_stores
from geo.regions import assign

COAST_KM: Final = 2.0
"""How far the generalised coast may lie from the true one."""

REASONS: Final = ("no_coordinates", "outside", "near_own", "no_demand", "over_budget", "over_rent")
"""In the order in which they are looked for; the first that holds is told."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a candidate must keep to.

    Parameters
    ----------
    radius_km : float
        Around it there must be demand.
    own_km : float
        Not nearer to an own store than this; 0 lets it.
    budget : float or None
        To open one store; None: no limit.
    set_up : float or None
        Cost to open one where the candidate does not say.
    rent : float or None
        Highest rent a month; None: no limit.
    """

    radius_km: float
    own_km: float = 0.0
    budget: float | None = None
    set_up: float | None = None
    rent: float | None = None


def longlist(
    sites: pd.DataFrame,
    stores: pd.DataFrame,
    market: Market,
    limits: Limits,
    land: gpd.GeoDataFrame,
    homes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Judge every candidate.

    Parameters
    ----------
    sites : DataFrame
        From ``geo.candidates.frame``.
    stores : DataFrame
        ``store_id``, ``lat``, ``lon``, ``owner``.
    market : Market
    limits : Limits
    land : GeoDataFrame
        Regions; a point in none (``COAST_KM`` allowed for coasts) lies in the sea or outside.

    homes : DataFrame, optional
        ``lat``, ``lon``, ``customers``, finer than the market's points; these are counted then.

    Returns
    -------
    DataFrame
        The columns of ``sites`` and ``own_km`` (to the nearest own store, missing where there is none),
        ``spending`` and ``customers`` within the radius, ``reason`` (a code of ``REASONS``, empty when it
        stays). An unknown rent is no reason to leave one out.
    """
    found = sites.copy()
    placed = found["lat"].notna() & found["lon"].notna()
    found["own_km"], found["spending"], found["customers"] = np.nan, np.nan, np.nan
    if placed.any():
        own = own_stores(stores)
        here = found.loc[placed]
        near = nearest_km(here["lat"], here["lon"], own)
        found.loc[placed, "own_km"] = np.where(np.isfinite(near), near, np.nan)
        spending, customers = around(market, here["lat"], here["lon"], limits.radius_km)
        if homes is not None:
            at = homes["lat"].to_numpy(float), homes["lon"].to_numpy(float)
            customers = homes["customers"].to_numpy(float) @ _near(*at, here, limits.radius_km)
        found.loc[placed, "spending"], found.loc[placed, "customers"] = spending, customers
    set_up = found["set_up"].fillna(np.nan if limits.set_up is None else limits.set_up)
    lies = np.full(len(found), -1)
    if placed.any():
        lies[placed.to_numpy()] = assign(found.loc[placed, "lon"], found.loc[placed, "lat"], land, COAST_KM)
    holds = {
        "no_coordinates": ~placed,
        "outside": pd.Series(lies < 0, index=found.index),
        "near_own": found["own_km"] < limits.own_km,
        "no_demand": ~((found["spending"] > 0) | (found["customers"] > 0)),
        "over_budget": set_up > (np.inf if limits.budget is None else limits.budget),
        "over_rent": found["rent"] > (np.inf if limits.rent is None else limits.rent),
    }
    found["reason"] = ""
    for reason in reversed(REASONS):
        found.loc[holds[reason], "reason"] = reason
    return found


def around(market: Market, lat: pd.Series, lon: pd.Series, radius_km: float) -> tuple[np.ndarray, np.ndarray]:
    """Spending and customers within a radius of each place, (k,) each."""
    inside = _near(market.lat, market.lon, pd.DataFrame({"lat": lat, "lon": lon}), radius_km)
    return market.spending @ inside, market.customers @ inside


def _near(lat: np.ndarray, lon: np.ndarray, places: pd.DataFrame, radius_km: float) -> np.ndarray:
    """Which points lie within a radius of which place, (n, k)."""
    return np.asarray(distances(lat, lon, places) <= radius_km)
