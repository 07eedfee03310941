"""What is left of a table when a customer is erased: sales without a customer, and nothing else of theirs.

The same rules run when a customer is erased (over every snapshot) and at each later import (over what a file
brings back), so that a file imported again changes nothing.
"""

# ruff: noqa: S608  values reach a statement as parameters or as quoted names

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

from data.importing import sql
from data.importing.merge import line_hash
from data.people import keys, normal
from data.schema import TABLES

FOLDER: Final = "privacy"
LIST: Final = "erased.json"
KINDS: Final = ("id", "phone", "email", "member_number")

_ROWS_GO: Final = ("customers", "consents")
_BECOME_NOBODYS: Final = ("transactions", "feedback")


def read_list(root: Path) -> dict[str, list[int]]:
    """The keyed hashes of who was erased, by kind (``KINDS``); empty lists where nobody was.

    Parameters
    ----------
    root : Path
        The workspace's folder.
    """
    file = root / FOLDER / LIST
    held = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {kind: [int(value) for value in held.get(kind, ())] for kind in KINDS}


def hashed(key: bytes, kind: str, value: str) -> int:
    """The keyed hash under which a normalised value stands in the list."""
    return keys.number(key, f"erased {kind}", value)


def prepare(connection: duckdb.DuckDBPyConnection, key: bytes, erased: Mapping[str, Sequence[int]]) -> None:
    """Hand the key and the list to a connection, for :func:`is_erased`."""
    keys.prepare(connection, key)
    for kind in KINDS:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE erased_{kind} (hash BIGINT)")
        if erased[kind]:
            connection.execute(f"INSERT INTO erased_{kind} SELECT unnest(?::BIGINT[])", [list(erased[kind])])


def is_erased(table: str, columns: Sequence[str], country: str) -> str:
    """SQL of whether a row is of somebody erased; call :func:`prepare` first.

    Rows of the customer table are theirs by their phone, e-mail or card too, and sales by the card: a
    system that gives a new id to the same person does not bring them back.

    Parameters
    ----------
    table : str
    columns : sequence of str
        The columns of the file.
    country : str
        How a phone without a country code is read.
    """
    tests = [f"coalesce({keys.sql('erased id', 'customer_id')} IN (FROM erased_id), false)"]
    written = {"member_number": normal.member_number_sql("member_number")}
    if table == "customers":
        written |= {"phone": normal.phone_sql("phone", country), "email": normal.email_sql("email")}
    if table in ("customers", "transactions"):
        tests += [
            f"coalesce({keys.sql(f'erased {kind}', value)} IN (FROM erased_{kind}), false)"
            for kind, value in written.items()
            if kind in columns
        ]
    return f"({' OR '.join(tests)})"


def concerns(table: str) -> bool:
    """Whether a table holds anything by customer."""
    return table in (*_ROWS_GO, *_BECOME_NOBODYS)


def without(table: str, rows: str, columns: Sequence[str], condition: str) -> str:
    """SQL of a table without the rows, or without the customer of the rows, that a condition picks.

    Parameters
    ----------
    table : str
        One that :func:`concerns` is true of.
    rows : str
        SQL of its rows.
    columns : sequence of str
    condition : str
        SQL, true for a row of somebody erased.

    Returns
    -------
    str
        Of ``transactions`` and ``feedback`` every row stays, without ``customer_id``, comment and card;
        of ``customers`` and ``consents`` the rows go. An ``order_id`` that was made of the customer's
        becomes a keyed hash of it, the same each time.
    """
    if table in _ROWS_GO:
        return f"SELECT * FROM {rows} WHERE NOT {condition}"
    changed = {"customer_id": "NULL::VARCHAR"}
    for personal in ("comment", "member_number"):
        if personal in columns:
            changed[personal] = "NULL::VARCHAR"
    if "order_id_derived" in columns:
        digest = f"lpad(to_hex({keys.sql('erased order', 'order_id')}), 15, '0')"
        changed["order_id"] = f"CASE WHEN order_id_derived THEN 'erased-' || {digest} ELSE order_id END"
    replaced = ", ".join(
        f"CASE WHEN theirs THEN {value} ELSE {sql.name(name)} END AS {sql.name(name)}"
        for name, value in changed.items()
    )
    marked = f"SELECT *, {condition} AS theirs FROM {rows}"
    table_of = f"SELECT * REPLACE ({replaced}) FROM ({marked})"
    if "line_hash" in columns:
        table_of = f"SELECT * REPLACE ({_rehashed(columns, 'theirs')}) FROM ({table_of})"
    return f"SELECT * EXCLUDE (theirs) FROM ({table_of})"


def _rehashed(columns: Sequence[str], condition: str) -> str:
    """The hash of a line made again, since the old one was made of the customer too."""
    whole = all(column.name in columns for column in TABLES["transactions"].given)
    made = line_hash("transactions") if whole else "0::BIGINT"  # another version makes all of them again
    return f"CASE WHEN {condition} THEN {made} ELSE line_hash END AS line_hash"
