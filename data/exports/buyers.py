"""Who bought, as an export tells it: the id of the customer, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable

from data.exports import cells
from data.exports.recognise import Found
from data.importing import sql
from data.importing.formula import Formula


class Buyers:
    """SQL of the buyer of a row.

    Parameters
    ----------
    found : Found
    text : callable
        SQL of a header's text.
    """

    def __init__(self, found: Found, text: Callable[[str], str]) -> None:
        self._found = found
        self._kind = found.kind
        self._text = text

    def _identities(self) -> list[tuple[str, str]]:
        return [(kind, header) for kind, header in self._kind.identity if header in self._found.headers]

    def customer_id(self) -> str:
        """The buyer: a user name, else a hash of a telephone or an address; never what is masked."""
        names = []
        for kind, header in self._identities():
            value, system = self._text(header), sql.text(self._kind.system + ":")
            if kind == "username":
                names.append(f"{system} || ({cells.unmasked(value)})")
            elif kind == "phone":
                number = f"({cells.phone(value)})"
                known = cells.international(number, self._kind.calling_code)
                names.append(f"{system} || {cells.hashed(known)}")
            else:
                names.append(f"{system} || {cells.hashed(f'({cells.email(value)})')}")
        return f"coalesce({', '.join(names)})" if names else "NULL::VARCHAR"

    def is_masked(self) -> str:
        """Whether a row names a buyer and hides who it is."""
        shown = [f"{self._text(header)} IS NOT NULL" for _, header in self._identities()]
        return f"(({' OR '.join(shown)}) AND {self.customer_id()} IS NULL)" if shown else "false"

    def person(self, column: str, formula: Formula) -> str:
        """A column of the customer, empty where it is masked."""
        value = self._text(formula.operands[0])
        if column == "phone":
            return cells.phone(value)
        if column == "email":
            return cells.email(value)
        if column == "postcode":
            return cells.postcode(f"({cells.unmasked(value)})")
        return cells.unmasked(value)
