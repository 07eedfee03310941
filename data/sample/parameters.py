"""Every number the two sample merchants are made with; written beside the sample as its truth."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

FIRST_DAY: Final = date(2023, 11, 23)
LAST_DAY: Final = date(2026, 11, 22)
DAYS: Final = (LAST_DAY - FIRST_DAY).days + 1
WEEK: Final = 7.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """One sample merchant.

    ``r, alpha, s, beta`` are the Pareto/NBD in weeks: purchase rates are Gamma(r, rate alpha), drop-out
    rates Gamma(s, rate beta), both per week. ``spend_p, spend_q, spend_gamma`` are the Gamma-Gamma of the
    net value of an order, in the workspace's currency: a customer's mean has the mean
    p * gamma / (q - 1). ``front_share`` of the customers come early, with the mean ``front_weeks``;
    the others come evenly. The shares are of all orders, or of the customers' online orders.

    References
    ----------
    Schmittlein, Morrison, Colombo (1987), Counting Your Customers, Management Science 33(1);
    Fader, Hardie (2013), The Gamma-Gamma Model of Monetary Value, brucehardie.com note 025.
    """

    kind: str
    title: str
    country: str
    currency: str
    time_zone: str
    customers: int
    registered_only: int
    staff: int
    resellers: int
    r: float
    alpha: float
    s: float
    beta: float
    spend_p: float
    spend_q: float
    spend_gamma: float
    price_unit: float
    front_share: float
    front_weeks: float
    unidentified_share: float = 0.20
    cancelled_share: float = 0.03
    refunded_share: float = 0.008
    partly_returned_share: float = 0.025
    exact_place_share: float = 0.45
    online_homes_share: float = 0.14

    @property
    def mean_order_value(self) -> float:
        """Expected net value of an order, in the workspace's currency."""
        return self.spend_p * self.spend_gamma / (self.spend_q - 1.0)


MALAYSIA: Final = Parameters(
    kind="sample",
    title="Kedai Setia",
    country="MY",
    currency="MYR",
    time_zone="Asia/Kuala_Lumpur",
    customers=7_700,
    registered_only=140,
    staff=60,
    resellers=100,
    r=0.45,
    alpha=7.8,
    s=0.4,
    beta=60.0,
    spend_p=6.0,
    spend_q=4.5,
    spend_gamma=57.0,
    price_unit=1.0,
    front_share=0.34,
    front_weeks=14.0,
)

INDONESIA: Final = Parameters(
    kind="sample-id",
    title="Toko Setia Online",
    country="ID",
    currency="IDR",
    time_zone="Asia/Jakarta",
    customers=3_000,
    registered_only=60,
    staff=12,
    resellers=60,
    r=0.45,
    alpha=8.0,
    s=0.45,
    beta=50.0,
    spend_p=6.0,
    spend_q=4.5,
    spend_gamma=110_000.0,
    price_unit=2_000.0,
    front_share=0.30,
    front_weeks=16.0,
    cancelled_share=0.05,
    exact_place_share=0.0,
    online_homes_share=0.93,
)

KINDS: Final = {p.kind: p for p in (MALAYSIA, INDONESIA)}


def generator(seed: int, part: str) -> np.random.Generator:
    """The random numbers of one part of the sample, independent of every other part's.

    Parameters
    ----------
    seed : int
        The sample's seed, 0 or more.
    part : str
        What is drawn: a change to one part leaves the others as they were.
    """
    return np.random.default_rng([seed, zlib.crc32(part.encode())])
