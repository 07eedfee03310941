"""Random data, fitted here and by lifetimes 0.11.3: our log-likelihood is never lower by more than 1e-6."""

from __future__ import annotations

import warnings

import lifetimes
import numpy as np
import pandas as pd
import pytest

from analytics.clv import BetaGeoBetaBinomial, BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD
from analytics.clv.beta_geo_beta_binomial import _log_likelihood as bb_log_likelihood
from analytics.clv.beta_geometric import _log_likelihood as bg_log_likelihood
from analytics.clv.gamma_gamma import _log_likelihood as gg_log_likelihood
from analytics.clv.merging import WeightedRows
from analytics.clv.pareto_nbd import _log_likelihood as pareto_log_likelihood

PAIRS = {
    "BG/NBD": (BetaGeoNBD, lifetimes.BetaGeoFitter, lambda rows: bg_log_likelihood(rows, 0)),
    "MBG/NBD": (ModifiedBetaGeoNBD, lifetimes.ModifiedBetaGeoFitter, lambda rows: bg_log_likelihood(rows, 1)),
    "Pareto/NBD": (ParetoNBD, lifetimes.ParetoNBDFitter, pareto_log_likelihood),
}


def random_customers(seed):
    """A Pareto/NBD merchant with random parameters, in weeks or days."""
    random = np.random.default_rng(seed)
    size = int(random.integers(300, 700))
    unit = 7.0 if seed % 2 else 1.0
    T = random.uniform(5, 60, size) * unit
    rate = random.gamma(random.uniform(0.3, 1.2), random.uniform(0.05, 0.2), size) / unit
    leaving = random.gamma(random.uniform(0.4, 1.0), random.uniform(0.05, 0.15), size) / unit
    alive = np.minimum(T, random.exponential(1, size) / leaving)
    x = random.poisson(rate * alive).astype(float)
    t_x = np.where(x > 0, alive * random.beta(np.maximum(x, 1), 1), 0.0)
    return x, t_x, T


CASES = [(name, seed) for name in PAIRS for seed in range(2 if name == "Pareto/NBD" else 5)]


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_purchase_models_fit_at_least_as_well_as_lifetimes(name, seed):
    kind, other, likelihood_of = PAIRS[name]
    x, t_x, T = random_customers(seed)
    ours = kind().fit(x, t_x, T)
    likelihood = likelihood_of(WeightedRows.merge((x, t_x, T), np.ones(len(x))))
    assert ours.log_likelihood_ == pytest.approx(
        likelihood(np.log(list(ours.params_.values())))[0], rel=1e-10
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = other().fit(x, t_x, T)
        except lifetimes.utils.ConvergenceError:
            return
    value = likelihood(np.log(theirs.params_.to_numpy()))[0]
    assert not np.isfinite(value) or ours.log_likelihood_ >= value - 1e-6 * abs(value)


@pytest.mark.parametrize("seed", range(4))
def test_gamma_gamma_fits_at_least_as_well_as_lifetimes(seed):
    random = np.random.default_rng(seed)
    x = random.integers(1, 12, 500).astype(float)
    z = random.gamma(4 * x) / x / random.gamma(random.uniform(2, 6), 1 / 20, 500)
    ours = GammaGamma().fit(x, z)
    theirs = lifetimes.GammaGammaFitter().fit(x, z)
    likelihood = gg_log_likelihood(WeightedRows.merge((x, z), np.ones(500)))
    value = likelihood(np.log(theirs.params_.to_numpy()))[0]
    assert ours.log_likelihood_ >= value - 1e-6 * abs(value)
    np.testing.assert_allclose(
        GammaGamma.from_params(dict(theirs.params_.rename({"v": "gamma"}))).expected_value(x, z),
        theirs.conditional_expected_average_profit(x, z),
        rtol=1e-9,
    )


def test_bg_bb_fits_at_least_as_well_as_lifetimes():
    random = np.random.default_rng(4)
    buys, leaves = random.beta(1.5, 1, 800), random.beta(0.8, 4, 800)
    life = random.geometric(leaves) - 1
    n = random.integers(3, 9, 800)
    bought = (random.random((800, 8)) < buys[:, None]) & (np.arange(1, 9) <= np.minimum(life, n)[:, None])
    x, t_x = bought.sum(1).astype(float), (bought * np.arange(1, 9)).max(1).astype(float)
    ours = BetaGeoBetaBinomial().fit(x, t_x, n)
    theirs = lifetimes.BetaGeoBetaBinomFitter().fit(x, t_x, n)
    rows = WeightedRows.merge((x, t_x, n.astype(float)), np.ones(800))
    assert ours.log_likelihood_ >= bb_log_likelihood(rows)(np.log(theirs.params_.to_numpy()))[0] - 1e-3
    same = BetaGeoBetaBinomial.from_params(dict(theirs.params_))
    np.testing.assert_allclose(
        same.expected_purchases(5, x, t_x, n),
        theirs.conditional_expected_number_of_purchases_up_to_time(5, x, t_x, n),
        rtol=1e-8,
    )
    np.testing.assert_allclose(
        same.probability_alive(x, t_x, n), theirs.conditional_probability_alive(1, x, t_x, n), rtol=1e-8
    )


@pytest.mark.parametrize("name", PAIRS)
def test_predictions_match_lifetimes_at_the_same_parameters(name, cohort):
    kind, other, _ = PAIRS[name]
    ours = kind().fit(cohort.x, cohort.t_x, cohort.T)
    theirs = other()
    theirs.params_ = pd.Series(ours.params_)
    history = (cohort.x, cohort.t_x, cohort.T)
    np.testing.assert_allclose(
        ours.probability_alive(*history), theirs.conditional_probability_alive(*history), rtol=1e-7
    )
    np.testing.assert_allclose(
        ours.expected_purchases(39, *history),
        theirs.conditional_expected_number_of_purchases_up_to_time(39, *history),
        rtol=1e-6,
    )
    assert float(ours.expected_purchases_new(52)) == pytest.approx(
        float(theirs.expected_number_of_purchases_up_to_time(52)), rel=1e-7
    )
