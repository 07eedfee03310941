"""Figures per region brought by the user: inhabitants, households, income; kept per level with their year.

A set of figures is two files under a name made at random: ``<id>.toml`` says what it is and for which
level, ``<id>.parquet`` holds code or name and value as they were read.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
import secrets
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from data.errors import DataError, FileRefused
from data.workspaces import Workspace

FOLDER: Final = "figures"
MEASURES: Final = ("population", "households", "income")
MOST: Final = 60
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 60
MEGABYTES: Final = 20
LONGEST: Final = 200

_ID: Final = re.compile(r"[0-9a-f]{10}")
_LEVEL: Final = re.compile(r"[a-z0-9_]{1,30}")
_NUMBER: Final = re.compile(r"[-+]?[\d., '\u00a0\u202f]+")


@dataclass(frozen=True, slots=True)
class Figures:
    """A set of figures that is kept.

    ``measure`` is one of ``MEASURES``; ``level`` the key of the level they belong to; ``source`` is text
    as somebody typed it.
    """

    id: str
    level: str
    measure: str
    year: int
    source: str
    added: date
    rows: int


def read_table(content: bytes, name: str) -> pd.DataFrame:
    """A small table as text: CSV (comma, semicolon, tab or bar) or the first sheet of a workbook.

    Raises
    ------
    FileRefused : too large, empty, or no table.
    """
    if len(content) > MEGABYTES * 1_000_000:
        raise FileRefused("figures_large", "{file} has more than {limit} MB.", file=name, limit=MEGABYTES)
    rows = _sheet(content, name) if content[:4] == b"PK\x03\x04" else _csv(content, name)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise FileRefused("figures_empty", "{file} holds no table with a header and rows.", file=name)
    header = [cell.strip()[:60] or f"#{i + 1}" for i, cell in enumerate(rows[0][:MOST_COLUMNS])]
    seen: Counter[str] = Counter()
    for i, each in enumerate(header):
        seen[each] += 1
        header[i] = each if seen[each] == 1 else f"{each} ({seen[each]})"
    body = [[cell.strip()[:LONGEST] for cell in row[: len(header)]] for row in rows[1:]]
    body = [row + [""] * (len(header) - len(row)) for row in body]
    return pd.DataFrame(body, columns=header, dtype=object)


def numbers(texts: Sequence[str]) -> list[float]:
    """Numbers as people write them; one decimal mark for the whole column, NaN where there is none.

    The last of two different marks is the decimal one; a single mark is decimal unless three digits follow it
    wherever it stands.

    Examples
    --------
    >>> numbers(["1,234,567", "45,600", ""])[:2], numbers(["1.234,5", "12,25"]), numbers(["3.5", "x"])[0]
    ([1234567.0, 45600.0], [1234.5, 12.25], 3.5)
    """
    cleaned = [
        re.sub(r"[ '\u00a0\u202f]", "", text) if _NUMBER.fullmatch(text.strip() or "x") else ""
        for text in texts
    ]
    comma = _decimal_comma(cleaned)
    out = []
    for text in cleaned:
        plain = text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")
        try:
            value = float(plain)
        except ValueError:
            value = math.nan
        out.append(value if math.isfinite(value) else math.nan)
    return out


def _decimal_comma(texts: Sequence[str]) -> bool:
    """Whether the comma is the decimal mark of a column."""
    both = [text for text in texts if "," in text and "." in text]
    if both:
        return sum(text.rfind(",") > text.rfind(".") for text in both) * 2 > len(both)
    commas = [text for text in texts if "," in text]
    if commas:
        return any(re.fullmatch(r"[-+]?\d+,(?!\d{3}$)\d+", text) for text in commas)
    dots = [text for text in texts if "." in text]
    return bool(dots) and all(re.fullmatch(r"[-+]?[1-9]\d{0,2}(\.\d{3})+", text) for text in dots)


def save(
    workspace: Workspace,
    level: str,
    measure: str,
    year: int,
    source: str,
    labels: Sequence[str],
    values: Sequence[float],
    added: date,
) -> Figures:
    """Keep figures for a level, in place of those of the same measure and year.

    Raises
    ------
    DataError : nothing to keep, a measure that is none, or as many sets as can be.
    """
    rows = [(str(a), float(b)) for a, b in zip(labels, values, strict=True) if math.isfinite(b) and b >= 0]
    if not rows or measure not in MEASURES or not _LEVEL.fullmatch(level) or not 1800 <= year <= 2200:
        raise DataError("figures_none", "There is no figure to keep: choose the columns of region and value.")
    same = [f for f in kept(workspace, level) if (f.measure, f.year) == (measure, year)]
    if len(_files(workspace)) - len(same) >= MOST:
        raise DataError("figures_limit", "This workspace keeps {limit} sets. Delete one first.", limit=MOST)
    folder = workspace.folder(FOLDER)
    clean = " ".join(source.split())[:300].encode("utf-8", "replace").decode()
    made = Figures(secrets.token_hex(5), level, measure, year, clean, added, len(rows))
    table = pa.table({"label": [a for a, _ in rows], "value": [b for _, b in rows]})
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    _replace(folder / f"{made.id}.parquet", buffer.getvalue())
    described = {name: value for name, value in asdict(made).items() if name != "id"}
    _replace(folder / f"{made.id}.toml", tomli_w.dumps(described).encode())
    for old in same:
        delete(workspace, old.id)
    return made


def kept(workspace: Workspace, level: str = "") -> tuple[Figures, ...]:
    """Sets of figures, the newest year first; of one level where one is given."""
    found = [_read(file) for file in _files(workspace)]
    there = [each for each in found if each is not None and level in ("", each.level)]
    return tuple(sorted(there, key=lambda f: (f.measure, -f.year, f.id)))


def rows_of(workspace: Workspace, figures_id: str) -> pd.DataFrame:
    """``label`` and ``value`` of a set.

    Raises
    ------
    DataError : there is no such set.
    """
    path = workspace.path / FOLDER / f"{figures_id}.parquet"
    if not _ID.fullmatch(figures_id) or not path.is_file():
        raise DataError("figures_missing", "These figures are no longer there. Choose others.")
    return pd.read_parquet(path)


def delete(workspace: Workspace, figures_id: str) -> None:
    """Forget a set; an id that is none is passed over."""
    if _ID.fullmatch(figures_id):
        for ending in ("toml", "parquet"):
            (workspace.path / FOLDER / f"{figures_id}.{ending}").unlink(missing_ok=True)


def _files(workspace: Workspace) -> list[Path]:
    folder = workspace.path / FOLDER
    return [p for p in folder.glob("*.toml") if _ID.fullmatch(p.stem)] if folder.is_dir() else []


def _read(file: Path) -> Figures | None:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
        made = Figures(file.stem, **values)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError):
        return None
    right = made.measure in MEASURES and isinstance(made.year, int) and isinstance(made.level, str)
    return made if right else None


def _replace(file: Path, content: bytes) -> None:
    temporary = file.with_name(f".{file.name}-{secrets.token_hex(3)}")
    try:
        with temporary.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def _csv(content: bytes, name: str) -> list[list[str]]:
    for encoding in (
        "utf-8-sig",
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8",
        "cp1252",
    ):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FileRefused("figures_kind", "{file} is no CSV or XLSX table.", file=name)
    if "\x00" in text:
        raise FileRefused("figures_kind", "{file} is no CSV or XLSX table.", file=name)
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        rows = []
        for row in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise FileRefused(
                    "figures_rows", "{file} has more than {limit} rows.", file=name, limit=MOST_ROWS
                )
    except csv.Error as error:
        raise FileRefused("figures_kind", "{file} is no CSV or XLSX table.", file=name) from error
    return rows


def _sheet(content: bytes, name: str) -> list[list[str]]:
    import tempfile

    import python_calamine as calamine

    from data.importing.archives import check_workbook

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        path.write_bytes(content)
        check_workbook(path, 200)
        try:
            book = calamine.CalamineWorkbook.from_path(str(path))
            sheet = book.get_sheet_by_index(0)
            return [[_cell(value) for value in row] for row in islice(sheet.iter_rows(), MOST_ROWS)]
        except (calamine.CalamineError, IndexError, OSError, ValueError) as error:
            raise FileRefused("figures_kind", "{file} is no CSV or XLSX table.", file=name) from error


def _cell(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return "" if value is None else str(value)
