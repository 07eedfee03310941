"""Where a store's customers come from: the cells that make up a share of its sales, and their outline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

Order = Literal["nearest", "densest"]

KM_PER_DEGREE: Final = 111.195
"""Of latitude, on the sphere of ``geo.distance``."""

MAX_POINTS: Final = 3_000
"""More places than this are joined in larger discs, so that an outline takes a second at most."""

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Catchment:
    """A part of the cells, for one store.

    Parameters
    ----------
    inside : ndarray, (cells,)
        Whether a cell belongs to it.
    share : float
        Of the store's weight (sales or customers) that it holds, 0..1.
    reach : float or None
        The farthest of its cells, in the unit of the costs; None without one.
    weight : float
        What it holds.
    """

    inside: Mask
    share: float
    reach: float | None
    weight: float


def by_share(weight: npt.ArrayLike, cost: npt.ArrayLike, share: float, order: Order = "nearest") -> Catchment:
    """The cells that together make up a share of a store's weight.

    Parameters
    ----------
    weight : array_like, (cells,)
        Sales or customers of the store by cell; negative ones (returns) count as 0.
    cost : array_like, (cells,)
        Kilometres or minutes to the store.
    share : float
        Wanted, above 0 up to 1.
    order : {"nearest", "densest"}
        Whether near cells come first, or those with most; ties by the other one.

    Returns
    -------
    Catchment
        The smallest in that order that reaches the share; empty where the store sold nothing.

    Raises
    ------
    ValueError : the share is outside its limits, or the arrays do not fit.

    References
    ----------
    Applebaum (1966), Methods for determining store trade areas, market penetration, and potential
    sales, Journal of Marketing Research 3(2): the primary trade area holds 60 to 70% of the customers.
    """
    heavy, far = _arrays(weight, cost)
    if not 0 < share <= 1:
        raise ValueError(f"A catchment needs a share above 0 and up to 1; got {share}.")
    if order not in ("nearest", "densest"):
        raise ValueError(f"order must be 'nearest' or 'densest'; got {order!r}.")
    keys = (-heavy, far) if order == "nearest" else (far, -heavy)
    ranked = np.lexsort(keys)
    ranked = ranked[(heavy[ranked] > 0) & np.isfinite(far[ranked])]
    total = float(heavy.sum())
    inside = np.zeros(len(heavy), dtype=bool)
    if ranked.size:
        reached = np.cumsum(heavy[ranked])
        last = int(np.searchsorted(reached, share * total * (1 - 1e-12)))
        inside[ranked[: last + 1]] = True
    return _measured(inside, heavy, far)


def by_cost(weight: npt.ArrayLike, cost: npt.ArrayLike, limit: float) -> Catchment:
    """The cells within a radius or a travel time.

    Raises
    ------
    ValueError : the limit is negative, or the arrays do not fit.
    """
    heavy, far = _arrays(weight, cost)
    if not limit >= 0:
        raise ValueError(f"A radius or time must not be negative; got {limit}.")
    return _measured(far <= limit, heavy, far)


def by_nearest(weight: npt.ArrayLike, cost: npt.ArrayLike, store: int) -> Catchment:
    """The cells that have no own store nearer.

    Parameters
    ----------
    weight : array_like, (cells,)
        Of this store.
    cost : array_like, (cells, stores)
        Of a tie the first store has the cell.
    store : int
    """
    every = np.asarray(cost, dtype=float)
    reached = np.isfinite(every).any(axis=1)
    nearest = np.where(np.isnan(every), np.inf, every).argmin(axis=1)
    heavy, far = _arrays(weight, every[:, store])
    return _measured(reached & (nearest == store), heavy, far)


def overlap(inside: npt.ArrayLike, weight: npt.ArrayLike) -> Floats:
    """Share of each store's weight that lies in the catchment of each other store.

    Parameters
    ----------
    inside : array_like of bool, (cells, stores)
    weight : array_like, (cells, stores)

    Returns
    -------
    ndarray, (stores, stores)
        Row: whose sales; column: in whose catchment. NaN in the row of a store without sales.
    """
    area = np.asarray(inside, dtype=float)
    heavy = np.maximum(np.asarray(weight, dtype=float), 0.0)
    total = heavy.sum(axis=0)
    return np.asarray((heavy.T @ area) / np.where(total > 0, total, np.nan)[:, None])


def shared_customers(bought: ir.Table) -> ir.Table:
    """Customers who buy in two stores.

    Parameters
    ----------
    bought : ibis Table, one row per customer and store
        ``customer_key``, ``store_id``, ``revenue``.

    Returns
    -------
    ibis Table, one row per pair of stores with a common customer, and per store with itself
        ``store_id``, ``other_id``, ``customers`` (who buy in both), ``revenue`` (theirs in ``store_id``).
    """
    mine = bought.select("customer_key", "store_id", "revenue")
    theirs = bought.select("customer_key", other_id=bought.store_id)
    pairs = mine.inner_join(theirs, "customer_key")
    return pairs.group_by("store_id", "other_id").aggregate(
        customers=pairs.count(), revenue=pairs.revenue.sum()
    )


def outline(
    lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    radius_km: float,
    people: npt.ArrayLike | None = None,
    fewest: int = 0,
) -> BaseGeometry | None:
    """A smooth outline around places: discs joined, and gaps up to their width closed.

    Parameters
    ----------
    lat, lon : array_like, (n,)
        Degrees.
    radius_km : float
        Of each disc; about the width of a cell.
    people : array_like, (n,), optional
        Who live at each place.
    fewest : int
        An island of fewer people than this is left out; 0 leaves none out.

    Returns
    -------
    Polygon or MultiPolygon, or None
        In degrees, within longitudes -180..180 of its middle; None where nothing is left. Islands of
        customers stay islands.

    Raises
    ------
    ValueError : the radius is not above 0.
    """
    if not radius_km > 0:
        raise ValueError(f"An outline needs a radius above 0; got {radius_km}.")
    y, x = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    known = np.isfinite(y) & np.isfinite(x)
    y, x = y[known], x[known]
    if not y.size:
        return None
    there = np.ones(y.size) if people is None else np.asarray(people, dtype=float)[known]
    middle_y, middle_x = float(y.mean()), float(x[0])
    wide = KM_PER_DEGREE * max(np.cos(np.radians(middle_y)), 0.01)
    east = ((x - middle_x + 180.0) % 360.0 - 180.0) * wide
    north = (y - middle_y) * KM_PER_DEGREE
    step = radius_km / 4
    points = _snapped(east, north, step)
    while len(points) > MAX_POINTS:
        step, radius_km = step * 2, max(radius_km, step * 2)
        points = _snapped(east, north, step)
    discs = shapely.buffer(shapely.points(points), radius_km, quad_segs=4)
    joined = shapely.union_all(discs).buffer(radius_km, quad_segs=6).buffer(-1.3 * radius_km, quad_segs=6)
    smooth = joined.buffer(0.3 * radius_km, quad_segs=6).simplify(radius_km / 20)
    kept = _with_people(smooth, np.column_stack((east, north)), there, fewest)
    back = shapely.transform(
        kept, lambda at: np.column_stack((at[:, 0] / wide + middle_x, at[:, 1] / KM_PER_DEGREE + middle_y))
    )
    made = shapely.set_precision(back, 1e-5)
    return None if made.is_empty else made


def _with_people(area: BaseGeometry, homes: Floats, people: Floats, fewest: int) -> BaseGeometry:
    """The parts of an area that hold at least so many people."""
    parts = shapely.get_parts(area)
    home, part = shapely.STRtree(parts).query(shapely.points(homes), predicate="covered_by")
    kept = parts[np.bincount(part, weights=people[home], minlength=len(parts)) >= fewest]
    return kept[0] if len(kept) == 1 else MultiPolygon(list(kept))


def _snapped(east: Floats, north: Floats, step: float) -> Floats:
    return np.asarray(np.unique(np.round(np.column_stack((east, north)) / step) * step, axis=0))


def _arrays(weight: npt.ArrayLike, cost: npt.ArrayLike) -> tuple[Floats, Floats]:
    heavy, far = np.asarray(weight, dtype=float), np.asarray(cost, dtype=float)
    if heavy.ndim != 1 or heavy.shape != far.shape:
        raise ValueError(f"Weight and cost must be (cells,); got {heavy.shape} and {far.shape}.")
    return np.where(np.isfinite(heavy), np.maximum(heavy, 0.0), 0.0), np.where(np.isnan(far), np.inf, far)


def _measured(inside: Mask, heavy: Floats, far: Floats) -> Catchment:
    total, held = float(heavy.sum()), float(heavy[inside].sum())
    reached = far[inside & (heavy > 0)]
    return Catchment(
        inside, held / total if total > 0 else 0.0, float(reached.max()) if reached.size else None, held
    )
