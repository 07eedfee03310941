"""An importer of made files into a workspace of its own, with marts where they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data import workspaces
from data.exports.opening import Answers
from data.importing import run as importing
from data.importing.run import Outcome, Request
from data.settings import Settings
from data.workspaces import Config
from tests.data.importing.conftest import NOW, PLACING, words
from tests.exports.merchants import Made


@dataclass
class Bench:
    """Imports exports and reads what came of them."""

    folder: Path
    settings: Settings
    config: Config = field(default_factory=lambda: Config(margin=1.0))
    told: list[tuple[str, str, float]] = field(default_factory=list)
    outcome: Outcome | None = None

    def load(self, *paths: Path, answers: Answers | None = None, **files: Path) -> Outcome:
        request = Request(
            files=files,
            mappings={},
            words=words,
            placing=PLACING,
            progress=lambda *step: self.told.append(step),
            now=NOW,
            exports=paths,
            answers=answers,
        )
        self.outcome = importing.run(self.settings, "kedai", request, self.config)
        return self.outcome

    def write(self, made: Made, form: str = "csv", name: str = "", **how: Any) -> Path:
        path = self.folder / (name or f"{made.code}.{form}")
        path.parent.mkdir(parents=True, exist_ok=True)
        written: Path = getattr(made, form)(path, **how)
        return written

    def rows(
        self, columns: str, table: str = "transactions", rest: str = "ORDER BY ALL"
    ) -> list[tuple[Any, ...]]:
        snapshot = workspaces.open_workspace(self.settings.home, "kedai").current()
        assert snapshot is not None
        return duckdb.sql(
            f"SELECT {columns} FROM read_parquet('{snapshot.folder(table)}/*.parquet') {rest}"
        ).fetchall()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Without marts."""
    monkeypatch.setattr(importing, "build_marts", lambda draft, config, progress=None: {})
    return _bench(tmp_path)


@pytest.fixture
def whole(tmp_path: Path) -> Bench:
    """With marts."""
    return _bench(tmp_path)


def _bench(tmp_path: Path) -> Bench:
    folder = tmp_path / "files"
    folder.mkdir()
    return Bench(folder, Settings(home=tmp_path / "home"))
