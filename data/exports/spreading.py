"""What stands on the order: on each of its lines, its amounts as the line's share of them."""

# ruff: noqa: S608  values reach a statement through sql.name only

from __future__ import annotations

from typing import Final

from data.exports.amounts import share
from data.exports.columns import Columns, first_of, number, share_of, whole_of
from data.exports.staging import Staged
from data.importing.evidence import raw

_BY: Final = "PARTITION BY coalesce(ord, 'record ' || record) ORDER BY record ROWS BETWEEN"
_WINDOWS: Final = (
    f"WINDOW whole AS ({_BY} UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), "
    f"line AS ({_BY} UNBOUNDED PRECEDING AND CURRENT ROW)"
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
        Only what is of the order goes through a window; it comes back to its line by the record.
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
    weight = f"abs(coalesce({columns.sum(columns.kind.share_by)}, 0))" if columns.kind.share_by else "0"
    pieces = [f"first_value({number(h)} IGNORE NULLS) OVER whole AS {whole_of(h)}" for h in level]
    pieces += [f"first_value({raw(h)} IGNORE NULLS) OVER whole AS {first_of(h)}" for h in first]
    pieces += [
        "sum(weight) OVER whole AS total",
        "sum(weight) OVER line AS upto",
        "count(*) OVER whole AS lines",
        "row_number() OVER line AS line",
    ]
    narrow = "".join([*(f", {number(h)}" for h in level), *(f", {raw(h)}" for h in first)])
    query = f"SELECT record, ord{narrow}, {weight} AS weight FROM ({rows})"
    query = f"SELECT record, weight, {', '.join(pieces)} FROM ({query}) {_WINDOWS}"
    query = f"SELECT *, {_UPTO} AS until, {_BEFORE} AS since FROM ({query})"
    kept = [whole_of(h) for h in level] + [first_of(h) for h in first]
    kept += [f"{_share(h, columns.digits)} AS {share_of(h)}" for h in level]
    return f"SELECT {', '.join(['record', 'line', *kept])} FROM ({query})"


def _share(header: str, digits: int) -> str:
    whole = whole_of(header)
    return f"CASE WHEN lines = 1 THEN {whole}::DECIMAL(18,4) ELSE {share(whole, digits)} END"
