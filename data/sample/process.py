"""The Pareto/NBD that the sample's external customers follow, drawn in trading time.

A customer enters with a first purchase, buys again as a Poisson process with an own rate, and
leaves for good after an exponential time with an own drop-out rate. Rates differ between customers
by two independent gamma distributions and depend on nothing else: not on the place, not on the season.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.sample.parameters import DAYS, WEEK, Parameters
from data.sample.season import Season

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Latent:
    """What no merchant can see; arrays with one entry per customer.

    ``rate`` and ``dropout`` are per week; ``entered`` and ``left`` are calendar days since
    ``FIRST_DAY`` (``left`` may lie far beyond the data); ``mean_value`` is the customer's expected net
    order value; ``scale`` is the rate parameter of the customer's gamma order values.
    """

    rate: Floats
    dropout: Floats
    entered: Floats
    left: Floats
    scale: Floats
    mean_value: Floats

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Still a customer at the end of the data."""
        return self.left >= DAYS


@dataclass(frozen=True, slots=True)
class Purchases:
    """Purchases of the process: ``customer`` (index), ``time`` (calendar days), ``value`` (net)."""

    customer: Integers
    time: Floats
    value: Floats


def draw_latent(parameters: Parameters, season: Season, random: np.random.Generator) -> Latent:
    """Draw rates, lifetimes, first purchases and spend of the external customers.

    Parameters
    ----------
    parameters : Parameters
    season : Season
        Moves first purchases within the year; lifetimes run by the calendar.
    random : numpy Generator

    Returns
    -------
    Latent
        One entry per customer, in order of the first purchase.
    """
    n = parameters.customers
    rate = random.gamma(parameters.r, 1.0 / parameters.alpha, n)
    dropout = random.gamma(parameters.s, 1.0 / parameters.beta, n)
    entered = season.calendar(np.sort(_arrivals(parameters, random)))
    # A drop-out rate of nearly 0 gives a lifetime that is longer than any calendar.
    lifetime = np.minimum(random.standard_exponential(n) / np.maximum(dropout, 1e-300), 1e6)
    scale = random.gamma(parameters.spend_q, 1.0 / parameters.spend_gamma, n)
    return Latent(rate, dropout, entered, entered + lifetime * WEEK, scale, parameters.spend_p / scale)


def draw_purchases(
    latent: Latent, parameters: Parameters, season: Season, random: np.random.Generator
) -> Purchases:
    """Draw every purchase from each customer's entry to the end of the data.

    Returns
    -------
    Purchases
        The first purchases and the repeat purchases, sorted by time.
    """
    start = season.trading(latent.entered)
    end = season.trading(np.minimum(latent.left, DAYS))
    repeats = random.poisson(latent.rate * (end - start) / WEEK)
    who = np.repeat(np.arange(len(repeats)), repeats)
    when = start[who] + random.random(len(who)) * (end - start)[who]
    customer = np.concatenate([np.arange(len(repeats)), who])
    time = np.concatenate([latent.entered, season.calendar(when)])
    order = np.lexsort((customer, time))
    customer, time = customer[order], time[order]
    value = random.gamma(parameters.spend_p, 1.0, len(time)) / latent.scale[customer]
    return Purchases(customer, np.minimum(time, DAYS - 1e-6), value)


def _arrivals(parameters: Parameters, random: np.random.Generator) -> Floats:
    """Trading days of the first purchases: some come with the opening, the others evenly."""
    n = parameters.customers
    early = round(parameters.front_share * n)
    rush = np.mod(random.standard_exponential(early) * parameters.front_weeks * WEEK, DAYS)
    steady = random.random(n - early) * DAYS
    return np.concatenate([rush, steady])
