"""Parcels and payment: couriers with known speed and known cash-on-delivery failures by region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sample.channels import SHOP
from data.sample.orders import CANCELLED, FAILED, REFUNDED, Orders
from data.sample.parameters import DAYS
from data.sample.places import Floats, Texts

Integers = NDArray[np.int64]
CASH_ON_DELIVERY: Final = "cod"


@dataclass(frozen=True, slots=True)
class Courier:
    """``share`` of parcels, mean ``days`` on the road, and ``failure``, a factor on the zone's."""

    name: str
    share: float
    days: float
    failure: float


COURIERS: Final = {
    "MY": (
        Courier("J&T Express", 0.42, 1.9, 1.1),
        Courier("Pos Laju", 0.33, 2.6, 0.9),
        Courier("Ninja Van", 0.25, 2.1, 1.0),
    ),
    "ID": (
        Courier("JNE", 0.26, 2.4, 0.80),
        Courier("J&T Express", 0.28, 2.2, 0.95),
        Courier("SiCepat", 0.20, 2.3, 0.90),
        Courier("AnterAja", 0.14, 2.8, 1.15),
        Courier("Ninja Xpress", 0.12, 3.3, 1.75),
    ),
}


@dataclass(frozen=True, slots=True)
class Zone:
    """Provinces that are served alike: days added, and share of COD parcels that fail (0..1)."""

    name: str
    days: float
    failure: float
    region_codes: tuple[str, ...]


ZONES: Final = {
    "MY": (
        Zone("peninsula", 0.0, 0.05, ()),
        Zone("east", 3.2, 0.11, ("MY-12", "MY-13", "MY-15")),
    ),
    "ID": (
        Zone("java", 0.0, 0.07, ()),
        Zone("sumatra", 1.6, 0.12, ("ID-SU", "ID-SB", "ID-RI", "ID-SS", "ID-LA")),
        Zone("kalimantan", 2.4, 0.14, ("ID-KB", "ID-KI", "ID-KS")),
        Zone("sulawesi", 2.6, 0.16, ("ID-SN", "ID-SA")),
        Zone("bali-nusa", 1.9, 0.11, ("ID-BA", "ID-NB", "ID-NT")),
        Zone("papua-maluku", 5.5, 0.27, ("ID-MA", "ID-PA")),
    ),
}
_COD_SHARE: Final = {"MY": 0.06, "ID": 0.52}
_ONLINE_PAYMENTS: Final = {
    "MY": (("fpx", 0.36), ("card", 0.28), ("tng_ewallet", 0.24), ("spaylater", 0.12)),
    "ID": (("transfer", 0.34), ("gopay", 0.22), ("ovo", 0.14), ("shopeepay", 0.18), ("card", 0.12)),
}
_SHOP_PAYMENTS: Final = (("cash", 0.44), ("card", 0.24), ("duitnow_qr", 0.22), ("tng_ewallet", 0.10))
_STUCK: Final = 0.004
_ON_THE_ROAD_DAYS: Final = 9.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One entry per order: ``courier`` (index, -1 in a shop), ``payment``, ``status`` and
    ``delivery_status`` (codes, '' in a shop), ``shipped`` and ``delivered`` (days, nan where not).
    """

    courier: Integers
    payment: Texts
    status: Texts
    delivery_status: Texts
    shipped: Floats
    delivered: Floats


def zones(country: str, region_codes: Texts) -> Integers:
    """The zone of each state or province (the first zone where none names it)."""
    number = {code: i for i, zone in enumerate(ZONES[country]) for code in zone.region_codes}
    return np.array([number.get(str(code), 0) for code in region_codes], dtype=np.int64)


def failure(country: str, courier: Integers, zone: Integers) -> Floats:
    """Chance (0..1) that a cash-on-delivery parcel fails: the zone's, times the courier's factor."""
    by_zone = np.array([z.failure for z in ZONES[country]])
    factor = np.array([c.failure for c in COURIERS[country]])
    return np.asarray(np.minimum(by_zone[zone] * factor[courier], 0.6))


def choose_couriers(country: str, channel: Integers, random: np.random.Generator) -> Integers:
    """Draw the courier of each order; -1 in a shop."""
    shares = [courier.share for courier in COURIERS[country]]
    drawn = random.choice(len(shares), size=len(channel), p=shares)
    return np.where(channel == SHOP, -1, drawn)


def choose_payments(country: str, channel: Integers, random: np.random.Generator) -> Texts:
    """Draw how each order is paid; codes."""
    n = len(channel)
    online = np.where(
        random.random(n) < _COD_SHARE[country],
        CASH_ON_DELIVERY,
        _draw(_ONLINE_PAYMENTS[country], n, random),
    )
    return np.asarray(np.where(channel == SHOP, _draw(_SHOP_PAYMENTS, n, random), online), dtype=object)


def deliveries(
    orders: Orders,
    courier: Integers,
    payment: Texts,
    zone: Integers,
    country: str,
    random: np.random.Generator,
) -> Delivery:
    """When each parcel left and arrived, and what became of the order by the end of the data.

    Parameters
    ----------
    courier, payment, zone : arrays, one entry per order

    Returns
    -------
    Delivery
        A parcel that would arrive after the last day is on the road; a few are stuck. A parcel that
        is not paid on delivery counts as sold either way.
    """
    n = len(orders)
    mean = np.array([c.days for c in COURIERS[country]])[courier]
    mean = mean + np.array([z.days for z in ZONES[country]])[zone]
    shipped = orders.time + random.gamma(1.6, 0.5, n)
    delivered = shipped + np.maximum(mean * random.gamma(6.0, 1.0 / 6.0, n), 0.4)
    in_shop = orders.channel == SHOP
    failed, cancelled = orders.outcome == FAILED, orders.outcome == CANCELLED
    stuck = (random.random(n) < _STUCK) & (payment != CASH_ON_DELIVERY)
    never = in_shop | cancelled
    shipped = np.where(never | (shipped >= DAYS), np.nan, shipped)
    delivered = np.where(never | failed | stuck | (delivered >= DAYS), np.nan, delivered)
    waiting, moving = np.isnan(shipped), np.isnan(delivered)
    returned = failed & (orders.time < DAYS - _ON_THE_ROAD_DAYS)
    status = np.select(
        [cancelled, orders.outcome == REFUNDED, failed, in_shop, waiting, moving],
        ["cancelled", "refunded", "failed", "completed", "paid", "shipped"],
        "delivered",
    )
    parcel = np.select(
        [never, returned, failed, waiting, moving],
        ["", "returned", "failed", "pending", "shipped"],
        "delivered",
    )
    return Delivery(courier, payment, status.astype(object), parcel.astype(object), shipped, delivered)


def _draw(shares: tuple[tuple[str, float], ...], n: int, random: np.random.Generator) -> Texts:
    names = np.array([name for name, _ in shares], dtype=object)
    weights = [share for _, share in shares]
    return np.asarray(names[random.choice(len(names), size=n, p=weights)], dtype=object)
