"""Market data kept in a workspace: there again, replaced, forgotten; a broken file counts as none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data import market_visits, workspaces

ROWS = (("Klang", 3.04, 101.45, "A", 60.0), ("Klang", 3.04, 101.45, "X", 30.5))


@pytest.fixture
def workspace(tmp_path: Path) -> workspaces.Workspace:
    return workspaces.create(tmp_path, "Kedai")


def test_what_was_kept_is_there_again(workspace: workspaces.Workspace) -> None:
    assert market_visits.current(workspace) is None
    about = market_visits.keep(workspace, ROWS, "visits", date(2026, 3, 1), name="panel.csv", source="Panel")
    found = market_visits.current(workspace)
    assert found is not None
    assert found.rows == ROWS
    assert found.about == about
    assert (about.name, about.source, about.kept_on) == ("panel.csv", "Panel", date(2026, 3, 1))


def test_another_file_takes_its_place_under_another_version(workspace: workspaces.Workspace) -> None:
    first = market_visits.keep(workspace, ROWS, "visits", date(2026, 3, 1))
    second = market_visits.keep(workspace, ROWS[:1], "share", date(2026, 3, 2))
    assert first.version != second.version
    found = market_visits.current(workspace)
    assert found is not None
    assert len(found.rows) == 1
    market_visits.remove(workspace)
    market_visits.remove(workspace)
    assert market_visits.current(workspace) is None


@pytest.mark.parametrize("text", ["{", "[]", '{"rows": []}', '{"kind": "visits", "rows": [[1]]}'])
def test_a_file_that_is_no_market_data_counts_as_none(workspace: workspaces.Workspace, text: str) -> None:
    (workspace.folder(market_visits.FOLDER) / market_visits.FILE).write_text(text, encoding="utf-8")
    assert market_visits.current(workspace) is None


@pytest.mark.parametrize(
    "rows", [(), (("Klang", 3.0, 101.0, "A", -1.0),), (("K", float("nan"), 1.0, "A", 1.0),)]
)
def test_nothing_and_nonsense_are_not_kept(
    workspace: workspaces.Workspace, rows: tuple[market_visits.Row, ...]
) -> None:
    with pytest.raises(ValueError, match="arket data need"):
        market_visits.keep(workspace, rows, "visits", date(2026, 3, 1))
