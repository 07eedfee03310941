"""Numbers, money and dates as each language writes them.

Babel knows separators and month names; the compact forms are explicit, because Babel's own are
wrong for Malay and Indonesian money ("4.56J"). Every function is pure: the language is an
argument, never process-wide. What cannot be computed (None, NaN, NaT, infinite) is a dash.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final, Literal

from babel.dates import format_date
from babel.numbers import format_decimal

Language = Literal["en", "ms", "id"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "ms", "id")

DASH: Final = "–"


@dataclass(frozen=True, slots=True)
class Style:
    """How a language writes what Babel does not.

    ``short`` lists (size, suffix) from large to small; a suffix carries its own space.
    """

    short: tuple[tuple[int, str], ...]
    points: str


STYLES: Final = MappingProxyType(
    {
        "en": Style(((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K")), "{value} pts"),
        "ms": Style(
            ((10**12, " trilion"), (10**9, " bilion"), (10**6, " juta"), (10**3, " ribu")),
            "{value} mata peratusan",
        ),
        "id": Style(((10**12, " T"), (10**9, " M"), (10**6, " jt"), (10**3, " rb")), "{value} poin persen"),
    }
)

SYMBOLS: Final = MappingProxyType({"MYR": "RM", "IDR": "Rp"})
"""Symbols written close to the number; any other currency is its ISO code and a space."""

WITHOUT_DECIMALS: Final = frozenset({"IDR", "JPY", "KRW", "VND"})


def absent(value: Any) -> bool:
    """Whether a value stands for "cannot be computed": None, NaN, NaT, NA or infinite."""
    if value is None:
        return True
    try:
        if bool(value != value):
            return True
    except (TypeError, ValueError, InvalidOperation):
        return True
    if isinstance(value, (dt.date, str)):
        return False
    try:
        return not math.isfinite(value)
    except (TypeError, OverflowError):
        return False


def _rounded(value: Any, decimals: int) -> Decimal:
    """Round half away from zero, the way a person does; never a negative zero."""
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _plain(value: Decimal, lang: Language, decimals: int) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=lang, group_separator=True)


def number(value: Any, lang: Language, decimals: int = 0) -> str:
    """A number with the separators of the language.

    Parameters
    ----------
    value : number or None
        Any int, float, Decimal or numpy scalar.
    lang : {"en", "ms", "id"}
    decimals : int
        Digits after the separator; half rounds away from zero.

    Examples
    --------
    >>> number(1234567.891, "en", 1), number(1234567.891, "id", 1), number(None, "ms")
    ('1,234,567.9', '1.234.567,9', '–')
    """
    if absent(value):
        return DASH
    return _plain(_rounded(value, decimals), lang, decimals)


def signed(value: Any, lang: Language, decimals: int = 0) -> str:
    """A difference: always with its sign, except a zero.

    Examples
    --------
    >>> signed(12, "en"), signed(-0.25, "id", 1), signed(0, "ms")
    ('+12', '-0,3', '0')
    """
    text = number(value, lang, decimals)
    return f"+{text}" if not absent(value) and _rounded(value, decimals) > 0 else text


def _decimals(currency: str) -> int:
    return 0 if currency in WITHOUT_DECIMALS else 2


def _with_symbol(text: str, currency: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{digits}" if symbol else f"{sign}{currency} {digits}"


def money(value: Any, currency: str, lang: Language) -> str:
    """An amount in full: RM1,234.50; Rp25.000 (rupiah has no decimals).

    Parameters
    ----------
    value : number or None
        The amount in units of the currency.
    currency : str
        ISO 4217 code.
    lang : {"en", "ms", "id"}

    Examples
    --------
    >>> money(1234.5, "MYR", "en"), money(25000, "IDR", "id"), money(-3, "SGD", "ms")
    ('RM1,234.50', 'Rp25.000', '-SGD 3.00')
    """
    if absent(value):
        return DASH
    return _with_symbol(number(value, lang, _decimals(currency)), currency)


def _short(value: Any, lang: Language) -> str | None:
    """Three digits and a word, or None below a thousand."""
    exact = Decimal(str(value))
    steps = STYLES[lang].short
    for place, (size, suffix) in enumerate(steps):
        scaled = exact / size
        if abs(scaled) < Decimal("0.9995"):
            continue
        decimals = 2 if abs(scaled) < Decimal("9.995") else 1 if abs(scaled) < Decimal("99.95") else 0
        rounded = _rounded(scaled, decimals)
        if abs(rounded) >= 1000 and place > 0:
            size, suffix = steps[place - 1]
            rounded, decimals = _rounded(exact / size, 2), 2
        text = _plain(rounded, lang, decimals)
        separator = "," if lang == "id" else "."
        if separator in text:
            text = text.rstrip("0").rstrip(separator)
        return text + suffix
    return None


def number_short(value: Any, lang: Language) -> str:
    """A number in three digits and a word: 4.56M, 4.56 juta, 4,56 jt.

    Examples
    --------
    >>> number_short(4_560_000, "en"), number_short(12_345, "ms"), number_short(999, "id")
    ('4.56M', '12.3 ribu', '999')
    """
    if absent(value):
        return DASH
    return _short(value, lang) or number(value, lang, 0)


def money_short(value: Any, currency: str, lang: Language) -> str:
    """An amount in three digits and a word; in full below a thousand; RM0 for nothing.

    Examples
    --------
    >>> money_short(4_560_000, "MYR", "en"), money_short(4_560_000, "MYR", "ms")
    ('RM4.56M', 'RM4.56 juta')
    >>> money_short(4_560_000, "IDR", "id"), money_short(184.2, "MYR", "en")
    ('Rp4,56 jt', 'RM184.20')
    """
    if absent(value):
        return DASH
    if value == 0:
        return _with_symbol("0", currency)
    short = _short(value, lang)
    return _with_symbol(short, currency) if short else money(value, currency, lang)


def percent(value: Any, lang: Language, decimals: int = 1) -> str:
    """A share (0..1) as a percentage.

    Examples
    --------
    >>> percent(0.412, "en"), percent(0.412, "id")
    ('41.2%', '41,2%')
    """
    if absent(value):
        return DASH
    return number(Decimal(str(value)) * 100, lang, decimals) + "%"


def change(value: Any, lang: Language, decimals: int = 1) -> str:
    """A relative change (0.06 = six per cent more), always with its sign.

    Examples
    --------
    >>> change(0.06, "en"), change(-0.0349, "id")
    ('+6.0%', '-3,5%')
    """
    if absent(value):
        return DASH
    return signed(Decimal(str(value)) * 100, lang, decimals) + "%"


def points(value: Any, lang: Language, decimals: int = 1) -> str:
    """A difference of two shares, in percentage points.

    Examples
    --------
    >>> points(0.018, "en"), points(-0.004, "id")
    ('+1.8 pts', '-0,4 poin persen')
    """
    if absent(value):
        return DASH
    return STYLES[lang].points.format(value=signed(Decimal(str(value)) * 100, lang, decimals))


def date(value: dt.date | None, lang: Language) -> str:
    """A day: 9 Aug 2026, 9 Ogo 2026, 9 Agu 2026.

    Examples
    --------
    >>> [date(dt.date(2026, 8, 9), lang) for lang in LANGUAGES]
    ['9 Aug 2026', '9 Ogo 2026', '9 Agu 2026']
    """
    return DASH if absent(value) else format_date(value, "d MMM y", locale=lang)


def month(value: dt.date | None, lang: Language) -> str:
    """A month: Aug 2026, Ogo 2026, Agu 2026."""
    return DASH if absent(value) else format_date(value, "MMM y", locale=lang)


def weekday(value: dt.date | None, lang: Language) -> str:
    """The name of the day of the week, in full."""
    return DASH if absent(value) else format_date(value, "EEEE", locale=lang)


def dates(start: dt.date | None, end: dt.date | None, lang: Language) -> str:
    """A span of days, both included; what is equal is said once.

    Examples
    --------
    >>> dates(dt.date(2026, 1, 1), dt.date(2026, 11, 22), "en")
    '1 Jan – 22 Nov 2026'
    >>> dates(dt.date(2025, 12, 1), dt.date(2026, 1, 5), "id")
    '1 Des 2025 – 5 Jan 2026'
    """
    if start is None or end is None or absent(start) or absent(end):
        return DASH
    if start == end:
        return date(end, lang)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} – {date(end, lang)}"
    if start.year == end.year:
        return f"{format_date(start, 'd MMM', locale=lang)} – {date(end, lang)}"
    return f"{date(start, lang)} – {date(end, lang)}"


def week_start(value: dt.date) -> dt.date:
    """The Monday of the week a day lies in (weeks start on Monday in all three languages)."""
    return value - dt.timedelta(days=value.weekday())
