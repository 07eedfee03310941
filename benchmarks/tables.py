"""A snapshot made of generated files with DuckDB alone, for benchmarks that are not about importing."""

from __future__ import annotations

from pathlib import Path

import duckdb

from data import snapshots
from data.importing import sql
from data.marts.build import build_marts
from data.reference import loader
from data.schema import TABLES, Column
from data.snapshots import Draft
from data.workspaces import Config, Workspace, create


def tables_of(files: Path, draft: Draft) -> None:
    """Write ``transactions``, ``customers`` and ``stores`` of generated files into a draft.

    Rows whose date or amount cannot be read are left out; customers get their state's code, and
    those without coordinates the point of their state.
    """
    with duckdb.connect() as database:
        database.execute("SET preserve_insertion_order = false")
        database.register("region", loader.regions_of("MY")[["name", "code", "lat", "lon"]])
        for name in ("transactions", "customers", "stores"):
            database.execute(
                f"CREATE OR REPLACE VIEW raw AS FROM read_csv('{files / name}.csv', all_varchar = true)"
            )
            given = {row[0] for row in database.execute("DESCRIBE raw").fetchall()}
            columns = ", ".join(_column(column, given) for column in TABLES[name].columns)
            target = draft.folder(name) / "part-0.parquet"
            database.execute(
                f"COPY (SELECT {columns} FROM raw {_joins(name)}) TO '{target}' (COMPRESSION zstd)"
            )


def workspace_of(files: Path, home: Path, name: str = "bench") -> Workspace:
    """An empty workspace for generated files."""
    return create(home, name, Config(title=f"Bench {files.name}"))


def _column(column: Column, given: set[str]) -> str:
    kind = sql.TYPES[column.kind]
    known = {
        "region_code": "region.code",
        "geo_precision": "CASE WHEN raw.lat IS NULL THEN 'region' ELSE 'exact' END",
        "order_id_derived": "false",
    }
    if column.name in ("lat", "lon") and "region" in given:
        value = f"coalesce(TRY_CAST(raw.{column.name} AS DOUBLE), region.{column.name})"
    elif column.name in given:
        value = f"TRY_CAST(raw.{column.name} AS {kind})"
    elif column.name == "region_code" and "region" not in given:
        value = "NULL"
    else:
        value = known.get(column.name, "NULL")
    return f"CAST({value} AS {kind}) AS {column.name}"


def _joins(name: str) -> str:
    if name == "transactions":
        return (
            "WHERE TRY_CAST(ordered_at AS TIMESTAMP) IS NOT NULL "
            "AND TRY_CAST(amount AS DECIMAL(18,4)) IS NOT NULL"
        )
    return "LEFT JOIN region ON raw.region = region.name" if name == "customers" else ""


def filled_home(files: Path) -> Path:
    """A SETIA_HOME beside generated files with one workspace of them, made once."""
    home = files / "home"
    workspace = workspace_of(files, home)
    if workspace.current() is None:
        with snapshots.draft(workspace.path) as draft:
            tables_of(files, draft)
            draft.commit(build_marts(draft, workspace.config))
    return home
