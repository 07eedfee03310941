"""Everything a workspace holds about one customer, as a ZIP: CSV to read, JSON to take along."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import duckdb

from data import audiences, export_members
from data.erasure import ids_of
from data.errors import DataError
from data.importing import sql
from data.workspaces import Workspace

OWN_TABLES: Final = ("customers", "transactions", "consents", "feedback", "identities", "people")
MARTS: Final = ("customer_summary", "orders", "order_categories", "customer_month")
"""What was worked out of the tables: groups, sums, the months of purchases."""


def dossier(
    workspace: Workspace, customer_id: str, safe: Callable[[str], str] = str, scores: Sequence[Any] = ()
) -> bytes:
    """The ZIP of one customer.

    Parameters
    ----------
    workspace : Workspace
    customer_id : str
    safe : callable
        Makes a text harmless for a spreadsheet that takes it for a formula.
    scores : sequence of dict
        What a forecast says of them.

    Returns
    -------
    bytes
        ``<table>.csv`` for each table that holds something, ``everything.json`` with all of it, also
        the names of the fixed lists they are in, and the exports they were in (``certain``) or may have
        been in.

    Raises
    ------
    DataError : nothing is held about them.
    """
    held = _held(workspace, customer_id)
    if scores:
        held["forecast"] = [dict(each) for each in scores]
    if not held:
        raise DataError(
            "customer_missing", "There is no such customer in this workspace. Search for another one."
        )
    theirs = _ids(workspace, customer_id)
    lists = [
        {"audience": each.name, "saved": each.created.isoformat()}
        for each in audiences.saved(workspace)
        if each.is_list and theirs & {*audiences.ids_of(workspace, each)["customer_id"].to_pylist()}
    ]
    if lists:
        held["audiences"] = lists
    left = [
        {
            "at": each.at.isoformat(),
            "list": each.list,
            "file": each.file,
            "contact": each.contact,
            "certain": sure is True,
        }
        for each, sure in export_members.of_person(workspace, sorted(theirs))
    ]
    if left:
        held["exports"] = left
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in held.items():
            archive.writestr(f"{name}.csv", "\ufeff" + _csv(rows, safe))
        whole = {"made_at": datetime.now(UTC).isoformat(timespec="seconds"), **held}
        archive.writestr("everything.json", json.dumps(whole, ensure_ascii=False, indent=2, default=_plain))
    return out.getvalue()


def _ids(workspace: Workspace, customer_id: str) -> set[str]:
    """Every id of the person: a list may have been saved before their ids were merged."""
    snapshot = workspace.current()
    return {customer_id, *(ids_of(snapshot, customer_id) if snapshot is not None else ())}


def _held(workspace: Workspace, customer_id: str) -> dict[str, list[dict[str, Any]]]:
    snapshot = workspace.current()
    if snapshot is None:
        return {}
    ids, found = list(ids_of(snapshot, customer_id)), {}
    with duckdb.connect(":memory:") as connection:

        def rows_of(name: str, where: str, value: list[Any]) -> list[dict[str, Any]]:
            files = sql.texts(sorted(snapshot.folder(name).glob("*.parquet")))
            query = f"SELECT * FROM read_parquet({files}, union_by_name = true) WHERE {where}"  # noqa: S608
            asked = connection.execute(query, [value])
            names = [column[0] for column in asked.description or ()]
            return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]

        for name in OWN_TABLES:
            if snapshot.has(name):
                found[name] = rows_of(name, "customer_id IN (SELECT unnest($1))", ids)
        summary = rows_of("customer_summary", "customer_id IN (SELECT unnest($1))", ids)
        numbers = [row["customer_key"] for row in summary]
        found["customer_summary"] = summary
        for name in MARTS[1:]:
            found[name] = rows_of(name, "customer_key IN (SELECT unnest($1))", numbers)
    return {name: rows for name, rows in found.items() if rows}


def _csv(rows: Sequence[dict[str, Any]], safe: Callable[[str], str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(
            [safe(v) if isinstance(v, str) else _plain(v) if v is not None else "" for v in row.values()]
        )
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, (Decimal, list)) else value
