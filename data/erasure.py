"""Erasing one customer from a workspace: from every snapshot, list, log and file, and from later imports.

Sales stay as sales without a known customer, so that totals do not change. The work is done beside the
workspace's files; a journal, written in one step, is the moment at which it counts. A process that ends
before leaves everything as it was; one that ends after is carried through by the next that opens the
workspace. What stays is a keyed hash that keeps the person out of later imports, and a record that somebody
was erased on that day, not who.
"""

# ruff: noqa: S608  values reach a statement as parameters or as quoted paths

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from data import audiences, snapshots
from data.erasure_journal import JOURNAL, REBUILT, STAGE, finish, recover, write_journal
from data.erasure_rules import FOLDER, KINDS, LIST, concerns, hashed, prepare, read_list, without
from data.erasure_scrub import Traces, scrubbed
from data.errors import DataError
from data.importing import sql
from data.marts.build import build_marts
from data.people import keys, normal
from data.schema import TABLES
from data.snapshots import GIVEN, Draft, Snapshot
from data.workspaces import Workspace

RECORD: Final = "erasures.jsonl"
_KNOWN_BY: Final = ("phone", "email", "member_number")
_LEFT_ALONE: Final = frozenset({"workspace.toml", "LOCK", "CURRENT", LIST, RECORD, JOURNAL})
_FOLDERS_LEFT_ALONE: Final = frozenset({snapshots.SNAPSHOTS, "mappings", "people", STAGE, "forecasts"})


@dataclass(frozen=True, slots=True)
class Erased:
    """The record of an erasure: when, and how much; not who.

    Parameters
    ----------
    at : str
        ISO, UTC.
    sales : int
        Order lines of the current snapshot that are now of no known customer.
    rows : int
        Rows of other tables of the current snapshot that went or lost their customer.
    snapshots : int
        Snapshots that were written anew.
    files : int
        Other files that were.
    """

    at: str
    sales: int
    rows: int
    snapshots: int
    files: int


def ids_of(snapshot: Snapshot, customer_id: str) -> tuple[str, ...]:
    """Every customer id under which a snapshot holds one person; the id itself first."""
    found: list[str] = []
    if snapshot.has("people"):
        rows = _rows(sorted(snapshot.folder("people").glob("*.parquet")))
        query = (
            f"SELECT customer_id FROM {rows} WHERE person_id IN (SELECT person_id FROM {rows} "
            "WHERE customer_id = $1 OR person_id = $1) ORDER BY ALL"
        )
        with duckdb.connect(":memory:") as connection:
            found = [str(row[0]) for row in connection.execute(query, [customer_id]).fetchall()]
    return tuple(dict.fromkeys([customer_id, *found]))


def erase(workspace: Workspace, customer_id: str) -> Erased:
    """Erase one customer, with every id that was merged into them.

    Parameters
    ----------
    workspace : Workspace
    customer_id : str
        As in the customer table, or of the merged person.

    Returns
    -------
    Erased

    Raises
    ------
    DataError : no snapshot knows the customer.
    WorkspaceBusy : an import is running.
    """
    with workspace.lock():
        current = workspace.current()
        ids = ids_of(current, customer_id) if current is not None else (customer_id,)
        try:
            return _Erasure(workspace, ids).run()
        except BaseException:
            if not (workspace.path / JOURNAL).is_file():
                recover(workspace.path)  # takes away what was half made
            raise


def erasures(workspace: Workspace) -> list[Erased]:
    """The record of all erasures, the newest first."""
    file = workspace.path / FOLDER / RECORD
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Erased(**json.loads(line)) for line in reversed(lines) if line.strip()]


class _Erasure:
    """One erasure, under the workspace's lock."""

    def __init__(self, workspace: Workspace, ids: Sequence[str]) -> None:
        self._workspace = workspace
        self._root = workspace.path
        self._country = workspace.config.country
        self._ids = tuple(ids)
        self._key = keys.key_of(self._root)
        self._stage = self._root / STAGE
        self._files: list[tuple[str, str]] = []
        self._counts = {"sales": 0, "rows": 0}

    def run(self) -> Erased:
        self._stage.mkdir()
        with duckdb.connect(":memory:") as connection:
            contacts = self._contacts(connection)
            known = self._known(connection)
            if not known:
                raise DataError(
                    "customer_missing", "There is no such customer in this workspace. Search for another one."
                )
            ids = [self._hash("id", each) for each in self._ids]
            prepare(connection, self._key, {kind: ids if kind == "id" else [] for kind in KINDS})
            pairs = [
                (old.id, new.name.removeprefix(REBUILT))
                for old in self._workspace.snapshots()
                if (new := self._rebuilt(connection, old)) is not None
            ]
            self._stage_list(connection, contacts)
        self._fix_manifests(pairs)
        self._stage_audiences()
        self._stage_files(Traces.of([*self._ids, *(v for values in contacts.values() for v in values)]))
        done = self._stage_record(len(pairs))
        write_journal(self._root, pairs, self._files)
        finish(self._root)
        return done

    # Whom

    def _contacts(self, connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
        """Names, phones, e-mails and cards of the person in any snapshot, as they were written."""
        found: dict[str, set[str]] = {kind: set() for kind in ("name", *_KNOWN_BY)}
        for snapshot in self._workspace.snapshots():
            for folder in ("customers", "customers" + GIVEN, "transactions"):
                if not snapshot.has(folder):
                    continue
                rows = _rows(sorted(snapshot.folder(folder).glob("*.parquet")))
                held = _columns(connection, rows)
                for kind in found.keys() & set(held):
                    query = f"SELECT DISTINCT {kind} FROM {rows} WHERE customer_id IN (SELECT unnest($1))"
                    values = connection.execute(query, [list(self._ids)]).fetchall()
                    found[kind] |= {str(row[0]) for row in values if row[0] and not normal.is_masked(row[0])}
        return found

    def _known(self, connection: duckdb.DuckDBPyConnection) -> bool:
        for snapshot in self._workspace.snapshots():
            for table in TABLES:
                if concerns(table) and snapshot.has(table):
                    rows = _rows(sorted(snapshot.folder(table).glob("*.parquet")))
                    query = f"SELECT 1 FROM {rows} WHERE customer_id IN (SELECT unnest($1)) LIMIT 1"
                    if connection.execute(query, [list(self._ids)]).fetchone():
                        return True
        return False

    def _hash(self, kind: str, value: str) -> int:
        return hashed(self._key, kind, value)

    # Snapshots

    def _rebuilt(self, connection: duckdb.DuckDBPyConnection, old: Snapshot) -> Path | None:
        """A snapshot beside the old one, without the person; None where they are not in it."""
        draft = _Redraft(self._root, old)
        is_current = (now := self._workspace.current()) is not None and old.id == now.id
        gone = 0
        for table in TABLES:
            for folder in (table, table + GIVEN):
                if old.has(folder):
                    count = self._copied(connection, table, old.folder(folder), draft.folder(folder))
                    gone += count
                    if is_current and folder == table:
                        self._counts["sales" if table == "transactions" else "rows"] += count
        if not gone:
            shutil.rmtree(draft.path)
            return None
        facts = build_marts(draft, self._workspace.config)
        rows = {
            table: _count(connection, sorted(draft.folder(table).glob("*.parquet")))
            for table in old.manifest.get("rows", {})
            if draft.as_snapshot().has(table)
        }
        manifest = {**old.manifest, **facts, "id": draft.id}
        if rows:
            manifest["rows"] = rows
        (draft.path / snapshots.MANIFEST).write_text(
            json.dumps(manifest, indent=2, ensure_ascii=False), encoding="utf-8"
        )
        return draft.path

    def _copied(self, connection: duckdb.DuckDBPyConnection, table: str, source: Path, target: Path) -> int:
        """A table's files: linked where the person is not in them, else written anew. Rows concerned."""
        gone = 0
        for file in sorted(source.glob("*.parquet")):
            rows = _rows([file])
            columns = _columns(connection, rows)
            condition = f"coalesce(customer_id IN (SELECT unnest({sql.texts(self._ids)})), false)"
            found = _count(connection, [file], condition) if concerns(table) else 0
            if not found:
                os.link(file, target / file.name)
                continue
            connection.execute(
                f"COPY ({without(table, rows, columns, condition)}) TO {sql.text(target / file.name)} "
                "(FORMAT parquet, COMPRESSION zstd)"
            )
            gone += found
        return gone

    def _fix_manifests(self, pairs: Sequence[tuple[str, str]]) -> None:
        """A snapshot names its parent by the parent's new id."""
        renamed = dict(pairs)
        for _, new in pairs:
            path = self._root / snapshots.SNAPSHOTS / f"{REBUILT}{new}" / snapshots.MANIFEST
            manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            manifest["parent"] = renamed.get(str(manifest.get("parent")), manifest.get("parent"))
            path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False), encoding="utf-8")

    # Other files

    def _stage_list(self, connection: duckdb.DuckDBPyConnection, contacts: dict[str, set[str]]) -> None:
        """The list that keeps them out; a contact that somebody else has too keeps nobody out."""
        listed = read_list(self._root)
        made: dict[str, set[int]] = {kind: set() for kind in KINDS}
        made["id"] = {self._hash("id", each) for each in self._ids}
        for kind in _KNOWN_BY:
            for value in contacts[kind]:
                written = self._written(kind, value)
                if written and not self._is_shared(connection, kind, written):
                    made[kind].add(self._hash(kind, written))
        held = {kind: sorted({*listed[kind], *made[kind]}) for kind in KINDS}
        self._put(f"{FOLDER}/{LIST}", json.dumps(held).encode("ascii"))

    def _written(self, kind: str, value: str) -> str | None:
        if kind == "phone":
            return normal.phone(value, self._country)
        return normal.email(value) if kind == "email" else normal.member_number(value)

    def _is_shared(self, connection: duckdb.DuckDBPyConnection, kind: str, written: str) -> bool:
        now = self._workspace.current()
        if now is None or not now.has("customers"):
            return False
        rows = _rows(sorted(now.folder("customers").glob("*.parquet")))
        if kind not in _columns(connection, rows):
            return False
        in_sql = {
            "phone": normal.phone_sql("phone", self._country),
            "email": normal.email_sql("email"),
            "member_number": normal.member_number_sql("member_number"),
        }
        value = in_sql[kind]
        query = f"SELECT 1 FROM {rows} WHERE {value} = $1 AND customer_id NOT IN (SELECT unnest($2)) LIMIT 1"
        return connection.execute(query, [written, list(self._ids)]).fetchone() is not None

    def _stage_audiences(self) -> None:
        """Fixed lists without the customer, made on a copy by the module that keeps them."""
        source = self._root / "audiences"
        if not source.is_dir():
            return
        copy = Workspace(self._stage / "copy", self._workspace.config)
        shutil.copytree(source, copy.path / "audiences")
        for each in self._ids:
            audiences.erase(copy, each)
        for file in sorted((copy.path / "audiences").iterdir()):
            content = file.read_bytes()
            if content != (source / file.name).read_bytes():
                self._put(f"audiences/{file.name}", content)
        shutil.rmtree(copy.path)

    def _stage_files(self, traces: Traces) -> None:
        """Everything else in the workspace that tells of the person."""
        staged = {target for target, _ in self._files}
        for path in sorted(self._root.rglob("*")):
            inside = path.relative_to(self._root)
            left_alone = path.name in _LEFT_ALONE or inside.parts[0] in _FOLDERS_LEFT_ALONE
            if left_alone or not path.is_file() or str(inside) in staged:
                continue
            content = scrubbed(path, traces)
            if content is not None:
                self._put(str(inside), content)
        for target, held in list(self._files):  # an audience that was staged may name them in words too
            content = scrubbed(self._stage / held, traces) if target.startswith("audiences/") else None
            if content is not None:
                (self._stage / held).write_bytes(content)

    def _stage_record(self, count: int) -> Erased:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        done = Erased(at, self._counts["sales"], self._counts["rows"], count, len(self._files))
        file = self._root / FOLDER / RECORD
        before = file.read_bytes() if file.is_file() else b""
        self._put(f"{FOLDER}/{RECORD}", before + json.dumps(asdict(done)).encode("ascii") + b"\n")
        return done

    def _put(self, target: str, content: bytes) -> None:
        held = f"{len(self._files)}{Path(target).suffix}"
        handle = os.open(self._stage / held, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        self._files.append((target, held))


class _Redraft(Draft):
    """A snapshot written again: it keeps its place in the history and has an id of its own."""

    def __init__(self, root: Path, old: Snapshot) -> None:
        self._root = root
        self._previous = old
        self.id = f"{old.id.rpartition('-')[0] or old.id}-{secrets.token_hex(2)}"
        self.path = root / snapshots.SNAPSHOTS / f"{REBUILT}{self.id}"
        self.path.mkdir()


def _rows(files: Sequence[Path]) -> str:
    return f"read_parquet({sql.texts(files)}, union_by_name = true)"


def _columns(connection: duckdb.DuckDBPyConnection, rows: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()]


def _count(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], condition: str = "true") -> int:
    row = connection.execute(f"SELECT count(*) FROM {_rows(files)} WHERE {condition}").fetchone()
    return int(row[0]) if row else 0
