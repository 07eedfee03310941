"""What won each customer, at what cost: better channels bring better customers.

The channel is drawn given the customer's rate and place, so that the rates of all customers together
remain gamma distributed and independent of the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from data.sample.parameters import Parameters
from data.sample.places import Floats, Texts

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Source:
    """One acquisition channel.

    ``tilt`` above 0 brings frequent buyers; ``cost`` is per customer in the workspace's currency
    (0: none); ``platform`` is where its customers first buy ('': anywhere); ``online`` sources
    reach far homes.
    """

    name: str
    share: float
    tilt: float
    cost: float
    platform: str = ""
    online: bool = True


SOURCES: Final = {
    "MY": (
        Source("walk_in", 0.36, 0.9, 0.0, "shop", online=False),
        Source("flyer", 0.08, -0.2, 9.0, "shop", online=False),
        Source("referral", 0.10, 1.3, 10.0),
        Source("facebook", 0.15, 0.0, 19.0),
        Source("google", 0.08, 0.3, 26.0, "web"),
        Source("tiktok", 0.09, -0.9, 15.0, "tiktok"),
        Source("shopee", 0.11, -1.8, 22.0, "shopee"),
        Source("influencer", 0.03, -0.6, 34.0),
    ),
    "ID": (
        Source("shopee", 0.27, -0.9, 31_000.0, "shopee"),
        Source("tokopedia", 0.18, 0.1, 28_000.0, "tokopedia"),
        Source("tiktok", 0.20, -0.6, 24_000.0, "tiktok"),
        Source("instagram", 0.13, 0.5, 36_000.0, "web"),
        Source("google", 0.07, 0.4, 42_000.0, "web"),
        Source("referral", 0.09, 1.3, 15_000.0, "whatsapp"),
        Source("influencer", 0.06, -0.5, 55_000.0),
    ),
}


@dataclass(frozen=True, slots=True)
class Acquisition:
    """One entry per customer: ``source`` (index into ``SOURCES``) and its ``cost``."""

    source: Integers
    cost: Floats


def acquisition(
    parameters: Parameters, rate: Floats, distance_km: Floats, random: np.random.Generator
) -> Acquisition:
    """Draw the acquisition channel and cost of each customer.

    Parameters
    ----------
    rate : array
        Latent purchase rate per week.
    distance_km : array
        To the nearest own store.
    """
    sources = SOURCES[parameters.country]
    rank = stats.gamma.cdf(rate, parameters.r, scale=1.0 / parameters.alpha) - 0.5
    reach = 1.0 + np.minimum(distance_km / 15.0, 6.0)
    weights = np.column_stack(
        [s.share * np.exp(s.tilt * rank) * (reach if s.online else 1.0) for s in sources]
    )
    source = draw_rows(weights, random)
    mean = np.array([s.cost for s in sources])[source]
    digits = 2 if parameters.currency == "MYR" else -2
    return Acquisition(source, np.round(mean * np.exp(0.35 * random.standard_normal(len(rate))), digits))


def names(country: str) -> Texts:
    """Codes of a country's acquisition channels."""
    return np.array([source.name for source in SOURCES[country]], dtype=object)


def draw_rows(weights: Floats, random: np.random.Generator) -> Integers:
    """One draw a row: the column is drawn in proportion to the weights, which need not add up to 1."""
    edges = np.cumsum(weights, axis=1)
    drawn = random.random(len(weights)) * edges[:, -1]
    return np.asarray((edges <= drawn[:, None]).sum(axis=1), dtype=np.int64)
