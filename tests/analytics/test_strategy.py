"""Break-even by arithmetic, intervals by their definition, and obstacles one customer at a time."""

from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.reach import CHANNELS, OBSTACLES, obstacles
from analytics.results import frame
from analytics.strategy import Offer, break_even, judge, response
from data import consent

money = st.floats(0, 1e5)


@given(money, money, money, st.integers(1, 10**6), st.floats(0.01, 1e5))
def test_at_break_even_the_margin_pays_for_everything_and_one_order_less_does_not(
    message, per_order, fixed, reach, margin
):
    found = break_even(Offer(message, per_order, fixed), reach, margin)
    if margin <= per_order:
        assert found.never
        assert found.orders is None
        return
    spent = message * reach + fixed
    assert found.rate * reach * (margin - per_order) == pytest.approx(spent)
    gain = margin - per_order  # a billionth of an order is none
    assert found.orders * gain >= spent * (1 - 1e-9) - 1e-6 - 1e-9 * gain
    assert (found.orders - 1) * (margin - per_order) < spent + 1e-6
    assert found.never == (found.rate > 1)


def test_without_reach_or_margin_there_is_nothing_to_break_even():
    assert break_even(Offer(1.0), 0, 10.0) is None
    assert break_even(Offer(1.0), 10, None) is None
    with pytest.raises(ValueError, match="per_order"):
        Offer(per_order=-1)


@pytest.mark.parametrize(("sent", "ordered"), [(10, 0), (10, 10), (400, 12), (25, 7)])
def test_the_interval_is_wilson_s(sent, ordered):
    found = response(sent, ordered)
    want = stats.binomtest(ordered, sent).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((want.low, want.high), abs=1e-9)


@pytest.mark.parametrize(("sent", "ordered"), [(0, 0), (10, 11), (10, -1)])
def test_a_response_that_cannot_be_is_refused(sent, ordered):
    with pytest.raises(ValueError, match="needs"):
        response(sent, ordered)


def test_a_response_is_judged_by_its_interval_not_its_rate():
    needed = break_even(Offer(1.0), 1000, 20.0)  # 5 in 100
    assert judge(response(1000, 80), needed) == "pays"
    assert judge(response(1000, 55), needed) == "open"
    assert judge(response(1000, 20), needed) == "does_not"
    assert judge(response(1000, 900), break_even(Offer(1.0, 30.0), 1000, 20.0)) == "does_not"


def _tables(backend, with_consents=True):
    keys = list(range(6))
    segment = pd.DataFrame({"customer_key": keys, "orders": 2, "revenue": 10.0, "margin": 4.0})
    summary = pd.DataFrame({"customer_key": keys, "customer_id": [f"C{k}" for k in keys]})
    for channel in CHANNELS:
        known = [k == 0 and channel == "email" for k in keys] if with_consents else [None] * 6
        summary[f"reachable_{channel}"] = pd.array(known, dtype="boolean")
    then, now = datetime(2025, 1, 1), datetime(2025, 6, 1)
    said = pd.DataFrame(
        [
            ("C0", "email", "marketing", "granted", then),
            ("C1", "whatsapp", None, "granted", then),  # agreed, without a number
            ("C2", "email", "marketing", "granted", then),
            ("C2", "email", "marketing", "withdrawn", now),
            ("C3", "email", "service", "granted", then),  # not for marketing
            ("C4", "sms", "marketing", "withdrawn", then),
            ("C4", "email", "marketing", "granted", now),  # yes by another channel
        ],
        columns=["customer_id", "channel", "purpose", "state", "at"],
    )
    stated = consent.stated(backend.table(said)) if with_consents else None
    return backend.table(segment), backend.table(summary), stated


def test_everybody_has_one_obstacle_the_first_in_the_way(backend):
    found = frame(obstacles(*_tables(backend))).set_index("obstacle")
    assert found["customers"].to_dict() == {
        "reachable": 1,
        "no_contact": 2,
        "withdrawn": 1,
        "not_asked": 2,
    }
    assert found.loc["reachable", "reachable_email"] == 1
    assert found["margin"].sum() == 24.0
    assert set(found.index) < set(OBSTACLES)


def test_without_a_table_of_consents_nothing_is_known(backend):
    found = frame(obstacles(*_tables(backend, with_consents=False))).set_index("obstacle")
    assert found["customers"].to_dict() == {"unknown": 6}


def test_without_consents_who_left_no_contact_is_told_apart(backend):
    segment, summary, stated = _tables(backend, with_consents=False)
    kept = consent.with_contact(
        backend.table(
            pd.DataFrame(
                {
                    "customer_id": ["C0", "C1", "C2", "C3", "C4"],
                    "phone": ["+628123456789", "******12", None, None, "0000000000"],
                    "email": [None, "", "siti@contoh.id", "s***@contoh.id", None],
                }
            )
        )
    )
    found = frame(obstacles(segment, summary, stated, kept)).set_index("obstacle")
    assert found["customers"].to_dict() == {"unknown": 2, "contactless": 4}


def test_with_consents_the_first_obstacle_stays_what_was_said(backend):
    nobody = consent.with_contact(
        backend.table(pd.DataFrame({"customer_id": ["C0"], "phone": ["-"], "email": ["-"]}))
    )
    found = frame(obstacles(*_tables(backend), nobody)).set_index("obstacle")
    assert found["customers"].to_dict() == {
        "reachable": 1,
        "no_contact": 2,
        "withdrawn": 1,
        "not_asked": 2,
    }
