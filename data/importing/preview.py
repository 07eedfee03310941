"""How a file would be understood, before anything is imported: for the screen and for ``suggest``."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

import datetime as dt
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb

from data.errors import MappingNeeded
from data.importing import headers, mapping, sniff
from data.importing.mapping import TableMapping
from data.importing.protect import covered
from data.importing.source import Source
from data.importing.table import Opened, Place, open_file
from data.importing.workbench import connect
from data.schema import TABLES
from data.settings import Settings
from data.workspaces import Config

ROWS: Final = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file is and how its columns would be read.

    ``question`` is what has to be said first (a ``MappingNeeded``), and then there are no ``rows``;
    ``rows`` are the first rows that would be taken, ``decided`` what was worked out of the columns.
    """

    header: tuple[str, ...]
    form: str
    encoding: str
    mapping: TableMapping
    records: int = 0
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    decided: dict[str, Any] = field(default_factory=dict)
    question: tuple[str, dict[str, Any], str] | None = None


def preview(
    settings: Settings,
    path: Path,
    table: str,
    given: TableMapping | None = None,
    mappings: Path | None = None,
    config: Config | None = None,
) -> Preview:
    """Look at a file as the import would; nothing is written into a workspace.

    Parameters
    ----------
    settings : Settings
    path : Path
    table : str
    given : TableMapping, optional
        The owner's corrections.
    mappings : Path, optional
        Folder of the workspace's remembered mappings.
    config : Config, optional
        The workspace's.

    Returns
    -------
    Preview

    Raises
    ------
    FileRefused : the file cannot be taken in at all.
    """
    known_config = config or Config()
    remembered = mappings or settings.home / ".no-mappings"
    folder = settings.home / f".preview-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    now = dt.datetime.now(ZoneInfo(known_config.time_zone)).replace(tzinfo=None)
    try:
        with connect(settings, folder) as connection:
            place = Place(connection, folder, settings, remembered, known_config.time_zone, now)
            source = sniff.look(path, table, settings, folder / "unpacked", given)
            chosen = mapping.suggest(
                source.header, table, given or mapping.recall(remembered, source.header, table)
            )
            try:
                return _of(open_file(path, table, chosen, place), connection, place)
            except MappingNeeded as question:
                return _asking(source, chosen, question)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def likely_table(header: Sequence[str]) -> str:
    """The table a header most likely fills: all it needs is there, and most columns are known.

    Examples
    --------
    >>> likely_table(["Order ID", "Order Date", "Total"]), likely_table(["store_id", "name", "lat", "lon"])
    ('transactions', 'stores')
    """

    def fit(name: str) -> tuple[bool, int]:
        table, found = TABLES[name], headers.recognise(header, name).columns
        needed = [
            c.name
            for c in table.columns
            if c.required and not (c.name == "amount" and name == "transactions")
        ]
        return all(c in found for c in needed), len(found)

    return max(TABLES, key=fit)


def guess_table(settings: Settings, path: Path) -> str:
    """The table a file most likely fills; ``transactions`` where nothing tells.

    Raises
    ------
    FileRefused
    """
    folder = settings.home / f".preview-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        return likely_table(sniff.look(path, "transactions", settings, folder).header)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _of(opened: Opened, connection: duckdb.DuckDBPyConnection, place: Place) -> Preview:
    columns = ", ".join(f'"{name}"' for name in opened.filled.columns)
    first = opened.readings[0]
    query = f"SELECT {columns} FROM ({opened.statements(first, place).good()}) LIMIT {ROWS}"
    return Preview(
        opened.source.header,
        opened.source.parts[0].form,
        first.encoding,
        opened.mapping,
        sum(r.records for r in opened.readings),
        opened.filled.columns,
        tuple(covered(opened.filled.columns, row) for row in connection.execute(query).fetchall()),
        opened.decisions.as_json(),
    )


def _asking(source: Source, chosen: TableMapping, question: MappingNeeded) -> Preview:
    part = source.parts[0]
    asked = (question.code, dict(question.fields), str(question))
    return Preview(source.header, part.form, part.encoding, chosen, question=asked)
