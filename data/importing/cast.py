"""Texts -> typed columns: an SQL expression for each column of a table, over the rows of one file."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import datetime as dt
from typing import Final

from data.importing import codes, dates, formula, numbers, sql, texts
from data.importing.evidence import EACH, Decisions, number_operands, raw, time_columns
from data.importing.mapping import Filled
from data.importing.numbers import NumberFormat
from data.importing.reading import Reading
from data.importing.source import TYPED
from data.people.normal import member_number_sql
from data.schema import TABLES, Column, Table

EARLIEST: Final = dt.datetime(1990, 1, 1)
EARLIEST_BIRTHDAY: Final = dt.datetime(1900, 1, 1)
FUTURE_DAYS: Final = 366
"""A date further ahead than this is a typing error; nearer ones are kept and reported."""

_UNSIGNED: Final = ("discount", "seller_voucher", "platform_voucher", "platform_fee")
_BINDING: Final = {
    "transactions": ("amount", "quantity", "returned_quantity", "status", "delivery_status", "currency"),
}
IDS: Final = ("order_id", "customer_id", "product_id", "store_id")
_GUARDED: Final = (*IDS, "postcode", "phone", "member_number")
MEMBER: Final = "member:"
"""Before the id of a customer who is known by the number on the card alone."""
DAMAGED: Final = "[+-]?[0-9]([.,][0-9]+)?[eE][+][0-9]{1,3}"


class Casts:
    """The columns of one table as SQL over one reading.

    Parameters
    ----------
    filled : Filled
    decisions : Decisions
    time_zone : str
        The workspace's.
    now : datetime
        Local; dates more than ``FUTURE_DAYS`` after it are not taken.
    reading : Reading
        What a scan of its bytes says need not be looked for in each row.
    """

    def __init__(
        self, filled: Filled, decisions: Decisions, time_zone: str, now: dt.datetime, reading: Reading
    ) -> None:
        self.filled = filled
        self.table: Table = TABLES[filled.mapping.table]
        self.decisions = decisions
        self.valued = frozenset(n for n, h in filled.headers.items() if h in reading.valued)
        self.last_moment = f"{now + dt.timedelta(days=FUTURE_DAYS):%Y-%m-%d %H:%M:%S}"
        self._time_zone = time_zone
        self._reading = reading

    @property
    def has_exponents(self) -> bool:
        """Whether a number may be written as 5.81E+17."""
        return self._reading.has_exponents

    def raw_rows(self, *, numbered: bool = False) -> str:
        """SQL of the trimmed texts, one column an operand; see ``evidence.raw``."""
        reading = self._reading
        position = {header: f"c{i}" for i, header in enumerate(reading.part.header)}
        text_columns = {c.name for c in self.table.columns if c.kind == "text"}
        pieces = []
        for name in self.operands():
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
            if name in self.decisions.whole_ids:
                value = f"regexp_replace({value}, '[.]0$', '')"
            if name in self._number_like() and header not in reading.valued:
                value = numbers.nothing_sql(value) if self._may_say_nothing(name) else value
            pieces.append(f"{value} AS {raw(name)}")
            if header in reading.valued:
                pieces.append(f"v{position[header][1:]} AS {_value(name)}")
        source = reading.numbered if numbered else reading.relation
        record = "record, " if numbered else ""
        return f"SELECT {record}fault, fault_value, {', '.join(pieces)} FROM ({source})"

    def times(self) -> str:
        """SQL of the times as they were read, in range or not: once, because reading them is dear."""
        pieces = []
        for name in time_columns(self.filled):
            read = dates.to_sql(
                raw(name), self.decisions.dates[name], self._time_zone, typed=self._reading.is_typed
            )
            pieces.append(f", {read} AS {texts.parsed(name)}")
        return "".join(pieces)

    def given_columns(self) -> list[Column]:
        return [column for column in self.table.given if column.name in self.filled.columns]

    def operands(self) -> list[str]:
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
        form = self.decisions.numbers.get(name)
        if form is not None:
            return not form.is_plain
        date_form = self.decisions.dates.get(name)
        # Before anything is decided the evidence has to show what says nothing.
        return date_form is not None and not date_form.is_only_iso

    def header(self, column: str) -> str:
        """What the file calls a column."""
        if column in self.filled.headers:
            return self.filled.headers[column]
        return self.filled.formulas[column].text if column in self.filled.formulas else column

    def raw_of(self, column: str) -> str:
        if column in self.valued:
            return f"coalesce({raw(column)}, {_value(column)}::VARCHAR)"
        if column in self.operands():
            return raw(column)
        operands = self.filled.formulas[column].operands if column in self.filled.formulas else ()
        return f"concat_ws(' | ', {', '.join(raw(o) for o in operands)})" if operands else "NULL"

    def is_binding(self, column: Column) -> bool:
        """Whether an unreadable value refuses the row rather than leaving the cell empty."""
        amount_reads = {*self.filled.amount_includes}
        if "amount" in self.filled.formulas:
            amount_reads |= {*self.filled.formulas["amount"].operands}
        binding = _BINDING.get(self.table.name, ())
        return column.required or column.name in amount_reads or column.name in binding or column.name in IDS

    def is_empty(self, name: str) -> str:
        test = f"{raw(name)} IS NULL"
        return f"({test} AND {_value(name)} IS NULL)" if name in self.valued else test

    def finished(self) -> list[Column]:
        """Columns that are made of other casts."""
        return [c for c in self.table.given if c.name != self.cast_name(c)]

    def cast_name(self, column: Column) -> str:
        if self.table.name == "transactions" and column.name in ("order_id", "amount"):
            return f"cast: {column.name}"
        return column.name

    def any_of_casts(self) -> list[str]:
        return [self.cast_name(self.table.by_name[c]) for c in self.table.any_of]

    def finish(self, column: Column) -> str:
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

    def cast(self, column: Column) -> str:
        kind = sql.TYPES[column.kind]
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
            in_range = f"{read} BETWEEN TIMESTAMP '{earliest}' AND TIMESTAMP '{self.last_moment}'"
            return f"CASE WHEN {in_range} THEN {read}::{kind} END"
        if codes.is_coded(self.table.name, column.name):
            closed = codes.is_closed(self.table.name, column.name)
            code = codes.to_sql(value, self.decisions.codes[column.name], closed=closed)
            return f"({code})::BOOLEAN" if column.kind == "boolean" else code
        if column.name == "member_number" and self.has_exponents:
            return f"CASE WHEN NOT regexp_full_match({value}, {sql.text(DAMAGED)}) THEN {value} END"
        return value

    def _buyer(self) -> str:
        """The customer of a sale; where none is named, the card that was shown."""
        named = raw("customer_id") if "customer_id" in self.filled.columns else "NULL::VARCHAR"
        if "member_number" not in self.filled.columns:
            return named
        return f"coalesce({named}, '{MEMBER}' || ({member_number_sql(self.cast(self._card))}))"

    @property
    def _card(self) -> Column:
        return self.table.by_name["member_number"]

    def _currency(self) -> str:
        if "currency" in self.filled.columns:
            return codes.to_sql(raw("currency"), self.decisions.codes["currency"], closed=True)
        if self.decisions.currency == EACH:
            operands = [o for o in self.operands() if o in number_operands(self.filled)]
            amount = raw("amount") if "amount" in operands else raw(operands[0])
            symbol = f"regexp_extract(lower({amount}), {sql.text(numbers.SYMBOLS)})"
            return codes.to_sql(symbol, codes.SYMBOLS, closed=True)
        return f"{sql.text(self.decisions.currency)}" if self.decisions.currency else "NULL::VARCHAR"

    def _number(self, column: Column) -> str:
        if column.name in self.filled.formulas:
            product = formula.to_sql(self.filled.formulas[column.name], self._operand)
            return f"try_cast(round({product}, 4) AS {sql.TYPES[column.kind]})"
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
        if name in self.valued:
            return f"try_cast({_value(name)} AS {sql.TYPES[kind]})"
        form = self.decisions.numbers.get(name, NumberFormat(is_plain=False))
        return numbers.to_sql(raw(name), form, kind, typed=self._reading.is_typed)


def _value(name: str) -> str:
    """The column of a number that was read before."""
    return sql.name("value: " + name)
