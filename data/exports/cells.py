"""SQL of single cells: words, telephone numbers, e-mail addresses, and what is masked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from data.importing import sql

_EMAIL: Final = r"[^\s,;<>()]+@[^\s,;<>()]+\.[A-Za-z]{2,}"
_PHONE: Final = r"\+?[0-9][0-9 ().\-/]{6,}"
_ONE_DIGIT: Final = "|".join(f"{d}+" for d in range(10))


def is_one_of(value: str, words: Iterable[str]) -> str:
    """SQL: whether a text is one of the words; ``word*`` stands for everything that begins so.

    Examples
    --------
    >>> is_one_of("x", ["Selesai"])
    "coalesce(lower(x) IN ('selesai'), false)"
    """
    whole = [w.casefold() for w in words if not w.endswith("*")]
    begun = [w[:-1].casefold() for w in words if w.endswith("*")]
    tests = [f"lower({value}) IN ({', '.join(sql.text(w) for w in whole)})"] if whole else []
    tests += [f"starts_with(lower({value}), {sql.text(w)})" for w in begun]
    return f"coalesce({' OR '.join(tests)}, false)"


def is_masked(value: str) -> str:
    """SQL: whether a text hides what it stands for."""
    return f"(contains({value}, '*') OR regexp_full_match({value}, '{_ONE_DIGIT}|[-xX#]+'))"


def unmasked(value: str) -> str:
    """SQL: the text, NULL where it is masked."""
    return f"CASE WHEN NOT {is_masked(value)} THEN {value} END"


def email(value: str) -> str:
    """SQL: the first e-mail address in a text, in small letters; NULL where there is none."""
    found = f"lower(regexp_extract({value}, {sql.text(_EMAIL)}))"
    whole = f"WHEN regexp_full_match({value}, {sql.text(_EMAIL)}) THEN lower({value})"  # cheaper, and common
    return (
        f"CASE WHEN contains({value}, '*') OR NOT contains({value}, '@') THEN NULL {whole} "
        f"ELSE nullif({found}, '') END"
    )


def phone(value: str) -> str:
    """SQL: the first telephone number in a text, digits only, with the zero that a number cell lost."""
    without = (
        f"CASE WHEN contains({value}, '@') THEN regexp_replace({value}, {sql.text(_EMAIL)}, ' ', 'g') "
        f"ELSE {value} END"
    )
    found = f"regexp_replace(regexp_extract({without}, {sql.text(_PHONE)}), '[^0-9]', '', 'g')"
    whole = f"regexp_full_match({value}, '[+]?[0-9]{{7,}}')"  # cheaper, and common
    digits = f"CASE WHEN {whole} THEN replace({value}, '+', '') ELSE {found} END"
    valid = (
        f"NOT contains({value}, '*') AND length({digits}) BETWEEN 8 AND 15 "
        f"AND NOT regexp_full_match({digits}, '{_ONE_DIGIT}')"
    )
    restored = (
        f"CASE WHEN regexp_full_match({digits}, '[18][0-9]{{8,11}}') THEN '0' ELSE '' END || ({digits})"
    )
    return f"CASE WHEN {valid} THEN {restored} END"


def international(number: str, calling_code: str) -> str:
    """SQL: a number of ``phone`` with its country, so that one telephone has one spelling."""
    if calling_code:
        country = sql.text(calling_code)
    else:
        country = f"CASE WHEN starts_with({number}, '08') THEN '62' ELSE '60' END"
    return f"CASE WHEN starts_with({number}, '0') THEN {country} || ltrim({number}, '0') ELSE {number} END"


def hashed(value: str) -> str:
    """SQL: a short name for a value that is not written out."""
    return f"left(sha256({value}), 16)"


def postcode(value: str) -> str:
    """SQL: a postcode of five digits with the zero that a number cell lost."""
    return f"CASE WHEN regexp_full_match({value}, '[0-9]{{4}}') THEN '0' || {value} ELSE {value} END"
