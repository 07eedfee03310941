"""The decimal mark of a file's numbers, decided from all of them, and numbers as SQL.

``1.500`` is fifteen hundred in one country and one and a half in the next. What settles it is
another number of the same file: ``12,50``, ``1.234,5`` or ``Rp 1.500``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from data.importing import sql
from data.importing.refusals import mapping_needed
from data.importing.source import TYPED

Mark = Literal[".", ","]
Verdict = Literal["plain", "dot", "comma", "either", "none"]

NOTHING: Final = ("-", "–", "—", "n/a", "#n/a", "na", "null", "none", "nil", "tiada")
SYMBOLS: Final = r"(?:rm|myr|rp\.?|idr|s\$|sgd|us\$|usd|php|thb|bnd|[$€£¥₱฿])"
_CURRENCY: Final = re.compile(SYMBOLS)
_MINUS_AND_SPACES: Final = "\u2212\u00a0\u202f '"
_PLAIN: Final = re.compile(r"[+-]?9+(?:\.9+)?(?:e[+-]?9+)?")
_SHAPE: Final = re.compile(r"[+-]?(?P<body>9[9.,]*|[.,]9+)")
_RUPIAH: Final = re.compile(r"rp|idr")


@dataclass(slots=True)
class Votes:
    """What a column's numbers say about the decimal mark, as counts with an example each."""

    counts: dict[Verdict, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    has_extras: bool = False
    symbols: set[str] = field(default_factory=set)
    longest: int = 0

    def add(self, shape: str, times: int, example: str, *, is_coordinate: bool = False) -> None:
        """Count the values of one shape (digits as 9, leading zeros as 0; see ``shape_sql``)."""
        if shape.startswith(TYPED):
            return
        if shape.lower() in NOTHING:
            self.has_extras = True  # a bare cast would read it as an empty cell without a word
            return
        self.longest = max(self.longest, len(shape))
        verdict, separator = judge(shape, is_coordinate=is_coordinate)
        if not _PLAIN.fullmatch(shape.replace("0", "9").lower()):
            self.has_extras = True
            self.symbols.update(_CURRENCY.findall(shape.lower()))
        self.counts[verdict] = self.counts.get(verdict, 0) + times
        self.examples.setdefault(verdict + separator, example)

    def of(self, verdict: Verdict) -> int:
        return self.counts.get(verdict, 0)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a column's numbers are written.

    ``decimal`` is the mark; ``is_plain`` says that a bare cast reads them; ``is_sure`` that none is
    left unread.
    """

    decimal: Mark = "."
    is_plain: bool = True
    is_sure: bool = False


def judge(shape: str, *, is_coordinate: bool = False) -> tuple[Verdict, str]:
    """What one shape says, and the separator it says it about.

    Parameters
    ----------
    shape : str
        A number with its digits replaced by 9, zeros kept.
    is_coordinate : bool
        Degrees: a reading as thousands is impossible.

    Returns
    -------
    tuple of verdict and separator
        ``dot`` / ``comma``: that is the decimal mark; ``either``: both readings are possible.

    Examples
    --------
    >>> judge("9.999"), judge("99,90"), judge("9.999.999"), judge("Rp 9.999"), judge("0.999")
    (('either', '.'), ('comma', ','), ('comma', '.'), ('comma', '.'), ('dot', '.'))
    """
    lowered = shape.lower()
    body = re.sub(r"[\s'\u00a0\u202f()+\u2212-]", "", _CURRENCY.sub("", lowered))
    digits = body.replace("0", "9")
    if not _SHAPE.fullmatch(digits):
        return "none", ""
    dots, commas = digits.count("."), digits.count(",")
    if dots + commas == 0:
        return "plain", ""
    if dots and commas:
        return ("dot", ".") if digits.rfind(".") > digits.rfind(",") else ("comma", ",")
    separator: str = "." if dots else ","
    as_decimal: Verdict = "dot" if dots else "comma"
    as_thousands: Verdict = "comma" if dots else "dot"
    if dots + commas > 1:
        return as_thousands, separator
    before, after = body.split(separator)
    if len(after) != 3 or len(before) > 3 or before in ("", "0") or before.startswith("0") or is_coordinate:
        return as_decimal, separator
    if separator == "." and _RUPIAH.search(lowered):
        return as_thousands, separator
    if separator == "," and _CURRENCY.search(lowered) and not _RUPIAH.search(lowered):
        return as_thousands, separator
    return "either", separator


def decide(
    votes: Mapping[str, Votes], *, given: str, currencies: Iterable[str], table: str, file: str
) -> dict[str, NumberFormat]:
    """The decimal mark of every number column.

    Parameters
    ----------
    votes : mapping of column to Votes
    given : str
        The mapping's ``decimal``; decides when it is set.
    currencies : iterable of str
        ISO codes the file itself speaks of; rupiah has no decimals.
    table, file : str
        For the sentence.

    Returns
    -------
    dict of column to NumberFormat
        A column that does not settle it takes the mark the others settled.

    Raises
    ------
    MappingNeeded : nothing settles it, or the numbers contradict each other.
    """
    marks = {column: _own_mark(column, v, given, table, file) for column, v in votes.items()}
    settled = sorted({mark for mark in marks.values() if mark})
    shared: str | None = settled[0] if len(settled) == 1 else None
    if shared is None and not settled and set(currencies) == {"IDR"}:
        shared = ","
    formats = {}
    for column, vote in votes.items():
        mark = marks[column] or _for_unsettled(column, vote, shared, table, file)
        is_plain = mark == "." and not vote.has_extras
        is_sure = is_plain and not vote.of("none") and vote.longest <= 14
        formats[column] = NumberFormat("," if mark == "," else ".", is_plain, is_sure)
    return formats


def shape_sql(column: str) -> str:
    """SQL of a value's shape: digits 1-9 as 9, zeros kept; the commonest shapes by a shorter way."""
    return (
        f"CASE WHEN regexp_full_match({column}, '-?[0-9]{{1,13}}([.][0-9]{{1,2}})?') "
        f"THEN CASE WHEN contains({column}, '.') THEN '9.99' ELSE '9' END "
        f"WHEN length({column}) > 40 THEN 'too long' ELSE translate({column}, '123456789', '999999999') END"
    )


def to_sql(column: str, form: NumberFormat, kind: str, *, typed: bool) -> str:
    """SQL that reads a text as a number, NULL where it is none.

    Parameters
    ----------
    column : str
        SQL of a trimmed text.
    form : NumberFormat
    kind : {"money", "number", "integer"}
    typed : bool
        Whether values may carry ``TYPED``.
    """
    target = {"money": "DECIMAL(18,4)", "number": "DOUBLE", "integer": "BIGINT"}[kind]
    bare = f"try_cast({column} AS {target})"
    read = bare if form.is_plain else _written(column, form.decimal, target)
    if typed:
        unmarked = f"try_cast(substr({column}, 2) AS {target})"
        read = f"CASE WHEN starts_with({column}, chr({ord(TYPED)})) THEN {unmarked} ELSE {read} END"
    return f"nullif(nullif({read}, 'nan'::DOUBLE), 'infinity'::DOUBLE)" if kind == "number" else read


def nothing_sql(column: str) -> str:
    """SQL: NULL where the text is a way to write "nothing" in a column of numbers or dates."""
    words = ", ".join(sql.text(word) for word in NOTHING)
    return f"CASE WHEN lower({column}) IN ({words}) THEN NULL ELSE {column} END"


def _written(column: str, decimal: str, target: str) -> str:
    group = "\\." if decimal == "," else ","
    mark = "," if decimal == "," else "\\."
    clean = f"regexp_replace(lower({column}), {sql.text(SYMBOLS)}, '', 'g')"
    clean = f"translate({clean}, {sql.text(_MINUS_AND_SPACES)}, '-')"
    clean = f"regexp_replace({clean}, '^\\((.*)\\)$', '-\\1')"
    clean = f"regexp_replace({clean}, '^([^-].*)-$', '-\\1')"
    valid = f"[+-]?(?:[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+)?(?:{mark}[0-9]*)?(?:e[+-]?[0-9]{{1,2}})?"
    digits = (
        f"replace(replace({clean}, {sql.text(group[-1])}, ''), ',', '.')"
        if decimal == ","
        else f"replace({clean}, ',', '')"
    )
    return f"CASE WHEN regexp_full_match({clean}, {sql.text(valid)}) THEN try_cast({digits} AS {target}) END"


def _own_mark(column: str, votes: Votes, given: str, table: str, file: str) -> str:
    if given:
        return given
    dot, comma = votes.of("dot"), votes.of("comma")
    if dot and comma:
        if max(dot, comma) >= 20 * min(dot, comma):
            return "." if dot > comma else ","
        examples = _examples(votes, ("dot.", "dot,")), _examples(votes, ("comma,", "comma."))
        raise mapping_needed(
            "mapping_decimal_mixed",
            column=column,
            file=file,
            value=examples[0],
            other=examples[1],
            table=table,
        )
    return "." if dot else "," if comma else ""


def _for_unsettled(column: str, votes: Votes, shared: str | None, table: str, file: str) -> str:
    if not votes.of("either"):
        return "."
    if shared is None:
        value = _examples(votes, ("either.", "either,"))
        raise mapping_needed("mapping_decimal", column=column, file=file, value=value, table=table)
    return shared


def _examples(votes: Votes, keys: Sequence[str]) -> str:
    return next((votes.examples[key] for key in keys if key in votes.examples), "")
