"""Own stores that are most like a place where a store could stand."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from geo.captured import Market
from geo.longlist import around
from geo.market import competitors, distances, own_stores

FEATURES: Final = ("spending", "customers", "rivals", "own_km")
"""What is compared, within the radius: spending, customers, competitors, way to the next own store."""


def features(
    places: pd.DataFrame, stores: pd.DataFrame, market: Market, radius_km: float, *, existing: bool = False
) -> pd.DataFrame:
    """What lies around each place, one row each.

    Parameters
    ----------
    places : DataFrame
        ``lat``, ``lon``.
    existing : bool
        The places are the own stores themselves: a store is not its own neighbour.
    """
    own, rivals = own_stores(stores), competitors(stores)
    spending, customers = around(market, places["lat"], places["lon"], radius_km)
    to_own = distances(places["lat"], places["lon"], own)
    if existing:
        same = places["store_id"].to_numpy()[:, None] == own["store_id"].to_numpy()[None, :]
        to_own = np.where(same, np.inf, to_own)
    near = distances(places["lat"], places["lon"], rivals) <= radius_km
    return pd.DataFrame(
        {
            "spending": spending,
            "customers": customers,
            "rivals": near.sum(axis=1).astype(float),
            "own_km": to_own.min(axis=1) if len(own) > existing else np.full(len(places), np.nan),
        }
    )


def most_alike(
    site: pd.DataFrame,
    own: pd.DataFrame,
    stores: pd.DataFrame,
    market: Market,
    radius_km: float,
    most: int = 3,
) -> pd.DataFrame:
    """The own stores most like a site, the nearest in kind first.

    Parameters
    ----------
    site : DataFrame, one row
        ``lat``, ``lon``.
    own : DataFrame
        The own stores of the market, in the order of its columns.
    stores : DataFrame
        All stores.
    market : Market
        With what the own stores really sell.
    radius_km : float
    most : int

    Returns
    -------
    DataFrame
        ``store_id``, ``name``, ``sales`` (a year), the features, and ``unlike``: the Euclidean distance of
        the features' logarithms in standard deviations of the own stores.
    """
    theirs = features(own, stores, market, radius_km, existing=True)
    here = features(site, stores, market, radius_km)
    logs = np.log1p(theirs[list(FEATURES)].to_numpy(float))
    spread = np.nan_to_num(logs.std(axis=0), nan=0.0)
    apart = (logs - np.log1p(here[list(FEATURES)].to_numpy(float))) / np.where(spread > 0, spread, 1.0)
    table = theirs.assign(
        store_id=own["store_id"],
        name=own["name"],
        sales=market.sales.sum(axis=0),
        unlike=np.sqrt((np.nan_to_num(apart) ** 2).sum(axis=1)),
    )
    return table.sort_values(["unlike", "store_id"], ignore_index=True).head(most)
