"""ZIP archives and the ZIP inside a workbook, opened without trusting what they say of themselves."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from data.importing.refusals import refused

MAX_FILES: Final = 1_000
MAX_WORKBOOK_MB: Final = 2_048
MAX_SHEET_CELLS: Final = 60_000_000
"""A sheet is laid out whole in memory, about 32 bytes a cell."""
_CHUNK: Final = 1 << 20
_TABLES: Final = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".parquet", ".zip")
"""An archive within is taken out too, so that it is refused and not passed over in silence."""
_WIDE: Final = re.compile(rb'[ <]r="([A-Z]{2,3})[0-9]+"')
_ROW: Final = re.compile(rb'<(?:\w+:)?row [^>]*?r="([0-9]{1,9})"')


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file taken out of an archive: where it is now, and what it was called."""

    path: Path
    name: str


def is_workbook(path: Path) -> bool:
    """Whether a ZIP is an XLSX workbook."""
    with _open(path) as archive:
        return any(name.lower() == "xl/workbook.xml" for name in archive.namelist())


def check_workbook(path: Path, max_mb: int) -> None:
    """Refuse a workbook that would fill memory: by its directory, then by what really unpacks.

    Parameters
    ----------
    path : Path
        An XLSX file.
    max_mb : int
        Most megabytes it may unpack to.

    Raises
    ------
    FileRefused
    """
    limit_mb = min(max_mb, MAX_WORKBOOK_MB)
    limit = limit_mb * 1_000_000
    with _open(path) as archive:
        entries = _entries(archive, path)
        if sum(entry.file_size for entry in entries) > limit:
            raise refused("file_unpacked", file=path.name, limit=limit_mb)
        total = 0
        for entry in entries:
            is_sheet = entry.filename.lower().startswith("xl/worksheets/")
            rows, columns = 0, 0
            for chunk in _chunks(archive, entry, path):
                total += len(chunk)
                if total > limit:
                    raise refused("file_unpacked", file=path.name, limit=limit_mb)
                if is_sheet:
                    rows = max([rows, *(int(n) for n in _ROW.findall(chunk))])
                    columns = max([columns, *(_number(name) for name in set(_WIDE.findall(chunk)))])
            if rows * max(columns, 26) > MAX_SHEET_CELLS:
                raise refused("file_sheet_size", file=path.name, rows=rows, columns=max(columns, 26))


def unpack(path: Path, work: Path, max_mb: int) -> list[Unpacked]:
    """Take the tables out of a ZIP: each into a folder of its own, under its own name made harmless.

    Parameters
    ----------
    path : Path
        A ZIP archive.
    work : Path
        Folder to unpack into.
    max_mb : int
        Most megabytes the archive may unpack to.

    Returns
    -------
    list of Unpacked, by name

    Raises
    ------
    FileRefused : broken, with a password, too many files, or too large.
    """
    work.mkdir(parents=True, exist_ok=True)
    taken, total = [], 0
    with _open(path) as archive:
        entries = [e for e in _entries(archive, path) if _is_table(e.filename)]
        if sum(entry.file_size for entry in entries) > max_mb * 1_000_000:
            raise refused("file_unpacked", file=path.name, limit=max_mb)
        for number, entry in enumerate(sorted(entries, key=lambda e: e.filename)):
            target = work / str(number) / _own_name(entry.filename)
            target.parent.mkdir()
            with target.open("wb") as file:
                for chunk in _chunks(archive, entry, path):
                    total += len(chunk)
                    if total > max_mb * 1_000_000:
                        raise refused("file_unpacked", file=path.name, limit=max_mb)
                    file.write(chunk)
            taken.append(Unpacked(target, f"{path.name}/{entry.filename}"))
    if not taken:
        raise refused("file_no_tables", file=path.name)
    return taken


def tables_in(folder: Path) -> list[Path]:
    """The files of rows in a folder and below, by name; hidden ones are passed over."""
    found = [p for p in sorted(folder.rglob("*")) if p.is_file() and _is_table(str(p.relative_to(folder)))]
    if not found:
        raise refused("file_no_tables", file=folder.name)
    if len(found) > MAX_FILES:
        raise refused("file_archive_count", file=folder.name, found=len(found), limit=MAX_FILES)
    return found


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refused("file_archive", file=path.name, detail=str(error)) from error


def _entries(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        raise refused("file_archive_count", file=path.name, found=len(entries), limit=MAX_FILES)
    if any(entry.flag_bits & 1 for entry in entries):
        raise refused("file_archive_password", file=path.name)
    return entries


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    try:
        with archive.open(entry) as file:
            yield from _read(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise refused("file_archive", file=path.name, detail=str(error)) from error
    except Exception as error:  # zlib.error and lzma.LZMAError share no base class
        if type(error).__module__ in ("zlib", "lzma", "_lzma", "_bz2"):
            raise refused("file_archive", file=path.name, detail=str(error)) from error
        raise


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _own_name(name: str) -> str:
    """The last part of a name inside an archive, of letters, digits and a few marks.

    Examples
    --------
    >>> _own_name("../bulan/Pesanan Mac (1).CSV"), _own_name("C:\\\\x\\\\..hidden$`.xlsx")
    ('Pesanan Mac (1).csv', 'hidden--.xlsx')
    """
    path = PurePosixPath(name.replace("\\", "/"))
    stem = re.sub(r"[^\w ()+,&.-]", "-", path.stem)[:80].strip(" .")
    return (stem or "file") + path.suffix.lower()


def _is_table(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    hidden = any(piece.startswith((".", "__MACOSX", "~$")) for piece in path.parts)
    return not hidden and path.suffix.lower() in _TABLES


def _number(letters: bytes) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + letter - 64
    return value
