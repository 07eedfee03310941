"""What is known of a customer soon after the first purchase: the features look-alikes are found by.

Only what was there within the first 90 days, so that an old customer and a recent one can be compared,
and never what the segment itself is made of (:func:`left_out`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import ibis
import ibis.expr.types as ir

EARLY_DAYS: Final = 90
"""Whoever first bought later than this many days ago is scored, but not learnt from."""

NUMBERS: Final = ("first_value", "first_discount", "first_items", "distance_km")
"""``first_value``, ``first_items`` and ``distance_km`` as ln(1 + x); ``first_discount`` 0..1."""

WORDS: Final = ("second", "first_category", "first_channel", "region_code", "weekday")
FEATURES: Final = (*NUMBERS, *WORDS)

SECOND: Final = ("month", "quarter", "later")
"""The second purchase came within 30 days, within 90, or not by then."""

ROUGH_PLACES: Final = ("region", "none")
"""Placed in the middle of a state: no distance to a store follows from that."""

_MONEY: Final = frozenset({"first_value", "first_items", "second"})
_TIME: Final = frozenset({"second"})
_PLACE: Final = frozenset({"region_code", "distance_km"})
_BY_FIELD: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        **dict.fromkeys(("revenue", "margin", "average_order", "revenue_365", "m", "rfm_segment"), _MONEY),
        **dict.fromkeys(
            ("p_alive", "expected_purchases", "expected_revenue", "expected_value", "value_at_risk"), _MONEY
        ),
        **dict.fromkeys(("orders", "orders_90", "orders_365", "days_since_last", "last_day"), _TIME),
        **dict.fromkeys(("days_since_first", "first_day", "lifecycle", "r", "f", "tier"), _TIME),
        "discount_share": frozenset({"first_discount"}),
        **dict.fromkeys(
            ("bought_category", "main_category", "first_category"), frozenset({"first_category"})
        ),
        **dict.fromkeys(
            ("bought_channel", "main_channel", "first_channel", "acquisition_channel"),
            frozenset({"first_channel"}),
        ),
        **dict.fromkeys(("region_code", "district", "city", "postcode"), _PLACE),
        **dict.fromkeys(
            ("bought_store", "main_store_id", "first_store_id"), _PLACE | frozenset({"first_channel"})
        ),
    }
)


def left_out(fields: Iterable[str]) -> tuple[str, ...]:
    """Features that would only repeat what a segment is made of.

    Parameters
    ----------
    fields : iterable of str
        What defines the segment, as codes of ``analytics.rules.FIELDS``: ``lifecycle``, ``revenue``,
        ``region_code`` ... One that says nothing about a feature leaves nothing out.

    Returns
    -------
    tuple of str
        In the order of ``FEATURES``.

    Examples
    --------
    >>> left_out(["revenue"]), left_out(["lifecycle"]), left_out(["city", "kind"])
    (('first_value', 'first_items', 'second'), ('second',), ('distance_km', 'region_code'))
    """
    dropped = frozenset[str]().union(*(_BY_FIELD.get(field, frozenset()) for field in fields))
    return tuple(feature for feature in FEATURES if feature in dropped)


def early(
    orders: ir.Table,
    customer_summary: ir.Table,
    as_of: date,
    distances: ir.Table | None = None,
    currency: str | None = None,
) -> ir.Table:
    """The features of every customer who bought.

    Parameters
    ----------
    orders, customer_summary : ibis Table
        The marts of those names, all orders of the customers.
    as_of : date
        Later orders are not read.
    distances : ibis Table, optional
        ``customer_key``, ``km`` to the nearest own store; without it there is no distance.
    currency : str, optional
        Where the data hold several: the value of a first order in another one is not known.

    Returns
    -------
    ibis Table, one row per customer
        ``customer_key``, ``FEATURES`` (null: not known), ``tenure_days`` (since the first purchase).
    """
    bought = orders.filter(
        orders.is_purchase
        & orders.customer_key.notnull()
        & (orders.day <= ibis.literal(as_of))
        & (orders.nth <= 2)
    )
    first = bought.filter(bought.nth == 1)
    price = first.amount if currency is None else ibis.ifelse(first.currency == currency, first.amount, None)
    discount = first.discount.fill_null(0.0).clip(lower=0.0)
    whole = first.amount + discount
    opening = first.select(
        "customer_key",
        first_day=first.day,
        first_value=(price.clip(lower=0.0) + 1.0).ln(),
        first_items=(first.quantity.fill_null(1.0).clip(lower=0.0) + 1.0).ln(),
        first_discount=ibis.ifelse(whole > 0, discount / whole, 0.0),
        first_channel=first.channel,
        weekday=first.day.day_of_week.index().cast("string"),
        tenure_days=ibis.literal(as_of).delta(first.day, unit="day").cast("int32"),
    )
    again = bought.filter(bought.nth == 2).select("customer_key", second_day="day")
    joined = opening.left_join(again, "customer_key").drop("customer_key_right")
    waited = joined.second_day.delta(joined.first_day, unit="day")
    joined = joined.mutate(
        second=ibis.cases((waited <= 30, "month"), (waited <= EARLY_DAYS, "quarter"), else_="later")
    )
    exact = customer_summary.geo_precision.notin(ROUGH_PLACES).fill_null(False)
    known = customer_summary.select("customer_key", "first_category", "region_code", exact=exact)
    if distances is None:
        known = known.mutate(distance_km=ibis.null("float64"))
    else:
        known = known.left_join(distances.select("customer_key", "km"), "customer_key")
        known = known.drop("customer_key_right")
        known = known.mutate(distance_km=ibis.ifelse(known.exact, (known.km + 1.0).ln(), None))
    joined = joined.inner_join(known, "customer_key")
    return joined.select("customer_key", *FEATURES, "tenure_days")
