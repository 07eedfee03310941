"""Each naming scheme names every triple exactly once, as its source does."""

from collections import Counter

import pytest

from analytics.rfm import BINS
from analytics.rfm_grid import SEGMENTS, default_grid, triples
from analytics.rfm_presets import PRESETS, preset


@pytest.mark.parametrize("bins", BINS)
@pytest.mark.parametrize("code", PRESETS)
def test_every_triple_has_exactly_one_name(code, bins):
    grid = preset(code, bins)
    named = Counter(triple for segment in SEGMENTS for triple in grid.triples_of(segment))
    assert set(named) == set(triples(bins))
    assert (len(named), set(named.values())) == (bins**3, {1})
    assert {27: 3, 64: 4, 125: 5}[len(named)] == bins
    assert grid.names[bins, bins, bins] == "champions"


def test_the_ten_groups_are_those_of_the_usual_map_and_leave_spending_out():
    patterns = {  # recency, frequency: as the map is written everywhere
        "hibernating": ("12", "12"), "at_risk": ("12", "34"), "cannot_lose": ("12", "5"),
        "about_to_sleep": ("3", "12"), "attention": ("3", "3"), "regulars": ("34", "45"),
        "promising": ("4", "1"), "newcomers": ("5", "1"), "potential": ("45", "23"),
        "champions": ("5", "45"),
    }  # fmt: skip
    names = preset("ten_groups").names
    for (r, f, _m), name in names.items():
        recency, frequency = patterns[name]
        assert str(r) in recency
        assert str(f) in frequency
    assert len(set(names.values())) == 10


@pytest.mark.parametrize(
    ("triple", "name"),
    [
        ((5, 5, 5), "champions"),
        ((5, 5, 4), "potential"),  # potential loyalist comes before the others that fit
        ((2, 4, 4), "regulars"),
        ((4, 1, 4), "promising"),
        ((5, 1, 5), "newcomers"),
        ((1, 3, 5), "cannot_lose"),
        ((1, 5, 5), "at_risk"),
        ((1, 5, 3), "attention"),
        ((2, 1, 1), "about_to_sleep"),
        ((1, 1, 5), "lost"),
    ],
)
def test_the_intervals_of_the_r_package_are_taken_in_its_order(triple, name):
    assert preset("rfm_r").names[triple] == name


def test_what_the_r_package_calls_others_keeps_our_name():
    grid, own = preset("rfm_r"), default_grid()
    others = [(r, f, m) for r, f, m in triples(5) if (r >= 4 and f >= 4 and m == 1)]
    assert others
    assert all(grid.names[triple] == own.names[triple] for triple in others)


def test_eight_types_know_only_high_and_low():
    for bins in BINS:
        assert len(set(preset("eight_types", bins).names.values())) == 8
    assert preset("eight_types", 4).names[3, 2, 3] == "potential"


def test_an_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="'nine'"):
        preset("nine")
