"""When writing to a group pays, and what its own past says. No rate is ever assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

Z: Final = 1.959963984540054
Judgement = Literal["pays", "open", "does_not"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What writing costs; money in the workspace's currency.

    Parameters
    ----------
    message : float
        Of writing to one customer.
    per_order : float
        Of the offer, for each order that uses it (a voucher, a gift).
    fixed : float
        Once, whoever answers (design, set-up).

    Raises
    ------
    ValueError : a negative cost.
    """

    message: float = 0.0
    per_order: float = 0.0
    fixed: float = 0.0

    def __post_init__(self) -> None:
        for name in ("message", "per_order", "fixed"):
            value = getattr(self, name)
            if not (value >= 0 and math.isfinite(value)):
                raise ValueError(f"{name} cannot be negative; got {value}.")


@dataclass(frozen=True, slots=True)
class BreakEven:
    """From which response on it pays.

    ``rate`` is the share (0..1; above 1 it never pays) of those written to who must order,
    ``orders`` the same as a number, ``cost`` what is spent before anybody answers, ``gain`` what an
    order brings after the offer. ``rate`` and ``orders`` are None where an order brings nothing.
    """

    reach: int
    cost: float
    gain: float
    rate: float | None
    orders: int | None

    @property
    def never(self) -> bool:
        """Whether no response is high enough."""
        return self.rate is None or self.rate > 1


@dataclass(frozen=True, slots=True)
class Response:
    """A measured response, with its 95% interval (0..1)."""

    sent: int
    ordered: int
    rate: float
    low: float
    high: float


def break_even(offer: Offer, reach: int, margin_per_order: float | None) -> BreakEven | None:
    """Response at which the orders' margin pays for messages, offer and set-up.

    Parameters
    ----------
    offer : Offer
    reach : int
        How many are written to.
    margin_per_order : float or None
        Of one order of theirs, before the offer.

    Returns
    -------
    BreakEven, or None where nobody is reached or the margin is not known.

    Examples
    --------
    >>> found = break_even(Offer(message=0.3, per_order=5.0, fixed=100.0), 1000, 25.0)
    >>> found.cost, found.gain, found.rate, found.orders
    (400.0, 20.0, 0.02, 20)
    """
    if reach <= 0 or margin_per_order is None:
        return None
    cost = offer.message * reach + offer.fixed
    gain = margin_per_order - offer.per_order
    if gain <= 0:
        return BreakEven(reach, cost, gain, None, None)
    needed = cost / gain
    return BreakEven(reach, cost, gain, needed / reach, math.ceil(needed - 1e-9))


def response(sent: int, ordered: int) -> Response:
    """Rate and interval of what the merchant measured.

    Parameters
    ----------
    sent, ordered : int
        Customers written to, and those of them who ordered.

    Raises
    ------
    ValueError : nobody was written to, or more ordered than were.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22;
    as recommended by Brown, Cai, DasGupta (2001), Statistical Science 16.

    Examples
    --------
    >>> found = response(100, 3)
    >>> found.rate, round(found.low, 4), round(found.high, 4)
    (0.03, 0.0103, 0.0845)
    """
    if sent < 1 or not 0 <= ordered <= sent:
        raise ValueError(f"response() needs 0 <= ordered <= sent and sent >= 1; got {ordered} of {sent}.")
    rate = ordered / sent
    middle = (rate + Z * Z / (2 * sent)) / (1 + Z * Z / sent)
    half = Z * math.sqrt(rate * (1 - rate) / sent + Z * Z / (4 * sent * sent)) / (1 + Z * Z / sent)
    return Response(sent, ordered, rate, max(0.0, middle - half), min(1.0, middle + half))


def judge(measured: Response, needed: BreakEven) -> Judgement:
    """Whether the measured response reaches what is needed: surely, surely not, or open."""
    if needed.rate is None or needed.rate > measured.high:
        return "does_not"
    return "pays" if needed.rate <= measured.low else "open"
