"""The sBG projection: published numbers, its check on held-out terms, and its interval."""

import numpy as np
import pytest

from analytics.projection import HIGH_END, project, read_shares

SHARES = [value / 100 for value in HIGH_END]


def test_high_end_is_projected_as_published():
    """Fader and Hardie (2007): fitted on 7 years; years 8 to 12, and what really happened."""
    found = project(SHARES, 7, 12)
    assert round(found.alpha, 3) == 0.668
    assert round(found.beta, 3) == 3.806
    ahead = found.table[found.table["part"] == "holdout"]
    assert (ahead["expected"] * 100).round(1).tolist() == [46.0, 43.6, 41.4, 39.5, 37.8]
    assert (ahead["actual"] * 100).round(1).tolist() == [46.8, 44.5, 42.7, 40.9, 39.4]
    assert found.error == pytest.approx(np.mean([0.8, 0.9, 1.3, 1.4, 1.6]) / 100, abs=1e-3)
    assert found.inside == found.held_out == 5
    # A constant renewal rate, the last one seen (49.1 / 51.7), does better on these very years.
    naive = [0.491 * (0.491 / 0.517) ** n for n in range(1, 6)]
    assert found.naive_error == pytest.approx(np.mean(np.abs(np.array(naive) - SHARES[8:])))


def test_what_lies_ahead_has_no_actual_and_a_wider_interval():
    table = project(SHARES[:8], 7, 12).table
    ahead = table[table["part"] == "ahead"]
    assert ahead["period"].tolist() == [8, 9, 10, 11, 12]
    assert ahead["actual"].isna().all()
    assert ((ahead["high"] - ahead["low"]).diff().iloc[1:] > 0).all()
    assert (ahead["low"] < ahead["expected"]).all()
    assert (ahead["high"] > ahead["expected"]).all()
    assert table["low"].iloc[:8].isna().all(), "what is known has no interval"


def test_more_customers_make_the_interval_narrower():
    few, many = (project(SHARES, 7, 12, customers=n).table for n in (200, 20_000))
    assert (few["high"] - few["low"])[12] > 5 * (many["high"] - many["low"])[12]


def test_the_interval_holds_95_of_100_cohorts_it_never_saw():
    chance = np.random.default_rng(12)
    inside = total = 0
    for _ in range(120):
        life = chance.geometric(chance.beta(0.668, 3.806, 800))
        found = project([int((life > n).sum()) for n in range(9)], 4, 8)
        inside, total = inside + found.inside, total + found.held_out
    assert total == 480
    assert 0.90 < inside / total < 0.985


def test_nobody_left_stays_nobody():
    found = project([50, 20, 5, 0], 3, 6)
    assert found.table["high"].iloc[4:].tolist() == [0, 0, 0]
    assert found.error is None


@pytest.mark.parametrize(("survivors", "fitted"), [([100, 90], 2), ([100, 90, 95], 2), ([0, 0, 0], 2)])
def test_what_cannot_be_a_cohort_is_refused(survivors, fitted):
    with pytest.raises(ValueError, match=r"fitted|rise"):
        project(survivors, fitted, 6)


def test_percentages_are_read_in_both_ways_of_writing():
    assert read_shares("100 86.9 74,3 65.3") == [1.0, 0.869, 0.743, 0.653]
    assert read_shares("86.9, 74.3, 65.3") == [1.0, 0.869, 0.743, 0.653]


@pytest.mark.parametrize("text", ["", "50", "90 80", "80 90 70", "100 90 80 -1", "a b c d", "100 nan 3 2"])
def test_what_are_no_percentages_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_shares(text)
