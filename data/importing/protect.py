"""What an import must not keep: identity numbers become keyed hashes, and who was erased stays out."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from data.erasure_rules import concerns, is_erased, prepare, read_list, without
from data.identity_numbers import LOOSE, hidden, replaced
from data.importing import sql
from data.importing.merge import line_hash
from data.people import keys
from data.schema import TABLES, Column

NOT_OF_PEOPLE: Final = frozenset(
    {
        *("product_id", "product_name", "category", "store_id", "currency", "channel", "system", "country"),
        *("payment_method", "courier", "coupon_code", "purpose", "source", "tier", "owner", "region"),
        *("acquisition_channel", "kind", "status", "delivery_status", "postcode"),
    }
)
"""Texts that name things: a long number there is an article's or an order's."""


@dataclass(frozen=True, slots=True)
class Protected:
    """What was done: identity numbers hashed, rows kept out, sales that lost their customer."""

    identity_numbers: int = 0
    kept_out: int = 0
    unnamed: int = 0


def protect(
    connection: duckdb.DuckDBPyConnection, root: Path, country: str, table: str, file: Path
) -> Protected:
    """Protect the accepted rows of a file, in place, before they are merged.

    Parameters
    ----------
    connection : DuckDBPyConnection
    root : Path
        The workspace's folder, where its key and its list of the erased are.
    country : str
    table : str
    file : Path
        Parquet; written anew where there is anything to do.

    Returns
    -------
    Protected
    """
    numbers = _hash_numbers(connection, root, table, file)
    erased = read_list(root) if concerns(table) else {}
    if not any(erased.values()):
        return Protected(numbers)
    prepare(connection, keys.key_of(root), erased)
    rows = f"read_parquet({sql.text(file)})"
    columns = _columns(connection, rows)
    condition = is_erased(table, columns, country)
    found = sql.one(connection, f"SELECT count(*) FROM {rows} WHERE {condition}")
    if not found:
        return Protected(numbers)
    _rewrite(connection, without(table, rows, columns, condition), file)
    return (
        Protected(numbers, unnamed=found)
        if table in ("transactions", "feedback")
        else Protected(numbers, found)
    )


def covered(columns: Sequence[str], row: Sequence[Any]) -> tuple[Any, ...]:
    """A row for a screen, identity numbers in its texts covered."""
    return tuple(
        hidden(cell, is_phone=name == "phone")
        if isinstance(cell, str) and name not in NOT_OF_PEOPLE and name != "order_id"
        else cell
        for name, cell in zip(columns, row, strict=True)
    )


def protect_values(connection: duckdb.DuckDBPyConnection, root: Path, file: Path) -> None:
    """Hash the identity numbers among the values of refused rows."""
    rows = f"read_parquet({sql.text(file)})"
    mapped, _ = _mapped(connection, root, "value", rows, is_phone=False)
    if mapped:
        _rewrite(connection, f"SELECT r.* REPLACE ({_swapped('value')}) FROM {rows} r", file)


def _hash_numbers(connection: duckdb.DuckDBPyConnection, root: Path, table: str, file: Path) -> int:
    rows = f"read_parquet({sql.text(file)})"
    held = _columns(connection, rows)
    count = 0
    for column in TABLES[table].columns:
        if column.name not in held or not _may_hold(column):
            continue
        is_made = column.name == "order_id"
        if is_made and "order_id_derived" not in held:
            continue
        # An order number of a marketplace is long too; only one made of a customer's can hold theirs.
        of = f"{rows} WHERE order_id_derived" if is_made else rows
        mapped, found = _mapped(connection, root, column.name, of, is_phone=column.name == "phone")
        if not mapped:
            continue
        count += 0 if is_made else found
        touched = f"{sql.name(column.name)} IN (SELECT before FROM protected)"
        changed = (
            f"SELECT r.*, coalesce({touched}{' AND order_id_derived' if is_made else ''}, false) AS theirs "
        )
        changed += f"FROM {rows} r"
        query = f"SELECT * REPLACE ({_swapped(column.name, 'theirs')}) FROM ({changed}) r"
        if "line_hash" in held:
            again = f"CASE WHEN theirs THEN {line_hash(table)} ELSE line_hash END AS line_hash"
            query = f"SELECT * REPLACE ({again}) FROM ({query})"
        _rewrite(connection, f"SELECT * EXCLUDE (theirs) FROM ({query})", file)
    return count


def _may_hold(column: Column) -> bool:
    return column.kind == "text" and not column.allowed and column.name not in NOT_OF_PEOPLE


def _mapped(
    connection: duckdb.DuckDBPyConnection, root: Path, column: str, rows: str, *, is_phone: bool
) -> tuple[bool, int]:
    """The temporary table ``protected`` of texts before and after; whether there are any, and the cells."""
    name = sql.name(column)
    where = f"{'AND' if ' WHERE ' in rows else 'WHERE'} regexp_matches({name}, {sql.text(LOOSE)})"
    values = connection.execute(f"SELECT {name}, count(*) FROM {rows} {where} GROUP BY 1").fetchall()
    if not values:
        return False, 0
    key = keys.key_of(root)
    pairs = [(v, made, n * c) for v, n in values for made, c in [replaced(v, key, is_phone=is_phone)] if c]
    if not pairs:
        return False, 0
    connection.execute("CREATE OR REPLACE TEMP TABLE protected (before VARCHAR, after VARCHAR)")
    connection.execute(
        "INSERT INTO protected SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[each[0] for each in pairs], [each[1] for each in pairs]],
    )
    return True, sum(each[2] for each in pairs)


def _swapped(column: str, condition: str = "true") -> str:
    name = sql.name(column)
    found = f"(SELECT any_value(after) FROM protected WHERE before = r.{name})"
    return f"CASE WHEN {condition} THEN coalesce({found}, {name}) ELSE {name} END AS {name}"


def _columns(connection: duckdb.DuckDBPyConnection, rows: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()]


def _rewrite(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    made = file.with_name(f"{file.stem}-protected.parquet")
    connection.execute(f"COPY ({query}) TO {sql.text(made)} (FORMAT parquet)")
    os.replace(made, file)
