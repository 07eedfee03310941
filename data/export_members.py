"""Who was in the files that left a workspace: keyed hashes of customer ids, beside the log of exports.

The log says which list went out; these say whether a person was in it, to somebody who has the person's ids
and the workspace's key, and nothing to anybody else. They stay when a customer is erased, because whoever
has the file must still be told. They are bounded: the oldest go first.
"""

# ruff: noqa: S608  paths are quoted; values reach a statement as parameters

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from data.export_log import Export, exports
from data.importing import sql
from data.people import keys
from data.workspaces import Workspace

FOLDER: Final = "exported"
MOST_FILES: Final = 500
MOST_BYTES: Final = 200_000_000
_KIND: Final = "exported"


def keep(workspace: Workspace, customer_ids: Iterable[str]) -> str:
    """Keep who is in a file.

    Parameters
    ----------
    workspace : Workspace
    customer_ids : iterable of str

    Returns
    -------
    str
        A name for the line of the log.
    """
    name = secrets.token_hex(8)
    folder = workspace.folder(FOLDER)
    temporary = folder / f".{name}"
    ids = pa.table({"customer_id": pa.array([str(each) for each in customer_ids], pa.string())})
    with duckdb.connect() as connection:
        keys.prepare(connection, keys.key_of(workspace.path))
        connection.register("ids", ids)
        connection.execute(
            f"COPY (SELECT DISTINCT {keys.sql(_KIND, 'customer_id')} AS hash FROM ids ORDER BY 1) "
            f"TO {sql.text(temporary)} (FORMAT parquet, COMPRESSION zstd)"
        )
    temporary.chmod(0o600)
    os.replace(temporary, _file(workspace, name))
    _bound(folder)
    return name


def held(workspace: Workspace, export: Export, customer_ids: Sequence[str]) -> bool | None:
    """Whether a person was in a file.

    Parameters
    ----------
    workspace : Workspace
    export : Export
        A line of the log.
    customer_ids : sequence of str
        Every id of the person.

    Returns
    -------
    bool, or None where it is not known any more (an old line, or more exports since than are kept).
    """
    file = _file(workspace, export.who) if export.who.isalnum() else None
    if file is None or not file.is_file():
        return None
    key = keys.key_of(workspace.path)
    wanted = [keys.number(key, _KIND, each) for each in customer_ids]
    with duckdb.connect() as connection:
        query = (
            f"SELECT 1 FROM read_parquet({sql.text(file)}) WHERE hash IN (SELECT unnest(?::BIGINT[])) LIMIT 1"
        )
        return connection.execute(query, [wanted]).fetchone() is not None


def of_person(workspace: Workspace, customer_ids: Sequence[str]) -> list[tuple[Export, bool | None]]:
    """The exports that a person was in, or may have been in (None), the newest first."""
    found = [(each, held(workspace, each, customer_ids)) for each in exports(workspace, MOST_FILES)]
    return [(each, known) for each, known in found if known is not False]


def _file(workspace: Workspace, name: str) -> Path:
    return workspace.path / FOLDER / f"{name}.parquet"


def _bound(folder: Path) -> None:
    """Keep the newest, by number and by size."""
    files = sorted(folder.glob("*.parquet"), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    size = 0
    for number, file in enumerate(files):
        size += file.stat().st_size
        if number >= MOST_FILES or (number and size > MOST_BYTES):
            file.unlink(missing_ok=True)
