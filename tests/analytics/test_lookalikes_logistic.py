"""The regression against scikit-learn, its gradient against differences, its intervals by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from analytics import lookalikes_logistic as logistic
from analytics import lookalikes_tested as tested


def drawn(n: int, weights: list[float], seed: int, base: float = -1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, len(weights)))
    chance = 1 / (1 + np.exp(-(base + x @ np.array(weights))))
    return x, (rng.random(n) < chance).astype(float)


@pytest.mark.parametrize("penalty", [1.0, 0.01, 1e-4])
def test_coefficients_are_those_of_scikit_learn(penalty: float) -> None:
    x, y = drawn(3000, [0.8, -0.5, 0.0, 0.2], seed=3)
    ours = logistic.fit(x, y, penalty)
    theirs = LogisticRegression(C=1 / (len(y) * penalty), tol=1e-10, max_iter=1000).fit(x, y)
    np.testing.assert_allclose(ours.coef, theirs.coef_[0], atol=2e-6)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=2e-6)


def test_the_gradient_is_that_of_the_loss() -> None:
    x, y = drawn(200, [0.5, -1.0], seed=1)
    beta = np.array([0.3, -0.2, 0.9])
    _, slope = logistic.loss(beta, x, y, 0.05)
    for place in range(3):
        up, down = beta.copy(), beta.copy()
        up[place] += 1e-6
        down[place] -= 1e-6
        by_difference = (logistic.loss(up, x, y, 0.05)[0] - logistic.loss(down, x, y, 0.05)[0]) / 2e-6
        assert slope[place] == pytest.approx(by_difference, abs=1e-8)


def test_intervals_hold_the_truth_in_about_95_of_100_samples() -> None:
    truth, hits, runs = np.array([0.6, -0.4, 0.0]), 0, 200
    for seed in range(runs):
        x, y = drawn(800, list(truth), seed)
        made = logistic.fit(x, y, 1e-4)
        width = tested.Z * np.sqrt(np.diag(made.covariance))[1:]
        hits += int((np.abs(made.coef - truth) <= width).sum())
    assert 0.92 <= hits / (3 * runs) <= 0.98


def test_separable_classes_end_in_finite_coefficients() -> None:
    x = np.linspace(-1, 1, 100)[:, None]
    made = logistic.fit(x, (x[:, 0] > 0).astype(float), 1e-3)
    assert np.isfinite(made.coef).all()
    assert made.coef[0] > 3


def test_noise_gets_a_strong_penalty_and_a_signal_a_weak_one() -> None:
    x, y = drawn(2000, [0.0] * 20, seed=5)
    assert logistic.chosen(x, y) >= 0.1
    x, y = drawn(2000, [1.5, -1.0, 0.8], seed=5)
    assert logistic.chosen(x, y) <= 0.01


def test_one_kind_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="both kinds"):
        logistic.fit(np.zeros((5, 1)), np.ones(5), 1.0)


def test_auc_is_that_of_scikit_learn_with_ties() -> None:
    rng = np.random.default_rng(2)
    y = (rng.random(500) < 0.3).astype(float)
    score = np.round(rng.standard_normal(500) + 0.7 * y, 1)
    assert tested.auc(score, y).value == pytest.approx(roc_auc_score(y, score), abs=1e-12)


def test_delongs_variance_is_that_of_the_pairs() -> None:
    rng = np.random.default_rng(4)
    y = (rng.random(80) < 0.4).astype(float)
    score = rng.standard_normal(80) + y
    ours, others = score[y == 1], score[y == 0]
    wins = (ours[:, None] > others[None, :]) + 0.5 * (ours[:, None] == others[None, :])
    variance = wins.mean(axis=1).var(ddof=1) / len(ours) + wins.mean(axis=0).var(ddof=1) / len(others)
    found = tested.auc(score, y)
    logit = [np.log(a / (1 - a)) for a in (found.low, found.high)]
    error = (logit[1] - logit[0]) / (2 * tested.Z) * found.value * (1 - found.value)
    assert error == pytest.approx(np.sqrt(variance), rel=1e-9)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=6, max_size=60).filter(
        lambda rows: 2 <= sum(b for _, b in rows) <= len(rows) - 2
    )
)
def test_auc_of_the_opposite_score_is_one_minus_auc(rows: list[tuple[int, bool]]) -> None:
    score, y = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    one, other = tested.auc(score, y), tested.auc(-score, y)
    assert one.value + other.value == pytest.approx(1.0)
    assert 0 <= one.low <= one.value <= one.high <= 1


def test_lift_counts_the_best_tenth() -> None:
    y = np.zeros(1000)
    y[:60] = y[500:540] = 1
    score = -np.arange(1000.0)
    assert tested.lift(score, y).value == pytest.approx(0.6 / 0.1)


def test_bins_cover_all_and_forecast_what_is_found_when_the_model_is_right() -> None:
    rng = np.random.default_rng(9)
    chance = rng.random(20_000)
    y = (rng.random(20_000) < chance).astype(float)
    bins = tested.calibration(chance, y)
    assert sum(each.customers for each in bins) == 20_000
    assert all(each.found.low - 0.02 <= each.forecast <= each.found.high + 0.02 for each in bins)
