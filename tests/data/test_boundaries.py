"""Levels of regions: kept whole or not at all, renamed, deleted; what hostile folders hold is passed over."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pytest
import shapely

from data import boundaries, workspaces
from data.boundaries import About
from data.errors import BadName, DataError
from data.workspaces import Workspace

TODAY = date(2026, 11, 23)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspaces.create(tmp_path, "kedai")


def frame(count: int = 2) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": [f"c{i}" for i in range(count)], "name": ["<b>${x}"] * count},
        geometry=[shapely.box(100 + i, 3, 101 + i, 4) for i in range(count)],
        crs=4326,
    )


def save(workspace: Workspace, name: str = "Daerah") -> boundaries.Level:
    about = About(name, "DOSM", 2024, "CC BY 4.0")
    return boundaries.save(workspace, about, frame(), added=TODAY, notes=(("repaired", 2),))


def test_a_level_comes_back_as_it_was_kept(workspace: Workspace) -> None:
    made = save(workspace)
    assert boundaries.levels(workspace) == (made,)
    assert boundaries.find(workspace, made.id) == made
    assert made.notes == (("repaired", 2),)
    kept = boundaries.shapes(workspace, made.id)
    assert kept["name"].tolist() == ["<b>${x}"] * 2
    assert kept.geometry.geom_equals(frame().geometry).all()


def test_names_are_needed_and_not_given_twice(workspace: Workspace) -> None:
    save(workspace)
    for name in ("", "   ", "daerah "):
        with pytest.raises(BadName):
            save(workspace, name)
    assert len(boundaries.levels(workspace)) == 1
    assert [path.name for path in (workspace.path / "boundaries").glob(".*")] == []


def test_a_level_is_renamed_and_deleted_with_what_was_worked_out(workspace: Workspace) -> None:
    made = save(workspace)
    renamed = boundaries.rename(workspace, made.id, About("Mukim", year=3000))
    assert (renamed.about.name, renamed.about.year, renamed.content) == ("Mukim", None, made.content)
    homes = pa.table({"customer_key": pa.array([1], pa.int32()), "region": ["c0"]})
    folder = boundaries.save_homes(workspace, made.id, made.content, "s1", homes)
    assert boundaries.homes(workspace, made.id, made.content, "s1") == folder
    assert boundaries.homes(workspace, made.id, "0" * 12, "s1") is None
    boundaries.delete(workspace, made.id)
    assert boundaries.levels(workspace) == ()
    assert not folder.exists()
    with pytest.raises(DataError):
        boundaries.shapes(workspace, made.id)


@pytest.mark.parametrize("made_up", ["..", "../..", "x" * 10, "", "0123456789/..", "ZZZZZZZZZZ"])
def test_a_made_up_id_reaches_nothing(workspace: Workspace, made_up: str) -> None:
    save(workspace)
    assert boundaries.find(workspace, made_up) is None
    boundaries.delete(workspace, made_up)
    assert len(boundaries.levels(workspace)) == 1
    with pytest.raises(DataError):
        boundaries.shapes(workspace, made_up)


def test_a_folder_that_cannot_be_read_is_passed_over(workspace: Workspace) -> None:
    made = save(workspace)
    broken = workspace.path / "boundaries" / "0123456789"
    broken.mkdir()
    (broken / "level.toml").write_text("name = 3 = 4")
    assert boundaries.levels(workspace) == (made,)


def test_there_is_a_limit(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "MOST", 1)
    save(workspace)
    with pytest.raises(DataError) as refused:
        save(workspace, "Mukim")
    assert refused.value.code == "boundary_limit"


def test_a_text_that_is_no_unicode_is_kept_as_well_as_can_be(workspace: Workspace) -> None:
    assert save(workspace, "Da\udce9rah\n x").about.name == "Da?rah x"
