"""Where expressions run: DuckDB inside this process, or Spark, over the same Parquet snapshots."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from data.errors import SnapshotMissing
from data.people import apply
from data.settings import Engine, settings
from data.snapshots import Snapshot


class Tables:
    """The tables and marts of one snapshot, as Ibis tables on one engine.

    Parameters
    ----------
    snapshot : Snapshot
    engine : {"duckdb", "spark"}, optional
        Default: ``Settings.engine``.
    """

    def __init__(self, snapshot: Snapshot, engine: Engine | None = None) -> None:
        self.snapshot = snapshot
        self.engine: Engine = engine or settings().engine

    def has(self, name: str) -> bool:
        """Whether the snapshot holds that table or mart."""
        return self.snapshot.has(name)

    def table(self, name: str) -> ir.Table:
        """A table or mart of the snapshot, with people in place of the ids that were merged.

        Raises
        ------
        SnapshotMissing : the snapshot does not hold it.
        """
        if name == "customers" and self.has(apply.MERGED):
            return self.raw(apply.MERGED)
        if name in apply.OF_CUSTOMERS and self.has(apply.PEOPLE):
            return apply.with_person(self.raw(name), self.raw(apply.PEOPLE))
        return self.raw(name)

    def raw(self, name: str) -> ir.Table:
        """A table as it was imported, with the ids of its files.

        Raises
        ------
        SnapshotMissing : the snapshot does not hold it.
        """
        if not self.has(name):
            raise SnapshotMissing(
                "table_missing",
                "This needs the table {table}, which this workspace does not have. Import it.",
                table=name,
            )
        return read(self.snapshot.folder(name), self.engine)

    def write(self, expression: ir.Table, folder: Path) -> None:
        """Run an expression and keep its rows as Parquet in a folder."""
        write(expression, folder, self.engine)


def read(folder: Path, engine: Engine) -> ir.Table:
    """A folder of Parquet files as an Ibis table of this thread's connection."""
    return _engine(engine).read(folder)


def write(expression: ir.Table, folder: Path, engine: Engine) -> None:
    """Run an expression on an engine and write its rows as Parquet into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _engine(engine).write(expression, folder)


def connection(engine: Engine) -> BaseBackend:
    """The Ibis connection of the calling thread (for in-memory tables and raw expressions)."""
    return _engine(engine).connection()


class _Engine(Protocol):
    def connection(self) -> BaseBackend: ...
    def read(self, folder: Path) -> ir.Table: ...
    def write(self, expression: ir.Table, folder: Path) -> None: ...


class _DuckDB:
    """One in-memory database a process, one cursor a thread.

    A connection that threads share gives wrong answers in silence.
    """

    def __init__(self) -> None:
        chosen = settings()
        spill = chosen.home / ".spill"
        spill.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {
            "memory_limit": chosen.memory_limit,
            # What does not fit into memory stays among the workspaces, apart for each process.
            "temp_directory": str(spill / str(os.getpid())),
        }
        if chosen.threads:
            options["threads"] = chosen.threads
        self._database = duckdb.connect(":memory:", config=options)
        self._thread = threading.local()

    def connection(self) -> BaseBackend:
        if not hasattr(self._thread, "backend"):
            self._thread.backend = ibis.duckdb.from_connection(self._database.cursor())
            self._thread.read = {}
        backend: BaseBackend = self._thread.backend
        return backend

    def read(self, folder: Path) -> ir.Table:
        backend = self.connection()
        known: dict[Path, ir.Table] = self._thread.read
        if folder not in known:
            if len(known) > 200:  # snapshots come and go; views of old ones are not kept for ever
                known.clear()
            known[folder] = backend.read_parquet(f"{folder}/*.parquet")
        return known[folder]

    def write(self, expression: ir.Table, folder: Path) -> None:
        self.connection().to_parquet(expression, folder / "part-0.parquet", compression="zstd")


class _Spark:
    """A local Spark session (or the cluster of ``SPARK_REMOTE``/``spark.master``), in UTC."""

    def __init__(self) -> None:
        from pyspark.sql import SparkSession

        self._session = (
            SparkSession.builder.appName("setia")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.warehouse.dir", tempfile.mkdtemp(prefix="setia-spark-"))
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.parquet.inferTimestampNTZ.enabled", "true")
            .getOrCreate()
        )
        self._session.sparkContext.setLogLevel("ERROR")
        self._backend = ibis.pyspark.connect(self._session)

    def connection(self) -> BaseBackend:
        return self._backend

    def read(self, folder: Path) -> ir.Table:
        return self._backend.read_parquet(str(folder))

    def write(self, expression: ir.Table, folder: Path) -> None:
        parts = folder / ".spark"
        self._backend.to_parquet_dir(expression, parts)
        for number, part in enumerate(sorted(parts.glob("*.parquet"))):
            part.rename(folder / f"part-{number}.parquet")
        shutil.rmtree(parts)


@cache
def _engine(engine: Engine) -> _Engine:
    return _Spark() if engine == "spark" else _DuckDB()
