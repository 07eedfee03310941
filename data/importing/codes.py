"""Words of files turned into the schema's codes: "Selesai" is completed, "Bayar di tempat" is cod."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from data.importing import sql
from data.importing.headers import plain
from data.schema import TABLES

_WORDS: Final = Path(__file__).with_name("codes.toml")
MAX_WORDS: Final = 500

SYMBOLS: Final = {
    "rm": "MYR",
    "ringgit": "MYR",
    "ringgit malaysia": "MYR",
    "rp": "IDR",
    "rp.": "IDR",
    "rupiah": "IDR",
    "s$": "SGD",
    "us$": "USD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
}


def is_coded(table: str, column: str) -> bool:
    """Whether a column's values are turned into codes."""
    return (
        column == "currency"
        or column in _words().get(table, {})
        or TABLES[table].by_name[column].kind == "boolean"
    )


def is_closed(table: str, column: str) -> bool:
    """Whether a column may hold nothing but the schema's codes."""
    known = TABLES[table].by_name[column]
    return column == "currency" or bool(known.allowed) or known.kind == "boolean"


def translate(table: str, column: str, words: Iterable[str], extra: Mapping[str, str]) -> dict[str, str]:
    """The code of each word that has one.

    Parameters
    ----------
    table, column : str
    words : iterable of str
        Values found in the file.
    extra : mapping of str to str
        The mapping's own ``codes``; they win.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> translate("transactions", "status", ["SELESAI", "Dibatalkan", "?"], {})
    {'SELESAI': 'completed', 'Dibatalkan': 'cancelled'}
    """
    if column == "currency":
        return {word: code for word in words if (code := extra.get(word) or currency(word))}
    known = _by_word(table, column) | {plain(word): code for word, code in extra.items()}
    found = {word: known.get(plain(word), "") for word in words}
    return {word: code for word, code in found.items() if code}


def to_sql(value: str, codes: Mapping[str, str], *, closed: bool) -> str:
    """SQL of the code of a trimmed text: NULL (closed) or the text itself where there is none."""
    cases = " ".join(f"WHEN {sql.text(word)} THEN {sql.text(code)}" for word, code in codes.items())
    otherwise = "NULL" if closed else value
    return f"CASE {value} {cases} ELSE {otherwise} END" if cases else f"{otherwise}::VARCHAR"


def currency(word: str) -> str:
    """The ISO code of a currency's name, symbol or code; "" where it is none.

    Examples
    --------
    >>> currency("RM"), currency("rp."), currency("idr"), currency("ringgitt")
    ('MYR', 'IDR', 'IDR', '')
    """
    plain_word = word.strip().casefold()
    if plain_word in SYMBOLS:
        return SYMBOLS[plain_word]
    return (
        plain_word.upper() if len(plain_word) == 3 and plain_word.isascii() and plain_word.isalpha() else ""
    )


def _by_word(table: str, column: str) -> dict[str, str]:
    kind = TABLES[table].by_name[column].kind
    section = _words()["boolean"] if kind == "boolean" else _words().get(table, {}).get(column, {})
    by_word = {plain(word): code for code, words in section.items() for word in words}
    return by_word | {plain(code): code for code in TABLES[table].by_name[column].allowed}


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))
