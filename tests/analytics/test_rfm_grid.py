"""Every triple of scores has exactly one name."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.results import frame
from analytics.rfm import BINS, measures, quantile_cutoffs, score
from analytics.rfm_grid import SEGMENTS, Grid, default_grid, name, sizes, triples


@pytest.mark.parametrize("bins", BINS)
def test_all_triples_are_named_exactly_once(bins):
    grid = default_grid(bins)
    named = Counter(triple for segment in SEGMENTS for triple in grid.triples_of(segment))
    assert set(named) == set(triples(bins))
    assert len(named) == bins**3
    assert set(named.values()) == {1}


def test_five_bins_have_125_triples_and_use_every_name():
    assert len(default_grid().names) == 125
    assert set(default_grid().names.values()) == set(SEGMENTS)


@pytest.mark.parametrize("bins", BINS)
def test_the_corners_are_called_the_same_with_any_number_of_bins(bins):
    names = default_grid(bins).names
    assert names[bins, bins, bins] == "champions"
    assert names[1, bins, bins] == "cannot_lose"
    assert names[bins, 1, 1] == "newcomers"
    assert names[1, 1, 1] == "lost"


@pytest.mark.parametrize("bins", BINS)
def test_the_engine_names_as_the_grid_does(marts, bins):
    measured = measures(marts.orders, date(2025, 6, 20))
    grid = default_grid(bins).renamed({(bins, bins, bins): "regulars"})
    named = name(score(measured, quantile_cutoffs(measured, bins)), grid)
    found = frame(named)
    for row in found.to_dict("records"):
        assert row["rfm_segment"] == grid.names[row["r"], row["f"], row["m"]]
    summed = frame(sizes(named))
    assert summed["customers"].sum() == len(found)
    assert summed["share_of_customers"].sum() == pytest.approx(1)
    assert summed["share_of_revenue"].sum() == pytest.approx(1)
    counts = found.groupby("rfm_segment")["monetary_value"].agg(["size", "sum"])
    for row in summed.to_dict("records"):
        assert row["customers"] == counts["size"][row["rfm_segment"]]
        assert row["revenue"] == pytest.approx(counts["sum"][row["rfm_segment"]])


@given(st.sampled_from(triples(5)), st.sampled_from(SEGMENTS))
def test_renaming_a_triple_keeps_the_grid_whole(triple, segment):
    grid = default_grid().renamed({triple: segment})
    assert grid.names[triple] == segment
    assert sum(len(grid.triples_of(each)) for each in SEGMENTS) == 125


def test_a_grid_with_holes_or_unknown_names_is_refused():
    with pytest.raises(ValueError, match="names 125 triples"):
        Grid(5, {(1, 1, 1): "lost"})
    with pytest.raises(ValueError, match="best_friends"):
        default_grid().renamed({(1, 1, 1): "best_friends"})
    with pytest.raises(ValueError, match="got 6"):
        default_grid(6)
