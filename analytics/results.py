"""From an expression to a small result in Python, the same on every engine."""

from __future__ import annotations

from typing import Any

import ibis.expr.types as ir
import pandas as pd


def rows(expression: ir.Table) -> list[dict[str, Any]]:
    """Run an expression; one dictionary per row, with Python's own types and None for null."""
    result: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    return result


def one_row(expression: ir.Table) -> dict[str, Any]:
    """Run an expression that gives exactly one row.

    Raises
    ------
    ValueError : it gave none, or more.
    """
    found = rows(expression)
    if len(found) != 1:
        raise ValueError(f"one_row() needs an expression with one row; it gave {len(found)}.")
    return found[0]


def frame(expression: ir.Table) -> pd.DataFrame:
    """Run an expression as a pandas frame; dates stay ``datetime.date``."""
    result: pd.DataFrame = expression.to_pyarrow().to_pandas(date_as_object=True)
    return result


def in_order(table: pd.DataFrame, column: str, codes: tuple[str, ...]) -> pd.DataFrame:
    """One row per code, in that order; a code that does not occur has 0 everywhere.

    For counts and sums: what did not happen is 0 there, not unknown.
    """
    known = table.set_index(column).reindex(list(codes))
    return known.fillna(0).infer_objects().rename_axis(column).reset_index()
