"""A file's rows as a relation of texts that DuckDB can read again and again.

Fast where the file is clean: DuckDB reads the CSV itself, and its count is compared with an
independent one (``reconcile``). Careful where it is not (``careful``).
"""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from data.importing import careful, sql
from data.importing.reconcile import Scan, scan
from data.importing.refusals import refused
from data.importing.source import DAMAGED_FROM, TYPED, Part
from data.settings import Settings

_CHUNK: Final = 1 << 22
_CODE_PAGES: Final = ("cp1252", "latin-1")


@dataclass(frozen=True, slots=True)
class Reading:
    """One part, ready to be queried.

    Attributes
    ----------
    part : Part
    relation : str
        SQL of a table: ``fault``, ``fault_value`` and ``c<position>`` texts.
    numbered : str
        The same with ``record``, counted from 1 below the header.
    records : int
        Records below the header that are not blank, counted independently of the relation.
    is_fast : bool
        DuckDB reads the CSV itself.
    is_typed : bool
        Cells may carry ``TYPED``.
    encoding : str
        What the file was read as.
    path : Path
        The text that is read (a UTF-8 copy, maybe).
    positions : tuple of int
        Which columns of the file the relation holds.
    has_blanks : bool
        A cell may begin or end with white space, or be empty without being NULL.
    has_exponents, has_guards, has_wide_commas : bool
        As in ``reconcile.Scan``.
    valued : frozenset of str
        Headers whose numbers are read already: ``v<position>`` holds them, ``c<position>`` only the texts
        of cells that are none.
    """

    part: Part
    relation: str
    numbered: str
    records: int
    is_fast: bool
    is_typed: bool
    encoding: str
    path: Path
    positions: tuple[int, ...]
    has_blanks: bool = True
    has_exponents: bool = True
    has_guards: bool = True
    has_wide_commas: bool = True
    valued: frozenset[str] = frozenset()


def prepare(part: Part, headers: Sequence[str], work: Path, settings: Settings, fast: bool = True) -> Reading:
    """Make a part's rows readable.

    Parameters
    ----------
    part : Part
    headers : sequence of str
        The columns that are needed.
    work : Path
        Folder for copies; the caller removes it.
    settings : Settings
    fast : bool
        Let DuckDB read a clean CSV itself.

    Returns
    -------
    Reading

    Raises
    ------
    FileRefused : NUL bytes, an unknown encoding, an unterminated quote, no rows.
    """
    positions = tuple(index for index, header in enumerate(part.header) if header in headers)
    if part.form == "parquet":
        return _parquet(part, positions)
    if part.form == "sheet":
        target = work / f"{_stem(part)}.parquet"
        records = careful.read_sheet(part, target, positions, settings.max_cell_characters)
        return _staged(part, target, records, positions, typed=True, encoding="", path=part.path)
    path, seen, encoding = _as_utf8(part, work)
    if fast and _may_be_fast(part, seen, settings):
        return _fast(part, path, positions, seen, encoding)
    return _careful(part, path, positions, work, settings, encoding)


def read_carefully(reading: Reading, work: Path, settings: Settings) -> Reading:
    """The careful reading of a part whose fast reading failed or does not reconcile."""
    return _careful(reading.part, reading.path, reading.positions, work, settings, reading.encoding)


def agrees(reading: Reading, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the fast reader finds as many records as the independent count."""
    try:
        row = connection.execute(f"SELECT count(*) FROM ({reading.relation})").fetchone()
    except duckdb.Error:
        return False
    return row is not None and row[0] == reading.records


def _may_be_fast(part: Part, seen: Scan, settings: Settings) -> bool:
    return seen.plain and part.header_lines == 1 and seen.longest_line <= settings.max_cell_characters


def _fast(part: Part, path: Path, positions: tuple[int, ...], seen: Scan, encoding: str) -> Reading:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(part.header)))
    reader = (
        f"read_csv({sql.text(path)}, auto_detect=false, header=true, delim={sql.text(part.delimiter)}, "
        f"quote='\"', escape='\"', strict_mode=true, null_padding=false, ignore_errors=false, "
        f"columns={{{columns}}})"
    )
    chosen = ", ".join(f"c{p}" for p in positions)
    fault = "NULL::VARCHAR AS fault, NULL::VARCHAR AS fault_value"
    return Reading(
        part,
        relation=f"SELECT {fault}, {chosen} FROM {reader}",
        numbered=f"SELECT row_number() OVER () AS record, {fault}, {chosen} FROM {reader}",
        records=seen.records - 1,
        is_fast=True,
        is_typed=False,
        encoding=encoding,
        path=path,
        positions=positions,
        has_blanks=seen.has_blanks,
        has_exponents=seen.has_exponents,
        has_guards=seen.has_guards,
        has_wide_commas=seen.has_wide_commas,
    )


def _careful(
    part: Part, path: Path, positions: tuple[int, ...], work: Path, settings: Settings, encoding: str
) -> Reading:
    target = work / f"{_stem(part)}.parquet"
    records = careful.read_csv(part, path, target, positions, settings.max_cell_characters)
    return _staged(part, target, records, positions, typed=False, encoding=encoding, path=path)


def _staged(
    part: Part,
    target: Path,
    records: int,
    positions: tuple[int, ...],
    *,
    typed: bool,
    encoding: str,
    path: Path,
) -> Reading:
    source = f"read_parquet({sql.text(target)})"
    return Reading(
        part,
        relation=f"SELECT * EXCLUDE (record) FROM {source}",
        numbered=f"SELECT * FROM {source}",
        records=records,
        is_fast=False,
        is_typed=typed,
        encoding=encoding,
        path=path,
        positions=positions,
    )


def _parquet(part: Part, positions: tuple[int, ...]) -> Reading:
    source = f"read_parquet({sql.text(part.path)}, file_row_number=true)"
    with duckdb.connect() as connection:
        described = connection.execute(
            f"DESCRIBE SELECT * FROM read_parquet({sql.text(part.path)})"
        ).fetchall()
        row = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    kinds = {name: kind for name, kind, *_ in described}
    fault = "NULL::VARCHAR AS fault, NULL::VARCHAR AS fault_value"
    chosen = ", ".join(f"{_as_text(part.header[p], kinds[part.header[p]])} AS c{p}" for p in positions)
    return Reading(
        part,
        relation=f"SELECT {fault}, {chosen} FROM {source}",
        numbered=f"SELECT file_row_number + 1 AS record, {fault}, {chosen} FROM {source}",
        records=row[0] if row else 0,
        is_fast=False,
        is_typed=True,
        encoding="",
        path=part.path,
        positions=positions,
    )


def _as_text(header: str, kind: str) -> str:
    """A typed column as the texts that a workbook's cells give (see ``sheets.rows``)."""
    column = sql.name(header)
    mark = f"chr({ord(TYPED)})"
    if kind in ("DOUBLE", "FLOAT"):
        return (
            f"CASE WHEN NOT isfinite({column}) THEN NULL "
            f"WHEN abs({column}) >= {DAMAGED_FROM:.0f} THEN format('{{:.14E}}', {column}::DOUBLE) "
            f"WHEN {column} = floor({column}) THEN {column}::BIGINT::VARCHAR "
            f"ELSE {mark} || {column}::VARCHAR END"
        )
    if kind.startswith("DECIMAL"):
        return f"{mark} || {column}::VARCHAR"
    if kind.startswith("TIMESTAMP WITH TIME ZONE"):
        return f"strftime(timezone('UTC', {column}), '%Y-%m-%d %H:%M:%S+00:00')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({column}::TIMESTAMP, '%Y-%m-%d %H:%M:%S')"
    return f"{column}::VARCHAR"


def _as_utf8(part: Part, work: Path) -> tuple[Path, Scan, str]:
    """The part's text in UTF-8, and what a scan of its bytes found."""
    if part.encoding.lower().replace("_", "-") not in ("utf-8", "utf8", "utf-8-sig", "ascii"):
        path = _convert(part, part.encoding, work)
        seen = scan(path, part.delimiter)
        encoding = part.encoding
    else:
        path, encoding = part.path, "utf-8"
        seen = scan(path, part.delimiter)
        for code_page in () if seen.utf8 or seen.nul_at is not None else _CODE_PAGES:
            if (converted := _try_convert(part, code_page, work)) is not None:
                path, encoding, seen = converted, code_page, scan(converted, part.delimiter)
                break
    if seen.nul_at is not None:
        raise refused("file_nul", file=part.name, byte=seen.nul_at)
    if seen.longest_line > careful.MAX_FIELD * 4:
        raise refused(
            "file_long_record", file=part.name, limit=careful.MAX_FIELD, record=max(seen.records - 1, 1)
        )
    return path, seen, encoding


def _convert(part: Part, encoding: str, work: Path) -> Path:
    converted = _try_convert(part, encoding, work)
    if converted is None:
        raise refused("file_encoding", file=part.name, encoding=encoding)
    return converted


def _try_convert(part: Part, encoding: str, work: Path) -> Path | None:
    target = work / f"{_stem(part)}.utf8.csv"
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        return None
    try:
        with part.path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as file:
            while chunk := source.read(_CHUNK):
                file.write(decoder.decode(chunk))
            file.write(decoder.decode(b"", True))
    except UnicodeError:
        return None
    return target


def _stem(part: Part) -> str:
    return f"part-{abs(hash((part.name, part.sheet))):x}"
