"""Forecasts that were computed are kept in the workspace, beside the snapshot they were made from.

A forecast is a folder: ``summary.json`` and ``scores/part-0.parquet``. It appears whole or not at all,
and goes with its snapshot's successor: only those of the newest two snapshots stay.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.workspaces import Workspace

FOLDER = "forecasts"
KEPT_SNAPSHOTS = 2


@dataclass(frozen=True, slots=True)
class Saved:
    """A forecast on disk."""

    path: Path

    @property
    def summary(self) -> str:
        """The summary as it was given."""
        return (self.path / "summary.json").read_text(encoding="utf-8")

    @property
    def scores(self) -> Path | None:
        """The folder of the customers' scores; None where there are none."""
        folder = self.path / "scores"
        return folder if folder.is_dir() else None


def find(workspace: Workspace, snapshot: str, key: str) -> Saved | None:
    """The forecast of a snapshot that was saved under a key; None where there is none."""
    path = _path(workspace, snapshot, key)
    return Saved(path) if (path / "summary.json").is_file() else None


def save(workspace: Workspace, snapshot: str, key: str, summary: str, scores: pa.Table | None) -> Saved:
    """Keep a forecast, in place of one with the same key.

    Parameters
    ----------
    workspace : Workspace
    snapshot : str
        Id of the snapshot it was made from.
    key : str
        All it depends on beside the snapshot; any text.
    summary : str
    scores : pyarrow Table or None

    Returns
    -------
    Saved
    """
    target = _path(workspace, snapshot, key)
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    if scores is not None:
        (made / "scores").mkdir()
        # nearly every score differs: a dictionary would only be built and given up
        pq.write_table(scores, made / "scores" / "part-0.parquet", compression="zstd", use_dictionary=False)
    (made / "summary.json").write_text(summary, encoding="utf-8")
    if target.exists():
        shutil.rmtree(target, ignore_errors=True)
    try:
        os.replace(made, target)
    except OSError:  # somebody else has just saved the same
        shutil.rmtree(made, ignore_errors=True)
    _prune(workspace, snapshot)
    return Saved(target)


def _path(workspace: Workspace, snapshot: str, key: str) -> Path:
    digest = hashlib.sha256(key.encode()).hexdigest()[:20]
    return workspace.path / FOLDER / snapshot / digest


def _prune(workspace: Workspace, snapshot: str) -> None:
    """Drop forecasts of snapshots long past."""
    ids = [known.id for known in workspace.snapshots()][-KEPT_SNAPSHOTS:]
    for folder in (workspace.path / FOLDER).iterdir():
        if folder.name not in {*ids, snapshot}:
            shutil.rmtree(folder, ignore_errors=True)
