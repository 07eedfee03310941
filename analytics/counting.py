"""Counting rows that meet a condition, 0 on every engine where there are none."""

from __future__ import annotations

import ibis.expr.types as ir


def count_where(table: ir.Table, condition: ir.BooleanValue) -> ir.IntegerValue:
    """Count the rows of a table that meet a condition.

    On Spark a conditional count is compiled to a sum, and the sum over no rows is null.
    """
    return table.count(where=condition).coalesce(0)
