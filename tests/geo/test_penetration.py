"""Customers per 1,000 with interval, index, and figures brought to regions by code and name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from data.reference import loader
from geo.penetration import Z, penetration, wilson
from geo.population import match


def test_wilson_matches_newcombes_printed_examples() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    low, high = wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert np.round(low, 4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert np.round(high, 4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


@given(st.integers(1, 400), st.data())
def test_wilson_is_where_the_score_test_turns(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, n))
    low, high = (float(x[0]) for x in wilson([k], [n]))

    def score(p: float) -> float:
        return (k / n - p) / np.sqrt(p * (1 - p) / n) - Z

    root = optimize.brentq(score, 1e-12, k / n - 1e-12 if k < n else 1 - 1e-12)
    assert low == pytest.approx(root, abs=1e-6)
    assert 0 <= low <= k / n <= high <= 1


def test_the_index_of_the_whole_is_100_and_unknown_regions_have_none() -> None:
    found = penetration([10, 40, 5, np.nan, 7], [1_000, 1_000, np.nan, 500, 5])
    assert found.overall == pytest.approx(1000 * 57 / 2005)
    assert found.rate[:2] == pytest.approx([10, 40])
    weights = np.array([1_000, 1_000])
    assert np.isnan(found.rate[2:]).all()  # no figure; too few to be told; more customers than people
    assert found.index[:2] == pytest.approx(100 * found.rate[:2] / found.overall)
    assert penetration([10, 40], weights).index @ weights / weights.sum() == pytest.approx(100)


def test_reliability_follows_the_width_of_the_interval() -> None:
    found = penetration([5_000, 100, 3, 0], [100_000, 10_000, 1_000, 1_000])
    assert found.reliability.tolist() == ["reliable", "rough", "unusable", "unusable"]


def test_regions_and_figures_must_fit() -> None:
    with pytest.raises(ValueError, match="base per region"):
        penetration([1, 2], [1])


REGIONS = pd.DataFrame(
    {
        "code": ["32.04", "32.73", "MY-10", "MY-14", "MY-05"],
        "name": ["Kabupaten Bandung", "Kota Bandung", "Selangor", "Kuala Lumpur", "Negeri Sembilan"],
    }
)


def test_rows_find_their_region_by_code_then_by_name() -> None:
    labels = [
        "my-10",
        "W.P. Kuala Lumpur",
        "KOTA BANDUNG",
        "Kab. Bandung",
        "Bandung",
        "Atlantis",
        "N. Sembilan",
    ]
    found = match(labels, [1.0, 2.0, 3.0, 4.0, 9.0, 9.0, 9.0], REGIONS)
    assert found.values.tolist()[:4] == [4.0, 3.0, 1.0, 2.0]
    assert (found.by_code, found.by_name) == (1, 3)
    assert found.ambiguous == ("Bandung",)
    assert found.unmatched == ("Atlantis", "N. Sembilan")
    assert found.missing == ("Negeri Sembilan",)


def test_rows_of_one_region_are_added_up_and_missing_figures_passed_over() -> None:
    found = match(["MY-10", "Selangor", "MY-10"], [1.0, 2.0, float("nan")], REGIONS)
    assert found.values[2] == 3.0
    assert found.by_code == 1


def test_every_shipped_region_of_malaysia_and_indonesia_is_found_by_its_own_name() -> None:
    regions = loader.regions_of("MY,ID")[["code", "name", "name_en"]]
    for column in ("name", "name_en", "code"):
        found = match(regions[column].tolist(), [1.0] * len(regions), regions)
        assert (found.values == 1.0).all(), column
