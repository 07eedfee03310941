"""Orders of which a later state is known: an older export of the same system does not turn them back.

A marketplace gives an order as it stands on the day of the export, so two months that overlap tell one order
twice. Whichever of the files is imported last, the order stays as far as it has come.
"""

# ruff: noqa: S608  values reach a statement through sql.text and sql.parquet only

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from data.importing import sql

_ON_THE_WAY: Final = ("pending", "paid", "shipped", "delivered")
"""In this order; every other status says how an order ended, and the last that says so holds."""


def without_older(
    connection: duckdb.DuckDBPyConnection, old: Sequence[Path], new: Path, work: Path
) -> tuple[Path, int]:
    """Take out of an export the orders that are known to have come further.

    Parameters
    ----------
    connection : DuckDBPyConnection
    old : sequence of Path
        Parquet of the table ``transactions``.
    new : Path
        Parquet of the accepted rows of one file.
    work : Path
        Folder for what is written anew.

    Returns
    -------
    (Path, int)
        The rows to merge, and how many were taken out. An order is as far as its line that is least far.
    """
    if not old:
        return new, 0
    waiting = f"{sql.parquet([new])} WHERE status IN {_ON_THE_WAY}"  # the least far of an order's lines
    connection.execute(f"CREATE OR REPLACE TEMP TABLE on_the_way AS {_far(waiting)}")
    held = f"{sql.parquet(old)} SEMI JOIN on_the_way USING (order_id, system)"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE older AS SELECT order_id FROM on_the_way n "
        f"JOIN ({_far(held)}) o USING (order_id, system) WHERE n.far < o.far"
    )
    taken = sql.one(connection, f"SELECT count(*) FROM {sql.parquet([new])} SEMI JOIN older USING (order_id)")
    if not taken:
        return new, 0
    rest = work / "without-older.parquet"
    query = f"FROM {sql.parquet([new])} ANTI JOIN older USING (order_id)"
    connection.execute(f"COPY ({query}) TO {sql.text(rest)} (FORMAT parquet)")
    return rest, taken


def _far(rows: str) -> str:
    """SQL of how far each order of some rows has come."""
    steps = " ".join(f"WHEN {sql.text(code)} THEN {step}" for step, code in enumerate(_ON_THE_WAY))
    far = f"min(CASE status {steps} ELSE {len(_ON_THE_WAY)} END)"
    return f"SELECT order_id, system, {far} AS far FROM {rows} GROUP BY ALL"
