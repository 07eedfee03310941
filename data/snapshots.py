"""Immutable, versioned snapshots of a workspace's tables, and the pointer to the current one.

An import writes a hidden draft folder, makes it durable, renames it, and only then replaces the
pointer. A crash at any moment leaves the old snapshot current and whole; readers never wait.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from data.errors import SnapshotMissing

POINTER: Final = "CURRENT"
SNAPSHOTS: Final = "snapshots"
MANIFEST: Final = "manifest.json"
GIVEN: Final = "_given"
"""Behind a placed table's name: its rows as their files gave them, which later files are compared with."""
_DRAFT_PREFIX: Final = ".draft-"


@dataclass(frozen=True)
class Snapshot:
    """One immutable version of a workspace's tables and marts."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the import wrote down: counts, sources, span, currency."""
        loaded: dict[str, Any] = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        return loaded

    def folder(self, table: str) -> Path:
        """The folder of Parquet files of a table or mart."""
        return self.path / table

    def has(self, table: str) -> bool:
        return any(self.folder(table).glob("*.parquet"))


class Draft:
    """A snapshot being written: invisible to readers until ``commit``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._previous = current(root)
        self.id = _new_id()
        self.path = root / SNAPSHOTS / f"{_DRAFT_PREFIX}{self.id}"
        self.path.mkdir(parents=True)

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self._root

    @property
    def previous(self) -> Snapshot | None:
        """The snapshot that was current when the draft was begun."""
        return self._previous

    def folder(self, table: str) -> Path:
        """Make (or find) the folder to write a table's Parquet files into."""
        folder = self.path / table
        folder.mkdir(exist_ok=True)
        return folder

    def keep(self, table: str) -> None:
        """Take a table over from the current snapshot without copying its bytes."""
        if self._previous is None or not self._previous.has(table):
            return
        target = self.folder(table)
        for file in sorted(self._previous.folder(table).glob("*.parquet")):
            _link(file, target / file.name)

    def as_snapshot(self) -> Snapshot:
        """The draft as readers will see it, for building marts from its tables."""
        return Snapshot(self.path)

    def commit(self, manifest: Mapping[str, Any]) -> Snapshot:
        """Make the draft durable and current.

        Parameters
        ----------
        manifest : mapping
            JSON-able facts about the snapshot; ``id``, ``made_at`` and ``parent`` are added.

        Returns
        -------
        Snapshot
        """
        facts = {
            **manifest,
            "id": self.id,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "parent": self._previous.id if self._previous else None,
        }
        _write_durably(self.path / MANIFEST, json.dumps(facts, indent=2, ensure_ascii=False))
        sync_tree(self.path)
        final = self._root / SNAPSHOTS / self.id
        os.rename(self.path, final)
        sync_folder(final.parent)
        _point(self._root, self.id)
        return Snapshot(final)


def current(root: Path) -> Snapshot | None:
    """The snapshot the pointer names, or None before the first import."""
    pointer = root / POINTER
    if not pointer.is_file():
        return None
    name = pointer.read_text(encoding="utf-8").strip()
    return Snapshot(root / SNAPSHOTS / name)


def history(root: Path) -> list[Snapshot]:
    """All whole snapshots, oldest first."""
    folder = root / SNAPSHOTS
    if not folder.is_dir():
        return []
    return [
        Snapshot(path)
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".") and (path / MANIFEST).is_file()
    ]


def rollback(root: Path, snapshot_id: str) -> Snapshot:
    """Make an earlier (or later) snapshot current again; nothing is deleted.

    Raises
    ------
    SnapshotMissing : the workspace has no snapshot of that id.
    """
    for snapshot in history(root):
        if snapshot.id == snapshot_id:
            _point(root, snapshot.id)
            return snapshot
    raise SnapshotMissing(
        "snapshot_missing",
        "There is no snapshot {snapshot} in this workspace. `status` lists the ones there are.",
        snapshot=snapshot_id,
    )


@contextmanager
def draft(root: Path) -> Iterator[Draft]:
    """A draft that is removed again unless it was committed.

    Drafts that a crash left behind are removed too; the caller holds the workspace's lock.
    """
    _remove_drafts(root)
    made = Draft(root)
    try:
        yield made
    finally:
        shutil.rmtree(made.path, ignore_errors=True)


def _new_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(2)}"


def _remove_drafts(root: Path) -> None:
    for left_over in (root / SNAPSHOTS).glob(f"{_DRAFT_PREFIX}*"):
        shutil.rmtree(left_over, ignore_errors=True)


def _point(root: Path, snapshot_id: str) -> None:
    replacement = root / f".{POINTER}-{secrets.token_hex(4)}"
    _write_durably(replacement, snapshot_id + "\n")
    os.replace(replacement, root / POINTER)
    sync_folder(root)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def _write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync_tree(root: Path) -> None:
    """Make the Parquet files and folders below one durable."""
    for path in root.rglob("*.parquet"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for path in [root, *(p for p in root.rglob("*") if p.is_dir())]:
        sync_folder(path)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    if os.name == "nt":  # Windows cannot open a folder for syncing
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
