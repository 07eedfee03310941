"""Hexagonal cells on the web-mercator plane: one expression for any engine, no library of its own.

Pointy-top hexagons in axial coordinates; ``level`` is the zoom whose square cells have the same height.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.cells import FINEST_ZOOM, to_lon_lat
from geo.place_cells import Window, inside

ROOT3: Final = math.sqrt(3.0)
MARGIN: Final = 2
"""Cells around a window that are read, so that no hexagon in it is cut."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hexagon:
    """One cell: its level and axial coordinates."""

    level: int
    q: int
    r: int

    @property
    def pick(self) -> str:
        """Its id."""
        return f"hex:{self.level}/{self.q}/{self.r}"


def parse_pick(text: str) -> Hexagon | None:
    """The hexagon of an id without ``hex:``; None where it is none.

    Examples
    --------
    >>> parse_pick("10/-3/25"), parse_pick("10/3"), parse_pick("99/1/1")
    (Hexagon(level=10, q=-3, r=25), None, None)
    """
    parts = text.split("/")
    if len(parts) != 3 or not all(part.removeprefix("-").isascii() for part in parts):
        return None
    if not all(part.removeprefix("-").isdigit() and len(part) <= 8 for part in parts):
        return None
    level, q, r = (int(part) for part in parts)
    return Hexagon(level, q, r) if 0 <= level <= FINEST_ZOOM else None


def located(customers: ir.Table, level: int) -> ir.Table:
    """Add ``q`` and ``r``, the hexagon each customer lives in.

    Parameters
    ----------
    customers : ibis Table
        ``x20``, ``y20`` (integers, not null).
    level : int

    References
    ----------
    Patel (2013), Hexagonal grids, sections "pixel to hex" and "rounding" (cube coordinates).
    """
    size = _size(level)
    x, y = customers.x20.cast("float64"), customers.y20.cast("float64")
    q, r = (ROOT3 / 3 * x - y / 3) / size, (2 / 3 * y) / size
    table = customers.mutate(q_=q.round().cast("float64"), r_=r.round().cast("float64"))
    table = table.mutate(
        s_=(-q - r).round().cast("float64"), dq=(q - table.q_).abs(), dr=(r - table.r_).abs()
    )
    ds = (-q - r - table.s_).abs()
    worst_q = (table.dq > table.dr) & (table.dq > ds)
    worst_r = ~worst_q & (table.dr > ds)
    found = table.mutate(
        q=worst_q.ifelse(-table.r_ - table.s_, table.q_).cast("int64"),
        r=worst_r.ifelse(-table.q_ - table.s_, table.r_).cast("int64"),
    )
    return found.drop("q_", "r_", "s_", "dq", "dr")


def counted(customers: ir.Table, shown: Window) -> ir.Table:
    """Customers per hexagon whose middle lies in a window, and of those just around it.

    Parameters
    ----------
    customers : ibis Table
        ``x20``, ``y20``, ``lat``, ``lon``, ``is_new``, ``revenue``.
    shown : Window

    Returns
    -------
    ibis Table, one row per hexagon with a customer
        ``q``, ``r``, ``customers``, ``new``, ``revenue``, ``lat``, ``lon`` (sums).
    """
    wider = Window(
        shown.level, shown.west - MARGIN, shown.north - MARGIN, shown.east + MARGIN, shown.south + MARGIN
    )
    placed = located(inside(customers, wider), shown.level)
    return placed.group_by("q", "r").aggregate(
        customers=placed.count(),
        new=placed.is_new.cast("int32").sum(),
        revenue=placed.revenue.sum(),
        lat=placed.lat.sum(),
        lon=placed.lon.sum(),
    )


def drawn(cells: pd.DataFrame, shown: Window, fewest: int = 0) -> tuple[pd.DataFrame, int]:
    """Hexagons ready to draw; those with fewer customers are left out.

    Parameters
    ----------
    cells : DataFrame
        Of :func:`counted` over the same window.
    shown : Window
    fewest : int
        Least number of customers of a hexagon; 0 keeps all.

    Returns
    -------
    cells : DataFrame
        ``pick``, ``lat``, ``lon`` (mean position), ``ring`` (six corners, (lat, lon)), ``customers``,
        ``new``, ``revenue``, ``joined`` (False).
    hidden : int
        Customers in none of them.
    """
    x, y = _middle(cells["q"].to_numpy(), cells["r"].to_numpy(), shown.level)
    shift = 1 << (FINEST_ZOOM - shown.level)
    within = (x >= shown.west * shift) & (x < (shown.east + 1) * shift)
    within &= (y >= shown.north * shift) & (y < (shown.south + 1) * shift)
    here = cells[within].reset_index(drop=True)
    enough = here["customers"] >= max(fewest, 1)
    hidden = int(here.loc[~enough, "customers"].sum())
    here = here[enough].reset_index(drop=True)
    at = zip(here["q"], here["r"], strict=True)
    return here.assign(
        pick=[Hexagon(shown.level, int(q), int(r)).pick for q, r in at],
        lat=here["lat"] / here["customers"],
        lon=here["lon"] / here["customers"],
        ring=pd.Series(_rings(here["q"].to_numpy(), here["r"].to_numpy(), shown.level), dtype=object),
        joined=False,
    ), hidden


def members(customers: ir.Table, chosen: Hexagon) -> ir.Table:
    """The customers of one hexagon."""
    placed = located(customers.filter(customers.x20.notnull()), chosen.level)
    return placed.filter(placed.q == chosen.q, placed.r == chosen.r).drop("q", "r")


def _size(level: int) -> float:
    """From the middle to a corner, in steps of the zoom-20 grid."""
    return float((1 << (FINEST_ZOOM - level)) / 2)


def _middle(q: npt.NDArray[np.int64], r: npt.NDArray[np.int64], level: int) -> tuple[Floats, Floats]:
    size = _size(level)
    return size * ROOT3 * (q + r / 2), size * 1.5 * np.asarray(r, dtype=float)


def _rings(q: npt.NDArray[np.int64], r: npt.NDArray[np.int64], level: int) -> list[list[tuple[float, float]]]:
    x, y = _middle(q, r, level)
    angles = np.radians(60.0 * np.arange(6) - 30.0)
    size = _size(level)
    lon, lat = to_lon_lat(x[:, None] + size * np.cos(angles), y[:, None] + size * np.sin(angles))
    return [[(float(a), float(b)) for a, b in zip(*row, strict=True)] for row in zip(lat, lon, strict=True)]
