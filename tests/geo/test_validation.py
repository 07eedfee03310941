"""Stores predicted without their own data: against known truth, and against the formula by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.gravity import huff_shares
from geo.gravity_data import Market, Rivals, Seen
from geo.gravity_surface import assumed_surface, fit_surface
from geo.validation import leave_one_out, predicted_without

ALPHA, BETA, RATE, OUTSIDE = 0.9, 1.8, 0.02, 12.0


def country(seed: int, stores: int = 12, noise: float = 0.3, people: bool = True) -> Market:
    """A country whose truth is known: Huff with staying away, and luck of each store's own."""
    random = np.random.default_rng(seed)
    town = random.uniform(0, 150, (250, 2))
    inhabitants = random.lognormal(9, 1, 250)
    shop = town[random.choice(250, stores, p=inhabitants / inhabitants.sum(), replace=False)]
    far = np.maximum(np.linalg.norm(town[:, None] - (shop + 0.8)[None], axis=2), 0.5)
    size = random.uniform(250, 900, stores)
    luck = np.exp(random.normal(0, noise, stores))
    pull = size**ALPHA / far**BETA * luck
    visits = random.poisson(RATE * inhabitants[:, None] * pull / (pull.sum(axis=1) + OUTSIDE)[:, None])
    visits = visits.astype(float)
    return Market(
        visits, visits, size, far, np.ones(stores), potential=inhabitants if people else None, floor=0.5
    )


def ids(market: Market) -> list[str]:
    return [f"S{j}" for j in range(market.visits.shape[1])]


def test_the_surface_recovers_what_it_was_made_from() -> None:
    surface = fit_surface(country(1, noise=0.0))
    assert [surface.fit.alpha, surface.fit.beta] == pytest.approx([ALPHA, BETA], abs=0.05)
    assert surface.rate == pytest.approx(RATE, rel=0.1)
    assert surface.outside == pytest.approx(OUTSIDE, rel=0.35)


def test_the_surface_adds_up_to_what_was_sold() -> None:
    for market in (country(2), country(2, people=False)):
        expected = fit_surface(market).sales(market.attraction, market.distance)
        assert expected.sum() == pytest.approx(market.sales.sum())


def test_without_inhabitants_a_new_store_only_takes_from_the_others() -> None:
    market = country(3, people=False)
    surface = fit_surface(market)
    before = surface.sales(market.attraction, market.distance)
    wider = np.column_stack((market.distance, market.distance[:, 0] + 1))
    after = surface.sales(np.append(market.attraction, 500.0), wider)
    assert after.sum() == pytest.approx(before.sum())
    assert (after[:, :-1] <= before + 1e-9).all()


def test_rivals_that_pull_harder_lose_less_to_a_new_store() -> None:
    """Own stores' sales are what was seen, so a stronger rival means a larger market to win from."""
    market = country(4, people=False)
    rival = Rivals(np.array([800.0]), market.distance[:, [2]] + 2.0, np.ones(1))
    wider = np.column_stack((market.distance, market.distance[:, 0] + 1))
    new = []
    for factor in (0.0, 0.5, 1.0, 2.0):
        surface = fit_surface(replace(market, rivals=rival.scaled(factor)))
        new.append(surface.sales(np.append(market.attraction, 500.0), wider)[:, -1].sum())
    assert new == sorted(new)
    assert new[0] < new[-1]


@pytest.mark.parametrize("people", [True, False])
def test_a_store_left_out_is_predicted_near_its_truth(people: bool) -> None:
    market = country(5, noise=0.0, people=people)
    found = leave_one_out(market, ids(market))
    assert found.median_error < (0.08 if people else 0.25)
    assert found.rank_correlation > 0.9
    assert found.basis == ("population" if people else "others")


def test_what_the_others_lost_to_the_store_is_given_back_to_it() -> None:
    """Basis others by hand: sales of the others at an origin times the ratio of the pulls."""
    market = country(6, people=False)
    found = predicted_without(market, 4)
    rest = np.arange(12) != 4
    pull = market.attraction ** found["alpha"] / market.distance ** found["beta"]
    by_hand = market.sales[:, rest].sum(axis=1) * pull[:, 4] / pull[:, rest].sum(axis=1)
    assert found["predicted"] == pytest.approx(by_hand.sum())


def test_a_store_s_own_sales_do_not_touch_its_prediction() -> None:
    for people in (True, False):
        market = country(7, people=people)
        visits = market.visits.copy()
        visits[:, 3] *= 7
        changed = replace(market, visits=visits, sales=visits)
        first, again = predicted_without(market, 3), predicted_without(changed, 3)
        assert first["predicted"] == pytest.approx(again["predicted"])
        assert again["actual"] == pytest.approx(7 * first["actual"])


def test_eighty_percent_intervals_hold_about_eighty_percent_of_the_stores() -> None:
    inside, spreads = [], []
    for seed in range(30):
        market = country(seed)
        found = leave_one_out(market, ids(market), level=0.8)
        inside += [bool(value) for value in found.stores["inside"]]
        spreads.append(found.log_spread)
    assert 0.74 <= np.mean(inside) <= 0.88  # 360 stores
    assert 0.15 <= np.mean(spreads) <= 0.3  # luck of 0.3 on the pull moves sales less: a market is finite


def test_below_five_stores_there_is_a_ranking_and_no_interval() -> None:
    market = country(8, stores=4)
    found = leave_one_out(market, ids(market))
    assert found.ranking_only
    assert found.log_spread is None
    assert found.quantile(0.9) is None
    assert found.reliability == "do_not_use"
    assert found.stores["low"].isna().all()
    assert found.stores["predicted"].notna().all()


def test_quantiles_of_a_forecast_lie_around_it() -> None:
    market = country(9)
    found = leave_one_out(market, ids(market))
    assert found.quantile(0.5) == pytest.approx(1.0)
    assert found.quantile(0.1) == pytest.approx(1 / found.quantile(0.9))
    assert found.quantile(0.9) > np.exp(1.28 * found.log_spread)  # t is wider than the normal


def test_two_stores_cannot_be_fitted_without_one() -> None:
    market = country(10, stores=2)
    found = leave_one_out(market, ids(market))
    assert found.stores["reason"].tolist() == ["no_fit", "no_fit"]
    assert found.median_error is None
    assert found.checked == 0


def test_a_store_that_sold_nothing_is_named_not_predicted() -> None:
    market = country(11)
    visits = market.visits.copy()
    visits[:, 0] = 0
    found = leave_one_out(replace(market, visits=visits, sales=visits), ids(market))
    assert found.stores["reason"].iloc[0] == "no_sales"
    assert found.checked == 11


def test_a_shorter_opening_is_no_weakness() -> None:
    market = country(12, noise=0.0)
    exposure = np.ones(12)
    exposure[5] = 0.25
    pull = market.attraction**ALPHA / market.distance**BETA * exposure
    share = pull / (pull.sum(axis=1, keepdims=True) + OUTSIDE)
    visits = np.random.default_rng(0).poisson(RATE * market.potential[:, None] * share).astype(float)
    shorter = replace(market, visits=visits, sales=visits, exposure=exposure)
    found = predicted_without(shorter, 5)
    assert found["predicted"] == pytest.approx(found["actual"], rel=0.15)


def test_it_can_be_stopped_on_the_way() -> None:
    market, seen = country(13), []
    found = leave_one_out(market, ids(market), progress=lambda share: seen.append(share) or len(seen) < 6)
    assert len(found.stores) == 6
    assert seen[-1] == pytest.approx(0.5)


def test_shares_of_the_surface_are_huff_shares() -> None:
    market = country(14, people=False)
    surface = fit_surface(market)
    sales = surface.sales(market.attraction, market.distance)
    known = sales.sum(axis=1) > 0
    shares = huff_shares(market.attraction, market.distance, surface.fit.alpha, surface.fit.beta, floor=0.5)
    assert sales[known] / sales[known].sum(axis=1, keepdims=True) == pytest.approx(shares[known])


def test_visits_of_finer_places_tell_the_exponents_and_the_coarse_ones_the_volume() -> None:
    """Cells added up into towns: the exponents are those of the cells, what is sold that of the towns."""
    fine = country(15, noise=0.0)
    group = np.arange(250) // 5
    visits = np.array([fine.visits[group == g].sum(axis=0) for g in range(50)])
    far = np.array([fine.distance[group == g].mean(axis=0) for g in range(50)])
    people = np.array([fine.potential[group == g].sum() for g in range(50)])
    coarse = Market(visits, visits, fine.attraction, far, np.ones(12), people, floor=0.5)
    seen = replace(coarse, seen=Seen(fine.visits, fine.distance))
    surface, exact = fit_surface(seen), fit_surface(fine).fit
    assert [surface.fit.alpha, surface.fit.beta] == pytest.approx([exact.alpha, exact.beta])
    assert surface.sales(seen.attraction, seen.distance).sum() == pytest.approx(visits.sum())
    changed = seen.visits.copy()
    changed[:, 2] *= 5
    louder = Seen(np.where(np.arange(12) == 2, 5 * fine.visits, fine.visits), fine.distance)
    again = predicted_without(replace(seen, visits=changed, sales=changed, seen=louder), 2)
    assert again["predicted"] == pytest.approx(predicted_without(seen, 2)["predicted"])


@pytest.mark.parametrize("people", [True, False])
def test_an_assumed_rule_is_huff_s_with_the_stated_share_and_sells_what_was_sold(people: bool) -> None:
    market = country(16, people=people)
    surface = assumed_surface(market, 0.4)
    assert (surface.fit.alpha, surface.fit.beta, surface.fit.method) == (1.0, 2.0, "assumed")
    assert surface.lone_share(market.usual) == pytest.approx(0.4)
    assert surface.sales(market.attraction, market.distance).sum() == pytest.approx(market.sales.sum())
