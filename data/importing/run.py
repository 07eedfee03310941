"""An import from files to a committed snapshot, with a report; nothing is half done."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb

from data import snapshots, workspaces
from data.errors import DataError
from data.importing import mapping, places, sql
from data.importing.mapping import TableMapping
from data.importing.merge import KEYED, hash_version
from data.importing.places import Placing
from data.importing.progress import Progress, silent
from data.importing.refusals import mapping_needed, refused
from data.importing.report import RejectFile, TableReport, Words, reason, totals, write_places
from data.importing.table import Imported, Opened, Place, open_file, take
from data.marts.build import build_marts
from data.schema import TABLES
from data.settings import Settings
from data.snapshots import Draft, Snapshot
from data.workspaces import Config, Workspace

GIVEN: Final = "{table}_given"
"""Folder of a placed table's rows as their files gave them: later files are compared with these."""
_WORK: Final = ".work"


@dataclass(frozen=True, slots=True)
class Request:
    """What to import: files by table, mappings by table, and who words and places."""

    files: Mapping[str, Path]
    mappings: Mapping[str, TableMapping]
    words: Words
    placing: Placing
    progress: Progress = silent
    now: dt.datetime | None = None
    fast: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import came to.

    ``snapshot`` is the current one afterwards; ``rejects`` the CSV of refused rows, ``emptied`` that of
    cells left empty, ``unplaced`` that of names without a place; ``report`` the JSON with all of it.
    """

    snapshot: str
    tables: Mapping[str, TableReport]
    rejects: Path | None
    emptied: Path | None
    unplaced: Path | None
    report: Path
    changed: bool

    def as_json(self) -> dict[str, Any]:
        """The object that ``import --json`` prints."""
        return {
            "snapshot": self.snapshot,
            "tables": {name: report.counts for name, report in self.tables.items()},
            "rejects": str(self.rejects) if self.rejects else None,
        }


def run(settings: Settings, name: str, request: Request, config: Config | None = None) -> Outcome:
    """Import files into a workspace, which is made when it is not there.

    Parameters
    ----------
    settings : Settings
    name : str
        The workspace.
    request : Request
    config : Config, optional
        For a new workspace.

    Returns
    -------
    Outcome
        Importing what is already there changes nothing: the old snapshot stays.

    Raises
    ------
    FileRefused : a file, or every row of it, was refused; nothing was loaded.
    MappingNeeded : what a column means has to be said first.
    WorkspaceBusy, BadName, BadSetting
    """
    is_new = not _exists(settings.home, name)
    workspace = workspaces.create(settings.home, name, config)
    try:
        with workspace.lock(), _connection(workspace, settings) as (connection, work):
            return _Import(workspace, settings, request, connection, work).run()
    except DataError:
        if is_new and workspace.current() is None and not _has_rejects(workspace):
            workspaces.delete(workspace)
        raise


class _Import:
    """One run, under the workspace's lock."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        request: Request,
        connection: duckdb.DuckDBPyConnection,
        work: Path,
    ) -> None:
        self._workspace = workspace
        self._request = request
        self._connection = connection
        self._work = work
        self._id = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        mappings = workspace.folder("mappings")
        self._place = _place(
            connection, work, settings, mappings, workspace.config, request.now, fast=request.fast
        )
        self._rejects = RejectFile(connection, work, "rejects")
        self._emptied = RejectFile(connection, work, "emptied")
        self._current = workspace.current()
        self._unplaced: Path | None = None

    def run(self) -> Outcome:
        self._need_transactions()
        before = _stamps(self._request.files)
        opened = {table: self._open(table, path) for table, path in self._request.files.items()}
        imported = {table: self._take(each) for table, each in opened.items()}
        self._check_unchanged(before)
        for table, each in imported.items():
            self._complete(table, each.report)
        self._refuse_if_all_refused(imported)
        snapshot = (
            self._commit(imported) if any(i.report.changed for i in imported.values()) else self._current
        )
        if snapshot is None:
            raise refused("file_no_records", file=", ".join(p.name for p in self._request.files.values()))
        for table in self._request.mappings.keys() & opened.keys():
            source, chosen = opened[table].source, opened[table].mapping
            mapping.remember(self._place.mappings, source.header, chosen)
        return self._outcome(imported, snapshot)

    def _need_transactions(self) -> None:
        has = self._current is not None and self._current.has("transactions")
        if not has and "transactions" not in self._request.files:
            raise mapping_needed("import_transactions", workspace=self._workspace.name)

    def _open(self, table: str, path: Path) -> Opened:
        self._tell("deciding", table)
        return open_file(path, table, self._request.mappings.get(table), self._place)

    def _take(self, opened: Opened) -> Imported:
        table = opened.mapping.table
        return take(
            opened,
            self._old(table),
            self._place,
            self._rejects,
            self._emptied,
            rehash=self._is_other_hash(),
            tell=lambda step: self._tell(step, table),
        )

    def _old(self, table: str) -> list[Path]:
        if self._current is None:
            return []
        given = self._current.folder(GIVEN.format(table=table))
        folder = given if given.is_dir() else self._current.folder(table)
        return sorted(folder.glob("*.parquet"))

    def _is_other_hash(self) -> bool:
        return self._current is not None and self._current.manifest.get("line_hash") != hash_version()

    def _check_unchanged(self, before: Mapping[str, Any]) -> None:
        after = _stamps(self._request.files)
        for table, path in self._request.files.items():
            if before[table] != after[table]:
                raise refused("file_changed", file=path.name)

    def _complete(self, table: str, report: TableReport) -> None:
        if self._rejects:
            report.reasons, money = totals(self._connection, self._rejects.source, table)
            own = money.pop("", 0.0)
            currency = self._workspace.config.currency
            report.refused_money = money | (
                {currency: round(money.get(currency, 0.0) + own, 2)} if own else {}
            )

    def _refuse_if_all_refused(self, imported: Mapping[str, Imported]) -> None:
        for table, each in imported.items():
            report = each.report
            if report.read == report.rejected:
                rejects = self._finish(self._rejects, "")
                self._write_report(imported, None)
                code = next(iter(report.reasons))
                why = self._first_reason(table, code)
                file = self._request.files[table].name
                raise refused(
                    "file_all_refused", file=file, count=report.read, reason=why, rejects=str(rejects)
                )

    def _first_reason(self, table: str, code: str) -> str:
        query = (
            f'SELECT "column", value FROM {self._rejects.source} WHERE "table" = {sql.text(table)} '
            f"AND code = {sql.text(code)} ORDER BY record LIMIT 1"
        )
        column, value = self._connection.execute(query).fetchone() or ("", "")
        personal = {c.name for c in TABLES[table].columns if c.personal}
        hidden = column in personal
        return reason(code, column, "" if hidden else value, self._request.words)

    # The snapshot

    def _commit(self, imported: Mapping[str, Imported]) -> Snapshot:
        with snapshots.draft(self._workspace.path) as draft:
            for table in TABLES:
                if table in imported:
                    self._fill(draft, table, imported[table])
                else:
                    draft.keep(table)
                    draft.keep(GIVEN.format(table=table))
            self._tell("marts", "")
            facts = build_marts(
                draft, self._workspace.config, progress=lambda mart: self._tell("marts", mart)
            )
            self._tell("committing", "")
            return draft.commit({**facts, **self._manifest(imported, draft)})

    def _fill(self, draft: Draft, table: str, imported: Imported) -> None:
        placed = table in KEYED
        folder = draft.folder(GIVEN.format(table=table) if placed else table)
        for number, file in enumerate(imported.files):
            target = folder / f"{self._id}-{number}.parquet"
            if file.is_relative_to(self._work):
                os.replace(file, target)
            else:
                _link(file, folder / file.name)
        if placed:
            self._put_on_the_map(draft, table, sorted(folder.glob("*.parquet")), imported.report)

    def _put_on_the_map(self, draft: Draft, table: str, given: list[Path], report: TableReport) -> None:
        self._tell("placing", table)
        target = draft.folder(table) / f"{self._id}.parquet"
        if table == "stores":
            report.places = places.place_stores(self._connection, given, target, self._request.placing)
            return
        country = self._workspace.config.country
        problems = places.place_customers(self._connection, given, target, self._request.placing, country)
        report.places = problems.counts
        if len(problems.names):
            self._unplaced = self._workspace.folder("rejects") / f"{self._id}.places.csv"
            write_places(problems.names, self._unplaced, self._request.words)

    def _manifest(self, imported: Mapping[str, Imported], draft: Draft) -> dict[str, Any]:
        rows = {
            table: self._rows(sorted(draft.folder(table).glob("*.parquet")))
            for table in TABLES
            if draft.as_snapshot().has(table)
        }
        return {
            "rows": rows,
            "tables": {table: each.report.counts for table, each in imported.items()},
            "removed": {table: each.report.removed for table, each in imported.items()},
            "import": self._id,
            "line_hash": hash_version(),
            "sources": {table: path.name for table, path in self._request.files.items()},
        }

    def _rows(self, files: list[Path]) -> int:
        row = self._connection.execute(f"SELECT count(*) FROM read_parquet({sql.texts(files)})").fetchone()
        return int(row[0]) if row else 0

    # The report

    def _outcome(self, imported: Mapping[str, Imported], snapshot: Snapshot) -> Outcome:
        return Outcome(
            snapshot.id,
            {table: each.report for table, each in imported.items()},
            rejects=self._finish(self._rejects, ""),
            emptied=self._finish(self._emptied, ".cells"),
            unplaced=self._unplaced,
            report=self._write_report(imported, snapshot),
            changed=snapshot != self._current,
        )

    def _finish(self, collected: RejectFile, suffix: str) -> Path | None:
        if not collected:
            return None
        return collected.finish(
            self._workspace.folder("rejects") / f"{self._id}{suffix}", self._request.words
        )

    def _write_report(self, imported: Mapping[str, Imported], snapshot: Snapshot | None) -> Path:
        folder = self._workspace.folder("rejects")
        path = folder / f"{self._id}.json"
        facts = {
            "import": self._id,
            "snapshot": snapshot.id if snapshot else None,
            "changed": snapshot is not None and snapshot != self._current,
            "tables": {table: each.report.as_json() for table, each in imported.items()},
        }
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=2), encoding="utf-8")
        return path

    def _tell(self, step: str, subject: str) -> None:
        self._request.progress(step, subject, 0.0)


def _place(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    settings: Settings,
    mappings: Path,
    config: Config,
    now: dt.datetime | None,
    *,
    fast: bool,
) -> Place:
    local = now or dt.datetime.now(ZoneInfo(config.time_zone)).replace(tzinfo=None)
    return Place(connection, work, settings, mappings, config.time_zone, local, fast)


@contextmanager
def _connection(workspace: Workspace, settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A connection of the import's own with a scratch folder that is gone afterwards."""
    work = workspace.path / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        with connect(settings, work) as connection:
            yield connection, work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def connect(settings: Settings, work: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB of the import's own: bounded memory, spilling into the scratch folder."""
    options: dict[str, Any] = {
        "memory_limit": settings.import_memory_limit,
        "temp_directory": str(work / "spill"),
        "autoinstall_known_extensions": False,
    }
    if settings.threads:
        options["threads"] = settings.threads
    connection = duckdb.connect(":memory:", config=options)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _stamps(files: Mapping[str, Path]) -> dict[str, Any]:
    """Size and time of each file: told before and after reading."""

    def stamp(path: Path) -> tuple[int, int]:
        try:
            found = path.stat()
        except OSError:
            return (0, 0)
        return found.st_size, found.st_mtime_ns

    return {table: stamp(path) for table, path in files.items()}


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _exists(home: Path, name: str) -> bool:
    return any(w.name == workspaces.slug(name) for w in workspaces.list_workspaces(home))


def _has_rejects(workspace: Workspace) -> bool:
    folder = workspace.path / "rejects"
    return folder.is_dir() and any(folder.iterdir())
