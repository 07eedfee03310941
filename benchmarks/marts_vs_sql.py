"""Each mart as Setia builds it, against SQL written by hand for the same mart (``benchmarks/sql``).

Both read and write Parquet with the same DuckDB settings. The first mart, ``orders``, includes
what it alone needs (order totals, customer keys). Rows and sums of both are checked to be equal.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from benchmarks import measure
from benchmarks.measure import Spent
from benchmarks.tables import tables_of, workspace_of
from data import snapshots
from data.marts.build import build_marts
from data.schema import MARTS
from data.settings import settings
from data.snapshots import Draft
from data.workspaces import Config

AIM = 1.5
NOTE = (
    "Each mart as built at import (Ibis on DuckDB) against SQL written by hand; both read and write "
    "Parquet. `orders` includes order totals and customer keys."
)
_SQL = Path(__file__).parent / "sql"
_CHECKED = ("amount", "revenue", "orders", "customers")


def run(files: Path, scratch: Path, rounds: int) -> str:
    """Build all marts in alternation with the hand-written SQL.

    Parameters
    ----------
    files : Path
        Generated CSV files.
    scratch : Path
        Room for a snapshot and its marts.

    Returns
    -------
    str
        A Markdown table with one row per mart.
    """
    workspace = workspace_of(files, scratch)
    with snapshots.draft(workspace.path) as draft:
        tables_of(files, draft)
        ours: list[dict[str, Spent]] = []
        theirs: list[dict[str, Spent]] = []
        for number in range(rounds):
            if number % 2:
                theirs.append(_by_hand(draft, scratch / "sql"))
            ours.append(_setia(draft))
            if not number % 2:
                theirs.append(_by_hand(draft, scratch / "sql"))
        _check(draft, scratch / "sql")
    rows = [
        measure.Comparison(mart, [s[mart] for s in ours], [s[mart] for s in theirs], AIM).row()
        for mart in (*MARTS, "all")
    ]
    return measure.table(measure.COMPARISON_HEAD, rows)


def _setia(draft: Draft) -> dict[str, Spent]:
    """Cost by mart: from one progress call to the next."""
    marks: list[tuple[str, Spent]] = []
    start = measure.now()
    build_marts(draft, Config(), progress=lambda mart: marks.append((mart, measure.now())))
    end = measure.now()
    begins = [start, *(moment for _, moment in marks[1:])]
    ends = [*(moment for _, moment in marks[1:]), end]
    spent = {mart: b - a for (mart, _), a, b in zip(marks, begins, ends, strict=True)}
    return {**spent, "all": end - start}


def _by_hand(draft: Draft, folder: Path) -> dict[str, Spent]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    paths = {name: f"{draft.folder(name)}/*.parquet" for name in ("transactions", "customers", "stores")}
    paths |= {mart: f"{folder / mart}.parquet" for mart in MARTS}
    spent = {}
    with duckdb.connect(config={"memory_limit": settings().memory_limit}) as database:
        for mart in MARTS:
            query = (_SQL / f"{mart}.sql").read_text(encoding="utf-8").format(**paths)
            statement = f"COPY ({query}) TO '{paths[mart]}' (COMPRESSION zstd)"
            spent[mart] = measure.spent(lambda text=statement: database.execute(text))
    return {**spent, "all": sum(spent.values(), start=measure.NOTHING)}


def _check(draft: Draft, folder: Path) -> None:
    """Rows and sums of both must be equal, or the comparison means nothing."""
    for mart in MARTS:
        found = [_digest(f"{draft.folder(mart)}/*.parquet"), _digest(f"{folder / mart}.parquet")]
        if found[0].keys() != found[1].keys() or any(
            abs(found[0][key] - found[1][key]) > 1e-6 * (1 + abs(found[0][key])) for key in found[0]
        ):
            raise AssertionError(f"{mart} differs from its SQL: {found[0]} and {found[1]}")


def _digest(path: str) -> dict[str, float]:
    names = duckdb.sql(f"FROM read_parquet('{path}') LIMIT 0").columns
    sums = [f"sum({name})::DOUBLE AS {name}" for name in _CHECKED if name in names]
    row = duckdb.sql(f"SELECT count(*)::DOUBLE AS rows, {', '.join(sums)} FROM read_parquet('{path}')")
    return dict(zip(row.columns, row.fetchone() or (), strict=True))
