"""Forecasts on disk: whole or not at all, and gone with their snapshots."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from data import forecasts

SCORES = pa.table({"customer_key": pa.array([1, 2], pa.int32()), "value": [0.5, 1.5]})


def test_what_was_saved_is_found_again(small_workspace):
    snapshot = small_workspace.current().id
    assert forecasts.find(small_workspace, snapshot, "a year") is None
    forecasts.save(small_workspace, snapshot, "a year", "{}", SCORES)
    found = forecasts.find(small_workspace, snapshot, "a year")
    assert found.summary == "{}"
    assert pq.read_table(found.scores).equals(SCORES)
    assert forecasts.find(small_workspace, snapshot, "two years") is None
    assert forecasts.find(small_workspace, "another", "a year") is None


def test_saving_again_replaces(small_workspace):
    snapshot = small_workspace.current().id
    forecasts.save(small_workspace, snapshot, "again", "1", SCORES)
    forecasts.save(small_workspace, snapshot, "again", "2", None)
    found = forecasts.find(small_workspace, snapshot, "again")
    assert (found.summary, found.scores) == ("2", None)
    assert not list(found.path.parent.glob(".new-*"))


def test_forecasts_of_snapshots_long_gone_are_dropped(small_workspace):
    snapshot = small_workspace.current().id
    old = small_workspace.path / forecasts.FOLDER / "20000101T000000-old" / "x"
    old.mkdir(parents=True)
    forecasts.save(small_workspace, snapshot, "now", "{}", None)
    assert not old.exists()


def test_a_hostile_key_stays_inside_the_workspace(small_workspace):
    snapshot = small_workspace.current().id
    made = forecasts.save(small_workspace, snapshot, "../../x\x00", "{}", None)
    assert made.path.parent == small_workspace.path / forecasts.FOLDER / snapshot
