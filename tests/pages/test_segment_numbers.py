"""The numbers of the page Segments: each opens a list as long as it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analytics.customers import COLUMNS, Selection
from analytics.lifecycle import Windows
from analytics.migration import Between
from analytics.rfm import Cutoffs
from analytics.scope import Scope
from data.workspaces import Workspace
from ui.cached import migration, people, segments
from ui.cached.people import Scoring, Wanted
from ui.cached.rungs import BringMost, Rung

LAST = date(2026, 11, 22)
YEAR = Scope(date(2026, 1, 1), LAST)


def _key(workspace: Workspace, scope: Scope = YEAR):
    snapshot = workspace.current()
    assert snapshot is not None
    return workspace.name, snapshot.id, scope, Windows()


def test_the_four_groups_add_up_to_everyone_who_bought(at_home, small_workspace):
    sizes = segments.sizes(*_key(small_workspace))
    everyone = people.count(*_key(small_workspace), Wanted())
    assert sizes["customers"].sum() == everyone
    assert sizes["share_of_customers"].sum() == pytest.approx(1)


def test_a_list_holds_as_many_customers_as_the_number_it_was_opened_from(at_home, small_workspace):
    key = _key(small_workspace)
    sizes = segments.sizes(*key).set_index("lifecycle")["customers"]
    for code, customers in sizes.items():
        assert people.count(*key, Wanted(Selection(lifecycles=(code,)))) == customers
    assert people.lifecycle_counts(*key) == {code: n for code, n in sizes.items() if n}
    heat = segments.rfm_heat(*key, Scoring(), None)
    for row in heat.itertuples():
        wanted = Wanted(Selection(rfm_scores=((row.r, row.f, None),)))
        assert people.count(*key, wanted) == row.customers
    for row in segments.rfm_sizes(*key, Scoring(3)).itertuples():
        wanted = Wanted(Selection(rfm_segments=(row.rfm_segment,)), scoring=Scoring(3))
        assert people.count(*key, wanted) == row.customers


def test_the_gold_list_is_the_gold_of_the_curve(at_home, small_workspace):
    key = _key(small_workspace)
    found = segments.concentration(*key, "revenue")[1]
    rows = people.whole_list(*key, Wanted(history=False, gold="revenue"), ["revenue"])
    assert len(rows) == found.gold_customers
    assert rows["revenue"].sum() == pytest.approx(found.gold_value)


def test_the_summary_and_the_orders_give_the_same_customers(at_home, small_workspace):
    fast = people.whole_list(*_key(small_workspace), Wanted(), list(COLUMNS))
    every_store = replace(YEAR, channels=("store", "web"))
    slow = people.whole_list(*_key(small_workspace, every_store), Wanted(), list(COLUMNS))
    pd.testing.assert_frame_equal(fast, slow, check_dtype=False, check_exact=False)


def test_a_triple_moved_to_another_name_takes_its_customers_along(at_home, small_workspace):
    key = _key(small_workspace)
    moved = Scoring(renamed=(((5, 5, 5), "lost"),))
    before = segments.rfm_sizes(*key, Scoring()).set_index("rfm_segment")["customers"]
    after = segments.rfm_sizes(*key, moved).set_index("rfm_segment")["customers"]
    best = people.count(*key, Wanted(Selection(rfm_scores=((5, 5, 5),))))
    assert before.sum() == after.sum()
    assert after["champions"] == before["champions"] - best


def test_fixed_cutoffs_and_their_names_score_the_customers(at_home, small_workspace):
    fixed = Cutoffs((30, 90), (1, 3), (100.0, 500.0))
    heat = segments.rfm_heat(*_key(small_workspace), Scoring(3, fixed), None)
    each = people.per_customer(*_key(small_workspace)).to_pandas()
    recency = (pd.Timestamp(LAST) - pd.to_datetime(each["last_day"])).dt.days
    expected = pd.crosstab(
        3 - (recency > 30).astype(int) - (recency > 90), 1 + (each["orders"] > 1) + (each["orders"] > 3)
    )
    for row in heat.itertuples():
        assert expected.loc[row.r, row.f] == row.customers


def test_a_rung_and_the_fewest_who_bring_most_open_as_many_as_they_say(at_home, small_workspace):
    key = _key(small_workspace)
    rungs = segments.climbed(*key)
    for code in ("buyers", "customers", "members"):
        assert people.count(*key, Wanted(among=Rung(code=code))) == getattr(rungs, code)
    for measure in ("revenue", "margin"):
        found = segments.concentration(*key, measure)[1]
        wanted = Wanted(history=False, among=BringMost(measure, 0.8))
        rows = people.whole_list(*key, wanted, [measure])
        assert len(rows) == round(found.smallest_share.value * found.customers)
        worth = rows[measure].sort_values(ascending=False)
        assert worth.sum() >= 0.8 * found.total > worth.iloc[:-1].sum()


def test_time_to_the_second_order_is_the_same_from_the_mart_and_from_the_orders(at_home, small_workspace):
    fast = segments.climbing(*_key(small_workspace))
    slow = segments.climbing(*_key(small_workspace, replace(YEAR, channels=("store", "web"))))
    assert fast == slow
    assert fast.to_second.people == segments.climbed(*_key(small_workspace)).buyers


@pytest.mark.parametrize("by", ["lifecycle", "rfm_segment"])
def test_a_move_opens_as_many_customers_as_its_cell_says(at_home, small_workspace, by):
    key = _key(small_workspace)
    between = Between(date(2025, 12, 31), LAST)
    cells = migration.cells(*key, between, by, Scoring(3))
    assert cells["customers"].sum() == people.count(*key, Wanted())
    for row in cells.itertuples():
        among = migration.Moved(between, by, row.origin, row.target, Scoring(3))
        assert people.count(*key, Wanted(among=among)) == row.customers


def test_the_groups_of_the_second_day_are_those_on_the_page(at_home, small_workspace):
    key = _key(small_workspace)
    cells = migration.cells(*key, Between(date(2025, 12, 31), LAST), "lifecycle", Scoring())
    sizes = segments.sizes(*key).set_index("lifecycle")["customers"]
    assert cells.groupby("target")["customers"].sum().to_dict() == sizes[sizes > 0].to_dict()
