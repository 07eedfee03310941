"""From the value of an order to its lines: products at fixed prices, discounts, costs and fees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sample.acquisition import draw_rows
from data.sample.catalogue import Catalogue, nearest
from data.sample.channels import CHANNELS, FEES, MARKETPLACES, SHOP
from data.sample.orders import RECEIPT, REFUNDED, Orders
from data.sample.parameters import Parameters
from data.sample.places import Floats, Texts

Integers = NDArray[np.int64]
_CONCENTRATION: Final = 7.0  # how evenly customers buy over the categories; small = each keeps to few
# Malaysia: service tax on what the drinks counter serves; Indonesia: PPN on all goods.
_TAX: Final = {"MY": {"Minuman": 0.06}, "ID": {}}
_TAX_OTHERWISE: Final = {"MY": 0.0, "ID": 0.11}


@dataclass(frozen=True, slots=True)
class Lines:
    """Order lines: ``order`` and ``product`` (indexes), units, and money as the schema means it.

    ``shipping_charged``, ``shipping_cost``, ``platform_voucher`` and ``rounding`` stand on the first
    line of their order.
    """

    order: Integers
    product: Integers
    quantity: Floats
    returned: Floats
    unit_price: Floats
    discount: Floats
    voucher: Floats
    amount: Floats
    cost: Floats
    tax: Floats
    fee: Floats
    shipping_charged: Floats
    shipping_cost: Floats
    platform_voucher: Floats
    rounding: Floats
    coupon: Texts


def tastes(parameters: Parameters, products: Catalogue, people: int, random: np.random.Generator) -> Floats:
    """How much each customer likes each category, as a factor on the season's shares.

    The last row is for sales without a customer: index -1 finds it.
    """
    liking = random.gamma(_CONCENTRATION / 10.0, 1.0, (people + 1, len(products.categories))) + 0.05
    liking[-1] = 1.0
    return np.asarray(liking)


def baskets(
    orders: Orders,
    parameters: Parameters,
    products: Catalogue,
    liking: Floats,
    coupons: Texts,
    random: np.random.Generator,
) -> Lines:
    """Split each order into lines whose net values add up to about the order's value.

    Parameters
    ----------
    coupons : array of str, one entry per order
        The coupon that is used ('' = none); it is worth a tenth of the goods.

    Returns
    -------
    Lines
        Prices are the catalogue's, so an order's value is met to a few percent.
    """
    digits = 2 if parameters.currency == "MYR" else 0
    lines_of = np.minimum(1 + random.poisson(1.15, len(orders)), 6)
    order = np.repeat(np.arange(len(orders)), lines_of)
    first = np.concatenate([[True], order[1:] != order[:-1]])
    cut, voucher_cut = _reductions(orders, parameters, coupons, random)
    gross = orders.value / (1.0 - cut - voucher_cut)
    part = random.gamma(4.0, 1.0, len(order))
    part /= np.bincount(order, part)[order]
    category = draw_rows(products.shares[orders.day[order]] * liking[orders.customer[order]], random)
    product, quantity = _units(products, category, part * gross[order], random)
    price = products.price[product]
    goods = price * quantity
    discount = np.round(goods * cut[order], digits)
    voucher = np.round(goods * voucher_cut[order], digits)
    amount = np.round(goods - discount - voucher, digits)
    sign = np.where(orders.outcome == RECEIPT, -1.0, 1.0)[order]
    money = _order_money(orders, parameters, np.bincount(order, amount).astype(np.float64), random)
    fee = np.round(_fee_shares(parameters)[orders.channel[order]] * amount, digits)
    return Lines(
        order=order,
        product=product,
        quantity=quantity * sign,
        returned=_returned(orders, order, lines_of, quantity, parameters, random),
        unit_price=price,
        discount=discount * sign,
        voucher=voucher * sign,
        amount=amount * sign,
        cost=np.round(products.unit_cost[product] * quantity, digits) * sign,
        tax=np.round(amount * _tax_shares(parameters, products)[category], digits) * sign,
        fee=fee,
        coupon=np.where(cut[order] > 0, coupons[order], "").astype(object),
        **{name: np.where(first, value[order], 0.0) for name, value in money.items()},
    )


def _units(
    products: Catalogue, category: Integers, value: Floats, random: np.random.Generator
) -> tuple[Integers, Floats]:
    """Product and units of each line: a dear line is several units sooner than one dear product."""
    per_category = products.price.reshape(len(products.categories), -1)
    top = per_category[category, -8]
    quantity = 1.0 + random.binomial(3, 0.18, len(category))
    quantity = np.maximum(quantity, np.ceil(value / top)).astype(np.float64)
    below = value / quantity < per_category[category, 0]
    units = np.where(below, 1.0, quantity).astype(np.float64)
    return nearest(products, category, value / units), units


def _reductions(
    orders: Orders, parameters: Parameters, coupons: Texts, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Seller's discount and seller's voucher as shares of the goods."""
    n = len(orders)
    sale = np.where(random.random(n) < 0.16, random.choice([0.05, 0.10, 0.15, 0.20], n), 0.0)
    cut = np.where(coupons != "", 0.10, sale)
    markets = np.isin(orders.channel, _marketplaces(parameters))
    voucher = np.where(markets & (random.random(n) < 0.30), 0.04, 0.0)
    return cut, voucher


def _returned(
    orders: Orders,
    order: Integers,
    lines_of: Integers,
    quantity: Floats,
    parameters: Parameters,
    random: np.random.Generator,
) -> Floats:
    """Units sent back: all of a fully refunded order; of some others one line, never everything."""
    partly = random.random(len(orders)) < parameters.partly_returned_share
    partly &= (lines_of >= 2) & (orders.outcome == 0) & (orders.customer >= 0)
    last = np.concatenate([order[1:] != order[:-1], [True]])
    back = np.where(last & partly[order], quantity, 0.0)
    return np.where(orders.outcome[order] == REFUNDED, quantity, back)


def _order_money(
    orders: Orders, parameters: Parameters, total: Floats, random: np.random.Generator
) -> dict[str, Floats]:
    """Amounts that belong to an order as a whole."""
    n = len(orders)
    unit = parameters.price_unit
    online = orders.channel != SHOP
    step = 0.5 if parameters.currency == "MYR" else 0.25
    cost = np.where(online, (5.0 + step * random.integers(0, 9, n)) * unit, 0.0)
    free = total > 90.0 * unit * (1.0 if parameters.currency == "MYR" else 1.1)
    markets = np.isin(orders.channel, _marketplaces(parameters))
    platform = np.where(
        markets & (random.random(n) < 0.25), np.round(total * 0.03, 2 if unit == 1 else 0), 0.0
    )
    cash_rounding = np.round(np.round(total * 20.0) / 20.0 - total, 2)
    in_ringgit = (parameters.currency == "MYR") & ~online
    return {
        "shipping_charged": np.where(online & ~free, np.minimum(cost, 6.0 * unit), 0.0),
        "shipping_cost": cost,
        "platform_voucher": platform,
        "rounding": np.where(in_ringgit, cash_rounding, 0.0),
    }


def _tax_shares(parameters: Parameters, products: Catalogue) -> Floats:
    known, otherwise = _TAX[parameters.country], _TAX_OTHERWISE[parameters.country]
    return np.array([known.get(c.name, otherwise) for c in products.categories])


def _fee_shares(parameters: Parameters) -> Floats:
    return np.array([FEES.get(name, 0.0) for name in CHANNELS[parameters.country]])


def _marketplaces(parameters: Parameters) -> list[int]:
    channels = CHANNELS[parameters.country]
    return [channels.index(name) for name in MARKETPLACES if name in channels]
