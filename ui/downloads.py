"""Files a person takes along: CSV that no spreadsheet runs as formulas.

References
----------
OWASP (2023), CSV Injection: cells that begin with ``=``, ``+``, ``-``, ``@``, tab or carriage
return are read as formulas; full-width forms of those marks are folded onto them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

import pandas as pd

BOM: Final = "\ufeff"
"""Excel reads a CSV as UTF-8 only when it begins with this."""

_SMALL: Final = 1e-3
_DECIMALS: Final = 6
_FORMULA: Final = frozenset("=+-@")
_BREAKS: Final = frozenset("\t\r\n")
_UNSEEN: Final = frozenset({"Cf", "Cc", "Mn", "Me"})
_QUOTE: Final = "'"
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_INNER: Final = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_LONG_DIGITS: Final = re.compile(r"(\+?\d[\d ()./-]{9,}|0\d+|\d+[eE]\d+)")


def safe_text(value: str) -> str:
    """A text that stays text in Excel, LibreOffice and Google Sheets.

    A text that a spreadsheet would run, or turn into a number and so damage (a telephone number,
    a postcode with a leading zero, an 18-digit id), is given a leading apostrophe, which the
    spreadsheets show as text. What is plainly a negative number is left alone.

    Parameters
    ----------
    value : str

    Returns
    -------
    str

    Examples
    --------
    >>> safe_text("=1+1"), safe_text("+60123456789"), safe_text("Siti"), safe_text("-3.50")
    ("'=1+1", "'+60123456789", 'Siti', '-3.50')
    """
    if not value:
        return value
    before, first = _first_visible(value)
    runs = first in _FORMULA or not _BREAKS.isdisjoint(before)
    if runs and _NUMBER.fullmatch(value):
        return value
    value = _INNER.sub(r"\1'", value)  # where a semicolon parts cells, text after one is a cell
    if runs or _LONG_DIGITS.fullmatch(value):
        return _QUOTE + value
    return value


def _first_visible(value: str) -> tuple[str, str]:
    """What stands before the first character that counts, and that one, folded onto its plain form."""
    for place, character in enumerate(value):
        if not (character.isspace() or unicodedata.category(character) in _UNSEEN):
            return value[:place], unicodedata.normalize("NFKC", character)[:1]
    return value, ""


def _safe_cell(value: Any) -> Any:
    return safe_text(value) if isinstance(value, str) else value


def safe_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy of a frame whose texts and headers cannot run; numbers and dates are untouched."""
    safe = frame.copy()
    for place in range(safe.shape[1]):
        column = safe.iloc[:, place]
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)):
            cells = column.astype(object).map(_safe_cell, na_action="ignore")
            safe.isetitem(place, cells.to_numpy(dtype=object))
    safe.columns = pd.Index([safe_text(str(name)) for name in frame.columns])
    return safe


def number_text(value: Any) -> str:
    """A number as a person would write it: without what a sum of binary fractions leaves behind.

    Examples
    --------
    >>> number_text(186665.5099999945), number_text(12.0), number_text(0.00000123)
    ('186665.51', '12', '1.23e-06')
    """
    return f"{(value if abs(value) < _SMALL else round(value, _DECIMALS)) + 0.0:.15g}"


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as a CSV file: UTF-8 with a mark for Excel, comma, decimal point, CRLF line ends.

    Parameters
    ----------
    frame : DataFrame
        Its index is left out.

    Returns
    -------
    bytes
        Numbers are numbers, missing values are empty, texts cannot run as formulas and keep
        their digits.
    """
    text = safe_frame(frame).to_csv(index=False, lineterminator="\r\n", float_format=number_text)
    return (BOM + text).encode("utf-8", errors="replace")


def file_name(name: str, *parts: object) -> str:
    """A file name of plain letters: ``setia-<name>-<parts>.csv``.

    Examples
    --------
    >>> file_name("cohorts", "kedai-1", "2026-11-22")
    'setia-cohorts-kedai-1-2026-11-22.csv'
    """
    joined = "-".join(["setia", name, *(str(part) for part in parts if part)])
    plain = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", plain).strip("-")[:100] + ".csv"
