"""What a loyalty programme leaves: the value of more retention, less cashback and set-up.

Cashback is a share of revenue, paid on every purchase of every customer from the first year on, all
of it claimed. It lowers the margin from ``m`` to ``m - c`` of revenue; a set-up is paid once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from analytics.value_calculators import Business, infinite_horizon, retention_gain


@dataclass(frozen=True, slots=True)
class Programme:
    """What a programme costs.

    Parameters
    ----------
    cashback : float
        Share of revenue given back, 0..1.
    set_up : float
        Paid once, over all customers; money.

    Raises
    ------
    ValueError : a share out of range, or a negative cost.
    """

    cashback: float = 0.0
    set_up: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.cashback <= 1:
            raise ValueError(f"cashback must lie between 0 and 1 (0% and 100%); got {self.cashback:g}.")
        if not (math.isfinite(self.set_up) and self.set_up >= 0):
            raise ValueError(f"set_up cannot be negative; got {self.set_up:g}.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a programme brings and costs, over all customers, in today's money.

    ``before`` and ``after`` are values of a customer without and with the programme; the latter at
    the new retention and less the cashback.
    """

    before: float
    after: float
    customers: float
    gain: float
    cashback_cost: float
    set_up: float

    @property
    def net(self) -> float:
        """The gain of more retention, less everything the programme costs."""
        return self.gain - self.cashback_cost - self.set_up

    @property
    def pays(self) -> bool:
        """True only above 0."""
        return self.net > 0


def outcome(business: Business, programme: Programme, points: float) -> Outcome:
    """Compute what a programme leaves when retention rises by some points.

    Parameters
    ----------
    points : float
        0.05 is 5 points.

    Raises
    ------
    ValueError : the new retention leaves 0..1, or the value has no end.

    Examples
    --------
    >>> shop = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)
    >>> found = outcome(shop, Programme(0.02, 6000), 0.05)
    >>> round(found.gain), round(found.cashback_cost), round(found.net)
    (46933, 23467, 17467)
    """
    gain = retention_gain(business, points)
    kept = business.retention + points
    paid = infinite_horizon(business.revenue * programme.cashback, kept, business.discount)
    return Outcome(
        before=gain.before,
        after=gain.after - paid,
        customers=business.customers,
        gain=gain.total,
        cashback_cost=paid * business.customers,
        set_up=programme.set_up,
    )


def break_even_points(business: Business, programme: Programme) -> float | None:
    """By how much retention must rise for a programme to pay for itself.

    Solves ``(y - cR)(1 + d) / (1 + d - r - p) = V + S / n`` for p: y is what a year of a customer
    leaves, R a year's revenue, c the cashback, d the discount, r the retention, V the value now, S
    the set-up and n the customers.

    Returns
    -------
    float, or None
        Points as a share (0.032 is 3.2 points), 0 or more; None where even 100% retention does not
        pay for it.

    Examples
    --------
    >>> shop = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)
    >>> round(break_even_points(shop, Programme(0.02, 6000)), 4)
    0.0317
    """
    if business.customers <= 0:
        return None
    a_year = business.yearly - business.revenue * programme.cashback
    if a_year <= 0:
        return 0.0 if _free(programme) else None
    growth = 1 + business.discount
    needed = business.clv + programme.set_up / business.customers
    rate = growth - a_year * growth / needed
    if rate > 1 or rate >= growth:
        return None
    return max(0.0, rate - business.retention)


def rounded_up(points: float) -> float:
    """The break-even in tenths of a point, rounded up, so that what is said holds.

    Examples
    --------
    >>> rounded_up(0.03165), rounded_up(0.03)
    (0.032, 0.03)
    """
    return math.ceil(round(points * 1000, 6)) / 1000


def _free(programme: Programme) -> bool:
    return not programme.cashback and not programme.set_up
