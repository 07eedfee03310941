"""A sample workspace is made through the import, can be made again, and keeps its truth apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data import snapshots, workspaces
from data.errors import BadName
from data.sample.write import write_sample
from data.schema import TABLES
from data.workspaces import Workspace


class Loaded:
    """Stands for the import: keeps what it was given and commits a snapshot."""

    def __init__(self) -> None:
        self.files: dict[str, pd.DataFrame] = {}

    def __call__(self, workspace: Workspace, files: Mapping[str, Path]) -> None:
        self.files = {name: pd.read_csv(path, dtype=str) for name, path in files.items()}
        with snapshots.draft(workspace.path) as draft:
            draft.folder("transactions")
            draft.commit({})


def test_the_import_gets_one_file_for_each_table(tmp_path: Path) -> None:
    load = Loaded()
    workspace = write_sample(tmp_path, load, kind="sample-id")
    assert set(load.files) == set(TABLES) - {"settlements"}  # the samples have no platform that settles
    assert workspace.name == "sample-id"
    assert (workspace.config.currency, workspace.config.country) == ("IDR", "ID")


def test_files_keep_leading_zeros_and_write_times_without_fractions(tmp_path: Path) -> None:
    load = Loaded()
    write_sample(tmp_path, load, kind="sample-id")
    lines = load.files["transactions"]
    assert lines["customer_id"].dropna().str.startswith("0").all()
    assert lines["ordered_at"].str.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d").all()


def test_the_truth_lies_beside_the_snapshots_and_in_no_table(tmp_path: Path) -> None:
    load = Loaded()
    workspace = write_sample(tmp_path, load, kind="sample-id")
    latent = pq.read_table(workspace.path / "truth" / "latent.parquet")
    facts = json.loads((workspace.path / "truth" / "parameters.json").read_text("utf-8"))
    assert latent.num_rows == facts["parameters"]["customers"]
    assert not any("rate_per_week" in table.columns for table in load.files.values())
    assert facts["pure"] is False


def test_a_pure_sample_replaces_the_festive_one_as_a_whole(tmp_path: Path) -> None:
    festive = write_sample(tmp_path, Loaded(), kind="sample-id")
    write_sample(tmp_path, Loaded(), kind="sample-id", pure=True)
    facts = json.loads((festive.path / "truth" / "parameters.json").read_text("utf-8"))
    assert facts["pure"] is True
    assert len(festive.snapshots()) == 1


def test_a_workspace_with_data_of_its_own_is_never_overwritten(tmp_path: Path) -> None:
    own = workspaces.create(tmp_path, "sample-id")
    Loaded()(own, {})
    before = own.current()
    with pytest.raises(BadName, match="data of its own"):
        write_sample(tmp_path, Loaded(), kind="sample-id")
    assert own.current() == before
