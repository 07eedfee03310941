"""What customers have been worth so far, and the merchant's own inputs for the calculators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from analytics.best_group import Best, Group, best
from analytics.counting import count_where
from analytics.figures import Figure, figure, ratio
from analytics.results import frame, one_row

YEAR_DAYS: Final = 365
BRACKETS_PER_DECADE: Final = (1.0, 2.0, 5.0)


def per_customer(facts: ir.Table) -> ir.Table:
    """What each customer brought within a scope.

    Parameters
    ----------
    facts : ibis Table, one row per order
        ``customer_key``, ``is_purchase``, ``amount``, ``margin``, ``day``.

    Returns
    -------
    ibis Table, one row per customer with a purchase
        ``customer_key``, ``orders`` (purchases), ``revenue``, ``margin`` (null where no order has
        one), ``first_day``, ``last_day`` (of the purchases).
    """
    known = facts.filter(facts.customer_key.notnull())
    each = known.group_by("customer_key").aggregate(
        orders=count_where(known, known.is_purchase),
        revenue=known.amount.sum(),
        margin=known.margin.sum(),
        first_day=known.day.min(where=known.is_purchase),
        last_day=known.day.max(where=known.is_purchase),
    )
    return each.filter(each.orders > 0)


def summary_value(customer_summary: ir.Table) -> ir.Table:
    """Return :func:`per_customer` over all time from the summary, which is faster."""
    bought = customer_summary.filter(customer_summary.orders > 0)
    return bought.select("customer_key", "orders", "revenue", "margin", "first_day", "last_day")


def overall(customers: ir.Table) -> ir.Table:
    """Return one row over :func:`per_customer`.

    Returns
    -------
    ibis Table, one row
        ``customers``, ``orders``, ``revenue``, ``margin``, ``mean_revenue``, ``median_revenue``,
        ``mean_margin``, ``mean_orders``; null without customers.
    """
    return customers.aggregate(**_statistics(customers))


def by(customers: ir.Table, attributes: ir.Table, dimension: str) -> ir.Table:
    """Value per customer for each lifecycle, region, channel ...

    Parameters
    ----------
    customers : ibis Table
        From :func:`per_customer`.
    attributes : ibis Table
        ``customer_key`` and the dimension: ``customer_summary`` or ``lifecycle.assign``.
    dimension : str

    Returns
    -------
    ibis Table, one row per value of the dimension (null: not known)
        ``value`` and the columns of :func:`overall`.
    """
    known = attributes.select("customer_key", value=attributes[dimension])
    joined = customers.left_join(known, "customer_key").drop("customer_key_right")
    return joined.group_by("value").aggregate(**_statistics(joined))


def compared(customers: ir.Table, attributes: ir.Table, dimension: str, measure: str) -> pd.DataFrame:
    """What a customer of each group brought, and how far chance in who came moves that mean.

    Parameters
    ----------
    customers, attributes, dimension
        As for :func:`by`.
    measure : {"margin", "revenue"}

    Returns
    -------
    DataFrame, one row per value of the dimension
        ``value`` (empty: not known), ``customers`` (whose measure is known), ``total``, ``mean``,
        ``error`` (standard error of the mean; NaN for one customer).
    """
    known = attributes.select("customer_key", value=attributes[dimension])
    joined = customers.left_join(known, "customer_key").drop("customer_key_right")
    joined = joined.mutate(brought=joined[measure].cast("float64")).filter(lambda row: row.brought.notnull())
    found = frame(
        joined.group_by("value").aggregate(
            customers=joined.count(),
            total=joined.brought.sum(),
            mean=joined.brought.mean(),
            variance=joined.brought.var(how="sample"),
        )
    )
    error = np.sqrt(found["variance"].astype("float64") / found["customers"])
    return found.assign(value=found["value"].fillna(""), error=error).drop(columns="variance")


def best_by(found: pd.DataFrame) -> Best | None:
    """The group of :func:`compared` that is most likely the best; see ``best_group.best``."""
    known = found[(found["value"] != "") & found["error"].notna()]
    columns = (known[name].tolist() for name in ("value", "customers", "mean", "error"))
    groups = [Group(*each) for each in zip(*columns, strict=True)]
    return best(groups)


def distribution(customers: ir.Table, measure: str = "revenue") -> pd.DataFrame:
    """How many customers brought how much, in brackets of 1, 2, 5, 10, 20, 50 ...

    Parameters
    ----------
    measure : ``revenue``, ``margin`` or ``orders``

    Returns
    -------
    DataFrame, one row per bracket from the lowest to the highest that occurs
        ``low`` (included; -inf for what is 0 or below), ``high`` (excluded), ``customers``,
        ``total``.
    """
    value = customers[measure].cast("float64").coalesce(0.0)
    table = customers.select(value=value)
    top = one_row(table.aggregate(top=table.value.max()))["top"]
    edges = _edges(top)
    bracket = ibis.literal(0)
    for edge in edges:
        bracket = bracket + (table.value >= edge).cast("int32")
    table = table.mutate(bracket=bracket)
    grouped = table.group_by("bracket")
    found = frame(grouped.aggregate(customers=table.count(), total=table.value.sum()))
    bounds = pd.DataFrame(
        {
            "bracket": range(len(edges) + 1),
            "low": [-np.inf, *edges],
            "high": [*edges, np.inf],
        }
    )
    table_of_brackets = bounds.merge(found, on="bracket", how="left").fillna({"customers": 0, "total": 0.0})
    table_of_brackets["customers"] = table_of_brackets["customers"].astype("int64")
    occupied = table_of_brackets.index[table_of_brackets["customers"] > 0]
    if not len(occupied):
        return table_of_brackets.iloc[:0].drop(columns="bracket")
    kept = table_of_brackets.loc[occupied[0] : occupied[-1]]
    return kept.drop(columns="bracket").reset_index(drop=True)


def merchant_inputs(
    facts: ir.Table, as_of: date, first_day: date, customer_summary: ir.Table | None = None
) -> dict[str, Figure]:
    """Compute what the calculators ask for, from the merchant's last year.

    Parameters
    ----------
    facts : ibis Table, one row per order
        At least the two years up to ``as_of``; ``scope.facts(..., history=True)``.
    as_of, first_day : date
        The span of the data.
    customer_summary : ibis Table, optional
        ``acquisition_cost`` (currency of the workspace).

    Returns
    -------
    dict of code to Figure
        ``customers`` (known customers of the last 365 days), ``average_order``, ``orders_per_year``
        (per such customer), ``margin_rate`` (of orders with a known or assumed margin),
        ``retention`` (of those who bought in the year before, the share who bought in the last
        one: the yearly rate the formulas mean), ``acquisition_cost`` (mean over the customers
        with one). Each is missing with a reason where the data cannot carry it.
    """
    row = one_row(_two_years(facts, as_of))
    year = one_row(_last_year(facts, as_of))
    days = (as_of - first_day).days + 1
    orders = year["known_orders"]
    found = [
        Figure("customers", row["this_year"], "count"),
        ratio("average_order", year["known_revenue"], orders, "money", "no_orders"),
        _if_long_enough(
            ratio("orders_per_year", orders, row["this_year"], "number", "no_customers"),
            days >= YEAR_DAYS,
        ),
        ratio("margin_rate", year["margin"], year["margin_revenue"], "share", "no_margin"),
        _if_long_enough(
            ratio("retention", row["both_years"], row["year_before"], "share", "no_history"),
            days >= 2 * YEAR_DAYS,
        ),
        _acquisition_cost(customer_summary),
    ]
    return {each.code: each for each in found}


def returned(facts: ir.Table, as_of: date) -> tuple[int, int]:
    """Customers of the year before the last one, and those of them who bought in the last.

    Parameters
    ----------
    As for :func:`merchant_inputs`.

    Returns
    -------
    int, int
    """
    row = one_row(_two_years(facts, as_of))
    return row["year_before"], row["both_years"]


def _statistics(table: ir.Table) -> Mapping[str, ir.Value]:
    return {
        "customers": table.count(),
        "orders": table.orders.sum(),
        "revenue": table.revenue.sum(),
        "margin": table.margin.sum(),
        "mean_revenue": table.revenue.mean(),
        "median_revenue": table.revenue.quantile(0.5),
        "mean_margin": table.margin.mean(),
        "mean_orders": table.orders.mean(),
    }


def _edges(top: float | None) -> list[float]:
    """1, 2, 5, 10 ... up to the first above the highest value; at least three decades are kept."""
    if top is None or top <= 0:
        return [1.0]
    decades = range(int(np.floor(np.log10(top))) + 2)
    edges = [step * 10.0**decade for decade in decades for step in BRACKETS_PER_DECADE]
    above = next((i for i, edge in enumerate(edges) if edge > top), len(edges) - 1)
    first = max(0, above - 4 * len(BRACKETS_PER_DECADE))
    return edges[first : above + 1] if edges else [1.0]


def _if_long_enough(found: Figure, long_enough: bool) -> Figure:
    if long_enough:
        return found
    return figure(found.code, None, found.unit, "short_history")


def _two_years(facts: ir.Table, as_of: date) -> ir.Table:
    recent = as_of - timedelta(days=YEAR_DAYS)
    bought = facts.filter(
        facts.is_purchase
        & facts.customer_key.notnull()
        & (facts.day > ibis.literal(recent - timedelta(days=YEAR_DAYS)))
        & (facts.day <= ibis.literal(as_of))
    )
    late = bought.day > ibis.literal(recent)
    each = bought.group_by("customer_key").aggregate(
        late=count_where(bought, late), early=count_where(bought, ~late)
    )
    return each.aggregate(
        this_year=count_where(each, each.late > 0),
        year_before=count_where(each, each.early > 0),
        both_years=count_where(each, (each.late > 0) & (each.early > 0)),
    )


def _last_year(facts: ir.Table, as_of: date) -> ir.Table:
    year = facts.filter(
        (facts.day > ibis.literal(as_of - timedelta(days=YEAR_DAYS))) & (facts.day <= ibis.literal(as_of))
    )
    known = year.customer_key.notnull()
    return year.aggregate(
        known_orders=count_where(year, year.is_purchase & known),
        known_revenue=year.amount.sum(where=known),
        margin=year.margin.sum(),
        margin_revenue=year.amount.sum(where=year.margin.notnull()),
    )


def _acquisition_cost(customer_summary: ir.Table | None) -> Figure:
    if customer_summary is None:
        return Figure("acquisition_cost", None, "money", "no_cost")
    cost = customer_summary.acquisition_cost.cast("float64").mean()
    value = one_row(customer_summary.aggregate(value=cost))["value"]
    return figure("acquisition_cost", value, "money", "no_cost")
