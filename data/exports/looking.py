"""What exports hold, before anything is written: system, period, orders, customers, money, what is odd."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb

from data.errors import DataError, FileRefused, MappingNeeded
from data.exports.opening import Answers, OpenedExport, Piece, open_export, survey
from data.exports.spec import Kind
from data.importing.table import Place
from data.importing.workbench import connect
from data.settings import Settings
from data.workspaces import Config

_STANDS: Final = "status IS NULL OR status NOT IN ('cancelled', 'failed', 'refunded', 'pending')"


@dataclass(frozen=True, slots=True)
class Seen:
    """One file as it would be taken in.

    Attributes
    ----------
    name : str
    path : Path
        Of the file itself, or of its copy taken out of an archive.
    given : int
        Which of the given paths it comes from.
    title, kind, fills : str
        ``Shopee Indonesia``, ``orders``, ``transactions``; "" where nobody knows the file.
    records, orders, customers : int
    first, last : date or None
    money : mapping of currency to float
        Net amounts of what stands, or what was paid out; "" is the workspace's currency.
    odd : mapping of code to int
        Rows by what is odd about them: ``rejected``, ``masked``, ``off``, ``passed_over``, ``cancelled``,
        ``failed``, ``future``; ``empty`` is 1 where there is none, ``again`` where an earlier file says the
        same.
    question : tuple or None
        Code and fields of what has to be said first.
    refusal : DataError or None
    """

    name: str
    path: Path
    given: int
    title: str = ""
    kind: str = ""
    fills: str = ""
    records: int = 0
    orders: int = 0
    customers: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    money: dict[str, float] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)
    question: tuple[str, dict[str, Any]] | None = None
    refusal: tuple[str, dict[str, Any], str] | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.title)


def look(
    settings: Settings,
    paths: Sequence[Path],
    work: Path,
    config: Config,
    own: Sequence[Kind] = (),
    answers: Answers | None = None,
) -> list[Seen]:
    """Look at files, folders and ZIPs as the import would; nothing is written into a workspace.

    Parameters
    ----------
    settings : Settings
    paths : sequence of Path
    work : Path
        What archives hold stays here until the caller removes it.
    config : Config
        The workspace's.
    own : sequence of Kind
        The workspace's own recognisers.
    answers : Answers, optional

    Returns
    -------
    list of Seen
        In the order in which they would be taken in.
    """
    work.mkdir(parents=True, exist_ok=True)
    now = dt.datetime.now(ZoneInfo(config.time_zone)).replace(tzinfo=None)
    found: list[Seen] = []
    with connect(settings, work) as connection:
        place = Place(connection, work, settings, work, config.time_zone, now, True, config.currency)
        for number, piece, given in _pieces(paths, place, own):
            one = _seen(piece, number, given, place, answers)
            found.append(replace(one, odd={**one.odd, "again": 1}) if _is_again(one, found) else one)
            shutil.rmtree(work / f"export-{number}", ignore_errors=True)
    return found


def _pieces(paths: Sequence[Path], place: Place, own: Sequence[Kind]) -> list[tuple[int, Piece, int]]:
    found: list[tuple[Piece, int]] = []
    for given, path in enumerate(paths):
        try:
            each = replace(place, work=place.work / f"from-{given}")
            found += [(piece, given) for piece in survey([path], each, own)]
        except FileRefused as refusal:
            found.append((Piece(path.name, None, refusal=refusal), given))
    return [(number, piece, given) for number, (piece, given) in enumerate(found)]


def _seen(piece: Piece, number: int, given: int, place: Place, answers: Answers | None) -> Seen:
    if piece.part is None:
        return _refused(piece.name, given, piece.refusal)
    path = piece.part.path
    if piece.found is None:
        return Seen(piece.name, path, given)
    kind = piece.found.kind
    known = Seen(piece.name, path, given, title=kind.title, kind=kind.name, fills=kind.fills)
    try:
        export = open_export(piece, number, place, answers)
        return _counted(export, place, known) if export else replace(known, odd={"empty": 1})
    except MappingNeeded as asked:
        return replace(known, question=(asked.code, dict(asked.fields)))
    except DataError as refusal:
        return _refused(piece.name, given, refusal)


def _is_again(one: Seen, before: Sequence[Seen]) -> bool:
    """Whether an earlier file says the same in every count: the same file under another name."""

    def facts(seen: Seen) -> tuple[Any, ...]:
        return (seen.title, seen.kind, seen.records, seen.orders, seen.customers, seen.first, seen.last)

    return bool(one.orders) and any(facts(one) == facts(o) and one.money == o.money for o in before)


def _refused(name: str, given: int, refusal: DataError | None) -> Seen:
    assert refusal is not None
    said = (refusal.code, dict(refusal.fields), str(refusal))
    return Seen(name, Path(name), given, refusal=said)


def _counted(export: OpenedExport, place: Place, known: Seen) -> Seen:
    main, tidied = export.tables[0], export.tidied
    rows = main.statements(main.readings[0], place).good()
    sold = known.fills == "transactions"
    day = "ordered_at" if sold else "settled_at"
    counted = _row(
        place.connection,
        f"SELECT count(*), count(DISTINCT order_id), min({day})::DATE, max({day})::DATE, "
        f"{'count(DISTINCT customer_id)' if sold else '0'}, "
        f"count(*) FILTER ({day} > TIMESTAMP '{place.now + dt.timedelta(days=1):%Y-%m-%d %H:%M:%S}') "
        f"FROM ({rows})",
    )
    money = place.connection.execute(
        f"SELECT coalesce(currency, ''), sum(amount)::DOUBLE FROM ({rows}) "
        f"WHERE {_STANDS if sold else 'true'} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    odd = {
        "empty": int(not tidied.main.records),
        "rejected": tidied.main.records - counted[0],
        "future": counted[5],
        "off": tidied.odd,
        "masked": tidied.masked,
        "passed_over": tidied.passed_over,
    }
    if sold:
        for status in ("cancelled", "failed"):
            odd[status] = _row(
                place.connection,
                f"SELECT count(DISTINCT order_id) FROM ({rows}) WHERE status = '{status}'",
            )[0]
    return replace(
        known,
        records=tidied.main.records,
        orders=counted[1],
        customers=counted[4],
        first=counted[2],
        last=counted[3],
        money=dict(money),
        odd={code: n for code, n in odd.items() if n},
    )


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return connection.execute(query).fetchone() or (0,) * 6
