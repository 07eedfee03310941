"""How concentrated the business is: the Pareto curve and the Gold customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import pandas as pd

from analytics.counting import count_where
from analytics.figures import Figure, ratio
from analytics.results import one_row

GOLD_PERCENT: Final = 20
"""Gold (Emas): the best 20% of the customers."""

MEASURES: Final = ("revenue", "margin")
POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Concentration:
    """The answer in numbers; ``smallest_share`` of the customers bring ``of_total`` (0.8)."""

    customers: int
    total: float
    gold_customers: int
    gold_value: float
    gold_share: Figure
    smallest_share: Figure
    of_total: float


def ranked(customers: ir.Table, measure: str = "revenue") -> ir.Table:
    """Customers from the best to the worst.

    Parameters
    ----------
    customers : ibis Table, one row per customer with a purchase
        ``customer_key`` and the measure; an empty measure counts as 0.
    measure : ``revenue`` or ``margin``

    Returns
    -------
    ibis Table, one row per customer
        ``customer_key``, ``value``, ``rank`` (1 = the best; equal values in the order of
        ``customer_key``), ``customers`` (how many there are), ``total``, ``cumulative``.

    Raises
    ------
    ValueError : the measure is unknown.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure takes {list(MEASURES)}; got {measure!r}.")
    value = customers[measure].cast("float64").coalesce(0.0)
    table = customers.select("customer_key", value=value)
    best_first = [ibis.desc(table.value), table.customer_key]
    up_to_here = ibis.window(order_by=best_first, preceding=None, following=0)
    return table.mutate(
        rank=ibis.row_number().over(order_by=best_first) + 1,
        customers=table.count().over(),
        total=table.value.sum().over(),
        cumulative=table.value.sum().over(up_to_here),
    )


def gold(ranked_customers: ir.Table, percent: int = GOLD_PERCENT) -> ir.Table:
    """Keep the best customers: ``percent`` of all, rounded up.

    Parameters
    ----------
    ranked_customers : ibis Table
        From :func:`ranked`.
    percent : int
        1 to 100.
    """
    _check_percent(percent)
    table = ranked_customers
    return table.filter((table["rank"] - 1) * 100 < table.customers * percent)


def fewest(ranked_customers: ir.Table, of_total: float = 0.8) -> ir.Table:
    """Keep the fewest customers who bring ``of_total`` of the value: those of ``smallest_share``."""
    table = ranked_customers
    before = table.cumulative - table.value
    return table.filter(before < of_total * table.total - 1e-9 * table.total.abs())


def curve(ranked_customers: ir.Table, points: int = POINTS) -> pd.DataFrame:
    """Cumulative share of customers against cumulative share of value.

    Returns
    -------
    DataFrame, one row per point, at most ``points``, and (0, 0) first
        ``share_of_customers``, ``share_of_value`` (NaN where the values add up to 0 or less),
        ``customers`` and ``value`` up to the point.
    """
    table = ranked_customers
    steps = table.customers.clip(upper=points)
    bucket = ((table["rank"] - 1) * steps / table.customers).floor().cast("int64")
    table = table.mutate(bucket=bucket)
    sums = table.group_by("bucket").aggregate(customers=table.count(), value=table.value.sum())
    found: pd.DataFrame = sums.order_by("bucket").to_pyarrow().to_pandas()
    found = found[["customers", "value"]].cumsum()
    found = pd.concat([pd.DataFrame({"customers": [0], "value": [0.0]}), found], ignore_index=True)
    people, total = found["customers"].iloc[-1], found["value"].iloc[-1]
    found["share_of_customers"] = found["customers"] / people if people else 0.0
    found["share_of_value"] = found["value"] / total if total > 0 else float("nan")
    return found


def concentration(
    ranked_customers: ir.Table, percent: int = GOLD_PERCENT, of_total: float = 0.8
) -> Concentration:
    """Share of the value that the best customers bring, and the fewest who bring most of it.

    Returns
    -------
    Concentration
        Shares are missing where the values add up to 0 or less.
    """
    _check_percent(percent)
    table = ranked_customers
    in_gold = (table["rank"] - 1) * 100 < table.customers * percent
    reached = table.cumulative >= of_total * table.total - 1e-9 * table.total.abs()
    row = one_row(
        table.aggregate(
            customers=table.count(),
            total=table.value.sum(),
            gold_customers=count_where(table, in_gold),
            gold_value=table.value.sum(where=in_gold),
            needed=table["rank"].min(where=reached),
        )
    )
    customers, total = row["customers"], row["total"] or 0.0
    value = row["gold_value"] or 0.0
    needed = row["needed"] if total > 0 else None
    return Concentration(
        customers,
        total,
        row["gold_customers"],
        value,
        ratio("gold_share", value, total, "share", "not_computable"),
        ratio("smallest_share", needed, customers, "share", "not_computable"),
        of_total,
    )


def _check_percent(percent: int) -> None:
    if not 1 <= percent <= 100:
        raise ValueError(f"percent must lie between 1 and 100; got {percent}.")
