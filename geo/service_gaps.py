"""Service gaps: customers who live farther than some kilometres from every store, and what they are worth.

The distance of each customer is compared in the engine; what is far is then summed over cells, for a map and
a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from geo.cells import FINEST_ZOOM
from geo.distance import EARTH_RADIUS_KM

PLACE: Final = ("customer_key", "lat", "lon", "x20", "y20", "weight")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gap:
    """Customers beyond the distance, and everyone with a place: heads and weight."""

    customers: int
    weight: float
    all_customers: int
    all_weight: float

    @property
    def share(self) -> float | None:
        """Of the customers; None where nobody has a place."""
        return self.customers / self.all_customers if self.all_customers else None

    @property
    def weight_share(self) -> float | None:
        """Of the weight; None where there is none."""
        return self.weight / self.all_weight if self.all_weight > 0 else None


def far(customers: ir.Table, lat: Sequence[float], lon: Sequence[float], km: float) -> ir.Table:
    """The customers farther than ``km`` from every store, along the great circle.

    Parameters
    ----------
    customers : ibis Table, one row per customer
        ``lat``, ``lon`` in degrees; without a place they are neither near nor far, and left out.
    lat, lon : sequences of float
        Stores, degrees; one at least.
    km : float
        Exactly so far is near enough.

    Returns
    -------
    ibis Table
        The same columns, and ``way``: kilometres to the nearest store.

    Raises
    ------
    ValueError : a column is missing, there is no store with a place, the distance is negative.

    References
    ----------
    Sinnott (1984), Virtues of the haversine, Sky and Telescope 68(2), compared before the arc sine.
    """
    spots = [(float(a), float(b)) for a, b in zip(lat, lon, strict=True) if np.isfinite(a + b)]
    if not spots:
        raise ValueError("far() needs at least one store with a place; there is none.")
    if not (np.isfinite(km) and km >= 0):
        raise ValueError(f"far() needs a distance of 0 km or more; got {km!r}.")
    missing = sorted({"lat", "lon"} - set(customers.columns))
    if missing:
        raise ValueError(f"far() needs {missing}; the table has {list(customers.columns)}.")
    placed = customers.filter(customers.lat.notnull(), customers.lon.notnull())
    limit = float(np.sin(min(km / EARTH_RADIUS_KM, np.pi) / 2.0) ** 2)
    nearest = ibis.least(1.0, *(_half(placed, a, b) for a, b in spots))
    found = placed.mutate(half=nearest)
    found = found.filter(found.half > limit)
    return found.mutate(way=2.0 * EARTH_RADIUS_KM * found.half.sqrt().asin()).drop("half")


def _half(customers: ir.Table, lat: float, lon: float) -> ir.FloatingValue:
    """The square of the sine of half the angle between a customer and a store."""
    north = ((customers.lat - lat).radians() / 2.0).sin()
    east = ((customers.lon - lon).radians() / 2.0).sin()
    return north * north + customers.lat.radians().cos() * float(np.cos(np.radians(lat))) * east * east


def summed(customers: ir.Table, beyond: ir.Table) -> ir.Table:
    """One row with the fields of :class:`Gap`.

    Parameters
    ----------
    customers, beyond : ibis Tables
        Everyone and those of :func:`far`: ``lat`` (null: no place), ``weight``.
    """
    placed = customers.filter(customers.lat.notnull())
    everyone = placed.aggregate(all_customers=placed.count(), all_weight=placed.weight.sum().fill_null(0.0))
    gone = beyond.aggregate(customers=beyond.count(), weight=beyond.weight.sum().fill_null(0.0))
    return gone.cross_join(everyone)


def by_cell(beyond: ir.Table, level: int, fewest: int = 1) -> ir.Table:
    """Those of :func:`far` by cell, the heaviest first.

    Parameters
    ----------
    beyond : ibis Table
        ``x20``, ``y20``, ``lat``, ``lon``, ``weight``, ``way``.
    level : int
        Zoom of the cells, 0 to 20.
    fewest : int
        Smaller cells are left out: they would give somebody away.

    Returns
    -------
    ibis Table, one row per cell
        ``x``, ``y``, ``customers``, ``weight``, and the means of its customers: ``lat``, ``lon``, ``way``.

    Raises
    ------
    ValueError : the level is outside its limits.
    """
    if not 0 <= level <= FINEST_ZOOM:
        raise ValueError(f"by_cell() needs a level from 0 to {FINEST_ZOOM}; got {level}.")
    size = 1 << (FINEST_ZOOM - level)
    placed = beyond.filter(beyond.x20.notnull())
    placed = placed.mutate(x=(placed.x20 // size).cast("int64"), y=(placed.y20 // size).cast("int64"))
    found = placed.group_by("x", "y").aggregate(
        customers=placed.count(),
        weight=placed.weight.sum(),
        lat=placed.lat.mean(),
        lon=placed.lon.mean(),
        way=placed.way.mean(),
    )
    found = found.filter(found.customers >= fewest)
    return found.order_by(ibis.desc("weight"), "y", "x")
