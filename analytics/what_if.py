"""What moves the value of all customers, one lever at a time; and four numbers to decide by.

The value of all customers is ``customers x (CLV - cost to win)``. A lever changes by so much down
and up while everything else stays, so the effects do not add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from analytics.value_calculators import Business

Unit = Literal["share", "money", "number"]

LEVERS: Final[Mapping[str, Unit]] = {
    "retention": "share",
    "average_order": "money",
    "orders_per_year": "number",
    "margin_rate": "share",
    "acquisition_cost": "money",
    "service_cost": "money",
}
"""The levers and what they are counted in; a share changes in points."""

POINTS: Final = 0.05
"""How far retention and margin move unless asked otherwise: 5 points."""

SHARE_OF_BASE: Final = 0.10
"""How far any other lever moves unless asked otherwise: a tenth of what it is now."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one lever does to the value of all customers.

    ``base``, ``low`` and ``high`` are values of the lever in its unit; ``change_low`` and
    ``change_high`` the change of the total, in money. ``change_high`` is None where the value has no
    end there (nobody leaves and nothing is discounted).
    """

    lever: str
    unit: Unit
    base: float
    low: float
    high: float
    change_low: float
    change_high: float | None

    @property
    def span(self) -> float:
        """How far the total moves between the two ends; infinite where it has no end."""
        if self.change_high is None:
            return float("inf")
        return abs(self.change_high - self.change_low)


def total_value(business: Business) -> float:
    """Value of all customers, less what it cost to win them.

    Examples
    --------
    >>> total_value(Business(2000, 60, 4, 0.4, 0.6, 0.1, 45))
    332400.0
    """
    return round(business.customers * business.net.net, 6)


def usual_changes(business: Business) -> dict[str, float]:
    """Say how far each lever moves, in its own unit, where nobody says otherwise.

    Returns
    -------
    dict of lever to float
        5 points for shares; a tenth of the present value for the others. A cost to serve that is 0
        moves by a tenth of the yearly margin, so that its weight can be seen.

    Examples
    --------
    >>> usual_changes(Business(2000, 60, 4, 0.4, 0.6, 0.1, 45))["service_cost"]
    9.6
    """
    found = {}
    for lever, unit in LEVERS.items():
        base = business.margin if lever == "service_cost" and not business.service_cost else None
        value = getattr(business, lever) if base is None else base
        found[lever] = POINTS if unit == "share" else round(value * SHARE_OF_BASE, 4)
    return found


def effect(business: Business, lever: str, change: float) -> Effect:
    """Move one lever down and up by ``change`` and take the difference of the total.

    Parameters
    ----------
    lever : str
        One of ``LEVERS``.
    change : float
        0 or more, in the unit of the lever (0.05 is 5 points). What would leave the lever's range
        (below 0; a share above 1) stops at its end.

    Raises
    ------
    ValueError : an unknown lever, a negative change, or a business whose value has no end.

    Examples
    --------
    >>> found = effect(Business(2000, 60, 4, 0.4, 0.6, 0.1, 45), "retention", 0.05)
    >>> round(found.change_high), round(found.change_low)
    (46933, -38400)
    """
    if lever not in LEVERS:
        raise ValueError(f"lever takes {list(LEVERS)}; got {lever!r}.")
    if not change >= 0:
        raise ValueError(f"change must be 0 or more; got {change}.")
    unit, base = LEVERS[lever], float(getattr(business, lever))
    low = max(0.0, base - change)
    high = min(1.0, base + change) if unit == "share" else base + change
    total = total_value(business)
    endless = lever == "retention" and high >= 1 and business.discount <= 0
    return Effect(
        lever,
        unit,
        base,
        low,
        high,
        _with(business, lever, low) - total,
        None if endless else _with(business, lever, high) - total,
    )


def tornado(business: Business, changes: Mapping[str, float] | None = None) -> list[Effect]:
    """Every lever by itself, the one that moves the total most first.

    Parameters
    ----------
    changes : mapping of lever to float, optional
        Replaces :func:`usual_changes` lever by lever.

    Returns
    -------
    list of Effect, one a lever
    """
    wanted = {**usual_changes(business), **(changes or {})}
    order = list(LEVERS)
    found = [effect(business, lever, wanted[lever]) for lever in order]
    return sorted(found, key=lambda each: (-each.span, order.index(each.lever)))


@dataclass(frozen=True, slots=True)
class Decisions:
    """Numbers behind the four questions; money a customer unless said.

    Parameters
    ----------
    most_to_win : float
        Winning one pays below this: the value before the cost to win.
    room_to_win : float
        What is left of it now.
    payback_months : float or None
        Until the margin of the first months has paid the cost to win, with everybody staying so
        long; None where a year leaves nothing, or the cost does not come back in the first year.
    another_order : float
        Value of one more order a year.
    one_kept : float
        Present value of a customer who would have left after this year and stays.
    keeping_a_year : float
        The most that keeping may cost a customer and year, for retention to rise by ``points``.
    keeping_all : float
        The same over all customers: money a year.
    margin_of_an_order : float
        What one order leaves before the cost to serve: a contact that costs more must bring more.
    points : float
    """

    most_to_win: float
    room_to_win: float
    payback_months: float | None
    another_order: float
    one_kept: float
    keeping_a_year: float
    keeping_all: float
    margin_of_an_order: float
    points: float


def decisions(business: Business, points: float = POINTS) -> Decisions:
    """Answer the four questions from the inputs alone.

    The most that keeping may cost, s a customer and year, solves ``(m - s) / (1 + d - r - p) =
    m / (1 + d - r)`` for m what a year leaves, d the discount, r the retention and p the points:
    ``s = m p / (1 + d - r)``. A customer who stays instead of leaving brings the whole value one
    year later.

    Parameters
    ----------
    points : float
        Rise of retention that spending on keeping is meant to bring; capped at 100% retention.

    Raises
    ------
    ValueError : the value has no end.

    Examples
    --------
    >>> found = decisions(Business(2000, 60, 4, 0.4, 0.6, 0.1, 45))
    >>> round(found.one_kept, 2), round(found.keeping_a_year, 2), round(found.keeping_all)
    (192.0, 9.6, 19200)
    """
    clv, points = business.clv, min(points, 1 - business.retention)
    a_year = business.yearly * points / (1 + business.discount - business.retention)
    pays_back = 0 <= business.acquisition_cost <= business.yearly and business.yearly > 0
    one_more = replace(business, orders_per_year=business.orders_per_year + 1)
    return Decisions(
        most_to_win=clv,
        room_to_win=clv - business.acquisition_cost,
        payback_months=12 * business.acquisition_cost / business.yearly if pays_back else None,
        another_order=one_more.clv - clv,
        one_kept=clv / (1 + business.discount),
        keeping_a_year=a_year,
        keeping_all=a_year * business.customers,
        margin_of_an_order=business.average_order * business.margin_rate,
        points=points,
    )


def _with(business: Business, lever: str, value: float) -> float:
    return total_value(replace(business, **{lever: value}))
