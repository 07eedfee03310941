"""An export's rows -> rows of the schema: one statement a file, whatever its size.

What stands on the order is counted once and spread over its lines; the record of every row is kept,
and a cell that cannot be read is handed on as it is, so that the import refuses it by its record.
"""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from data.exports import cells
from data.exports.amounts import rupiah_mark, share
from data.exports.buyers import Buyers
from data.exports.recognise import SECOND, Found
from data.exports.spec import Kind, Words
from data.importing import evidence, numbers, sql, texts
from data.importing.evidence import raw
from data.importing.formula import Formula
from data.importing.numbers import NumberFormat
from data.importing.reading import Reading
from data.importing.source import TYPED
from data.schema import TABLES

_NUMBERS: Final = ("money", "number", "integer")
_TURNED: Final = ("amount", "gross", "tax", "service_charge", "cost")
_FULL_WIDTH: Final = "\uff0c"
NO_DECIMALS: Final = ("IDR",)


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
) -> Tidied:
    """Tidy one file.

    Parameters
    ----------
    connection : DuckDBPyConnection
    reading : Reading
        Of the file, with every header in ``found.headers``.
    found : Found
    work : Path
        Folder for the rows; nothing of the file is held in memory.
    currency : str
        The workspace's, for a system of several countries.
    decimal : str
        The decimal mark, where somebody said it.

    Returns
    -------
    Tidied

    Raises
    ------
    MappingNeeded : the numbers can be read in two ways.
    """
    return _Tidier(connection, reading, found, work, currency, decimal).run()


class _Tidier:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        reading: Reading,
        found: Found,
        work: Path,
        currency: str,
        decimal: str,
    ) -> None:
        self._connection = connection
        self._reading = reading
        self._found = found
        self._kind: Kind = found.kind
        self._work = work
        self._table = TABLES[found.kind.fills]
        self._currency = found.currency or found.kind.currency
        self._given = (currency, decimal)
        self._columns = {c: f for c, f in found.kind.columns.items() if self._has_any(f)}
        self._customer = {c: f for c, f in found.kind.customer.items() if self._has_any(f)}
        self._buyers = Buyers(found, self._text)
        self._formats: dict[str, NumberFormat] = {}
        self._base = work / "base.parquet"
        self._rows = work / "rows.parquet"

    def run(self) -> Tidied:
        self._copy(self._trimmed(), self._base)
        self._formats = self._decide()
        outputs = self._outputs()
        query = self._ordered(self._valued(f"SELECT * FROM {_read(self._base)}{self._kept()}"))
        chosen = ", ".join(f"{value} AS {sql.name(name)}" for name, value in outputs.items())
        query = f"SELECT record, fault, fault_value, {chosen} FROM ({query})"
        if self._kind.one_line:
            query = query.replace("SELECT record,", "SELECT line, record,", 1)
            query = f"SELECT * EXCLUDE (line) FROM ({query}) WHERE line = 1 OR fault IS NOT NULL"
        self._copy(query, self._rows)
        return self._result(tuple(c for c in outputs if c in self._table.by_name))

    # What is where

    def _has(self, header: str) -> bool:
        return header in self._found.headers

    def _has_any(self, formula: Formula) -> bool:
        return any(self._has(name) for name in formula.operands)

    def _numeric(self) -> list[str]:
        """Headers that are read as numbers."""
        table = self._table.by_name
        names = dict.fromkeys(self._kind.order_level)
        formulas = [f for c, f in self._columns.items() if table[c].kind in _NUMBERS]
        formulas += self._kind.checks.values()
        formulas += [self._kind.share_by] if self._kind.share_by else []
        if self._kind.refund:
            formulas.append(self._kind.refund.of)
            names[self._kind.refund.amount] = None
        for formula in formulas:
            names.update(dict.fromkeys(formula.operands))
        return [name for name in names if self._has(name)]

    # Reading

    def _trimmed(self) -> str:
        """Texts without white space, guards and marks, one column a header."""
        numeric = {*self._numeric()}
        position = {header: f"c{i}" for i, header in enumerate(self._reading.part.header)}
        pieces = []
        for name, header in self._found.headers.items():
            value = texts.trimmed(position[header], self._reading.has_blanks)
            if self._reading.has_guards:
                value = texts.unguarded(value)
            if self._reading.is_typed and name not in numeric:
                value = f"ltrim({value}, chr({ord(TYPED)}))"
            value = f"replace({value}, '{_FULL_WIDTH}', ',')"
            if name in numeric:
                value = numbers.nothing_sql(value)
            pieces.append(f"{value} AS {raw(name)}")
        return f"SELECT record, fault, fault_value, {', '.join(pieces)} FROM ({self._reading.numbered})"

    def _kept(self) -> str:
        tests = [
            f"NOT {cells.is_one_of(raw(header), words)}"
            for header, words in self._kind.pass_over.items()
            if self._has(header)
        ]
        return f" WHERE fault IS NOT NULL OR ({' AND '.join(tests)})" if tests else ""

    def _decide(self) -> dict[str, NumberFormat]:
        """How the file writes its numbers; rupiah has no decimals, so its mark is always of thousands."""
        numeric = self._numeric()
        rows = f"SELECT * FROM {_read(self._base)}{self._kept()}"
        votes = {name: numbers.Votes() for name in numeric}
        for name, shape, count, example in evidence.shapes_of(self._connection, rows, numeric, (), ())[0]:
            votes[name[2:]].add(shape, count, example)
        currency = self._currency or self._given[0]
        mark = self._given[1] or (rupiah_mark(votes.values()) if currency in NO_DECIMALS else "")
        return numbers.decide(
            votes, given=mark, currencies=[currency], table=self._table.name, file=self._reading.part.name
        )

    # Values

    def _valued(self, rows: str) -> str:
        """Numbers beside their texts, and the order each row belongs to."""
        pieces = [f"{self._number(name)} AS {_n(name)}" for name in self._numeric()]
        order = raw(self._kind.order)
        if self._kind.order in self._kind.fill_down:
            order = f"last_value({order} IGNORE NULLS) OVER (ORDER BY record)"
        pieces.append(f"{order} AS ord")
        return f"SELECT *, {', '.join(pieces)} FROM ({rows})"

    def _number(self, name: str) -> str:
        read = numbers.to_sql(raw(name), self._formats[name], "money", typed=self._reading.is_typed)
        read = f"abs({read})" if name in self._kind.unsigned else read
        return f"-({read})" if name in self._kind.negated else read

    def _ordered(self, rows: str) -> str:
        """The order's own values on each of its lines, its amounts as the line's share of them."""
        level = [h for h in self._kind.order_level if self._has(h)]
        first = [h for h in self._kind.fill_from_first if self._has(h)]
        if not level and not first and not self._kind.one_line:
            return rows
        weight = f"abs(coalesce({self._sum(self._kind.share_by)}, 0))" if self._kind.share_by else "0"
        pieces = [f"first_value({_n(h)} IGNORE NULLS) OVER whole AS {sql.name('o: ' + h)}" for h in level]
        pieces += [f"first_value({raw(h)} IGNORE NULLS) OVER whole AS {sql.name('f: ' + h)}" for h in first]
        pieces += [
            "sum(weight) OVER whole AS total",
            "sum(weight) OVER line AS upto",
            "count(*) OVER whole AS lines",
            "row_number() OVER line AS line",
        ]
        by = "PARTITION BY coalesce(ord, 'record ' || record) ORDER BY record ROWS BETWEEN"
        windows = (
            f"WINDOW whole AS ({by} UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), "
            f"line AS ({by} UNBOUNDED PRECEDING AND CURRENT ROW)"
        )
        query = f"SELECT *, {', '.join(pieces)} FROM (SELECT *, {weight} AS weight FROM ({rows})) {windows}"
        upto = "CASE WHEN total > 0 THEN upto::DOUBLE / total ELSE line::DOUBLE / lines END"
        before = (
            "CASE WHEN total > 0 THEN (upto - weight)::DOUBLE / total ELSE (line - 1)::DOUBLE / lines END"
        )
        query = f"SELECT *, {upto} AS until, {before} AS since FROM ({query})"
        digits = 0 if (self._currency or self._given[0]) in NO_DECIMALS else 2
        shares = [f"{share(sql.name('o: ' + h), digits)} AS {sql.name('s: ' + h)}" for h in level]
        return f"SELECT *{''.join(', ' + s for s in shares)} FROM ({query})"

    def _operand(self, name: str) -> str:
        return sql.name("s: " + name) if name in self._kind.order_level else _n(name)

    def _sum(self, formula: Formula, *, with_nothing: bool = True) -> str:
        """SQL of a formula over the headers that are there; an empty cell counts nothing."""
        pieces: list[str] = []
        for term in formula.terms:
            if not all(self._has(name) for name in term.operands):
                continue
            if len(term.operands) == 1 and not pieces and not with_nothing:
                pieces.append(f"{term.sign} {self._operand(term.operands[0])}")
                continue
            product = " * ".join(f"coalesce({self._operand(n)}, 0)" for n in term.operands)
            pieces.append(f"{term.sign} ({product})")
        return f"(0 {' '.join(pieces)})"

    # Outputs

    def _outputs(self) -> dict[str, str]:
        made = {c: self._output(c, f) for c, f in self._columns.items()}
        made["order_id"] = self._order_id()
        if self._table.name == "transactions":
            made |= {c: sql.text(value) for c, value in self._kind.constants.items()}
            made["customer_id"] = self._buyers.customer_id()
            made["status"] = self._status()
            made.setdefault("channel", sql.text(self._kind.channel))
            if self._kind.channel and "channel" in self._columns:
                made["channel"] = f"coalesce({made['channel']}, {sql.text(self._kind.channel)})"
            if self._kind.cash_on_delivery and self._has(self._kind.cash_on_delivery.column):
                paid = made.get("payment_method", "NULL")
                made["payment_method"] = (
                    f"CASE WHEN {self._test(self._kind.cash_on_delivery)} THEN 'cod' ELSE {paid} END"
                )
            if self._kind.refund and self._has(self._kind.refund.amount):
                made["returned_quantity"] = self._returned(made.get("quantity", "'1'"))
            if self._kind.currency_from and self._has(self._kind.currency_from[0].column):
                made["currency"] = self._currency_of_row()
        elif self._currency:
            made.setdefault("currency", sql.text(self._currency))
        made["system"] = sql.text(self._kind.system)
        made = {c.name: made[c.name] for c in self._table.given if c.name in made}
        made |= {f"k: {c}": self._buyers.person(c, f) for c, f in self._customer.items()}
        made["masked"] = self._buyers.is_masked() if self._table.name == "transactions" else "false"
        made["odd"] = self._is_odd()
        return made

    def _output(self, column: str, formula: Formula) -> str:
        kind = self._table.by_name[column].kind
        if kind in _NUMBERS:
            return self._money(column, formula)
        cells_of = [self._text(name) for name in formula.operands if self._has(name)]
        cells_of += [raw(n + SECOND) for n in formula.operands if self._has(n + SECOND)]
        return cells_of[0] if len(cells_of) == 1 else f"nullif(concat_ws(' ', {', '.join(cells_of)}), '')"

    def _text(self, name: str) -> str:
        return sql.name("f: " + name) if name in self._kind.fill_from_first else raw(name)

    def _money(self, column: str, formula: Formula) -> str:
        operands = [n for n in formula.operands if self._has(n)]
        bad = [f"({raw(n)} IS NOT NULL AND {_n(n)} IS NULL)" for n in operands]
        value = self._sum(formula, with_nothing=len(operands) > 1 and column != "amount")
        if self._kind.negative_when and column in _TURNED and self._has(self._kind.negative_when.column):
            value = f"CASE WHEN {self._test(self._kind.negative_when)} THEN -abs({value}) ELSE {value} END"
        kept = " ".join(f"WHEN {test} THEN {raw(n)}" for test, n in zip(bad, operands, strict=True))
        marked = f"chr({ord(TYPED)}) || ({value})::DECIMAL(18,4)::VARCHAR"
        return f"CASE {kept} ELSE {marked} END"

    def _order_id(self) -> str:
        if not self._kind.order_prefix:
            return "ord"
        whole = f"{sql.text(self._kind.order_prefix)} || ord"
        return f"CASE WHEN contains(upper(ord), 'E+') THEN ord ELSE {whole} END"

    def _test(self, words: Words) -> str:
        value = self._text(words.column)
        test = cells.is_one_of(value, words.words)
        return f"({value} IS NOT NULL AND NOT {test})" if words.unless else test

    def _status(self) -> str:
        if self._kind.status_always:
            return sql.text(self._kind.status_always)
        whens = [
            f"WHEN {self._test(rule)} THEN {sql.text(rule.code)}"
            for rule in self._kind.status_when
            if self._has(rule.column)
        ]
        if not self._kind.status_from or not self._has(self._kind.status_from):
            otherwise = sql.text(self._kind.status_else or "completed")
            return f"CASE {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise
        value = self._text(self._kind.status_from)
        whens += [
            f"WHEN {cells.is_one_of(value, words)} THEN {sql.text(code)}"
            for code, words in self._kind.status.items()
        ]
        otherwise = (
            f"coalesce({value}, {sql.text(self._kind.status_else)})" if self._kind.status_else else value
        )
        return f"CASE {' '.join(whens)} ELSE {otherwise} END"

    def _returned(self, quantity: str) -> str:
        """Units sent back, as the share of the money that was: no file says which units."""
        refund = self._kind.refund
        assert refund is not None
        level = refund.amount in self._kind.order_level
        given = sql.name("o: " + refund.amount) if level else _n(refund.amount)
        of = self._whole(refund.of) if level else self._sum(refund.of)
        share = f"least(1.0, coalesce(abs({given}), 0)::DOUBLE / nullif(abs({of}), 0))"
        units = f"try_cast(ltrim({quantity}, chr({ord(TYPED)})) AS DOUBLE)"
        return f"chr({ord(TYPED)}) || round(coalesce({share}, 0) * coalesce({units}, 1), 6)::VARCHAR"

    def _whole(self, formula: Formula) -> str:
        pieces = [
            f"{t.sign} " + " * ".join(f"coalesce({sql.name('o: ' + n)}, 0)" for n in t.operands)
            for t in formula.terms
        ]
        return f"(0 {' '.join(pieces)})"

    def _currency_of_row(self) -> str:
        whens = " ".join(
            f"WHEN {self._test(words)} THEN {sql.text(words.code)}" for words in self._kind.currency_from
        )
        otherwise = sql.text(self._found.currency or self._currency) if self._currency else "NULL"
        return otherwise if self._found.currency else f"CASE {whens} ELSE {otherwise} END"

    def _is_odd(self) -> str:
        tests = [
            f"abs({self._sum(formula)}) > 0.05"
            for formula in self._kind.checks.values()
            if all(self._has(n) for n in formula.operands)
        ]
        return f"coalesce({' OR '.join(tests)}, false)" if tests else "false"

    # The result

    def _result(self, columns: Sequence[str]) -> Tidied:
        names = self._display(columns)
        if self._kind.id_never_a_date:
            self._refuse_dates()
        counted = self._connection.execute(
            "SELECT count(*), coalesce(count_if(masked), 0), coalesce(count_if(odd), 0) "
            f"FROM {_read(self._rows)}"
        ).fetchone() or (0, 0, 0)
        customers = list(self._customer)
        people = self._people(customers) if customers and "customer_id" in columns else None
        return Tidied(
            _reading(self._reading, self._rows, tuple(names.values()), columns, counted[0]),
            names,
            people,
            ("customer_id", *customers),
            "" if "currency" in columns else self._currency,
            self._reading.records - counted[0],
            counted[1],
            counted[2],
        )

    def _display(self, columns: Sequence[str]) -> dict[str, str]:
        """What each column is called in a report: the header of the file, where there is one."""
        names: dict[str, str] = {}
        for column in columns:
            operands = self._columns[column].operands if column in self._columns else ()
            header = next((self._found.headers[n] for n in operands if self._has(n)), column)
            taken = {n.casefold() for n in names.values()} | {c.casefold() for c in columns if c != column}
            names[column] = column if header.casefold() in taken else header
        return names

    def _refuse_dates(self) -> None:
        """An id such as 1-0003 that a spreadsheet took for a date is lost: its row is refused."""
        target = self._work / "undated.parquet"
        date = f"regexp_matches(order_id, '^{self._kind.order_prefix}[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
        self._copy(
            f"SELECT * REPLACE (CASE WHEN {date} THEN 'damaged_id' ELSE fault END AS fault, "
            f"CASE WHEN {date} THEN order_id ELSE fault_value END AS fault_value) FROM {_read(self._rows)}",
            target,
        )
        self._rows = target

    def _people(self, columns: Sequence[str]) -> Reading | None:
        target = self._work / "people.parquet"
        latest = ", ".join(
            f"arg_max({k}, record) FILTER ({k} IS NOT NULL) AS {sql.name(c)}"
            for c, k in ((c, sql.name("k: " + c)) for c in columns)
        )
        self._copy(
            "SELECT min(record) AS record, NULL AS fault, NULL AS fault_value, customer_id, "
            f"{latest} FROM {_read(self._rows)} WHERE customer_id IS NOT NULL AND fault IS NULL "
            "GROUP BY customer_id ORDER BY 1",
            target,
        )
        row = self._connection.execute(f"SELECT count(*) FROM {_read(target)}").fetchone()
        names = ("customer_id", *columns)
        return _reading(self._reading, target, names, names, row[0]) if row and row[0] else None

    def _copy(self, query: str, target: Path) -> None:
        self._connection.execute(f"COPY ({query}) TO {sql.text(target)} (FORMAT parquet)")


def _reading(of: Reading, file: Path, header: tuple[str, ...], columns: Sequence[str], rows: int) -> Reading:
    chosen = ", ".join(f"{sql.name(c)}::VARCHAR AS c{i}" for i, c in enumerate(columns))
    source = f"read_parquet({sql.text(file)})"
    return Reading(
        part=replace(of.part, header=header),
        relation=f"SELECT fault, fault_value, {chosen} FROM {source}",
        numbered=f"SELECT record, fault, fault_value, {chosen} FROM {source}",
        records=rows,
        is_fast=False,
        is_typed=True,
        encoding=of.encoding,
        path=of.path,
        positions=tuple(range(len(columns))),
        has_blanks=False,
        has_exponents=True,
        has_guards=False,
    )


def _n(header: str) -> str:
    return sql.name("n: " + header)


def _read(file: Path) -> str:
    return f"read_parquet({sql.text(file)})"
