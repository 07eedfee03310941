"""When a customer is likely to buy next: gaps counted in the engine, windows read off their curve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analytics.survival import (
    HORIZON_DAYS,
    LEAST_EVENTS,
    Array,
    Curve,
    Hiatus,
    hiatus,
    kaplan_meier,
    return_share,
)

CLASSES: Final = (1, 2, 3, 5, 10, 20)
"""Lower bounds of the frequency classes by purchases so far: 1, 2, 3 to 4, 5 to 9, 10 to 19, 20 and more."""

EVERYONE: Final = 0
"""Stands for all classes together."""

GROUPS: Final = 20
"""Random groups of customers, for intervals that know customers from purchases."""

STATES: Final = ("early", "due", "late", "gone")
"""Before the window, in it, after it, and after it and silent for longer than the hiatus."""

HORIZONS: Final = (90, 180, 365)


def gaps_from_marts(orders: ir.Table, customer_summary: ir.Table, as_of: date) -> ir.Table:
    """Count gaps by length from the marts, without comparing orders with one another.

    Parameters
    ----------
    orders : ibis Table
        The mart; ``days_since_previous`` and ``nth`` are over all purchases of the customer.
    customer_summary : ibis Table
        The mart, of the customers wanted.
    as_of : date
        The last day of the data; both marts must know nothing later.

    Returns
    -------
    ibis Table, one row per class, group and length that occurs
        ``frequency`` (one of ``CLASSES``: purchases before the gap), ``part`` (0..19), ``days``,
        ``events``, ``censored``.

    Notes
    -----
    Orders of one day are one visit: a gap of 0 days is none, as in the value models.
    """
    bought = orders.filter(
        orders.is_purchase & orders.customer_key.notnull() & (orders.days_since_previous > 0)
    )
    bought = bought.semi_join(customer_summary.select("customer_key"), "customer_key")
    ended = _counted(bought, bought.nth - 1, bought.days_since_previous, "events")
    known = customer_summary.filter(customer_summary.orders > 0)
    waited = ibis.literal(as_of).delta(known.last_day, unit="day")
    open_ = _counted(known, known.orders, waited, "censored")
    return _together(ended, open_)


def gaps_from_orders(history: ir.Table, as_of: date) -> ir.Table:
    """Return :func:`gaps_from_marts` under any filter, from the orders themselves.

    Parameters
    ----------
    history : ibis Table, one row per order
        ``scope.facts(..., history=True)``.
    """
    bought = history.filter(history.is_purchase & history.customer_key.notnull())
    visits = bought.group_by("customer_key", "day").aggregate(orders=bought.count())
    window = ibis.window(group_by="customer_key", order_by="day")
    so_far = ibis.window(group_by="customer_key", order_by="day", preceding=None, following=0)
    visits = visits.mutate(following=visits.day.lead().over(window), so_far=visits.orders.sum().over(so_far))
    back = visits.filter(visits.following.notnull())
    ended = _counted(back, back.so_far, back.following.delta(back.day, unit="day"), "events")
    last = visits.filter(visits.following.isnull())
    waited = ibis.literal(as_of).delta(last.day, unit="day")
    open_ = _counted(last, last.so_far, waited, "censored")
    return _together(ended, open_)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How one frequency class, or everyone, returns.

    Parameters
    ----------
    curve : Curve
        Of the gaps; share not yet back by day.
    hiatus : Hiatus
    first, middle, last : int or None
        Days by which a quarter, half and three quarters of those have returned who return within the
        horizon; None where nobody does.
    """

    curve: Curve
    hiatus: Hiatus
    first: int | None
    middle: int | None
    last: int | None

    @property
    def usable(self) -> bool:
        """Whether there are enough returns to go by."""
        return float(self.curve.events.sum()) >= LEAST_EVENTS and self.first is not None


def rhythms(found: pd.DataFrame, horizon: int = HORIZON_DAYS) -> dict[int, Rhythm]:
    """Fit the curve of everyone and of each class.

    Parameters
    ----------
    found : DataFrame
        :func:`gaps_from_marts` as a frame.
    horizon : int
        Days within which a return counts.

    Returns
    -------
    dict
        ``EVERYONE`` and each of ``CLASSES`` to its rhythm; a class with too few returns has that of
        everyone.
    """
    everyone = _rhythm(found, horizon)
    made = {EVERYONE: everyone}
    for code in CLASSES:
        mine = _rhythm(found[found["frequency"] == code], horizon)
        made[code] = mine if mine.usable else everyone
    return made


def windows(
    rhythm: dict[int, Rhythm], orders: Array, waited: Array, horizon: int = HORIZON_DAYS
) -> pd.DataFrame:
    """When each customer is likely to buy next, given the days already waited.

    Parameters
    ----------
    rhythm : dict
        From :func:`rhythms`.
    orders, waited : ndarray of int, one entry a customer
        Purchases so far, and days since the last one.
    horizon : int
        Days from today.

    Returns
    -------
    DataFrame, one row a customer, in the same order
        ``chance`` of a return within the horizon (NaN where the data cannot say), and ``first``,
        ``middle``, ``last``: days from today by which a quarter, half and three quarters of those in
        the same place who return within it have done so (NaN where nobody does).
    """
    classes = class_of(orders)
    made = {name: np.full(len(classes), np.nan) for name in ("chance", "first", "middle", "last")}
    for code in CLASSES:
        mine = np.flatnonzero(classes == code)
        days = np.asarray(waited)[mine].astype(np.int64)
        for day in np.unique(days):
            place = mine[days == day]
            chance, quartiles = _window(rhythm[code].curve, int(day), horizon)
            made["chance"][place] = chance
            for name, quartile in zip(("first", "middle", "last"), quartiles, strict=True):
                made[name][place] = quartile
    return pd.DataFrame(made)


def state_of(orders: ir.IntegerValue, waited: ir.IntegerValue, rhythm: dict[int, Rhythm]) -> ir.StringValue:
    """Where a customer stands, one of ``STATES``, as an expression; ``early`` where nobody returns."""
    cases = []
    for code in reversed(CLASSES):
        mine = rhythm[code]
        here = orders >= code
        gone = mine.hiatus.days if mine.hiatus.days is not None else rhythm[EVERYONE].hiatus.days
        if mine.last is not None and mine.first is not None:
            if gone is not None:
                cases.append((here & (waited >= gone) & (waited > mine.last), "gone"))
            cases.append((here & (waited > mine.last), "late"))
            cases.append((here & (waited >= mine.first), "due"))
        cases.append((here, "early"))
    return ibis.cases(*cases, else_="early")


def standing(customers: ir.Table, as_of: date, rhythm: dict[int, Rhythm]) -> ir.Table:
    """Put each customer's days of silence and state beside them.

    Parameters
    ----------
    customers : ibis Table
        ``value.per_customer``: ``orders``, ``last_day``.

    Returns
    -------
    ibis Table
        The same with ``waited`` (days) and ``state``.
    """
    table = customers.filter(customers.orders > 0)
    table = table.mutate(waited=ibis.literal(as_of).delta(table.last_day, unit="day").cast("int32"))
    return table.mutate(state=state_of(table.orders, table.waited, rhythm))


def state_sizes(standing_table: ir.Table) -> ir.Table:
    """Customers and revenue so far of each state: ``state``, ``customers``, ``revenue``."""
    return standing_table.group_by("state").aggregate(
        customers=standing_table.count(), revenue=standing_table.revenue.sum()
    )


def class_of(orders: Array) -> Array:
    """The frequency class of a number of purchases.

    Examples
    --------
    >>> class_of(np.array([1, 2, 4, 9, 50])).tolist()
    [1, 2, 3, 5, 20]
    """
    bounds = np.asarray(CLASSES)
    return np.asarray(bounds[np.searchsorted(bounds, np.maximum(orders, 1), side="right") - 1])


def distribution(curve: Curve, width: int = 7, most: int = HORIZON_DAYS) -> pd.DataFrame:
    """Gaps that ended, by length in weeks: what the calendar saw, not corrected for open gaps.

    Returns
    -------
    DataFrame, one row per bin of ``width`` days up to ``most``
        ``first_day``, ``last_day``, ``gaps``, ``share`` of all ended gaps (0..1).
    """
    total = float(curve.events.sum())
    rows = []
    for start in range(1, min(most, len(curve.events) - 1) + 1, width):
        count = float(curve.events[start : start + width].sum())
        rows.append((start, start + width - 1, int(count), count / total if total else 0.0))
    return pd.DataFrame(rows, columns=["first_day", "last_day", "gaps", "share"])


def window_dates(as_of: date, first: float, last: float) -> tuple[date, date] | None:
    """Turn days from today into dates; None where they are not known."""
    if not np.isfinite(first) or not np.isfinite(last):
        return None
    return as_of + timedelta(days=int(first)), as_of + timedelta(days=int(last))


def _window(curve: Curve, waited: int, horizon: int) -> tuple[float, tuple[float, float, float]]:
    """Chance of a return and the quartiles of its day, after so many days."""
    nothing = (np.nan, np.nan, np.nan)
    chance = float(return_share(curve, waited, horizon))
    if not chance > 0:
        return chance, nothing
    now = float(curve.at(waited))
    returned = 1 - curve.at(waited + np.arange(1, horizon + 1)) / now
    quartiles = [int(np.searchsorted(returned, chance * q - 1e-12)) + 1 for q in (0.25, 0.5, 0.75)]
    return chance, (float(quartiles[0]), float(quartiles[1]), float(quartiles[2]))


def _rhythm(found: pd.DataFrame, horizon: int) -> Rhythm:
    size = int(found["days"].max()) + 1 if len(found) else 1
    ended, open_ = np.zeros((GROUPS, size)), np.zeros((GROUPS, size))
    place = (found["part"].to_numpy(dtype=np.int64), found["days"].to_numpy(dtype=np.int64))
    np.add.at(ended, place, found["events"].to_numpy(dtype=float))
    np.add.at(open_, place, found["censored"].to_numpy(dtype=float))
    curve = kaplan_meier(ended.sum(axis=0), open_.sum(axis=0))
    chance, (first, middle, last) = _window(curve, 0, horizon)
    known = chance > 0
    return Rhythm(
        curve,
        hiatus(ended, open_, horizon),
        int(first) if known else None,
        int(middle) if known else None,
        int(last) if known else None,
    )


def _counted(table: ir.Table, purchases: ir.IntegerValue, days: ir.IntegerValue, name: str) -> ir.Table:
    frequency = ibis.cases(
        *[(purchases >= code, ibis.literal(code, "int32")) for code in reversed(CLASSES)],
        else_=ibis.literal(CLASSES[0], "int32"),
    )
    part = (table.customer_key % GROUPS).cast("int32")
    table = table.select(frequency=frequency, part=part, days=days.cast("int32"))
    counted = table.group_by("frequency", "part", "days").aggregate(n=table.count())
    nothing = ibis.literal(0, "int64")
    columns = {"events": nothing, "censored": nothing, name: counted.n.cast("int64")}
    return counted.select("frequency", "part", "days", **columns)


def _together(ended: ir.Table, open_: ir.Table) -> ir.Table:
    both = ended.union(open_)
    return both.group_by("frequency", "part", "days").aggregate(
        events=both.events.sum(), censored=both.censored.sum()
    )
