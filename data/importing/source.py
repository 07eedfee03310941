"""What was found out about a file before a row of it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

Form = Literal["csv", "sheet", "parquet"]

TYPED: Final = "\x1f"
"""Marks a cell that a spreadsheet or Parquet file gave as a number: its dot is a decimal point."""

DAMAGED_FROM: Final = 1e15
"""A number in a cell keeps 15 digits: a longer id has lost its last ones."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of rows: a CSV, one sheet of a workbook, or a Parquet file.

    ``header_record`` is the index (from 0) of the header among the file's records, blank ones
    included; ``header_lines`` the physical lines up to and including it.
    """

    path: Path
    name: str
    form: Form
    header: tuple[str, ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    header_record: int = 0
    header_lines: int = 1
    sheet: str = ""
    known_headers: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What the user named: a file, a folder or a ZIP of files that belong to one table."""

    path: Path
    parts: tuple[Part, ...]
    left_out: tuple[str, ...] = field(default=())

    @property
    def header(self) -> tuple[str, ...]:
        return self.parts[0].header
