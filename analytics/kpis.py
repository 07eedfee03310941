"""The headline numbers of one window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import ibis.expr.types as ir

from analytics import retention
from analytics.counting import count_where
from analytics.figures import Delta, Figure, delta, figure, ratio
from analytics.lifecycle import Windows
from analytics.results import one_row
from analytics.scope import Scope, facts, within

CODES: Final = (
    "revenue",
    "orders",
    "customers",
    "new",
    "active",
    "repeat_rate",
    "retention_rate",
    "average_order",
    "existing_share",
    "identification_rate",
)
"""The numbers of the Overview, in the order they are shown."""

SUMS: Final = (
    "revenue",
    "orders",
    "new_customers",
    "identified_orders",
    "identified_revenue",
    "existing_revenue",
)
"""What adds up over days, regions, stores and channels."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The numbers of ``CODES`` for one scope, and the four counts behind the retention rate."""

    scope: Scope
    figures: Mapping[str, Figure]
    retention: retention.Retention

    def __getitem__(self, code: str) -> Figure:
        return self.figures[code]

    def __iter__(self) -> Iterator[Figure]:
        return (self.figures[code] for code in CODES)


def headline(
    orders: ir.Table,
    order_categories: ir.Table,
    daily: ir.Table,
    scope: Scope,
    *,
    windows: Windows | None = None,
    first_day: date | None = None,
) -> Headline:
    """Compute the headline numbers of a window.

    Sums come from ``daily`` where no category and no segment is asked for, else from the orders;
    the customers, who do not add up over days, always from the orders.

    Parameters
    ----------
    orders, order_categories, daily : ibis Table
        The marts of those names.
    scope : Scope
    windows : Windows, optional
        What active means.
    first_day : date, optional
        The first day of the data. Where it lies less than ``lapse_days`` before the window the
        base of the retention rate is not fully known, and the figure carries a note.

    Returns
    -------
    Headline
    """
    windows = windows or Windows()
    sums = one_row(sums_of(orders, order_categories, daily, scope, windows=windows))
    history = facts(orders, order_categories, scope, windows=windows, history=True)
    counts = one_row(retention.customer_counts(history, scope.start, scope.end, windows))
    base_from = scope.start - timedelta(days=windows.lapse_days)
    short = first_day is not None and first_day > base_from
    figures = {
        **_sum_figures(sums),
        **_customer_figures(counts, sums),
        "retention_rate": retention.rate_figure(counts, short_history=short),
    }
    return Headline(scope, {code: figures[code] for code in CODES}, retention.from_counts(counts))


def deltas(now: Headline, before: Headline | None) -> dict[str, Delta]:
    """Return the change of every headline number; pass None where there is no comparison."""
    return {code: delta(now[code], before[code] if before else None) for code in CODES}


def sums_of(
    orders: ir.Table,
    order_categories: ir.Table,
    daily: ir.Table,
    scope: Scope,
    *,
    by: Mapping[str, ir.Value] | tuple[str, ...] = (),
    windows: Windows | None = None,
) -> ir.Table:
    """Return the additive numbers of a scope, from the smallest table that has them.

    Parameters
    ----------
    by : tuple of str
        Columns to group by: ``day``, ``region_code``, ``store_id``, ``channel``, ``kind``,
        ``currency``. Empty: one row.

    Returns
    -------
    ibis Table
        ``by`` and ``SUMS``: ``revenue``, ``orders`` (purchases), ``new_customers``,
        ``identified_orders``, ``identified_revenue``, ``existing_revenue`` (of a known customer's
        second and later purchases). No orders at all give 0.
    """
    if scope.is_additive:
        source = within(daily, scope)
        sums = {name: source[name].sum() for name in SUMS}
    else:
        source = facts(orders, order_categories, scope, windows=windows)
        sums = _order_sums(source)
    sums = {name: value.coalesce(0) for name, value in sums.items()}
    return source.group_by(*by).aggregate(**sums) if by else source.aggregate(**sums)


def identification(sums: ir.Table) -> ir.Table:
    """Add ``identification_rate`` (0..1) to the result of :func:`sums_of`; null without orders."""
    return sums.mutate(identification_rate=sums.identified_orders / sums.orders.nullif(0))


def _order_sums(source: ir.Table) -> dict[str, ir.Value]:
    """The definitions of the ``daily`` mart, on orders."""
    known = source.customer_key.notnull()
    return {
        "revenue": source.amount.sum(),
        "orders": count_where(source, source.is_purchase),
        "new_customers": count_where(source, source.nth == 1),
        "identified_orders": count_where(source, source.is_purchase & known),
        "identified_revenue": source.amount.sum(where=known),
        "existing_revenue": source.amount.sum(where=source.nth > 1),
    }


def _sum_figures(sums: Mapping[str, Any]) -> dict[str, Figure]:
    orders, revenue = sums["orders"], sums["revenue"]
    return {
        "revenue": Figure("revenue", revenue, "money"),
        "orders": Figure("orders", orders, "count"),
        "average_order": ratio("average_order", revenue, orders, "money", "no_orders"),
        "existing_share": ratio(
            "existing_share",
            sums["existing_revenue"],
            sums["identified_revenue"],
            "share",
            "no_identified_revenue",
        ),
        "identification_rate": ratio(
            "identification_rate",
            sums["identified_orders"],
            orders,
            "share",
            "no_orders",
        ),
    }


def _customer_figures(counts: Mapping[str, Any], sums: Mapping[str, Any]) -> dict[str, Figure]:
    # Where all sales are unidentified the number of customers is unknown, not 0.
    unknown = bool(sums["orders"]) and not sums["identified_orders"]
    numbers = {
        "customers": counts["customers"],
        "active": counts["active"],
        "new": sums["new_customers"],
    }
    return {
        **{
            code: figure(code, None if unknown else number, "count", "no_customers")
            for code, number in numbers.items()
        },
        "repeat_rate": ratio(
            "repeat_rate", counts["repeaters"], counts["customers"], "share", "no_customers"
        ),
    }
