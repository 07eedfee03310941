"""The statements that read one file's rows: those that are taken, those that are refused, and why."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property

from data.importing import sql
from data.importing.cast import Casts
from data.importing.checks import Check, emptying, refusing
from data.importing.evidence import Decisions, raw
from data.importing.mapping import Filled
from data.importing.merge import line_hash
from data.importing.reading import Reading


class Statements:
    """SQL over one reading.

    Parameters
    ----------
    filled : Filled
    decisions : Decisions
    time_zone : str
        The workspace's.
    now : datetime
        Local.
    reading : Reading
    """

    def __init__(
        self, filled: Filled, decisions: Decisions, time_zone: str, now: dt.datetime, reading: Reading
    ) -> None:
        self._casts = Casts(filled, decisions, time_zone, now, reading)
        self._table = self._casts.table

    @cached_property
    def notes(self) -> list[Check]:
        """The reasons to leave a cell empty."""
        return emptying(self._casts)

    @cached_property
    def _checks(self) -> list[Check]:
        return refusing(self._casts)

    def good(self, *, numbered: bool = False) -> str:
        """SQL of the rows that are taken, with the table's columns, and the record each stands in."""
        record = "record, " if numbered else ""
        return f"SELECT {record}{self._chosen()} FROM ({self._checked(numbered)}) WHERE problem IS NULL"

    def refused(self) -> str:
        """SQL of the refused rows: ``record``, ``column``, ``value``, ``code``, ``money``, ``currency``."""
        column, value, code = self._column(), self._value(), self._code()
        money = '"amount"::DOUBLE' if self._table.name == "transactions" else "NULL::DOUBLE"
        currency = '"currency"' if self._table.name == "transactions" else "NULL::VARCHAR"
        return (
            f'SELECT record, {column} AS "column", {value} AS value, {code} AS code, {money} AS money, '
            f"{currency} AS currency FROM ({self._checked(numbered=True)}) WHERE problem IS NOT NULL"
        )

    def emptied(self) -> Iterator[str]:
        """SQL, a statement a check, of the cells of good rows that could not be read and stay empty."""
        for check in self.notes:
            yield (
                f'SELECT record, {sql.text(self._casts.header(check.column))} AS "column", '
                f"{raw(check.column)} AS value, "
                f"{sql.text(check.code)} AS code FROM ({self._checked(numbered=True)}) "
                f"WHERE problem IS NULL AND ({check.condition})"
            )

    def count_emptied(self) -> str:
        """SQL that counts, in one reading, the cells of each check of ``notes``."""
        counts = ", ".join(f"count(*) FILTER (problem IS NULL AND ({c.condition}))" for c in self.notes)
        return f"SELECT {counts} FROM ({self._checked(numbered=False)})"

    def _checked(self, numbered: bool) -> str:
        """Raw texts, casts beside them, and ``problem``: the index of the first check that holds."""
        casts = self._casts
        given = [f"{casts.cast(c)} AS {sql.name(casts.cast_name(c))}" for c in self._table.given]
        inner = f"SELECT *{casts.times()} FROM ({casts.raw_rows(numbered=numbered)})"
        inner = f"SELECT *, {', '.join(given)} FROM ({inner})"
        finished = [f"{casts.finish(c)} AS {sql.name(c.name)}" for c in casts.finished()]
        if self._table.name == "transactions":
            finished.append(f"{sql.name('cast: order_id')} IS NULL AS order_id_derived")
        inner = f"SELECT *, {', '.join(finished)} FROM ({inner})" if finished else inner
        whens = " ".join(f"WHEN {check.condition} THEN {i}" for i, check in enumerate(self._checks))
        return f"SELECT *, CASE {whens} END AS problem FROM ({inner})"

    def _chosen(self) -> str:
        chosen = ", ".join(
            f"{sql.name(c.name)}::{sql.TYPES[c.kind]} AS {sql.name(c.name)}" for c in self._table.given
        )
        if self._table.name != "transactions":
            return chosen
        return f"{chosen}, order_id_derived, {line_hash('transactions')} AS line_hash"

    # What is said of a refused row

    def _column(self) -> str:
        return self._of_problem(
            sql.text(self._casts.header(c.column)) if c.column else "NULL" for c in self._checks
        )

    def _value(self) -> str:
        def value(check: Check) -> str:
            if check.code == "fault":
                return "fault_value"
            return self._casts.raw_of(check.column) if check.column else "NULL"

        return self._of_problem(value(check) for check in self._checks)

    def _code(self) -> str:
        return self._of_problem("fault" if c.code == "fault" else sql.text(c.code) for c in self._checks)

    @staticmethod
    def _of_problem(values: Iterable[str]) -> str:
        whens = " ".join(f"WHEN {index} THEN {value}" for index, value in enumerate(values))
        return f"CASE problem {whens} END"
