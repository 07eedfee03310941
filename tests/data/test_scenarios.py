"""Scenarios survive a link and a folder, and nothing else passes for one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import scenarios, workspaces
from data.errors import BadScenario
from data.scenarios import BOUNDS, Scenario, decode, encode

DEMO = Scenario("MYR", 2000, 60, 4, 0.4, 0.6, 45, 0.1, 0.05, 0.02, 6000)
TODAY = date(2026, 11, 23)
NUMBERS = st.tuples(*(st.floats(low, high) for low, high in BOUNDS.values()))


@pytest.fixture
def workspace(tmp_path):
    return workspaces.create(tmp_path, "Kedai")


@given(NUMBERS)
def test_a_link_brings_back_what_was_written_to_the_sixth_decimal(numbers):
    found = decode(encode(Scenario("IDR", *numbers)))
    assert [getattr(found, name) for name in BOUNDS] == pytest.approx(list(numbers), abs=1e-6)


@given(st.text(max_size=200))
def test_any_other_text_is_no_scenario(text):
    assert decode(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MYR",
        "myr_2000_60_4_0.4_0.6_45_0.1_0.05_0.02_6000",
        "MYR_2000_60_4_0.4_0.6_45_0.1_0.05_0.02",  # one number less
        "MYR_2000_60_4_0.4_0.6_45_0.1_0.05_0.02_6000_1",  # one more
        "MYR_2000_60_4_40_0.6_45_0.1_0.05_0.02_6000",  # a margin of 4,000%
        "MYR_0_60_4_0.4_0.6_45_0.1_0.05_0.02_6000",  # nobody
        "MYR_2e3_60_4_0.4_0.6_45_0.1_0.05_0.02_6000",
        "MYR_-2_60_4_0.4_0.6_45_0.1_0.05_0.02_6000",
        "MYR_nan_60_4_0.4_0.6_45_0.1_0.05_0.02_6000",
        "MYR_２０００_60_4_0.4_0.6_45_0.1_0.05_0.02_6000",
        "MYR_2000_60_4_0.4_0.6_45_0.1_0.05_0.02_6000\n",
        "<s>_2000_60_4_0.4_0.6_45_0.1_0.05_0.02_6000",
        "MYR" + "_1" * 300,
    ],
)
def test_a_made_up_link_is_no_scenario(text):
    assert decode(text) is None


@pytest.mark.parametrize(
    "name", ["Now", "Dengan 2%", "../../etc/passwd", "<script>alert(1)</script>", "名前", "\ud800x"]
)
def test_a_saved_scenario_comes_back_under_its_name_inside_the_workspace(workspace, name, tmp_path):
    before = set(tmp_path.rglob("*"))
    scenarios.save(workspace, name, DEMO, TODAY)
    (found,) = scenarios.saved(workspace)
    assert found.scenario == DEMO
    assert found.saved_on == TODAY
    assert found.name == name.replace("\ud800", "?")
    written = set(tmp_path.rglob("*")) - before
    assert {path.name for path in written} == {"scenarios", f"{found.key}.toml"}


def test_the_same_name_replaces_and_deleting_forgets(workspace):
    first = scenarios.save(workspace, " Plan  A ", DEMO, TODAY)
    again = scenarios.save(workspace, "plan a", DEMO, TODAY)
    assert first.key == again.key
    assert len(scenarios.saved(workspace)) == 1
    scenarios.delete(workspace, "../../workspace")
    scenarios.delete(workspace, first.key)
    assert scenarios.saved(workspace) == []
    assert (workspace.path / "workspace.toml").is_file()


def test_two_workspaces_share_nothing(workspace, tmp_path):
    scenarios.save(workspace, "A", DEMO, TODAY)
    assert scenarios.saved(workspaces.create(tmp_path, "Toko")) == []


def test_a_damaged_file_is_passed_over(workspace):
    scenarios.save(workspace, "A", DEMO, TODAY)
    folder = workspace.folder(scenarios.FOLDER)
    (folder / "0123456789abcdef.toml").write_text("name = [")
    (folder / "fedcba9876543210.toml").write_text('name = "x"')
    (folder / "aaaaaaaaaaaaaaaa.toml").write_bytes(b"\xff\xfe")
    assert [each.name for each in scenarios.saved(workspace)] == ["A"]


def test_no_name_and_one_too_many_are_refused(workspace, monkeypatch):
    with pytest.raises(BadScenario, match="needs a name"):
        scenarios.save(workspace, "  ", DEMO, TODAY)
    monkeypatch.setattr(scenarios, "MOST", 1)
    scenarios.save(workspace, "A", DEMO, TODAY)
    scenarios.save(workspace, "A", DEMO, TODAY)
    with pytest.raises(BadScenario, match="Delete one first"):
        scenarios.save(workspace, "B", DEMO, TODAY)


@pytest.mark.parametrize("numbers", [(float("nan"),), ("60",), (True,), (1e10,)])
def test_what_is_no_number_in_range_is_refused(numbers):
    with pytest.raises(BadScenario, match="customers must be a number from 1"):
        Scenario("MYR", *numbers, 60, 4, 0.4, 0.6, 45, 0.1, 0.05, 0.02, 6000)
