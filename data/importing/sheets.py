"""Workbooks: which sheet holds the table, and its cells as text with their types remembered."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import python_calamine as calamine

from data.exports.recognise import recognise
from data.importing import headers
from data.importing.refusals import listed, refused
from data.importing.source import DAMAGED_FROM, TYPED, Part

_HEADER_WITHIN: Final = 25
_EXPORT: Final = 1_000
"""A header that is a known export's outweighs any number of known words."""


def look(path: Path, name: str, table: str, sheet: str) -> Part:
    """Find the sheet and the header row: where the most headers are known.

    Raises
    ------
    FileRefused : not a workbook, with a password, or without the named sheet.
    """
    book = _open(path, name)
    if sheet and sheet not in book.sheet_names:
        raise refused("file_sheet_missing", file=name, sheet=sheet, found=listed(book.sheet_names))
    best: Part | None = None
    for candidate in [sheet] if sheet else book.sheet_names:
        rows = _first_rows(book, candidate, name)
        index, header, known = _header_of(rows, table)
        if header and (best is None or known > best.known_headers):
            best = Part(
                path, name, "sheet", tuple(header), header_record=index, sheet=candidate, known_headers=known
            )
    if best is None:
        raise refused("file_empty", file=name)
    return best


def rows(part: Part) -> Iterator[list[str]]:
    """The rows below the header as text, rows without any value left out.

    Parameters
    ----------
    part : Part of form "sheet"

    Returns
    -------
    iterator of list of str
        One text a column of the header. Dates are ISO; a number that is not whole begins with
        ``TYPED``; a whole number has no decimals; one of more than 15 digits, which a cell cannot
        hold exactly, is written as 5.81E+17.
    """
    width = len(part.header)
    sheet = _sheet(_open(part.path, part.name), part.sheet, part.name)
    for index, row in enumerate(sheet.iter_rows()):
        if index <= part.header_record:
            continue
        texts = [cell_text(cell) for cell in row[:width]]
        if any(texts) or any(cell_text(cell) for cell in row[width:]):
            yield texts + [""] * (width - len(texts))


def cell_text(cell: Any) -> str:
    """A cell as text, its type kept.

    Examples
    --------
    >>> cell_text(12.0), cell_text(True), cell_text(None)
    ('12', 'true', '')
    >>> cell_text(581234567890123456.0)
    '5.81234567890124E+17'
    """
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return _number(float(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if abs(value) >= DAMAGED_FROM:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else f"{TYPED}{value!r}"


def _header_of(rows: Sequence[Sequence[Any]], table: str) -> tuple[int, list[str], int]:
    best: tuple[int, list[str], int] = (0, [], -1)
    for index, row in enumerate(rows):
        header = [cell_text(cell).removeprefix(TYPED).strip() for cell in row]
        if not any(header):
            continue
        known = _EXPORT if recognise(header) else headers.count_known(header, [table])
        if known > best[2] and (known >= 2 or best[2] < 0):
            best = (index, header, known)
        if known == _EXPORT:
            break
    index, header, known = best
    while header and not header[-1]:
        header = header[:-1]
    return index, header, max(known, 0)


def _first_rows(book: calamine.CalamineWorkbook, sheet: str, name: str) -> list[list[Any]]:
    found = []
    for row in _sheet(book, sheet, name).iter_rows():
        found.append(row)
        if len(found) >= _HEADER_WITHIN:
            break
    return found


def _open(path: Path, name: str) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise refused("file_password", file=name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            raise refused("file_password", file=name) from error
        raise refused("file_xlsx", file=name, detail=str(error)) from error


def _sheet(book: calamine.CalamineWorkbook, sheet: str, name: str) -> calamine.CalamineSheet:
    try:
        return book.get_sheet_by_name(sheet)
    except (calamine.CalamineError, ValueError) as error:
        raise refused("file_xlsx", file=name, detail=str(error)) from error
