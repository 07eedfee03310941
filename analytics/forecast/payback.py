"""What winning a customer costs by channel, and how long it takes until it has come back."""

from __future__ import annotations

from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analytics.counting import count_where
from analytics.results import frame

FEWEST: Final = 20
"""Customers who must have been observed for that long before a month of the curve is shown."""


def cost_to_win(
    customer_summary: ir.Table, spend: ir.Table | None, as_of: date, kinds: tuple[str, ...]
) -> pd.DataFrame:
    """Cost to win one customer, by the channel that won them.

    Where the table of spend has acquisition spend, a channel's cost is that money over the customers
    whose first purchase lies in the months it covers; else the mean of the customers' own
    ``acquisition_cost``.

    Parameters
    ----------
    customer_summary : ibis Table
        The mart.
    spend : ibis Table or None
        The imported table: ``month``, ``channel``, ``kind``, ``amount``.
    as_of : date
        Months after it are ignored.
    kinds : tuple of str
        Kinds of customers that count.

    Returns
    -------
    DataFrame, one row per channel that won anybody
        ``channel``, ``customers``, ``cost`` (money per customer; NaN where not known), ``source``
        (``spend``, ``customers`` or empty).
    """
    won = customer_summary.filter(customer_summary.first_day.notnull())
    if kinds:
        won = won.filter(won.kind.isin(kinds))
    each = won.group_by(channel=won.acquisition_channel).aggregate(
        customers=won.count(), own=won.acquisition_cost.cast("float64").mean()
    )
    found = frame(each)
    if spend is not None:
        found = found.merge(_by_spend(won, spend, as_of), on="channel", how="left")
    else:
        found["paid"] = np.nan
    found["cost"] = found["paid"].fillna(found["own"])
    found["source"] = np.select(
        [found["paid"].notna(), found["own"].notna()], ["spend", "customers"], default=""
    )
    return found[["channel", "customers", "cost", "source"]]


def contribution_curve(
    customer_month: ir.Table, customer_summary: ir.Table, as_of: date, kinds: tuple[str, ...]
) -> pd.DataFrame:
    """Cumulative margin per customer, by months since the first purchase and channel that won them.

    Each month averages over the customers who have been known for that many whole months; the averages
    are added up, so that young customers say what they can and no more.

    Parameters
    ----------
    customer_month, customer_summary : ibis Table
        The marts.
    as_of : date
        A month that is not over by then is left out.
    kinds : tuple of str

    Returns
    -------
    DataFrame, one row per channel and month
        ``channel``, ``period`` (0 is the month of the first purchase), ``customers`` (observed for so
        long), ``margin`` (per customer in that month), ``cumulative``.
    """
    won = customer_summary.filter(customer_summary.first_day.notnull())
    if kinds:
        won = won.filter(won.kind.isin(kinds))
    who = won.select("customer_key", channel=won.acquisition_channel)
    months = customer_month.inner_join(who, "customer_key").mutate(cohort=customer_month.cohort.cast("date"))
    brought = frame(
        months.group_by("channel", "cohort", "period").aggregate(margin=months.margin.sum().coalesce(0.0))
    )
    cohort = won.first_day.truncate("M").cast("date")
    sizes = frame(
        won.group_by(channel=won.acquisition_channel, cohort=cohort).aggregate(customers=won.count())
    )
    return _curve(sizes, brought, as_of)


def payback(curve: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """When the cost to win has come back, by channel.

    Parameters
    ----------
    curve : DataFrame
        :func:`contribution_curve`.
    costs : DataFrame
        :func:`cost_to_win`.

    Returns
    -------
    DataFrame, ``costs`` and
        ``first_year`` (margin per customer in the first 12 months; NaN where nobody is known so long),
        ``months`` (whole months until it is earned back; 0 is the first, NaN: not within ``observed``),
        ``observed`` (months the curve reaches).
    """
    told = [
        _paid_back(curve[curve["channel"].fillna("") == (channel or "")].sort_values("period"), cost)
        for channel, cost in zip(costs["channel"].fillna(""), costs["cost"], strict=True)
    ]
    found = pd.DataFrame(told, columns=["first_year", "months", "observed"], index=costs.index)
    return pd.concat([costs, found], axis=1)


def _paid_back(own: pd.DataFrame, cost: float) -> tuple[float, float, int]:
    """Margin of the first year, months until the cost is back, months observed."""
    year = own.loc[own["period"] == 11, "cumulative"]
    back = own.loc[own["cumulative"] >= cost, "period"]  # nothing is above NaN
    return (
        float(year.iloc[0]) if len(year) else np.nan,
        float(back.min()) if len(back) else np.nan,
        len(own),
    )


def _by_spend(won: ir.Table, spend: ir.Table, as_of: date) -> pd.DataFrame:
    bought = spend.filter(
        (spend.kind.fill_null("acquisition") == "acquisition") & (spend.month <= ibis.literal(as_of))
    )
    money = bought.group_by("channel").aggregate(
        amount=bought.amount.cast("float64").sum(), first=bought.month.min(), last=bought.month.max()
    )
    month = won.first_day.truncate("M").cast("date")
    those = won.select(channel=won.acquisition_channel, month=month).inner_join(money, "channel")
    inside = (those.month >= those["first"]) & (those.month <= those["last"])
    counted = those.group_by("channel").aggregate(
        amount=those.amount.max(), customers=count_where(those, inside)
    )
    found = frame(counted.filter(counted.customers > 0))
    return found.assign(paid=found["amount"] / found["customers"])[["channel", "paid"]]


def _curve(sizes: pd.DataFrame, brought: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Add the months up; a cohort counts in a month only once that month is over for it."""
    sizes["channel"] = sizes["channel"].fillna("")
    brought["channel"] = brought["channel"].fillna("")
    ended = as_of.year * 12 + as_of.month - 1
    number = [day.year * 12 + day.month - 1 for day in sizes["cohort"]]
    sizes["whole_months"] = ended - np.array(number)  # the running month is not over
    merged = brought.merge(sizes, on=["channel", "cohort"])
    merged = merged[merged["period"] < merged["whole_months"]]
    rows = []
    for channel, own in sizes.groupby("channel"):
        margins = merged[merged["channel"] == channel].groupby("period")["margin"].sum()
        longest = int(own["whole_months"].max())
        total = 0.0
        for period in range(longest):
            seen = int(own.loc[own["whole_months"] > period, "customers"].sum())
            if seen < FEWEST:
                break
            margin = float(margins.get(period, 0.0)) / seen
            total += margin
            rows.append((channel or None, period, seen, margin, total))
    return pd.DataFrame(rows, columns=["channel", "period", "customers", "margin", "cumulative"])
