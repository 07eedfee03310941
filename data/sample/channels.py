"""Where each order is placed: in a shop or on one of the online channels."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sample.acquisition import SOURCES, draw_rows
from data.sample.parameters import DAYS, Parameters
from data.sample.places import Floats
from data.sample.season import offset

Integers = NDArray[np.int64]

SHOP: Final = 0
CHANNELS: Final = {
    "MY": ("shop", "web", "shopee", "tiktok", "whatsapp"),
    "ID": ("shop", "web", "shopee", "tiktok", "whatsapp", "tokopedia"),
}
_SHARES: Final = {
    "MY": (0.0, 0.40, 0.31, 0.14, 0.15),
    "ID": (0.0, 0.12, 0.34, 0.20, 0.10, 0.24),
}
# Commission and fees as a share of the net value: marketplaces take theirs.
FEES: Final = {"shopee": 0.085, "tokopedia": 0.075, "tiktok": 0.070, "web": 0.022}
# Weight of sales without a customer; a shop's comes from its till.
MASKED: Final = {"web": 0.05, "shopee": 0.25, "tiktok": 0.30, "whatsapp": 0.05, "tokopedia": 0.20}
MARKETPLACES: Final = ("shopee", "tokopedia", "tiktok")


def online_inclination(
    parameters: Parameters, source: Integers, distance_km: Floats, random: np.random.Generator
) -> Floats:
    """Share of a customer's orders that are placed online (0..1): it grows with distance."""
    if parameters.country == "ID":
        return np.ones(len(source))
    platform = [s.platform for s in SOURCES[parameters.country]]
    away = np.array([0.22 if p not in ("", "shop") else 0.0 for p in platform])[source]
    mean = np.clip(0.05 + 0.80 * (1.0 - np.exp(-distance_km / 28.0)) + away, 0.02, 0.97)
    return np.asarray(random.beta(6.0 * mean, 6.0 * (1.0 - mean)))


def choose_channels(
    parameters: Parameters,
    inclination: Floats,
    source: Integers,
    first: NDArray[np.bool_],
    day: Integers,
    random: np.random.Generator,
) -> Integers:
    """Draw the channel of each order.

    Parameters
    ----------
    inclination, source, first, day : arrays, one entry per order
        The customer's online inclination and acquisition channel, whether it is the first purchase,
        and the day.

    Returns
    -------
    array of int
        Index into ``CHANNELS``.
    """
    channels = CHANNELS[parameters.country]
    sources = SOURCES[parameters.country]
    shares = np.tile(np.array(_SHARES[parameters.country]), (len(sources), 1))
    for number, one in enumerate(sources):
        if one.platform in channels[1:]:
            shares[number, channels.index(one.platform)] *= 3.5
    online = random.random(len(day)) < inclination + 0.25 * _double_days()[day]
    chosen = np.where(online, draw_rows(shares[source], random), SHOP)
    home = np.array([channels.index(s.platform) if s.platform else -1 for s in sources])[source]
    return np.asarray(np.where(first & (home >= 0), home, chosen), dtype=np.int64)


def _double_days() -> Floats:
    """1 on the days of the online sales (9.9, 10.10, 11.11, 12.12), 0 elsewhere."""
    marks = np.zeros(DAYS)
    for year in (2023, 2024, 2025, 2026):
        for month in (9, 10, 11, 12):
            number = offset(date(year, month, month))
            if 0 <= number < DAYS:
                marks[number] = 1.0
    return marks
