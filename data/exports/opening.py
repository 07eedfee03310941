"""The files of an import that are exports: found, tidied, and opened as the import opens any file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import FileRefused
from data.exports.recognise import Found, recognise
from data.exports.spec import Kind
from data.exports.tidy import Tidied, tidy
from data.importing import evidence, mapping, reading, sniff
from data.importing.cast import Casts
from data.importing.mapping import TableMapping
from data.importing.reading import Reading
from data.importing.source import Part, Source
from data.importing.table import Opened, Place


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of rows: what it is, or that nobody knows (``found`` None), or why it is refused."""

    name: str
    part: Part | None
    found: Found | None = None
    refusal: FileRefused | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody said of files that can be read in two ways: order of dates, decimal mark."""

    dates: str = ""
    decimal: str = ""


@dataclass(frozen=True, slots=True)
class OpenedExport:
    """An export, ready to be checked and merged: its table, and the customers in it."""

    piece: Piece
    tidied: Tidied
    tables: tuple[Opened, ...]

    @property
    def whole_orders(self) -> bool:
        """Whether its rows are whole receipts, which give way to their items."""
        return self.piece.found is not None and self.piece.found.kind.whole_orders


def survey(paths: Sequence[Path], place: Place, more: Sequence[Kind] = ()) -> list[Piece]:
    """What each file, folder and ZIP holds, in the order in which it is taken in.

    Parameters
    ----------
    paths : sequence of Path
    place : Place
        Archives are unpacked into its scratch folder.
    more : sequence of Kind
        Recognisers of the workspace's own.

    Returns
    -------
    list of Piece
        Files of whole receipts after files of their lines, settlements last; else by name.
    """
    pieces = []
    for number, path in enumerate(paths):
        for part in sniff.look_at_each(path, place.settings, place.work / f"given-{number}"):
            if isinstance(part, FileRefused):
                pieces.append(Piece(str(part.fields.get("file", path.name)), None, refusal=part))
            else:
                pieces.append(Piece(part.name, part, recognise(part.header, more)))
    return sorted(pieces, key=_rank)


def open_export(
    piece: Piece, number: int, place: Place, answers: Answers | None = None
) -> OpenedExport | None:
    """Tidy a recognised file and decide how its columns are read.

    Parameters
    ----------
    piece : Piece
        With ``found``.
    number : int
        Tells its scratch folder from the others'.
    place : Place
    answers : Answers, optional

    Returns
    -------
    OpenedExport or None
        None where there is a header and no row: a month without an order of the kind.

    Raises
    ------
    FileRefused : NUL bytes, an open quote ...
    MappingNeeded : dates or numbers can be read in two ways.
    """
    assert piece.part is not None
    assert piece.found is not None
    said = answers or Answers()
    work = place.work / f"export-{number}"
    work.mkdir(parents=True, exist_ok=True)
    kind, part = piece.found.kind, piece.part
    needed = tuple(piece.found.headers[name] for name in piece.found.told)
    rows = reading.prepare(part, needed, work, place.settings, place.fast)
    if not rows.records:
        return None
    tidied = tidy(
        place.connection,
        rows,
        piece.found,
        work,
        currency=place.currency,
        decimal=said.decimal,
        carefully=lambda read: reading.read_carefully(read, work, place.settings),
    )
    chosen = TableMapping(
        kind.fills,
        dict(tidied.columns),
        dates=said.dates or kind.dates,
        amount_includes=(),
        currency=tidied.currency,
        known_as=kind.title,
    )
    opened = [_opened(tidied.main, chosen, place)]
    if tidied.customers is not None:
        names = {c: c for c in tidied.customer_columns}
        opened.append(_opened(tidied.customers, TableMapping("customers", names, known_as=kind.title), place))
    return OpenedExport(piece, tidied, tuple(opened))


def _opened(rows: Reading, chosen: TableMapping, place: Place) -> Opened:
    filled = mapping.fill(chosen, rows.part.header, rows.part.name)
    texts = Casts(filled, evidence.Decisions(), place.time_zone, place.now, rows).raw_rows()
    decisions, _ = evidence.gather(place.connection, texts, filled, rows.part.name, rows.valued)
    return Opened(Source(rows.part.path, (rows.part,)), chosen, filled, (rows,), decisions)


def _rank(piece: Piece) -> tuple[int, str]:
    kind = piece.found.kind if piece.found else None
    last = 10 if kind and kind.fills == "settlements" else 0
    return (last + (kind.rank if kind else 0), piece.name)
