"""What an import says of itself: refused rows, cells left empty, names without a place, and the report."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

from data.importing import sql
from data.importing.refusals import refused
from data.importing.report import RejectFile, TableReport, Words, reason, totals, write_places
from data.importing.request import Outcome
from data.importing.table import Imported
from data.schema import TABLES
from data.snapshots import Snapshot
from data.workspaces import Workspace


class Account:
    """The account of one import.

    Parameters
    ----------
    connection : DuckDBPyConnection
    work : Path
        Scratch folder.
    workspace : Workspace
    name : str
        Of the import; its files in the workspace's folder of rejects begin with it.
    words : Words
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, work: Path, workspace: Workspace, name: str, words: Words
    ) -> None:
        self.rejects = RejectFile(connection, work, "rejects", workspace.path)
        self.emptied = RejectFile(connection, work, "emptied", workspace.path)
        self._connection = connection
        self._workspace = workspace
        self._id = name
        self._words = words
        self._unplaced: Path | None = None

    def note_unplaced(self, names: pd.DataFrame) -> None:
        """Write down the names of places that are not known."""
        if len(names):
            self._unplaced = self._workspace.folder("rejects") / f"{self._id}.places.csv"
            write_places(names, self._unplaced, self._words)

    def complete(self, table: str, report: TableReport) -> None:
        """Add to a table's report why rows were refused, and the money in them."""
        if self.rejects:
            report.reasons, money = totals(self._connection, self.rejects.source, table)
            own = money.pop("", 0.0)
            currency = self._workspace.config.currency
            report.refused_money = money | (
                {currency: round(money.get(currency, 0.0) + own, 2)} if own else {}
            )

    def refuse_if_all_refused(self, imported: Mapping[str, Imported]) -> None:
        """Refuse the import where every row of a table was refused.

        Raises
        ------
        FileRefused : with the first reason; the refused rows are written down.
        """
        for table, each in imported.items():
            report = each.report
            if report.read and report.read == report.rejected:
                rejects = self._finish(self.rejects, "")
                self._write_report(imported, None, False)
                code = next(iter(report.reasons))
                why = self._first_reason(table, code)
                file = ", ".join(str(f["name"]) for f in report.files)
                raise refused(
                    "file_all_refused", file=file, count=report.read, reason=why, rejects=str(rejects)
                )

    def _first_reason(self, table: str, code: str) -> str:
        query = (
            f'SELECT "column", value FROM {self.rejects.source} WHERE "table" = {sql.text(table)} '
            f"AND code = {sql.text(code)} ORDER BY record LIMIT 1"
        )
        column, value = self._connection.execute(query).fetchone() or ("", "")
        personal = {c.name for c in TABLES[table].columns if c.personal}
        hidden = column in personal
        return reason(code, column, "" if hidden else value, self._words)

    def outcome(
        self, imported: Mapping[str, Imported], snapshot: Snapshot, before: Snapshot | None
    ) -> Outcome:
        """What the import came to; writes the files of its account."""
        return Outcome(
            snapshot.id,
            {table: each.report for table, each in imported.items()},
            rejects=self._finish(self.rejects, ""),
            emptied=self._finish(self.emptied, ".cells"),
            unplaced=self._unplaced,
            report=self._write_report(imported, snapshot, snapshot != before),
            changed=snapshot != before,
        )

    def _finish(self, collected: RejectFile, suffix: str) -> Path | None:
        if not collected:
            return None
        return collected.finish(self._workspace.folder("rejects") / f"{self._id}{suffix}", self._words)

    def _write_report(
        self, imported: Mapping[str, Imported], snapshot: Snapshot | None, changed: bool
    ) -> Path:
        folder = self._workspace.folder("rejects")
        path = folder / f"{self._id}.json"
        facts = {
            "import": self._id,
            "snapshot": snapshot.id if snapshot else None,
            "changed": changed,
            "tables": {table: each.report.as_json() for table, each in imported.items()},
        }
        path.write_text(json.dumps(facts, ensure_ascii=False, indent=2), encoding="utf-8")
        return path
