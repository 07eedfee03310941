"""Puts customers and stores on the map at import, by functions that the caller hands in."""

# ruff: noqa: S608  values reach a statement through sql.text and sql.name only

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.importing import sql
from data.importing.report import summed
from data.schema import CUSTOMERS, STORES

_ROWS: Final = 250_000
WRITTEN: Final = ("postcode", "village", "subdistrict", "district", "city", "region", "country")
"""The columns of an address in words."""
_ADDRESS: Final = (*WRITTEN, "lat", "lon")


@dataclass(frozen=True, slots=True)
class Placing:
    """What geography offers to the import.

    Attributes
    ----------
    customers : callable
        ``(frame, country) -> frame``: ``lat, lon, geo_precision, region_code, problem, problem_field``.
    stores : callable
        ``frame -> frame``: ``region_code, problem``.
    unplaced : callable
        ``(frame, placed) -> frame``: the names that could not be placed, with counts.
    """

    customers: Callable[[pd.DataFrame, str], pd.DataFrame]
    stores: Callable[[pd.DataFrame], pd.DataFrame]
    unplaced: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Problems:
    """Customers by problem, and the names behind them."""

    counts: dict[str, int]
    names: pd.DataFrame


def place_customers(
    connection: duckdb.DuckDBPyConnection, given: Sequence[Path], target: Path, placing: Placing, country: str
) -> Problems:
    """Write the customers with coordinates, precision and region.

    Parameters
    ----------
    connection : DuckDBPyConnection
    given : sequence of Path
        Parquet of the customers as their files gave them.
    target : Path
        Parquet to write.
    placing : Placing
    country : str
        ISO 3166 code of a customer who states none.

    Returns
    -------
    Problems
    """
    kept = ", ".join(sql.name(c.name) for c in CUSTOMERS.given if c.name not in ("lat", "lon"))
    read = f"SELECT {kept}, lat, lon FROM read_parquet({sql.texts(given)}) ORDER BY customer_id"
    reader = connection.execute(read).to_arrow_reader(_ROWS)
    counts: dict[str, int] = {}
    names: list[pd.DataFrame] = []
    writer: pq.ParquetWriter | None = None
    for batch in reader:
        table = pa.Table.from_batches([batch])
        frame = table.select(_ADDRESS).to_pandas()
        placed = placing.customers(frame, country)
        rows = _with_places(table, placed)
        writer = writer or pq.ParquetWriter(target, rows.schema)
        writer.write_table(rows)
        found = placed.loc[placed["problem"] != "", "problem"].value_counts()
        counts = summed(counts, {str(code): int(n) for code, n in found.items()})
        names.append(placing.unplaced(frame, placed))
    if writer is not None:
        writer.close()
    return Problems(counts, _added_up(names))


def place_stores(
    connection: duckdb.DuckDBPyConnection, given: Sequence[Path], target: Path, placing: Placing
) -> dict[str, int]:
    """Write the stores with their region; stores by problem come back."""
    kept = ", ".join(sql.name(c.name) for c in STORES.given)
    table = connection.execute(
        f"SELECT {kept} FROM read_parquet({sql.texts(given)}) ORDER BY store_id"
    ).to_arrow_table()
    placed = placing.stores(table.select(["lat", "lon"]).to_pandas())
    region = pa.array(placed["region_code"].astype(object), pa.string(), from_pandas=True)
    pq.write_table(table.append_column("region_code", region), target)
    found = placed.loc[placed["problem"] != "", "problem"].value_counts()
    return {str(code): int(n) for code, n in found.items()}


def _with_places(table: pa.Table, placed: pd.DataFrame) -> pa.Table:
    order = [c.name for c in CUSTOMERS.columns]
    missing = (name for name in order if name not in table.column_names)
    columns = {name: table.column(name) for name in table.column_names}
    columns |= {name: pa.nulls(len(table), pa.string()) for name in missing}
    columns["lat"] = pa.array(placed["lat"], pa.float64(), from_pandas=True)
    columns["lon"] = pa.array(placed["lon"], pa.float64(), from_pandas=True)
    for name in ("geo_precision", "region_code"):
        columns[name] = pa.array(placed[name].astype(object), pa.string(), from_pandas=True)
    return pa.table({name: columns[name] for name in order})


def _added_up(names: Sequence[pd.DataFrame]) -> pd.DataFrame:
    found = [frame for frame in names if len(frame)]
    if not found:
        return pd.DataFrame(columns=["problem", "field", "value", "region", "country", "customers"])
    together = pd.concat(found, ignore_index=True)
    keys = [c for c in together.columns if c != "customers"]
    added: pd.DataFrame = together.groupby(keys, sort=False)[["customers"]].sum().reset_index()
    return added.sort_values("customers", ascending=False)
