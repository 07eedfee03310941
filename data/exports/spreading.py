"""What stands on the order: on each of its lines, its amounts as the line's share of them."""

# ruff: noqa: S608  values reach a statement through sql.name only

from __future__ import annotations

from typing import Final

from data.exports.amounts import share
from data.exports.columns import Columns, first_of, number, share_of, whole_of
from data.exports.staging import Staged
from data.importing.evidence import raw

_LINE: Final = (
    "WINDOW line AS (PARTITION BY whole ORDER BY record ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
)
_UPTO: Final = "CASE WHEN total > 0 THEN upto::DOUBLE / total ELSE line::DOUBLE / lines END"
_BEFORE: Final = (
    "CASE WHEN total > 0 THEN (upto - weight)::DOUBLE / total ELSE (line - 1)::DOUBLE / lines END"
)


def lines(staged: Staged, columns: Columns) -> str:
    """SQL of the rows with numbers, the order each belongs to (``ord``), and the order's own values.

    Parameters
    ----------
    staged : Staged
    columns : Columns

    Returns
    -------
    str
        What is of the order is worked out once an order, and comes back to its lines by the record.
    """
    rows = _valued(staged, columns)
    level = columns.there(columns.kind.order_level)
    first = columns.there(columns.kind.fill_from_first)
    if not level and not first and not columns.kind.one_line:
        return rows
    return f"SELECT * FROM ({rows}) JOIN ({_ordered(rows, columns, level, first)}) USING (record)"


def _valued(staged: Staged, columns: Columns) -> str:
    order = raw(columns.kind.order)
    if columns.kind.order in columns.kind.fill_down:
        order = f"last_value({order} IGNORE NULLS) OVER (ORDER BY record)"
    return f"SELECT *, {', '.join([*staged.numbers.values(), f'{order} AS ord'])} FROM ({staged.rows})"


def _ordered(rows: str, columns: Columns, level: list[str], first: list[str]) -> str:
    """SQL of ``record``, ``line``, and of each line what stands on its order."""
    weight = f"abs(coalesce({columns.sum(columns.kind.share_by)}, 0))" if columns.kind.share_by else "0"
    narrow = "".join([*(f", {number(h)}" for h in level), *(f", {raw(h)}" for h in first)])
    whole = "coalesce(ord, 'record ' || record) AS whole"
    narrow = f"SELECT record, {whole}{narrow}, {weight} AS weight FROM ({rows})"
    known = [(number(h), whole_of(h)) for h in level] + [(raw(h), first_of(h)) for h in first]
    firsts = "".join(f", arg_min({value}, record) AS {name}" for value, name in known)
    orders = f"SELECT whole, sum(weight) AS total, count(*) AS lines{firsts} FROM ({narrow}) GROUP BY whole"
    upto = (
        "SELECT record, whole, weight, sum(weight) OVER line AS upto, row_number() OVER line AS line "
        f"FROM ({narrow}) {_LINE}"
    )
    query = f"SELECT *, {_UPTO} AS until, {_BEFORE} AS since FROM ({upto}) JOIN ({orders}) USING (whole)"
    shares = [f"{_share(h, columns.digits)} AS {share_of(h)}" for h in level]
    return f"SELECT {', '.join(['record', 'line', *(name for _, name in known), *shares])} FROM ({query})"


def _share(header: str, digits: int) -> str:
    whole = whole_of(header)
    return f"CASE WHEN lines = 1 THEN {whole}::DECIMAL(18,4) ELSE {share(whole, digits)} END"
