"""What a programme leaves, against a walk through the years order by order."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics.programme import Outcome, Programme, break_even_points, outcome, rounded_up
from analytics.value_calculators import Business

DEMO = Business(2000, 60, 4, 0.4, 0.6, 0.1, 45)
OFFER = Programme(cashback=0.02, set_up=6000)


def walked(business: Business, cashback: float, retention: float) -> tuple[float, float]:
    """Margin and cashback of all customers, year after year until nobody is left."""
    margin = paid = 0.0
    people, worth = business.customers, 1.0
    for _ in range(4000):
        sold = people * business.orders_per_year * business.average_order
        margin += sold * business.margin_rate * worth
        paid += sold * cashback * worth
        people *= retention
        worth /= 1 + business.discount
    return margin, paid


def test_two_percent_cashback_and_6000_leave_17467_of_46933():
    found = outcome(DEMO, OFFER, 0.05)
    before, _ = walked(DEMO, 0, 0.60)
    after, paid = walked(DEMO, 0.02, 0.65)
    assert found.gain == pytest.approx(after - before)
    assert found.cashback_cost == pytest.approx(paid)
    assert found.net == pytest.approx(after - before - paid - 6000)
    assert (round(found.gain), round(found.cashback_cost), round(found.net)) == (46_933, 23_467, 17_467)


def test_cashback_is_a_lower_margin():
    found = outcome(DEMO, OFFER, 0.05)
    assert found.after == pytest.approx(replace(DEMO, margin_rate=0.38, retention=0.65).clv)


def test_it_pays_from_3_2_points_on():
    found = break_even_points(DEMO, OFFER)
    assert rounded_up(found) == 0.032
    assert not outcome(DEMO, OFFER, 0.031).pays
    assert outcome(DEMO, OFFER, 0.032).pays


@given(
    st.floats(0, 0.2), st.floats(0, 50_000), st.floats(0.3, 0.9), st.floats(0.25, 0.9), st.floats(0.01, 0.3)
)
def test_at_the_break_even_nothing_is_left(cashback, set_up, retention, margin_rate, discount):
    shop = Business(2000, 60, 4, margin_rate, retention, discount)
    offer = Programme(cashback, set_up)
    found = break_even_points(shop, offer)
    assume(found is not None)
    assert outcome(shop, offer, min(found, 1 - retention)).net == pytest.approx(0, abs=0.5)


def test_a_programme_that_costs_nothing_pays_from_0_points_and_one_too_dear_never():
    assert break_even_points(DEMO, Programme()) == pytest.approx(0, abs=1e-12)
    assert break_even_points(DEMO, Programme(0.40, 0)) is None
    assert break_even_points(DEMO, Programme(0.02, 1e9)) is None
    assert break_even_points(replace(DEMO, customers=0), OFFER) is None


def test_breaking_even_exactly_does_not_pay():
    assert not Outcome(1, 1, 1, 10, 4, 6).pays


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Programme(1.2), "cashback must lie"),
        (lambda: Programme(0.02, -1), "set_up cannot be negative"),
        (lambda: Programme(0.02, float("nan")), "set_up cannot be negative"),
        (lambda: outcome(DEMO, OFFER, 0.5), "leaves 0..100%"),
    ],
)
def test_input_that_means_nothing_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
