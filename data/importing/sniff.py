"""What a file is and where its header stands: a CSV's encoding and delimiter, a workbook's sheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb

from data.errors import FileRefused
from data.exports.recognise import named, recognise
from data.importing import archives, headers, sheets
from data.importing.content import kind_of
from data.importing.mapping import TableMapping
from data.importing.refusals import listed, refused
from data.importing.source import Part, Source
from data.settings import Settings

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE_BYTES: Final = 1 << 18
_HEADER_WITHIN: Final = 25
_Rows = Sequence[tuple[int, list[str]]]
"""The first records, each with the physical line it ends on."""
_Header = tuple[int, int, list[str]]
"""The record of the header, the line it ends on, and its cells."""


def look(path: Path, table: str, settings: Settings, work: Path, given: TableMapping | None = None) -> Source:
    """Find out what the user's file is.

    Parameters
    ----------
    path : Path
        A CSV, XLSX or Parquet file, or a folder or ``.zip`` of such files.
    table : str
        The table it is meant for: its words tell the header from title rows.
    settings : Settings
        The limits.
    work : Path
        Folder for what has to be unpacked.
    given : TableMapping, optional
        May name the encoding and the sheet.

    Returns
    -------
    Source

    Raises
    ------
    FileRefused : with one sentence that says what the file is and what to do.
    """
    parts = tuple(_part(p, name, table, settings, given) for p, name in _files(path, settings, work))
    _check_same_columns(parts, path.name)
    return Source(path, parts)


def look_at_each(path: Path, settings: Settings, work: Path) -> list[Part | FileRefused]:
    """The files a file, folder or ZIP holds, each by itself: they may come from several systems.

    Parameters
    ----------
    path : Path
    settings : Settings
    work : Path
        Folder for what has to be unpacked.

    Returns
    -------
    list of Part or FileRefused
        One a file, by name; the sentence where a file cannot be taken in.

    Raises
    ------
    FileRefused : the archive itself cannot be opened.
    """
    found: list[Part | FileRefused] = []
    for file, name in _files(path, settings, work):
        try:
            found.append(_part(file, name, "transactions", settings, None))
        except FileRefused as refusal:
            found.append(refusal)
    return found


def _files(path: Path, settings: Settings, work: Path) -> list[tuple[Path, str]]:
    if not path.exists():
        raise refused("file_missing", file=path.name)
    if path.is_dir():
        return [(p, str(p.relative_to(path.parent))) for p in archives.tables_in(path)]
    if _is_archive(path, settings):
        return [(u.path, u.name) for u in archives.unpack(path, work, settings.max_unpacked_mb)]
    return [(path, path.name)]


def _is_archive(path: Path, settings: Settings) -> bool:
    _check_size(path, path.name, settings)
    if kind_of(path) != "zip" or archives.is_workbook(path):
        return False
    if path.suffix.lower() != ".zip":
        raise refused("file_zip_named", file=path.name)
    return True


def _part(path: Path, name: str, table: str, settings: Settings, given: TableMapping | None) -> Part:
    _check_size(path, name, settings)
    kind = kind_of(path)
    if kind == "parquet":
        part = _parquet(path, name)
    elif kind == "text":
        part = _csv(path, name, table, given.encoding if given else "")
    else:
        if kind == "zip":
            if not archives.is_workbook(path):
                nested = path.suffix.lower() == ".zip"
                raise refused("file_zip_nested" if nested else "file_zip_named", file=name)
            archives.check_workbook(path, settings.max_unpacked_mb)
        part = sheets.look(path, name, table, given.sheet if given else "")
    part = replace(part, header=named(part.header))
    _check_header(part, settings)
    return part


def _check_size(path: Path, name: str, settings: Settings) -> None:
    size_mb = path.stat().st_size / 1e6
    if size_mb > settings.max_file_mb:
        raise refused("file_too_large", file=name, found=f"{size_mb:,.0f}", limit=settings.max_file_mb)


def _check_header(part: Part, settings: Settings) -> None:
    if len(part.header) > settings.max_columns:
        raise refused("file_columns", file=part.name, found=len(part.header), limit=settings.max_columns)
    named = [" ".join(h.split()).casefold() for h in part.header if h.strip()]
    if not named:
        raise refused("file_no_header", file=part.name)
    for header, times in Counter(named).items():
        if times > 1:
            raise refused("file_duplicate_header", file=part.name, column=header)


def _check_same_columns(parts: Sequence[Part], name: str) -> None:
    first = {h.strip().casefold() for h in parts[0].header if h.strip()}
    for part in parts[1:]:
        other = {h.strip().casefold() for h in part.header if h.strip()}
        if other != first:
            raise refused(
                "file_parts_differ",
                part=part.name,
                first=parts[0].name,
                columns=listed(sorted(first ^ other), 5),
            )


def _parquet(path: Path, name: str) -> Part:
    try:
        with duckdb.connect() as connection:
            rows = connection.execute("SELECT * FROM read_parquet(?) LIMIT 0", [str(path)]).description
    except duckdb.Error as error:
        raise refused("file_parquet", file=name, detail=str(error).splitlines()[0]) from error
    return Part(path, name, "parquet", tuple(column[0] for column in rows or ()))


def _csv(path: Path, name: str, table: str, encoding: str) -> Part:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    is_whole = len(sample) == path.stat().st_size
    encoding = encoding or _encoding(sample)
    text = _decode(sample, encoding, name)
    if "\0" in text:
        raise refused("file_nul", file=name, byte=sample.find(0))
    read = {d: rows for d in _DELIMITERS if (rows := _rows(text, d, is_whole))}
    if not read:
        raise refused("file_empty", file=name)
    delimiter, (index, lines, header) = _export_in(read) or _likeliest(read, table)
    return Part(
        path,
        name,
        "csv",
        tuple(header),
        delimiter=delimiter,
        encoding=encoding,
        header_record=index,
        header_lines=lines,
        known_headers=headers.count_known(header, [table]),
    )


def _encoding(sample: bytes) -> str:
    """UTF-8 unless a mark or the pattern of NUL bytes says UTF-16 (a code page shows later)."""
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    even, odd = sample[0:2000:2], sample[1:2000:2]
    if even.count(0) == 0 and odd.count(0) > len(odd) * 0.7:
        return "utf-16-le"
    if odd.count(0) == 0 and even.count(0) > len(even) * 0.7:
        return "utf-16-be"
    return "utf-8"


def _decode(sample: bytes, encoding: str, name: str) -> str:
    try:
        text = sample.decode(encoding, errors="replace")
    except LookupError:
        raise refused("file_encoding", file=name, encoding=encoding) from None
    return text.removeprefix("\ufeff")


def _rows(text: str, delimiter: str, is_whole: bool) -> list[tuple[int, list[str]]]:
    """The first records with the physical line each ends on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            rows.append((reader.line_num, row))
            if len(rows) >= 200:
                return rows
    except csv.Error:
        pass
    return rows if is_whole or len(rows) < 2 else rows[:-1]


def _export_in(read: Mapping[str, _Rows]) -> tuple[str, _Header] | None:
    """The delimiter and header that make the file a known export."""
    for delimiter, rows in read.items():
        for index, (line, row) in enumerate(rows[:_HEADER_WITHIN]):
            if len(row) > 1 and recognise(row):
                return delimiter, (index, line, [cell.strip() for cell in row])
    return None


def _likeliest(read: Mapping[str, _Rows], table: str) -> tuple[str, _Header]:
    """The delimiter with the most known headers; of several, with the most even rows."""
    best: tuple[tuple[int, float, int], str, _Header] | None = None
    for delimiter, rows in read.items():
        index, lines, header = _header_of(rows, table)
        known = headers.count_known(header, [table])
        score = (known, _evenness(rows[index:], len(header)), len(header))
        if best is None or score > best[0]:
            best = (score, delimiter, (index, lines, header))
    assert best is not None
    return best[1:]


def _header_of(rows: _Rows, table: str) -> _Header:
    """The record with the most known headers among the first ones; else the first that is not blank."""
    candidates = [
        (i, line, row) for i, (line, row) in enumerate(rows[:_HEADER_WITHIN]) if any(c.strip() for c in row)
    ]
    if not candidates:
        return 0, rows[0][0], []
    known = [headers.count_known(row, [table]) if len(row) <= 2_000 else 0 for _, _, row in candidates]
    most = max(known)
    index, line, row = candidates[known.index(most) if most >= 2 else 0]
    return index, line, [cell.strip() for cell in row]


def _evenness(rows: _Rows, width: int) -> float:
    filled = [row for _, row in rows if row]
    return sum(len(row) == width for row in filled) / max(1, len(filled)) if width > 1 else 0.0
