"""The customers behind a number."""

from datetime import date

import pytest

from analytics import rfm, rfm_grid
from analytics.customers import COLUMNS, Selection, page, profiles, select
from analytics.lifecycle import Windows, assign, sizes
from analytics.results import frame
from analytics.scope import Scope, facts
from analytics.value import per_customer

SCOPE = Scope(date(2023, 1, 5), date(2025, 6, 20))


@pytest.fixture(scope="module")
def everything(marts):
    history = facts(marts.orders, marts.order_categories, SCOPE, history=True)
    customers = per_customer(history)
    measured = rfm.measures(history, SCOPE.end)
    cutoffs, grid = rfm.quantile_cutoffs(measured), rfm_grid.default_grid()
    assigned = assign(marts.orders, SCOPE.end, Windows())
    return {
        "profiles": profiles(customers, marts.customer_summary, assigned, cutoffs, grid, SCOPE.end),
        "lifecycles": frame(sizes(assigned, history, SCOPE.start)),
        "named": rfm_grid.name(rfm.score(measured, cutoffs), grid),
        "customers": frame(customers),
    }


def test_there_is_one_profile_per_customer(everything):
    found = frame(everything["profiles"])
    assert sorted(found["customer_key"]) == sorted(everything["customers"]["customer_key"])


def test_the_list_behind_a_lifecycle_is_as_long_as_its_number(everything):
    for row in everything["lifecycles"].to_dict("records"):
        listed = frame(select(everything["profiles"], Selection(lifecycles=(row["lifecycle"],))))
        assert len(listed) == row["customers"]
        assert listed["revenue"].sum() == pytest.approx(row["revenue"])


def test_the_list_behind_a_group_or_a_cell_of_the_grid_is_as_long_as_its_number(everything):
    for row in frame(rfm_grid.sizes(everything["named"])).head(2).to_dict("records"):
        listed = select(everything["profiles"], Selection(rfm_segments=(row["rfm_segment"],)))
        assert len(frame(listed)) == row["customers"]
    for row in frame(rfm.heat(everything["named"])).head(2).to_dict("records"):
        listed = select(everything["profiles"], Selection(rfm_scores=((row["r"], row["f"], None),)))
        assert len(frame(listed)) == row["customers"]


def test_regions_that_are_not_known_can_be_listed_too(everything):
    unknown = frame(select(everything["profiles"], Selection(region_codes=("",))))
    known = frame(select(everything["profiles"], Selection(region_codes=("MY-10", "MY-14", "MY-07"))))
    assert unknown["region_code"].isna().all()
    assert len(unknown) + len(known) == len(everything["customers"])


def test_a_cohort_lists_those_who_first_bought_in_its_month(everything):
    month = date(2024, 3, 1)
    found = frame(select(everything["profiles"], Selection(cohort=month)))
    assert {day.replace(day=1) for day in found["first_day"]} == {month}


def test_pages_of_a_list_are_the_list_in_one_order(everything):
    pages = [frame(page(everything["profiles"], number=n, size=90)) for n in range(3)]
    listed = [row for each in pages for row in each.to_dict("records")]
    revenue = [row["revenue"] for row in listed]
    assert revenue == sorted(revenue, reverse=True)
    assert len({row["customer_id"] for row in listed}) == len(everything["customers"])
    assert tuple(pages[0].columns) == COLUMNS


def test_ties_are_listed_by_customer_id(everything):
    found = frame(page(everything["profiles"], sort="orders", size=1000))
    keys = list(zip(-found["orders"], found["customer_id"], strict=True))
    assert keys == sorted(keys)


@pytest.mark.parametrize("wrong", [{"sort": "email"}, {"number": -1}, {"size": 0}, {"size": 10**6}])
def test_a_page_that_cannot_exist_is_refused(everything, wrong):
    with pytest.raises(ValueError, match=r"sort takes|A page has"):
        page(everything["profiles"], **wrong)
