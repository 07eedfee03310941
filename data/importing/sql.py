"""Statements: text is quoted here and nowhere else; types of the schema's columns; a number asked for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

TYPES: Final = {
    "text": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "money": "DECIMAL(18,4)",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}


def text(value: str | Path) -> str:
    """A value as an SQL string.

    Examples
    --------
    >>> text("Kedai 'A'")
    "'Kedai ''A'''"
    """
    return "'" + str(value).replace("'", "''") + "'"


def name(value: str) -> str:
    """A name as an SQL identifier.

    Examples
    --------
    >>> name("Order ID")
    '"Order ID"'
    """
    return '"' + value.replace('"', '""') + '"'


def texts(values: Iterable[str | Path]) -> str:
    """Values as an SQL list of strings.

    Examples
    --------
    >>> texts(["a", "b"])
    "['a', 'b']"
    """
    return "[" + ", ".join(text(v) for v in values) + "]"


def parquet(files: Iterable[str | Path]) -> str:
    """The rows of Parquet files, as what stands behind FROM.

    Examples
    --------
    >>> parquet(["a.parquet"])
    "read_parquet(['a.parquet'])"
    """
    return f"read_parquet({texts(files)})"


def folder(path: Path) -> str:
    """The rows of the Parquet files in a folder, as what stands behind FROM."""
    return f"read_parquet({text(path / '*.parquet')})"


def one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The whole number that a query tells in its one row; 0 without a row."""
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
