"""The product-limit curve against a published table, brute force and what must hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.waiting import waiting

# Freireich and others (1963), remission under 6-MP in weeks, as in Kalbfleisch and Prentice (2002).
EVENTS = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
OPEN = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
counts = st.dictionaries(st.integers(0, 400), st.integers(1, 30), max_size=12)


def test_the_curve_is_the_published_one_of_the_leukaemia_trial():
    found = waiting(EVENTS, OPEN)
    assert found.days == (6, 7, 10, 13, 16, 22, 23)
    assert [round(1 - s, 4) for s in found.share] == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert (found.quantile(0.5), found.people, found.events) == (23, 21, 9)
    # R, survfit with conf.type "log-log": 0.620 to 0.952 at week 6; the median's interval starts at 13.
    assert (1 - found.high[0], 1 - found.low[0]) == pytest.approx((0.6197, 0.9516), abs=5e-4)
    assert found.median_interval() == (13, None)


@given(counts, counts)
def test_the_share_is_the_product_over_everybody_who_was_still_there(events, open_ones):
    found = waiting(events, open_ones)
    people = [(d, 1) for d, n in events.items() for _ in range(n)]
    people += [(d, 0) for d, n in open_ones.items() for _ in range(n)]
    left, expected = 1.0, {}
    for day in sorted({d for d, happened in people if happened}):
        there = sum(d >= day for d, _ in people)
        left *= 1 - sum(d == day and happened for d, happened in people) / there
        expected[day] = 1 - left
    assert dict(zip(found.days, found.share, strict=True)) == pytest.approx(expected)
    assert all(0 <= lo <= s <= hi <= 1 for lo, s, hi in zip(found.low, found.share, found.high, strict=True))


@given(counts)
def test_without_open_ones_it_is_the_plain_distribution(events):
    found = waiting(events, {})
    values = np.repeat(list(events), list(events.values())) if events else np.array([])
    for day, share in zip(found.days, found.share, strict=True):
        assert share == pytest.approx((values <= day).mean())


def test_nobody_gives_no_share_and_no_quantile():
    found = waiting({}, {})
    assert (found.ever, found.by(10), found.quantile(0.5), found.quantile_of_those(0.5)) == (None,) * 4


def test_those_to_whom_it_never_happens_do_not_move_the_quantile_of_those_to_whom_it_does():
    days = {10: 50, 20: 40, 30: 10}
    alone, among = waiting(days, {}), waiting(days, {1000: 900})
    assert alone.quantile_of_those(0.9) == among.quantile_of_those(0.9) == 20
    assert among.quantile(0.5) is None
    assert among.ever == pytest.approx(0.1)
    assert among.quantile_of_those(0.5, within=25) == 10
