"""Whether a new store pays: from year-1 sales to contribution, payback and the highest rent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Costs:
    """What a store costs; None where nobody knows.

    Parameters
    ----------
    rent : float or None
        A month.
    set_up : float or None
        Paid once.
    fixed : float or None
        Staff and other fixed costs a month.
    """

    rent: float | None = None
    set_up: float | None = None
    fixed: float | None = None

    def __post_init__(self) -> None:
        for name in ("rent", "set_up", "fixed"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be 0 or more, or None where it is not known; it is {value!r}.")

    @property
    def yearly(self) -> float | None:
        """Rent and fixed costs a year; None where one is not known."""
        if self.rent is None or self.fixed is None:
            return None
        return MONTHS * (self.rent + self.fixed)


@dataclass(frozen=True, slots=True)
class Economics:
    """A year of a new store, the own stores' losses taken off.

    Parameters
    ----------
    contribution : float
        Margin of the sales that are new to the merchant.
    net : float or None
        Less rent and fixed costs; None where one of them is not known.
    payback_months : float or None
        Months until the set-up cost is earned back; None where it never is, or cannot be computed.
    highest_rent : float or None
        Rent a month at which the payback is exactly the hurdle; below 0 no rent is low enough.
    reason : str
        Why there is no ``net`` or payback: ``rent_unknown``, ``fixed_unknown``, ``set_up_unknown``,
        ``never``; empty otherwise.
    """

    contribution: float
    net: float | None
    payback_months: float | None
    highest_rent: float | None
    reason: str = ""


def economics(net_sales: float, margin: float, costs: Costs, hurdle_months: float) -> Economics:
    """What a year's sales leave.

    Parameters
    ----------
    net_sales : float
        Sales of the new store less what own stores lose to it, a year.
    margin : float
        Share of sales that is margin, before rent and staff (-1..1).
    costs : Costs
    hurdle_months : float
        Payback that is asked for, > 0.

    Returns
    -------
    Economics

    Raises
    ------
    ValueError : the margin is no share, or the hurdle not above 0.

    Examples
    --------
    >>> found = economics(600_000, 0.4, Costs(rent=8_000, set_up=60_000, fixed=6_000), 24)
    >>> found.net, round(found.payback_months, 1), round(found.highest_rent)
    (72000.0, 10.0, 11500)
    """
    if not -1 <= margin <= 1:
        raise ValueError(f"margin must be a share from -1 to 1; it is {margin!r}.")
    if not hurdle_months > 0:
        raise ValueError(f"hurdle_months must be above 0; it is {hurdle_months!r}.")
    contribution = net_sales * margin
    yearly = costs.yearly
    net = None if yearly is None else contribution - yearly
    return Economics(
        contribution,
        net,
        _payback(net, costs.set_up),
        highest_rent(net_sales, margin, costs, hurdle_months),
        _reason(net, costs),
    )


def highest_rent(net_sales: float, margin: float, costs: Costs, hurdle_months: float) -> float | None:
    """The rent a month at which the set-up cost is earned back in exactly the hurdle.

    Payback P = 12 U / (m s - 12 (r + f)) solved for r: r = m s / 12 - f - U / P. None where the set-up or the
    fixed costs are not known.
    """
    if costs.set_up is None or costs.fixed is None:
        return None
    return net_sales * margin / MONTHS - costs.fixed - costs.set_up / hurdle_months


def _payback(net: float | None, set_up: float | None) -> float | None:
    if net is None or set_up is None:
        return None
    if set_up == 0:
        return 0.0 if net >= 0 else None
    return MONTHS * set_up / net if net > 0 else None


def _reason(net: float | None, costs: Costs) -> str:
    if costs.rent is None:
        return "rent_unknown"
    if costs.fixed is None:
        return "fixed_unknown"
    if costs.set_up is None:
        return "set_up_unknown"
    return "" if net is not None and (net > 0 or (net == 0 and costs.set_up == 0)) else "never"
