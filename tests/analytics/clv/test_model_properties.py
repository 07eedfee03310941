"""What must hold for any data: units, weights, order, limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.clv import (
    BetaGeoNBD,
    GammaGamma,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    ShiftedBetaGeo,
    maximum_likelihood,
)

KINDS = (BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD)
PARETO = {"r": 0.55, "alpha": 10.6, "s": 0.61, "beta": 11.7}
BETA_GEOMETRIC = {"r": 0.24, "alpha": 4.4, "a": 0.79, "b": 2.4}


def ready(kind):
    return kind.from_params(PARETO if kind is ParetoNBD else BETA_GEOMETRIC)


@pytest.mark.parametrize("kind", KINDS)
def test_days_and_weeks_give_the_same_fit(kind, cohort):
    weeks = kind().fit(cohort.x, cohort.t_x, cohort.T)
    days = kind().fit(cohort.x, cohort.t_x * 7, cohort.T * 7)
    for name, in_time in zip(kind.names, kind.in_time, strict=True):
        assert days.params_[name] == pytest.approx(weeks.params_[name] * (7 if in_time else 1), rel=1e-5)
    shift = cohort.x.sum() * np.log(7)
    assert days.log_likelihood_ == pytest.approx(weeks.log_likelihood_ - shift, abs=1e-5)
    np.testing.assert_allclose(
        days.expected_purchases(273, cohort.x, cohort.t_x * 7, cohort.T * 7),
        weeks.expected_purchases(39, cohort.x, cohort.t_x, cohort.T),
        rtol=1e-4,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_weight_of_two_is_the_customer_twice_and_order_plays_no_part(kind, cohort):
    part = slice(0, 400)
    x, t_x, T = cohort.x[part], cohort.t_x[part], cohort.T[part]
    weighted = kind().fit(x, t_x, T, weights=np.full(400, 2.0))
    shuffled = np.random.default_rng(0).permutation(np.tile(np.arange(400), 2))
    repeated = kind().fit(x[shuffled], t_x[shuffled], T[shuffled])
    assert repeated.params_ == weighted.params_
    assert repeated.log_likelihood_ == weighted.log_likelihood_


@pytest.mark.parametrize("kind", KINDS)
def test_a_thinned_start_ends_at_the_same_maximum(kind, cohort):
    part = slice(0, 250)  # few enough to be fitted without thinning
    x, t_x, T = cohort.x[part], cohort.t_x[part], cohort.T[part]
    small = kind().fit(x, t_x, T)
    jitter = 1 + 1e-9 * np.arange(40)[:, None]  # forty almost equal copies: 10,000 distinct rows
    large = kind().fit(np.tile(x, 40), (t_x * jitter).ravel(), (T * jitter).ravel())
    assert large.log_likelihood_ == pytest.approx(40 * small.log_likelihood_, rel=1e-7)
    for name in kind.names:
        assert (
            large.log_standard_errors_[name]
            == pytest.approx(small.log_standard_errors_[name] / np.sqrt(40), rel=0.02)
            or small.warnings_
        )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(
    x=st.integers(0, 3_000),
    share=st.floats(0.01, 1),
    T=st.floats(1, 4_000),
    t=st.floats(0, 4_000),
)
def test_predictions_stay_possible_and_grow_with_the_horizon(kind, x, share, T, t):
    t_x = T * share if x else 0.0
    model = ready(kind)
    alive = float(model.probability_alive(x, t_x, T))
    shorter, longer = model.expected_purchases([t, 2 * t], x, t_x, T)
    assert 0 <= alive <= 1
    assert 0 <= shorter <= longer + 1e-12
    assert longer <= 2 * shorter + 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_a_short_horizon_brings_rate_times_time(kind):
    model = ready(kind)
    r, alpha = model.params_["r"], model.params_["alpha"]
    expected = model.expected_purchases(1e-6, 3, 20, 30)
    assert expected == pytest.approx(
        float(model.probability_alive(3, 20, 30)) * (r + 3) / (alpha + 30) * 1e-6
    )


def test_bg_nbd_believes_every_one_time_buyer_is_alive_and_is_not_offered_as_churn():
    assert float(ready(BetaGeoNBD).probability_alive(0, 0, 1_000)) == 1.0
    assert not BetaGeoNBD.alive_is_churn
    assert ModifiedBetaGeoNBD.alive_is_churn
    assert ParetoNBD.alive_is_churn
    assert float(ready(ParetoNBD).probability_alive(0, 0, 1_000)) < 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_scalars_columns_and_tables_of_horizons_are_answered_in_their_shape(kind):
    model = ready(kind)
    assert model.expected_purchases(10, 1, 5, 20).shape == ()
    assert model.expected_purchases(10, [1, 2], [5, 6], [20, 20]).shape == (2,)
    assert model.expected_purchases([[1], [2], [3]], [1, 2], [5, 6], [20, 20]).shape == (3, 2)


@pytest.mark.parametrize("s", [1 - 1e-9, 1.0, 1 + 1e-9])
def test_pareto_nbd_passes_through_s_equal_one(s):
    near = ParetoNBD.from_params(PARETO | {"s": 1.0001}).expected_purchases_new(52)
    assert ParetoNBD.from_params(PARETO | {"s": s}).expected_purchases_new(52) == pytest.approx(
        near, rel=1e-3
    )


def test_intervals_are_symmetric_on_the_log_scale_and_draws_follow_them(pareto):
    low, high = pareto.confidence_intervals(0.95)["alpha"]
    assert low * high == pytest.approx(pareto.params_["alpha"] ** 2)
    drawn = np.log([draw["alpha"] for draw in pareto.parameter_draws(4_000, seed=1)])
    assert drawn.std() == pytest.approx(pareto.log_standard_errors_["alpha"], rel=0.05)
    assert pareto.standard_errors_["alpha"] == pytest.approx(
        pareto.params_["alpha"] * pareto.log_standard_errors_["alpha"]
    )


def test_more_orders_move_the_expected_value_from_all_to_ones_own(spend):
    everyone, own = float(spend.expected_value(0, 0)), 100.0
    values = spend.expected_value([1, 5, 50, 5_000], [own] * 4)
    assert everyone < values[0] < values[1] < values[2] < values[3]
    assert values[3] == pytest.approx(own, rel=1e-3)


def test_gamma_gamma_says_when_the_mean_does_not_exist():
    random = np.random.default_rng(1)
    scales = 20.0 / random.gamma(0.7, 1.0, 800)  # q = 0.7: the mean over customers is infinite
    model = GammaGamma().fit(np.full(800, 3.0), random.gamma(3 * 4.0, scales) / 3)
    assert "mean_undefined" in {caution.code for caution in model.warnings_}
    assert model.expected_value(0, 0) == pytest.approx(model.average_)


def test_sbg_shares_need_the_size_of_the_cohort_for_their_errors():
    shares = [1, 0.869, 0.743, 0.653, 0.593]
    small, large = ShiftedBetaGeo().fit(shares, customers=500), ShiftedBetaGeo().fit(shares, customers=50_000)
    assert small.log_standard_errors_["alpha"] == pytest.approx(
        10 * large.log_standard_errors_["alpha"], rel=1e-3
    )
    assert [caution.code for caution in ShiftedBetaGeo().fit(shares).warnings_] == ["no_customers_count"]


def test_sbg_retention_rises_over_the_periods_and_builds_the_survival():
    model = ShiftedBetaGeo.from_params({"alpha": 0.668, "beta": 3.806})
    rates = model.retention_rate(range(1, 13))
    assert (np.diff(rates) > 0).all()
    np.testing.assert_allclose(np.cumprod(rates), model.survival(range(1, 13)), rtol=1e-12)


def test_a_ridge_looked_for_on_a_part_fits_as_well_as_on_all(monkeypatch):
    random = np.random.default_rng(11)
    T = random.uniform(300, 900, 6000)
    rate = random.gamma(1.5, 1 / 200, 6000)
    x = random.poisson(rate * T).astype(float)
    t_x = np.where(x > 0, T * random.beta(np.maximum(x, 1), 1), 0.0)
    whole = ParetoNBD().fit(x, t_x, T)
    assert whole.params_["beta"] > 100 * T.mean()  # nobody leaves: the ridge
    monkeypatch.setattr(maximum_likelihood, "STAGES", (600, 1_500))
    part = ParetoNBD().fit(x, t_x, T)
    cost = 2 * maximum_likelihood.COST_OF_PRIOR * abs(whole.log_likelihood_)
    assert part.log_likelihood_ == pytest.approx(whole.log_likelihood_, abs=cost)
    expected = [model.expected_purchases(365.0, x, t_x, T) for model in (part, whole)]
    assert expected[0].sum() == pytest.approx(expected[1].sum(), rel=1e-4)
    np.testing.assert_allclose(*expected, rtol=5e-3)
