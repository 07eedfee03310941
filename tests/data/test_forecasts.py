"""Forecasts on disk: whole or not at all, and gone with their snapshots."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import forecasts, workspaces

SNAPSHOT = "20261122T000000-abc"
SCORES = pa.table({"customer_key": pa.array([1, 2], pa.int32()), "value": [0.5, 1.5]})


@pytest.fixture
def workspace(tmp_path):
    return workspaces.create(tmp_path, "Kedai")


def test_what_was_saved_is_found_again(workspace):
    assert forecasts.find(workspace, SNAPSHOT, "a year") is None
    forecasts.save(workspace, SNAPSHOT, "a year", "{}", SCORES)
    found = forecasts.find(workspace, SNAPSHOT, "a year")
    assert found.summary == "{}"
    assert pq.read_table(found.scores).equals(SCORES)
    assert forecasts.find(workspace, SNAPSHOT, "two years") is None
    assert forecasts.find(workspace, "another", "a year") is None


def test_saving_again_replaces(workspace):
    forecasts.save(workspace, SNAPSHOT, "again", "1", SCORES)
    forecasts.save(workspace, SNAPSHOT, "again", "2", None)
    found = forecasts.find(workspace, SNAPSHOT, "again")
    assert (found.summary, found.scores) == ("2", None)
    assert not list(found.path.parent.glob(".new-*"))


def test_forecasts_of_snapshots_long_gone_are_dropped(workspace):
    old = workspace.path / forecasts.FOLDER / "20000101T000000-old" / "x"
    old.mkdir(parents=True)
    forecasts.save(workspace, SNAPSHOT, "now", "{}", None)
    assert not old.exists()


def test_a_hostile_key_stays_inside_the_workspace(workspace):
    made = forecasts.save(workspace, SNAPSHOT, "../../x\x00", "{}", None)
    assert made.path.parent == workspace.path / forecasts.FOLDER / SNAPSHOT
