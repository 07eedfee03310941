"""Which customers are one person: connected records over values that agree, and a guard.

Two records (customer ids) agree on a kind of identity when they share a normalised value, and disagree
when both have values and share none. Agreement speaks for one person and disagreement against, one point
each; a name that agrees takes a point away from what is against, another name adds one. A pair is in
*conflict* when what is against weighs at least one point and no less than what is for. That is the
comparison of Fellegi & Sunter (1969) with equal weights, as there is no truth to learn others from
(Christen 2012, chapter 6, on summing up agreements against a threshold).

A value is *shared*, and merges nobody, when

- more than 20 names (or 50 records) have it,
- it is the merchant's own,
- somebody undid a merge that rested on it, or
- any two records that have it are in conflict.

A value that is shared by conflict or undoing alone still joins two records whose full names agree too, and
that are not in conflict: the phone of a household with the name of one of its members.

People are the connected components over all of these. No chain joins two records in conflict: a
component with such a pair (or of more than 50 records) is tried again without phones, which families
share, and merges nobody where it is still in conflict. All of it is about sets: the order of files and
rows does not matter.
"""

# ruff: noqa: S608  what reaches a statement are numbers and names of ours

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.people import by_hand
from data.people.decisions import Decisions
from data.people.shared import (
    MOST_RECORDS,
    judge,
    set_conflicts_aside,
    set_many_aside,
    set_own_aside,
    take_out,
)
from data.people.work import Work, working


@dataclass(frozen=True, slots=True)
class Found:
    """What resolving came to.

    ``records`` customers in ``persons`` people of two or more; ``shared`` values that several records
    have and that merge nobody, by reason (see ``data.people.shared``); ``unclear`` components that a conflict
    dissolved.
    """

    records: int = 0
    persons: int = 0
    shared: dict[str, int] = field(default_factory=dict)
    unclear: int = 0

    def as_json(self) -> dict[str, Any]:
        """For the manifest of the snapshot."""
        return {
            "records": self.records,
            "persons": self.persons,
            "shared": dict(self.shared),
            "unclear": self.unclear,
        }


def resolve(
    connection: duckdb.DuckDBPyConnection,
    identities: str,
    decisions: Decisions,
    id_hash: Callable[[str], str],
    before: str | None = None,
    everyone: str | None = None,
) -> Found:
    """Find the people among customers; the temporary table ``people`` holds those of two ids or more.

    Parameters
    ----------
    connection : DuckDB connection
        Its temporary tables ``people_*`` are replaced.
    identities : str
        What can stand behind FROM: ``customer_id``, ``kind`` (``phone``, ``email``, ``member_number``,
        ``account:<system>`` or ``name``), ``value`` (hash; null for a name), ``tokens`` (of a name: list of
        hashes). No row twice.
    decisions : Decisions
    id_hash : callable
        A column of customer ids as the hash decisions know (an SQL expression).
    before : str, optional
        What can stand behind FROM: the table ``people`` of the snapshot before, whose ids stay.
    everyone : str, optional
        What can stand behind FROM: every ``customer_id``, for joinings by hand of those without an identity.

    Returns
    -------
    Found
        ``people`` holds ``customer_id``, ``person_id``, ``reason`` (kinds that agreed, with commas) and
        ``records`` (ids of the person).
    """
    with working(connection) as work:
        return _Resolver(work, identities, decisions, id_hash, before, everyone or identities).run()


class _Resolver:
    def __init__(
        self,
        work: Work,
        identities: str,
        decisions: Decisions,
        id_hash: Callable[[str], str],
        before: str | None,
        everyone: str,
    ) -> None:
        self._work = work
        self._identities = identities
        self._decisions = decisions
        self._id_hash = id_hash
        self._before = before
        self._everyone = everyone

    def run(self) -> Found:
        work = self._work
        self._find_linked()
        set_own_aside(work, self._decisions)
        set_many_aside(work)
        self._know_records()
        set_conflicts_aside(work)
        take_out(work, self._decisions, self._id_hash)
        self._find_joints()
        unclear = self._join()
        by_hand.join(work.connection, self._decisions.joined, self._everyone, self._id_hash)
        self._name_people()
        return self._found(unclear)

    def _find_linked(self) -> None:
        """Values that two records or more have; records are numbered in order of their ids."""
        self._work.make(
            "values",
            "SELECT kind, value, (row_number() OVER (ORDER BY kind, value) - 1)::INTEGER AS v, "
            "NULL::VARCHAR AS why FROM ("
            f"SELECT kind, value FROM {self._identities} WHERE kind <> 'name' "
            "GROUP BY kind, value HAVING count(*) > 1)",
        )
        self._work.make(
            "records",
            "SELECT customer_id, (row_number() OVER (ORDER BY customer_id) - 1)::INTEGER AS r FROM ("
            f"SELECT DISTINCT customer_id FROM {self._identities} JOIN people_values USING (kind, value))",
        )
        self._work.make(
            "links",
            f"SELECT r, v FROM {self._identities} JOIN people_values USING (kind, value) "
            "JOIN people_records USING (customer_id)",
        )
        self._work.make(
            "names",
            f"SELECT r, tokens FROM {self._identities} i JOIN people_records USING (customer_id) "
            "WHERE kind = 'name'",
        )

    def _know_records(self) -> None:
        """All identities of the records in question but those that are nobody's."""
        self._work.make(
            "known",
            f"SELECT r, kind, i.value FROM {self._identities} i JOIN people_records USING (customer_id) "
            "LEFT JOIN people_values s USING (kind, value) "
            "WHERE kind <> 'name' AND s.why IS NULL",
        )

    def _find_joints(self) -> None:
        """What joins records: a value that is not shared, or a shared one and the full name."""
        self._work.make(
            "named",
            "SELECT a, b, kind, (SELECT count(*) FROM people_values) + row_number() OVER (ORDER BY "
            "a, b, kind) AS v "
            "FROM people_judged c JOIN people_links x ON x.r = c.a JOIN people_links y ON y.r = c.b "
            "AND y.v = x.v JOIN people_values s ON s.v = x.v "
            "WHERE s.why IN ('conflict', 'undone') AND c.name = 1 AND NOT c.conflict GROUP BY a, b, kind",
        )
        self._work.make(
            "joints",
            "SELECT r, v, kind FROM people_links JOIN people_values USING (v) WHERE why IS NULL "
            "UNION ALL SELECT a, v, kind || '+name' FROM people_named "
            "UNION ALL SELECT b, v, kind || '+name' FROM people_named",
        )

    def _join(self) -> int:
        """Components, checked; those in conflict again without phones; the number that was dissolved."""
        links = "SELECT r, v FROM people_joints"
        self._connect(links)
        bad = self._in_conflict()
        self._work.make("first", "SELECT r, c FROM people_components ANTI JOIN people_bad USING (c)")
        if bad:
            again = "SELECT r, c FROM people_components SEMI JOIN people_bad USING (c)"
            self._work.make("again", again)
            self._connect(
                f"{links} WHERE kind NOT IN ('phone', 'phone+name') AND r IN (SELECT r FROM people_again)"
            )
            bad = self._in_conflict()
            self._work.run(
                "INSERT INTO people_first SELECT r, c + (SELECT coalesce(max(c), 0) + 1 FROM people_first) "
                "FROM people_components ANTI JOIN people_bad USING (c)"
            )
        return bad

    def _connect(self, links: str) -> None:
        """Label the records that links join; a component is named by its first record."""
        found = self._work.connection.execute(links).fetch_arrow_table()
        records = found["r"].to_numpy().astype(np.int64)
        values = found["v"].to_numpy().astype(np.int64)
        count = int(records.max()) + 1 if len(records) else 0
        size = count + (int(values.max()) + 1 if len(values) else 0)
        graph = coo_array((np.ones(len(records), np.int8), (records, values + count)), shape=(size, size))
        label = connected_components(graph, directed=False)[1] if size else np.empty(0, np.int32)
        mine = np.unique(records)
        table = pa.table({"r": mine.astype(np.int32), "c": label[mine].astype(np.int64)})
        self._work.connection.register("people_arrow", table)
        self._work.make(
            "components",
            "SELECT r, c FROM people_arrow QUALIFY count(*) OVER (PARTITION BY c) > 1",
        )
        self._work.connection.unregister("people_arrow")

    def _in_conflict(self) -> int:
        """Fill ``people_bad``: components with a pair in conflict or taken apart, or too many records."""
        self._work.make(
            "large", f"SELECT c FROM people_components GROUP BY c HAVING count(*) > {MOST_RECORDS}"
        )
        self._work.make(
            "pairs",
            "SELECT x.r AS a, y.r AS b FROM people_components x "
            "JOIN people_components y ON x.c = y.c AND x.r < y.r "
            "WHERE x.c NOT IN (SELECT c FROM people_large)",
        )
        judge(self._work)
        self._work.make(
            "bad",
            "SELECT c FROM people_large UNION "
            "SELECT c FROM people_components JOIN people_judged ON r = a WHERE conflict UNION "
            "SELECT x.c FROM people_apart JOIN people_components x ON x.r = a "
            "JOIN people_components y ON y.r = b AND y.c = x.c",
        )
        return self._work.count("bad")

    def _name_people(self) -> None:
        """Each person's id: the one it had; else the merchant's own before a system's, then the first."""
        had = (
            f"SELECT DISTINCT person_id FROM {self._before}"
            if self._before
            else "SELECT '' AS person_id WHERE false"
        )
        self._work.make(
            "reasons",
            "SELECT c, array_to_string(list_sort(list(DISTINCT split_part(kind, ':', 1))), ',') AS reason "
            "FROM (SELECT c, kind, v FROM people_first JOIN people_joints USING (r) "
            "GROUP BY c, kind, v HAVING count(*) > 1) GROUP BY c",
        )
        chosen = (
            f"arg_min(customer_id, [(customer_id NOT IN ({had}))::INTEGER::VARCHAR, "
            "(strpos(customer_id, ':') > 0)::INTEGER::VARCHAR, customer_id])"
        )
        self._work.run("DROP TABLE IF EXISTS people")
        self._work.run(
            f"CREATE TEMP TABLE people AS WITH chosen AS (SELECT c, {chosen} AS person_id, count(*)::INTEGER "
            "AS records FROM people_first JOIN people_records USING (r) GROUP BY c) "
            "SELECT customer_id, person_id, reason, records FROM people_first JOIN people_records USING (r) "
            "JOIN chosen USING (c) JOIN people_reasons USING (c) ORDER BY person_id, customer_id"
        )

    def _found(self, unclear: int) -> Found:
        row = self._work.connection.execute(
            "SELECT count(*), count(DISTINCT person_id) FROM people"
        ).fetchone()
        shared = self._work.connection.execute(
            "SELECT why, count(*) FROM people_values WHERE why IS NOT NULL GROUP BY why ORDER BY why"
        ).fetchall()
        records, persons = row or (0, 0)
        return Found(records, persons, dict(shared), unclear)
