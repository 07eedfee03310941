"""Two hundred awkward data sets: no exception but a clear ValueError, no NaN, no hang."""

from __future__ import annotations

import time

import numpy as np
import pytest
from awkward_data import awkward_histories, awkward_spend

from analytics.clv import (
    BetaGeoBetaBinomial,
    BetaGeoNBD,
    GammaGamma,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    ShiftedBetaGeo,
)

LONGEST_SECONDS = 2.0
KINDS = (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD)


def assert_sound(model, *predictions):
    values = [*model.params_.values(), model.log_likelihood_, *model.standard_errors_.values()]
    values += [edge for interval in model.confidence_intervals().values() for edge in interval]
    assert np.isfinite(values).all(), (model, values)
    for prediction in predictions:
        assert np.isfinite(prediction).all()
        assert (np.asarray(prediction) >= 0).all()
    assert all(caution.code and caution.text.endswith(".") for caution in model.warnings_)


def test_there_are_two_hundred_of_them():
    assert sum(1 for _ in awkward_histories()) + sum(1 for _ in awkward_spend()) >= 200


@pytest.mark.parametrize("turn", range(3))
def test_every_awkward_history_is_taken_by_a_purchase_model(turn):
    kind = KINDS[turn]
    for number, (name, (x, t_x, T)) in enumerate(awkward_histories()):
        if number % len(KINDS) != turn:  # each data set by one model
            continue
        start = time.process_time()
        model = kind().fit(x, t_x, T)
        assert time.process_time() - start < 2 * LONGEST_SECONDS, name  # twice: the machine may be busy
        few = slice(0, 60)
        alive = model.probability_alive(x[few], t_x[few], T[few])
        expected = model.expected_purchases(max(T.max(), 1.0), x[few], t_x[few], T[few])
        assert_sound(model, alive, expected, model.expected_purchases_new([0.0, T.max()]))
        assert (alive <= 1).all()


def test_gamma_gamma_takes_every_awkward_spend():
    for _, (x, z) in awkward_spend():
        model = GammaGamma().fit(x, z)
        assert_sound(model, model.expected_value(x, z), model.expected_value(0, 0))


@pytest.mark.parametrize(
    ("x", "t_x", "n"),
    [
        (np.zeros(100), np.zeros(100), np.full(100, 6.0)),
        (np.full(100, 6.0), np.full(100, 6.0), np.full(100, 6.0)),
        (np.ones(1), np.ones(1), np.full(1, 3.0)),
        (np.zeros(5), np.zeros(5), np.zeros(5)),
        (np.ones(100), np.ones(100), np.full(100, 200.0)),
        (np.array([0.0, 200]), np.array([0.0, 200]), np.full(2, 200.0)),
        (np.full(10_000, 3.0), np.full(10_000, 199.0), np.full(10_000, 200.0)),
    ],
)
def test_bg_bb_takes_awkward_opportunities(x, t_x, n):
    model = BetaGeoBetaBinomial().fit(x, t_x, n)
    assert_sound(model, model.probability_alive(x, t_x, n), model.expected_purchases(10, x, t_x, n))


@pytest.mark.parametrize(
    "survivors",
    [[1, 1], [1, 0], [1, 1, 1, 1, 1], [1, 0.5], [1, 0, 0, 0], [5, 5, 5, 0], [1e9, 5e8, 2.5e8], [3, 2, 1],
     [1, 1e-12, 0], [100] + [1] * 400],
)  # fmt: skip
def test_sbg_takes_awkward_cohorts(survivors):
    model = ShiftedBetaGeo().fit(survivors)
    low, high = model.survival_interval(range(12))
    assert_sound(model, low, high, model.survival(range(12)), model.retention_rate(range(1, 12)))
    assert (low <= model.survival(range(12)) + 1e-12).all()


def test_all_one_timers_expect_little_and_say_so():
    model = ParetoNBD().fit(np.zeros(500), np.zeros(500), np.full(500, 52.0))
    assert {"no_repeat", "weak_prior"} <= {caution.code for caution in model.warnings_}
    assert 0 < model.expected_purchases(52, 0, 0, 52) < 0.01


def test_customers_who_never_leave_are_reported_as_such():
    random = np.random.default_rng(0)
    T = random.uniform(20, 60, 2_000)
    x = random.poisson(T * random.gamma(4, 0.05, 2_000)).astype(float) + 1
    model = ModifiedBetaGeoNBD().fit(x, T, T)
    assert "no_dropout" in {caution.code for caution in model.warnings_}
    assert model.expected_purchases(10, x, T, T).sum() == pytest.approx((x / T * 10).sum(), rel=0.1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("x", "t_x", "T", "said"),
    [
        ([1.0], [9.0], [5.0], "recency"),
        ([-1.0], [0.0], [5.0], "frequency"),
        ([1.5], [1.0], [5.0], "whole numbers"),
        ([1.0], [-1.0], [5.0], "recency"),
        ([0.0], [0.0], [-5.0], "T must be 0 or more"),
        ([0.0], [2.0], [5.0], "recency must be 0"),
        ([3.0], [0.0], [0.0], "T is 0"),
        ([np.nan], [0.0], [5.0], "missing or infinite"),
        ([1.0], [1.0], [np.inf], "missing or infinite"),
        ([1.0, 2.0], [1.0], [5.0], "One entry a customer"),
        ([], [], [], "at least one customer"),
        (["many"], [1.0], [5.0], "needs numbers"),
        ([[1.0]], [[1.0]], [[5.0]], "at least one customer"),
    ],
)
def test_impossible_histories_are_refused_with_the_reason(kind, x, t_x, T, said):
    with pytest.raises(ValueError, match=said):
        kind().fit(x, t_x, T)


def test_impossible_weights_spend_and_cohorts_are_refused_with_the_reason():
    for weights in ([-1.0], [0.0], [1.0, 2.0]):
        with pytest.raises(ValueError, match="weights"):
            BetaGeoNBD().fit([1], [1], [2], weights=weights)
    for value in (-3.0, 0.0):
        with pytest.raises(ValueError, match="mean_value must be above 0"):
            GammaGamma().fit([2], [value])
    with pytest.raises(ValueError, match="at least one customer with frequency"):
        GammaGamma().fit([0, 0], [0, 0])
    cohorts = {
        "periods 0 and 1": [1],
        "Put 1 in front": [0.9, 0.8],
        "never rise": [1, 0.5, 0.6],
        "above 0": [0, 0],
        "0 or more": [2, -1],
    }
    for said, survivors in cohorts.items():
        with pytest.raises(ValueError, match=said):
            ShiftedBetaGeo().fit(survivors)
    with pytest.raises(ValueError, match="at most recency"):
        BetaGeoBetaBinomial().fit([3], [2], [6])
    with pytest.raises(ValueError, match="t must be 0 or more"):
        BetaGeoNBD.from_params({"r": 1, "alpha": 1, "a": 1, "b": 1}).expected_purchases(-1, 0, 0, 1)
    with pytest.raises(ValueError, match="fit"):
        ParetoNBD().probability_alive(0, 0, 1)
    with pytest.raises(ValueError, match="needs"):
        ParetoNBD.from_params({"r": 1})
