"""Grids are kept by name, replaced, read again, and never half."""

from itertools import product

import pytest

from data import rfm_grids, workspaces
from data.errors import BadName, BadSetting
from data.rfm_grids import SavedGrid


@pytest.fixture
def workspace(tmp_path):
    return workspaces.create(tmp_path, "Kedai")


def grid(title="Grid kami", bins=3, code="lost", **more):
    return SavedGrid(title, bins, dict.fromkeys(product(*[range(1, bins + 1)] * 3), code), **more)


@pytest.mark.parametrize("bins", [3, 4, 5])
def test_a_grid_comes_back_as_it_was_saved(workspace, bins):
    made = grid(bins=bins, cutoffs={"recency_days": (1.5, 2.0)})
    name = rfm_grids.save(workspace, made)
    assert rfm_grids.load(workspace, name) == made
    assert rfm_grids.saved(workspace) == {name: made}


def test_the_same_name_replaces_and_deleting_forgets(workspace):
    name = rfm_grids.save(workspace, grid())
    assert rfm_grids.save(workspace, grid(code="champions")) == name
    assert set(rfm_grids.load(workspace, name).names.values()) == {"champions"}
    rfm_grids.delete(workspace, name)
    rfm_grids.delete(workspace, name)
    assert rfm_grids.saved(workspace) == {}


def test_a_grid_with_holes_is_refused_and_a_damaged_file_passed_over(workspace):
    with pytest.raises(BadSetting):
        SavedGrid("x", 3, {(1, 1, 1): "lost"})
    name = rfm_grids.save(workspace, grid())
    file = workspace.path / "rfm_grids" / f"{name}.toml"
    file.write_text("title = 'x'\nbins = 3\n[names]\n111 = 'lost'\n")
    assert rfm_grids.saved(workspace) == {}
    with pytest.raises(BadSetting):
        rfm_grids.load(workspace, name)


@pytest.mark.parametrize("title", ["../../etc", "", "///"])
def test_a_title_cannot_leave_the_folder(workspace, title):
    with pytest.raises(BadName):
        rfm_grids.save(workspace, grid(title))
    with pytest.raises(BadName):
        rfm_grids.load(workspace, title)


def test_one_saved_grid_is_in_use_until_it_is_deleted_or_taken_back(workspace):
    assert rfm_grids.used(workspace) is None
    name = rfm_grids.save(workspace, grid())
    assert rfm_grids.used(workspace) is None
    rfm_grids.use(workspace, name)
    assert rfm_grids.used(workspace) == grid()
    assert rfm_grids.saved(workspace) == {name: grid()}
    rfm_grids.use(workspace, None)
    assert rfm_grids.used(workspace) is None
    rfm_grids.use(workspace, name)
    rfm_grids.delete(workspace, name)
    assert rfm_grids.used_name(workspace) is None
    with pytest.raises(BadSetting):
        rfm_grids.use(workspace, "gone")


def test_a_grid_in_use_that_was_damaged_is_setia_s_own(workspace):
    name = rfm_grids.save(workspace, grid())
    rfm_grids.use(workspace, name)
    (workspace.path / "rfm_grids" / f"{name}.toml").write_text("no")
    assert rfm_grids.used(workspace) is None
