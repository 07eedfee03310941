"""What is wrong with a row: the reasons to refuse it, and to leave a cell of it empty, as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from data.importing import codes, sql, texts
from data.importing.cast import DAMAGED, IDS, Casts
from data.importing.evidence import raw
from data.schema import Column

LARGEST_AMOUNT: Final = 10**12


@dataclass(frozen=True, slots=True)
class Check:
    """One reason to refuse a row or to leave a cell empty: SQL that is true when it holds."""

    code: str
    column: str
    condition: str


def refusing(casts: Casts) -> list[Check]:
    """The reasons to refuse a row, in the order in which they are looked for."""
    every_raw = " AND ".join(casts.is_empty(name) for name in casts.operands())
    checks = [Check("fault", "", "fault IS NOT NULL"), Check("empty_row", "", every_raw)]
    for column in casts.given_columns():
        if casts.is_binding(column):
            checks += _column_checks(casts, column)
    if casts.table.any_of:
        neither = " AND ".join(f"{sql.name(c)} IS NULL" for c in casts.any_of_casts())
        checks.append(
            Check("no_" + "_or_".join(c.removesuffix("_id") for c in casts.table.any_of), "", neither)
        )
    return checks


def emptying(casts: Casts) -> list[Check]:
    """The reasons to leave a cell empty."""
    columns = [column for column in casts.given_columns() if not casts.is_binding(column)]
    return [check for column in columns for check in _column_checks(casts, column)]


def _column_checks(casts: Casts, column: Column) -> list[Check]:
    name, value = column.name, casts.raw_of(column.name)
    cast_column = sql.name(casts.cast_name(column))
    checks = []
    if name in (*IDS, "member_number") and casts.has_exponents:
        damaged = f"regexp_full_match({value}, {sql.text(DAMAGED)})"
        has_mark = f"contains({value}, 'E+') OR contains({value}, 'e+')"  # cheaper, so first
        checks.append(Check("damaged_id", name, f"({has_mark}) AND {damaged}"))
    if column.required:
        checks.append(Check("missing_value", name, _is_missing(casts, column)))
    if column.kind in ("timestamp", "date"):
        read = texts.parsed(name)
        unread = f"{value} IS NOT NULL AND {cast_column} IS NULL"
        checks.append(Check("date_too_far", name, f"{unread} AND {read} > TIMESTAMP '{casts.last_moment}'"))
        checks.append(Check("date_too_early", name, f"{unread} AND {read} IS NOT NULL"))
        checks.append(Check("bad_date", name, unread))
    elif column.kind in ("money", "number", "integer"):
        checks += _number_checks(casts, column, value, cast_column)
    elif name == "currency" and casts.table.name == "transactions":
        checks.append(Check("unknown_currency", name, f"{value} IS NOT NULL AND {cast_column} IS NULL"))
    elif codes.is_coded(casts.table.name, name) and codes.is_closed(casts.table.name, name):
        checks.append(Check("unknown_code", name, f"{value} IS NOT NULL AND {cast_column} IS NULL"))
    return checks


def _number_checks(casts: Casts, column: Column, value: str, cast_column: str) -> list[Check]:
    name = column.name
    value = raw(name) if name in casts.valued else value
    form = casts.decisions.numbers.get(name)
    if name in casts.filled.formulas:
        checks = [Check("bad_number", name, f"{cast_column} IS NULL")]
    elif form is not None and form.is_sure:
        checks = []
    else:
        checks = [Check("bad_number", name, f"{value} IS NOT NULL AND {cast_column} IS NULL")]
    if name == "amount" and casts.table.name == "transactions":
        checks.append(Check("absurd_amount", name, f"abs({cast_column}) > {LARGEST_AMOUNT}"))
    return checks


def _is_missing(casts: Casts, column: Column) -> str:
    if column.name in casts.filled.headers:
        return casts.is_empty(column.name)
    operands = casts.filled.formulas[column.name].operands
    if column.kind not in ("money", "number", "integer"):
        return f"{raw(column.name)} IS NULL"
    needed = [o for o in operands if o in ("unit_price", "amount")] or list(operands)
    return "(" + " OR ".join(f"{raw(o)} IS NULL" for o in needed) + ")"
