"""What is known of an area: of the customers in it, and of the place itself.

The place is known everywhere, also where nobody buys yet; the customers only where there are some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from geo.cells import FINEST_ZOOM, to_lon_lat, to_x20, to_y20
from geo.distance import EARTH_RADIUS_KM, nearest, unit_vectors

Floats = npt.NDArray[np.float64]
Points = Sequence[tuple[float, float]]

PLACE: Final = ("people_10", "people_50", "towns_25", "km_city", "km_own", "km_rival")
"""Inhabitants of towns within 10 and 50 km, towns within 25 km, km to a town of ``CITY``, to the nearest
own store and competitor."""

CITY: Final = 100_000
OWN: Final = ("average_order", "repeat", "new", "loyal", "lapsed")
LOGGED: Final = frozenset({*PLACE, "average_order"})
"""Compared as ln(1 + x): a town of 20,000 is to one of 10,000 what 200,000 is to 100,000."""

SHARE: Final = "share."
"""Prefix of a share of orders: ``share.channel.web``, ``share.category.Tea``."""

MOST_SHARES: Final = 6

INGREDIENTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "revenue": frozenset({"average_order", "repeat", "new", "loyal", "lapsed"}),
        "repeat": frozenset({"repeat", "new", "loyal", "lapsed"}),
        "value": frozenset({"average_order", "repeat", "new", "loyal", "lapsed"}),
        "customers": frozenset(),
        "picked": frozenset(),
    }
)
"""Per measure, the features it is made of: they are left out."""


def summed(customers: ir.Table) -> ir.Table:
    """Customers added up by area.

    Parameters
    ----------
    customers : ibis Table, one row per customer
        ``area``, ``lat``, ``lon``, ``orders``, ``revenue``, ``is_new``, ``lifecycle``, ``value`` (of the
        forecast; null: none).

    Returns
    -------
    ibis Table, one row per area
        ``area``, ``customers``, ``orders``, ``lat``, ``lon`` (mean), ``new``, ``loyal``, ``lapsed``
        (customers), and of ``revenue``, ``repeat`` (who ordered twice or more: 0 or 1) and ``value`` the sum
        and ``<name>_squares``, the sum of the squares.
    """
    table = customers.mutate(repeat=(customers.orders >= 2).cast("float64"))
    sums = {name: table[name].cast("float64").sum() for name in ("revenue", "repeat", "value")}
    squares = {
        f"{name}_squares": (table[name].cast("float64") * table[name].cast("float64")).sum()
        for name in ("revenue", "repeat", "value")
    }
    return table.group_by("area").aggregate(
        customers=table.count(),
        orders=table.orders.sum(),
        lat=table.lat.mean(),
        lon=table.lon.mean(),
        new=table.is_new.cast("int32").sum(),
        loyal=(table.lifecycle == "loyal").cast("int32").sum(),
        lapsed=(table.lifecycle == "lapsed").cast("int32").sum(),
        **sums,
        **squares,
    )


def mixed(orders: ir.Table, homes: ir.Table, column: str) -> ir.Table:
    """Orders by area and a column of theirs.

    Parameters
    ----------
    orders : ibis Table
        ``customer_key``, ``is_purchase`` and the column.
    homes : ibis Table
        ``customer_key``, ``area``.
    column : str

    Returns
    -------
    ibis Table
        ``area``, ``value``, ``orders``; orders without a value are left out.
    """
    bought = orders.filter(orders.is_purchase & orders[column].notnull())
    joined = bought.inner_join(homes, "customer_key")
    joined = joined.select("area", value=joined[column])
    return joined.group_by("area", "value").aggregate(orders=joined.count())


def shares(counted: pd.DataFrame, areas: pd.Index, name: str) -> pd.DataFrame:
    """The shares of the most frequent values of a mix in the orders of each area.

    Parameters
    ----------
    counted : DataFrame
        Of :func:`mixed`.
    areas : Index
        Those wanted; one without such orders gets NaN.
    name : str
        ``channel`` or ``category``.

    Returns
    -------
    DataFrame, (areas, at most ``MOST_SHARES``)
        Columns ``share.<name>.<value>``, the most frequent first.
    """
    if counted.empty:
        return pd.DataFrame(index=areas)
    total = counted.groupby("value")["orders"].sum()
    top = sorted(total.index, key=lambda value: (-total[value], value))[:MOST_SHARES]
    wide = counted.pivot_table(index="area", columns="value", values="orders", aggfunc="sum", fill_value=0)
    found = wide.div(wide.sum(axis=1), axis=0)[top].reindex(areas)
    return found.rename(columns={value: f"{SHARE}{name}.{value}" for value in top})


def own(counted: pd.DataFrame) -> pd.DataFrame:
    """Features of the customers of each area, from the rows of :func:`summed` indexed by area."""
    people = counted["customers"].astype(float)
    made = {name: counted[name] / people for name in ("repeat", "new", "loyal", "lapsed")}
    orders = counted["orders"].astype(float)
    made["average_order"] = counted["revenue"].clip(lower=0) / orders.where(orders > 0)
    return pd.DataFrame(made)[list(OWN)]


def place(
    lat: npt.ArrayLike, lon: npt.ArrayLike, towns: pd.DataFrame, own_stores: Points, rivals: Points
) -> pd.DataFrame:
    """Features of the places themselves.

    Parameters
    ----------
    lat, lon : (n,)
        Where the areas stand.
    towns : DataFrame
        ``lat``, ``lon``, ``population`` (0: not known).
    own_stores, rivals : sequences of (latitude, longitude)
        Without any the distance is NaN.

    Returns
    -------
    DataFrame, (n, ``PLACE``), in people, towns and km
    """
    at = unit_vectors(lat, lon)
    known = unit_vectors(towns["lat"], towns["lon"])
    people = towns["population"].to_numpy(dtype=float)
    tree = cKDTree(known)
    near = {km: tree.query_ball_point(at, _chord(km)) for km in (10.0, 50.0)}
    cities = towns[people >= CITY]
    made = {
        "people_10": [people[rows].sum() for rows in near[10.0]],
        "people_50": [people[rows].sum() for rows in near[50.0]],
        "towns_25": tree.query_ball_point(at, _chord(25.0), return_length=True).astype(float),
        "km_city": _km(lat, lon, list(zip(cities["lat"], cities["lon"], strict=True))),
        "km_own": _km(lat, lon, own_stores),
        "km_rival": _km(lat, lon, rivals),
    }
    return pd.DataFrame(made)[list(PLACE)]


def town_cells(towns: pd.DataFrame, level: int) -> pd.DataFrame:
    """The cells that hold a town of known size, and where in them people live.

    Parameters
    ----------
    towns : DataFrame
        ``lat``, ``lon``, ``population``, ``name``.
    level : int
        Zoom of the cells.

    Returns
    -------
    DataFrame by ``area`` (``x/y``)
        ``lat``, ``lon`` (weighted by people), ``population``, ``name`` (of the largest town).
    """
    known = towns[towns["population"] > 0].sort_values("population", ascending=False)
    shift = FINEST_ZOOM - level
    x, y = to_x20(known["lon"]) >> shift, to_y20(known["lat"]) >> shift
    known = known.assign(area=[f"{i}/{j}" for i, j in zip(x, y, strict=True)])
    weighted = known.assign(lat=known["lat"] * known["population"], lon=known["lon"] * known["population"])
    made = weighted.groupby("area").agg(
        lat=("lat", "sum"), lon=("lon", "sum"), population=("population", "sum"), name=("name", "first")
    )
    return made.assign(lat=made["lat"] / made["population"], lon=made["lon"] / made["population"])


def corners(areas: Sequence[str], level: int) -> pd.DataFrame:
    """South, west, north and east of cells ``x/y``, in degrees."""
    xy = np.array([[int(part) for part in area.split("/")] for area in areas], dtype=np.int64).reshape(-1, 2)
    west, north = to_lon_lat(xy[:, 0], xy[:, 1], level)
    east, south = to_lon_lat(xy[:, 0] + 1, xy[:, 1] + 1, level)
    return pd.DataFrame({"south": south, "west": west, "north": north, "east": east}, index=list(areas))


def _km(lat: npt.ArrayLike, lon: npt.ArrayLike, points: Points) -> Floats:
    if not points:
        return np.full(np.asarray(lat).shape, np.nan)
    there = np.array(points, dtype=float)
    return nearest(lat, lon, there[:, 0], there[:, 1])[1]


def _chord(km: float) -> float:
    return float(2 * np.sin(km / (2 * EARTH_RADIUS_KM)))
