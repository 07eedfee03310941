"""The careful way to read rows: Python's csv module, record by record, into Parquet.

Slower than the fast reader, but it knows the number of every record, keeps the good rows of a file
with bad ones, and can say in which record a quote was left open.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from data.importing import sheets
from data.importing.refusals import refused
from data.importing.source import Part

MAX_FIELD: Final = 2_000_000
_ROWS: Final = 50_000


class RowWriter:
    """Rows -> Parquet in chunks: ``record``, ``fault``, ``fault_value`` and one text column a header.

    Parameters
    ----------
    path : Path
    positions : sequence of int
        Which columns of the file are kept, as ``c0`` ...
    width : int
        Columns of the header.
    max_cell : int
        Characters a cell may have; a longer one is a fault of its row.
    """

    def __init__(self, path: Path, positions: Sequence[int], width: int, max_cell: int) -> None:
        names = [f"c{p}" for p in positions]
        self.records = 0
        self._positions, self._width, self._max_cell = positions, width, max_cell
        self._schema = pa.schema(
            [("record", pa.int64()), ("fault", pa.string()), ("fault_value", pa.string())]
            + [(name, pa.string()) for name in names]
        )
        self._writer = pq.ParquetWriter(path, self._schema, compression="lz4")
        self._good: list[Sequence[str]] = []
        self._numbers: list[int] = []
        self._bad: list[tuple[int, str, str]] = []

    def __enter__(self) -> RowWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def add(self, row: list[str]) -> None:
        """Take the next record; a row of the wrong shape is kept as a fault."""
        self.records += 1
        if len(row) != self._width:
            row = self._fit(row)
        if row:
            if self._is_too_long(row):
                return
            self._good.append(row)
            self._numbers.append(self.records)
        if len(self._good) + len(self._bad) >= _ROWS:
            self._flush()

    def _fit(self, row: list[str]) -> list[str]:
        """The row without empty cells past the header's end; empty when its shape is wrong."""
        while len(row) > self._width and not row[-1].strip():
            row = row[:-1]
        if len(row) == self._width:
            return row
        fault = "too_many_fields" if len(row) > self._width else "too_few_fields"
        self._bad.append((self.records, fault, str(len(row))))
        return []

    def _is_too_long(self, row: Sequence[str]) -> bool:
        longest = max(map(len, row))
        if longest <= self._max_cell:
            return False
        self._bad.append((self.records, "cell_too_long", str(longest)))
        return True

    def _flush(self) -> None:
        if self._good:
            columns = list(zip(*self._good, strict=True))
            none = pa.nulls(len(self._good), pa.string())
            arrays = [pa.array(self._numbers, pa.int64()), none, none]
            arrays += [pa.array(columns[p], pa.string()) for p in self._positions]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        if self._bad:
            numbers, faults, values = zip(*self._bad, strict=True)
            none = pa.nulls(len(self._bad), pa.string())
            arrays = [pa.array(numbers, pa.int64()), pa.array(faults), pa.array(values)]
            arrays += [none for _ in self._positions]
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._good, self._numbers, self._bad = [], [], []


def read_csv(part: Part, path: Path, target: Path, positions: Sequence[int], max_cell: int) -> int:
    """Read a CSV record by record.

    Parameters
    ----------
    part : Part
    path : Path
        The file in UTF-8 (a converted copy of the part's, maybe).
    target : Path
        Parquet to write; see ``RowWriter``.
    positions : sequence of int
    max_cell : int

    Returns
    -------
    int
        Records below the header, blank lines left out.

    Raises
    ------
    FileRefused : a quote that is never closed, or a cell too long to be one.
    """
    with (
        path.open("r", encoding="utf-8-sig", newline="") as file,
        RowWriter(target, positions, len(part.header), max_cell) as writer,
    ):
        for row in records(file, part):
            writer.add(row)
    return writer.records


def records(file: TextIO, part: Part) -> Iterator[list[str]]:
    """The records below the header that are not blank.

    Raises
    ------
    FileRefused : a quote that is never closed; the record is named, counted from the header.
    """
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=part.delimiter, skipinitialspace=part.delimiter != " ")
    before = csv.field_size_limit(MAX_FIELD)
    number, index = 0, -1
    try:
        while True:
            lines.taken = 0
            try:
                row = next(reader)
            except StopIteration:
                return
            index += 1
            number += bool(row) and index > part.header_record
            if lines.ended and lines.taken:
                raise refused("file_quote", file=part.name, record=number)
            if row and index > part.header_record:
                yield row
    except csv.Error as error:
        if "larger than" in str(error):
            raise refused("file_quote", file=part.name, record=number + 1) from error
        raise refused("file_unreadable", file=part.name, detail=f"record {number + 1}: {error}") from error
    finally:
        csv.field_size_limit(before)


def read_sheet(part: Part, target: Path, positions: Sequence[int], max_cell: int) -> int:
    """Read a workbook's sheet row by row; see ``read_csv``."""
    return _write(sheets.rows(part), part, target, positions, max_cell)


def _write(
    rows: Iterable[list[str]], part: Part, target: Path, positions: Sequence[int], max_cell: int
) -> int:
    with RowWriter(target, positions, len(part.header), max_cell) as writer:
        for row in rows:
            writer.add(row)
    return writer.records


class _Lines:
    """The lines of a file; knows whether a record asked for more when there was none."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.taken = 0
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self.taken += 1
        return line
