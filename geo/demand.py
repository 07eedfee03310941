"""Demand: customers gathered in cells, each at the middle of its demand, and what gathering costs.

A million customers become some thousand points that a solver can work with. Sites that were chosen for the
cells are measured again for every customer: the difference is the error of aggregation.

References
----------
Current and Schilling (1987), Elimination of source A and B errors in p-median location problems,
Geographical Analysis 19(2). Francis, Lowe, Rayco and Tamir (2009), Aggregation error for location models:
survey and analysis, Annals of Operations Research 167.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.cells import FINEST_ZOOM
from geo.distance import nearest

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

PLACE: Final = ("x20", "y20", "lat", "lon")
COARSEST: Final = 4


@dataclass(frozen=True, eq=False)
class Demand:
    """Cells with customers, each array (n,), ordered by row and column of the grid.

    ``x``, ``y`` column and row at zoom ``level``; ``lat``, ``lon`` the middle of the cell's demand, in
    degrees; ``customers`` their number; ``weight`` the demand, >= 0.
    """

    x: Indices
    y: Indices
    level: int
    lat: Floats
    lon: Floats
    customers: Indices
    weight: Floats

    def __len__(self) -> int:
        return len(self.x)

    def only(self, kept: npt.NDArray[np.bool_]) -> Demand:
        """The cells that are kept."""
        parts = (part[kept] for part in (self.lat, self.lon))
        lat, lon = parts
        return Demand(
            self.x[kept], self.y[kept], self.level, lat, lon, self.customers[kept], self.weight[kept]
        )


@dataclass(frozen=True, slots=True)
class AggregationError:
    """The mean distance to the nearest site, by demand: as the cells have it and as the customers have it.

    ``share`` is (customers - cells) / customers, None where the customers are at 0 km.
    """

    cells_km: float
    customers_km: float

    @property
    def share(self) -> float | None:
        return (self.customers_km - self.cells_km) / self.customers_km if self.customers_km > 0 else None


def cells(customers: ir.Table, level: int, weight: str | None = None) -> ir.Table:
    """Customers and demand by cell.

    Parameters
    ----------
    customers : ibis Table, one row per customer
        ``x20``, ``y20`` (null: no place, left out), ``lat``, ``lon`` and the weight.
    level : int
        Zoom of the square grid, 0 to 20.
    weight : str, optional
        Column with the demand of each customer; missing or below 0 counts as 0. Without one, each
        customer counts 1.

    Returns
    -------
    ibis Table, one row per cell with a customer
        ``x``, ``y``, ``customers``, ``weight``, ``lat``, ``lon`` (weighted by the demand; the plain middle
        where there is none).

    Raises
    ------
    ValueError : a column is missing, or the level is outside its limits.
    """
    if not 0 <= level <= FINEST_ZOOM:
        raise ValueError(f"cells() needs a level from 0 to {FINEST_ZOOM}; got {level}.")
    missing = sorted({*PLACE, *([weight] if weight else [])} - set(customers.columns))
    if missing:
        raise ValueError(f"cells() needs {missing}; the table has {list(customers.columns)}.")
    placed = customers.filter(customers.x20.notnull(), customers.y20.notnull())
    given = placed[weight].cast("float64").fill_null(0.0) if weight else ibis.literal(1.0)
    size = 1 << (FINEST_ZOOM - level)
    each = placed.select(
        x=(placed.x20 // size).cast("int64"),
        y=(placed.y20 // size).cast("int64"),
        lat=placed.lat,
        lon=placed.lon,
        weight=ibis.greatest(given, 0.0),
    )
    each = each.mutate(north=each.lat * each.weight, east=each.lon * each.weight)
    summed = each.group_by("x", "y").aggregate(
        customers=each.count(),
        weight=each.weight.sum(),
        north=each.north.sum(),
        east=each.east.sum(),
        lat=each.lat.mean(),
        lon=each.lon.mean(),
    )
    total = summed.weight.nullif(0.0)
    return summed.select(
        "x",
        "y",
        "customers",
        "weight",
        lat=(summed.north / total).coalesce(summed.lat),
        lon=(summed.east / total).coalesce(summed.lon),
    )


def demand_of(found: pd.DataFrame, level: int) -> Demand:
    """The answer of :func:`cells` as arrays, ordered by row and column.

    Examples
    --------
    >>> rows = {"x": [1], "y": [2], "customers": [3], "weight": [4.5], "lat": [3.1], "lon": [101.7]}
    >>> demand_of(pd.DataFrame(rows), 5).weight.tolist()
    [4.5]
    """
    ordered = found.sort_values(["y", "x"], kind="stable")

    def whole(name: str) -> Indices:
        return ordered[name].to_numpy(dtype=np.int64)

    def real(name: str) -> Floats:
        return ordered[name].to_numpy(dtype=np.float64)

    return Demand(whole("x"), whole("y"), level, real("lat"), real("lon"), whole("customers"), real("weight"))


def coarser(found: Demand, level: int) -> Demand:
    """The same demand in larger cells.

    Raises
    ------
    ValueError : the level is finer than that of the cells.
    """
    if not 0 <= level <= found.level:
        raise ValueError(f"coarser() needs a level from 0 to {found.level}; got {level}.")
    shift = found.level - level
    keys, group = np.unique(
        np.column_stack((found.y >> shift, found.x >> shift)), axis=0, return_inverse=True
    )
    group = np.asarray(group).ravel()
    weight = np.bincount(group, found.weight, minlength=len(keys))
    customers = np.bincount(group, found.customers, minlength=len(keys))
    shares = np.where(weight[group] > 0, found.weight, found.customers)
    total = np.bincount(group, shares, minlength=len(keys))
    lat = np.bincount(group, shares * found.lat, minlength=len(keys)) / total
    lon = np.bincount(group, shares * found.lon, minlength=len(keys)) / total
    whole = customers.astype(np.int64)
    return Demand(keys[:, 1].copy(), keys[:, 0].copy(), level, lat, lon, whole, weight.astype(float))


def at_most(found: Demand, cells: int) -> Demand:
    """The finest of the coarser grids that has at most so many cells.

    Raises
    ------
    ValueError : fewer than one cell is asked for.
    """
    if cells < 1:
        raise ValueError(f"at_most() needs at least 1 cell; got {cells}.")
    while len(found) > cells and found.level > COARSEST:
        found = coarser(found, found.level - 1)
    return found


def finer_where_heavy(found: Demand, most: int) -> Indices:
    """Group cells so that no group outweighs the others more than it must: the heaviest is split first.

    Parameters
    ----------
    found : Demand
        The finest cells.
    most : int
        Groups at most (but never fewer than the coarsest grid has).

    Returns
    -------
    (n,) int64
        Group of each cell, 0 to the number of groups - 1; a group is one square of some grid.

    Raises
    ------
    ValueError : fewer than one group is asked for.

    References
    ----------
    Samet (1984), The quadtree and related hierarchical data structures, ACM Computing Surveys 16(2).
    """
    level = at_most(found, max(most // 3, 1)).level
    groups = [(level, members) for members in _squares(found, np.arange(len(found)), level)]
    heap = [(-float(found.weight[members].sum()), number) for number, (_, members) in enumerate(groups)]
    heapq.heapify(heap)
    alive = len(groups)
    while heap and alive < most:
        _, number = heapq.heappop(heap)
        level, members = groups[number]
        if level >= found.level or len(members) == 1:
            continue
        parts = _squares(found, members, level + 1)
        groups[number] = (level + 1, parts[0])
        groups += [(level + 1, part) for part in parts[1:]]
        alive += len(parts) - 1
        for spot in (number, *range(len(groups) - len(parts) + 1, len(groups))):
            heapq.heappush(heap, (-float(found.weight[groups[spot][1]].sum()), spot))
    out = np.empty(len(found), dtype=np.int64)
    for number, (_, members) in enumerate(groups):
        out[members] = number
    return out


def _squares(found: Demand, members: Indices, level: int) -> list[Indices]:
    """The members that share a cell of a coarser grid, cell by cell."""
    shift = found.level - level
    keys = np.column_stack((found.y[members] >> shift, found.x[members] >> shift))
    _, part = np.unique(keys, axis=0, return_inverse=True)
    part = np.asarray(part).ravel()
    return [members[part == number] for number in range(int(part.max()) + 1 if len(part) else 0)]


def gathered(found: Demand, group: Indices) -> tuple[Floats, Floats, Floats, Indices]:
    """Middle (lat, lon), weight and customers of each group of cells."""
    shares = np.where(found.weight > 0, found.weight, 1e-9)
    total = np.bincount(group, shares)
    lat, lon = (np.bincount(group, shares * part) / total for part in (found.lat, found.lon))
    customers = np.bincount(group, found.customers).astype(np.int64)
    return lat, lon, np.bincount(group, found.weight).astype(float), customers


def aggregation_error(
    found: Demand,
    site_lat: npt.ArrayLike,
    site_lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
) -> AggregationError:
    """Measure sites again on every customer, along the great circle.

    Parameters
    ----------
    found : Demand
        What the sites were chosen for.
    site_lat, site_lon : array_like, (m,)
        Degrees.
    lat, lon : array_like, (n,)
        Customers; those without a place are left out.
    weight : array_like, (n,), optional
        Demand of each, as it went into the cells; 1 without it. Missing or below 0 counts as 0.

    Returns
    -------
    AggregationError

    Raises
    ------
    ValueError : there is no demand, in the cells or among the customers.
    """
    _, near = nearest(found.lat, found.lon, site_lat, site_lon)
    _, each = nearest(lat, lon, site_lat, site_lon)
    shares = np.ones(len(each)) if weight is None else np.asarray(weight, dtype=float)
    counted = np.isfinite(each) & np.isfinite(shares) & (shares > 0)
    if not counted.any() or not found.weight.sum() > 0:
        raise ValueError("aggregation_error() needs demand above 0 in the cells and among the customers.")
    return AggregationError(
        float(np.average(near, weights=found.weight)),
        float(np.average(each[counted], weights=shares[counted])),
    )
