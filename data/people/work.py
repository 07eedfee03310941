"""The temporary tables in which people are found; they are gone when it is done."""

# ruff: noqa: S608  what reaches a statement are numbers and names of ours

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import duckdb

_PREFIX: Final = "people_"


class Work:
    """Tables ``people_<name>`` of a connection.

    Parameters
    ----------
    connection : DuckDB connection
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def run(self, statement: str) -> None:
        self.connection.execute(statement)

    def make(self, name: str, query: str) -> None:
        """Fill a table with what a query finds."""
        self.run(f"CREATE OR REPLACE TEMP TABLE {_PREFIX}{name} AS {query}")

    def given(self, name: str, types: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Fill a table with rows; ``types`` are SQL types by column."""
        columns = ", ".join(f"{column} {kind}" for column, kind in types.items())
        self.run(f"CREATE OR REPLACE TEMP TABLE {_PREFIX}{name} ({columns})")
        values = list(rows)
        if values:
            marks = ", ".join("?" * len(types))
            self.connection.executemany(f"INSERT INTO {_PREFIX}{name} VALUES ({marks})", values)

    def count(self, name: str) -> int:
        row = self.connection.execute(f"SELECT count(*) FROM {_PREFIX}{name}").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def working(connection: duckdb.DuckDBPyConnection) -> Iterator[Work]:
    """Work tables that are gone afterwards; ``people`` stays."""
    try:
        yield Work(connection)
    finally:
        held = connection.execute(
            f"SELECT table_name FROM duckdb_tables() WHERE temporary AND starts_with(table_name, '{_PREFIX}')"
        ).fetchall()
        for (name,) in held:
            connection.execute(f"DROP TABLE {name}")
