"""The columns of the schema as SQL over the laid-out rows of an export."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from data.exports import cells
from data.exports.buyers import Buyers
from data.exports.columns import NUMBERS, Columns, number, whole_of
from data.exports.recognise import SECOND
from data.exports.spec import Words
from data.importing import sql
from data.importing.evidence import raw
from data.importing.formula import Formula

_TURNED: Final = ("amount", "gross", "tax", "service_charge", "cost")


def value_of(column: str) -> str:
    """The number of a column, beside the text that is there only where it cannot be read.

    Examples
    --------
    >>> value_of("amount")
    '"v: amount"'
    """
    return sql.name("v: " + column)


class Outputs:
    """SQL of each column.

    Parameters
    ----------
    columns : Columns
    sure : collection of str
        Headers of which every cell is a number or empty.

    Attributes
    ----------
    made : mapping of column to str
        Of the table's columns, in its order; of a number only the cell that could not be read.
    values : mapping of column to str
        The numbers.
    """

    def __init__(self, columns: Columns, sure: Collection[str] = ()) -> None:
        self._columns = columns
        self._sure = sure
        self._kind = columns.kind
        self._buyers = Buyers(columns.found, columns.text)
        self.values: dict[str, str] = {}
        made = {c: self._output(c, f) for c, f in columns.formulas.items()}
        made["order_id"] = self._order_id()
        if columns.table.name == "transactions":
            made |= self._of_a_sale(made)
        elif columns.stated_currency:
            made.setdefault("currency", sql.text(columns.stated_currency))
        made["system"] = sql.text(self._kind.system)
        self.made = {c.name: made[c.name] for c in columns.table.given if c.name in made}

    @property
    def customers(self) -> dict[str, str]:
        """SQL of the customer's columns."""
        return {c: self._buyers.person(c, f) for c, f in self._columns.customer.items()}

    def is_masked(self) -> str:
        """Whether a row names a buyer and hides who it is."""
        return self._buyers.is_masked() if self._columns.table.name == "transactions" else "false"

    def is_odd(self) -> str:
        """Whether the parts of a row do not add up.

        A refund may be written with or without its signs, so its parts may add up either way.
        """
        ways = (False, True) if self._kind.negative_when else (False,)
        tests = [
            f"least({', '.join(f'abs({self._columns.sum(formula, unsigned=way)})' for way in ways)}) > 0.05"
            for formula in self._kind.checks.values()
            if all(self._columns.has(n) for n in formula.operands)
        ]
        return f"coalesce({' OR '.join(tests)}, false)" if tests else "false"

    # Columns

    def _of_a_sale(self, made: dict[str, str]) -> dict[str, str]:
        kind, has = self._kind, self._columns.has
        sale = {c: sql.text(value) for c, value in kind.constants.items()}
        for column in kind.constants:
            self.values.pop(column, None)
        sale["customer_id"] = self._buyers.customer_id()
        sale["status"] = self._status()
        channel = sql.text(kind.channel) if kind.channel else "NULL::VARCHAR"
        known = sale.get("channel", made.get("channel"))
        if known is None:
            sale["channel"] = channel
        elif kind.channel and "channel" in self._columns.formulas:
            sale["channel"] = f"coalesce({known}, {channel})"
        if kind.cash_on_delivery and has(kind.cash_on_delivery.column):
            paid = made.get("payment_method", "NULL")
            on_delivery = self._columns.test(kind.cash_on_delivery)
            sale["payment_method"] = f"CASE WHEN {on_delivery} THEN 'cod' ELSE {paid} END"
        if kind.refund and has(kind.refund.amount):
            sale["returned_quantity"] = "NULL::VARCHAR"
            self.values["returned_quantity"] = self._returned()
        if kind.currency_from and has(kind.currency_from[0].column):
            sale["currency"] = self._currency_of_row()
        return sale

    def _output(self, column: str, formula: Formula) -> str:
        if self._columns.table.by_name[column].kind in NUMBERS:
            return self._money(column, formula)
        has = self._columns.has
        texts = [self._columns.text(name) for name in formula.operands if has(name)]
        texts += [raw(n + SECOND) for n in formula.operands if has(n + SECOND)]
        return texts[0] if len(texts) == 1 else f"nullif(concat_ws(' ', {', '.join(texts)}), '')"

    def _money(self, column: str, formula: Formula) -> str:
        """The first text of the formula that is no number; the number itself goes to ``values``."""
        operands = self._columns.there(formula.operands)
        bad = {n: f"{raw(n)} IS NOT NULL AND {number(n)} IS NULL" for n in operands if n not in self._sure}
        value = self._columns.sum(formula, with_nothing=len(operands) > 1 and column != "amount")
        turned = self._kind.negative_when
        if turned and column in _TURNED and self._columns.has(turned.column):
            value = f"CASE WHEN {self._columns.test(turned)} THEN -abs({value}) ELSE {value} END"
        value = f"({value})::DECIMAL(18,4)"
        any_bad = " OR ".join(f"({test})" for test in bad.values())
        self.values[column] = f"CASE WHEN NOT ({any_bad}) THEN {value} END" if bad else value
        kept = " ".join(f"WHEN {test} THEN {raw(n)}" for n, test in bad.items())
        return f"CASE {kept} END" if bad else "NULL::VARCHAR"

    def _order_id(self) -> str:
        if not self._kind.order_prefix:
            return "ord"
        whole = f"{sql.text(self._kind.order_prefix)} || ord"
        return f"CASE WHEN contains(upper(ord), 'E+') THEN ord ELSE {whole} END"

    def _status(self) -> str:
        kind, has = self._kind, self._columns.has
        if kind.status_always:
            return sql.text(kind.status_always)
        whens = [
            f"WHEN {self._columns.test(rule)} THEN {sql.text(rule.code)}"
            for rule in kind.status_when
            if has(rule.column)
        ]
        if not kind.status_from or not has(kind.status_from):
            otherwise = sql.text(kind.status_else or "completed")
            return f"CASE {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise
        value = self._columns.text(kind.status_from)
        whens += [
            f"WHEN {cells.is_one_of(value, words)} THEN {sql.text(code)}"
            for code, words in kind.status.items()
        ]
        otherwise = f"coalesce({value}, {sql.text(kind.status_else)})" if kind.status_else else value
        return f"CASE {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise

    def _returned(self) -> str:
        """Units sent back, as the share of the money that was: no file says which units."""
        refund = self._kind.refund
        assert refund is not None
        level = refund.amount in self._kind.order_level
        given = whole_of(refund.amount) if level else number(refund.amount)
        of = self._whole(refund.of) if level else self._columns.sum(refund.of)
        share = f"least(1.0, coalesce(abs({given}), 0)::DOUBLE / nullif(abs({of}), 0))"
        units = f"({self.values.get('quantity', '1')})::DOUBLE"
        return f"round(coalesce({share}, 0) * coalesce({units}, 1), 6)"

    def _whole(self, formula: Formula) -> str:
        pieces = [
            f"{t.sign} " + " * ".join(f"coalesce({whole_of(n)}, 0)" for n in t.operands)
            for t in formula.terms
        ]
        return f"(0 {' '.join(pieces)})"

    def _currency_of_row(self) -> str:
        found, stated = self._columns.found, self._columns.stated_currency
        otherwise = sql.text(found.currency or stated) if stated else "NULL"
        return otherwise if found.currency else f"CASE {self._whens()} ELSE {otherwise} END"

    def _whens(self) -> str:
        def when(words: Words) -> str:
            return f"WHEN {self._columns.test(words)} THEN {sql.text(words.code)}"

        return " ".join(when(words) for words in self._kind.currency_from)
