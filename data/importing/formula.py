"""A column of a table made from several columns of a file: ``quantity * unit_price``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from data.importing.refusals import mapping_needed

Sign = Literal["+", "-"]
_TOKEN: Final = re.compile(r"""\s*(?:(?P<name>[A-Za-z_]\w*)|"(?P<q1>[^"]+)"|'(?P<q2>[^']+)'|(?P<op>[-+*]))""")


@dataclass(frozen=True, slots=True)
class Term:
    """A product of operands, added or taken away."""

    sign: Sign
    operands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum of products; an operand is a column of the table or a header of the file."""

    text: str
    terms: tuple[Term, ...]

    @property
    def operands(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for term in self.terms for name in term.operands))


def parse(text: str, column: str) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text : str
        Names joined by ``+ - *``; a header with spaces stands in quotes.
    column : str
        The column it fills, for the sentence when it cannot be read.

    Returns
    -------
    Formula

    Raises
    ------
    MappingNeeded : it is not a formula.

    Examples
    --------
    >>> parse('quantity * unit_price - "Seller Discount"', "amount").operands
    ('quantity', 'unit_price', 'Seller Discount')
    """
    tokens = _tokens(text, column)
    terms: list[Term] = []
    sign: Sign = "+"
    product: list[str] = []
    expects_name = True
    for kind, value in tokens:
        if (kind == "name") != expects_name:
            raise mapping_needed("mapping_formula", column=column, formula=text)
        if kind == "name":
            product.append(value)
        elif value != "*":
            terms.append(Term(sign, tuple(product)))
            product, sign = [], "-" if value == "-" else "+"
        expects_name = kind != "name"
    if expects_name:
        raise mapping_needed("mapping_formula", column=column, formula=text)
    return Formula(text, (*terms, Term(sign, tuple(product))))


def to_sql(formula: Formula, operand: Callable[[str], str]) -> str:
    """The formula over SQL expressions; ``operand`` gives the expression of a name."""
    pieces = []
    for term in formula.terms:
        product = " * ".join(f"({operand(name)})" for name in term.operands)
        pieces.append(f"{term.sign} ({product})")
    return "0 " + " ".join(pieces)


def _tokens(text: str, column: str) -> Sequence[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise mapping_needed("mapping_formula", column=column, formula=text)
        name = match["name"] or match["q1"] or match["q2"]
        tokens.append(("name", name) if name else ("op", match["op"]))
        at = match.end()
    return tokens
