"""What people write into a table: headers, numbers and cells."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_COMMA: Final = re.compile(r"-?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?")
_DIGITS: Final = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d{1,3})?|[-+]?\.\d+")


def number(text: str, mark: str = "") -> float | None:
    """A number as people write it: 1,234.50, 1.234,50, RM 4 500, 4500 m2; None where it is none.

    Parameters
    ----------
    text : str
    mark : str
        The decimal mark of its file, where that is known (:func:`decimal_mark`).

    Examples
    --------
    >>> [number(t) for t in ("1,234.50", "1.234,50", "RM4 500", "3,139", "3.139", "many")]
    [1234.5, 1234.5, 4500.0, 3139.0, 3.139, None]
    >>> number("1.500", ","), number("3,125", ","), number("1.5", ",")
    (1500.0, 3.125, 1.5)
    """
    bare = re.sub(r"(?i)^(rm|rp|myr|idr)\.?|m2$|m²$|[\s']", "", text.strip().replace("\u00a0", " "))
    comma, dot = bare.rfind(","), bare.rfind(".")
    if (mark == "," and _COMMA.fullmatch(bare)) or comma > dot >= 0 or bare.count(".") > 1:
        bare = bare.replace(".", "").replace(",", ".")
    elif comma >= 0:
        groups = bare.lstrip("-").split(",")
        thousands = dot >= 0 or (all(len(g) == 3 for g in groups[1:]) and 1 <= len(groups[0]) <= 3)
        bare = bare.replace(",", "" if thousands else ".")
    return digits(bare) if _NUMBER.fullmatch(bare) else None


def decimal_mark(coordinates: Iterable[str]) -> str:
    """The decimal mark of a file's coordinates, which have no thousands; empty where they do not tell."""
    marks = {mark for cell in coordinates for mark in ",." if mark in cell}
    return marks.pop() if len(marks) == 1 else ""


def degrees(text: str) -> float | None:
    """A latitude or longitude, which has no thousands; None where it is none.

    Examples
    --------
    >>> [degrees(t) for t in ("3.139", " 101,694 ", "3,1,2", "north")]
    [3.139, 101.694, None, None]
    """
    bare = text.strip()
    return digits(bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare)


def digits(text: str) -> float | None:
    """Digits as a file writes them: not the words, underscores and infinities that Python also takes."""
    if not _DIGITS.fullmatch(text):
        return None
    found = float(text)
    return found if math.isfinite(found) else None


def columns_of(headers: Iterable[Any], known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Which header stands for which column; the first one wins.

    Parameters
    ----------
    headers : as they stand in the file
    known : mapping of column to its names, as :func:`header_key` writes them
    """
    found: dict[str, str] = {}
    for header in headers:
        key = header_key(header)
        column = next((name for name, names in known.items() if key in names), None)
        if column and column not in found:
            found[column] = str(header)
    return found


def header_key(header: Any) -> str:
    """A header in small letters and digits only: what is compared with the names that are known."""
    plain = unicodedata.normalize("NFKD", str(header)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain.replace("²", "2"))


def text_of(value: Any) -> str:
    """A cell as text without outer spaces; empty where there is none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).strip()
