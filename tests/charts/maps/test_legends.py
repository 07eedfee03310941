"""Classes of the map: round limits, every value in one class, colours that go one way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from charts.maps.legends import breaks, classes, colours, sizes, step_of
from charts.palette import luminance
from i18n.translator import translator

COUNTS = st.lists(st.integers(1, 2_000_000), min_size=1, max_size=200)


@given(COUNTS)
def test_classes_are_few_round_and_begin_below_the_smallest_value(values: list[int]) -> None:
    bounds = breaks(values)
    assert 1 <= len(bounds) <= 5
    assert bounds == sorted(set(bounds))
    assert bounds[0] <= min(values)
    assert {int(str(bound)[0]) for bound in bounds} <= {1, 2, 3, 5}


@given(COUNTS)
def test_every_value_lies_in_the_class_whose_limits_hold_it(values: list[int]) -> None:
    bounds = [*breaks(values), float("inf")]
    for value in values:
        step = step_of(value, bounds[:-1])  # type: ignore[arg-type]
        assert bounds[step] <= value < bounds[step + 1]


def test_more_is_darker_on_light_and_lighter_on_dark() -> None:
    for count in range(2, 6):
        made = colours(count)
        light = [luminance(colour) for colour in made["light"]]
        dark = [luminance(colour) for colour in made["dark"]]
        assert light == sorted(light, reverse=True)
        assert dark == sorted(dark)


def test_a_legend_reads_from_much_to_little_in_the_numbers_of_the_language() -> None:
    assert [row["text"] for row in classes([1, 10, 1000], translator("id"))] == [
        "1.000 ke atas",
        "10–999",
        "1–9",
    ]


def test_a_class_of_one_number_is_that_number() -> None:
    assert [row["text"] for row in classes([1, 2, 3], translator("en"))] == ["3 and more", "2", "1"]


def test_circles_in_the_legend_are_not_larger_than_the_largest_on_the_map() -> None:
    assert [row["value"] for row in sizes(1738, translator("en"))] == [1000, 100, 10]
    assert [row["value"] for row in sizes(1, translator("en"))] == [1]
