"""The log of what left a workspace as a file of customers: appended to, never rewritten.

One JSON object a line in ``exports.jsonl``. It says which list, not who was in it; that stands beside it as
keyed hashes (``data.export_members``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from data.workspaces import Workspace

FILE: Final = "exports.jsonl"
LONGEST: Final = 2000
_READ_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Export:
    """One file that was made.

    Parameters
    ----------
    at : datetime
        When, in UTC.
    list : str
        What it was called on screen.
    rule : str
        Whom it holds, in words.
    columns : tuple of str
        Codes of the columns.
    count : int
        Customers in it.
    file : str
        Its name.
    language : str
    contact : str
        The channel whose contacts it holds; empty for none.
    who : str
        Under which name ``data.export_members`` keeps who was in it; empty: not kept.
    """

    at: datetime
    list: str
    rule: str
    columns: tuple[str, ...]
    count: int
    file: str
    language: str
    contact: str = ""
    who: str = ""


def append(
    workspace: Workspace,
    *,
    title: str,
    rule: str,
    columns: Sequence[str],
    count: int,
    file: str,
    language: str,
    contact: str = "",
    who: str = "",
) -> Export:
    """Write one line, durably, after all others.

    Two sessions may write at once: a line goes out in one call, and the system appends it whole.
    """
    made = Export(
        datetime.now(UTC).replace(microsecond=0),
        title[:LONGEST],
        rule[:LONGEST],
        tuple(columns),
        int(count),
        file,
        language,
        contact,
        who,
    )
    line = json.dumps({**asdict(made), "at": made.at.isoformat()}, ensure_ascii=True) + "\n"
    handle = os.open(_path(workspace), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    return made


def exports(workspace: Workspace, most: int = 200) -> list[Export]:
    """The last exports, the newest first; a line that was cut off is passed over."""
    path = _path(workspace)
    if not path.is_file():
        return []
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _READ_BYTES))
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    read = [_read(line) for line in reversed(lines)]
    return [each for each in read if each is not None][:most]


def _read(line: str) -> Export | None:
    try:
        values: dict[str, Any] = json.loads(line)
        at = datetime.fromisoformat(values.pop("at"))
        return Export(at=at, columns=tuple(values.pop("columns")), **values)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _path(workspace: Workspace) -> Path:
    return workspace.path / FILE
