"""Every order of the sample: the process's purchases, and what lies outside the process.

Outside lie staff, resellers, sales without a customer, and the orders that came to nothing: cancelled,
fully refunded, parcels that failed, and refund receipts. Those are added to the purchases, they
replace none, so that the purchases of a customer remain exactly the draws of the process.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sample.channels import SHOP
from data.sample.parameters import DAYS, Parameters
from data.sample.places import Floats
from data.sample.season import Season

Integers = NDArray[np.int64]

PURCHASE: Final = 0
CANCELLED: Final = 1
REFUNDED: Final = 2
FAILED: Final = 3
RECEIPT: Final = 4  # a refund receipt: negative, an order of its own
ANONYMOUS: Final = -1


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders as arrays: ``customer`` (index, -1 without one), ``time`` (days since the first day),
    ``value`` (net, workspace currency), ``outcome``, ``channel`` and ``store`` (index, -1 online).
    """

    customer: Integers
    time: Floats
    value: Floats
    outcome: Integers
    channel: Integers
    store: Integers

    def __len__(self) -> int:
        return len(self.time)

    @property
    def day(self) -> Integers:
        return np.floor(self.time).astype(np.int64)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Orders:
        """Some of the orders."""
        return Orders(
            self.customer[rows],
            self.time[rows],
            self.value[rows],
            self.outcome[rows],
            self.channel[rows],
            self.store[rows],
        )


def concatenated(*parts: Orders) -> Orders:
    """Orders of several kinds, one kind after the other."""
    names = ("customer", "time", "value", "outcome", "channel", "store")
    return Orders(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def joined(*parts: Orders) -> Orders:
    """Orders of several kinds together, by time."""
    whole = concatenated(*parts)
    return whole.take(np.lexsort((whole.customer, whole.time)))


def anonymous(
    known: Orders,
    tills: Floats,
    masked: Floats,
    parameters: Parameters,
    season: Season,
    random: np.random.Generator,
) -> Orders:
    """Sales nobody can be named for, where and about when the named ones happen.

    Parameters
    ----------
    known : Orders
        All orders with a customer.
    tills, masked : arrays, one entry per store, one per channel
        Weight of a sale without a customer there: tills that do not ask, platforms that hide names.
    """
    share = parameters.unidentified_share
    count = round(len(known) * share / (1.0 - share))
    bought = known.take(known.outcome == PURCHASE)
    weight = np.where(bought.channel == SHOP, tills[bought.store], masked[bought.channel])
    chosen = bought.take(random.choice(len(bought), size=count, p=weight / weight.sum()))
    moved = np.abs(season.trading(chosen.time) + random.uniform(-4.0, 4.0, count))
    time = season.calendar(np.where(moved > DAYS, 2.0 * DAYS - moved, moved))
    return replace(
        chosen,
        customer=np.full(count, ANONYMOUS),
        time=np.minimum(time, DAYS - 1e-6),
        value=parameters.mean_order_value * 0.62 * random.gamma(2.2, 1.0 / 2.2, count),
        outcome=np.zeros(count, dtype=np.int64),
    )


def regulars(
    first_customer: int,
    count: int,
    every_days: float,
    mean_value: float,
    channels: tuple[int, ...],
    stores: int,
    random: np.random.Generator,
) -> Orders:
    """Staff or resellers: customers who buy steadily, outside the Pareto/NBD.

    Parameters
    ----------
    first_customer, count : int
        Their indexes.
    every_days : float
        Mean days between two orders.
    channels : tuple of int
        Where they buy; each keeps to one.
    stores : int
        Number of stores that were open all the time; each keeps to one.
    """
    start = random.random(count) * DAYS * 0.6
    orders = random.poisson((DAYS - start) / every_days)
    who = np.repeat(np.arange(count), orders)
    time = start[who] + random.random(len(who)) * (DAYS - start)[who]
    channel = random.choice(np.array(channels), size=count)[who]
    store = random.integers(0, stores, count)[who]
    return Orders(
        customer=first_customer + who,
        time=np.minimum(time, DAYS - 1e-6),
        value=mean_value * random.gamma(3.0, 1.0 / 3.0, len(who)),
        outcome=np.zeros(len(who), dtype=np.int64),
        channel=channel,
        store=np.where(channel == SHOP, store, -1),
    )


def void_orders(bought: Orders, parameters: Parameters, random: np.random.Generator) -> Orders:
    """Cancelled and fully refunded orders, each shortly before a real purchase of the same customer."""
    online = bought.channel != SHOP
    chance = np.where(online, parameters.cancelled_share, 0.001) + parameters.refunded_share
    wanted = (random.random(len(bought)) < chance) & (bought.time > 4.0)
    void = bought.take(wanted)
    is_cancelled = random.random(len(void)) > parameters.refunded_share / chance[wanted]
    lead = np.where(is_cancelled, random.uniform(0.01, 0.3, len(void)), random.uniform(0.6, 3.5, len(void)))
    return replace(
        void,
        time=void.time - lead,
        outcome=np.where(is_cancelled, CANCELLED, REFUNDED),
    )


def refund_receipts(bought: Orders, random: np.random.Generator) -> Orders:
    """Refunds over the counter with a receipt of their own, up to nine days after the purchase."""
    wanted = (bought.channel == SHOP) & (random.random(len(bought)) < 0.004)
    back = bought.take(wanted)
    later = replace(
        back,
        time=back.time + random.uniform(1.0, 9.0, len(back)),
        value=back.value * random.uniform(0.15, 0.6, len(back)),
        outcome=np.full(len(back), RECEIPT),
    )
    return later.take(later.time < DAYS - 1e-6)


def failed_parcels(bought: Orders, failure: Floats, random: np.random.Generator) -> tuple[Orders, Integers]:
    """Cash-on-delivery parcels that came back, before the one that arrived.

    Parameters
    ----------
    bought : Orders
        Delivered cash-on-delivery orders.
    failure : array
        Chance (0..1) that a parcel with that courier to that region fails.

    Returns
    -------
    Orders, array
        The failed orders, and for each the position in ``bought`` of the order that followed.

    Notes
    -----
    With a geometric number of failures before each success the share of failed parcels is ``failure``.
    """
    failures = random.geometric(1.0 - failure) - 1
    after = np.repeat(np.arange(len(bought)), failures)
    lost = bought.take(after)
    lost = replace(
        lost,
        time=lost.time - 1.0 - random.exponential(9.0, len(after)),
        value=lost.value * random.uniform(0.6, 1.4, len(after)),
        outcome=np.full(len(after), FAILED),
    )
    inside = lost.time >= 0.0
    return lost.take(inside), after[inside]
