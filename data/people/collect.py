"""Identities of a draft's customers, hashed, and the people among them: run before the marts are built.

The table ``identities`` remembers every identity that a customer was ever seen with, so that a later file
with a new number does not undo a merge, and files may come in any order. A customer who is gone (erased)
is gone from it too.
"""

# ruff: noqa: S608  values reach a statement as parameters or as quoted paths

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb

from data.people import decisions, keys, names, normal
from data.people.resolve import Found, folder_sql, resolve
from data.settings import settings
from data.snapshots import Draft, Snapshot
from data.workspaces import Config

IDENTITIES: Final = "identities"
PEOPLE: Final = "people"


def find(draft: Draft, config: Config) -> Found:
    """Write ``identities`` and, where somebody is merged, ``people`` into a draft.

    Parameters
    ----------
    draft : Draft
        Its tables are there; its marts are not.
    config : Config
        The country says how a phone without a country code is read.

    Returns
    -------
    Found
    """
    snapshot = draft.as_snapshot()
    with _connection(draft.root) as connection:
        seen = _seen(connection, snapshot, config)
        if not seen:
            return Found()
        keys.prepare(connection, keys.key_of(draft.root))
        _remember(connection, " UNION ALL ".join(seen), snapshot, draft.previous)
        if not _count(connection, "seen"):
            return Found()
        _copy(connection, "seen", draft.folder(IDENTITIES))
        before = draft.previous if draft.previous is not None and draft.previous.has(PEOPLE) else None
        found = resolve(
            connection,
            "seen",
            decisions.read(draft.root),
            lambda column: keys.sql("id", column),
            folder_sql(before.folder(PEOPLE)) if before else None,
        )
        if found.persons:
            _copy(connection, "people", draft.folder(PEOPLE))
        return found


def _seen(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, config: Config) -> list[str]:
    """Queries of customer_id, kind, value (text) and name: one for each kind that there is a column for."""
    queries = []
    if snapshot.has("customers"):
        customers = folder_sql(snapshot.folder("customers"))
        held = _columns(connection, customers)
        written = {
            "phone": normal.phone_sql("phone::VARCHAR", config.country),
            "email": normal.email_sql("email::VARCHAR"),
            "member_number": normal.member_number_sql("member_number::VARCHAR"),
        }
        queries += [
            f"SELECT customer_id, '{kind}' AS kind, {value} AS value, NULL::VARCHAR AS name FROM {customers}"
            for kind, value in written.items()
            if kind in held
        ]
        if queries and "name" in held:
            queries.append(f"SELECT customer_id, 'name', NULL::VARCHAR, name::VARCHAR FROM {customers}")
    return [*queries, *_cards(connection, snapshot), *_accounts(connection, snapshot)]


def _cards(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> list[str]:
    """Member numbers of sales, and customer ids of sales that are a number on somebody's card.

    A till asks for the card and calls it the customer. Such an id is a member number where no customer
    has that id and one has that number.
    """
    if not snapshot.has("transactions"):
        return []
    sold = folder_sql(snapshot.folder("transactions"))
    held = _columns(connection, sold)
    found = []
    if {"customer_id", "member_number"} <= held:
        found.append(
            "SELECT customer_id, 'member_number' AS kind, "
            f"{normal.member_number_sql('member_number')} AS value, NULL::VARCHAR AS name FROM "
            f"(SELECT DISTINCT customer_id, member_number FROM {sold} "
            "WHERE customer_id IS NOT NULL AND member_number IS NOT NULL)"
        )
    if not snapshot.has("customers") or "customer_id" not in held:
        return found
    customers = folder_sql(snapshot.folder("customers"))
    if "member_number" in _columns(connection, customers):
        found.append(
            "SELECT customer_id, 'member_number' AS kind, value, NULL::VARCHAR AS name FROM "
            f"(SELECT customer_id, {normal.member_number_sql('customer_id')} AS value FROM "
            f"(SELECT DISTINCT customer_id FROM {sold} WHERE customer_id IS NOT NULL) "
            f"ANTI JOIN {customers} USING (customer_id)) SEMI JOIN "
            f"(SELECT {normal.member_number_sql('member_number')} AS value FROM {customers}) USING (value)"
        )
    return found


def _accounts(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> list[str]:
    """Usernames, from the customer ids that a system gave."""
    ids = " UNION ".join(
        f"SELECT customer_id FROM {rows} WHERE strpos(customer_id, ':') > 0"
        for table in ("customers", "transactions")
        if snapshot.has(table)
        and "customer_id" in _columns(connection, rows := folder_sql(snapshot.folder(table)))
    )
    row = connection.execute(f"SELECT 1 FROM ({ids}) LIMIT 1").fetchone() if ids else None
    if row is None:
        return []
    return [
        "SELECT customer_id, 'account:' || split_part(account, ':', 1) AS kind, account AS value, "
        "NULL::VARCHAR AS name FROM "
        f"(SELECT customer_id, {normal.account_sql('customer_id')} AS account FROM ({ids})) "
        "WHERE account IS NOT NULL"
    ]


def _remember(
    connection: duckdb.DuckDBPyConnection, rows: str, now: Snapshot, before: Snapshot | None
) -> None:
    """The temporary table ``seen``: identities of now and before, no row twice, in one order."""
    connection.execute(f"CREATE TEMP TABLE given AS {rows}")  # each value is worked out once
    named = "SELECT customer_id, name FROM given WHERE kind = 'name' AND customer_id IS NOT NULL"
    parts = [
        f"SELECT customer_id, kind, {keys.sql_of('kind', 'value')} AS value, NULL::BIGINT[] AS tokens "
        "FROM given WHERE value IS NOT NULL AND customer_id IS NOT NULL",
        f"SELECT customer_id, 'name', NULL::BIGINT, tokens FROM ({names.tokens_query(named)})",
    ]
    if before is not None and before.has(IDENTITIES):
        ids = " UNION ".join(
            f"SELECT customer_id FROM {folder_sql(now.folder(table))}"
            for table in ("customers", "transactions")
            if now.has(table) and "customer_id" in _columns(connection, folder_sql(now.folder(table)))
        )
        parts.append(
            f"SELECT customer_id, kind, value, tokens FROM {folder_sql(before.folder(IDENTITIES))} "
            f"SEMI JOIN ({ids}) USING (customer_id)"
        )
    connection.execute(f"CREATE TEMP TABLE seen AS SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})")
    connection.execute("DROP TABLE given")


def _copy(connection: duckdb.DuckDBPyConnection, table: str, folder: Path) -> None:
    order = "customer_id, kind, value, tokens" if table == "seen" else "person_id, customer_id"
    target = str(folder / "part-0.parquet").replace("'", "''")
    connection.execute(
        f"COPY (SELECT * FROM {table} ORDER BY {order}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )


def _columns(connection: duckdb.DuckDBPyConnection, rows: str) -> set[str]:
    return {str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()}


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _connection(root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of its own: bounded memory, spilling beside the snapshots."""
    chosen = settings()
    with TemporaryDirectory(dir=root, prefix=".people-") as spill:
        options: dict[str, Any] = {"memory_limit": chosen.memory_limit, "temp_directory": spill}
        if chosen.threads:
            options["threads"] = chosen.threads
        with duckdb.connect(":memory:", config=options) as connection:
            yield connection
