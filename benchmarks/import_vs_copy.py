"""An import with validation, refusals and counts, against DuckDB's bare COPY of the same CSV to Parquet.

The marts are timed apart. What was read, loaded and refused must agree with what the generator wrote.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from benchmarks import measure
from benchmarks.measure import Spent
from benchmarks.offline import nowhere, words
from data.importing.run import Outcome, Request
from data.importing.run import run as import_files
from data.settings import settings
from data.workspaces import Config

AIM = 2.5
NOTE = (
    "`transactions.csv` with 1 row in 1,000 that must be refused, into a new workspace, against "
    "`COPY (FROM read_csv(..., ignore_errors)) TO ... (COMPRESSION zstd)`. The marts are timed apart."
)


def run(files: Path, scratch: Path, rounds: int) -> str:
    """Import in alternation with COPY.

    Returns
    -------
    str
        A Markdown table: import without marts, and import with marts, against COPY.
    """
    expected = json.loads((files / "expected.json").read_text(encoding="utf-8"))
    marts: list[Spent] = []

    def ours() -> Spent:
        seconds = _setia(files, scratch / "home", expected)
        marts.append(seconds["marts"])
        return seconds["import"]

    plain = measure.alternate(
        "import (validated, refused rows kept)",
        ours,
        lambda: _copy(files, scratch / "copy.parquet"),
        rounds,
        AIM,
    )
    both = [a + b for a, b in zip(plain.ours, marts, strict=True)]
    with_marts = measure.Comparison("import and marts", both, plain.yardstick)
    rows = expected["rows"] / min(one.wall for one in plain.ours)
    table = measure.table(measure.COMPARISON_HEAD, [plain.row(), with_marts.row()])
    return (
        f"{table}\n\n{rows:,.0f} rows a second at best; {expected['bad_rows']:,} rows refused, as generated."
    )


def _setia(files: Path, home: Path, expected: dict[str, Any]) -> dict[str, Spent]:
    shutil.rmtree(home, ignore_errors=True)
    marks: list[tuple[str, Spent]] = []
    request = Request(
        {"transactions": files / "transactions.csv"},
        {},
        words,
        nowhere(),
        lambda step, subject, share: marks.append((step, measure.now())),
    )
    start = measure.now()
    outcome = import_files(replace(settings(), home=home), "bench", request, Config(title="Bench"))
    end = measure.now()
    _check(outcome, expected)
    ends = [moment for _, moment in marks[1:]] + [end]
    parts = (b - a for (step, a), b in zip(marks, ends, strict=True) if step == "marts")
    marts = sum(parts, start=measure.NOTHING)
    return {"import": end - start - marts, "marts": marts}


def _check(outcome: Outcome, expected: dict[str, Any]) -> None:
    counts = outcome.tables["transactions"].counts
    if counts["rejected"] != expected["bad_rows"] or counts["read"] != expected["rows"]:
        raise AssertionError(f"The import counted {counts}; the file holds {expected}.")


def _copy(files: Path, target: Path) -> Spent:
    target.unlink(missing_ok=True)
    options: dict[str, Any] = {"memory_limit": settings().import_memory_limit}
    if settings().threads:
        options["threads"] = settings().threads
    with duckdb.connect(config=options) as database:
        source = f"read_csv('{files / 'transactions.csv'}', ignore_errors = true)"
        return measure.spent(
            lambda: database.execute(f"COPY (FROM {source}) TO '{target}' (COMPRESSION zstd)")
        )
