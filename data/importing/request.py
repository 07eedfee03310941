"""What an import is asked for, and what it came to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.exports.opening import Answers
from data.importing.mapping import TableMapping
from data.importing.places import Placing
from data.importing.progress import Progress, silent
from data.importing.report import TableReport, Words


@dataclass(frozen=True, slots=True)
class Request:
    """What to import: files by table, mappings by table, and who words and places.

    ``exports`` are files, folders and ZIPs of known systems, in any number and mixture; ``answers`` what
    somebody said of those that can be read in two ways. All of it ends in one snapshot.
    """

    files: Mapping[str, Path]
    mappings: Mapping[str, TableMapping]
    words: Words
    placing: Placing
    progress: Progress = silent
    now: dt.datetime | None = None
    fast: bool = True
    exports: Sequence[Path] = field(default=())
    answers: Answers | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import came to.

    ``snapshot`` is the current one afterwards; ``rejects`` the CSV of refused rows, ``emptied`` that of
    cells left empty, ``unplaced`` that of names without a place; ``report`` the JSON with all of it.
    """

    snapshot: str
    tables: Mapping[str, TableReport]
    rejects: Path | None
    emptied: Path | None
    unplaced: Path | None
    report: Path
    changed: bool

    def as_json(self) -> dict[str, Any]:
        """The object that ``import --json`` prints."""
        return {
            "snapshot": self.snapshot,
            "tables": {name: report.counts for name, report in self.tables.items()},
            "rejects": str(self.rejects) if self.rejects else None,
        }
