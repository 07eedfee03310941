"""Ways of buying that stand for something nobody has told us, named as what they are.

"High basket, low discount" is not called wealthy, "buys on discount" not price-sensitive, and "buys
like a reseller" not a reseller: the data hold what was bought, not why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where
from analytics.results import one_row

CODES: Final = ("high_basket", "discount_buyer", "like_reseller")

BASKET_QUANTILE: Final = 0.75
UNITS_QUANTILE: Final = 0.95
UNITS_TIMES_MEDIAN: Final = 2.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where each way of buying begins; on screen, and to be changed there.

    Parameters
    ----------
    basket : float
        High basket: average order of at least so much (currency of the workspace).
    low_discount : float
        Low discount: discounts of at most this share (0..1) of the price before them.
    least_orders : int
        Both kinds about discounts need at least so many orders.
    discounted : float
        Buys on discount: at least this share (0..1) of the orders carry one.
    units : float
        Buys like a reseller: at least so many units an order on average.
    reseller_orders : int
        ... over at least so many orders.

    Raises
    ------
    ValueError : a share outside 0..1, or a number of orders below 1.
    """

    basket: float
    low_discount: float = 0.05
    least_orders: int = 2
    discounted: float = 0.6
    units: float = 5.0
    reseller_orders: int = 3

    def __post_init__(self) -> None:
        for name in ("low_discount", "discounted"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share from 0 to 1; got {getattr(self, name)}.")
        for name in ("least_orders", "reseller_orders"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1; got {getattr(self, name)}.")


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual among the customers; None without any. ``discounts`` is 0 where none is known."""

    customers: int
    basket: float | None
    units: float | None
    discounts: float

    def thresholds(self) -> Thresholds | None:
        """The defaults: a quarter of the customers has a higher basket, 1 in 20 buys more units."""
        if self.basket is None or self.units is None:
            return None
        return Thresholds(basket=self.basket, units=self.units)


def habits(orders: ir.Table) -> ir.Table:
    """How each customer buys.

    Parameters
    ----------
    orders : ibis Table, the mart, narrowed to a scope
        ``customer_key``, ``is_purchase``, ``amount``, ``discount``, ``quantity``, ``kind``.

    Returns
    -------
    ibis Table, one row per customer with a purchase
        ``customer_key``, ``orders``, ``revenue``, ``basket`` (revenue an order), ``discount_share``
        (of the price before discounts, 0..1), ``discounted_share`` (of the orders), ``discount``,
        ``units`` (an order), ``marked`` (the data call them a reseller).
    """
    bought = orders.filter(orders.is_purchase & orders.customer_key.notnull())
    off = bought.discount.fill_null(0.0)
    each = bought.group_by("customer_key").aggregate(
        orders=bought.count(),
        revenue=bought.amount.sum(),
        discount=off.sum(),
        discounted=count_where(bought, off > 0),
        quantity=bought.quantity.sum(),
        marked=(bought.kind == "reseller").cast("int32").max() == 1,
    )
    return each.select(
        "customer_key",
        "orders",
        "revenue",
        "discount",
        "marked",
        basket=each.revenue / each.orders,
        discount_share=each.discount / (each.revenue + each.discount).nullif(0.0),
        discounted_share=each.discounted / each.orders,
        units=each.quantity / each.orders,
    )


def usual(each: ir.Table) -> Usual:
    """Read the quantiles the defaults come from.

    Parameters
    ----------
    each : ibis Table
        From :func:`habits`.
    """
    found = one_row(
        each.aggregate(
            customers=each.count(),
            basket=each.basket.quantile(BASKET_QUANTILE),
            units=each.units.quantile(UNITS_QUANTILE),
            middle=each.units.quantile(0.5),
            discounts=each.discount.sum().coalesce(0.0),
        )
    )
    units = None
    if found["units"] is not None:
        units = float(max(found["units"], UNITS_TIMES_MEDIAN * (found["middle"] or 0.0)))
    return Usual(found["customers"], found["basket"], units, float(found["discounts"]))


def buying(each: ir.Table, code: str, at: Thresholds) -> ir.Table:
    """Keep those who buy in that way.

    Raises
    ------
    ValueError : an unknown code.
    """
    conditions = {
        "high_basket": (each.basket >= at.basket - 1e-9)
        & (each.discount_share.fill_null(0.0) <= at.low_discount)
        & (each.orders >= at.least_orders),
        "discount_buyer": (each.discounted_share >= at.discounted - 1e-9) & (each.orders >= at.least_orders),
        "like_reseller": (each.units >= at.units - 1e-9) & (each.orders >= at.reseller_orders),
    }
    if code not in conditions:
        raise ValueError(f"code takes {list(CODES)}; got {code!r}.")
    return each.filter(conditions[code])


def sizes(each: ir.Table, at: Thresholds) -> dict[str, dict[str, float]]:
    """Count each way of buying, in one pass.

    Returns
    -------
    dict of code to ``customers``, ``revenue``, ``marked`` (known resellers among them), and
    ``everyone`` to the same of all.
    """
    parts = [_summed(buying(each, code, at), code) for code in CODES]
    found = ibis.union(_summed(each, "everyone"), *parts).to_pyarrow().to_pylist()
    return {row.pop("code"): row for row in found}


def _summed(table: ir.Table, code: str) -> ir.Table:
    summed = table.aggregate(
        customers=table.count(),
        revenue=table.revenue.sum().coalesce(0.0),
        marked=count_where(table, table.marked),
    )
    return summed.mutate(code=ibis.literal(code))
