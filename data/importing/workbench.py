"""Where an import works: a database of its own, a scratch folder, and the files it was given."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb

from data.importing.table import Place
from data.settings import Settings
from data.workspaces import Config, Workspace

_WORK: Final = ".work"


def place_of(
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    settings: Settings,
    mappings: Path,
    config: Config,
    now: dt.datetime | None,
    *,
    fast: bool,
) -> Place:
    """Connection, folders, limits and the workspace's clock; ``now`` stands for it in tests."""
    local = now or dt.datetime.now(ZoneInfo(config.time_zone)).replace(tzinfo=None)
    return Place(
        connection,
        work,
        settings,
        mappings,
        config.time_zone,
        local,
        fast,
        config.currency,
        config.country,
        root=mappings.parent,
    )


@contextmanager
def connection_of(
    workspace: Workspace, settings: Settings
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A connection of the import's own with a scratch folder that is gone afterwards."""
    work = workspace.path / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        with connect(settings, work) as connection:
            yield connection, work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def connect(settings: Settings, work: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB of the import's own: bounded memory, spilling into the scratch folder."""
    options: dict[str, Any] = {
        "memory_limit": settings.import_memory_limit,
        "temp_directory": str(work / "spill"),
        "autoinstall_known_extensions": False,
    }
    if settings.threads:
        options["threads"] = settings.threads
    connection = duckdb.connect(":memory:", config=options)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def stamps(paths: Iterable[Path]) -> dict[str, Any]:
    """Size and time of each file: told before and after reading."""

    def stamp(path: Path) -> tuple[int, int]:
        try:
            found = path.stat()
        except OSError:
            return (0, 0)
        return found.st_size, found.st_mtime_ns

    return {str(path): stamp(path) for path in paths}


def link(source: Path, target: Path) -> None:
    """The file in a second place, without a copy where the disk can do so."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
