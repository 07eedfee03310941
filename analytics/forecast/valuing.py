"""What customers are expected to leave after goods, fees and service: sums over the scores, in the engine."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from analytics.counting import count_where

PROBABLY_GONE: Final = 0.5
"""P(alive) below which a customer is probably leaving."""

WIDTH_OF_80: Final = 2 * 1.2816
"""Standard deviations between the ends that hold 80% of a normal."""


def valued(scores: ir.Table, customer_summary: ir.Table, service_cost: float = 0.0) -> ir.Table:
    """Contribution expected of each customer, discounted, less the cost to serve.

    Parameters
    ----------
    scores : ibis Table
        Columns of ``scores.COLUMNS``.
    customer_summary : ibis Table
        The mart: margin so far and cost to win.
    service_cost : float, >= 0
        Money each purchase costs to serve beyond what the margin holds already.

    Returns
    -------
    ibis Table, one row per scored customer
        The columns of ``scores`` and ``value`` (money, discounted), ``value_low``, ``value_high`` (80% of
        customers lie between), ``so_far`` (margin brought already), ``acquisition_cost`` (null: not
        known), ``net_value`` (so far + value - cost to win; null where that is not known),
        ``at_stake`` (value of those probably leaving, were they to stay; 0 for the rest).

    Raises
    ------
    ValueError : a negative cost.
    """
    if service_cost < 0:
        raise ValueError(f"service_cost must be 0 or more; got {service_cost}.")
    who = customer_summary.select(
        "customer_key",
        so_far=customer_summary.margin,
        acquisition_cost=customer_summary.acquisition_cost.cast("float64"),
    )
    table = scores.inner_join(who, "customer_key")
    left = table.value_per_purchase * table.margin_rate - service_cost
    present = ibis.ifelse(
        table.expected_purchases > 0, table.discounted_purchases / table.expected_purchases, 1.0
    )
    share = ibis.ifelse(table.value_per_purchase > 0, left / table.value_per_purchase, 0.0) * present
    value = table.discounted_purchases * left
    ends = (table.revenue_low * share, table.revenue_high * share)
    leaving = table.p_alive < PROBABLY_GONE
    return table.mutate(
        value=value,
        value_low=ibis.least(*ends),
        value_high=ibis.greatest(*ends),
        net_value=table.so_far + value - table.acquisition_cost,
        at_stake=ibis.ifelse(leaving & (table.p_alive > 0), value / table.p_alive, 0.0).coalesce(0.0),
        leaving=leaving.coalesce(False),
    )


def overall(table: ir.Table) -> ir.Table:
    """Sums and means of :func:`valued`.

    Returns
    -------
    ibis Table, one row
        ``customers``, ``purchases``, ``revenue``, ``value``, ``mean_value``, ``so_far``, ``net`` (sum of
        ``net_value``), ``priced`` (customers whose cost to win is known), ``leaving`` (customers),
        ``leaving_value`` (expected of them), ``at_stake``, ``forecast`` and ``happened`` (money of the
        holdout, of the same customers), ``chance`` (variance of ``value``, customers taken as
        independent: of each the larger of what its 80% range stands for and what a Poisson number of
        purchases has; a range that ends at 0 says nothing of the rare purchase above it),
        ``value_variance`` and ``worth_variance`` (between the customers: of ``value``, and of ``so_far``
        and ``value`` together; null for one customer).
    """
    return table.aggregate(**_sums(table))


def by(table: ir.Table, attributes: ir.Table, dimension: str) -> ir.Table:
    """The same for each segment, region, channel, cohort or store.

    Parameters
    ----------
    table : ibis Table
        From :func:`valued`.
    attributes : ibis Table
        ``customer_key`` and the dimension.
    dimension : str

    Returns
    -------
    ibis Table, one row per value of the dimension (null: not known)
        ``value_of`` (the dimension's) and the columns of :func:`overall`.
    """
    known = attributes.select("customer_key", value_of=attributes[dimension])
    joined = table.left_join(known, "customer_key").drop("customer_key_right")
    return joined.group_by("value_of").aggregate(**_sums(joined))


def _sums(table: ir.Table) -> dict[str, ir.Value]:
    spread = (table.value_high - table.value_low) / WIDTH_OF_80
    some = table.expected_purchases > 0
    poisson = ibis.ifelse(some, table["value"] * table["value"] / table.expected_purchases, 0.0)
    return {
        "customers": table.count(),
        "purchases": table.expected_purchases.sum(),
        "revenue": table.expected_revenue.sum(),
        "value": table["value"].sum(),
        "mean_value": table["value"].mean(),
        "so_far": table.so_far.sum(),
        "net": table.net_value.sum(),
        "priced": count_where(table, table.net_value.notnull()),
        "leaving": count_where(table, table.leaving),
        "leaving_value": table["value"].sum(where=table.leaving).coalesce(0.0),
        "at_stake": table.at_stake.sum(),
        "forecast": table.holdout_forecast.sum(),
        "happened": table.holdout_actual.sum(),
        "chance": ibis.greatest(spread * spread, poisson).sum(),
        "value_variance": table["value"].var(how="sample"),
        "worth_variance": (table.so_far + table["value"]).var(how="sample"),
    }
