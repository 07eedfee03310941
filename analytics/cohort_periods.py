"""The periods cohorts are counted in: days, ISO weeks, months, quarters, years, and brackets of them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, Literal

import ibis
import ibis.expr.types as ir

from analytics.periods import months_between, shift_months

Unit = Literal["day", "week", "month", "quarter", "year"]
Bracket = tuple[int, int]
"""First and last period of a bracket, both included."""

UNITS: Final = ("week", "month", "quarter", "year")
"""What a screen offers; a week is the ISO week, which begins on Monday."""

MOST_BRACKETS: Final = 24
MOST_PERIODS: Final = 999
DEFAULT_BRACKETS: Final[tuple[Bracket, ...]] = ((0, 0), (1, 3), (4, 6), (7, 12))

_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
_TRUNCATE: Final = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
_BRACKET: Final = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?")


def begin(day: date, unit: Unit) -> date:
    """Return the first day of the period a day lies in.

    Examples
    --------
    >>> begin(date(2026, 11, 22), "week"), begin(date(2026, 11, 22), "quarter")
    (datetime.date(2026, 11, 16), datetime.date(2026, 10, 1))
    """
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def shift(start: date, periods: int, unit: Unit) -> date:
    """Return the first day of the period some periods later (earlier where negative).

    Examples
    --------
    >>> shift(date(2026, 10, 1), -2, "quarter")
    datetime.date(2026, 4, 1)
    """
    if unit in _MONTHS:
        return shift_months(start, periods * _MONTHS[unit])
    return start + timedelta(days=periods * (7 if unit == "week" else 1))


def between(start: date, day: date, unit: Unit) -> int:
    """Return how many periods after the one that begins on ``start`` a day lies."""
    if unit in _MONTHS:
        return months_between(start, begin(day, unit)) // _MONTHS[unit]
    return (begin(day, unit) - start).days // (7 if unit == "week" else 1)


def last_day(cohort: date, period: int, unit: Unit) -> date:
    """Return the last day of a cohort's period."""
    return shift(cohort, period + 1, unit) - timedelta(days=1)


def begin_of(column: ir.DateValue, unit: Unit) -> ir.DateValue:
    """Return :func:`begin` as an expression."""
    return column.truncate(_TRUNCATE[unit]).cast("date")


def between_columns(cohort: ir.DateValue, at: ir.DateValue, unit: Unit) -> ir.IntegerValue:
    """Return :func:`between` of two first days of periods, as an expression."""
    if unit in _MONTHS:
        months = (at.year() - cohort.year()) * 12 + at.month() - cohort.month()
        return (months / _MONTHS[unit]).floor().cast("int32")
    days = at.delta(cohort, unit="day")
    return (days / (7 if unit == "week" else 1)).floor().cast("int32")


def parse_brackets(text: str) -> tuple[Bracket, ...]:
    """Read brackets as a person types them.

    Parameters
    ----------
    text : str
        Such as ``"0, 1-3, 4-6, 7-12"``. Period 0 is put in front where it is not there.

    Returns
    -------
    tuple of (first, last)

    Raises
    ------
    ValueError : not brackets, too many, or not in order; the message is for people who read code.

    Examples
    --------
    >>> parse_brackets("1-3, 4-6")
    ((0, 0), (1, 3), (4, 6))
    """
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    found: list[Bracket] = []
    for part in parts:
        match = _BRACKET.fullmatch(part)
        if match is None:
            raise ValueError(f"A bracket is a period or two with a dash, such as 4-6; got {part!r}.")
        first = int(match[1])
        found.append((first, int(match[2]) if match[2] else first))
    if found and found[0][0] > 0:
        found.insert(0, (0, 0))
    return checked(tuple(found))


def checked(brackets: tuple[Bracket, ...]) -> tuple[Bracket, ...]:
    """Return brackets that begin with period 0, rise and do not overlap.

    Raises
    ------
    ValueError : they do not.
    """
    if not 2 <= len(brackets) <= MOST_BRACKETS:
        raise ValueError(f"Brackets are 2 to {MOST_BRACKETS}; got {len(brackets)}.")
    if brackets[0][0] != 0:
        raise ValueError(f"The first bracket begins with period 0; got {brackets[0]}.")
    before = -1
    for first, last in brackets:
        if not before < first <= last <= MOST_PERIODS:
            raise ValueError(f"Brackets must rise and not overlap; got {brackets}.")
        before = last
    return brackets


def in_brackets(period: ir.IntegerValue, brackets: tuple[Bracket, ...]) -> ir.IntegerValue:
    """Return the place (from 0) of the bracket a period lies in; null outside all of them."""
    cases = [
        ((period >= first) & (period <= last), ibis.literal(place, "int32"))
        for place, (first, last) in enumerate(brackets)
    ]
    return ibis.cases(*cases, else_=ibis.null("int32"))
