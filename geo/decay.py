"""How far customers come: sales and customers by distance from the store they buy in."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.distance import EARTH_RADIUS_KM, haversine_km
from geo.penetration import wilson

EDGES_KM: Final = (0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)
"""Lower ends of the bands in kilometres; the last has no upper end."""

Floats = npt.NDArray[np.float64]


def with_distance(bought: ir.Table, stores: ir.Table) -> ir.Table:
    """Add the straight line between home and store.

    Parameters
    ----------
    bought : ibis Table
        ``store_id``, ``lat``, ``lon`` (degrees; null: no place, left out), and what else is wanted.
    stores : ibis Table, one row per store
        ``store_id``, ``store_lat``, ``store_lon``.

    Returns
    -------
    ibis Table
        The columns of ``bought`` and ``km``; rows of stores without a place are left out.

    References
    ----------
    Sinnott (1984), Virtues of the haversine, Sky and Telescope 68(2).
    """
    placed = bought.filter(bought.lat.notnull(), bought.lon.notnull())
    joined = placed.inner_join(stores.filter(stores.store_lat.notnull()), "store_id")
    rad = math.pi / 180.0
    a1, a2 = joined.lat * rad, joined.store_lat * rad
    dlat, dlon = (a2 - a1) / 2.0, (joined.store_lon - joined.lon) * rad / 2.0
    half = dlat.sin() * dlat.sin() + a1.cos() * a2.cos() * dlon.sin() * dlon.sin()
    km = 2.0 * EARTH_RADIUS_KM * ibis.least(half, ibis.literal(1.0)).sqrt().asin()
    return joined.mutate(km=km).select(*bought.columns, "km")


def bands(bought: ir.Table, edges: Sequence[float] = EDGES_KM) -> ir.Table:
    """Customers, orders and revenue by store and band of distance.

    Parameters
    ----------
    bought : ibis Table, one row per customer and store
        ``store_id``, ``km``, ``orders``, ``revenue``.
    edges : sequence of float
        Lower ends of the bands, rising from 0.

    Returns
    -------
    ibis Table, one row per store and band with a customer
        ``store_id``, ``band`` (0 the nearest), ``customers``, ``orders``, ``revenue``, ``km`` (sum).

    Raises
    ------
    ValueError : the edges do not rise from 0.
    """
    check_edges(edges)
    band = sum(((bought.km >= edge).cast("int32") for edge in edges[1:]), ibis.literal(0, "int32"))
    placed = bought.mutate(band=band)
    return placed.group_by("store_id", "band").aggregate(
        customers=placed.count(), orders=placed.orders.sum(), revenue=placed.revenue.sum(), km=placed.km.sum()
    )


def check_edges(edges: Sequence[float]) -> None:
    """Raise ValueError unless the edges rise from 0."""
    rising = all(low < high for low, high in itertools.pairwise(edges))
    if not edges or edges[0] != 0 or not rising or not all(map(math.isfinite, edges)):
        raise ValueError(f"Edges of distance bands must rise from 0; got {list(edges)}.")


def people_by_band(
    lat: float,
    lon: float,
    places: pd.DataFrame,
    edges: Sequence[float] = EDGES_KM,
) -> Floats:
    """Inhabitants by band of distance around a store.

    Parameters
    ----------
    lat, lon : float
        The store, degrees.
    places : DataFrame
        ``lat``, ``lon``, ``population`` of towns or areas, each counted where its point lies.
    edges : sequence of float

    Returns
    -------
    ndarray, (bands,)
    """
    check_edges(edges)
    km = haversine_km(lat, lon, places["lat"].to_numpy(float), places["lon"].to_numpy(float))
    which = np.searchsorted(np.asarray(edges), km, side="right") - 1
    counted = np.bincount(which, weights=places["population"].to_numpy(float), minlength=len(edges))
    return np.asarray(counted, dtype=float)


def penetration(customers: npt.ArrayLike, people: npt.ArrayLike) -> pd.DataFrame:
    """Share of the inhabitants who are customers, with its 95% interval.

    Parameters
    ----------
    customers, people : array_like, (bands,)

    Returns
    -------
    DataFrame
        ``rate``, ``low``, ``high`` (0..1); missing where nobody is known to live, or where fewer people
        than customers are: the number of inhabitants does not belong to the band then.
    """
    some, all_ = np.asarray(customers, dtype=float), np.asarray(people, dtype=float)
    known = (all_ > 0) & (some <= all_)
    low, high = wilson(some, np.where(known, all_, np.nan))
    rate = np.where(known, some / np.where(known, all_, 1.0), np.nan)
    return pd.DataFrame({"rate": rate, "low": low, "high": high})


def median_km(km: npt.ArrayLike, weight: npt.ArrayLike, share: float = 0.5) -> float | None:
    """Distance within which a share of the weight lies; None without weight."""
    far, heavy = np.asarray(km, dtype=float), np.maximum(np.asarray(weight, dtype=float), 0.0)
    if not heavy.sum() > 0:
        return None
    order = np.argsort(far, kind="stable")
    reached = np.cumsum(heavy[order])
    return float(far[order][np.searchsorted(reached, share * reached[-1] * (1 - 1e-12))])
