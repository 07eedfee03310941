"""An export's rows -> rows of the schema: one statement a file, whatever its size.

What stands on the order is counted once and spread over its lines; the record of every row is kept,
and a cell that cannot be read is handed on as it is, so that the import refuses it by its record.
"""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from data.exports.columns import Columns
from data.exports.outputs import Outputs, value_of
from data.exports.recognise import Found
from data.exports.spreading import lines
from data.exports.staging import stage
from data.importing import sql
from data.importing.reading import Reading


@dataclass(frozen=True, slots=True)
class Tidied:
    """A file as rows of the schema.

    Attributes
    ----------
    main : Reading
        Of the table the kind fills.
    columns : mapping of str to str
        Column of the table -> header of ``main``.
    customers : Reading or None
    customer_columns : tuple of str
    currency : str
        Of every row, where the file has no column for it.
    passed_over : int
        Records that are no sale: descriptions, totals, further payments of one order.
    masked, odd : int
        Rows whose buyer is hidden; rows whose parts do not add up.
    """

    main: Reading
    columns: Mapping[str, str]
    customers: Reading | None
    customer_columns: tuple[str, ...]
    currency: str
    passed_over: int
    masked: int
    odd: int


def tidy(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    found: Found,
    work: Path,
    *,
    currency: str = "",
    decimal: str = "",
    carefully: Callable[[Reading], Reading] = lambda reading: reading,
) -> Tidied:
    """Tidy one file.

    Parameters
    ----------
    connection : DuckDBPyConnection
    reading : Reading
        Of the file, with every header in ``found.headers`` that tells something.
    found : Found
    work : Path
        Folder for the rows; nothing of the file is held in memory.
    currency : str
        The workspace's, for a system of several countries.
    decimal : str
        The decimal mark, where somebody said it.
    carefully : callable
        Reads the file again where the fast reading does not find the records that there are.

    Returns
    -------
    Tidied

    Raises
    ------
    MappingNeeded : the numbers can be read in two ways.
    """
    columns = Columns(found, currency)
    staged = stage(connection, reading, columns, work / "texts.parquet", decimal, carefully)
    outputs = Outputs(columns, staged.sure)
    rows = work / "rows.parquet"
    _write(connection, _tidied(lines(staged, columns), columns, outputs), rows)
    return _result(connection, staged.reading, columns, outputs, rows)


def _tidied(rows: str, columns: Columns, outputs: Outputs) -> str:
    made = dict(outputs.made)
    made |= {f"v: {c}": number for c, number in outputs.values.items() if c in outputs.made}
    made |= {f"k: {c}": text for c, text in outputs.customers.items()}
    made |= {"masked": outputs.is_masked(), "odd": outputs.is_odd()}
    chosen = ", ".join(f"{value} AS {sql.name(name)}" for name, value in made.items())
    one = " WHERE line = 1 OR fault IS NOT NULL" if columns.kind.one_line else ""
    query = f"SELECT record, fault, fault_value, {chosen} FROM ({rows}){one}"
    return _without_dates(query, columns) if columns.kind.id_never_a_date else query


def _without_dates(query: str, columns: Columns) -> str:
    """An id such as 1-0003 that a spreadsheet took for a date is lost: its row is refused."""
    shape = f"^{columns.kind.order_prefix}[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    date = f"regexp_matches(order_id, {sql.text(shape)})"
    return (
        f"SELECT * REPLACE (CASE WHEN {date} THEN 'damaged_id' ELSE fault END AS fault, "
        f"CASE WHEN {date} THEN order_id ELSE fault_value END AS fault_value) FROM ({query})"
    )


def _result(
    connection: duckdb.DuckDBPyConnection, reading: Reading, columns: Columns, outputs: Outputs, rows: Path
) -> Tidied:
    names = _display(columns, tuple(outputs.made))
    counted = connection.execute(
        "SELECT count(*), coalesce(count_if(masked), 0), coalesce(count_if(odd), 0) "
        f"FROM read_parquet({sql.text(rows)})"
    ).fetchone() or (0, 0, 0)
    customers = tuple(columns.customer)
    people = None
    if customers and "customer_id" in outputs.made:
        people = _people(connection, reading, customers, rows)
    return Tidied(
        _reading(reading, rows, names, counted[0], tuple(outputs.values)),
        names,
        people,
        ("customer_id", *customers),
        "" if "currency" in outputs.made else columns.stated_currency,
        reading.records - counted[0],
        counted[1],
        counted[2],
    )


def _display(columns: Columns, made: Sequence[str]) -> dict[str, str]:
    """What each column is called in a report: the header of the file, where there is one."""
    names: dict[str, str] = {}
    for column in made:
        formula = columns.formulas.get(column)
        operands = columns.there(formula.operands) if formula else []
        header = columns.found.headers[operands[0]] if operands else column
        taken = {n.casefold() for n in names.values()} | {c.casefold() for c in made if c != column}
        names[column] = column if header.casefold() in taken else header
    return names


def _people(
    connection: duckdb.DuckDBPyConnection, reading: Reading, columns: Sequence[str], rows: Path
) -> Reading | None:
    target = rows.with_name("people.parquet")
    latest = ", ".join(
        f"arg_max({k}, record) FILTER ({k} IS NOT NULL) AS {sql.name(c)}"
        for c, k in ((c, sql.name("k: " + c)) for c in columns)
    )
    found = _write(
        connection,
        "SELECT min(record) AS record, NULL AS fault, NULL AS fault_value, customer_id, "
        f"{latest} FROM read_parquet({sql.text(rows)}) WHERE customer_id IS NOT NULL AND fault IS NULL "
        "GROUP BY customer_id",
        target,
    )
    names = {c: c for c in ("customer_id", *columns)}
    return _reading(reading, target, names, found) if found else None


def _write(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> int:
    """Write rows in whatever order they come (each has its record); how many there are."""
    connection.execute("SET preserve_insertion_order = false")
    try:
        row = connection.execute(f"COPY ({query}) TO {sql.text(target)} (FORMAT parquet)").fetchone()
    finally:
        connection.execute("SET preserve_insertion_order = true")
    return int(row[0]) if row else 0


def _reading(
    of: Reading, file: Path, names: Mapping[str, str], rows: int, numbers: Sequence[str] = ()
) -> Reading:
    chosen = []
    for position, column in enumerate(names):
        if column in numbers:
            chosen.append(f"{value_of(column)} AS v{position}")
        chosen.append(f"{sql.name(column)}::VARCHAR AS c{position}")
    source = f"{', '.join(chosen)} FROM read_parquet({sql.text(file)})"
    return Reading(
        part=replace(of.part, header=tuple(names.values())),
        relation=f"SELECT fault, fault_value, {source}",
        numbered=f"SELECT record, fault, fault_value, {source}",
        records=rows,
        is_fast=False,
        is_typed=False,
        encoding=of.encoding,
        path=of.path,
        positions=tuple(range(len(names))),
        has_blanks=False,
        has_exponents=True,
        has_guards=False,
        valued=frozenset(names[c] for c in numbers if c in names),
    )
