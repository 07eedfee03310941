"""Huff's shares: the published example, and what must hold at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.gravity import FLOOR, huff_shares

SIZES = [6.0, 12.0]
TIMES = np.column_stack(([5.0, 10, 9, 15], [20.0, 8, 12, 6]))
PEOPLE = np.array([100.0, 150, 80, 50])


def test_shares_match_the_published_example() -> None:
    shares = huff_shares(SIZES, TIMES, beta=2.0)
    assert shares[:, 1].round(4).tolist() == [0.1111, 0.7576, 0.5294, 0.9259]
    assert round(float(PEOPLE @ shares[:, 1]), 2) == 213.40


def test_a_share_is_size_to_alpha_over_distance_to_beta() -> None:
    size, far = np.array([3.0, 5.0, 8.0]), np.array([[1.5, 2.0, 7.0], [4.0, 0.5, 3.0]])
    pull = size**0.8 / far**1.7
    assert huff_shares(size, far, 0.8, 1.7) == pytest.approx(pull / pull.sum(axis=1, keepdims=True))


@given(
    arrays(float, 4, elements=st.floats(0, 1e200)),
    arrays(float, (3, 4), elements=st.floats(0, 1e200) | st.just(np.inf)),
    st.floats(0, 50),
    st.floats(0, 50),
)
def test_rows_sum_to_one_without_overflow(
    size: np.ndarray, far: np.ndarray, alpha: float, beta: float
) -> None:
    reached = (np.isfinite(far) & (size > 0)).any(axis=1)
    if not reached.all():
        with pytest.raises(ValueError, match="Every origin needs a store"):
            huff_shares(size, far, alpha, beta)
        return
    shares = huff_shares(size, far, alpha, beta)
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert ((shares >= 0) & (shares <= 1)).all()


def test_a_distance_of_zero_counts_as_the_floor() -> None:
    at_zero, at_floor = (huff_shares([1, 1], [[near, 2.0]]) for near in (0.0, FLOOR))
    assert at_zero.tolist() == at_floor.tolist()


@pytest.mark.parametrize(("size", "far"), [([0.0, 2.0], [[1.0, 9.0]]), ([5.0, 2.0], [[np.inf, 9.0]])])
def test_a_store_without_size_or_out_of_reach_gets_nothing(size: list[float], far: list[list[float]]) -> None:
    for alpha, beta in ((1.0, 2.0), (0.0, 0.0)):
        assert huff_shares(size, far, alpha, beta).tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize(
    ("size", "far", "says"),
    [
        ([1.0, -1.0], [[1.0, 1.0]], "not negative"),
        ([1.0, np.nan], [[1.0, 1.0]], "finite"),
        ([1.0, 1.0], [[1.0, np.nan]], "Distance must be a number"),
        ([1.0, 1.0], [[1.0, -2.0]], "not negative"),
        ([1.0], [[1.0, 1.0]], r"\(1,\) and \(1, 2\)"),
        ([0.0, 0.0], [[1.0, 1.0]], "Every origin needs a store"),
    ],
)
def test_what_cannot_be_shared_is_said(size: list[float], far: list[list[float]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        huff_shares(size, far)


def test_exponents_must_be_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        huff_shares([1.0], [[1.0]], beta=np.inf)
