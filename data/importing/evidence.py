"""What the whole file says about its dates, numbers and codes: one reading, then the decisions."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb

from data.importing import codes, dates, numbers
from data.importing.mapping import Filled
from data.schema import TABLES

_NUMBERS: Final = ("money", "number", "integer")
_TIMES: Final = ("timestamp", "date")
_COORDINATES: Final = ("lat", "lon")
_MAX_SHAPES: Final = 50_000
EACH: Final = "each"
"""Stands for the currency of a file whose amounts carry different symbols."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """How each column's texts are read.

    Attributes
    ----------
    numbers : mapping of operand to NumberFormat
    dates : mapping of column to DateFormat
    codes : mapping of column to mapping of word to code
    currency : str
        Of the file, when it has no column for it: from its mapping, headers or symbols; or ``EACH``.
    whole_ids : tuple of str
        Id columns in which every value ends in ".0": a program took them for decimals.
    """

    numbers: Mapping[str, numbers.NumberFormat] = field(default_factory=dict)
    dates: Mapping[str, dates.DateFormat] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    currency: str = ""
    whole_ids: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The decisions as the report shows them."""
        return {
            "dates": {column: form.order for column, form in self.dates.items() if form.order},
            "decimal": {column: form.decimal for column, form in self.numbers.items() if not form.is_plain},
            "currency": self.currency,
        }


def number_operands(filled: Filled) -> dict[str, str]:
    """The operands read as numbers -> their kind: number columns and the headers in their formulas."""
    table = TABLES[filled.mapping.table]
    kinds = {c: table.by_name[c].kind for c in filled.headers if table.by_name[c].kind in _NUMBERS}
    for column, formula in filled.formulas.items():
        if table.by_name[column].kind in _NUMBERS:
            kinds |= {name: "money" for name in formula.operands if name not in filled.headers}
    return {name: str(kind) for name, kind in kinds.items()}


def time_columns(filled: Filled) -> tuple[str, ...]:
    """The columns read as times."""
    table = TABLES[filled.mapping.table]
    return tuple(c for c in filled.columns if table.by_name[c].kind in _TIMES)


def code_columns(filled: Filled) -> tuple[str, ...]:
    """The columns whose words become codes."""
    return tuple(c for c in filled.columns if codes.is_coded(filled.mapping.table, c))


def gather(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    filled: Filled,
    file: str,
    known: Collection[str] = (),
) -> tuple[Decisions, int]:
    """Read the file once and decide how its columns are written.

    Parameters
    ----------
    connection : DuckDBPyConnection
    rows : str
        SQL of the trimmed rows: one text column per operand, named by ``cast.raw``.
    filled : Filled
    file : str
        For sentences.
    known : collection of str
        Headers whose numbers are read already.

    Returns
    -------
    tuple of Decisions and int
        The int counts the rows that were read.

    Raises
    ------
    MappingNeeded : dates or numbers stay ambiguous.
    """
    times, coded = time_columns(filled), code_columns(filled)
    operands = [name for name in number_operands(filled) if filled.headers.get(name) not in known]
    found, rows_read = shapes_of(connection, rows, [*operands], times, coded)
    votes = {name: numbers.Votes() for name in operands}
    shapes = {column: dates.Shapes() for column in times}
    words: dict[str, list[str]] = {column: [] for column in coded}
    for name, shape, count, example in found:
        if name.startswith("n:"):
            votes[name[2:]].add(shape, count, example, is_coordinate=name[2:] in _COORDINATES)
        elif name.startswith("t:"):
            shapes[name[2:]].add(shape, count)
        else:
            words[name[2:]].append(example)
    currencies = _currencies(filled, words.get("currency", ()))
    table = filled.mapping.table
    order_votes = _order_votes(connection, rows, shapes)
    decisions = Decisions(
        numbers.decide(votes, given=filled.mapping.decimal, currencies=currencies, table=table, file=file),
        dates.decide(shapes, order_votes, given=filled.mapping.dates, table=table, file=file),
        {c: codes.translate(table, c, words[c], filled.mapping.codes.get(c, {})) for c in coded},
        _file_currency(votes, filled, currencies),
        _whole_ids(connection, rows, filled),
    )
    return decisions, rows_read


def raw(name: str) -> str:
    """The column of the trimmed text of an operand.

    Examples
    --------
    >>> raw("Seller Discount")
    '"raw: Seller Discount"'
    """
    return '"raw: ' + name.replace('"', '""') + '"'


def shapes_of(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    operands: Sequence[str],
    times: Sequence[str],
    coded: Sequence[str],
) -> tuple[list[tuple[str, str, int, str]], int]:
    """(kind and name, shape, values, an example) of every shape, and the rows, from one reading."""
    keys = [(f"n:{name}", numbers.shape_sql(raw(name)), raw(name)) for name in operands]
    keys += [(f"t:{name}", dates.shape_sql(raw(name)), raw(name)) for name in times]
    keys += [(f"c:{name}", raw(name), raw(name)) for name in coded]
    if not keys:
        row = connection.execute(f"SELECT count(*) FROM ({rows}) WHERE fault IS NULL").fetchone()
        return [], row[0] if row else 0
    made = ", ".join(f"{shape} AS k{i}, {value} AS v{i}" for i, (_, shape, value) in enumerate(keys))
    sets = ", ".join(f"(k{i})" for i in range(len(keys)))
    chosen = ", ".join(f"k{i}, any_value(v{i})" for i in range(len(keys)))
    query = (
        f"SELECT grouping_id({', '.join(f'k{i}' for i in range(len(keys)))}) AS g, count(*) AS n, {chosen} "
        f"FROM (SELECT {made} FROM ({rows}) WHERE fault IS NULL) GROUP BY GROUPING SETS ({sets}, ()) "
        f"ORDER BY n DESC LIMIT {_MAX_SHAPES}"
    )
    all_bits = (1 << len(keys)) - 1
    found, rows_read = [], 0
    for group, count, *values in connection.execute(query).fetchall():
        if group == all_bits:
            rows_read = count
            continue
        index = len(keys) - (all_bits ^ group).bit_length()
        shape, example = values[2 * index], values[2 * index + 1]
        if shape is not None:
            found.append((keys[index][0], shape, count, example))
    return found, rows_read


def _order_votes(
    connection: duckdb.DuckDBPyConnection, rows: str, shapes: Mapping[str, dates.Shapes]
) -> dict[str, dates.OrderVotes]:
    votes = {}
    for column in dates.columns_to_vote(shapes):
        query = f"WITH rows AS ({rows}) {dates.votes_sql(raw(column), shapes[column])}"
        row = connection.execute(query).fetchone()
        votes[column] = dates.OrderVotes(row[0], row[1], row[2], row[3] or "") if row else dates.OrderVotes()
    return votes


def _currencies(filled: Filled, words: Sequence[str]) -> list[str]:
    """The currencies the file itself speaks of: its currency column, its headers, its mapping."""
    if filled.mapping.currency:
        return [filled.mapping.currency.upper()]
    if "currency" in filled.columns:
        return sorted(
            set(
                codes.translate(
                    "transactions", "currency", words, filled.mapping.codes.get("currency", {})
                ).values()
            )
        )
    amounts = [
        filled.headers.get("amount", ""),
        *(filled.formulas["amount"].operands if "amount" in filled.formulas else ()),
    ]
    headers = " ".join([*amounts, *(filled.headers.get(a, "") for a in amounts)]).lower()
    return (
        ["IDR"]
        if "(idr)" in headers or "(rp)" in headers
        else ["MYR"]
        if "(rm)" in headers or "(myr)" in headers
        else []
    )


def _file_currency(votes: Mapping[str, numbers.Votes], filled: Filled, spoken_of: Sequence[str]) -> str:
    """The one currency of a file without a currency column, or ``EACH`` where every amount says its own."""
    if "currency" in filled.columns:
        return ""
    if len(spoken_of) == 1:
        return spoken_of[0]
    symbols = {s.rstrip(".") for vote in votes.values() for s in vote.symbols}
    found = {codes.SYMBOLS.get(s, s.upper()) for s in symbols if s in codes.SYMBOLS or len(s) == 3}
    return EACH if len(found) > 1 else found.pop() if found else ""


def _whole_ids(connection: duckdb.DuckDBPyConnection, rows: str, filled: Filled) -> tuple[str, ...]:
    """Id columns whose values all end in ".0"; the first ones are looked at before all are."""
    found = []
    for column in filled.headers:
        if not column.endswith("_id"):
            continue
        value = raw(column)
        ids = f"SELECT {value} FROM ({rows}) WHERE {value} IS NOT NULL"
        test = f"SELECT bool_and(regexp_full_match({value}, '[0-9]+[.]0')) FROM ({ids}"
        if _is_true(connection, f"{test} LIMIT 200)") and _is_true(connection, f"{test})"):
            found.append(column)
    return tuple(found)


def _is_true(connection: duckdb.DuckDBPyConnection, query: str) -> bool:
    row = connection.execute(query).fetchone()
    return bool(row and row[0])
