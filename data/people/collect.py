"""Identities of a draft's customers, hashed, and the people among them: run before the marts are built.

The table ``identities`` remembers every identity that a customer was ever seen with, so that a later file
with a new number does not undo a merge, and files may come in any order. A customer who is gone (erased)
is gone from it too. Only what the snapshot before did not hold is written and hashed anew.
"""

# ruff: noqa: S608  values reach a statement as parameters or as quoted paths

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb

from data.importing import sql
from data.people import decisions, keys, names, normal
from data.people.resolve import Found, resolve
from data.settings import settings
from data.snapshots import Draft, Snapshot
from data.workspaces import Config

IDENTITIES: Final = "identities"
_NOTHING: Final = (
    "SELECT NULL::VARCHAR AS customer_id, NULL::VARCHAR AS kind, NULL::VARCHAR AS value, "
    "NULL::VARCHAR AS name WHERE false"
)
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
        decided = decisions.read(draft.root)
        everyone = _everyone(connection, snapshot)
        rules = _rules(config)
        known = _known(connection, draft.previous, rules)
        seen = _seen(connection, snapshot, known, config)
        if not everyone or not (seen or known or decided.joined):
            return Found()
        keys.prepare(connection, keys.key_of(draft.root))
        _remember(connection, " UNION ALL ".join(seen or [_NOTHING]), snapshot, draft.previous)
        if not _count(connection, "seen") and not decided.joined:
            return Found()
        _copy(connection, "seen", draft.folder(IDENTITIES), rules)
        before = draft.previous if draft.previous is not None and draft.previous.has(PEOPLE) else None
        found = resolve(
            connection,
            "seen",
            decided,
            lambda column: keys.sql("id", column),
            sql.folder(before.folder(PEOPLE)) if before else None,
            everyone,
        )
        if found.persons:
            _copy(connection, "people", draft.folder(PEOPLE), rules)
        return found


def _seen(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, known: Snapshot | None, config: Config
) -> list[str]:
    """Queries of customer_id, kind, value (text) and name: one for each kind that there is a column for.

    Of what ``known`` has already nothing is asked again.
    """
    queries = []
    if snapshot.has("customers"):
        held = _columns(connection, sql.folder(snapshot.folder("customers")))
        written = {kind: value for kind, value in _written(config).items() if kind in held}
        names_too = ["name"] if written and "name" in held else []
        rows = _new(connection, "customers", ["customer_id", *written, *names_too], snapshot, known)
        queries += [
            f"SELECT customer_id, '{kind}' AS kind, {value} AS value, NULL::VARCHAR AS name FROM {rows}"
            for kind, value in written.items()
        ]
        if names_too:
            queries.append(f"SELECT customer_id, 'name', NULL::VARCHAR, name::VARCHAR FROM {rows}")
    return [
        *queries,
        *_cards(connection, snapshot, known),
        *_accounts(connection, snapshot, known),
    ]


def _written(config: Config) -> dict[str, str]:
    """The columns that identify, as they are compared."""
    return {
        "phone": normal.phone_sql("phone::VARCHAR", config.country),
        "email": normal.email_sql("email::VARCHAR"),
        "member_number": normal.member_number_sql("member_number::VARCHAR"),
    }


def _rules(config: Config) -> str:
    """A name for how identities are written: another one makes all hashes anew."""
    rules = [*_written(config).values(), normal.account_sql("customer_id"), names.words_sql("name")]
    return hashlib.sha256("\n".join(rules).encode()).hexdigest()[:16]


def _known(connection: duckdb.DuckDBPyConnection, before: Snapshot | None, rules: str) -> Snapshot | None:
    """The snapshot before, where its identities were written by the same rules."""
    if before is None or not before.has(IDENTITIES):
        return None
    files = sql.folder(before.folder(IDENTITIES)).replace("read_parquet", "parquet_kv_metadata", 1)
    row = connection.execute(f"SELECT value FROM {files} WHERE key = 'rules'::BLOB LIMIT 1").fetchone()
    return before if row is not None and bytes(row[0]).decode() == rules else None


def _new(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    now: Snapshot,
    known: Snapshot | None,
) -> str:
    """What can stand behind FROM: distinct rows of a table that the snapshot before did not have."""
    chosen = ", ".join(columns)
    rows = f"SELECT DISTINCT {chosen} FROM {sql.folder(now.folder(table))}"
    if known is not None and known.has(table):
        before = sql.folder(known.folder(table))
        if {*columns} <= _columns(connection, before):
            rows = f"{rows} EXCEPT SELECT {chosen} FROM {before}"
    return f"({rows})"


def _cards(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, known: Snapshot | None) -> list[str]:
    """Member numbers of sales, and customer ids of sales that are a number on somebody's card.

    A till asks for the card and calls it the customer. Such an id is a member number where no customer
    has that id and one has that number.
    """
    if not snapshot.has("transactions"):
        return []
    sold = sql.folder(snapshot.folder("transactions"))
    held = _columns(connection, sold)
    found = []
    if {"customer_id", "member_number"} <= held:
        pairs = _new(connection, "transactions", ["customer_id", "member_number"], snapshot, known)
        found.append(
            "SELECT customer_id, 'member_number' AS kind, "
            f"{normal.member_number_sql('member_number')} AS value, NULL::VARCHAR AS name FROM {pairs} "
            "WHERE customer_id IS NOT NULL AND member_number IS NOT NULL"
        )
    if not snapshot.has("customers") or "customer_id" not in held:
        return found
    customers = sql.folder(snapshot.folder("customers"))
    if "member_number" in _columns(connection, customers):
        found.append(
            "SELECT customer_id, 'member_number' AS kind, value, NULL::VARCHAR AS name FROM "
            f"(SELECT customer_id, {normal.member_number_sql('customer_id')} AS value FROM "
            f"(SELECT DISTINCT customer_id FROM {sold} WHERE customer_id IS NOT NULL) "
            f"ANTI JOIN {customers} USING (customer_id)) SEMI JOIN "
            f"(SELECT {normal.member_number_sql('member_number')} AS value FROM {customers} "
            "WHERE member_number IS NOT NULL) USING (value)"
        )
    return found


def _accounts(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, known: Snapshot | None) -> list[str]:
    """Usernames, from the customer ids that a system gave."""
    everyone = _everyone(connection, snapshot)
    if not everyone:
        return []
    before = _everyone(connection, known) if known is not None else ""
    ids = f"SELECT customer_id FROM {everyone} WHERE strpos(customer_id, ':') > 0"
    if before:
        ids = f"{ids} EXCEPT SELECT customer_id FROM {before}"
    if connection.execute(f"SELECT 1 FROM ({ids}) LIMIT 1").fetchone() is None:
        return []
    return [
        "SELECT customer_id, 'account:' || split_part(account, ':', 1) AS kind, account AS value, "
        "NULL::VARCHAR AS name FROM "
        f"(SELECT customer_id, {normal.account_sql('customer_id')} AS account FROM ({ids})) "
        "WHERE account IS NOT NULL"
    ]


def _everyone(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> str:
    """What can stand behind FROM: every customer id of a snapshot; "" where it has none."""
    ids = " UNION ".join(
        f"SELECT customer_id FROM {rows}"
        for table in ("customers", "transactions")
        if snapshot.has(table)
        and "customer_id" in _columns(connection, rows := sql.folder(snapshot.folder(table)))
    )
    return f"({ids})" if ids else ""


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
        parts.append(
            f"SELECT customer_id, kind, value, tokens FROM {sql.folder(before.folder(IDENTITIES))} "
            f"SEMI JOIN {_everyone(connection, now)} USING (customer_id)"
        )
    connection.execute(f"CREATE TEMP TABLE seen AS SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})")
    connection.execute("DROP TABLE given")


def _copy(connection: duckdb.DuckDBPyConnection, table: str, folder: Path, rules: str) -> None:
    order = "customer_id, kind, value, tokens" if table == "seen" else "person_id, customer_id"
    target = str(folder / "part-0.parquet").replace("'", "''")
    how = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{rules: '{rules}'}}"
    connection.execute(f"COPY (SELECT * FROM {table} ORDER BY {order}) TO '{target}' ({how})")


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
