"""Cells as they come, made into texts that can be compared: no white space, no spreadsheet's guards."""

from __future__ import annotations

from typing import Final

from data.importing import sql

_BLANKS: Final = " \t\r\n\u00a0\u200b\ufeff\u3000"
_EDGE: Final = f"^[{_BLANKS}]|[{_BLANKS}]$"
_GUARD: Final = "^=?[\"']|[\"']$"


def trimmed(column: str, has_blanks: bool) -> str:
    """SQL without white space around, empty as NULL; where a scan of the bytes saw none, as it is."""
    if not has_blanks:
        return column
    trimmed = f"trim({column}, {sql.text(_BLANKS)})"  # dear, so only where it does something
    return (
        f"nullif(CASE WHEN regexp_matches({column}, {sql.text(_EDGE)}) THEN {trimmed} ELSE {column} END, '')"
    )


def parsed(column: str) -> str:
    """The column of a time as it was read, in range or not."""
    return sql.name(f"parsed: {column}")


def unguarded(value: str) -> str:
    """SQL: without the apostrophe or ``="..."`` that keeps a spreadsheet from changing an id."""
    guarded = f"starts_with({value}, chr(39)) OR starts_with({value}, '=')"
    bare = f"nullif(regexp_replace({value}, {sql.text(_GUARD)}, '', 'g'), '')"
    return f"CASE WHEN {guarded} THEN {bare} ELSE {value} END"
