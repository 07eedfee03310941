"""A new file's rows against what the workspace holds: what is new, the same, changed, gone.

Lines (transactions, feedback, consents, spend) are replaced by group: a later file's lines of one
order replace that order's lines. Keyed rows (customers, stores) are replaced by key: the columns the
file has win, the others keep their values.
"""

# ruff: noqa: S608  values reach a statement through sql.text, sql.name and sql.parquet only

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from data.importing import sql
from data.schema import TABLES

KEYED: Final = ("customers", "stores")
MANY_FILES: Final = 40
"""A table in more files than this is rewritten as one."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The files of a table after a merge, and what happened to the new rows.

    Attributes
    ----------
    files : tuple of Path
        Files of the current snapshot that stay, and new ones.
    loaded, duplicates, updated : int
        They add up to the new rows.
    removed : int
        Old lines of replaced groups that the new file no longer has.
    changed : bool
        Whether the table's content differs from before.
    """

    files: tuple[Path, ...]
    loaded: int
    duplicates: int = 0
    updated: int = 0
    removed: int = 0
    changed: bool = True


class Merger:
    """Merges new rows of one table into its files.

    Parameters
    ----------
    connection : DuckDBPyConnection
    table : str
    work : Path
        Folder for new files.
    rehash : bool
        The stored hashes of lines were made by another version: make them again.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, table: str, work: Path, *, rehash: bool = False
    ) -> None:
        self._connection = connection
        self._table = TABLES[table]
        self._work = work
        self._rehash = rehash
        self._written = 0

    def lines(self, old: Sequence[Path], new: Path) -> Merged:
        """Replace the groups (orders) of the new file.

        Parameters
        ----------
        old : sequence of Path
        new : Path
            Parquet of the accepted rows.

        Returns
        -------
        Merged
        """
        rows = self._one(f"SELECT count(*) FROM {sql.parquet([new])}")
        if not rows:
            return Merged(tuple(old), 0, changed=False)
        if not old or not self._touch(old, new):
            return Merged(self._bounded((*old, new)), rows)
        touched_new = self._one(
            f"SELECT count(*) FROM {sql.parquet([new])} WHERE {self._group} IN (FROM touched)"
        )
        touched_old = self._one(
            f"SELECT count(*) FROM {sql.parquet(old)} WHERE {self._group} IN (FROM touched)"
        )
        matched = self._matched(old, new)
        loaded, updated, removed = rows - touched_new, touched_new - matched, touched_old - matched
        if not updated and not removed:
            if not loaded:
                return Merged(tuple(old), 0, matched, changed=False)
            fresh = self._write(f"FROM {sql.parquet([new])} WHERE {self._group} NOT IN (FROM touched)")
            return Merged(self._bounded((*old, fresh)), loaded, matched)
        kept = self._without_touched(old)
        return Merged(self._bounded((*kept, new)), loaded, matched, updated, removed)

    def keyed(
        self, old: Sequence[Path], new: Path, filled: Sequence[str], *, keep_known: bool = False
    ) -> Merged:
        """Replace the rows of the new file's keys.

        Parameters
        ----------
        old : sequence of Path
        new : Path
            Parquet of the accepted rows with their ``record``; of several rows of one key the last counts.
        filled : sequence of str
            The columns the file has.
        keep_known : bool
            An empty cell leaves what was known: exports mask in one month what they showed in another.

        Returns
        -------
        Merged
        """
        key = sql.name(self._table.key[0])
        other = [sql.name(c) for c in filled if sql.name(c) != key]
        rows = self._one(f"SELECT count(*) FROM {sql.parquet([new])}")
        if not rows:
            return Merged(tuple(old), 0, changed=False)
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE winners AS SELECT * FROM {sql.parquet([new])} "
            f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY record DESC) = 1"
        )
        same = _same(other, "r", "w")
        passed_over_same = self._one(
            f"SELECT count(*) FROM {sql.parquet([new])} r JOIN winners w USING ({key}) "
            f"WHERE r.record <> w.record AND {same}"
        )
        winners = self._one("SELECT count(*) FROM winners")
        passed_over = rows - winners
        if not old:
            chosen = ", ".join(sql.name(c.name) for c in self._table.given)
            first = self._write(f"SELECT {chosen} FROM winners")
            return Merged((first,), winners, passed_over_same, passed_over - passed_over_same)
        known = self._one(f"SELECT count(*) FROM winners SEMI JOIN {sql.parquet(old)} USING ({key})")
        agrees = _same(other, "r", "w", or_empty=keep_known)
        equal = self._one(
            f"SELECT count(*) FROM winners w JOIN {sql.parquet(old)} r USING ({key}) WHERE {agrees}"
        )
        changed = winners - equal > 0
        files = (self._write(self._overlaid(old, filled, keep_known)),) if changed else tuple(old)
        return Merged(
            files,
            winners - known,
            equal + passed_over_same,
            known - equal + passed_over - passed_over_same,
            changed=changed,
        )

    def identical(self, files: Sequence[Path]) -> int:
        """Lines beyond the first among those of one file that agree in every value."""
        count = f"count(*) - count(DISTINCT ({self._group}, {self._hash}))"
        if self._table.name == "transactions":
            count = "count(*) - count(DISTINCT line_hash)"
        return self._one(f"SELECT {count} FROM {sql.parquet(files)}")

    # Lines

    @property
    def _group(self) -> str:
        """SQL of what a later file replaces by, never NULL."""
        if self._table.name == "transactions":
            return "order_id"
        return (
            "concat_ws(chr(31), "
            + ", ".join(f"coalesce({sql.name(k)}::VARCHAR, '')" for k in self._table.key)
            + ")"
        )

    @property
    def _hash(self) -> str:
        if self._table.name == "transactions" and not self._rehash:
            return "line_hash"
        return line_hash(self._table.name)

    def _touch(self, old: Sequence[Path], new: Path) -> bool:
        """Note the groups that are on both sides, in a table ``touched``; false when there are none."""
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT {self._group} AS g "
            f"FROM {sql.parquet([new])} WHERE {self._group} IN (SELECT {self._group} FROM {sql.parquet(old)})"
        )
        return bool(self._one("SELECT count(*) FROM touched"))

    def _matched(self, old: Sequence[Path], new: Path) -> int:
        """New lines that equal an old line of their group, each old line used once."""

        def counted(files: Sequence[Path]) -> str:
            return (
                f"SELECT {self._group} AS g, {self._hash} AS h, count(*) AS n FROM {sql.parquet(files)} "
                f"WHERE {self._group} IN (FROM touched) GROUP BY ALL"
            )

        query = (
            f"SELECT coalesce(sum(least(a.n, b.n)), 0) "
            f"FROM ({counted([new])}) a JOIN ({counted(old)}) b USING (g, h)"
        )
        return self._one(query)

    def _without_touched(self, old: Sequence[Path]) -> list[Path]:
        """The old files without the touched groups; files that hold none stay as they are."""
        kept = []
        for file in old:
            rows = self._one(f"SELECT count(*) FROM {sql.parquet([file])}")
            gone = self._one(
                f"SELECT count(*) FROM {sql.parquet([file])} WHERE {self._group} IN (FROM touched)"
            )
            if not gone:
                kept.append(file)
            elif gone < rows:
                kept.append(
                    self._write(f"FROM {sql.parquet([file])} WHERE {self._group} NOT IN (FROM touched)")
                )
        return kept

    def _bounded(self, files: Sequence[Path]) -> tuple[Path, ...]:
        return tuple(files) if len(files) <= MANY_FILES else (self._write(f"FROM {sql.parquet(files)}"),)

    # Keyed rows

    def _overlaid(self, old: Sequence[Path], filled: Sequence[str], keep_known: bool) -> str:
        key = sql.name(self._table.key[0])
        values = []
        for column in self._table.given:
            name = sql.name(column.name)
            if column.name == self._table.key[0] or (column.name in filled and keep_known):
                values.append(f"coalesce(w.{name}, r.{name}) AS {name}")
            elif column.name in filled:
                values.append(f"CASE WHEN w.{key} IS NULL THEN r.{name} ELSE w.{name} END AS {name}")
            else:
                values.append(f"r.{name} AS {name}")
        return (
            f"SELECT {', '.join(values)} FROM winners w FULL JOIN {sql.parquet(old)} r ON w.{key} = r.{key}"
        )

    # Statements

    def _write(self, query: str) -> Path:
        self._written += 1
        target = self._work / f"{self._table.name}-merged-{self._written}.parquet"
        self._connection.execute(f"COPY ({query}) TO {sql.text(target)} (FORMAT parquet)")
        return target

    def _one(self, query: str) -> int:
        return sql.one(self._connection, query)


def line_hash(table: str) -> str:
    """SQL of the hash of a row's values, in the order of the schema; 63 bits, so that it fits a bigint."""
    values = ", ".join(sql.name(column.name) for column in TABLES[table].given)
    return f"(hash({values}) >> 1)::BIGINT"


def hash_version(table: str = "transactions") -> str:
    """Hashes with another mark than this cannot be compared and are made again."""
    return f"duckdb {duckdb.__version__}, {len(TABLES[table].given)} columns"


def completed(
    connection: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path], work: Path
) -> list[Path]:
    """Files of an older version with the columns that have come since, empty.

    Parameters
    ----------
    connection : DuckDBPyConnection
    table : str
    files : sequence of Path
    work : Path
        Folder for the files that have to be written anew.

    Returns
    -------
    list of Path
    """
    done = []
    for number, file in enumerate(files):
        rows = connection.execute(f"DESCRIBE SELECT * FROM {sql.parquet([file])}").fetchall()
        has = {row[0] for row in rows}
        missing = [c for c in TABLES[table].given if c.name not in has]
        if not missing:
            done.append(file)
            continue
        target = work / f"{table}-completed-{number}.parquet"
        empty = ", ".join(f"NULL::{sql.TYPES[c.kind]} AS {sql.name(c.name)}" for c in missing)
        connection.execute(
            f"COPY (SELECT *, {empty} FROM {sql.parquet([file])}) TO {sql.text(target)} (FORMAT parquet)"
        )
        done.append(target)
    return done


def _same(columns: Sequence[str], left: str, right: str, *, or_empty: bool = False) -> str:
    tests = []
    for c in columns:
        test = f"{left}.{c} IS NOT DISTINCT FROM {right}.{c}"
        tests.append(f"({right}.{c} IS NULL OR {test})" if or_empty else test)
    return " AND ".join(tests) or "true"
