"""The product-limit curve against a textbook, and the hiatus against simulations of known truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.survival import hiatus, kaplan_meier, return_share

# Freireich et al. (1963), 6-mercaptopurine arm, weeks in remission of 21 patients; + is censored.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def counts(values, size):
    return np.bincount(values, minlength=size)


def leukaemia():
    return kaplan_meier(counts(RELAPSED, 36), counts(CENSORED, 36))


@pytest.mark.parametrize(
    ("week", "survival", "error", "low", "high"),
    [
        # Cox and Oakes (1984), Analysis of survival data, table 4.1; errors and log-log limits as in
        # Stata's manual for `sts list` on the same data.
        (6, 0.8571, 0.0764, 0.6197, 0.9516),
        (7, 0.8067, 0.0869, 0.5631, 0.9228),
        (10, 0.7529, 0.0963, 0.5032, 0.8894),
        (13, 0.6902, 0.1068, 0.4316, 0.8491),
        (16, 0.6275, 0.1141, 0.3675, 0.8049),
        (22, 0.5378, 0.1282, 0.2678, 0.7468),
        (23, 0.4482, 0.1346, 0.1881, 0.6801),
    ],
)
def test_the_leukaemia_curve_is_that_of_the_textbooks(week, survival, error, low, high):
    curve = leukaemia()
    assert curve.survival[week] == pytest.approx(survival, abs=5e-5)
    assert curve.standard_error[week] == pytest.approx(error, abs=5e-5)
    assert curve.low[week] == pytest.approx(low, abs=5e-5)
    assert curve.high[week] == pytest.approx(high, abs=5e-5)


def test_the_median_remission_is_23_weeks_and_21_are_at_risk():
    curve = leukaemia()
    assert curve.quantile(0.5) == 23
    assert curve.quantile(0.6) is None, "only 55% relapsed as far as is known"
    assert curve.gaps == 21
    assert curve.at_risk[[6, 7, 10, 23]].tolist() == [21, 17, 15, 6]


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60))
def test_the_curve_is_the_product_over_the_days_worked_out_one_by_one(gaps):
    ended = [days for days, over in gaps if over]
    open_ = [days for days, over in gaps if not over]
    curve = kaplan_meier(counts(ended, 31), counts(open_, 31))
    product = 1.0
    for day in range(31):
        still = sum(days >= day for days, _ in gaps)
        product *= 1 - (ended.count(day) / still if still else 0)
        assert curve.survival[day] == pytest.approx(product)
        assert curve.low[day] <= curve.survival[day] + 1e-12
        assert curve.high[day] >= curve.survival[day] - 1e-12


def test_without_censoring_the_curve_is_the_share_still_open():
    days = np.random.default_rng(3).geometric(0.05, 500)
    curve = kaplan_meier(counts(days, days.max() + 1), np.zeros(days.max() + 1))
    assert curve.survival[20] == pytest.approx((days > 20).mean())
    assert float(return_share(curve, 20, 10)) == pytest.approx(
        ((days > 20) & (days <= 30)).sum() / (days > 20).sum()
    )


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="one length"):
        kaplan_meier([1, 2], [1])
    with pytest.raises(ValueError, match="0 or more"):
        kaplan_meier([1, -2], [1, 0])


def mixture(chance, customers, never, mean, days=1000):
    """Gaps of which a share never ends, seen for a random time; by 20 groups of customers."""
    length = np.where(chance.random(customers) < never, np.inf, chance.exponential(mean, customers))
    seen = chance.uniform(0, days, customers)
    part = np.arange(customers) % 20
    ended, open_ = np.zeros((20, days + 1)), np.zeros((20, days + 1))
    over = length <= seen
    np.add.at(ended, (part[over], np.ceil(length[over]).astype(int)), 1)
    np.add.at(open_, (part[~over], np.floor(seen[~over]).astype(int)), 1)
    return ended, open_


def true_hiatus(never, mean, horizon):
    """Days h at which (1 - never) exp(-h / mean) (1 - exp(-H / mean)) is half of those still silent."""
    alive = (1 - never) * np.exp(-np.arange(2000) / mean)
    share = alive * (1 - np.exp(-horizon / mean)) / (never + alive)
    return int(np.flatnonzero(share >= 0.5)[-1]) + 1


@pytest.mark.parametrize(("never", "mean"), [(0.3, 40), (0.1, 60), (0.45, 100)])
def test_the_hiatus_of_a_mixture_is_found(never, mean):
    """The closed form for a horizon without end: mean x ln((1 - never) / never)."""
    truth = true_hiatus(never, mean, 365)
    assert truth == pytest.approx(mean * np.log((1 - never) / never), abs=0.1 * mean)
    found = hiatus(*mixture(np.random.default_rng(1), 40_000, never, mean), 365)
    assert found.days == pytest.approx(truth, abs=max(4, 0.08 * truth))
    assert found.low <= truth <= found.high


def test_the_interval_of_the_hiatus_holds_the_truth_in_about_95_of_100():
    truth = true_hiatus(0.3, 40, 365)
    chance = np.random.default_rng(8)
    found = [hiatus(*mixture(chance, 4000, 0.3, 40), 365) for _ in range(60)]
    covered = np.mean([one.low - 1 <= truth <= one.high for one in found])
    assert covered >= 0.88


def test_customers_who_buy_again_and_again_and_leave_have_the_hiatus_their_future_shows():
    """Pareto/NBD customers watched for three years, against the ten years after.

    The truth is the share of all silences of h days that did end within a year, as the simulation
    alone can know.
    """
    chance = np.random.default_rng(21)
    ended, open_ = np.zeros((20, 1096)), np.zeros((20, 1096))
    lengths = []
    for customer in range(12_000):
        rate, life = chance.gamma(2, 1 / 60), chance.exponential(500)
        start = chance.uniform(0, 900)
        steps = np.cumsum(chance.exponential(1 / rate, 400))
        times = start + np.concatenate([[0], steps[steps < life]])
        gaps = np.append(np.diff(times), np.inf)
        inside = times <= 1095
        lengths.append(gaps[inside])
        for begin, gap in zip(times[inside], gaps[inside], strict=True):
            part = customer % 20
            if begin + gap <= 1095:
                ended[part, min(1095, int(np.ceil(gap)))] += 1
            else:
                open_[part, int(1095 - begin)] += 1
    every = np.concatenate(lengths)
    share = [((every > h) & (every <= h + 365)).sum() / (every > h).sum() for h in range(400)]
    truth = int(np.flatnonzero(np.array(share) >= 0.5)[-1]) + 1
    found = hiatus(ended, open_, 365)
    assert found.days == pytest.approx(truth, rel=0.1)


def test_a_hiatus_that_cannot_be_known_has_a_reason():
    few = hiatus(counts(RELAPSED, 36), counts(CENSORED, 36), 4)
    assert (few.days, few.reason) == (None, "too_few")
    short = hiatus(*mixture(np.random.default_rng(2), 5000, 0.3, 40, days=200), 365)
    assert (short.days, short.reason) == (None, "too_short")
    loyal = hiatus(*mixture(np.random.default_rng(2), 40_000, 0.0, 40, days=500), 180)
    assert (loyal.days, loyal.reason) == (None, "always_back")
    gone = hiatus(*mixture(np.random.default_rng(2), 20_000, 0.7, 40), 365)
    assert (gone.days, gone.reason) == (0, None)
