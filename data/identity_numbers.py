"""Identity numbers of Malaysia (MyKad) and Indonesia (NIK): recognised, and kept as a keyed hash only.

A MyKad number has 12 digits: the date of birth (YYMMDD), a code of the place of birth, and four more. A NIK
has 16: province, regency, district, the date of birth (DDMMYY, 40 added to a woman's day), and four more. A
run of digits whose date or place cannot be is none of them, and stays.

References
----------
National Registration Department of Malaysia, list of codes of states and countries.
Kementerian Dalam Negeri, Permendagri 72/2022 (codes of regions), and Law 24/2013, article 13, on the NIK.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from data.people import keys

MARK: Final = "idn-"
"""What stands in place of a number begins with this; then 16 hexadecimal digits of its keyed hash."""

LOOSE: Final = (
    r"[0-9]{6}[- ]?[0-9]{2}[- ]?[0-9]{4}"
    r"|[0-9]{4}[ .-][0-9]{4}[ .-][0-9]{4}[ .-][0-9]{4}"
    r"|[0-9]{6}[ .-][0-9]{6}[ .-][0-9]{4}"
)
"""Finds every text that may hold one, and more; the same in Python and in DuckDB."""

PLACES: Final = frozenset(
    {*range(1, 17), *range(21, 60), *range(60, 69), 71, 72, *range(74, 80), *range(82, 94), 98, 99}
)
"""Codes of a place of birth in a MyKad number."""

PROVINCES: Final = frozenset(
    {
        *range(11, 20),
        21,
        *range(31, 37),
        *range(51, 54),
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 97),
    }
)
"""Codes of a province in a NIK."""

_EXACT: Final = re.compile(
    r"(?<![0-9+.])(?:"
    r"([0-9]{4}[ .-][0-9]{4}[ .-][0-9]{4}[ .-][0-9]{4}|[0-9]{6}[ .-][0-9]{6}[ .-][0-9]{4}|[0-9]{16})"
    r"|([0-9]{6}-[0-9]{2}-[0-9]{4}|[0-9]{6} [0-9]{2} [0-9]{4}|[0-9]{12})"
    r")(?![0-9]|[.,][0-9])"
)
_PHONE: Final = re.compile(r"(?:60|62)[1-9]")


def is_mykad(digits: str) -> bool:
    """Whether 12 digits can be a MyKad number.

    Examples
    --------
    >>> is_mykad("900229145678"), is_mykad("920229145678"), is_mykad("920229005678")
    (False, True, False)
    """
    if not re.fullmatch(r"[0-9]{12}", digits):
        return False
    year, month, day, place = (int(digits[i : i + 2]) for i in (0, 2, 4, 6))
    return place in PLACES and any(_is_day(century + year, month, day) for century in (1900, 2000))


def is_nik(digits: str) -> bool:
    """Whether 16 digits can be a NIK.

    Examples
    --------
    >>> is_nik("3273015506900001"), is_nik("3273017206900001"), is_nik("2073015506900001")
    (True, False, False)
    """
    if not re.fullmatch(r"[0-9]{16}", digits):
        return False
    province, regency, district, day, month, year = (int(digits[i : i + 2]) for i in range(0, 12, 2))
    born = day - 40 if day > 40 else day
    is_region = province in PROVINCES and 1 <= regency <= 79 and district >= 1
    is_date = any(_is_day(century + year, month, born) for century in (1900, 2000))
    return is_region and is_date and digits[12:] != "0000"


def replaced(text: str, key: bytes, *, is_phone: bool = False) -> tuple[str, int]:
    """A text with every identity number as its keyed hash, and how many there were.

    Parameters
    ----------
    text : str
    key : bytes
        The workspace's (``data.people.keys``).
    is_phone : bool
        The text is of a column of telephone numbers: what begins with 60 or 62 is one.

    Returns
    -------
    (str, int)
        The same number, however it is written, becomes the same text.
    """
    count = 0

    def one(match: re.Match[str]) -> str:
        nonlocal count
        digits = re.sub(r"[^0-9]", "", match[0])
        is_one = is_nik(digits) if len(digits) == 16 else is_mykad(digits)
        if not is_one or (is_phone and _PHONE.match(digits) and match[0] == text.strip()):
            return match[0]
        count += 1
        return MARK + keys.digest(key, "identity", digits)[:16]

    return _EXACT.sub(one, text), count


def hidden(text: str, *, is_phone: bool = False) -> str:
    """A text for a screen, every identity number in it covered.

    Examples
    --------
    >>> hidden("Ali 920229-14-5678")
    'Ali idn-…'
    """
    return re.sub(rf"{MARK}[0-9a-f]{{16}}", f"{MARK}…", replaced(text, b"", is_phone=is_phone)[0])


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day) <= date.today()
    except ValueError:
        return False
