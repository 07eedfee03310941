"""What is in use for ways survives a restart, is replaced whole, and is never trusted when damaged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from data import travel, workspaces
from data.travel import KeptTimes
from data.workspaces import Config, Workspace

DAY = date(2026, 11, 22)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspaces.create(tmp_path, "kedai", Config(currency="MYR", country="MY"))


def test_straight_lines_are_used_until_somebody_says_else(workspace: Workspace) -> None:
    assert travel.current(workspace).label == "straight"
    travel.keep(workspace, "detour", 1.35, DAY)
    found = travel.current(workspace)
    assert (found.label, found.factor, found.kept_on) == ("detour", 1.35, DAY)


def test_given_times_come_back_as_they_were(workspace: Workspace) -> None:
    given = KeptTimes(
        np.array([3.1, 3.2]), np.array([101.5, 101.6]), ("A", 'B"\n'), np.array([[5, np.inf], [7.5, 9]])
    )
    kept = travel.keep(workspace, "matrix", 2.1, DAY, name="masa \ud800.csv", given=given)
    found = travel.times(workspace, travel.current(workspace))
    assert found.store_ids == given.store_ids
    assert found.minutes.tolist() == given.minutes.tolist()
    assert found.lat.tolist() == [3.1, 3.2]
    assert travel.current(workspace).version == kept.version
    again = travel.keep(workspace, "matrix", 2.1, DAY, given=given)
    assert again.version != kept.version
    assert len(list((workspace.path / travel.FOLDER).glob("*.parquet"))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "label = 3",
        'label = "teleport"\nfactor = 1.0\nname = ""\nfile = ""',
        'label = "matrix"\nfactor = 1.0\nname = ""\nfile = "../../CURRENT"',
        'label = "matrix"\nfactor = 1.0\nname = ""\nfile = "0123456789abcdef.parquet"',
        'label = "detour"\nfactor = nan\nname = ""\nfile = ""',
        "\x00",
    ],
)
def test_a_damaged_file_of_settings_means_straight_lines(workspace: Workspace, text: str) -> None:
    (workspace.folder(travel.FOLDER) / "travel.toml").write_text(text, encoding="utf-8")
    assert travel.current(workspace) == travel.STRAIGHT


def test_what_a_road_file_measured_stays_when_another_way_is_chosen(workspace: Workspace) -> None:
    travel.keep(workspace, "detour", 1.3, DAY, measured=1.32)
    travel.keep(workspace, "straight", 1.0, DAY)
    assert travel.current(workspace).measured == 1.32
