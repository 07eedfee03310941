"""An import from files to a committed snapshot, with a report; nothing is half done."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from data import snapshots, workspaces
from data.errors import DataError
from data.exports.opening import OpenedExport, Piece, open_export, survey
from data.exports.own import recognisers
from data.importing import mapping, places, sql
from data.importing.account import Account
from data.importing.merge import KEYED, completed, hash_version
from data.importing.refusals import mapping_needed, refused
from data.importing.report import TableReport
from data.importing.request import Outcome as Outcome
from data.importing.request import Request as Request
from data.importing.table import Imported, Opened, open_file, take
from data.importing.workbench import connection_of, link, place_of, stamps
from data.marts.build import build_marts
from data.schema import TABLES
from data.settings import Settings
from data.snapshots import GIVEN, Draft, Snapshot
from data.workspaces import Config, Workspace


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
        with workspace.lock(), connection_of(workspace, settings) as (connection, work):
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
        self._place = place_of(
            connection, work, settings, mappings, workspace.config, request.now, fast=request.fast
        )
        self._account = Account(connection, work, workspace, self._id, request.words)
        self._current = workspace.current()
        self._taken = 0

    def run(self) -> Outcome:
        before = stamps(self._paths())
        files, pieces = self._sorted_out()
        self._need_transactions(files, pieces)
        opened = {table: self._open(table, path) for table, path in files.items()}
        imported: dict[str, Imported] = {}
        for each in opened.values():
            self._take(each, imported)
        self._take_exports(pieces, imported)
        self._check_unchanged(before)
        for table, taken in imported.items():
            self._account.complete(table, taken.report)
        self._account.refuse_if_all_refused(imported)
        snapshot = (
            self._commit(imported) if any(i.report.changed for i in imported.values()) else self._current
        )
        if snapshot is None:
            raise refused("file_no_records", file=", ".join(p.name for p in self._paths()))
        for table in self._request.mappings.keys() & opened.keys():
            source, chosen = opened[table].source, opened[table].mapping
            mapping.remember(self._place.mappings, source.header, chosen)
        return self._account.outcome(imported, snapshot, self._current)

    def _paths(self) -> list[Path]:
        return [*self._request.files.values(), *self._request.exports]

    def _sorted_out(self) -> tuple[dict[str, Path], list[Piece]]:
        """The files read by a mapping, and the exports: also those that were named for their table."""
        files, exports = dict(self._request.files), list(self._request.exports)
        own = recognisers(self._workspace.path)
        for table in ("transactions", "settlements"):
            if table not in files or table in self._request.mappings:
                continue
            pieces = survey([files[table]], replace(self._place, work=self._work / f"look-{table}"), own)
            if pieces and all(p.found and p.part and not self._is_remembered(p, table) for p in pieces):
                exports.insert(0, files.pop(table))
        pieces = survey(exports, self._place, own)
        for piece in pieces:
            if piece.refusal:
                raise piece.refusal
        strangers = [p.name for p in pieces if not p.found]
        if strangers:
            raise mapping_needed("export_unknown", file=", ".join(strangers))
        return files, pieces

    def _is_remembered(self, piece: Piece, table: str) -> bool:
        assert piece.part is not None
        return mapping.recall(self._place.mappings, piece.part.header, table) is not None

    def _need_transactions(self, files: Mapping[str, Path], pieces: Sequence[Piece]) -> None:
        has = self._current is not None and self._current.has("transactions")
        sold = "transactions" in files or any(
            p.found and p.found.kind.fills == "transactions" for p in pieces
        )
        if not has and not sold:
            raise mapping_needed("import_transactions", workspace=self._workspace.name)

    def _open(self, table: str, path: Path) -> Opened:
        self._tell("deciding", table)
        return open_file(path, table, self._request.mappings.get(table), self._place)

    def _take_exports(self, pieces: Sequence[Piece], imported: dict[str, Imported]) -> None:
        """One file after the other, so that no more than one is ever laid out on disk."""
        for number, piece in enumerate(pieces):
            subject = f"{piece.name} ({number + 1}/{len(pieces)})"
            self._tell("deciding", subject, number / len(pieces))
            export = open_export(piece, number, self._place, self._request.answers)
            for opened in export.tables if export else ():
                self._take(opened, imported, export, (subject, (number + 0.5) / len(pieces)))
            shutil.rmtree(self._work / f"export-{number}", ignore_errors=True)

    def _take(
        self,
        opened: Opened,
        imported: dict[str, Imported],
        export: OpenedExport | None = None,
        told: tuple[str, float] | None = None,
    ) -> None:
        table = opened.mapping.table
        before = imported.get(table)
        work = self._work / f"taken-{self._taken}"
        self._taken += 1
        work.mkdir()
        subject, share = told or (table, 0.0)
        taken = take(
            opened,
            before.files if before else self._old(table),
            replace(self._place, work=work),
            self._account.rejects,
            self._account.emptied,
            rehash=self._is_other_hash(),
            is_export=export is not None,
            whole_orders=export is not None and export.whole_orders,
            tell=lambda step: self._tell(step, subject, share),
        )
        if export is not None:
            taken.report.exports.append(_facts(export, table))
        if before is not None:
            taken = replace(taken, report=before.report.joined(taken.report))
        imported[table] = taken

    def _old(self, table: str) -> list[Path]:
        if self._current is None:
            return []
        given = self._current.folder(table + GIVEN)
        folder = given if given.is_dir() else self._current.folder(table)
        files = sorted(folder.glob("*.parquet"))
        return completed(self._connection, table, files, self._work)

    def _is_other_hash(self) -> bool:
        return self._current is not None and self._current.manifest.get("line_hash") != hash_version()

    def _check_unchanged(self, before: Mapping[str, Any]) -> None:
        after = stamps(self._paths())
        for path in self._paths():
            if before[str(path)] != after[str(path)]:
                raise refused("file_changed", file=path.name)

    # The snapshot

    def _commit(self, imported: Mapping[str, Imported]) -> Snapshot:
        with snapshots.draft(self._workspace.path) as draft:
            for table in TABLES:
                if table in imported:
                    self._fill(draft, table, imported[table])
                else:
                    draft.keep(table)
                    draft.keep(table + GIVEN)
            self._tell("marts", "")
            facts = build_marts(
                draft, self._workspace.config, progress=lambda mart: self._tell("marts", mart)
            )
            self._tell("committing", "")
            return draft.commit({**facts, **self._manifest(imported, draft)})

    def _fill(self, draft: Draft, table: str, imported: Imported) -> None:
        placed = table in KEYED
        folder = draft.folder(table + GIVEN if placed else table)
        for number, file in enumerate(imported.files):
            target = folder / f"{self._id}-{number}.parquet"
            if file.is_relative_to(self._work):
                os.replace(file, target)
            else:
                link(file, folder / file.name)
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
        self._account.note_unplaced(problems.names)

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
            "sources": {
                table: ", ".join(str(f["name"]) for f in each.report.files)
                for table, each in imported.items()
            },
        }

    def _rows(self, files: list[Path]) -> int:
        row = self._connection.execute(f"SELECT count(*) FROM read_parquet({sql.texts(files)})").fetchone()
        return int(row[0]) if row else 0

    def _tell(self, step: str, subject: str, share: float = 0.0) -> None:
        self._request.progress(step, subject, share)


def _facts(export: OpenedExport, table: str) -> dict[str, Any]:
    """What the report says of an export."""
    found = export.piece.found
    assert found is not None
    is_main = table == found.kind.fills
    return {
        "name": export.piece.name,
        "system": found.kind.system,
        "kind": found.kind.name,
        "title": found.kind.title,
        "passed_over": export.tidied.passed_over if is_main else 0,
        "masked": export.tidied.masked if is_main else 0,
        "odd": export.tidied.odd if is_main else 0,
    }


def _exists(home: Path, name: str) -> bool:
    return any(w.name == workspaces.slug(name) for w in workspaces.list_workspaces(home))


def _has_rejects(workspace: Workspace) -> bool:
    folder = workspace.path / "rejects"
    return folder.is_dir() and any(folder.iterdir())
