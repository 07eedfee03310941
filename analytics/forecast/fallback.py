"""Where no model can be trusted: the simple calculator, with a prior on who stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from scipy.stats import beta

from analytics.value_calculators import Business, infinite_horizon

PRIOR: Final = (3.0, 3.0)
"""Beta prior of the yearly retention: a half, as if seen on six customers."""


@dataclass(frozen=True, slots=True)
class SimpleValue:
    """Value of a customer under a constant retention that is not known exactly; 95% interval.

    ``retention`` and its interval are 0..1 a year, ``value`` and its interval money.
    """

    retention: float
    retention_low: float
    retention_high: float
    value: float
    low: float
    high: float


def simple_value(business: Business, before: int = 0, stayed: int = 0) -> SimpleValue:
    """Value of a customer from average order, orders a year and margin; retention seen and a prior.

    Parameters
    ----------
    business : Business
        Its ``retention`` is not read.
    before : int
        Customers of the year before the last.
    stayed : int
        Those of them who bought in the last year.

    Returns
    -------
    SimpleValue

    Raises
    ------
    ValueError : more stayed than there were, or a discount of 0 with everybody staying.

    References
    ----------
    Gelman et al. (2013), Bayesian data analysis, section 2.4: the beta-binomial posterior.
    """
    if not 0 <= stayed <= before:
        raise ValueError(f"Of {before} customers between 0 and {before} can have stayed; got {stayed}.")
    a, b = PRIOR[0] + stayed, PRIOR[1] + before - stayed
    low, high = (float(beta.ppf(level, a, b)) for level in (0.025, 0.975))
    rates = (a / (a + b), low, high)
    values = [
        infinite_horizon(replace(business, retention=rate).yearly, rate, business.discount) for rate in rates
    ]
    return SimpleValue(*rates, *values)
