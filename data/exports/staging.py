"""A file's texts, trimmed and laid out once, so that every later question reads few columns of them."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from data.exports import cells
from data.exports.amounts import rupiah_mark
from data.exports.columns import NO_DECIMALS, Columns, number
from data.importing import evidence, numbers, sql, texts
from data.importing.evidence import raw
from data.importing.reading import Reading
from data.importing.source import TYPED

_FULL_WIDTH: Final = "\uff0c"


@dataclass(frozen=True, slots=True)
class Staged:
    """A file laid out: its rows as SQL, and how its numbers are written.

    Attributes
    ----------
    reading : Reading
        The one that reconciled.
    rows : str
        SQL of ``record, fault, fault_value`` and a trimmed text a header that tells something, without the
        records that are no sale.
    numbers : mapping of header to str
        SQL of each number over ``rows``, named by ``columns.number``.
    sure : frozenset of str
        Headers of which every cell is a number or empty.
    """

    reading: Reading
    rows: str
    numbers: dict[str, str]
    sure: frozenset[str]


def stage(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    columns: Columns,
    target: Path,
    decimal: str,
    carefully: Callable[[Reading], Reading],
) -> Staged:
    """Lay a file out and decide how its numbers are written.

    Parameters
    ----------
    connection : DuckDBPyConnection
    reading : Reading
    columns : Columns
    target : Path
        Parquet to write.
    decimal : str
        The decimal mark, where somebody said it.
    carefully : callable
        Reads the file again where the fast reading does not find the records that there are.

    Returns
    -------
    Staged

    Raises
    ------
    MappingNeeded : the numbers can be read in two ways.
    """
    if not _lay_out(connection, reading, columns, target):
        reading = carefully(reading)
        _lay_out(connection, reading, columns, target)
    record = "file_row_number + 1 AS record, " if reading.is_fast else ""
    rows = f"SELECT {record}* FROM read_parquet({sql.text(target)}, file_row_number = {reading.is_fast})"
    rows = f"SELECT * FROM ({rows}){_kept(columns)}"
    formats, empty = _decide(connection, rows, columns, decimal, reading.part.name)
    if empty:
        nothing = ", ".join(f"{numbers.nothing_sql(raw(name))} AS {raw(name)}" for name in empty)
        rows = f"SELECT * REPLACE ({nothing}) FROM ({rows})"
    read = {name: _number(columns, name, form, reading) for name, form in formats.items()}
    return Staged(reading, rows, read, frozenset(n for n, form in formats.items() if form.is_sure))


def _lay_out(connection: duckdb.DuckDBPyConnection, reading: Reading, columns: Columns, target: Path) -> bool:
    """Write the texts; whether there are as many records as an independent count says."""
    record = "" if reading.is_fast else "record, "
    rows = f"SELECT {record}fault, fault_value, {_trimmed(reading, columns)}"
    source = reading.relation if reading.is_fast else reading.numbered
    query = f"COPY ({rows} FROM ({source})) TO {sql.text(target)} (FORMAT parquet)"
    try:
        written = connection.execute(query).fetchone()
    except duckdb.Error:
        if reading.is_fast:
            return False
        raise
    return not reading.is_fast or (written is not None and written[0] == reading.records)


def _trimmed(reading: Reading, columns: Columns) -> str:
    """Texts without white space, guards and marks, one column a header that tells something."""
    numeric = {*columns.numeric()}
    position = {header: f"c{i}" for i, header in enumerate(reading.part.header)}
    pieces = []
    for name in columns.found.told:
        value = texts.trimmed(position[columns.found.headers[name]], reading.has_blanks)
        if reading.has_guards:
            value = texts.unguarded(value)
        if reading.is_typed and name not in numeric:
            value = f"ltrim({value}, chr({ord(TYPED)}))"
        if reading.has_wide_commas:
            value = f"replace({value}, '{_FULL_WIDTH}', ',')"
        pieces.append(f"{value} AS {raw(name)}")
    return ", ".join(pieces)


def _kept(columns: Columns) -> str:
    """SQL of the records that may be a sale: not those without any text, nor by their words."""
    tests = [f"coalesce({', '.join(raw(header) for header in columns.found.told)}) IS NOT NULL"]
    tests += [
        f"NOT {cells.is_one_of(raw(header), words)}"
        for header, words in columns.kind.pass_over.items()
        if columns.has(header)
    ]
    return f" WHERE fault IS NOT NULL OR ({' AND '.join(tests)})"


def _decide(
    connection: duckdb.DuckDBPyConnection, rows: str, columns: Columns, decimal: str, file: str
) -> tuple[dict[str, numbers.NumberFormat], list[str]]:
    """How each number is written, and the headers whose cells may say in words that there is none.

    Rupiah has no decimals, so its mark is always of thousands.
    """
    numeric = columns.numeric()
    votes = {name: numbers.Votes() for name in numeric}
    empty: dict[str, None] = {}
    for name, shape, count, example in evidence.shapes_of(connection, rows, numeric, (), ())[0]:
        if shape.lower() in numbers.NOTHING:
            empty[name[2:]] = None
        else:
            votes[name[2:]].add(shape, count, example)
    mark = decimal or (rupiah_mark(votes.values()) if columns.currency in NO_DECIMALS else "")
    formats = numbers.decide(
        votes, given=mark, currencies=[columns.currency], table=columns.table.name, file=file
    )
    return formats, list(empty)


def _number(columns: Columns, name: str, form: numbers.NumberFormat, reading: Reading) -> str:
    read = numbers.to_sql(raw(name), form, "money", typed=reading.is_typed)
    read = f"abs({read})" if name in columns.kind.unsigned else read
    return f"{f'-({read})' if name in columns.kind.negated else read} AS {number(name)}"
