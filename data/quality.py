"""How complete a snapshot is: rows, span and missing values of each table, and how precise its places are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import ibis.expr.types as ir

from data.engines import Tables
from data.schema import GEO_PRECISIONS, TABLES, Table

TIMES: Final = {
    "transactions": "ordered_at",
    "customers": "joined_at",
    "settlements": "settled_at",
    "consents": "at",
    "stores": "opened_on",
    "feedback": "given_at",
    "spend": "month",
}
"""The column that says when a row of a table happened."""


@dataclass(frozen=True, slots=True)
class TableQuality:
    """One table: its rows, its span, and the share of rows in which each column is filled (0..1)."""

    name: str
    rows: int
    first: date | None
    last: date | None
    filled: dict[str, float]


def table_quality(tables: Tables, name: str) -> TableQuality | None:
    """Count what a table holds.

    Parameters
    ----------
    tables : Tables
    name : str
        A table of ``data.schema.TABLES``.

    Returns
    -------
    TableQuality or None
        None where the snapshot does not hold the table.
    """
    if not tables.has(name):
        return None
    table, spec = tables.table(name), TABLES[name]
    counted = _row(_counts(table, spec))
    rows = int(counted["rows"])
    filled = {
        column.name: (counted[f"filled_{column.name}"] / rows if rows else 0.0)
        for column in spec.columns
        if f"filled_{column.name}" in counted
    }
    return TableQuality(name, rows, _day(counted.get("first")), _day(counted.get("last")), filled)


def geo_precisions(tables: Tables) -> dict[str, int]:
    """Customers by what their coordinates stand for, most precise first; codes of ``GEO_PRECISIONS``."""
    summary = tables.table("customer_summary")
    precision = summary.geo_precision.fill_null("none")
    counted = summary.group_by(precision=precision).aggregate(n=summary.count())
    found = {row["precision"]: int(row["n"]) for row in counted.to_pyarrow().to_pylist()}
    return {code: found[code] for code in GEO_PRECISIONS if code in found}


def identical_lines(tables: Tables) -> int:
    """Order lines beyond the first among those that agree in every value; they are kept."""
    transactions = tables.table("transactions")
    if "line_hash" not in transactions.columns:
        return 0
    counted = _row(
        transactions.aggregate(rows=transactions.count(), different=transactions.line_hash.nunique())
    )
    return int(counted["rows"]) - int(counted["different"])


def _counts(table: ir.Table, spec: Table) -> ir.Table:
    counts: dict[str, ir.Value] = {"rows": table.count()}
    for column in spec.columns:
        if column.name in table.columns:
            counts[f"filled_{column.name}"] = table[column.name].count()
    time = TIMES[spec.name]
    if time in table.columns:
        counts |= {"first": table[time].min(), "last": table[time].max()}
    return table.aggregate(**counts)


def _row(expression: ir.Table) -> dict[str, Any]:
    found: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    return found[0]


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
