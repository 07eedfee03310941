"""Which column of a file is which column of a table: known by the words of its header."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.schema import TABLES

_WORDS: Final = Path(__file__).with_name("headers.toml")
_GROSS_PARTS: Final = ("tax", "service_charge", "shipping_charged", "rounding")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a header says.

    Attributes
    ----------
    columns : mapping of str to str
        Column of the table -> header of the file.
    amount_includes : tuple of str
        Parts that a total such as "Grand Total" holds and that have a column of their own.
    """

    columns: Mapping[str, str]
    amount_includes: tuple[str, ...] = field(default=())


def plain(header: str) -> str:
    """A header without case, accents, punctuation and units in brackets.

    Examples
    --------
    >>> plain("  Harga Jual (IDR)")
    'harga jual'
    >>> plain("order_id"), plain("Username (Buyer)"), plain("OrderDate")
    ('order id', 'username buyer', 'order date')
    """
    text = re.sub(r"\((?:idr|rp|rm|myr|sgd|php|usd|kg|m2|sqm)\)", " ", header, flags=re.IGNORECASE)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", text))


def recognise(header: Sequence[str], table: str) -> Recognised:
    """Match a file's header to a table's columns.

    Parameters
    ----------
    header : sequence of str
        The file's header, in order.
    table : str
        Name of a table of the schema.

    Returns
    -------
    Recognised
        Each header serves one column at most; a stronger word wins over a weaker one, and a net
        total over a gross one.

    Examples
    --------
    >>> found = recognise(["Tarikh Pesanan", "Jumlah Bayaran", "Cukai", "No. Pesanan"], "transactions")
    >>> dict(found.columns)["amount"], found.amount_includes
    ('Jumlah Bayaran', ('tax',))
    """
    by_word = _by_word(header)
    columns: dict[str, str] = {}
    _take(columns, by_word, _words()[table])
    is_gross = _take(columns, by_word, _words().get("gross", {}).get(table, {}))
    _take(columns, by_word, _words().get("second", {}).get(table, {}))
    includes = tuple(part for part in _GROSS_PARTS if part in columns) if is_gross else ()
    return Recognised(_in_order(columns, table), includes)


def count_known(header: Sequence[str], tables: Sequence[str] = ()) -> int:
    """How many of the headers mean something in the table where most do."""
    return max(len(recognise(header, table).columns) for table in tables or TABLES)


def fingerprint(header: Sequence[str], table: str) -> str:
    """A name for this set of headers, whatever their order: mappings are remembered under it."""
    words = "\n".join([table, *sorted(" ".join(h.split()).casefold() for h in header)])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _take(columns: dict[str, str], by_word: dict[str, str], words: Mapping[str, list[str]]) -> bool:
    """Give each free column its strongest header; true when one was given."""
    given = False
    for rank in range(max((len(w) for w in words.values()), default=0)):
        for column, known in words.items():
            if column in columns or rank >= len(known) or known[rank] not in by_word:
                continue
            header = by_word[known[rank]]
            if header in columns.values():
                continue
            columns[column] = header
            given = True
    return given


def _by_word(header: Sequence[str]) -> dict[str, str]:
    by_word: dict[str, str] = {}
    for name in header:
        for word in (plain(name), plain(name).replace(" ", "")):
            by_word.setdefault(word, name)
    by_word.pop("", None)
    return by_word


def _in_order(columns: Mapping[str, str], table: str) -> dict[str, str]:
    return {name: columns[name] for name in TABLES[table].names if name in columns}


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))
