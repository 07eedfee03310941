"""The tables of a sample as the files a merchant would bring."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv


def write_files(tables: Mapping[str, pd.DataFrame], folder: Path) -> dict[str, Path]:
    """Write each table as a CSV file in UTF-8.

    Parameters
    ----------
    tables : mapping of DataFrame
        By table name.
    folder : Path
        Made when missing; files are called ``<table>.csv``.

    Returns
    -------
    dict of Path
        By table name. The same tables give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return {name: _write(table, folder / f"{name}.csv") for name, table in tables.items()}


def _write(table: pd.DataFrame, path: Path) -> Path:
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    columns = [_as_text(column) for column in arrow.columns]
    pacsv.write_csv(pa.table(columns, names=arrow.column_names), path)
    return path


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Timestamps without fractions, booleans as words; all else as Arrow writes it."""
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%d %H:%M:%S")
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "yes", "no")
    return column
