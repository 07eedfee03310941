"""The likelihoods and expectations against the integrals they stand for, done by brute force.

The oracle starts from the story of one customer (a rate, a lifetime or a chance of leaving) and integrates
over all such customers on a fine grid; it shares no formula with the code under test.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaln, gammaln
from scipy.stats import gamma as gamma_law

from analytics.clv import BetaGeoBetaBinomial, BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from analytics.clv.beta_geo_beta_binomial import _log_likelihood as bb_log_likelihood
from analytics.clv.beta_geometric import _log_likelihood as bg_log_likelihood
from analytics.clv.death_integral import death_integral
from analytics.clv.gamma_gamma import _log_likelihood as gg_log_likelihood
from analytics.clv.leaving_integral import purchases_before_leaving
from analytics.clv.merging import WeightedRows
from analytics.clv.pareto_nbd import _log_likelihood as pareto_log_likelihood

HISTORIES = [(0, 0.0, 30.0), (1, 3.0, 40.0), (4, 25.0, 26.0), (12, 30.0, 30.0)]


def one_row(*columns):
    return WeightedRows.merge(tuple(np.array([float(value)]) for value in columns), np.ones(1))


def gammas(shape, rate):
    """A gamma law as points and weights: the trapezoidal rule on the logarithm, exponentially accurate."""
    log_value, step = np.linspace(-40, 6, 1_400, retstep=True)
    value = np.exp(log_value)
    return value, np.exp(shape * (log_value + np.log(rate)) - rate * value - gammaln(shape)) * step


def betas(first, second):
    """A beta law as points and weights, on the logit."""
    logit, step = np.linspace(-40, 40, 1_400, retstep=True)
    log_p, log_q = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
    return np.exp(log_p), np.exp(first * log_p + second * log_q - betaln(first, second)) * step


@pytest.mark.parametrize(("x", "t_x", "T"), HISTORIES)
def test_pareto_nbd_likelihood_is_the_mean_over_rates_and_lifetimes(x, t_x, T):
    r, alpha, s, beta = 1.4, 9.0, 1.3, 14.0
    (rate, rate_weight), (leave, leave_weight) = gammas(r, alpha), gammas(s, beta)
    rate = rate[:, None]
    alive = rate**x * np.exp(-(rate + leave) * T)
    gone = np.exp(-(rate + leave) * t_x) * -np.expm1(-(rate + leave) * (T - t_x))
    left = rate**x * leave / (rate + leave) * gone
    brute = rate_weight @ (alive + left) @ leave_weight
    value = pareto_log_likelihood(one_row(x, t_x, T))(np.log([r, alpha, s, beta]))[0]
    assert value == pytest.approx(np.log(brute), abs=1e-9)


@pytest.mark.parametrize("chances", [0, 1])
@pytest.mark.parametrize(("x", "t_x", "T"), HISTORIES)
def test_beta_geometric_likelihood_is_the_mean_over_rates_and_chances(x, t_x, T, chances):
    r, alpha, a, b = 1.4, 9.0, 1.2, 2.6
    (rate, rate_weight), (p, p_weight) = gammas(r, alpha), betas(a, b)
    rate = rate[:, None]
    given = (1 - p) ** (x + chances) * rate**x * np.exp(-rate * T)
    if x + chances:
        given += p * (1 - p) ** (x + chances - 1) * rate**x * np.exp(-rate * t_x)
    brute = rate_weight @ given @ p_weight
    value = bg_log_likelihood(one_row(x, t_x, T), chances)(np.log([r, alpha, a, b]))[0]
    assert value == pytest.approx(np.log(brute), abs=1e-9)


def test_gamma_gamma_likelihood_is_the_mean_over_scales():
    p, q, gamma, x, z = 2.3, 3.1, 11.0, 4, 17.0
    nu, weight = gammas(q, gamma)
    brute = (weight * gamma_law(p * x, scale=1 / (nu * x)).pdf(z)).sum()
    value = gg_log_likelihood(one_row(x, z))(np.log([p, q, gamma]))[0]
    assert value == pytest.approx(np.log(brute), abs=1e-8)


def test_death_integral_is_right_to_1e_9_for_any_shape_time_and_count():
    random = np.random.default_rng(1)
    for _ in range(80):
        r, s = 10 ** random.uniform(-2, 2, 2)
        T = 10 ** random.uniform(0, 3.6)
        alpha, beta = T * 10 ** random.uniform(-4, 3, 2)
        x = float(random.integers(0, 5_000) if random.random() < 0.3 else random.integers(0, 20))
        t_x = T * random.random() ** 0.3 if x else 0.0
        columns = (np.array([value]) for value in (x, t_x, T))
        found = death_integral((r, alpha, s, beta), *columns).log_odds_gone[0]
        assert found == pytest.approx(_log_odds_gone(r, alpha, s, beta, x, t_x, T), abs=1e-9)


def _log_odds_gone(r, alpha, s, beta, x, t_x, T):
    """The same integral on 60 x 200 Gauss points, graded towards both ends of the logarithm of time."""
    low = min(alpha, beta)
    m = r + x

    def survival(u):
        return m * np.log1p(u / (alpha + t_x)) + s * np.log1p(u / (beta + t_x))

    stretch = np.log1p((T - t_x) / (low + t_x))
    edges = stretch * np.concatenate([[0], np.geomspace(1e-8, 1, 200)])
    points, weights = np.polynomial.legendre.leggauss(60)
    y = edges[:-1, None] + np.diff(edges)[:, None] * (points + 1) / 2
    u = (low + t_x) * np.expm1(y)
    inside = np.exp(-survival(u)) * (low + t_x) * np.exp(y) / (beta + t_x + u)
    total = (inside * weights / 2 * np.diff(edges)[:, None]).sum()
    return np.log(s * total) + survival(T - t_x)


def test_purchases_before_leaving_are_right_to_1e_8_for_any_shape_horizon_and_count():
    random = np.random.default_rng(2)
    for draw in range(50):
        a = 1.0 if draw % 5 == 0 else 10 ** random.uniform(-3, 2)
        b, r = 10 ** random.uniform(-2, 2, 2)
        x = float(random.integers(0, 3_000) if random.random() < 0.4 else random.integers(0, 20))
        horizon = 10 ** random.uniform(-3, 2)
        found = purchases_before_leaving(a, *(np.array([v]) for v in (b + x, r + x, horizon)))[0]
        assert found == pytest.approx(_leaving_by_force(a, b + x, r + x, horizon), rel=1e-8)


def _leaving_by_force(first, second, shape, horizon):
    """Gauss rules on the logit of the chance of leaving, with both tails in closed form."""
    points, weights = np.polynomial.legendre.leggauss(10)
    edges = np.linspace(-60, 60, 6001)
    y = edges[:-1, None] + 0.02 * (points + 1) / 2
    log_p, log_q = -np.logaddexp(0, -y), -np.logaddexp(0, y)
    law = np.exp(first * log_p + second * log_q - betaln(first, second))
    p = np.exp(log_p)
    middle = (law * -np.expm1(-shape * np.log1p(p * horizon)) / p * weights * 0.01).sum()
    left = shape * horizon * np.exp(-60 * first - betaln(first, second)) / first
    last = -np.expm1(-shape * np.log1p(horizon))
    return middle + left + last * np.exp(-60 * second - betaln(first, second)) / second


def test_bg_bb_sums_to_one_over_all_histories():
    model = {"alpha": 1.2, "beta": 0.7, "gamma": 0.6, "delta": 2.8}
    histories = [(0, 0)] + [(x, t) for t in range(1, 7) for x in range(1, t + 1)]
    x, t_x = (np.array(column, dtype=float) for column in zip(*histories, strict=True))
    n = np.full(len(x), 6.0)
    log_p = [
        bb_log_likelihood(one_row(*row))(np.log(list(model.values())))[0]
        for row in zip(x, t_x, n, strict=True)
    ]
    ways = np.array(
        [1.0 if k == 0 else np.exp(gammaln(t) - gammaln(k) - gammaln(t - k + 1)) for k, t in histories]
    )
    assert (np.exp(log_p) * ways).sum() == pytest.approx(1.0, abs=1e-12)
    # what is expected of a new customer is what the six opportunities bring on average
    new = BetaGeoBetaBinomial.from_params(model).expected_purchases_new(6)
    assert (np.exp(log_p) * ways * x).sum() == pytest.approx(float(new), abs=1e-12)


@pytest.mark.parametrize("kind", [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD])
def test_expectations_are_the_means_of_the_drawn_purchases(kind):
    model = kind.from_params(
        dict(zip(kind.names, (0.9, 8.0, 0.7, 9.0 if kind is ParetoNBD else 2.2), strict=True))
    )
    x, t_x, T = np.array([0.0, 2, 9]), np.array([0.0, 20, 35]), np.array([38.0, 30, 38])
    drawn = model.draw_purchases(40, x, t_x, T, draws=60_000, seed=3)
    error = drawn.std(axis=1) / np.sqrt(60_000)
    assert np.all(np.abs(drawn.mean(axis=1) - model.expected_purchases(40, x, t_x, T)) < 4 * error)
