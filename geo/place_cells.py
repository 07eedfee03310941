"""Cells of a view that give nobody away: small ones are joined with their neighbours, or left out.

The grid is that of ``geo.cells``. Counting a window runs in the engine (one scan); its cells are few,
and joining them happens in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir
import pandas as pd

from geo.cells import FINEST_ZOOM, Bounds, to_lon_lat, to_x20, to_y20

JOINED_LEVELS: Final = 2
"""How many levels a small cell may grow to find company before it is hidden."""


@dataclass(frozen=True)
class Window:
    """A rectangle of cells of one level: ``west <= x <= east``, ``north <= y <= south`` (inclusive)."""

    level: int
    west: int
    north: int
    east: int
    south: int

    @property
    def size(self) -> int:
        return (self.east - self.west + 1) * (self.south - self.north + 1)


def window(view: Bounds, level: int, pad: float = 0.0) -> Window:
    """The cells that cover a view.

    They fill whole cells ``JOINED_LEVELS`` coarser, so that joining cells does not depend on the view.

    Parameters
    ----------
    view : Bounds
        One that crosses the date line is taken up to its eastern edge of the world.
    level : int
        Zoom of the cells, ``JOINED_LEVELS`` to 20.
    pad : float
        Share of the view's size added on every side.

    Raises
    ------
    ValueError : the level is outside its limits.

    Examples
    --------
    >>> window(Bounds(2.9, 101.5, 3.3, 101.9), 10)
    Window(level=10, west=800, north=500, east=803, south=503)
    """
    if not JOINED_LEVELS <= level <= FINEST_ZOOM:
        raise ValueError(f"window() needs a level from {JOINED_LEVELS} to {FINEST_ZOOM}; got {level}.")
    east = view.east if view.east >= view.west else 180.0
    high, wide = (view.north - view.south) * pad, (east - view.west) * pad
    shift = FINEST_ZOOM - level + JOINED_LEVELS
    x0, x1 = (int(x) >> shift for x in to_x20([view.west - wide, east + wide]))
    y0, y1 = (int(y) >> shift for y in to_y20([view.north + high, view.south - high]))
    block = 1 << JOINED_LEVELS
    return Window(level, x0 * block, y0 * block, (x1 + 1) * block - 1, (y1 + 1) * block - 1)


def counted(customers: ir.Table, shown: Window, groups: Sequence[str] = ()) -> ir.Table:
    """Customers per cell of a window.

    Parameters
    ----------
    customers : ibis Table, one row per customer
        ``x20``, ``y20`` (null: no place), ``lat``, ``lon``, ``is_new``, ``revenue``.
    shown : Window
    groups : sequence of str
        Codes of ``lifecycle`` that are counted too.

    Returns
    -------
    ibis Table, one row per cell with a customer
        ``x``, ``y``, ``customers``, ``new``, ``revenue``, ``lat``, ``lon`` (sums: cells can be joined)
        and ``group_<code>`` for each of the groups.
    """
    within = inside(customers, shown)
    shift = FINEST_ZOOM - shown.level
    placed = within.mutate(x=within.x20 >> shift, y=within.y20 >> shift)
    return placed.group_by("x", "y").aggregate(
        customers=placed.count(),
        new=placed.is_new.cast("int32").sum(),
        revenue=placed.revenue.sum(),
        lat=placed.lat.sum(),
        lon=placed.lon.sum(),
        **{f"group_{code}": (placed.lifecycle == code).cast("int32").sum() for code in groups},
    )


def inside(customers: ir.Table, shown: Window) -> ir.Table:
    """The customers who live in a window."""
    shift = FINEST_ZOOM - shown.level
    return customers.filter(
        customers.x20 >= shown.west << shift,
        customers.x20 < (shown.east + 1) << shift,
        customers.y20 >= shown.north << shift,
        customers.y20 < (shown.south + 1) << shift,
    )


def joined(cells: pd.DataFrame, level: int, fewest: int = 0) -> tuple[pd.DataFrame, int]:
    """Cells ready to draw: small ones joined with their small neighbours, or left out.

    Small cells of one parent are joined; where they are still too few together, those of the
    grandparent; what then is too small is hidden.

    Parameters
    ----------
    cells : DataFrame
        Of :func:`counted`, whole blocks of ``JOINED_LEVELS`` (see :func:`window`).
    level : int
    fewest : int
        Least number of customers in a cell; 0 keeps every cell as it is.

    Returns
    -------
    cells : DataFrame, coarser ones first
        ``pick`` (``cell:level/x/y``, and ``/level`` of its parts where it was joined), ``level``,
        ``x``, ``y``, ``lat``, ``lon`` (mean position), ``south``, ``west``, ``north``, ``east``
        (degrees), ``customers``, ``new``, ``revenue``, ``joined`` (bool), ``group_<code>``.
    hidden : int
        Customers in no cell.
    """
    left, kept = cells.assign(level=level), []
    for up in range(JOINED_LEVELS + 1):
        enough = left["customers"] >= max(fewest, 1)
        kept.append(left[enough].assign(level=level - up))
        left = left[~enough]
        if left.empty or up == JOINED_LEVELS:
            break
        left = left.assign(x=left["x"].to_numpy() >> 1, y=left["y"].to_numpy() >> 1)
        left = left.drop(columns="level", errors="ignore").groupby(["x", "y"], as_index=False).sum()
    drawn = pd.concat(kept[::-1], ignore_index=True)
    return _placed(drawn, level), int(left["customers"].sum())


def _placed(cells: pd.DataFrame, level: int) -> pd.DataFrame:
    ids = zip(cells["level"], cells["x"], cells["y"], strict=True)
    picks = [f"cell:{z}/{i}/{j}" + (f"/{level}" if z != level else "") for z, i, j in ids]
    shift = FINEST_ZOOM - cells["level"].to_numpy(dtype="int64")
    x, y = cells["x"].to_numpy(dtype="int64"), cells["y"].to_numpy(dtype="int64")
    west, north = to_lon_lat(x << shift, y << shift)
    east, south = to_lon_lat((x + 1) << shift, (y + 1) << shift)
    return cells.assign(
        pick=picks,
        joined=cells["level"].to_numpy() != level,
        lat=cells["lat"] / cells["customers"],
        lon=cells["lon"] / cells["customers"],
        south=south,
        west=west,
        north=north,
        east=east,
    )


def parse_pick(text: str) -> tuple[int, int, int, int] | None:
    """Level, x, y and the level of its parts of a cell's id (without ``cell:``), None where it is no id.

    Examples
    --------
    >>> parse_pick("10/801/503"), parse_pick("8/200/125/10"), parse_pick("10/801/5000"), parse_pick("x")
    ((10, 801, 503, 10), (8, 200, 125, 10), None, None)
    """
    parts = text.split("/")
    if len(parts) not in (3, 4) or not all(
        part.isascii() and part.isdigit() and len(part) <= 7 for part in parts
    ):
        return None
    level, x, y = (int(part) for part in parts[:3])
    base = int(parts[3]) if len(parts) == 4 else level
    joined = level <= base <= min(FINEST_ZOOM, level + JOINED_LEVELS)
    return (level, x, y, base) if joined and max(x, y) < 1 << level else None


def members(
    customers: ir.Table, cells: pd.DataFrame, level: int, pick: tuple[int, int, int, int], fewest: int
) -> ir.Table:
    """The customers of one drawn cell; of a joined one, those of the small cells it was joined from.

    Parameters
    ----------
    customers : ibis Table
        As in :func:`counted`.
    cells : DataFrame
        Of :func:`counted` at the level of the parts, over :func:`block` of the pick.
    level : int
        Of the parts.
    pick : (level, x, y, level of the parts)
    fewest : int
        As drawn.
    """
    at, x, y, base = pick
    shift = FINEST_ZOOM - at
    here = customers.filter(customers.x20 >> shift == x, customers.y20 >> shift == y)
    if at == base:
        return here
    finer, _ = joined(cells, level, fewest)
    drawn_elsewhere = finer[finer["level"] > at]
    places = drawn_elsewhere[["level", "x", "y"]].to_numpy(dtype="int64").tolist()
    for other, column, row in places:
        down = FINEST_ZOOM - other
        alone = (here.x20 >> down == column) & (here.y20 >> down == row)
        if other == base:
            here = here.filter(~alone)
        else:  # a joined cell between the two: only its small parts are gone
            here = here.filter(~(alone & _is_small(here, cells, base, fewest)))
    return here


def _is_small(customers: ir.Table, cells: pd.DataFrame, base: int, fewest: int) -> ir.BooleanValue:
    big = cells[cells["customers"] >= max(fewest, 1)]
    keys = [int(x) * (1 << base) + int(y) for x, y in zip(big["x"], big["y"], strict=True)]
    shift = FINEST_ZOOM - base
    # Widened before the shift: as int32 the product would overflow.
    x, y = customers.x20.cast("int64") >> shift, customers.y20.cast("int64") >> shift
    key = x * (1 << base) + y
    return ~key.isin(keys) if keys else customers.x20.notnull()


def block(pick: tuple[int, int, int, int]) -> Window:
    """The cells of the parts' level that merging looked at for a pick."""
    at, x, y, base = pick
    up = JOINED_LEVELS - (base - at)
    left, top, span = x >> up, y >> up, 1 << JOINED_LEVELS
    return Window(base, left * span, top * span, (left + 1) * span - 1, (top + 1) * span - 1)
