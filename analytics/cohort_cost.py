"""What a cohort has brought so far against what it cost to win."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import pandas as pd

from analytics.results import frame


@dataclass(frozen=True, slots=True)
class Payback:
    """When cohorts earned back what they cost.

    Parameters
    ----------
    paid_back, cohorts : int
        Cohorts that did, of all with a known cost.
    median_period : float or None
        Median over all cohorts with a known cost of the period in which they did; None where
        half of them have not yet.
    known, customers : int
        Customers with a recorded cost, and all customers of the cohorts.
    mean_cost : float or None
        Mean recorded cost of a customer; None where none is recorded.
    """

    paid_back: int
    cohorts: int
    median_period: float | None
    known: int
    customers: int
    mean_cost: float | None


def costs(members: ir.Table, customer_summary: ir.Table) -> pd.DataFrame:
    """Mean recorded cost to win a customer, by cohort.

    Parameters
    ----------
    members : ibis Table, one row per customer
        ``customer_key``, ``cohort``.
    customer_summary : ibis Table
        ``customer_key``, ``acquisition_cost`` (null where none is recorded; 0 is a cost).

    Returns
    -------
    DataFrame, one row per cohort
        ``cohort``, ``customers``, ``known`` (with a recorded cost), ``cost`` (mean of those; NaN
        without any).
    """
    table = members.inner_join(customer_summary.select("customer_key", "acquisition_cost"), "customer_key")
    found = frame(
        table.group_by("cohort").aggregate(
            customers=table.count(),
            known=table.acquisition_cost.count(),
            cost=table.acquisition_cost.cast("float64").mean(),
        )
    )
    return found.sort_values("cohort", ignore_index=True)


def against_cost(triangle: pd.DataFrame, cost: pd.DataFrame) -> pd.DataFrame:
    """Put each cohort's cost beside its cells.

    Returns
    -------
    DataFrame
        The triangle with ``cost`` (NaN where not known) and ``paid_back`` (value so far >= cost; False
        where the cost is not known).
    """
    known = cost.set_index("cohort")["cost"].astype(float)
    table = triangle.assign(cost=triangle["cohort"].map(known).astype(float))
    return table.assign(paid_back=table["value_per_customer"] >= table["cost"])


def payback(table: pd.DataFrame, cost: pd.DataFrame, first: date | None = None) -> Payback:
    """Sum :func:`against_cost` up.

    Parameters
    ----------
    table : DataFrame
        From :func:`against_cost`.
    cost : DataFrame
        From :func:`costs`.
    first : date, optional
        Leave earlier cohorts out.

    Notes
    -----
    The value of an immature period only grows by what is still to come in it, so a cohort that has
    paid back before its period is over has paid back.
    """
    cost = cost if first is None else cost[cost["cohort"] >= first]
    cost = cost[cost["cohort"].isin(set(table["cohort"]))]
    with_cost = cost[cost["known"] > 0]
    when = table[table["paid_back"]].groupby("cohort")["period"].min()
    when = when[when.index.isin(set(with_cost["cohort"]))]
    cohorts, paid = len(with_cost), len(when)
    known = int(cost["known"].sum())
    total = float((with_cost["cost"] * with_cost["known"]).sum())
    ordered = sorted(float(period) for period in when) + [float("inf")] * (cohorts - paid)
    middle = ordered[(cohorts - 1) // 2] if cohorts else float("inf")
    return Payback(
        paid,
        cohorts,
        None if middle == float("inf") else middle,
        known,
        int(cost["customers"].sum()),
        total / known if known else None,
    )
