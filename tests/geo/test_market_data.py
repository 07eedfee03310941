"""Visits to competitors given: their pull learnt, against a sum by hand and simulated countries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.gravity import bootstrap_mci, calibrate_mci, huff_shares
from geo.gravity_data import Market, Rivals, Seen, Survey, joint
from geo.gravity_surface import fit_surface
from geo.validation import learnt_without

ALPHA, BETA, PULL = 0.9, 1.6, 0.6


def country(
    seed: int, own: int = 6, rivals: int = 5, homes: int = 120, asked: int = 45, luck: float = 0.0
) -> Market:
    """Own visits by home, and a survey of every store by place; competitors pull ``PULL`` times."""
    random = np.random.default_rng(seed)
    at, place = random.uniform(0, 40, (homes, 2)), random.uniform(0, 40, (asked, 2))
    shop = random.uniform(0, 40, (own + rivals, 2))
    size = random.uniform(250, 1200, own + rivals)
    km, there = (np.linalg.norm(spot[:, None] - shop[None], axis=2) + 0.5 for spot in (at, place))
    pull = np.where(np.arange(own + rivals) < own, 1.0, PULL) * np.exp(random.normal(0, luck, own + rivals))
    pull = pull ** (1 / ALPHA)  # size counts to the power ALPHA
    everyone = random.multinomial(random.poisson(80, homes) + 1, huff_shares(size * pull, km, ALPHA, BETA))
    told = random.multinomial(random.poisson(60, asked) + 1, huff_shares(size * pull, there, ALPHA, BETA))
    bought = everyone[:, :own].astype(float)
    return Market(
        bought,
        bought,
        size[:own],
        km[:, :own],
        np.ones(own),
        rivals=Rivals(size[own:], km[:, own:], np.ones(rivals)),
        survey=Survey(told.astype(float), there, size[own:]),
    )


def test_the_pull_of_competitors_is_the_ratio_of_visits_where_ways_and_sizes_are_alike() -> None:
    """By hand: places as far from both, 30 of 90 and 50 of 150 at the competitor: ln (1/3 : 2/3)."""
    seen = Seen(
        np.array([[8.0, 4.0], [3.0, 9.0], [7.0, 5.0]]), np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0]])
    )
    told = np.array([[60.0, 0.0, 30.0], [100.0, 0.0, 50.0], [20.0, 0.0, 10.0]])
    far = np.array([[3.0, np.inf, 3.0], [5.0, np.inf, 5.0], [4.0, np.inf, 4.0]])
    data = joint(seen, Survey(told, far, np.array([500.0])), np.array([500.0, 500.0]), np.ones(2))
    fit = calibrate_mci(data.visits, data.attraction, data.distance, rivals=data.rivals)
    assert fit.names == ("beta", "rivals")
    assert fit.rivals == pytest.approx(np.log(0.5))
    assert fit.rival_pull == pytest.approx(0.5)
    # Own visits: 8 + 9 + 7 of 36 go to the nearer store, half as far: odds 24 : 12 = 2 ** beta.
    assert fit.beta == pytest.approx(1.0)


def test_its_standard_error_by_place_and_store_worked_out_by_hand() -> None:
    """Two places, equally far from an own store and a competitor; the third store is in no market data."""
    seen = Seen(np.array([[8.0, 4.0], [3.0, 9.0]]), np.array([[1.0, 2.0], [2.0, 1.0]]))
    told = np.array([[60.0, 0.0, 30.0], [40.0, 0.0, 60.0]])
    far = np.array([[3.0, np.inf, 3.0], [5.0, np.inf, 5.0]])
    data = joint(seen, Survey(told, far, np.array([500.0])), np.array([500.0, 500.0]), np.ones(2))
    fit = calibrate_mci(data.visits, data.attraction, data.distance, rivals=data.rivals)
    share = 90 / 190  # of all 190 visits
    assert fit.rivals == pytest.approx(np.log(90 / 100))
    theirs, ours = np.array([30 - 90 * share, 60 - 100 * share]), np.array([60 - 90 + 90 * share] * 2)
    ours[1] = 40 - 100 * (1 - share)
    theirs, ours = theirs * (1 - share), ours * -share  # times the competitor's mark less its mean
    information = 190 * share * (1 - share)
    place = ((theirs + ours) ** 2).sum() * 4 / 3  # 4 origins
    store = (theirs.sum() ** 2 + ours.sum() ** 2) * 3 / 2  # 3 stores
    both = (theirs**2 + ours**2).sum() * 8 / 7  # 8 choices
    by_hand = max(place + store - both, place) * (3 - 1) / (3 - 2)
    assert fit.standard_errors["rivals"] == pytest.approx(np.sqrt(by_hand) / information)
    assert fit.rivals_free == 1


@pytest.mark.parametrize(("luck", "held"), [(0.0, 54), (0.3, 50)])
def test_intervals_of_a_known_pull_hold_what_they_say(luck: float, held: int) -> None:
    """Also where each store draws more or less than its size and way explain: few competitors tell little."""
    inside, away = 0, []
    for seed in range(60):
        data = country(seed, luck=luck).choices
        fit = calibrate_mci(data.visits, data.attraction, data.distance, rivals=data.rivals)
        low, high = fit.interval("rivals")
        inside += low <= np.log(PULL) <= high
        away.append(fit.rivals - np.log(PULL))
    assert inside >= held  # 95% of 60 = 57
    assert abs(np.mean(away)) < 3 * np.std(away) / np.sqrt(60)


def test_market_data_narrows_the_exponents_of_own_visits() -> None:
    market = country(3)
    alone, both = fit_surface(replace(market, survey=None)).fit, fit_surface(market).fit
    assert both.rivals is not None
    assert alone.rivals is None
    assert both.standard_errors["beta"] < alone.standard_errors["beta"]


def test_the_learnt_pull_takes_the_place_of_the_assumed_one() -> None:
    market = country(4)
    surface = fit_surface(market)
    assert surface.rivals.factor == pytest.approx(np.full(5, surface.fit.rival_pull))
    assumed = fit_surface(replace(market, survey=None))
    assert assumed.rivals.factor.tolist() == [1.0] * 5
    own = surface.sales(market.attraction, market.distance)
    assert own.sum() == pytest.approx(market.sales.sum())


def test_a_store_without_its_data_keeps_its_own_pull_among_the_competitors() -> None:
    market = country(5)
    held = market.without(2)
    assert held.survey is not None
    assert held.survey.visits.shape[1] == 5 + 5
    learnt = held.rivals_by(fit_surface(held).fit)
    assert learnt.factor[-1] == 1.0
    assert (learnt.factor[:-1] != 1.0).all()
    surface = learnt_without(market, 2)
    assert surface is not None
    assert len(surface.rivals.factor) == 5


def test_data_that_name_no_competitor_beside_an_own_store_leave_the_assumption() -> None:
    market = country(6)
    survey = market.survey
    assert survey is not None
    alone = np.where(np.arange(11) < 6, np.inf, survey.distance)  # no own store is named
    surface = fit_surface(replace(market, survey=replace(survey, distance=alone)))
    assert surface.fit.rivals is None
    assert surface.rivals.factor.tolist() == [1.0] * 5


def test_shares_weigh_alike_whatever_their_number() -> None:
    """Each place counted once or a hundred times: the same pull from the same shares, the same error."""
    market = country(7)
    survey = market.survey
    assert survey is not None
    shares = survey.visits / survey.visits.sum(axis=1, keepdims=True)
    fits = []
    for weight in (1.0, 100.0):
        data = joint(
            Seen(market.visits * weight, market.distance),
            replace(survey, visits=shares * weight),
            market.attraction,
            market.exposure,
        )
        fits.append(calibrate_mci(data.visits, data.attraction, data.distance, rivals=data.rivals))
    assert fits[0].rivals == pytest.approx(fits[1].rivals)
    assert fits[0].standard_errors["rivals"] == pytest.approx(fits[1].standard_errors["rivals"])


def test_repeated_calibrations_carry_the_learnt_pull_into_the_shares() -> None:
    market = country(8, homes=60, asked=25)
    data = market.choices
    made = bootstrap_mci(
        data.visits, data.attraction, data.distance, rivals=data.rivals, repetitions=60, seed=1
    )
    low, high = made.fit.interval("rivals")
    assert low < np.log(PULL) < high
    weight = np.where(data.rivals, made.fit.rival_pull, 1.0)
    survey = market.survey
    assert survey is not None
    middle = made.fit.shares(data.attraction, survey.distance, weight)
    below, above = made.share_intervals(data.attraction, survey.distance, rivals=data.rivals)
    assert (below <= middle + 1e-9).mean() > 0.97
    assert (above >= middle - 1e-9).mean() > 0.97
    fixed = made.share_intervals(data.attraction, survey.distance, weight=weight)
    assert (above - below)[:, 6:].mean() > (fixed[1] - fixed[0])[:, 6:].mean()
