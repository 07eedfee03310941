"""Region levels of a workspace: a user's own boundaries, kept under a name.

A level is a folder under a name made at random: ``level.toml`` (name, source, year, licence, what was
mended) and ``shapes.parquet`` (code, name, polygon). It appears whole or not at all. Which customer
lives in which region is worked out once for a snapshot and kept beside it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from data.errors import BadName, DataError
from data.workspaces import Workspace

FOLDER: Final = "boundaries"
MOST: Final = 30
"""Levels a workspace keeps."""

LONGEST_NAME: Final = 60
LONGEST_NOTE: Final = 300
KEPT_SNAPSHOTS: Final = 2

_ID: Final = re.compile(r"[0-9a-f]{10}")
_KEY: Final = re.compile(r"[0-9a-z_]{1,30}")
_HOMES: Final = "homes"


@dataclass(frozen=True, slots=True)
class About:
    """What somebody says of boundaries they bring: all of it text, shown as written."""

    name: str
    source: str = ""
    year: int | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of regions.

    Parameters
    ----------
    id : str
        Ten letters and digits, made at random.
    about : About
    added : date
    regions : int
    content : str
        Changes when the shapes do.
    notes : tuple of (code, rows)
        What was mended when it was taken in.
    """

    id: str
    about: About
    added: date
    regions: int
    content: str
    notes: tuple[tuple[str, int], ...] = field(default=())

    @property
    def key(self) -> str:
        """Id and content: the key of whatever is worked out from the shapes."""
        return f"{self.id}-{self.content}"


def save(
    workspace: Workspace,
    about: About,
    shapes: gpd.GeoDataFrame,
    *,
    added: date,
    notes: tuple[tuple[str, int], ...] = (),
) -> Level:
    """Keep boundaries as a level.

    Parameters
    ----------
    shapes : GeoDataFrame
        ``code``, ``name``, ``geometry`` (WGS 84).
    added : date
        The day.
    notes : tuple of (code, rows)

    Raises
    ------
    BadName : no name, or another level has it.
    DataError : ``MOST`` levels are kept already.
    """
    if len(levels(workspace)) >= MOST:
        raise DataError(
            "boundary_limit", "This workspace keeps {limit} levels. Delete one first.", limit=MOST
        )
    about = _clean(about, _free_name(workspace, about.name))
    kept = gpd.GeoDataFrame(shapes[["code", "name"]].astype(str), geometry=shapes.geometry.array, crs=4326)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=workspace.folder(FOLDER)))
    try:
        kept.to_parquet(made / "shapes.parquet", compression="zstd")
        content = blake2b((made / "shapes.parquet").read_bytes(), digest_size=6).hexdigest()
        level = Level(secrets.token_hex(5), about, added, len(kept), content, notes)
        _write(made, level)
        os.replace(made, _folder(workspace, level.id))
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return level


def levels(workspace: Workspace) -> tuple[Level, ...]:
    """Every level of a workspace by name; one that cannot be read is passed over."""
    folder = workspace.path / FOLDER
    if not folder.is_dir():
        return ()
    found = [_read(path) for path in folder.iterdir() if _ID.fullmatch(path.name)]
    there = [level for level in found if level is not None]
    return tuple(sorted(there, key=lambda level: (level.about.name.casefold(), level.id)))


def find(workspace: Workspace, level_id: str) -> Level | None:
    """A level by its id; None where there is none."""
    return _read(_folder(workspace, level_id)) if _ID.fullmatch(level_id) else None


def shapes(workspace: Workspace, level_id: str) -> gpd.GeoDataFrame:
    """The regions of a level, by code.

    Returns
    -------
    GeoDataFrame: ``code``, ``name``, ``geometry`` (full polygons, WGS 84)

    Raises
    ------
    DataError : there is no such level.
    """
    if find(workspace, level_id) is None:
        raise DataError("boundary_missing", "These boundaries are no longer there. Choose another level.")
    return gpd.read_parquet(_folder(workspace, level_id) / "shapes.parquet")


def rename(workspace: Workspace, level_id: str, about: About) -> Level:
    """Change what is said of a level; its shapes stay.

    Raises
    ------
    BadName, DataError
    """
    level = find(workspace, level_id)
    if level is None:
        raise DataError("boundary_missing", "These boundaries are no longer there. Choose another level.")
    name = about.name if _same(about.name, level.about.name) else _free_name(workspace, about.name)
    changed = replace(level, about=_clean(about, name))
    _write(_folder(workspace, level_id), changed)
    return changed


def delete(workspace: Workspace, level_id: str) -> None:
    """Forget a level; an id that is none is passed over."""
    if not _ID.fullmatch(level_id):
        return
    folder = _folder(workspace, level_id)
    gone = folder.with_name(f".gone-{level_id}-{secrets.token_hex(3)}")
    try:
        os.replace(folder, gone)
    except OSError:
        return
    shutil.rmtree(gone, ignore_errors=True)
    shutil.rmtree(workspace.path / _HOMES / level_id, ignore_errors=True)


def homes(workspace: Workspace, level_id: str, content: str, snapshot: str) -> Path | None:
    """The folder that says which customer lives in which region; None before it was worked out."""
    folder = _homes(workspace, level_id, content, snapshot)
    return folder if any(folder.glob("*.parquet")) else None


def save_homes(workspace: Workspace, level_id: str, content: str, snapshot: str, table: pa.Table) -> Path:
    """Keep which customer lives in which region, for a level and a snapshot.

    Parameters
    ----------
    table : pyarrow Table
        ``customer_key``, ``region`` (code); customers in no region are not in it.
    """
    target = _homes(workspace, level_id, content, snapshot)
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    pq.write_table(table, made / "part-0.parquet", compression="zstd")
    try:
        os.replace(made, target)
    except OSError:  # somebody else has just kept the same
        shutil.rmtree(made, ignore_errors=True)
    current = {known.id for known in workspace.snapshots()[-KEPT_SNAPSHOTS:]} | {snapshot}
    for folder in target.parent.iterdir():
        if folder.name.partition("@")[0] not in current and not folder.name.startswith("."):
            shutil.rmtree(folder, ignore_errors=True)
    return target


def _homes(workspace: Workspace, level_id: str, content: str, snapshot: str) -> Path:
    if not (_KEY.fullmatch(level_id) and _KEY.fullmatch(content)):
        raise DataError("boundary_missing", "These boundaries are no longer there. Choose another level.")
    return workspace.path / _HOMES / level_id / f"{snapshot}@{content}"


def _folder(workspace: Workspace, level_id: str) -> Path:
    return workspace.path / FOLDER / level_id


def _write(folder: Path, level: Level) -> None:
    values: dict[str, Any] = {
        "name": level.about.name,
        "source": level.about.source,
        "licence": level.about.licence,
        "added": level.added,
        "regions": level.regions,
        "content": level.content,
        "notes": [list(note) for note in level.notes],
    }
    if level.about.year is not None:
        values["year"] = level.about.year
    temporary = folder / f".level-{secrets.token_hex(4)}"
    with temporary.open("wb") as out:
        out.write(tomli_w.dumps(values).encode("utf-8", errors="replace"))
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, folder / "level.toml")


def _read(folder: Path) -> Level | None:
    try:
        values = tomllib.loads((folder / "level.toml").read_text(encoding="utf-8"))
        year = values.get("year")
        about = About(
            str(values["name"]), str(values["source"]), None if year is None else int(year), values["licence"]
        )
        notes = tuple((str(code), int(n)) for code, n in values["notes"])
        return Level(folder.name, about, values["added"], int(values["regions"]), values["content"], notes)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        return None


def _clean(about: About, name: str) -> About:
    year = about.year if about.year is not None and 1800 <= about.year <= 2200 else None
    return About(
        _line(name, LONGEST_NAME), _line(about.source, LONGEST_NOTE), year, _line(about.licence, 300)
    )


def _line(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest].strip().encode("utf-8", "replace").decode()


def _same(one: str, other: str) -> bool:
    return _line(one, LONGEST_NAME).casefold() == _line(other, LONGEST_NAME).casefold()


def _free_name(workspace: Workspace, name: str) -> str:
    if not _line(name, LONGEST_NAME):
        raise BadName("boundary_name", "A level needs a name. Type one.")
    if any(_same(name, level.about.name) for level in levels(workspace)):
        raise BadName(
            "boundary_name_taken",
            "There is a level {name} already. Type another name.",
            name=_line(name, LONGEST_NAME),
        )
    return name
