"""The season moves purchases within a year and neither makes nor loses any."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.sample import season
from data.sample.parameters import DAYS, MALAYSIA, generator
from data.sample.process import draw_latent, draw_purchases


@pytest.mark.parametrize("country", ["MY", "ID"])
def test_speed_of_trade_is_one_on_the_average_of_each_sample_year(country: str) -> None:
    weights = season.of_country(country).weights
    means = [weights[start:end].mean() for start, end in season.sample_years()]
    np.testing.assert_allclose(means, 1.0, rtol=1e-12)


@pytest.mark.parametrize("country", ["MY", "ID"])
def test_each_year_ends_when_its_trading_days_have_passed(country: str) -> None:
    warp = season.of_country(country)
    ends = np.array([0.0] + [float(end) for _, end in season.sample_years()])
    np.testing.assert_allclose(warp.trading(ends), ends, atol=1e-6)


@given(st.lists(st.floats(0, DAYS), min_size=2, max_size=20))
def test_the_warp_keeps_the_order_of_moments_and_can_be_undone(moments: list[float]) -> None:
    warp = season.of_country("MY")
    ordered = np.sort(np.array(moments))
    there = warp.trading(ordered)
    assert (np.diff(there) >= 0).all()
    np.testing.assert_allclose(warp.calendar(there), ordered, atol=1e-6)


def test_without_a_season_trading_time_is_calendar_time() -> None:
    days = np.linspace(0, DAYS, 50)
    np.testing.assert_allclose(season.flat().trading(days), days, atol=1e-9)


def test_a_season_needs_a_weight_above_zero_for_each_day() -> None:
    with pytest.raises(ValueError, match="weights above 0"):
        season.Season(np.zeros(DAYS))


# Gazetted days: Malaysia's Prime Minister's Department, Hari Kelepasan Am 2024 and 2025.
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Eid al-Fitr"], [date(2024, 4, 10), date(2025, 3, 31)]),
        (["Chinese New Year"], [date(2024, 2, 10), date(2025, 1, 29)]),
        (["Diwali"], [date(2024, 10, 31), date(2025, 10, 20)]),
    ],
)
def test_feasts_fall_on_the_gazetted_days(names: list[str], expected: list[date]) -> None:
    assert set(expected) <= set(season.dates_of("MY", names))


def test_the_union_over_states_has_the_feasts_that_the_federal_list_lacks() -> None:
    named = " ".join(season.feasts("MY").values())
    assert "Diwali" in named
    assert "New Year's Day" in named


def test_the_week_before_hari_raya_sells_twice_as_fast_and_the_feast_is_quiet() -> None:
    weights = season.of_country("MY").weights
    raya = season.offset(date(2025, 3, 31))
    assert weights[raya - 7 : raya].mean() > 2.0
    assert weights[raya : raya + 3].mean() < 0.75


def test_the_season_leaves_the_expected_number_of_purchases_as_it_was() -> None:
    # Over 12 draws of 7,700 customers the two means differ by less than three standard errors.
    counts = {"flat": [], "festive": []}
    for name, warp in (("flat", season.flat()), ("festive", season.of_country("MY"))):
        for seed in range(12):
            random = generator(seed, name)
            latent = draw_latent(MALAYSIA, warp, random)
            counts[name].append(len(draw_purchases(latent, MALAYSIA, warp, random).time))
    flat, festive = np.array(counts["flat"]), np.array(counts["festive"])
    error = np.sqrt(flat.var(ddof=1) / 12 + festive.var(ddof=1) / 12)
    assert abs(flat.mean() - festive.mean()) < 3 * error
