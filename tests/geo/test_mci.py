"""Calibration of Huff's rule: known truth comes back, brute force agrees, and thin data is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize

from geo.gravity import bootstrap_mci, calibrate_mci, huff_shares
from geo.mci import likelihood
from geo.mci_choices import choices

ALPHA, BETA = 0.8, 1.7


def town(seed: int, origins: int = 120, stores: int = 6, visits: int = 40) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(seed)
    home, shop = random.uniform(0, 30, (origins, 2)), random.uniform(0, 30, (stores, 2))
    far = np.linalg.norm(home[:, None] - shop[None], axis=2) + 0.3
    size = random.uniform(200, 1500, stores)
    shares = huff_shares(size, far, ALPHA, BETA)
    return random.multinomial(random.poisson(visits, origins) + 1, shares), size, far


def test_the_exponents_of_a_simulated_town_are_recovered_with_honest_errors() -> None:
    inside, z = {"alpha": 0, "beta": 0}, {"alpha": [], "beta": []}
    for seed in range(60):
        fit = calibrate_mci(*town(seed))
        for name, truth in (("alpha", ALPHA), ("beta", BETA)):
            low, high = fit.interval(name)
            inside[name] += low <= truth <= high
            z[name].append((getattr(fit, name) - truth) / fit.standard_errors[name])
    assert 52 <= inside["alpha"] <= 60  # 95% of 60 = 57, binomial 0.1% edge 51
    assert 52 <= inside["beta"] <= 60
    assert abs(np.mean(z["beta"])) < 0.45
    assert abs(np.mean(z["alpha"])) < 0.45


def test_brute_force_finds_the_same_maximum() -> None:
    visits, size, far = town(3)

    def worse(theta: np.ndarray) -> float:
        return -float((visits * np.log(huff_shares(size, far, *theta))).sum())

    found = minimize(worse, [1.0, 2.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-8})
    fit = calibrate_mci(visits, size, far)
    assert [fit.alpha, fit.beta] == pytest.approx(found.x, abs=1e-5)
    assert fit.log_likelihood == pytest.approx(-found.fun)


def test_gradient_and_information_match_finite_differences() -> None:
    visits, size, far = town(5, origins=20, stores=4)
    far[3, 1] = np.inf
    made, _ = choices(visits, size, far, constants=True)
    theta = np.array([1.4, 0.2, -0.3, 0.1])

    def gradient(at: np.ndarray) -> np.ndarray:
        return likelihood(made, made.counts, at)[1]

    value = approx_fprime(theta, lambda at: likelihood(made, made.counts, at)[0], 1e-6)
    assert gradient(theta) == pytest.approx(value, rel=1e-3, abs=1e-2)
    steps = np.eye(4) * 1e-5
    slope = np.array([(gradient(theta + h) - gradient(theta - h)) / 2e-5 for h in steps])
    assert likelihood(made, made.counts, theta)[2] == pytest.approx(-slope, rel=1e-4, abs=1e-3)


def test_log_centred_least_squares_is_exact_on_shares_without_noise() -> None:
    _, size, far = town(1)
    shares = 1000 * huff_shares(size, far, ALPHA, BETA)
    fit = calibrate_mci(shares, size, far, method="ols")
    assert [fit.alpha, fit.beta] == pytest.approx([ALPHA, BETA])
    assert calibrate_mci(shares, size, far).beta == pytest.approx(BETA)


def test_log_centred_least_squares_match_a_regression_with_a_dummy_per_origin() -> None:
    visits, size, far = town(2, visits=3000, stores=3)
    kept = (visits > 0).all(axis=1)
    visits, far = visits[kept], far[kept]
    n, m = visits.shape
    dummies = np.kron(np.eye(n), np.ones((m, 1)))
    x = np.column_stack([np.tile(np.log(size), n), -np.log(far).ravel(), dummies])
    oracle = np.linalg.lstsq(x, np.log(visits).ravel(), rcond=None)[0][:2]
    fit = calibrate_mci(visits, size, far, method="ols")
    assert [fit.alpha, fit.beta] == pytest.approx(oracle)


def test_constants_take_up_what_size_does_not_explain() -> None:
    _, size, far = town(7, origins=300)
    beyond = np.array([0.0, 0.6, -0.4, 0.2, -0.9, 0.3])
    visits = np.random.default_rng(1).multinomial(200, huff_shares(size * np.exp(beyond), far, 1.0, BETA))
    fit = calibrate_mci(visits, size, far, constants=True)
    assert fit.constants == pytest.approx(beyond, abs=0.1)
    assert fit.beta == pytest.approx(BETA, abs=0.05)
    assert fit.shares(size, far).mean(axis=0) == pytest.approx(visits.mean(axis=0) / 200, abs=1e-6)


def test_a_store_that_was_open_half_the_time_is_not_taken_for_a_weak_one() -> None:
    _, size, far = town(8, origins=400)
    exposure = np.array([1, 1, 0.5, 1, 0.25, 1])
    pull = size**ALPHA * exposure / far**BETA
    shares = pull / pull.sum(axis=1, keepdims=True)
    visits = np.random.default_rng(2).multinomial(100, shares)
    fit = calibrate_mci(visits, size, far, exposure=exposure)
    assert [fit.alpha, fit.beta] == pytest.approx([ALPHA, BETA], abs=0.06)


@pytest.mark.parametrize("kind", ["origins", "parametric"])
def test_bootstrap_intervals_of_shares_hold_the_true_share(kind: str) -> None:
    inside = []
    for seed in range(12):
        visits, size, far = town(seed, origins=80)
        made = bootstrap_mci(visits, size, far, kind=kind, repetitions=120, seed=seed)
        low, high = made.share_intervals(size, far, 0.9)
        truth = huff_shares(size, far, ALPHA, BETA)
        inside.append(((low <= truth) & (truth <= high)).mean())
        assert (low <= high).all()
    assert 0.72 <= np.mean(inside) <= 0.99


def test_the_same_seed_gives_the_same_intervals() -> None:
    data = town(4, origins=40)
    first, again = (bootstrap_mci(*data, repetitions=20, seed=9) for _ in range(2))
    assert first.beta.tolist() == again.beta.tolist()
    assert first.beta.tolist() != bootstrap_mci(*data, repetitions=20, seed=10).beta.tolist()


def test_visits_that_vary_more_than_chance_widen_the_error_and_are_noted() -> None:
    random = np.random.default_rng(0)
    _, size, far = town(6, origins=200)
    shares = huff_shares(size, far, ALPHA, BETA)
    lumpy = np.array([random.multinomial(50, random.dirichlet(8 * row + 1e-9)) for row in shares])
    even = calibrate_mci(random.multinomial(50, shares), size, far)
    fit = calibrate_mci(lumpy, size, far)
    assert "overdispersed" in fit.notes
    assert "overdispersed" not in even.notes
    assert fit.standard_errors["beta"] > 1.5 * even.standard_errors["beta"]


def test_equal_sizes_hold_alpha_and_say_so() -> None:
    visits, _, far = town(1)
    fit = calibrate_mci(visits, np.full(6, 300.0), far)
    assert fit.alpha == 1.0
    assert fit.interval("alpha") is None
    assert "alpha_held" in fit.notes


@pytest.mark.parametrize(
    ("visits", "size", "far", "says"),
    [
        (np.zeros((5, 2)), [1, 2], np.ones((5, 2)), "at least 2 origins"),
        (np.ones((5, 1)), [1], np.ones((5, 1)), "choice of 2 stores"),
        (np.ones((5, 2)), [1, 2], np.ones((5, 2)), "do not differ"),
        (np.ones((2, 2)), [1, 2], [[1, 2], [2, 1]], "more than 2 origins"),
        (np.eye(2)[[0, 1, 0, 1]], [1, 1], [[1, 9], [9, 1], [2, 8], [8, 2]], "do not bound"),
        ([[-1, 2]] * 3, [1, 2], [[1, 2]] * 3, "not negative"),
        ([[1, 2]] * 3, [1, 2], [[1, 2, 3]] * 3, "Attraction must be"),
    ],
)
def test_data_that_cannot_tell_are_refused(visits: object, size: object, far: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        calibrate_mci(visits, size, far)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(2, 5), st.floats(0.2, 6))
def test_a_calibration_gives_numbers_or_a_reason_never_nan(
    seed: int, origins: int, stores: int, visits: float
) -> None:
    random = np.random.default_rng(seed)
    counts = random.poisson(visits, (origins, stores))
    far = random.choice([0.0, 0.5, 3.0, 40.0, np.inf], (origins, stores))
    try:
        fit = calibrate_mci(counts, random.choice([0.0, 1.0, 5.0], stores), far)
    except ValueError:
        return
    assert np.isfinite([fit.alpha, fit.beta, *fit.standard_errors.values()]).all()


def test_constants_are_not_carried_to_other_stores() -> None:
    visits, size, far = town(1)
    fit = calibrate_mci(visits, size, far, constants=True)
    with pytest.raises(ValueError, match="its own 6 stores; got 5"):
        fit.shares(size[:5], far[:, :5])


def test_a_weight_multiplies_the_pull_and_nothing_else() -> None:
    visits, size, far = town(1)
    fit = calibrate_mci(visits, size, far)
    weight = np.array([1, 1, 0.5, 1, 0, 2])
    pull = huff_shares(size, far, fit.alpha, fit.beta, floor=fit.floor) * weight
    assert fit.shares(size, far, weight) == pytest.approx(pull / pull.sum(axis=1, keepdims=True))
