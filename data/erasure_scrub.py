"""Taking a person out of files that are no tables of a snapshot: lists of refused rows, logs, notes."""

# ruff: noqa: S608  values reach a statement as parameters or as quoted paths

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from data.importing import sql

ERASED: Final = "(erased)"
SHORTEST_INSIDE: Final = 5
"""A value as short as this is looked for as a whole cell only, not inside longer texts."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What of a person may stand in a file: ids, names, phones in their spellings, e-mails."""

    values: frozenset[str]

    @classmethod
    def of(cls, values: Iterable[str | None]) -> Traces:
        """Of values as they were written; phones also as digits only."""
        kept = {value.strip() for value in values if value and value.strip()}
        digits = {re.sub(r"\D", "", v) for v in kept if re.fullmatch(r"\+?[\d ()-]{7,}", v)}
        return cls(frozenset(v for v in kept | digits if len(v) > 0))

    @property
    def inside(self) -> re.Pattern[str] | None:
        """A pattern of the values that are long enough to be looked for inside other text."""
        long = sorted((v for v in self.values if len(v) >= SHORTEST_INSIDE), key=len, reverse=True)
        if not long:
            return None
        written = "|".join(re.escape(v).replace(r"\ ", r"\s+") for v in long)
        return re.compile(rf"(?<![\w@])(?:{written})(?![\w@])", re.IGNORECASE)

    def touch(self, cell: object) -> bool:
        """Whether a cell tells of the person."""
        if cell is None or isinstance(cell, (bool, float)):
            return False
        text = str(cell).strip()
        inside = self.inside
        return text in self.values or bool(inside and inside.search(text))


def scrubbed(path: Path, traces: Traces) -> bytes | None:
    """The content of a file without the person; None where it tells nothing of them.

    Rows of Parquet and CSV files go; in JSON and TOML the text is replaced. Any other file is left.
    """
    if path.suffix == ".parquet":
        return _parquet(path, traces)
    made = _TEXTS.get(path.suffix)
    if made is None:
        return None
    before = path.read_bytes()
    after = made(before.decode("utf-8", errors="surrogateescape"), traces)
    content = after.encode("utf-8", errors="surrogateescape")
    return content if content != before else None


def _parquet(path: Path, traces: Traces) -> bytes | None:
    """Drop rows that hold a value of the person; only the distinct texts that may are looked at."""
    with duckdb.connect(":memory:") as connection:
        rows = f"read_parquet({sql.text(path)})"
        described = connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
        texts = [str(row[0]) for row in described if row[1] == "VARCHAR"]
        inside = traces.inside
        pattern = inside.pattern.removeprefix(r"(?<![\w@])").removesuffix(r"(?![\w@])") if inside else "$^"
        conditions = []
        for name in texts:
            column = sql.name(name)
            may = f"list_contains($1, trim({column})) OR regexp_matches({column}, $2, 'i')"
            query = f"SELECT DISTINCT {column} FROM {rows} WHERE {may}"
            found = connection.execute(query, [sorted(traces.values), pattern]).fetchall()
            values = [str(row[0]) for row in found if traces.touch(row[0])]
            if values:
                conditions.append(f"coalesce({column} IN (SELECT unnest({sql.texts(values)})), false)")
        if not conditions:
            return None
        target = path.with_name(f".{path.name}-erasing")
        try:
            connection.execute(
                f"COPY (SELECT * FROM {rows} WHERE NOT ({' OR '.join(conditions)})) "
                f"TO {sql.text(target)} (FORMAT parquet, COMPRESSION zstd)"
            )
            return target.read_bytes()
        finally:
            target.unlink(missing_ok=True)


def _csv(text: str, traces: Traces) -> str:
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    kept = [row for row in rows if not any(traces.touch(cell.lstrip("'")) for cell in row)]
    if len(kept) == len(rows):
        return text
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(kept)
    return bom + out.getvalue()


def _json(text: str, traces: Traces) -> str:
    try:
        read = json.loads(text)
    except ValueError:
        return _plain(text, traces)
    made = _inside(read, traces)
    return text if made == read else json.dumps(made, ensure_ascii=False, indent=2)


def _json_lines(text: str, traces: Traces) -> str:
    lines = []
    for line in text.splitlines():
        try:
            read = json.loads(line)
        except ValueError:
            lines.append(_plain(line, traces))
            continue
        made = _inside(read, traces)
        lines.append(line if made == read else json.dumps(made, ensure_ascii=True))
    return text if lines == text.splitlines() else "".join(f"{line}\n" for line in lines)


def _inside(value: Any, traces: Traces) -> Any:
    if isinstance(value, dict):
        return {str(_inside(key, traces)): _inside(each, traces) for key, each in value.items()}
    if isinstance(value, list):
        return [_inside(each, traces) for each in value]
    if isinstance(value, str):
        return ERASED if value.strip() in traces.values else _plain(value, traces)
    return value


def _plain(text: str, traces: Traces) -> str:
    inside = traces.inside
    return inside.sub(ERASED, text) if inside else text


_TEXTS: Final[dict[str, Callable[[str, Traces], str]]] = {
    ".csv": _csv,
    ".json": _json,
    ".jsonl": _json_lines,
    ".toml": _plain,
    ".txt": _plain,
}
