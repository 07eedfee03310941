"""Whole receipts that come after their own lines: the lines stay, whatever the order of import.

A till writes one file of receipts and one of the items on them. Of an order that is known by its products,
a later file of whole receipts of the same system says only what became of it: its status.
"""

# ruff: noqa: S608  values reach a statement through sql.text and sql.parquet only

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from data.importing import sql
from data.importing.merge import line_hash

_DETAILED: Final = "(product_id IS NOT NULL OR product_name IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Yielded:
    """What is left to be merged after whole receipts gave way to their lines.

    Attributes
    ----------
    old : tuple of Path
        The table's files, with new statuses.
    new : Path
        The receipts whose lines are not known.
    same, updated : int
        Receipts that gave way: those that say nothing new, and those whose status is another now.
    """

    old: tuple[Path, ...]
    new: Path
    same: int = 0
    updated: int = 0


def yield_to_lines(
    connection: duckdb.DuckDBPyConnection, old: Sequence[Path], new: Path, work: Path
) -> Yielded:
    """Take out of a file of whole receipts those that are known by their items.

    Parameters
    ----------
    connection : DuckDBPyConnection
    old : sequence of Path
        Parquet of the table ``transactions``.
    new : Path
        Parquet of the accepted rows, one a receipt.
    work : Path
        Folder for files that are written anew.

    Returns
    -------
    Yielded
    """
    if not old:
        return Yielded((), new)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE said AS "
        "SELECT order_id, system, first([status]) AS said, count(*) AS n "
        f"FROM {sql.parquet([new])} WHERE NOT {_DETAILED} GROUP BY ALL"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE finer AS SELECT order_id, any_value(said) AS said, "
        f"first([status]) AS held, any_value(n) AS n FROM (FROM {sql.parquet(old)} WHERE {_DETAILED}) "
        "JOIN said USING (order_id, system) GROUP BY order_id"
    )
    given = sql.one(connection, "SELECT coalesce(sum(n), 0) FROM finer")
    if not given:
        return Yielded(tuple(old), new)
    connection.execute("CREATE OR REPLACE TEMP TABLE restated AS FROM finer WHERE said <> held")
    updated = sql.one(connection, "SELECT coalesce(sum(n), 0) FROM restated")
    rest = work / "receipts-without-lines.parquet"
    query = f"FROM {sql.parquet([new])} WHERE order_id NOT IN (SELECT order_id FROM finer)"
    connection.execute(f"COPY ({query}) TO {sql.text(rest)} (FORMAT parquet)")
    files = [_restated(connection, file, number, work) for number, file in enumerate(old)] if updated else old
    return Yielded(tuple(files), rest, given - updated, updated)


def _restated(connection: duckdb.DuckDBPyConnection, file: Path, number: int, work: Path) -> Path:
    """A file whose lines of restated orders have the new status; the file itself where it has none."""
    touched = f"SELECT count(*) FROM {sql.parquet([file])} SEMI JOIN restated USING (order_id)"
    if not sql.one(connection, touched):
        return file
    target = work / f"restated-{number}.parquet"
    status = "CASE WHEN r.said IS NULL THEN t.status ELSE r.said[1] END"
    joined = f"{sql.parquet([file])} t LEFT JOIN restated r USING (order_id)"
    rows = f"SELECT t.* REPLACE ({status} AS status) FROM {joined}"
    connection.execute(
        f"COPY (SELECT * REPLACE ({line_hash('transactions')} AS line_hash) FROM ({rows})) "
        f"TO {sql.text(target)} (FORMAT parquet)"
    )
    return target
