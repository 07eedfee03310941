"""The settings of this installation, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import platformdirs

from data.errors import BadSetting

Engine = Literal["duckdb", "spark"]
ENGINES: Final[tuple[Engine, ...]] = ("duckdb", "spark")


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings; every field is one ``SETIA_*`` variable.

    ``home`` holds the workspaces; ``memory_limit`` bounds DuckDB (a DuckDB size such as ``1GB``);
    ``import_memory_limit`` does so during an import; ``threads`` of 0 means all cores; the
    ``max_*`` limits refuse a file.
    """

    home: Path
    engine: Engine = "duckdb"
    memory_limit: str = "1GB"
    import_memory_limit: str = "4GB"
    threads: int = 0
    max_file_mb: int = 8_192
    max_unpacked_mb: int = 16_384
    max_columns: int = 500
    max_cell_characters: int = 100_000


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Settings from ``SETIA_*`` variables.

    Parameters
    ----------
    environment : mapping of str
        Usually ``os.environ``.

    Returns
    -------
    Settings

    Raises
    ------
    BadSetting : a value is not a number, or names an engine that does not exist.
    """
    engine = environment.get("SETIA_ENGINE", "duckdb")
    if engine not in ENGINES:
        raise BadSetting(
            "setting_engine",
            "SETIA_ENGINE must be duckdb or spark; it is {value}. Change it or remove it.",
            value=engine,
        )
    home = environment.get("SETIA_HOME") or platformdirs.user_data_dir("setia", appauthor=False)
    return Settings(
        home=Path(home).expanduser().resolve(),
        engine=engine,
        memory_limit=environment.get("SETIA_MEMORY_LIMIT", "1GB"),
        import_memory_limit=environment.get("SETIA_IMPORT_MEMORY_LIMIT", "4GB"),
        threads=_integer(environment, "SETIA_THREADS", 0),
        max_file_mb=_integer(environment, "SETIA_MAX_FILE_MB", 8_192),
        max_unpacked_mb=_integer(environment, "SETIA_MAX_UNPACKED_MB", 16_384),
        max_columns=_integer(environment, "SETIA_MAX_COLUMNS", 500),
        max_cell_characters=_integer(environment, "SETIA_MAX_CELL_CHARACTERS", 100_000),
    )


@cache
def settings() -> Settings:
    """The settings of this process, read from the environment on first use."""
    return from_environment(os.environ)


def _integer(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isdigit():
        raise BadSetting(
            "setting_number",
            "{name} must be a whole number; it is {value}. Change it or remove it.",
            name=name,
            value=text,
        )
    return int(text)
