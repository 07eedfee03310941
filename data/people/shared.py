"""Values that merge nobody although several records have them: why each is set aside.

``people_values`` has a reason (``why``) for each, the first that holds: ``own`` (the merchant's), ``many``
(too many names), ``conflict`` (two who have it disagree) or ``undone`` (somebody took apart what it merged).
"""

# ruff: noqa: S608  what reaches a statement are numbers and names of ours

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from data.people import names
from data.people.decisions import Decisions
from data.people.work import Work

MOST_NAMES: Final = 20
MOST_RECORDS: Final = 50


def set_own_aside(work: Work, decisions: Decisions) -> None:
    """Contacts of the merchant's own."""
    work.given("own", {"kind": "VARCHAR", "value": "BIGINT"}, decisions.own)
    _why(work, "own", "SELECT v FROM people_values JOIN people_own USING (kind, value)")


def set_many_aside(work: Work) -> None:
    """Values under too many names; a record without a name counts as one of its own."""
    _why(
        work,
        "many",
        f"SELECT v FROM people_links l LEFT JOIN people_names n ON n.r = l.r GROUP BY v HAVING "
        f"count(DISTINCT l.r) > {MOST_RECORDS} OR count(DISTINCT coalesce(list_sort(n.tokens)::VARCHAR, "
        f"l.r::VARCHAR)) > {MOST_NAMES}",
    )


def set_conflicts_aside(work: Work) -> None:
    """Values that two records in conflict have."""
    usable = "people_links JOIN people_values USING (v) WHERE why IS NULL"
    work.make(
        "pairs",
        f"SELECT DISTINCT x.r AS a, y.r AS b FROM (SELECT r, v FROM {usable}) x "
        f"JOIN (SELECT r, v FROM {usable}) y ON x.v = y.v AND x.r < y.r",
    )
    judge(work)
    _why(
        work,
        "conflict",
        "SELECT x.v FROM people_judged c JOIN people_links x ON x.r = c.a "
        "JOIN people_links y ON y.r = c.b AND y.v = x.v WHERE c.conflict",
    )


def take_out(work: Work, decisions: Decisions, id_hash: Callable[[str], str]) -> None:
    """What was undone: a record taken out loses what it shared with the others.

    It still counted for what is in conflict, so that taking it out changes nothing among others.
    """
    rows = (
        (number, record, record in set(each.out))
        for number, each in enumerate(decisions.undone)
        for record in each.records
    )
    work.given("undone", {"n": "INTEGER", "hash": "BIGINT", "is_out": "BOOLEAN"}, rows)
    if not decisions.undone:
        work.make("apart", "SELECT 0::INTEGER AS a, 0::INTEGER AS b WHERE false")
        return
    hashed = id_hash("customer_id")
    work.make(
        "taken",
        f"SELECT n, r, is_out FROM (SELECT r, {hashed} AS hash FROM people_records) JOIN people_undone "
        "USING (hash)",
    )
    work.make(
        "apart",
        "SELECT DISTINCT least(x.r, y.r) AS a, greatest(x.r, y.r) AS b "
        "FROM people_taken x JOIN people_taken y ON x.n = y.n AND x.r <> y.r AND x.is_out",
    )
    work.make(
        "cut",
        "SELECT DISTINCT x.n, x.r, l.v FROM people_taken x JOIN people_links l ON l.r = x.r "
        "JOIN people_links m ON m.v = l.v JOIN people_taken y ON y.r = m.r AND y.n = x.n AND y.r <> x.r "
        "WHERE x.is_out",
    )
    _why(work, "undone", "SELECT v FROM people_cut GROUP BY n, v HAVING count(*) > 1")
    work.run("DELETE FROM people_links l USING people_cut c WHERE l.r = c.r AND l.v = c.v")


def judge(work: Work) -> None:
    """Of each of ``people_pairs``: whether it is in conflict, and what the names say."""
    verdict = names.verdict_sql("n.tokens", "m.tokens")
    work.make(
        "judged",
        f"""
        WITH kinds AS (
            SELECT p.a, p.b, i.kind, bool_or(i.value = j.value) AS same
            FROM people_pairs p
            JOIN people_known i ON i.r = p.a
            JOIN people_known j ON j.r = p.b AND j.kind = i.kind
            GROUP BY p.a, p.b, i.kind
        ), points AS (
            SELECT a, b, count(*) FILTER (same) AS agree, count(*) FILTER (NOT same) AS against
            FROM kinds GROUP BY a, b
        ), called AS (
            SELECT p.a, p.b, max({verdict}) AS name
            FROM people_pairs p JOIN people_names n ON n.r = p.a JOIN people_names m ON m.r = p.b
            GROUP BY p.a, p.b
        )
        SELECT a, b, coalesce(name, 0) AS name,
            coalesce(against, 0) - coalesce(name, 0) >= greatest(1, coalesce(agree, 0)) AS conflict
        FROM people_pairs LEFT JOIN points USING (a, b) LEFT JOIN called USING (a, b)
        """,
    )


def _why(work: Work, reason: str, values: str) -> None:
    work.run(f"UPDATE people_values SET why = '{reason}' WHERE why IS NULL AND v IN ({values})")
