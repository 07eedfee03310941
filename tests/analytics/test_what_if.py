"""The tornado and the four answers, against a sum over the years and the numbers of the demo."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.value_calculators import Business
from analytics.what_if import LEVERS, decisions, effect, tornado, total_value, usual_changes

DEMO = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)
BUSINESSES = st.builds(
    Business,
    customers=st.floats(1, 1e6),
    average_order=st.floats(1, 1e4),
    orders_per_year=st.floats(0.1, 50),
    margin_rate=st.floats(0, 1),
    retention=st.floats(0, 0.97),
    discount=st.floats(0.01, 0.5),
    acquisition_cost=st.floats(0, 1e3),
    service_cost=st.floats(0, 1e3),
)


def year_by_year(business: Business, years: int = 3000) -> float:
    """The value of all customers as a plain sum of what is left of them each year."""
    total, left = 0.0, 1.0
    for year in range(years):
        cash = business.average_order * business.orders_per_year * business.margin_rate
        total += left * (cash - business.service_cost) / (1 + business.discount) ** year
        left *= business.retention
    return business.customers * (total - business.acquisition_cost)


def test_five_points_of_retention_bring_46933_in_the_demo():
    found = effect(DEMO, "retention", 0.05)
    assert (found.low, found.high) == (pytest.approx(0.55), pytest.approx(0.65))
    assert round(found.change_high) == 46_933
    # 96 x 1.1 / 0.55 = 192.00: 19.20 less over 2,000
    assert round(found.change_low) == -38_400


def test_without_a_cost_to_serve_the_reference_numbers_stay():
    assert round(DEMO.clv, 2) == 211.20
    assert round(replace(DEMO, service_cost=6).clv, 2) == 198.00  # 90 x 1.1 / 0.5


@pytest.mark.parametrize("lever", LEVERS)
def test_every_effect_is_the_difference_of_two_sums_over_the_years(lever):
    shop = replace(DEMO, service_cost=7.0)
    found = effect(shop, lever, usual_changes(shop)[lever])
    now = year_by_year(shop)
    assert found.change_low == pytest.approx(
        year_by_year(replace(shop, **{lever: found.low})) - now, abs=0.01
    )
    assert found.change_high == pytest.approx(
        year_by_year(replace(shop, **{lever: found.high})) - now, abs=0.01
    )


def test_the_lever_that_moves_most_stands_first():
    found = tornado(DEMO)
    assert [each.span for each in found] == sorted((each.span for each in found), reverse=True)
    assert {each.lever for each in found} == set(LEVERS)


def test_ranges_can_be_set_lever_by_lever():
    found = {each.lever: each for each in tornado(DEMO, {"acquisition_cost": 45})}
    assert (found["acquisition_cost"].low, found["acquisition_cost"].high) == (0, 90)
    assert found["acquisition_cost"].change_low == pytest.approx(90_000)
    assert found["retention"].high == pytest.approx(0.65)


def test_a_lever_stops_at_the_end_of_its_range():
    found = effect(replace(DEMO, retention=0.98), "retention", 0.05)
    assert found.high == 1
    assert found.change_high is not None
    assert effect(DEMO, "service_cost", 5).low == 0


def test_where_nobody_leaves_and_nothing_is_discounted_the_upper_end_is_missing_not_infinite():
    found = effect(replace(DEMO, retention=0.97, discount=0), "retention", 0.05)
    assert found.change_high is None


@given(BUSINESSES)
def test_costs_lower_and_margins_raise_the_total(business):
    found = {each.lever: each for each in tornado(business)}
    for cost in ("acquisition_cost", "service_cost"):
        assert found[cost].change_high <= 1e-6
    assert found["margin_rate"].change_high >= -1e-6


@given(BUSINESSES)
def test_spending_on_keeping_up_to_the_most_leaves_the_value_as_it_was(business):
    found = decisions(business)
    spent = business.yearly - found.keeping_a_year
    growth = 1 + business.discount
    after = spent * growth / (growth - business.retention - found.points)
    assert after == pytest.approx(business.clv, rel=1e-6, abs=1e-6)


def test_the_four_answers_of_the_demo():
    found = decisions(DEMO)
    assert found.most_to_win == pytest.approx(211.20)
    assert found.room_to_win == pytest.approx(166.20)
    assert found.payback_months == pytest.approx(5.625)  # 45 of 96 a year
    assert found.another_order == pytest.approx(52.80)  # 24 x 1.1 / 0.5
    assert found.one_kept == pytest.approx(192.00)
    assert found.keeping_a_year == pytest.approx(9.60)
    assert found.margin_of_an_order == pytest.approx(24)


def test_a_cost_the_first_year_does_not_bring_back_has_no_payback_in_it():
    assert decisions(replace(DEMO, acquisition_cost=97)).payback_months is None
    assert decisions(replace(DEMO, margin_rate=0)).payback_months is None


def test_total_value_is_that_of_the_customers_less_what_winning_them_cost():
    assert total_value(DEMO) == pytest.approx(2000 * (211.20 - 45))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: effect(DEMO, "luck", 1), "lever takes"),
        (lambda: effect(DEMO, "retention", -1), "0 or more"),
        (lambda: effect(DEMO, "retention", float("nan")), "0 or more"),
        (lambda: Business(1, 1, 1, 0.1, 0.1, 0.1, 1, -1), "service_cost cannot be negative"),
    ],
)
def test_input_that_means_nothing_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
