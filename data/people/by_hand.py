"""What somebody joined by hand: after the guard, and whatever it says, because a person decided.

A joining names two customer ids. The people they belong to become one, with the reason ``hand`` beside what
agreed otherwise; it is kept as hashes, so it holds in every later import, also when one of the two is away
for a while.
"""

# ruff: noqa: S608  what reaches a statement are numbers and names of ours

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import duckdb

from data.people.decisions import Joined

KIND: Final = "hand"


def join(
    connection: duckdb.DuckDBPyConnection,
    joined: Sequence[Joined],
    everyone: str,
    id_hash: Callable[[str], str],
) -> int:
    """Join the components of ``people_first`` that hold the two ids of a decision.

    Parameters
    ----------
    connection : DuckDB connection
        With ``people_records`` (customer_id, r), ``people_first`` (r, c) and ``people_joints`` (r, v, kind)
        of the resolver, which are added to.
    joined : sequence of Joined
    everyone : str
        What can stand behind FROM: every ``customer_id`` there is.
    id_hash : callable
        A column of customer ids as the hash decisions know (an SQL expression).

    Returns
    -------
    int
        How many of the decisions have both of their ids.
    """
    if not joined:
        return 0
    pairs = _pairs(connection, joined, everyone, id_hash)
    numbers = _numbered(connection, sorted({each for pair in pairs for each in pair}))
    found = dict(connection.execute("SELECT r, c FROM people_first").fetchall()) if numbers else {}
    parent: dict[int, int] = {}

    def top(c: int) -> int:
        while parent.get(c, c) != c:
            c = parent[c]
        return c

    free = max(found.values(), default=-1) + 1
    values = connection.execute("SELECT coalesce(max(v), 0) + 1 FROM people_joints").fetchone() or (0,)
    for at, pair in enumerate(pairs):
        both = [numbers[each] for each in pair]
        for r in both:
            if r not in found:
                found[r], free = free, free + 1
                connection.execute("INSERT INTO people_first VALUES (?, ?)", [r, found[r]])
        connection.executemany(
            f"INSERT INTO people_joints VALUES (?, ?, '{KIND}')", [(r, int(values[0]) + at) for r in both]
        )
        first, second = sorted(top(found[r]) for r in both)
        parent[second] = first
    for c in parent:
        connection.execute("UPDATE people_first SET c = ? WHERE c = ?", [top(c), c])
    return len(pairs)


def _pairs(
    connection: duckdb.DuckDBPyConnection,
    joined: Sequence[Joined],
    everyone: str,
    id_hash: Callable[[str], str],
) -> list[tuple[str, str]]:
    """The ids of each decision whose two ids are both there."""
    wanted = sorted({record for each in joined for record in each.records})
    rows = connection.execute(
        f"SELECT hash, customer_id FROM (SELECT customer_id, {id_hash('customer_id')} AS hash "
        f"FROM (SELECT DISTINCT customer_id FROM {everyone} WHERE customer_id IS NOT NULL)) "
        "WHERE hash IN (SELECT unnest(?::BIGINT[]))",
        [wanted],
    ).fetchall()
    ids = dict(rows)
    return [(ids[a], ids[b]) for a, b in (each.records for each in joined) if a in ids and b in ids]


def _numbered(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, int]:
    """The number of each id among the resolver's records, given to those that share no value with anybody."""
    connection.execute(
        "INSERT INTO people_records SELECT customer_id, (SELECT coalesce(max(r), -1) FROM people_records) + "
        "row_number() OVER (ORDER BY customer_id) FROM (SELECT unnest(?::VARCHAR[]) AS customer_id) "
        "WHERE customer_id NOT IN (SELECT customer_id FROM people_records)",
        [list(ids)],
    )
    query = "SELECT customer_id, r FROM people_records WHERE customer_id IN (SELECT unnest(?::VARCHAR[]))"
    return dict(connection.execute(query, [list(ids)]).fetchall())
