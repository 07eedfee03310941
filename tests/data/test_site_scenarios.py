"""Plans and frozen decisions about sites on disk."""

from __future__ import annotations

import json
from datetime import date

import pytest

from data import site_plans, site_scenarios
from data.errors import BadScenario
from data.site_plans import Brief, Plan
from data.site_scenarios import Assumption, Scenario
from data.workspaces import create


@pytest.fixture
def workspace(tmp_path):
    return create(tmp_path, "kedai")


def a_scenario(name: str = "Two in the north", **changes) -> Scenario:
    given = {
        "key": "",
        "name": name,
        "saved_on": date(2026, 11, 23),
        "snapshot": "abc",
        "data_to": date(2026, 11, 22),
        "currency": "MYR",
        "owner": "Siti",
        "dissent": "Too early.",
        "inputs": {"count": 2, "rate": float("nan")},
        "results": {"gap": 0.0, "sites": [{"name": "Kulim", "lat": 5.37, "lon": 100.56, "p50": 1e6}]},
        "assumptions": (Assumption("own_share", "30%", "Siti", "2026-11-01"),),
    }
    return Scenario(**(given | changes))


def test_a_plan_comes_back_as_it_was_kept(workspace):
    plan = Plan(Brief(count=3, budget=500_000.0), ({"name": "Kulim", "lat": 5.37, "lon": 100.56},))
    site_plans.save(workspace, plan)
    assert site_plans.load(workspace) == plan
    again = site_plans.changed(workspace, brief=Brief(count=1))
    assert again.candidates == plan.candidates
    assert site_plans.load(workspace).brief.count == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"brief": 3}', '{"brief": {"count": -4}, "candidates": []}']
)
def test_a_plan_that_cannot_be_read_starts_anew(workspace, text):
    (workspace.folder("sites") / "plan.json").write_text(text, encoding="utf-8")
    assert site_plans.load(workspace) == Plan()


@pytest.mark.parametrize(
    "wrong", [{"count": 0}, {"objective": "luck"}, {"own_share": float("nan")}, {"budget": -1}]
)
def test_a_brief_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(BadScenario):
        Brief(**wrong)


def test_too_many_candidates_are_refused(workspace):
    with pytest.raises(BadScenario):
        site_plans.save(workspace, Plan(candidates=({},) * (site_plans.MOST + 1)))


def test_a_frozen_scenario_comes_back_and_numbers_that_are_none_are_none(workspace):
    kept = site_scenarios.save(workspace, a_scenario())
    (found,) = site_scenarios.saved(workspace)
    assert found == kept
    assert found.inputs == {"count": 2, "rate": None}
    assert found.results["sites"][0]["p50"] == 1e6
    assert found.assumptions[0].owner == "Siti"


def test_two_of_one_name_are_two_and_the_newest_comes_first(workspace):
    site_scenarios.save(workspace, a_scenario(saved_on=date(2026, 11, 1)))
    site_scenarios.save(workspace, a_scenario())
    found = site_scenarios.saved(workspace)
    assert [s.saved_on.day for s in found] == [23, 1]
    site_scenarios.delete(workspace, found[0].key)
    site_scenarios.delete(workspace, "../../workspace")
    assert len(site_scenarios.saved(workspace)) == 1


def test_a_scenario_needs_a_name_and_there_is_a_limit(workspace, monkeypatch):
    with pytest.raises(BadScenario):
        site_scenarios.save(workspace, a_scenario("  "))
    monkeypatch.setattr(site_scenarios, "MOST", 1)
    site_scenarios.save(workspace, a_scenario())
    with pytest.raises(BadScenario):
        site_scenarios.save(workspace, a_scenario("other"))


@pytest.mark.parametrize(
    "change",
    [
        {"saved_on": "yesterday"},
        {"results": []},
        {"results": {"sites": [3]}},
        {"name": 4},
        {"assumptions": 3},
    ],
)
def test_a_file_somebody_damaged_is_passed_over(workspace, change):
    site_scenarios.save(workspace, a_scenario())
    (path,) = (workspace.path / "site_scenarios").glob("*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change), encoding="utf-8")
    assert site_scenarios.saved(workspace) == []
