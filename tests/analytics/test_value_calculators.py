"""The calculators, at the printed digits of the worked examples."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics.value_calculators import (
    Business,
    break_even_retention,
    contribution,
    expected_years,
    finite_horizon,
    infinite_horizon,
    lifetime_revenue,
    net_value,
    retention_gain,
)

RATES = st.floats(0, 0.99)
DISCOUNTS = st.floats(0, 1)
DEMO = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)


def test_margin_100_retention_90_discount_10_is_550_with_the_first_payment_and_450_without():
    assert infinite_horizon(100, 0.9, 0.1) == pytest.approx(550)
    assert infinite_horizon(100, 0.9, 0.1, first_payment=False) == pytest.approx(450)


def test_average_100_times_4_a_year_times_5_years_is_2000():
    assert lifetime_revenue(100, 4, 5) == 2000


def test_revenue_1000_less_200_to_win_and_100_to_serve_is_700():
    assert contribution(1000, 200, 100) == 700


def test_a_customer_worth_exactly_what_it_cost_to_win_is_not_worth_it():
    found = net_value(500, 500)
    assert (found.net, found.worth_it, found.times) == (0, False, 1)
    assert net_value(500.01, 500).worth_it


def test_the_demo_adds_up():
    assert round(DEMO.clv, 2) == 211.20
    assert round(DEMO.net.times, 1) == 4.7
    gain = retention_gain(DEMO, 0.05)
    assert round(gain.after, 2) == 234.67
    assert round(gain.total) == 46_933


def test_the_break_even_retention_follows_from_the_cost_of_the_programme():
    assert break_even_retention(DEMO, 0) == pytest.approx(0.6)
    assert break_even_retention(DEMO, 46_933.3333) == pytest.approx(0.65)


@given(st.floats(0, 0.4), st.floats(0.01, 1))
def test_at_the_break_even_retention_the_gain_equals_the_cost(points, margin_rate):
    shop = Business(500, 80, 3, margin_rate, 0.55, 0.12)
    gain = retention_gain(shop, points)
    found = break_even_retention(shop, gain.total)
    assert found == pytest.approx(0.55 + points)


def test_a_programme_no_retention_can_pay_for_has_no_break_even():
    assert break_even_retention(DEMO, 10_000_000) is None
    assert break_even_retention(Business(0, 60, 4, 0.4, 0.6, 0.1), 100) is None


@given(RATES, DISCOUNTS)
def test_the_infinite_formula_is_the_limit_of_the_sum_of_payments(retention, discount):
    assume(retention / (1 + discount) < 0.9)
    assert finite_horizon(100, retention, discount, 400) == pytest.approx(
        infinite_horizon(100, retention, discount)
    )


@given(RATES, DISCOUNTS)
def test_with_and_without_the_first_payment_differ_by_one_margin(retention, discount):
    with_first = infinite_horizon(100, retention, discount)
    without = infinite_horizon(100, retention, discount, first_payment=False)
    assert with_first - without == pytest.approx(100)


@given(RATES, RATES, DISCOUNTS)
def test_more_retention_is_never_worth_less(one, other, discount):
    low, high = sorted((one, other))
    assert infinite_horizon(1, low, discount) <= infinite_horizon(1, high, discount)


def test_retention_80_percent_lasts_five_years():
    assert expected_years(0.8) == pytest.approx(5)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: infinite_horizon(100, 1.2, 0.1), "retention must lie between 0 and 1"),
        (lambda: infinite_horizon(100, 1.0, 0.0), "has no end"),
        (lambda: infinite_horizon(math.nan, 0.5, 0.1), "finite number"),
        (lambda: infinite_horizon(100, 0.5, -0.1), "discount cannot be negative"),
        (lambda: finite_horizon(100, 0.5, 0.1, -1), "years cannot be negative"),
        (lambda: lifetime_revenue(100, -4, 5), "orders_per_year cannot be negative"),
        (lambda: net_value(10, -1), "acquisition_cost cannot be negative"),
        (lambda: Business(10, 60, 4, 40, 0.6, 0.1), "margin_rate must lie between 0 and 1"),
        (lambda: retention_gain(DEMO, 0.5), r"changed by \+50.0 points leaves 0..100%"),
        (lambda: expected_years(1), "no end"),
    ],
)
def test_input_that_means_nothing_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
