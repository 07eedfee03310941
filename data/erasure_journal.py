"""The moment at which an erasure counts: a journal of renames, carried through whoever comes next.

Before the journal is there, nothing of the workspace was touched; once it is there, every step can be
repeated. It names snapshots and files, nobody in them.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from data import snapshots

JOURNAL: Final = ".erasing.json"
STAGE: Final = ".erasing"
REBUILT: Final = ".erasing-"
FORECASTS: Final = "forecasts"


def write_journal(root: Path, pairs: Sequence[tuple[str, str]], files: Sequence[tuple[str, str]]) -> None:
    """Make an erasure count.

    Parameters
    ----------
    root : Path
        The workspace's folder.
    pairs : sequence of (old id, new id)
        Snapshots that were written anew, as folders named ``REBUILT`` + new id.
    files : sequence of (target, staged)
        Paths inside the workspace, and names in the folder ``STAGE``.
    """
    for _, new in pairs:
        snapshots.sync_tree(root / snapshots.SNAPSHOTS / f"{REBUILT}{new}")
    pointed = snapshots.current(root)
    content = {"snapshots": list(pairs), "files": list(files), "current": pointed.id if pointed else None}
    made = root / f"{JOURNAL}.new"
    with made.open("w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(made, root / JOURNAL)
    snapshots.sync_folder(root)


def finish(root: Path) -> None:
    """Carry a journal through; each step does nothing when it was done already."""
    held: dict[str, Any] = json.loads((root / JOURNAL).read_text(encoding="utf-8"))
    folder = root / snapshots.SNAPSHOTS
    renamed = {str(old): str(new) for old, new in held["snapshots"]}
    for new in renamed.values():
        if (folder / f"{REBUILT}{new}").is_dir():
            os.rename(folder / f"{REBUILT}{new}", folder / new)
    if held["current"] in renamed:
        snapshots.rollback(root, renamed[held["current"]])
    for target, staged in held["files"]:
        if (root / STAGE / staged).is_file():
            (root / target).parent.mkdir(parents=True, exist_ok=True)
            os.replace(root / STAGE / staged, root / target)
    for old in renamed:
        shutil.rmtree(root / FORECASTS / old, ignore_errors=True)
        shutil.rmtree(folder / old, ignore_errors=True)
    shutil.rmtree(root / STAGE, ignore_errors=True)
    (root / JOURNAL).unlink()
    snapshots.sync_folder(root)


def recover(root: Path) -> None:
    """Finish an erasure that counts, or take away one that does not; the caller holds the lock."""
    if (root / JOURNAL).is_file():
        finish(root)
        return
    (root / f"{JOURNAL}.new").unlink(missing_ok=True)
    shutil.rmtree(root / STAGE, ignore_errors=True)
    for left_over in (root / snapshots.SNAPSHOTS).glob(f"{REBUILT}*"):
        shutil.rmtree(left_over, ignore_errors=True)
