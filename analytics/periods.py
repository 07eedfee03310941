"""Windows of days: presets, and comparisons of like with like."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analytics.festivals import FESTIVALS, festival_dates

PRESETS: Final = (
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "last_7_days",
    "last_30_days",
    "last_90_days",
    "last_12_months",
    "all",
)
"""Codes of :func:`preset`; the ``this_`` ones run to the last day of the data."""

HOWS: Final = ("previous_year", "previous_period", *FESTIVALS)
"""What a window can be compared with."""

_TO_DATE_MONTHS: Final = {"this_month": 1, "this_quarter": 3, "this_year": 12}
_ROLLING_DAYS: Final = {"last_7_days": 7, "last_30_days": 30, "last_90_days": 90}


@dataclass(frozen=True, slots=True)
class Window:
    """Days from ``start`` to ``end``, both included; ``preset`` says where they came from."""

    start: date
    end: date
    preset: str = "custom"

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"A window needs start <= end; got {self.start} to {self.end}.")

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1

    @property
    def whole_months(self) -> int:
        """Number of calendar months the window is exactly made of; 0 where it is not."""
        if self.start.day != 1 or not is_month_end(self.end):
            return 0
        return months_between(self.start, self.end) + 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """The window to compare with, and whether the data can fill it.

    ``state`` is ``full``, ``partial`` (the data begin or end inside it) or ``none``; anything
    but ``full`` must not be turned into a delta. ``reason`` is a code: ``partial_data``,
    ``no_data``, ``overlap`` (the window is too long to have a before) or ``no_festival``.
    ``anchor`` and ``anchor_before`` are the festival's two dates. ``days_missing`` counts the
    days of the comparison without data.
    """

    start: date
    end: date
    how: str
    state: str
    reason: str | None = None
    days_missing: int = 0
    anchor: date | None = None
    anchor_before: date | None = None

    @property
    def usable(self) -> bool:
        """True where a delta may be shown."""
        return self.state == "full"

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1


def preset(code: str, as_of: date, first_day: date) -> Window:
    """Turn a preset into days.

    Parameters
    ----------
    code : one of ``PRESETS``
    as_of : date
        The last day of the data; "today" in Setia.
    first_day : date
        The first day of the data; ``all`` begins there.

    Raises
    ------
    ValueError : the code is unknown.

    Examples
    --------
    >>> preset("last_month", date(2026, 3, 9), date(2024, 1, 1))
    Window(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 2, 28), preset='last_month')
    """
    if code == "all":
        return Window(min(first_day, as_of), as_of, code)
    if code in _ROLLING_DAYS:
        return Window(as_of - timedelta(days=_ROLLING_DAYS[code] - 1), as_of, code)
    if code == "last_12_months":
        return Window(shift_months(as_of, -12) + timedelta(days=1), as_of, code)
    months = {"month": 1, "quarter": 3, "year": 12}.get(code.partition("_")[2])
    if code not in PRESETS or months is None:
        raise ValueError(f"preset takes {list(PRESETS)}; got {code!r}.")
    first = date(as_of.year, (as_of.month - 1) // months * months + 1, 1)
    if code.startswith("this_"):
        return Window(first, as_of, code)
    return Window(shift_months(first, -months), first - timedelta(days=1), code)


def comparison(
    window: Window,
    how: str,
    *,
    first_day: date,
    as_of: date,
    festivals: Mapping[str, Sequence[date]] | None = None,
    country: str = "MY",
) -> Comparison:
    """Find the days that compare with a window like with like.

    * Whole calendar months compare with as many whole calendar months.
    * Anything else, "to date" above all, compares with the same number of elapsed days: 1 to 22
      November with 1 to 22 October, or with 1 to 22 November of the year before.
    * On a festival, both windows lie equally far from its date in their year.

    Parameters
    ----------
    window : Window
    how : one of ``HOWS``
    first_day, as_of : date
        The span of the data.
    festivals : mapping of festival code to dates, optional
        Taken instead of the computed calendar (:func:`analytics.festivals.festival_dates`).
    country : str
        Whose calendar is computed: ``MY`` or ``ID``.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError : ``how`` is unknown.
    """
    if how not in HOWS:
        raise ValueError(f"how takes {list(HOWS)}; got {how!r}.")
    if how in FESTIVALS:
        return _aligned(window, how, first_day, as_of, festivals, country)
    months = 12 if how == "previous_year" else _previous_months(window)
    start, end = _moved_back(window, months) if months else _just_before(window)
    return _checked(window, start, end, how, first_day, as_of)


def shift_months(day: date, months: int) -> date:
    """Return the same day some months later, or the month's last where it has no such day.

    Examples
    --------
    >>> shift_months(date(2024, 2, 29), -12)
    datetime.date(2023, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(earlier: date, later: date) -> int:
    """Return the number of calendar months from one day's month to the other's."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def is_month_end(day: date) -> bool:
    """Tell whether a day is the last of its month."""
    return (day + timedelta(days=1)).day == 1


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])


def _previous_months(window: Window) -> int:
    """How far back the previous period begins, in months; 0 where days are counted."""
    return _TO_DATE_MONTHS.get(window.preset, 0) or window.whole_months


def _moved_back(window: Window, months: int) -> tuple[date, date]:
    start = shift_months(window.start, -months)
    if window.whole_months:
        return start, month_end(shift_months(window.end, -months))
    end = start + timedelta(days=window.days - 1)
    # 30 days of March have no counterpart in February: take the 30 days before instead.
    return (start, end) if end < window.start or months >= 12 else _just_before(window)


def _just_before(window: Window) -> tuple[date, date]:
    return window.start - timedelta(days=window.days), window.start - timedelta(days=1)


def _checked(
    window: Window,
    start: date,
    end: date,
    how: str,
    first_day: date,
    as_of: date,
    anchors: tuple[date, date] | None = None,
) -> Comparison:
    known_from, known_to = max(start, first_day), min(end, as_of)
    known = max(0, (known_to - known_from).days + 1)
    missing = (end - start).days + 1 - known
    state, reason = "full", None
    if end >= window.start:
        state, reason = "none", "overlap"
    elif known == 0:
        state, reason = "none", "no_data"
    elif missing:
        state, reason = "partial", "partial_data"
    anchor, before = anchors or (None, None)
    return Comparison(start, end, how, state, reason, missing, anchor, before)


def _aligned(
    window: Window,
    festival: str,
    first_day: date,
    as_of: date,
    festivals: Mapping[str, Sequence[date]] | None,
    country: str,
) -> Comparison:
    if festivals is None:
        years = range(window.start.year - 2, window.end.year + 2)
        dates = festival_dates(country, tuple(years))[festival]
    else:
        dates = tuple(sorted(festivals.get(festival, ())))
    anchors = _anchors(window, dates)
    if anchors is None:
        start, end = _moved_back(window, 12)
        return Comparison(start, end, festival, "none", "no_festival")
    back = anchors[0] - anchors[1]
    return _checked(
        window,
        window.start - back,
        window.end - back,
        festival,
        first_day,
        as_of,
        anchors,
    )


def _anchors(window: Window, dates: Sequence[date]) -> tuple[date, date] | None:
    """Return the festival nearest to the window (the later of two) and the one before it."""

    def days_away(day: date) -> int:
        return max(0, (window.start - day).days, (day - window.end).days)

    pairs = list(zip(dates[1:], dates[:-1], strict=True))
    if not pairs:
        return None
    return min(pairs, key=lambda pair: (days_away(pair[0]), -pair[0].toordinal()))
