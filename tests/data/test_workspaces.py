"""Workspaces: one folder a client, and a name cannot leave it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import snapshots, workspaces
from data.errors import BadName, BadSetting, SnapshotMissing, WorkspaceBusy, WorkspaceMissing
from data.workspaces import Config


@given(st.text(max_size=40))
def test_no_name_leaves_the_home_folder(name: str) -> None:
    try:
        made = workspaces.slug(name)
    except BadName:
        return
    assert (Path("/home/x") / made).resolve().parent == Path("/home/x")
    assert made not in {"", ".", ".."}


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "", "...", "con", "\x00a", "日本"])
def test_a_name_that_is_no_folder_name_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(BadName, match="needs letters or digits"):
        workspaces.slug(name)


def test_a_workspace_keeps_its_configuration(tmp_path: Path) -> None:
    config = Config(title="Kedai Ali", currency="IDR", country="ID", margins={"web": 0.3})
    workspaces.create(tmp_path, "Kedai Ali", config)
    assert workspaces.open_workspace(tmp_path, "Kedai Ali").config == config


def test_creating_twice_keeps_the_first(tmp_path: Path) -> None:
    workspaces.create(tmp_path, "a", Config(title="first"))
    assert workspaces.create(tmp_path, "a", Config(title="second")).title == "first"


def test_a_missing_workspace_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceMissing, match="Import a file"):
        workspaces.open_workspace(tmp_path, "nobody")


@pytest.mark.parametrize(
    "values",
    [{"time_zone": "Mars/Olympus"}, {"currency": "ringgit"}, {"day_starts_at_hour": 24}, {"lapse_days": 0}],
)
def test_a_setting_that_makes_no_sense_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(BadSetting, match="must be"):
        Config(**values)  # type: ignore[arg-type]


def test_two_writers_exclude_each_other(tmp_path: Path) -> None:
    workspace = workspaces.create(tmp_path, "a")
    with workspace.lock(), pytest.raises(WorkspaceBusy, match="is running"), workspace.lock():
        pass


def test_deleting_leaves_nothing_and_touches_no_neighbour(tmp_path: Path) -> None:
    gone, kept = workspaces.create(tmp_path, "gone"), workspaces.create(tmp_path, "kept")
    workspaces.delete(gone)
    assert [w.name for w in workspaces.list_workspaces(tmp_path)] == ["kept"]
    assert not gone.path.exists()
    assert kept.path.exists()


@pytest.mark.parametrize("settings", ["not TOML", 'lapse_days = "many"', 'currency = "ringgit"'])
def test_one_broken_workspace_does_not_hide_the_others(tmp_path: Path, settings: str) -> None:
    workspaces.create(tmp_path, "whole")
    broken = workspaces.create(tmp_path, "broken")
    (broken.path / "workspace.toml").write_text(settings)
    assert [w.name for w in workspaces.list_workspaces(tmp_path)] == ["whole"]
    with pytest.raises(BadSetting):
        workspaces.open_workspace(tmp_path, "broken")


def _commit(root: Path, text: str) -> snapshots.Snapshot:
    with snapshots.draft(root) as draft:
        (draft.folder("stores") / "part-0.parquet").write_text(text)
        return draft.commit({"text": text})


def test_a_draft_that_is_not_committed_changes_nothing(tmp_path: Path) -> None:
    first = _commit(tmp_path, "one")
    with pytest.raises(RuntimeError), snapshots.draft(tmp_path) as draft:  # noqa: PT012
        (draft.folder("stores") / "part-0.parquet").write_text("half")
        raise RuntimeError
    assert snapshots.current(tmp_path) == first
    assert snapshots.history(tmp_path) == [first]
    assert [p.name for p in (tmp_path / "snapshots").iterdir()] == [first.id]


def test_a_kept_table_is_shared_and_the_old_snapshot_stays(tmp_path: Path) -> None:
    first = _commit(tmp_path, "one")
    with snapshots.draft(tmp_path) as draft:
        draft.keep("stores")
        second = draft.commit({})
    assert second.manifest["parent"] == first.id
    assert (second.folder("stores") / "part-0.parquet").read_text() == "one"


def test_rolling_back_moves_the_pointer_and_deletes_nothing(tmp_path: Path) -> None:
    first, second = _commit(tmp_path, "one"), _commit(tmp_path, "two")
    assert snapshots.rollback(tmp_path, first.id) == first
    assert snapshots.current(tmp_path) == first
    assert snapshots.history(tmp_path) == [first, second]


@pytest.mark.parametrize("name", ["../../etc", "nothing", ""])
def test_rolling_back_to_no_snapshot_is_refused(tmp_path: Path, name: str) -> None:
    _commit(tmp_path, "one")
    with pytest.raises(SnapshotMissing, match="There is no snapshot"):
        snapshots.rollback(tmp_path, name)


def test_windows_nobody_chose_are_not_written_and_chosen_ones_stay(tmp_path):
    workspace = workspaces.create(tmp_path, "Kedai", Config(title="Kedai"))
    assert "lapse_days" not in (workspace.path / "workspace.toml").read_text()
    workspaces.configure(workspace, lapse_days=180, new_days=90, loyal_orders=4, loyal_days=365)
    assert workspaces.open_workspace(tmp_path, "Kedai").config.lapse_days == 180


@pytest.mark.parametrize(("lapse", "kept"), [(180, None), (120, 120)])
def test_the_defaults_an_older_file_wrote_out_are_not_taken_for_a_choice(tmp_path, lapse, kept):
    workspace = workspaces.create(tmp_path, "Kedai", Config(title="Kedai"))
    old = f'title = "Kedai"\nnew_days = 90\nlapse_days = {lapse}\nloyal_orders = 4\nloyal_days = 365\n'
    (workspace.path / "workspace.toml").write_text(old)
    config = workspaces.open_workspace(tmp_path, "Kedai").config
    assert (config.lapse_days, config.new_days) == (kept, 90 if kept else None)
