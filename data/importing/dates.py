"""The order of day and month in a file's dates, decided from all of them, and dates as SQL."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from data.importing import sql
from data.importing.numbers import NOTHING
from data.importing.refusals import mapping_needed
from data.importing.source import TYPED

Order = Literal["dmy", "mdy", "ymd"]

MONTHS: Final = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb"),
    ("maret", "march", "mac", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("julai", "juli", "july", "jul"),
    ("agustus", "august", "ogos", "ags", "agu", "aug", "ogo"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nopember", "nov", "nop"),
    ("disember", "desember", "december", "dis", "des", "dec"),
)
_DAYS: Final = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"),
    *("isnin", "selasa", "rabu", "khamis", "jumaat", "sabtu", "ahad"),
    *("isn", "sel", "rab", "kha", "jum", "sab", "ahd"),
    *("senin", "kamis", "jumat", "minggu", "sen", "kam", "min"),
)
_MONTH_WORDS: Final = sorted((w for words in MONTHS for w in words), key=len, reverse=True)
_SEPARATOR: Final = "[-/. ]"
_DATE: Final = re.compile(
    rf"(?:(?P<ymd>9999(?P<s1>[-/.])99?(?P=s1)99?)|(?P<num>99?(?P<s2>{_SEPARATOR})99?(?P=s2)(?P<y>9999|99))"
    rf"|(?P<named>99?(?P<s3>[-/. ]?)M(?P<s4>[-/. ,]{{1,2}})(?P<y2>9999|99))"
    rf"|(?P<first>M(?P<s5>[. ])99?(?P<s6>,? )(?P<y3>9999|99))"
    r"|(?P<compact>99999999)|(?P<month>9999[-/]99?)|(?P<month2>M[-/ ](?P<y4>9999|99))|(?P<month3>99?/9999))"
)
_TIME: Final = re.compile(
    r"(?P<gap>t|,? )(?P<h>99?)(?P<sep>[:.])99(?P<sec>(?P=sep)99)?(?P<frac>\.9+)?(?P<ap> ?P)?"
    r"(?P<zone> ?(?:z|utc|gmt|wib|wita|myt|[+-]99(?::?99)?))?"
)
ISO_SHAPE: Final = re.compile(r"9999-99-99(?:[ t]99:99(?::99(?:\.9{1,6})?)?)?")
_ZONES: Final = (("z|utc|gmt", "+00:00"), ("wib", "+07:00"), ("wita|myt", "+08:00"))
_ISO: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to write a date: formats by order of day and month (all orders equal when it is clear)."""

    formats: Mapping[Order, tuple[str, ...]]
    has_zone: bool = False
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How a column's dates are written.

    ``is_only_iso``: every one is ISO 8601 without an offset, so that a bare cast reads them.
    ``order`` is ``""`` where nothing depended on it; ``numeric`` names bare numbers: ``serial``
    (a spreadsheet's day number), ``seconds`` and ``milliseconds`` since 1970, ``stamp``
    (yyyymmddhhmmss).
    """

    is_only_iso: bool = True
    formats: tuple[str, ...] = ()
    zoned: tuple[str, ...] = ()
    has_words: bool = False
    numeric: tuple[str, ...] = ()
    order: str = ""


@dataclass(slots=True)
class Shapes:
    """The shapes of a column's dates with their counts."""

    iso: int = 0
    numeric: dict[str, int] = field(default_factory=dict)
    known: dict[str, tuple[Shape, int]] = field(default_factory=dict)
    has_words: bool = False
    unknown: int = 0
    nothing: int = 0

    def add(self, shape: str, times: int) -> None:
        """Count the values of one shape (lower case, every digit as 9)."""
        if shape in NOTHING:
            self.nothing += times
        elif ISO_SHAPE.fullmatch(shape):
            self.iso += times
        elif numeric := _numeric(shape):
            self.numeric[numeric] = self.numeric.get(numeric, 0) + times
        elif (found := read_shape(shape)) is not None:
            self.known[shape] = (found, times)
            self.has_words = self.has_words or bool(re.search("[a-z]", shape))
        else:
            self.unknown += times

    @property
    def ambiguous(self) -> bool:
        return any(shape.is_ambiguous for shape, _ in self.known.values())


@dataclass(frozen=True, slots=True)
class OrderVotes:
    """How many values read day first, month first, or only one way; with an example."""

    only_dmy: int = 0
    only_mdy: int = 0
    both: int = 0
    example: str = ""


def read_shape(shape: str) -> Shape | None:
    """The formats a shape can be read by, or None.

    Examples
    --------
    >>> read_shape("99/99/9999 99:99").formats["dmy"]
    ('%d/%m/%Y %H:%M',)
    >>> read_shape("9 ogos 9999").is_ambiguous, read_shape("hello")
    (False, None)
    """
    worded = words_to_mark(shape)
    date = _DATE.match(worded)
    if date is None:
        return None
    rest = worded[date.end() :]
    time = _TIME.fullmatch(rest) if rest else None
    if rest and time is None:
        return None
    clock = _clock(time) if time else ""
    orders = _orders(date)
    formats: dict[Order, tuple[str, ...]] = {order: (f"{text}{clock}",) for order, text in orders.items()}
    return Shape(formats, bool(time and time["zone"]), date["num"] is not None)


def words_to_mark(shape: str) -> str:
    """A lower-case shape with month names as M, am and pm as P, and weekdays gone."""
    text = re.sub(rf"^(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})\.?,? ", "", shape)
    text = re.sub(rf"(?<![a-z])(?:{'|'.join(_MONTH_WORDS)})(?![a-z])", "M", text)
    return re.sub(r"(?<=[9 ])(?:am|pm|a\.m\.|p\.m\.|pg|ptg)$", "P", text)


def decide(
    shapes: Mapping[str, Shapes], votes: Mapping[str, OrderVotes], *, given: str, table: str, file: str
) -> dict[str, DateFormat]:
    """How each date column is written.

    Parameters
    ----------
    shapes : mapping of column to Shapes
    votes : mapping of column to OrderVotes
        For the columns with ambiguous shapes.
    given : str
        The mapping's ``dates``; decides when it is set.
    table, file : str
        For the sentence.

    Returns
    -------
    dict of column to DateFormat
        A column that does not settle the order takes the one the file's other dates settled.

    Raises
    ------
    MappingNeeded : nothing settles the order, or the dates contradict each other.
    """
    orders = {c: given or _own_order(c, votes[c], table, file) for c in shapes if shapes[c].ambiguous}
    settled = {order for order in orders.values() if order}
    shared = settled.pop() if len(settled) == 1 else ""
    formats = {}
    for column, found in shapes.items():
        order = orders.get(column, given)
        if found.ambiguous and not order:
            if not shared:
                raise mapping_needed(
                    "mapping_dates", column=column, file=file, value=votes[column].example, table=table
                )
            order = shared
        formats[column] = _format(found, order)
    return formats


def shape_sql(column: str) -> str:
    """SQL of a date's shape: lower case, every digit as 9; ISO by a shorter way."""
    times = f"{column} LIKE '____-__-__ __:__:__' AND try_cast({column} AS TIMESTAMP) IS NOT NULL"
    days = f"{column} LIKE '____-__-__' AND try_cast({column} AS DATE) IS NOT NULL"
    return (
        f"CASE WHEN {times} THEN '9999-99-99 99:99:99' WHEN {days} THEN '9999-99-99' "
        f"WHEN length({column}) > 60 THEN 'too long' "
        f"ELSE translate(lower({column}), '012345678', '999999999') END"
    )


def to_sql(column: str, form: DateFormat, time_zone: str, *, typed: bool) -> str:
    """SQL that reads a text as a local timestamp, NULL where it is none.

    Parameters
    ----------
    column : str
        SQL of a trimmed text.
    form : DateFormat
    time_zone : str
        The workspace's: a time with an offset is brought there.
    typed : bool
        Whether a workbook's day numbers may carry ``TYPED``.
    """
    iso = f"try_cast({column} AS TIMESTAMP)"
    if form.is_only_iso:
        return iso
    short = f"{column} LIKE '____-__-__ __:__:__' OR {column} LIKE '____-__-__'"
    ways = [f"CASE WHEN {short} OR regexp_full_match({column}, {sql.text(_ISO)}) THEN {iso} END"]
    worded = _words_sql(column) if form.has_words else f"lower({column})"
    if form.formats:
        ways.append(f"try_strptime({worded}, {sql.texts(form.formats)})")
    if form.zoned:
        stamp = f"try_strptime({_zone_sql(worded)}, {sql.texts(form.zoned)})"
        ways.append(f"timezone({sql.text(time_zone)}, {stamp})")
    ways += [_number_sql(column, numeric, time_zone) for numeric in form.numeric]
    return f"coalesce({', '.join(ways)})"


def votes_sql(column: str, found: Shapes) -> str:
    """SQL that counts how the ambiguous dates of a column can be read; see ``OrderVotes``.

    ``column`` is read from a table ``rows``; only the date before the first blank counts.
    """
    parts = {"dmy": set[str](), "mdy": set[str]()}
    spaced = False
    for shape, _ in found.known.values():
        if shape.is_ambiguous:
            for order in ("dmy", "mdy"):
                date = shape.formats[order][0].split("%H")[0].split("%I")[0].rstrip(" ,tT")
                parts[order].add(date)
                spaced = spaced or " " in date
    value = (
        f"array_to_string(string_split({column}, ' ')[:3], ' ')"
        if spaced
        else f"split_part(replace({column}, ',', ' '), ' ', 1)"
    )
    dmy, mdy = (f"({_in_range(f'try_strptime(v, {sql.texts(sorted(parts[o]))})')})" for o in ("dmy", "mdy"))
    return (
        f"SELECT coalesce(sum(n) FILTER ({dmy} AND NOT {mdy}), 0), "
        f"coalesce(sum(n) FILTER ({mdy} AND NOT {dmy}), 0), "
        f"coalesce(sum(n) FILTER ({dmy} AND {mdy}), 0), min(v) FILTER ({dmy} AND {mdy}) "
        f"FROM (SELECT {value} AS v, count(*) AS n FROM rows WHERE {column} IS NOT NULL GROUP BY 1)"
    )


def _in_range(stamp: str) -> str:
    return f"coalesce(year({stamp}) BETWEEN {FIRST_YEAR} AND {LAST_YEAR}, false)"


def _own_order(column: str, votes: OrderVotes, table: str, file: str) -> str:
    dmy, mdy = votes.only_dmy, votes.only_mdy
    if dmy and mdy and max(dmy, mdy) < 20 * min(dmy, mdy):
        raise mapping_needed(
            "mapping_dates_mixed",
            column=column,
            file=file,
            dmy=dmy,
            mdy=mdy,
            value=votes.example,
            table=table,
        )
    return "dmy" if dmy > mdy else "mdy" if mdy > dmy else ""


def _format(found: Shapes, order: str) -> DateFormat:
    chosen: Order = "mdy" if order == "mdy" else "ymd" if order == "ymd" else "dmy"
    plain: dict[str, None] = {}
    zoned: dict[str, None] = {}
    for shape, _ in sorted(found.known.values(), key=lambda known: -known[1]):
        (zoned if shape.has_zone else plain).update(dict.fromkeys(shape.formats.get(chosen, ())))
    return DateFormat(
        is_only_iso=not (found.known or found.numeric or found.unknown or found.nothing),
        formats=tuple(plain),
        zoned=tuple(zoned),
        has_words=found.has_words,
        numeric=tuple(found.numeric),
        order=order if found.ambiguous else "",
    )


def _numeric(shape: str) -> str:
    bare = shape.removeprefix(TYPED)
    if re.fullmatch(r"9{5}(?:\.9+)?", bare):
        return "serial"
    return {"9" * 10: "seconds", "9" * 13: "milliseconds", "9" * 14: "stamp"}.get(bare, "")


def _clock(time: re.Match[str]) -> str:
    gap = "t" if time["gap"] == "t" else time["gap"]
    hour = "%I" if time["ap"] else "%H"
    text = f"{gap}{hour}{time['sep']}%M" + (f"{time['sep']}%S" if time["sec"] else "")
    if time["frac"]:
        text += ".%f"
    if time["ap"]:
        text += (" " if time["ap"].startswith(" ") else "") + "%p"
    return text + ("%z" if time["zone"] else "")


def _orders(date: re.Match[str]) -> dict[Order, str]:
    if date["ymd"]:
        return _same(f"%Y{date['s1']}%m{date['s1']}%d")
    if date["num"]:
        s, year = date["s2"], _year(date["y"])
        orders: dict[Order, str] = {"dmy": f"%d{s}%m{s}{year}", "mdy": f"%m{s}%d{s}{year}"}
        return orders | ({"ymd": f"%y{s}%m{s}%d"} if year == "%y" else {})
    if date["named"]:
        return _same(f"%d{date['s3']}%m{date['s4']}{_year(date['y2'])}")
    if date["first"]:
        return _same(f"%m{date['s5']}%d{date['s6']}{_year(date['y3'])}")
    if date["compact"]:
        return _same("%Y%m%d")
    if date["month"]:
        return _same(f"%Y{date['month'][4]}%m")
    if date["month2"]:
        return _same(f"%m{date['month2'][1]}{_year(date['y4'])}")
    return _same("%m/%Y")


def _same(text: str) -> dict[Order, str]:
    return {"dmy": text, "mdy": text, "ymd": text}


def _year(digits: str) -> str:
    return "%Y" if len(digits) == 4 else "%y"


def _words_sql(column: str) -> str:
    """SQL: month names as two digits, am and pm as such, weekdays gone."""
    text = f"lower({column})"
    weekdays = "^(?:" + "|".join(sorted(_DAYS, key=len, reverse=True)) + ")[.]?,? "
    text = f"regexp_replace({text}, {sql.text(weekdays)}, '')"
    for number, words in enumerate(MONTHS, start=1):
        pattern = rf"(^|[^a-z])(?:{'|'.join(words)})([^a-z]|$)"
        text = f"regexp_replace({text}, {sql.text(pattern)}, '\\1{number:02d}\\2')"
    for found, written in (("(?:a\\.m\\.|pg)$", "am"), ("(?:p\\.m\\.|ptg)$", "pm")):
        text = f"regexp_replace({text}, {sql.text(found)}, '{written}')"
    return text


def _zone_sql(text: str) -> str:
    for words, offset in _ZONES:
        text = f"regexp_replace({text}, ' ?(?:{words})$', '{offset}')"
    return f"regexp_replace({text}, ' ([+-][0-9]{{2}}(?::?[0-9]{{2}})?)$', '\\1')"


def _number_sql(column: str, numeric: str, time_zone: str) -> str:
    bare = f"ltrim({column}, chr({ord(TYPED)}))"
    if numeric == "serial":
        days = f"try_cast({bare} AS DOUBLE)"
        return (
            f"CASE WHEN {days} BETWEEN 10000 AND 73050 THEN "
            f"TIMESTAMP '1899-12-30 00:00:00' + to_seconds(round({days} * 86400)) END"
        )
    if numeric == "stamp":
        return f"CASE WHEN length({bare}) = 14 THEN try_strptime({bare}, '%Y%m%d%H%M%S') END"
    length, divisor = (10, 1) if numeric == "seconds" else (13, 1000)
    seconds = f"try_cast({bare} AS BIGINT) // {divisor}"
    local = f"timezone({sql.text(time_zone)}, to_timestamp({seconds}))"
    return f"CASE WHEN length({bare}) = {length} THEN {local} END"


def columns_to_vote(shapes: Mapping[str, Shapes]) -> Iterable[str]:
    """The columns whose order of day and month has to be counted."""
    return [column for column, found in shapes.items() if found.ambiguous]


def describe(formats: Mapping[str, DateFormat]) -> Sequence[str]:
    """The orders in use, for the report."""
    return sorted({form.order for form in formats.values() if form.order})
