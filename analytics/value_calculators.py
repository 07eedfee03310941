"""What a customer is worth, by hand: calculators for a talk without data.

Rates are 0..1 and per year, money is in one currency, a change of retention is in points (0.05 is
5 points). Every function refuses input it cannot mean anything for, in one sentence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


def infinite_horizon(
    margin: float, retention: float, discount: float, *, first_payment: bool = True
) -> float:
    """Customer lifetime value with constant margin and retention, for ever.

    Parameters
    ----------
    margin : float
        Margin a customer brings in a year.
    retention : float
        Share that stays from one year to the next, 0..1.
    discount : float
        Yearly discount rate, 0 or more.
    first_payment : bool
        Count the first year's margin, which comes at once and is certain.

    Returns
    -------
    float
        Present value before the cost to win the customer.

    Raises
    ------
    ValueError : a rate out of range; or nobody ever leaves and nothing is discounted.

    References
    ----------
    Gupta and Lehmann (2003), Customers as assets, Journal of Interactive Marketing 17(1), 9-24;
    Fader and Hardie (2012), Reconciling and clarifying CLV formulas: with the first payment counted, and
    without it.

    Examples
    --------
    >>> round(infinite_horizon(100, 0.9, 0.1), 2)
    550.0
    >>> round(infinite_horizon(100, 0.9, 0.1, first_payment=False), 2)
    450.0
    """
    _number("margin", margin)
    _rate("retention", retention)
    _not_negative("discount", discount)
    leaving = 1 + discount - retention
    if leaving <= 0:
        raise ValueError("With retention 100% and discount 0% the value has no end; lower one.")
    return margin * (1 + discount if first_payment else retention) / leaving


def finite_horizon(
    margin: float, retention: float, discount: float, years: int, *, first_payment: bool = True
) -> float:
    """Customer lifetime value over a number of yearly payments after the first.

    Parameters
    ----------
    years : int
        How many renewals count, 0 or more; the first year's payment comes on top.

    Raises
    ------
    ValueError : a rate out of range, or a number of years below 0.

    Examples
    --------
    >>> finite_horizon(100, 0.5, 0.0, 2)
    175.0
    """
    _number("margin", margin)
    _rate("retention", retention)
    _not_negative("discount", discount)
    _not_negative("years", years)
    kept = retention / (1 + discount)
    renewals = math.fsum(margin * kept**year for year in range(1, int(years) + 1))
    return renewals + (margin if first_payment else 0.0)


def lifetime_revenue(average_order: float, orders_per_year: float, years: float) -> float:
    """Average order x frequency x years: revenue, not value, over the relationship.

    Raises
    ------
    ValueError : a negative number.

    Examples
    --------
    >>> lifetime_revenue(100, 4, 5)
    2000
    """
    _not_negative("average_order", average_order)
    _not_negative("orders_per_year", orders_per_year)
    _not_negative("years", years)
    return average_order * orders_per_year * years


def expected_years(retention: float) -> float:
    """Return the mean length of a relationship under constant retention, the first year included.

    Examples
    --------
    >>> round(expected_years(0.8), 2)
    5.0
    """
    _rate("retention", retention)
    if retention == 1:
        raise ValueError("With retention 100% a relationship has no end; lower it.")
    return 1 / (1 - retention)


def contribution(revenue: float, acquisition_cost: float, service_cost: float) -> float:
    """Revenue of a customer less the cost to win and the cost to serve.

    Examples
    --------
    >>> contribution(1000, 200, 100)
    700
    """
    _number("revenue", revenue)
    _not_negative("acquisition_cost", acquisition_cost)
    _not_negative("service_cost", service_cost)
    return revenue - acquisition_cost - service_cost


@dataclass(frozen=True, slots=True)
class NetValue:
    """CLV less the cost to win; ``times`` is CLV per unit of cost, None where winning is free."""

    clv: float
    acquisition_cost: float

    @property
    def net(self) -> float:
        """Value left after the customer was won."""
        return self.clv - self.acquisition_cost

    @property
    def worth_it(self) -> bool:
        """True only above 0: breaking even is not worth it."""
        return self.net > 0

    @property
    def times(self) -> float | None:
        """How many times the cost comes back."""
        return self.clv / self.acquisition_cost if self.acquisition_cost else None


def net_value(clv: float, acquisition_cost: float) -> NetValue:
    """Compare a customer's value with the cost to win them.

    Raises
    ------
    ValueError : a negative cost.

    Examples
    --------
    >>> net_value(500, 500).net, net_value(500, 500).worth_it
    (0, False)
    """
    _number("clv", clv)
    _not_negative("acquisition_cost", acquisition_cost)
    return NetValue(clv, acquisition_cost)


@dataclass(frozen=True, slots=True)
class Business:
    """What a retention talk needs to know about a merchant; all per year.

    ``margin_rate``, ``retention`` are 0..1; ``average_order``, ``acquisition_cost`` (once a customer)
    and ``service_cost`` (a year and customer) are money.
    """

    customers: float
    average_order: float
    orders_per_year: float
    margin_rate: float
    retention: float
    discount: float
    acquisition_cost: float = 0.0
    service_cost: float = 0.0

    def __post_init__(self) -> None:
        for name in (
            "customers",
            "average_order",
            "orders_per_year",
            "discount",
            "acquisition_cost",
            "service_cost",
        ):
            _not_negative(name, getattr(self, name))
        for name in ("margin_rate", "retention"):
            _rate(name, getattr(self, name))

    @property
    def margin(self) -> float:
        """Margin a customer brings in a year."""
        return self.revenue * self.margin_rate

    @property
    def revenue(self) -> float:
        """What a customer buys for in a year."""
        return self.average_order * self.orders_per_year

    @property
    def yearly(self) -> float:
        """What a year of a customer leaves: margin less the cost to serve; may be negative."""
        return self.margin - self.service_cost

    @property
    def clv(self) -> float:
        """Value of a customer, the first year included, before the cost to win."""
        return infinite_horizon(self.yearly, self.retention, self.discount)

    @property
    def net(self) -> NetValue:
        """The value against the cost to win."""
        return net_value(self.clv, self.acquisition_cost)


@dataclass(frozen=True, slots=True)
class RetentionGain:
    """What more retention brings; ``total`` is over all customers, before the programme's cost."""

    before: float
    after: float
    customers: float

    @property
    def per_customer(self) -> float:
        """Change of a customer's value."""
        return self.after - self.before

    @property
    def total(self) -> float:
        """Change of the value of all customers."""
        return self.per_customer * self.customers


def retention_gain(business: Business, points: float) -> RetentionGain:
    """Value before and after retention changes by some points.

    Parameters
    ----------
    points : float
        0.05 is 5 points: from 60% to 65%, never to 63%.

    Raises
    ------
    ValueError : the new retention would leave 0..1.

    Examples
    --------
    >>> shop = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)
    >>> gain = retention_gain(shop, 0.05)
    >>> round(gain.before, 2), round(gain.after, 2), round(gain.total)
    (211.2, 234.67, 46933)
    """
    changed = business.retention + points
    if not 0 <= changed <= 1:
        raise ValueError(
            f"Retention {business.retention:.1%} changed by {points * 100:+.1f} points leaves 0..100%."
        )
    after = infinite_horizon(business.yearly, changed, business.discount)
    return RetentionGain(business.clv, after, business.customers)


def break_even_retention(business: Business, programme_cost: float) -> float | None:
    """Retention at which a programme's cost comes back, over all customers.

    Parameters
    ----------
    programme_cost : float
        Present value of everything the programme costs.

    Returns
    -------
    float (0..1), or None where no retention up to 100% pays for it.

    Examples
    --------
    >>> shop = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)
    >>> round(break_even_retention(shop, 46_933.33), 4)
    0.65
    """
    _not_negative("programme_cost", programme_cost)
    if business.customers <= 0 or business.yearly <= 0:
        return None
    needed = business.clv + programme_cost / business.customers
    growth = 1 + business.discount
    found = growth - business.yearly * growth / needed
    return found if found <= 1 and found < growth else None


def _number(name: str, value: float) -> None:
    if not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number; got {value}.")


def _not_negative(name: str, value: float) -> None:
    _number(name, value)
    if value < 0:
        raise ValueError(f"{name} cannot be negative; got {value:g}.")


def _rate(name: str, value: float) -> None:
    _number(name, value)
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1 (0% and 100%); got {value:g}.")
