"""What a group of customers buys differently from the others, and whether that could be chance.

The unit is the customer: first each customer's own mix (what share of their orders is a channel, a
weekday ...), then the mean over customers. A hundred orders of one person are one observation.
"""

from __future__ import annotations

import math
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy import stats

from analytics.results import rows

DIMENSIONS: Final = ("category", "channel", "region_code", "store_id", "weekday", "discount")
"""``weekday`` has the values "0" (Monday) to "6"; ``discount`` has one, ``DISCOUNTED``."""

DISCOUNTED: Final = "discounted"
LEAST_CUSTOMERS: Final = 30
"""In the group and among the others; with fewer, nothing is tested."""

LEAST_BUYERS: Final = 10
"""Customers of both who have a value at all; rarer values are left out."""

LEVEL: Final = 0.05
"""Of the differences called real, at most this share is expected to be chance."""

MOST_CUSTOMERS: Final = 200_000
"""More customers than that are represented by every k-th of them."""

VERDICTS: Final = ("more", "less", "chance", "few")


def mixes(orders: ir.Table, order_categories: ir.Table, segment: ir.Table, step: int = 1) -> ir.Table:
    """Sums over customers of what share of their orders has each value.

    Parameters
    ----------
    orders : ibis Table
        The mart, already narrowed to a scope: ``customer_key``, ``is_purchase``, ``day``,
        ``channel``, ``region_code``, ``store_id``, ``discount``.
    order_categories : ibis Table
        The same: ``customer_key``, ``is_purchase``, ``category``.
    segment : ibis Table
        ``customer_key`` of the group.
    step : int
        Take every step-th customer.

    Returns
    -------
    ibis Table, one row per (dimension, value, in_segment)
        ``dimension``, ``value`` (text; null for the totals of the dimension), ``in_segment``,
        ``customers`` (who has the value; for the totals, any value), ``total``, ``squares``: sums of
        the customers' shares and of their squares.
    """
    bought = _of_customers(orders, step)
    parts = _of_customers(order_categories, step)
    seven = bought.day.day_of_week.index().cast("string")
    discounted = ibis.ifelse(bought.discount.fill_null(0.0) > 0, DISCOUNTED, "full")
    sources = {
        "category": parts.select("customer_key", value=parts.category),
        "channel": bought.select("customer_key", value=bought.channel),
        "region_code": bought.select("customer_key", value=bought.region_code),
        "store_id": bought.select("customer_key", value=bought.store_id),
        "weekday": bought.select("customer_key", value=seven),
        "discount": bought.select("customer_key", value=discounted),
    }
    stacked = ibis.union(
        *(_counted(table).mutate(dimension=ibis.literal(name)) for name, table in sources.items())
    )
    chosen = segment.select("customer_key").distinct().mutate(chosen=ibis.literal(value=True))
    flagged = stacked.left_join(chosen, "customer_key").drop("customer_key_right")
    flagged = flagged.mutate(in_segment=flagged.chosen.fill_null(False))
    values = flagged.group_by("dimension", "value", "in_segment").aggregate(
        customers=flagged.count(),
        total=flagged.share.sum(),
        squares=(flagged.share * flagged.share).sum(),
    )
    first = flagged.filter(flagged.place == 0)
    totals = first.group_by("dimension", "in_segment").aggregate(customers=first.count())
    totals = totals.mutate(
        value=ibis.null("string"), total=ibis.null("float64"), squares=ibis.null("float64")
    )
    columns = ["dimension", "value", "in_segment", "customers", "total", "squares"]
    return values.select(*columns).union(totals.select(*columns))


def compare(summed: ir.Table) -> pd.DataFrame:
    """Index and test for each value.

    Parameters
    ----------
    summed : ibis Table
        From :func:`mixes`.

    Returns
    -------
    DataFrame, one row per (dimension, value), in the order of ``DIMENSIONS``, the largest first
        ``dimension``, ``value``, ``share``, ``rest`` (mean share of a customer's orders, 0..1),
        ``index`` (100 = as among the other customers; NaN where those have none), ``customers``,
        ``others`` (who is compared), ``p`` (Welch's test), ``q`` (after Benjamini and Hochberg over
        all rows), ``verdict`` (one of ``VERDICTS``). Discounted orders have one row.

    References
    ----------
    Welch (1947), The generalization of Student's problem, Biometrika 34. Benjamini, Hochberg
    (1995), Controlling the false discovery rate, JRSS B 57. On counting people rather than their
    orders: Deng, Knoblich, Lu (2018), Applying the delta method in metric analytics, KDD.
    """
    found = {(r["dimension"], r["value"], r["in_segment"]): r for r in rows(summed)}
    people = {(d, chosen): int(r["customers"]) for (d, v, chosen), r in found.items() if v is None}
    made = []
    for dimension, value in sorted({(d, v) for d, v, _ in found if v is not None and v != "full"}):
        sides = [found.get((dimension, value, chosen)) for chosen in (True, False)]
        counts = [people.get((dimension, chosen), 0) for chosen in (True, False)]
        if sum(int(side["customers"]) for side in sides if side) >= LEAST_BUYERS and min(counts) > 0:
            made.append({"dimension": dimension, "value": value, **_row(sides, counts)})
    table = pd.DataFrame(made, columns=list(_COLUMNS))
    tested = table["p"].notna()
    if tested.any():
        table.loc[tested, "q"] = stats.false_discovery_control(table.loc[tested, "p"].to_numpy(float))
    table["verdict"] = [
        _verdict(q, a, b) for q, a, b in table[["q", "share", "rest"]].astype(float).to_numpy()
    ]
    order = {name: place for place, name in enumerate(DIMENSIONS)}
    table["place"] = table["dimension"].map(order)
    table = table.sort_values(["place", "rest", "value"], ascending=[True, False, True], kind="stable")
    return table.drop(columns="place").reset_index(drop=True)


_COLUMNS: Final = ("dimension", "value", "share", "rest", "index", "customers", "others", "p", "q")


def _of_customers(table: ir.Table, step: int) -> ir.Table:
    bought = table.filter(table.is_purchase & table.customer_key.notnull())
    return bought.filter((bought.customer_key % step) == 0) if step > 1 else bought


def _counted(table: ir.Table) -> ir.Table:
    """Each customer's share of each value, and a number within the customer."""
    known = table.filter(table.value.notnull())
    counts = known.group_by("customer_key", "value").aggregate(n=known.count())
    mine = counts.customer_key
    return counts.select(
        "customer_key",
        "value",
        share=counts.n / counts.n.sum().over(group_by=mine),
        place=ibis.row_number().over(group_by=mine, order_by=counts.value),
    )


def _row(sides: list[dict[str, float] | None], counts: list[int]) -> dict[str, float]:
    """Means, index and the p value of one row; the customers without the value have a share of 0."""
    means, errors = [], []
    for side, count in zip(sides, counts, strict=True):
        total, squares = (side["total"], side["squares"]) if side else (0.0, 0.0)
        mean = total / count
        variance = max(squares - count * mean * mean, 0.0) / (count - 1) if count > 1 else 0.0
        means.append(mean)
        errors.append(variance / count)
    return {
        "share": means[0],
        "rest": means[1],
        "index": 100.0 * means[0] / means[1] if means[1] > 0 else math.nan,
        "customers": counts[0],
        "others": counts[1],
        "p": _welch(means, errors, counts),
        "q": math.nan,
    }


def _welch(means: list[float], errors: list[float], counts: list[int]) -> float:
    """Two-sided p; NaN with too few customers on either side."""
    if min(counts) < LEAST_CUSTOMERS:
        return math.nan
    error = errors[0] + errors[1]
    if error <= 1e-18:
        return 1.0 if abs(means[0] - means[1]) < 1e-12 else 0.0
    freedom = error**2 / sum(e**2 / (n - 1) for e, n in zip(errors, counts, strict=True))
    return float(2.0 * stats.t.sf(abs(means[0] - means[1]) / math.sqrt(error), freedom))


def _verdict(q: float, share: float, rest: float) -> str:
    if np.isnan(q):
        return "few"
    if q > LEVEL:
        return "chance"
    return "more" if share > rest else "less"
