"""The customers behind any number: who they are, by id and figures only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import ibis
import ibis.expr.types as ir

from analytics import rfm, rfm_grid
from analytics.scope import MISSING

COLUMNS: Final = (
    "customer_id",
    "lifecycle",
    "rfm_segment",
    "region_code",
    "main_channel",
    "main_store_id",
    "orders",
    "revenue",
    "margin",
    "first_day",
    "last_day",
)
"""What a list shows: no name, no contact."""

SORTS: Final = ("revenue", "margin", "orders", "first_day", "last_day", "customer_id")
MOST_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which customers. Empty means all; what is set must hold at once.

    ``rfm_scores`` are triples (r, f, m); a None in a triple stands for any score.
    ``cohort`` is the month of the first purchase; ``""`` in a tuple stands for not known.
    """

    lifecycles: tuple[str, ...] = ()
    rfm_segments: tuple[str, ...] = ()
    rfm_scores: tuple[tuple[int | None, int | None, int | None], ...] = ()
    region_codes: tuple[str, ...] = ()
    main_channels: tuple[str, ...] = ()
    main_store_ids: tuple[str, ...] = ()
    cohort: date | None = None


def profiles(
    customers: ir.Table,
    customer_summary: ir.Table,
    assigned: ir.Table,
    cutoffs: rfm.Cutoffs | None,
    grid: rfm_grid.Grid | None,
    as_of: date,
) -> ir.Table:
    """Everything a list can show or be narrowed by, one row per customer.

    Parameters
    ----------
    customers : ibis Table
        ``value.per_customer`` of the scope: its orders, revenue, margin and days are shown.
    customer_summary : ibis Table
        The mart: id, region, main channel and store.
    assigned : ibis Table
        ``lifecycle.assign`` as of the same day.
    cutoffs, grid : optional
        How the same customers are scored and named; without them the RFM columns are null.
    as_of : date
        The day recency is counted back from.

    Returns
    -------
    ibis Table: ``customer_key``, ``COLUMNS``, ``r``, ``f``, ``m``.
    """
    recency = ibis.literal(as_of).delta(customers.last_day, unit="day").cast("int32")
    table = customers.mutate(
        recency_days=recency, frequency=customers.orders, monetary_value=customers.revenue
    )
    if cutoffs is None or grid is None:
        nothing = ibis.null("int32")
        table = table.mutate(r=nothing, f=nothing, m=nothing, rfm_segment=ibis.null("string"))
    else:
        table = rfm_grid.name(rfm.score(table, cutoffs), grid)
    who = customer_summary.select(
        "customer_key", "customer_id", "region_code", "main_channel", "main_store_id"
    )
    table = table.inner_join(who, "customer_key")
    table = table.left_join(assigned.select("customer_key", "lifecycle"), "customer_key")
    return table.select("customer_key", *COLUMNS, "r", "f", "m")


def select(table: ir.Table, selection: Selection) -> ir.Table:
    """Keep the profiles a selection names."""
    wanted = {
        "lifecycle": selection.lifecycles,
        "rfm_segment": selection.rfm_segments,
        "region_code": selection.region_codes,
        "main_channel": selection.main_channels,
        "main_store_id": selection.main_store_ids,
    }
    for column, values in wanted.items():
        if values:
            table = table.filter(_is_one_of(table[column], values))
    if selection.rfm_scores:
        table = table.filter(_has_scores(table, selection.rfm_scores))
    if selection.cohort is not None:
        month = table.first_day.truncate("M").cast("date")
        table = table.filter(month == ibis.literal(selection.cohort))
    return table


def page(
    table: ir.Table,
    *,
    sort: str = "revenue",
    descending: bool = True,
    number: int = 0,
    size: int = 50,
) -> ir.Table:
    """One page of a list, in an order that is the same each time.

    Parameters
    ----------
    table : ibis Table
        From :func:`profiles`, narrowed or not.
    sort : one of ``SORTS``
        Ties are broken by ``customer_id``.
    number : int
        The page, from 0.
    size : int
        Rows of a page, 1 to 1000.

    Returns
    -------
    ibis Table: ``COLUMNS``, at most ``size`` rows.

    Raises
    ------
    ValueError : an unknown column, or a page that cannot exist.
    """
    if sort not in SORTS:
        raise ValueError(f"sort takes {list(SORTS)}; got {sort!r}.")
    if number < 0 or not 1 <= size <= MOST_ROWS:
        raise ValueError(f"A page has number >= 0 and size 1 to {MOST_ROWS}; got {number}, {size}.")
    key = ibis.desc(table[sort], nulls_first=False) if descending else ibis.asc(table[sort])
    ordered = table.order_by(key, table.customer_id).limit(size, offset=number * size)
    return ordered.select(*COLUMNS)


def _is_one_of(column: ir.StringColumn, values: tuple[str, ...]) -> ir.BooleanValue:
    known = [value for value in values if value != MISSING]
    condition = column.isin(known) if known else ibis.literal(value=False)
    return condition | column.isnull() if MISSING in values else condition


def _has_scores(
    table: ir.Table, wanted: tuple[tuple[int | None, int | None, int | None], ...]
) -> ir.BooleanValue:
    any_of = ibis.literal(value=False)
    for triple in wanted:
        this = ibis.literal(value=True)
        for column, value in zip(("r", "f", "m"), triple, strict=True):
            if value is not None:
                this = this & (table[column] == value)
        any_of = any_of | this
    return any_of
