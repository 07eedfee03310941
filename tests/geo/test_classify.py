"""Classes of a choropleth: exact against every possible division, and what holds for any values."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.classify import METHODS, MOST_EXACT, Method, classify, deviation, natural_breaks, with_bounds

NUMBERS = st.lists(st.integers(-50, 50) | st.just(float("nan")), max_size=40)


def brute(values: np.ndarray, classes: int) -> float:
    """The least deviation over every way of cutting the different values."""
    different = np.unique(values)
    k = min(classes, different.size)
    cuts = combinations(different[1:], k - 1)
    return min(deviation(values, [different[0], *cut]) for cut in cuts)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=11), st.integers(2, 5))
def test_natural_breaks_are_the_best_of_all_divisions(values: list[int], classes: int) -> None:
    x = np.array(values, dtype=float)
    found = natural_breaks(x, classes)
    assert deviation(x, found) == pytest.approx(brute(x, classes), abs=1e-6)
    assert (np.diff(found) > 0).all()


def test_natural_breaks_of_fisher_style_groups_are_the_groups() -> None:
    groups = [np.arange(5) + base for base in (0, 100, 1_000, 5_000)]
    assert natural_breaks(np.concatenate(groups), 4).tolist() == [0, 100, 1_000, 5_000]


@given(NUMBERS, st.sampled_from(METHODS), st.integers(2, 7))
def test_every_value_has_one_class_and_missing_ones_none(values: list[float], method: Method, k: int) -> None:
    x = np.array(values, dtype=float)
    found = classify(x, method, k)
    steps = found.step(x)
    known = np.isfinite(x)
    assert (steps[~known] == -1).all()
    assert sum(found.counts) == known.sum()
    assert found.size <= k
    if known.any():
        assert steps[known].min() >= 0
        assert found.bounds[0] <= np.nanmin(x)
        assert found.bounds[-1] >= np.nanmax(x)
        order = np.argsort(x[known])
        assert (np.diff(steps[known][order]) >= 0).all()


def test_quantiles_are_numpys() -> None:
    x = np.random.default_rng(2).lognormal(3, 1, 500)
    assert classify(x, "quantile", 4).bounds == pytest.approx(np.quantile(x, [0, 0.25, 0.5, 0.75, 1]))
    assert classify(x, "quantile", 4).counts == (125, 125, 125, 125)


def test_many_different_values_are_classified_on_quantiles_and_say_so() -> None:
    x = np.random.default_rng(3).normal(size=MOST_EXACT + 100)
    found = classify(x, "natural")
    assert not found.exact
    assert sum(found.counts) == x.size


def test_a_fixed_scale_keeps_its_bounds_whatever_the_values() -> None:
    found = with_bounds([1.0, 5.0, 99.0, np.nan], (0.0, 2.0, 10.0))
    assert found.bounds == (0.0, 2.0, 10.0)
    assert found.counts == (1, 2)


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="quantile"):
        classify([1.0], "magic")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="2 or more"):
        classify([1.0], "equal", 1)
