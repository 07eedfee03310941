"""Market data of a workspace: visits to own stores and competitors by place, as somebody brought them.

One JSON file, replaced atomically. A file that does not read as market data counts as none.
"""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from data.site_plans import write_atomically
from data.workspaces import Workspace

FOLDER: Final = "market"
FILE: Final = "visits.json"
MOST: Final = 20_000
LARGEST: Final = 8_000_000
LONGEST: Final = 80
KINDS: Final = ("visits", "share")

Row = tuple[str, float, float, str, float]
"""Place as written, latitude, longitude, store id, visits."""


@dataclass(frozen=True, slots=True)
class About:
    """Where market data come from; ``version`` changes with them. ``name`` and ``source`` are data: write
    them safely.
    """

    kind: str
    name: str
    source: str
    kept_on: date
    version: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Market data and where they come from."""

    about: About
    rows: tuple[Row, ...]


def current(workspace: Workspace) -> Kept | None:
    """What is kept; None where nothing, or nothing readable, is."""
    try:
        path = workspace.path / FOLDER / FILE
        if path.stat().st_size > LARGEST:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
        about = About(
            str(found["kind"]),
            str(found["name"])[:LONGEST],
            str(found["source"])[:LONGEST],
            date.fromisoformat(found["kept_on"]),
            str(found["version"])[:16],
        )
        rows = tuple(_row(row) for row in found["rows"][:MOST])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Kept(about, rows) if about.kind in KINDS and rows else None


def keep(
    workspace: Workspace, rows: Sequence[Row], kind: str, on: date, *, name: str = "", source: str = ""
) -> About:
    """Put market data in use, in place of those before.

    Raises
    ------
    ValueError : no row, more than ``MOST``, or a number that is none.
    """
    if not 0 < len(rows) <= MOST:
        raise ValueError(f"Market data need 1 to {MOST} rows; got {len(rows)}.")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {KINDS}; got {kind!r}.")
    made = About(kind, name[:LONGEST], source[:LONGEST], on, secrets.token_hex(8))
    content: dict[str, Any] = {
        "kind": kind,
        "name": made.name,
        "source": made.source,
        "kept_on": on.isoformat(),
        "version": made.version,
        "rows": [list(_row(row)) for row in rows],
    }
    write_atomically(workspace.folder(FOLDER) / FILE, content)
    return made


def remove(workspace: Workspace) -> None:
    """Forget the market data."""
    (workspace.path / FOLDER / FILE).unlink(missing_ok=True)


def _row(row: Any) -> Row:
    place, lat, lon, store, visits = row
    numbers = float(lat), float(lon), float(visits)
    if not all(math.isfinite(value) for value in numbers) or visits < 0:
        raise ValueError(f"Rows of market data need finite numbers, visits of 0 or more; got {row!r}.")
    return str(place)[:LONGEST], numbers[0], numbers[1], str(store), numbers[2]
