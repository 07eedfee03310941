"""Texts -> typed columns and the first thing wrong with each row, as one SQL expression per column."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from data.importing import codes, dates, formula, numbers, sql, texts
from data.importing.evidence import EACH, Decisions, number_operands, raw, time_columns
from data.importing.mapping import Filled
from data.importing.merge import line_hash
from data.importing.numbers import NumberFormat
from data.importing.reading import Reading
from data.importing.source import TYPED
from data.people.normal import member_number_sql
from data.schema import TABLES, Column, Table

SQL_TYPES: Final = {
    "text": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "money": "DECIMAL(18,4)",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}
EARLIEST: Final = dt.datetime(1990, 1, 1)
EARLIEST_BIRTHDAY: Final = dt.datetime(1900, 1, 1)
FUTURE_DAYS: Final = 366
"""A date further ahead than this is a typing error; nearer ones are kept and reported."""
LARGEST_AMOUNT: Final = 10**12

_UNSIGNED: Final = ("discount", "seller_voucher", "platform_voucher", "platform_fee")
_BINDING: Final = {
    "transactions": ("amount", "quantity", "returned_quantity", "status", "delivery_status", "currency"),
}
_IDS: Final = ("order_id", "customer_id", "product_id", "store_id")
_GUARDED: Final = (*_IDS, "postcode", "phone", "member_number")
MEMBER: Final = "member:"
"""Before the id of a customer who is known by the number on the card alone."""
_DAMAGED: Final = "[+-]?[0-9]([.,][0-9]+)?[eE][+][0-9]{1,3}"


@dataclass(frozen=True, slots=True)
class Check:
    """One reason to refuse a row (``refuses``) or to leave a cell empty: SQL that is true when it holds."""

    code: str
    column: str
    condition: str
    refuses: bool = True


class Caster:
    """The statements that read one table's rows.

    Parameters
    ----------
    filled : Filled
    decisions : Decisions
    time_zone : str
        The workspace's.
    now : datetime
        Local; dates more than ``FUTURE_DAYS`` after it are refused.
    """

    def __init__(self, filled: Filled, decisions: Decisions, time_zone: str, now: dt.datetime) -> None:
        self.filled = filled
        self.table: Table = TABLES[filled.mapping.table]
        self._decisions = decisions
        self._time_zone = time_zone
        self._last_moment = f"{now + dt.timedelta(days=FUTURE_DAYS):%Y-%m-%d %H:%M:%S}"
        self._typed = False
        self._valued: frozenset[str] = frozenset()
        self._has_exponents = True

    def good(self, reading: Reading) -> str:
        """SQL of the rows that are taken, with the table's columns."""
        self._look_at(reading)
        return (
            f"SELECT {self._chosen()} FROM ({self._checked(reading, numbered=False)}) WHERE problem IS NULL"
        )

    def good_numbered(self, reading: Reading) -> str:
        """The same with the record each row stands in."""
        self._look_at(reading)
        checked = self._checked(reading, numbered=True)
        return f"SELECT record, {self._chosen()} FROM ({checked}) WHERE problem IS NULL"

    def refused(self, reading: Reading) -> str:
        """SQL of the refused rows: ``record``, ``column``, ``value``, ``code``, ``money``, ``currency``."""
        self._look_at(reading)
        cases = self._cases(self.checks())
        money = '"amount"::DOUBLE' if self.table.name == "transactions" else "NULL::DOUBLE"
        currency = '"currency"' if self.table.name == "transactions" else "NULL::VARCHAR"
        return (
            f'SELECT record, {cases["column"]} AS "column", {cases["value"]} AS value, '
            f"{cases['code']} AS code, "
            f"{money} AS money, {currency} AS currency "
            f"FROM ({self._checked(reading, numbered=True)}) WHERE problem IS NOT NULL"
        )

    def emptied(self, reading: Reading) -> Iterator[str]:
        """SQL, a statement a check, of the cells of good rows that could not be read and stay empty."""
        self._look_at(reading)
        for check in self.notes():
            yield (
                f'SELECT record, {sql.text(self._header(check.column))} AS "column", '
                f"{raw(check.column)} AS value, "
                f"{sql.text(check.code)} AS code FROM ({self._checked(reading, numbered=True)}) "
                f"WHERE problem IS NULL AND ({check.condition})"
            )

    def count_emptied(self, reading: Reading) -> str:
        """SQL that counts, in one reading, the cells of each check of ``notes``."""
        self._look_at(reading)
        counts = ", ".join(f"count(*) FILTER (problem IS NULL AND ({c.condition}))" for c in self.notes())
        return f"SELECT {counts} FROM ({self._checked(reading, numbered=False)})"

    def raw_rows(self, reading: Reading, numbered: bool = False) -> str:
        """SQL of the trimmed texts, one column an operand; see ``evidence.raw``."""
        position = {header: f"c{i}" for i, header in enumerate(reading.part.header)}
        text_columns = {c.name for c in self.table.columns if c.kind == "text"}
        pieces = []
        for name in self._operands():
            header = self.filled.headers.get(name)
            if header is None and name in self.filled.formulas:
                joined = [
                    texts.trimmed(position[self._operand_header(o)], reading.has_blanks)
                    for o in self.filled.formulas[name].operands
                ]
                value = f"nullif(concat_ws(' ', {', '.join(joined)}), '')"
            else:
                value = texts.trimmed(position[header or name], reading.has_blanks)
            if reading.is_typed and name in text_columns:
                value = f"ltrim({value}, chr({ord(TYPED)}))"
            if reading.has_guards and name in _GUARDED:
                value = texts.unguarded(value)
            if name in self._decisions.whole_ids:
                value = f"regexp_replace({value}, '[.]0$', '')"
            if name in self._number_like() and header not in reading.valued:
                value = numbers.nothing_sql(value) if self._may_say_nothing(name) else value
            pieces.append(f"{value} AS {raw(name)}")
            if header in reading.valued:
                pieces.append(f"v{position[header][1:]} AS {_value(name)}")
        source = reading.numbered if numbered else reading.relation
        record = "record, " if numbered else ""
        return f"SELECT {record}fault, fault_value, {', '.join(pieces)} FROM ({source})"

    def checks(self) -> list[Check]:
        """The reasons to refuse a row, in the order in which they are looked for."""
        every_raw = " AND ".join(self._is_empty(name) for name in self._operands())
        checks = [Check("fault", "", "fault IS NOT NULL"), Check("empty_row", "", every_raw)]
        for column in self._given_columns():
            if self._is_binding(column):
                checks += self._column_checks(column)
        if self.table.any_of:
            neither = " AND ".join(f"{sql.name(c)} IS NULL" for c in self._any_of_casts())
            checks.append(
                Check("no_" + "_or_".join(c.removesuffix("_id") for c in self.table.any_of), "", neither)
            )
        return checks

    def notes(self) -> list[Check]:
        """The reasons to leave a cell empty."""
        found = []
        for column in self._given_columns():
            if not self._is_binding(column):
                found += [Check(c.code, c.column, c.condition, False) for c in self._column_checks(column)]
        return found

    # The statement

    def _look_at(self, reading: Reading) -> None:
        """Note what a scan of the bytes says need not be looked for in each row."""
        self._typed = reading.is_typed
        self._valued = frozenset(n for n, h in self.filled.headers.items() if h in reading.valued)
        self._has_exponents = reading.has_exponents

    def _checked(self, reading: Reading, *, numbered: bool) -> str:
        """Raw texts, casts beside them, and ``problem``: the index of the first check that holds."""
        casts = [
            f"{self._cast(column)} AS {sql.name(self._cast_name(column))}" for column in self.table.given
        ]
        inner = f"SELECT *{self._times()} FROM ({self.raw_rows(reading, numbered)})"
        inner = f"SELECT *, {', '.join(casts)} FROM ({inner})"
        finished = [f"{self._finish(c)} AS {sql.name(c.name)}" for c in self._finished()]
        if self.table.name == "transactions":
            finished.append(f"{sql.name('cast: order_id')} IS NULL AS order_id_derived")
        inner = f"SELECT *, {', '.join(finished)} FROM ({inner})" if finished else inner
        whens = " ".join(f"WHEN {check.condition} THEN {i}" for i, check in enumerate(self.checks()))
        return f"SELECT *, CASE {whens} END AS problem FROM ({inner})"

    def _times(self) -> str:
        """SQL of the times as they were read, in range or not: once, because reading them is dear."""
        pieces = []
        for name in time_columns(self.filled):
            read = dates.to_sql(raw(name), self._decisions.dates[name], self._time_zone, typed=self._typed)
            pieces.append(f", {read} AS {texts.parsed(name)}")
        return "".join(pieces)

    def _cases(self, checks: Sequence[Check]) -> dict[str, str]:
        columns, values, found = [], [], []
        for index, check in enumerate(checks):
            header = sql.text(self._header(check.column)) if check.column else "NULL"
            columns.append(f"WHEN {index} THEN {header}")
            value = (
                "fault_value"
                if check.code == "fault"
                else self._raw_of(check.column)
                if check.column
                else "NULL"
            )
            values.append(f"WHEN {index} THEN {value}")
            found.append(f"WHEN {index} THEN {'fault' if check.code == 'fault' else sql.text(check.code)}")
        pieces = {"column": columns, "value": values, "code": found}
        return {name: f"CASE problem {' '.join(whens)} END" for name, whens in pieces.items()}

    def _chosen(self) -> str:
        chosen = ", ".join(
            f"{sql.name(c.name)}::{SQL_TYPES[c.kind]} AS {sql.name(c.name)}" for c in self.table.given
        )
        if self.table.name != "transactions":
            return chosen
        return f"{chosen}, order_id_derived, {line_hash('transactions')} AS line_hash"

    # What is where

    def _given_columns(self) -> list[Column]:
        return [column for column in self.table.given if column.name in self.filled.columns]

    def _operands(self) -> list[str]:
        """Every name with a text of its own: columns, and headers that only a formula reads."""
        table = self.table.by_name
        names = dict.fromkeys(self.filled.headers)
        for column, read_by in self.filled.formulas.items():
            if table[column].kind in ("money", "number", "integer"):
                names.update(dict.fromkeys(read_by.operands))
            else:
                names[column] = None
        return list(names)

    def _operand_header(self, name: str) -> str:
        return self.filled.headers.get(name, name)

    def _number_like(self) -> set[str]:
        return {*number_operands(self.filled), *time_columns(self.filled)}

    def _may_say_nothing(self, name: str) -> bool:
        form = self._decisions.numbers.get(name)
        if form is not None:
            return not form.is_plain
        date_form = self._decisions.dates.get(name)
        # Before anything is decided the evidence has to show what says nothing.
        return date_form is not None and not date_form.is_only_iso

    def _header(self, column: str) -> str:
        """What the file calls a column."""
        if column in self.filled.headers:
            return self.filled.headers[column]
        return self.filled.formulas[column].text if column in self.filled.formulas else column

    def _raw_of(self, column: str) -> str:
        if column in self._valued:
            return f"coalesce({raw(column)}, {_value(column)}::VARCHAR)"
        if column in self._operands():
            return raw(column)
        operands = self.filled.formulas[column].operands if column in self.filled.formulas else ()
        return f"concat_ws(' | ', {', '.join(raw(o) for o in operands)})" if operands else "NULL"

    def _is_binding(self, column: Column) -> bool:
        """Whether an unreadable value refuses the row rather than leaving the cell empty."""
        amount_reads = {*self.filled.amount_includes}
        if "amount" in self.filled.formulas:
            amount_reads |= {*self.filled.formulas["amount"].operands}
        binding = _BINDING.get(self.table.name, ())
        return column.required or column.name in amount_reads or column.name in binding or column.name in _IDS

    # Casts

    def _finished(self) -> list[Column]:
        """Columns that are made of other casts."""
        return [c for c in self.table.given if c.name != self._cast_name(c)]

    def _cast_name(self, column: Column) -> str:
        if self.table.name == "transactions" and column.name in ("order_id", "amount"):
            return f"cast: {column.name}"
        return column.name

    def _any_of_casts(self) -> list[str]:
        return [self._cast_name(self.table.by_name[c]) for c in self.table.any_of]

    def _finish(self, column: Column) -> str:
        if column.name == "order_id":
            given = sql.name("cast: order_id")
            made = (
                "customer_id || '|' || strftime(ordered_at, '%Y-%m-%dT%H:%M:%S') || "
                "CASE WHEN store_id IS NULL THEN '' ELSE '|' || store_id END"
            )
            return f"coalesce({given}, {made})"
        total = sql.name("cast: amount")
        parts = "".join(f" - coalesce({sql.name(part)}, 0)" for part in self.filled.amount_includes)
        return f"try_cast({total}{parts} AS DECIMAL(18,4))" if parts else total

    def _cast(self, column: Column) -> str:
        kind = SQL_TYPES[column.kind]
        if column.name == "currency" and self.table.name == "transactions":
            return self._currency()
        if column.name == "customer_id" and self.table.name == "transactions":
            return self._buyer()
        if column.name not in self.filled.columns:
            return f"NULL::{kind}"
        if column.kind in ("money", "number", "integer"):
            return self._number(column)
        value = raw(column.name)
        if column.kind in ("timestamp", "date"):
            read = texts.parsed(column.name)
            earliest = EARLIEST_BIRTHDAY if column.name == "birthday" else EARLIEST
            in_range = f"{read} BETWEEN TIMESTAMP '{earliest}' AND TIMESTAMP '{self._last_moment}'"
            return f"CASE WHEN {in_range} THEN {read}::{kind} END"
        if codes.is_coded(self.table.name, column.name):
            closed = codes.is_closed(self.table.name, column.name)
            code = codes.to_sql(value, self._decisions.codes[column.name], closed=closed)
            return f"({code})::BOOLEAN" if column.kind == "boolean" else code
        if column.name == "member_number" and self._has_exponents:
            return f"CASE WHEN NOT regexp_full_match({value}, {sql.text(_DAMAGED)}) THEN {value} END"
        return value

    def _buyer(self) -> str:
        """The customer of a sale; where none is named, the card that was shown."""
        named = raw("customer_id") if "customer_id" in self.filled.columns else "NULL::VARCHAR"
        if "member_number" not in self.filled.columns:
            return named
        return f"coalesce({named}, '{MEMBER}' || ({member_number_sql(self._cast(self._card))}))"

    @property
    def _card(self) -> Column:
        return self.table.by_name["member_number"]

    def _currency(self) -> str:
        if "currency" in self.filled.columns:
            return codes.to_sql(raw("currency"), self._decisions.codes["currency"], closed=True)
        if self._decisions.currency == EACH:
            operands = [o for o in self._operands() if o in number_operands(self.filled)]
            amount = raw("amount") if "amount" in operands else raw(operands[0])
            symbol = f"regexp_extract(lower({amount}), {sql.text(numbers.SYMBOLS)})"
            return codes.to_sql(symbol, codes.SYMBOLS, closed=True)
        return f"{sql.text(self._decisions.currency)}" if self._decisions.currency else "NULL::VARCHAR"

    def _number(self, column: Column) -> str:
        if column.name in self.filled.formulas:
            product = formula.to_sql(self.filled.formulas[column.name], self._operand)
            return f"try_cast(round({product}, 4) AS {SQL_TYPES[column.kind]})"
        read = self._read(column.name, column.kind)
        return f"abs({read})" if column.name in _UNSIGNED else read

    def _operand(self, name: str) -> str:
        """One operand of a formula as a float; a missing quantity counts 1, other missing parts nothing."""
        read = self._read(name, "number")
        read = f"abs({read})" if name in _UNSIGNED else read
        if name == "quantity":
            return f"CASE WHEN {raw(name)} IS NULL THEN 1 ELSE {read} END"
        if name in ("unit_price", "amount"):
            return read
        return f"CASE WHEN {raw(name)} IS NULL THEN 0 ELSE {read} END"

    def _read(self, name: str, kind: str) -> str:
        if name in self._valued:
            return f"try_cast({_value(name)} AS {SQL_TYPES[kind]})"
        form = self._decisions.numbers.get(name, NumberFormat(is_plain=False))
        return numbers.to_sql(raw(name), form, kind, typed=self._typed)

    # Checks

    def _column_checks(self, column: Column) -> list[Check]:
        name, value = column.name, self._raw_of(column.name)
        cast_column = sql.name(self._cast_name(column))
        checks = []
        if name in (*_IDS, "member_number") and self._has_exponents:
            damaged = f"regexp_full_match({value}, {sql.text(_DAMAGED)})"
            has_mark = f"contains({value}, 'E+') OR contains({value}, 'e+')"  # cheaper, so first
            checks.append(Check("damaged_id", name, f"({has_mark}) AND {damaged}"))
        if column.required:
            checks.append(Check("missing_value", name, self._is_missing(column)))
        if column.kind in ("timestamp", "date"):
            read = texts.parsed(name)
            unread = f"{value} IS NOT NULL AND {cast_column} IS NULL"
            checks.append(
                Check("date_too_far", name, f"{unread} AND {read} > TIMESTAMP '{self._last_moment}'")
            )
            checks.append(Check("date_too_early", name, f"{unread} AND {read} IS NOT NULL"))
            checks.append(Check("bad_date", name, unread))
        elif column.kind in ("money", "number", "integer"):
            checks += self._number_checks(column, value, cast_column)
        elif name == "currency" and self.table.name == "transactions":
            checks.append(Check("unknown_currency", name, f"{value} IS NOT NULL AND {cast_column} IS NULL"))
        elif codes.is_coded(self.table.name, name) and codes.is_closed(self.table.name, name):
            checks.append(Check("unknown_code", name, f"{value} IS NOT NULL AND {cast_column} IS NULL"))
        return checks

    def _number_checks(self, column: Column, value: str, cast_column: str) -> list[Check]:
        name = column.name
        value = raw(name) if name in self._valued else value
        form = self._decisions.numbers.get(name)
        if name in self.filled.formulas:
            checks = [Check("bad_number", name, f"{cast_column} IS NULL")]
        elif form is not None and form.is_sure:
            checks = []
        else:
            checks = [Check("bad_number", name, f"{value} IS NOT NULL AND {cast_column} IS NULL")]
        if name == "amount" and self.table.name == "transactions":
            checks.append(Check("absurd_amount", name, f"abs({cast_column}) > {LARGEST_AMOUNT}"))
        return checks

    def _is_missing(self, column: Column) -> str:
        if column.name in self.filled.headers:
            return self._is_empty(column.name)
        operands = self.filled.formulas[column.name].operands
        if column.kind not in ("money", "number", "integer"):
            return f"{raw(column.name)} IS NULL"
        needed = [o for o in operands if o in ("unit_price", "amount")] or list(operands)
        return "(" + " OR ".join(f"{raw(o)} IS NULL" for o in needed) + ")"

    def _is_empty(self, name: str) -> str:
        test = f"{raw(name)} IS NULL"
        return f"({test} AND {_value(name)} IS NULL)" if name in self._valued else test


def _value(name: str) -> str:
    """The column of a number that was read before."""
    return sql.name("value: " + name)
