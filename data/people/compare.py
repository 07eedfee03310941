"""What speaks for and against two customers being one person, for somebody who is about to say so."""

# ruff: noqa: S608  paths are quoted; values reach a statement as parameters

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from data.engines import Tables
from data.importing import sql
from data.people import decisions, keys, names
from data.people.apply import PEOPLE
from data.people.collect import IDENTITIES
from data.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two people, and what their identities say.

    Parameters
    ----------
    one, other : tuple of str
        All ids of each; empty where nobody has the id.
    agree, against : tuple of str
        Kinds of identity (``phone``, ``email`` ...) in which they share a value, and in which they do not.
    name : int
        1 the names agree, -1 they do not, 0 too little to tell.
    undone : bool
        Somebody once took the two apart.
    """

    one: tuple[str, ...]
    other: tuple[str, ...]
    agree: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    name: int = 0
    undone: bool = False

    @property
    def is_one(self) -> bool:
        """Whether the two are one person already."""
        return bool({*self.one} & {*self.other})

    @property
    def in_conflict(self) -> bool:
        """The guard of ``data.people.resolve``: against weighs a point, and no less than what is for."""
        return self.undone or len(self.against) - self.name >= max(1, len(self.agree))


def compare(workspace: Workspace, tables: Tables, one: str, other: str) -> Comparison:
    """Compare the people that two customer ids belong to.

    Parameters
    ----------
    workspace : Workspace
    tables : Tables
        Of the snapshot.
    one, other : str
        Customer ids.

    Returns
    -------
    Comparison
        Without verdict where an id is nobody's, or both are one person's.
    """
    with duckdb.connect() as connection:
        first, second = (_ids(connection, tables, each) for each in (one, other))
        found = Comparison(first, second)
        if not first or not second or found.is_one:
            return found
        undone = _undone(workspace, first, second)
        if not tables.has(IDENTITIES):
            return Comparison(first, second, undone=undone)
        held = sql.folder(tables.snapshot.folder(IDENTITIES))
        both = (
            f"FROM {held} x JOIN {held} y ON x.kind = y.kind "
            "WHERE x.customer_id IN (SELECT unnest($1)) AND y.customer_id IN (SELECT unnest($2))"
        )
        kinds = connection.execute(
            "SELECT split_part(x.kind, ':', 1), bool_or(x.value = y.value), "
            f"max({names.verdict_sql('x.tokens', 'y.tokens')}) {both} GROUP BY x.kind ORDER BY 1",
            [list(first), list(second)],
        ).fetchall()
    agree = tuple(kind for kind, same, _ in kinds if kind != "name" and same)
    against = tuple(kind for kind, same, _ in kinds if kind != "name" and not same)
    called = next((verdict for kind, _, verdict in kinds if kind == "name"), 0)
    return Comparison(first, second, agree, against, int(called or 0), undone)


def _ids(connection: duckdb.DuckDBPyConnection, tables: Tables, customer_id: str) -> tuple[str, ...]:
    """Every id of the person that has this one; none where nobody has it."""
    if tables.has(PEOPLE):
        people = sql.folder(tables.snapshot.folder(PEOPLE))
        rows = connection.execute(
            f"SELECT customer_id FROM {people} WHERE person_id IN (SELECT person_id FROM {people} "
            "WHERE customer_id = $1) ORDER BY 1",
            [customer_id],
        ).fetchall()
        if rows:
            return tuple(str(row[0]) for row in rows)
    for table in ("customers", "transactions"):
        if not tables.has(table):
            continue
        rows_of = sql.folder(tables.snapshot.folder(table))
        if connection.execute(
            f"SELECT 1 FROM {rows_of} WHERE customer_id = $1 LIMIT 1", [customer_id]
        ).fetchone():
            return (customer_id,)
    return ()


def _undone(workspace: Workspace, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a decision set somebody of the one apart from somebody of the other."""
    key = keys.key_of(workspace.path)
    first, second = ({keys.number(key, "id", each) for each in ids} for ids in (one, other))
    return any(
        (first & {*each.out} and second & {*each.records})
        or (second & {*each.out} and first & {*each.records})
        for each in decisions.read(workspace.path).undone
    )
