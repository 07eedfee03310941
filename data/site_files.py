"""A file of candidate sites or market data as a table of text cells: CSV or XLSX, small, read in memory."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Final

import pandas as pd
import python_calamine as calamine

from data.errors import FileRefused
from data.importing.archives import check_workbook
from data.importing.content import kind_of
from data.importing.refusals import refused

LARGEST_MB: Final = 2
MOST_ROWS: Final = 2_000
MOST_COLUMNS: Final = 50
_UNPACKED_MB: Final = 50
_ENCODINGS: Final = ("utf-8-sig", "cp1252")


def read(content: bytes, name: str, most: int = MOST_ROWS) -> pd.DataFrame:
    """Read the first sheet, or the CSV, of a file.

    Parameters
    ----------
    content : bytes
    name : str
        What the person calls it; only for messages.
    most : int
        Rows that are read.

    Returns
    -------
    DataFrame of str
        The first row gives the headers; at most ``most`` rows; columns without a header are left out,
        and of two of one name the first stays.

    Raises
    ------
    FileRefused : too large, empty, no table, or it cannot be read.
    """
    if len(content) > LARGEST_MB * 1_000_000:
        found = f"{len(content) / 1e6:.1f}"
        raise refused("file_too_large", file=name, found=found, limit=LARGEST_MB)
    with tempfile.TemporaryDirectory(prefix="setia-sites-") as folder:
        path = Path(folder) / "sites"
        path.write_bytes(content)
        try:
            kind = kind_of(path)
        except FileRefused as error:
            error.fields["file"] = name
            raise
        rows = _sheet(path, name, kind, most) if kind in ("zip", "workbook97") else _text(content, name)
    if not rows:
        raise refused("file_empty", file=name)
    headers = [str(cell).strip() for cell in rows[0][:MOST_COLUMNS]]
    kept = [i for i, header in enumerate(headers) if header and header not in headers[:i]]
    body = [[_cell(row, i) for i in kept] for row in rows[1 : most + 1]]
    return pd.DataFrame(body, columns=[headers[i] for i in kept], dtype=object)


def _cell(row: list[object], place: int) -> str:
    value = row[place] if place < len(row) else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _sheet(path: Path, name: str, kind: str, most: int) -> list[list[object]]:
    try:
        if kind == "zip":
            check_workbook(path, _UNPACKED_MB)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        return list(book.get_sheet_by_index(0).to_python(nrows=most + 1))
    except FileRefused as error:
        error.fields["file"] = name
        raise
    except (calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise refused("file_xlsx", file=name, detail=type(error).__name__) from error


def _text(content: bytes, name: str) -> list[list[object]]:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise refused("file_encoding", file=name, encoding=_ENCODINGS[0])
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text), delimiter=mark) if any(row)]
    except csv.Error as error:
        raise refused("file_unreadable", file=name, detail=str(error)[:80]) from error
