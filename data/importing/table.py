"""One table of an import: its files are read, checked and merged with what the workspace holds."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from data.importing import evidence, mapping, reading, sniff, sql
from data.importing.cast import Casts
from data.importing.finer import Yielded, yield_to_lines
from data.importing.mapping import Filled, TableMapping
from data.importing.merge import KEYED, Merged, Merger
from data.importing.older import without_older
from data.importing.protect import Protected, protect
from data.importing.reading import Reading
from data.importing.refusals import refused
from data.importing.report import RejectFile, TableReport
from data.importing.source import Part, Source
from data.importing.statements import Statements
from data.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where an import works: connection, scratch folder, limits, the workspace's clock and memory.

    ``root`` is the workspace's folder: its key hashes identity numbers, its list keeps the erased out.
    """

    connection: duckdb.DuckDBPyConnection
    work: Path
    settings: Settings
    mappings: Path
    time_zone: str
    now: dt.datetime
    fast: bool = True
    currency: str = ""
    country: str = ""
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is understood: what it is and how its columns are read."""

    source: Source
    mapping: TableMapping
    filled: Filled
    readings: tuple[Reading, ...]
    decisions: evidence.Decisions

    def statements(self, reading: Reading, place: Place) -> Statements:
        """The statements that read one of its readings."""
        return Statements(self.filled, self.decisions, place.time_zone, place.now, reading)


@dataclass(frozen=True, slots=True)
class Imported:
    """The files of a table after its import, and the report."""

    files: tuple[Path, ...]
    report: TableReport
    opened: Opened


def open_file(path: Path, table: str, given: TableMapping | None, place: Place) -> Opened:
    """Understand a file: what it is, which column is which, how dates and numbers are written.

    Parameters
    ----------
    path : Path
    table : str
    given : TableMapping or None
        The owner's; else the one remembered for this header; else what the header says.
    place : Place

    Returns
    -------
    Opened

    Raises
    ------
    FileRefused, MappingNeeded
    """
    source = sniff.look(path, table, place.settings, place.work / f"{table}-unpacked", given)
    known = given or mapping.recall(place.mappings, source.header, table)
    chosen = mapping.suggest(source.header, table, known)
    filled = mapping.fill(chosen, source.header, path.name)
    readings = tuple(_prepare(part, filled, place) for part in source.parts)
    if not sum(r.records for r in readings):
        raise refused("file_no_records", file=path.name)
    readings, decisions = _decide(readings, filled, path.name, place)
    return Opened(source, chosen, filled, readings, decisions)


def take(
    opened: Opened,
    old: Sequence[Path],
    place: Place,
    rejects: RejectFile,
    emptied: RejectFile,
    *,
    rehash: bool = False,
    is_export: bool = False,
    whole_orders: bool = False,
    tell: Callable[[str], None] = lambda step: None,
) -> Imported:
    """Check a file's rows and merge them.

    Parameters
    ----------
    opened : Opened
    old : sequence of Path
        The table's files in the current snapshot.
    place : Place
    rejects, emptied : RejectFile
        Get the refused rows and the cells left empty.
    rehash : bool
        See ``Merger``.
    is_export : bool
        The file is a system's own: of keyed rows an empty cell leaves what was known, and an order stays as
        far as it is known to have come.
    whole_orders : bool
        The rows are whole receipts, which give way to items of theirs that are known.
    tell : callable
        Gets the name of each step.

    Returns
    -------
    Imported

    Raises
    ------
    FileRefused : the records do not reconcile; nothing was loaded.
    """
    table = opened.mapping.table
    merger = Merger(place.connection, table, place.work, rehash=rehash)
    report = TableReport(
        known_as=opened.mapping.known_as,
        mapping=mapping.to_toml({table: opened.mapping}),
        decided=opened.decisions.as_json(),
    )
    files: tuple[Path, ...] = tuple(old)
    for number, each in enumerate(opened.readings):
        tell("checking")
        target = place.work / f"{table}-{number}.parquet"
        statements = opened.statements(each, place)
        rows = statements.good(numbered=table in KEYED)
        _copy(place.connection, rows, target, ordered=table in KEYED)
        good = _count(place.connection, target)
        report.future += _count_future(place, table, target)
        bad = _refuse(statements, each, good, rejects, table, place, tell)
        _note_emptied(statements, each, emptied, table, place, report)
        if place.root is not None:
            _note(report, protect(place.connection, place.root, place.country, table, target))
        tell("merging")
        if table in KEYED:
            merged = merger.keyed(files, target, opened.filled.columns, keep_known=is_export)
        elif is_export and table == "transactions":
            merged = _merge_orders(merger, files, target, place, whole_orders)
        else:
            merged = merger.lines(files, target)
        _add(report, each, bad, merged)
        report.identical += 0 if table in KEYED or not good else merger.identical([target])
        files = merged.files
    return Imported(files, report, opened)


def _merge_orders(
    merger: Merger, files: tuple[Path, ...], target: Path, place: Place, whole_orders: bool
) -> Merged:
    """Merge the orders of an export: an older state, and whole receipts whose items are known, give way."""
    new, older = without_older(place.connection, files, target, place.work)
    left = yield_to_lines(place.connection, files, new, place.work) if whole_orders else Yielded(files, new)
    merged = merger.lines(left.old, left.new)
    return replace(
        merged,
        duplicates=merged.duplicates + left.same + older,
        updated=merged.updated + left.updated,
        changed=merged.changed or left.updated > 0,
    )


def _prepare(part: Part, filled: Filled, place: Place) -> Reading:
    return reading.prepare(part, filled.needed_headers, place.work, place.settings, place.fast)


def _decide(
    readings: tuple[Reading, ...], filled: Filled, file: str, place: Place
) -> tuple[tuple[Reading, ...], evidence.Decisions]:
    """The decisions, after every fast reading has proved to find the records that there are."""
    try:
        decisions, rows = _gather(readings, filled, file, place)
    except duckdb.Error:
        rows = -1
    if any(r.is_fast for r in readings) and rows != sum(r.records for r in readings):
        readings = tuple(
            r
            if not r.is_fast or reading.agrees(r, place.connection)
            else reading.read_carefully(r, place.work, place.settings)
            for r in readings
        )
        decisions, rows = _gather(readings, filled, file, place)
    return readings, decisions


def _gather(
    readings: Sequence[Reading], filled: Filled, file: str, place: Place
) -> tuple[evidence.Decisions, int]:
    together = " UNION ALL BY NAME ".join(
        Casts(filled, evidence.Decisions(), place.time_zone, place.now, each).raw_rows() for each in readings
    )
    return evidence.gather(place.connection, together, filled, file)


def _refuse(
    statements: Statements,
    each: Reading,
    good: int,
    rejects: RejectFile,
    table: str,
    place: Place,
    tell: Callable[[str], None],
) -> int:
    """Write down the refused rows; only now are record numbers worked out."""
    missing = each.records - good
    if not missing:
        return 0
    tell("refusing")
    rejects.add(statements.refused(), table, each.part.name)
    found = rejects.last_count()
    if found != missing:
        raise refused("file_records", file=each.part.name, expected=each.records, found=good + found)
    return found


def _note_emptied(
    statements: Statements,
    each: Reading,
    emptied: RejectFile,
    table: str,
    place: Place,
    report: TableReport,
) -> None:
    if not statements.notes:
        return
    row = place.connection.execute(statements.count_emptied()).fetchone() or ()
    if not any(row):
        return
    for query, count in zip(statements.emptied(), row, strict=True):
        if count:
            emptied.add(query, table, each.part.name)
    for check, count in zip(statements.notes, row, strict=True):
        if count:
            key = f"{check.column}: {check.code}"
            report.emptied[key] = report.emptied.get(key, 0) + count


def _note(report: TableReport, done: Protected) -> None:
    report.identity_numbers += done.identity_numbers
    report.kept_out += done.kept_out
    report.unnamed += done.unnamed


def _add(report: TableReport, each: Reading, bad: int, merged: Merged) -> None:
    report.read += each.records
    report.rejected += bad
    report.loaded += merged.loaded
    report.duplicates += merged.duplicates
    report.updated += merged.updated
    report.removed += merged.removed
    report.changed = report.changed or merged.changed
    report.files.append(
        {
            "name": each.part.name,
            "form": each.part.form,
            "encoding": each.encoding,
            "delimiter": each.part.delimiter if each.part.form == "csv" else "",
            "sheet": each.part.sheet,
            "records": each.records,
        }
    )
    found = report.loaded + report.rejected + report.duplicates + report.updated + report.kept_out
    if report.read != found:
        raise refused("file_records", file=each.part.name, expected=report.read, found=found)


def _copy(connection: duckdb.DuckDBPyConnection, rows: str, target: Path, *, ordered: bool) -> None:
    """Write rows; in whatever order they come, where nothing counts them: faster, and less memory."""
    connection.execute(f"SET preserve_insertion_order = {ordered}")
    try:
        connection.execute(f"COPY ({rows}) TO {sql.text(target)} (FORMAT parquet)")
    finally:
        connection.execute("SET preserve_insertion_order = true")


def _count_future(place: Place, table: str, file: Path) -> int:
    """Orders dated after tomorrow: kept, and reported."""
    if table != "transactions":
        return 0
    tomorrow = place.now + dt.timedelta(days=1)
    later = f"ordered_at > TIMESTAMP '{tomorrow:%Y-%m-%d %H:%M:%S}'"
    query = f"SELECT count(*) FROM read_parquet({sql.text(file)}) WHERE {later}"
    row = place.connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _count(connection: duckdb.DuckDBPyConnection, file: Path) -> int:
    row = connection.execute(f"SELECT count(*) FROM read_parquet({sql.text(file)})").fetchone()
    return int(row[0]) if row else 0
