"""Payback and the highest rent: the closed forms against a ledger and a root finder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from geo.site_economics import Costs, economics, highest_rent

MONEY = st.floats(0, 1e6)


@given(st.floats(1e4, 1e7), st.floats(0.05, 0.9), MONEY, st.floats(1, 1e6), st.floats(6, 120))
def test_the_highest_rent_is_where_the_payback_meets_the_hurdle(sales, margin, fixed, set_up, hurdle):
    found = highest_rent(sales, margin, Costs(set_up=set_up, fixed=fixed), hurdle)

    def short(rent: float) -> float:  # earned back in the hurdle, less the set-up cost
        return (sales * margin / 12 - fixed - rent) * hurdle - set_up

    low, high = -1e8, 1e8
    assert found == pytest.approx(brentq(short, low, high, xtol=1e-6), abs=1e-3)
    if found > 0:
        paid = economics(sales, margin, Costs(found, set_up, fixed), hurdle)
        assert paid.payback_months == pytest.approx(hurdle, rel=1e-6)


def test_a_ledger_month_by_month_is_paid_back_when_the_closed_form_says():
    found = economics(600_000, 0.4, Costs(8_000, 60_000, 6_000), 24)
    left, months = -60_000.0, 0
    while left < 0:
        left += 600_000 * 0.4 / 12 - 8_000 - 6_000
        months += 1
    assert found.payback_months == pytest.approx(months)


@pytest.mark.parametrize(
    ("costs", "reason"),
    [
        (Costs(None, 1, 1), "rent_unknown"),
        (Costs(1, 1, None), "fixed_unknown"),
        (Costs(1, None, 1), "set_up_unknown"),
        (Costs(1e6, 1, 1), "never"),
    ],
)
def test_what_cannot_be_computed_is_none_with_a_reason(costs, reason):
    found = economics(100_000, 0.4, costs, 24)
    assert found.payback_months is None
    assert found.reason == reason
    assert (found.net is None) is (reason in ("rent_unknown", "fixed_unknown"))


def test_a_store_that_costs_nothing_to_open_is_paid_back_at_once():
    assert economics(100_000, 0.4, Costs(0, 0, 0), 24).payback_months == 0
    with pytest.raises(ValueError, match="rent must be"):
        Costs(rent=-1)
    with pytest.raises(ValueError, match="hurdle_months"):
        economics(1, 0.4, Costs(), 0)
