"""Who can be written to, when it pays, and which group moved."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.reach import CHANNELS, break_even_rate, by_lifecycle
from analytics.results import frame
from analytics.shift import largest_shift


def _tables(backend, agreed):
    each = pd.DataFrame(
        {
            "customer_key": [1, 2, 3, 4],
            "orders": [1, 2, 3, 4],
            "revenue": [10.0, 20.0, 30.0, 40.0],
            "margin": [4.0, 8.0, 12.0, 16.0],
        }
    )
    groups = pd.DataFrame(
        {"customer_key": [1, 2, 3, 4, 5], "lifecycle": ["new", "lapsed", "lapsed", "lapsed", "new"]}
    )
    summary = pd.DataFrame({"customer_key": [1, 2, 3, 4]})
    for channel in CHANNELS:
        summary[f"reachable_{channel}"] = pd.array(agreed.get(channel, [None] * 4), dtype="boolean")
    return (backend.table(each), backend.table(groups), backend.table(summary))


def _found(backend, agreed):
    return frame(by_lifecycle(*_tables(backend, agreed))).set_index("lifecycle")


def test_a_customer_with_two_channels_is_reachable_once(backend):
    nobody = [False] * 4
    found = _found(
        backend,
        {
            "whatsapp": [False, True, True, False],
            "email": [False, True, False, False],
            "sms": nobody,
            "phone": nobody,
        },
    )
    counts = ["customers", "reachable", "reachable_whatsapp", "reachable_email"]
    assert found.loc["lapsed", counts].tolist() == [3, 2, 2, 1]
    assert found.loc["lapsed", "margin"] == 36.0
    assert found.loc["new", "customers"] == 1, "who has no order in the scope is not counted"
    assert found.loc["new", "reachable"] == 0


def test_without_consents_reach_is_unknown_not_zero(backend):
    found = _found(backend, {})
    assert found["reachable"].isna().all()
    assert found["customers"].sum() == 4


@given(cost=st.floats(0, 1e6), margin=st.floats(0.01, 1e6))
def test_at_the_break_even_rate_the_orders_pay_for_the_messages(cost, margin):
    rate = break_even_rate(cost, margin)
    assert rate is not None
    assert rate * margin == pytest.approx(cost)


def test_where_an_order_brings_nothing_there_is_no_break_even():
    assert break_even_rate(1, None) is None
    assert break_even_rate(1, 0) is None
    assert break_even_rate(1, -3) is None
    with pytest.raises(ValueError, match="negative"):
        break_even_rate(-1, 3)


def test_a_shift_that_chance_explains_is_none():
    assert largest_shift({"new": 505, "lapsed": 495}, {"new": 500, "lapsed": 500}) is None


def test_the_group_whose_share_moved_most_is_named_with_its_points():
    shift = largest_shift(
        {"new": 100, "active": 300, "lapsed": 600}, {"new": 150, "active": 450, "lapsed": 400}
    )
    assert (shift.code, round(shift.change, 3)) == ("lapsed", 0.2)


def test_a_group_that_was_not_there_before_counts_from_zero():
    shift = largest_shift({"new": 500, "lapsed": 500}, {"lapsed": 1000})
    assert (shift.code, shift.before) == ("lapsed", 1.0)
