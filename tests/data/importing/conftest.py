"""Fixtures of the import tests: files are written as text; marts are left out where they do not matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from data import workspaces
from data.importing import run as importing
from data.importing.mapping import TableMapping, from_toml
from data.importing.places import Placing
from data.importing.run import Outcome, Request
from data.settings import Settings
from data.workspaces import Workspace

NOW = dt.datetime(2026, 11, 23, 12, 0)


def words(key: str, **fields: Any) -> str:
    """A translator that shows its keys."""
    return f"{key} {fields}" if fields else key


def placed(frame: pd.DataFrame, country: str) -> pd.DataFrame:
    """Placing that knows one town."""
    is_klang = frame["city"].fillna("") == "Klang"
    has_point = frame["lat"].notna()
    out = pd.DataFrame(index=frame.index)
    out["lat"] = frame["lat"].astype(float).where(has_point, is_klang.map({True: 3.04, False: float("nan")}))
    out["lon"] = (
        frame["lon"].astype(float).where(has_point, is_klang.map({True: 101.45, False: float("nan")}))
    )
    out["geo_precision"] = "none"
    out.loc[is_klang, "geo_precision"] = "city"
    out.loc[has_point, "geo_precision"] = "exact"
    out["region_code"] = is_klang.map({True: "MY-10", False: None})
    out["problem"] = out["geo_precision"].map({"none": "place_unknown"}).fillna("")
    out["problem_field"] = out["problem"].map({"place_unknown": "city"}).fillna("")
    return out


def unplaced(frame: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    wrong = found["problem"] != ""
    names = frame.loc[wrong, "city"].fillna("")
    return pd.DataFrame(
        {
            "problem": "place_unknown",
            "field": "city",
            "value": names,
            "region": "",
            "country": "",
            "customers": 1,
        }
    )


PLACING = Placing(
    customers=placed,
    stores=lambda frame: pd.DataFrame({"region_code": None, "problem": ""}, index=frame.index),
    unplaced=unplaced,
)


@dataclass
class Bench:
    """Writes files, imports them, and reads what came of it."""

    folder: Path
    settings: Settings
    outcome: Outcome | None = None
    told: list[str] = field(default_factory=list)

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def load(
        self, mapping: str | dict[str, TableMapping] = "", *, fast: bool = True, **files: Path | str | bytes
    ) -> Outcome:
        """Import files by table; a text or bytes is the content of a CSV."""
        paths = {
            table: given if isinstance(given, Path) else self.file(f"{table}.csv", given)
            for table, given in files.items()
        }
        mappings = from_toml(mapping) if isinstance(mapping, str) else mapping
        request = Request(
            files=paths,
            mappings=mappings,
            words=words,
            placing=PLACING,
            progress=lambda step, subject, share: self.told.append(step),
            now=NOW,
            fast=fast,
        )
        self.outcome = importing.run(self.settings, "kedai", request)
        return self.outcome

    def counts(self, table: str = "transactions") -> tuple[int, int, int, int, int]:
        """read, loaded, rejected, duplicates, updated of the last import."""
        assert self.outcome is not None
        counts = self.outcome.tables[table].counts
        return (counts["read"], counts["loaded"], counts["rejected"], counts["duplicates"], counts["updated"])

    def workspace(self) -> Workspace:
        return workspaces.open_workspace(self.settings.home, "kedai")

    def rows(
        self, columns: str = "*", table: str = "transactions", order: str = "ALL"
    ) -> list[tuple[Any, ...]]:
        """Rows of a table of the current snapshot."""
        snapshot = self.workspace().current()
        assert snapshot is not None
        query = f"SELECT {columns} FROM read_parquet('{snapshot.folder(table)}/*.parquet') ORDER BY {order}"
        return duckdb.sql(query).fetchall()

    def refused(self) -> list[tuple[Any, ...]]:
        """record, column, value and code of the refused rows of the last import."""
        assert self.outcome is not None
        assert self.outcome.rejects is not None
        path = self.outcome.rejects.with_suffix(".parquet")
        return duckdb.sql(f"SELECT record, \"column\", value, code FROM '{path}' ORDER BY ALL").fetchall()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """An empty home; marts are not built."""
    monkeypatch.setattr(importing, "build_marts", lambda draft, config, progress=None: {})
    files = tmp_path / "files"
    files.mkdir()
    return Bench(files, Settings(home=tmp_path / "home"))


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def make(content: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make
