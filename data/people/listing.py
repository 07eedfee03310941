"""What the page of people shows: merged people, their ids with masked contacts, and what was undone."""

# ruff: noqa: S608  paths are quoted; values reach a statement as parameters

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import ibis
import ibis.expr.types as ir

from data.engines import Tables
from data.importing import sql
from data.people import decisions, keys
from data.people.apply import PEOPLE
from data.people.collect import IDENTITIES
from data.snapshots import Snapshot
from data.workspaces import Workspace

DOT = "•••"


@dataclass(frozen=True, slots=True)
class Apart:
    """A merge that was undone, with the ids that are still there."""

    id: str
    at: str
    customer_ids: tuple[str, ...]


def persons(tables: Tables) -> ir.Table | None:
    """The people of two ids or more; None where nobody was merged.

    Returns
    -------
    ibis Table, one row a person
        ``person_id``, ``records`` (ids), ``reason`` (kinds that agreed, with commas), ``orders``,
        ``revenue``, ``customer_ids`` (joined by ", ").
    """
    if not tables.has(PEOPLE):
        return None
    people = tables.table(PEOPLE)
    each = people.group_by("person_id").aggregate(
        records=people.records.max(),
        reason=people.reason.max(),
        customer_ids=people.customer_id.group_concat(", ", order_by=people.customer_id),
    )
    summary = tables.table("customer_summary").select("customer_id", "orders", "revenue")
    return each.left_join(summary, each.person_id == summary.customer_id).drop("customer_id")


def reasons(tables: Tables) -> dict[str, int]:
    """How many people were merged for each combination of kinds, the most frequent first."""
    if not tables.has(PEOPLE):
        return {}
    people = tables.table(PEOPLE)
    counted = people.group_by("reason").aggregate(persons=people.person_id.nunique())
    rows = counted.order_by(ibis.desc("persons"), "reason").to_pyarrow().to_pylist()
    return {row["reason"]: row["persons"] for row in rows}


def records_of(tables: Tables, person_id: str) -> list[dict[str, object]]:
    """The ids of one merged person; see :func:`records`."""
    people = tables.table(PEOPLE)
    rows = people.filter(people.person_id == person_id).select("customer_id").to_pyarrow()
    return records(tables, rows["customer_id"].to_pylist())


def records(tables: Tables, customer_ids: Sequence[str]) -> list[dict[str, object]]:
    """Customer ids, with what may be shown of them.

    Returns
    -------
    list of dict
        ``customer_id``, ``name``, ``phone``, ``email`` (masked; None where there is none), ``orders``.
    """
    wanted = sorted({*customer_ids})
    sold = tables.raw("transactions")
    sold = sold.filter(sold.customer_id.isin(wanted))
    counted = sold.group_by("customer_id").aggregate(n=sold.order_id.nunique()).to_pyarrow().to_pylist()
    orders = {row["customer_id"]: row["n"] for row in counted}
    known: dict[str, dict[str, str | None]] = {}
    if tables.has("customers"):
        table = tables.raw("customers")
        columns = [c for c in ("customer_id", "name", "phone", "email") if c in table.columns]
        rows = table.filter(table.customer_id.isin(wanted)).select(*columns).to_pyarrow().to_pylist()
        known = {row["customer_id"]: row for row in rows}
    return [
        {
            "customer_id": each,
            "name": hidden_name(known.get(each, {}).get("name")),
            "phone": hidden_phone(known.get(each, {}).get("phone")),
            "email": hidden_email(known.get(each, {}).get("email")),
            "orders": orders.get(each, 0),
        }
        for each in wanted
    ]


def undone(workspace: Workspace, snapshot: Snapshot) -> list[Apart]:
    """What was undone, the newest first; ids are found again by their hash."""
    held = decisions.read(workspace.path).undone
    if not held:
        return []
    wanted = sorted({record for each in held for record in each.records})
    with duckdb.connect() as connection:
        keys.prepare(connection, keys.key_of(workspace.path))
        found = connection.execute(
            f"SELECT hash, customer_id FROM (SELECT customer_id, {keys.sql('id', 'customer_id')} AS hash "
            f"FROM (SELECT DISTINCT customer_id FROM {sql.folder(snapshot.folder(IDENTITIES))})) "
            "WHERE hash IN (SELECT unnest($1))",
            [wanted],
        ).fetchall()
    ids = dict(found)
    return [
        Apart(each.id, each.at, tuple(sorted(ids[record] for record in each.records if record in ids)))
        for each in reversed(held)
    ]


def hidden_phone(value: str | None) -> str | None:
    """A phone of which only the last three digits can be read.

    Examples
    --------
    >>> hidden_phone("012-345 6789"), hidden_phone("08******12"), hidden_phone(None)
    ('•••789', '•••', None)
    """
    if not value or not value.strip():
        return None
    digits = "".join(c for c in value.removesuffix(".0") if c.isdigit())
    return DOT + (digits[-3:] if len(digits) > 6 and "*" not in value else "")


def hidden_email(value: str | None) -> str | None:
    """An address of which the first letter and the domain can be read.

    Examples
    --------
    >>> hidden_email("siti@kedai.my"), hidden_email("****")
    ('s•••@kedai.my', '•••')
    """
    if not value or not value.strip():
        return None
    local, at, domain = value.strip().partition("@")
    return f"{local[:1]}{DOT}@{domain}" if at and "*" not in value else DOT


def hidden_name(value: str | None) -> str | None:
    """The first letters of a name.

    Examples
    --------
    >>> hidden_name("Siti Aminah"), hidden_name("****")
    ('S••• A•••', '•••')
    """
    if not value or not value.strip():
        return None
    words = [word for word in value.split() if word[0].isalpha()]
    return " ".join(word[0].upper() + DOT for word in words[:4]) or DOT
