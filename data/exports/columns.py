"""What a recognised file has for each column of the schema, as SQL over its trimmed texts and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from data.exports import cells
from data.exports.recognise import Found
from data.exports.spec import Kind, Words
from data.importing import sql
from data.importing.evidence import raw
from data.importing.formula import Formula
from data.schema import TABLES, Table

NO_DECIMALS: Final = ("IDR",)
NUMBERS: Final = ("money", "number", "integer")


def number(header: str) -> str:
    """The column of a header's number.

    Examples
    --------
    >>> number("Grand Total")
    '"n: Grand Total"'
    """
    return sql.name("n: " + header)


def share_of(header: str) -> str:
    """The column of the line's share of an amount of the order."""
    return sql.name("s: " + header)


def whole_of(header: str) -> str:
    """The column of an amount of the order on each of its lines."""
    return sql.name("o: " + header)


def first_of(header: str) -> str:
    """The column of the text on an order's first line."""
    return sql.name("f: " + header)


class Columns:
    """Headers that are there, and SQL of texts, sums and tests over them.

    Parameters
    ----------
    found : Found
    currency : str
        The workspace's, for a system of several countries.
    """

    def __init__(self, found: Found, currency: str) -> None:
        self.found = found
        self.kind: Kind = found.kind
        self.table: Table = TABLES[found.kind.fills]
        self.stated_currency = found.currency or found.kind.currency
        self.currency = self.stated_currency or currency
        self.formulas = {c: f for c, f in found.kind.columns.items() if self._has_any(f)}
        self.customer = {c: f for c, f in found.kind.customer.items() if self._has_any(f)}

    @property
    def digits(self) -> int:
        """Decimals of an amount."""
        return 0 if self.currency in NO_DECIMALS else 2

    def has(self, header: str) -> bool:
        return header in self.found.headers

    def there(self, headers: Sequence[str]) -> list[str]:
        """Those of the headers that the file has."""
        return [header for header in headers if self.has(header)]

    def numeric(self) -> list[str]:
        """Headers that are read as numbers."""
        names = dict.fromkeys(self.kind.order_level)
        formulas = [f for c, f in self.formulas.items() if self.table.by_name[c].kind in NUMBERS]
        formulas += self.kind.checks.values()
        formulas += [self.kind.share_by] if self.kind.share_by else []
        if self.kind.refund:
            formulas.append(self.kind.refund.of)
            names[self.kind.refund.amount] = None
        for formula in formulas:
            names.update(dict.fromkeys(formula.operands))
        return self.there(tuple(names))

    def text(self, header: str) -> str:
        """A header's text: that of the order's first line, where it stands there only."""
        return first_of(header) if header in self.kind.fill_from_first else raw(header)

    def test(self, words: Words) -> str:
        """Whether a column says one of the words (or none of them, for ``unless``)."""
        value = self.text(words.column)
        test = cells.is_one_of(value, words.words)
        return f"({value} IS NOT NULL AND NOT {test})" if words.unless else test

    def sum(self, formula: Formula, *, with_nothing: bool = True, unsigned: bool = False) -> str:
        """SQL of a formula over the headers that are there; an empty cell counts nothing.

        ``unsigned`` takes every operand without its sign.
        """
        pieces: list[str] = []
        for term in formula.terms:
            if not all(self.has(name) for name in term.operands):
                continue
            if len(term.operands) == 1 and not pieces and not with_nothing:
                pieces.append(f"{term.sign} {self._operand(term.operands[0])}")
                continue
            values = (f"coalesce({self._operand(n)}, 0)" for n in term.operands)
            product = " * ".join(f"abs({v})" if unsigned else v for v in values)
            pieces.append(f"{term.sign} ({product})")
        return f"(0 {' '.join(pieces)})"

    def _operand(self, name: str) -> str:
        return share_of(name) if name in self.kind.order_level else number(name)

    def _has_any(self, formula: Formula) -> bool:
        return any(self.has(name) for name in formula.operands)
