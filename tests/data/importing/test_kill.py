"""kill -9 at any moment of an import leaves the old or the new snapshot whole, and the next import works."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import duckdb
import pytest

from data import workspaces
from data.__main__ import main
from data.schema import MARTS

CONTEXT = multiprocessing.get_context("forkserver" if os.name != "nt" else "spawn")
MOMENTS = 20
ROWS = 4_000


def orders(path: Path, rows: int, amount: int) -> Path:
    lines = [f"{i // 2},2026-{i % 9 + 1:02d}-05 10:00:00,{amount},C{i % 300}" for i in range(rows)]
    path.write_text("Order ID,Order Date,Amount,Customer ID\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home that the processes of this module write into; they start quickly, with the modules loaded."""
    path = tmp_path_factory.mktemp("killed") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SETIA_HOME", str(path))
        CONTEXT.set_forkserver_preload(["data.__main__", "data.importing.run"])
        yield path


def start(file: Path) -> BaseProcess:
    """The command line in a process of its own."""
    arguments = ["import", "--workspace", "kedai", "--transactions", str(file)]
    process = CONTEXT.Process(target=main, args=(arguments,))
    process.start()
    return process


def finish(file: Path) -> float:
    """Import to the end; seconds."""
    begun = time.monotonic()
    process = start(file)
    process.join(timeout=240)
    assert process.exitcode == 0
    return time.monotonic() - begun


def content(home: Path) -> tuple[int, int]:
    """Lines and money of the current snapshot, after every table and mart was read to its end."""
    snapshot = workspaces.open_workspace(home, "kedai").current()
    assert snapshot is not None
    for name in ("transactions", *MARTS):
        assert snapshot.has(name), name
        duckdb.sql(
            f"SELECT count(*) FROM (SELECT * FROM read_parquet('{snapshot.folder(name)}/*.parquet'))"
        ).fetchall()
    transactions = f"read_parquet('{snapshot.folder('transactions')}/*.parquet')"
    lines, money = duckdb.sql(f"SELECT count(*), sum(amount)::INTEGER FROM {transactions}").fetchall()[0]
    assert snapshot.manifest["rows"]["transactions"] == lines
    return lines, money


@pytest.mark.timeout(600)
@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_killed_at_twenty_moments_the_workspace_holds_one_whole_snapshot(home: Path, tmp_path: Path) -> None:
    chance = random.Random(20261123)
    first, following = (ROWS, ROWS * 10), tmp_path / "next.csv"
    finish(orders(tmp_path / "first.csv", ROWS, 10))
    assert content(home) == first
    took = finish(orders(following, ROWS, 11))
    held, landed = (ROWS, ROWS * 11), 0
    for amount in range(12, 12 + MOMENTS):
        process = start(orders(following, ROWS, amount))
        time.sleep(chance.uniform(0, took * 1.1))
        process.kill()
        process.join()
        found = content(home)
        assert found in (held, (ROWS, ROWS * amount))
        landed += found != held
        held = found
    assert landed < MOMENTS
    finish(orders(tmp_path / "last.csv", ROWS, 99))
    assert content(home) == (ROWS, ROWS * 99)
    left = [p.name for p in (home / "workspaces" / "kedai" / "snapshots").iterdir() if p.name.startswith(".")]
    assert left == []
