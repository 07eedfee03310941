"""Sizes of stores beside those of the own ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ui.cached.gravity_market import sizes


def stores(*given: float | None) -> pd.DataFrame:
    return pd.DataFrame({"size_m2": np.array(given, dtype=float)})


def test_the_middle_stands_for_a_size_that_is_not_known():
    found, missing, middle = sizes(stores(100, None, 300, 0))
    assert (found.tolist(), missing, middle) == ([100.0, 200.0, 300.0, 200.0], 2, 200.0)
    found, missing, _ = sizes(stores(50, None), middle)
    assert (found.tolist(), missing) == ([50.0, 200.0], 1)


def test_without_a_known_size_of_ones_own_no_other_can_be_held_against_them():
    own, missing, middle = sizes(stores(None, None))
    assert own.tolist() == [1.0, 1.0]
    assert missing == 2
    assert np.isnan(middle)
    rivals, missing, _ = sizes(stores(2000.0, None), middle)
    assert rivals.tolist() == pytest.approx([1.0, 1.0])
    assert missing == 1
