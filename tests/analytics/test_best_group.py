"""The best of several groups: against integration, against simulations with a known truth, in its parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from analytics import value
from analytics.best_group import SURE, WIDE, Group, best, drawn_together
from benchmarks.best_group import selected


def test_means_and_deviations_are_those_of_the_posterior_integrated_by_brute_force():
    means, errors = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]), np.arange(10.0, 18.0)
    typical = np.sqrt(len(errors) / np.sum(1 / errors**2))

    def given(tau: float) -> tuple[float, np.ndarray, np.ndarray]:
        # all groups and the centre at once, as one linear model with a flat prior on the centre
        precise = np.diag(1 / errors**2 + 1 / tau**2) - np.ones((8, 8)) / (8 * tau**2)
        cover = np.linalg.inv(precise)
        whole = np.diag(errors**2 + tau**2)
        inverse = np.linalg.inv(whole)
        likely = np.exp(
            -0.5 * (means @ inverse @ means - (inverse.sum(0) @ means) ** 2 / inverse.sum())
        ) / np.sqrt(np.linalg.det(whole) * inverse.sum())
        return likely * stats.halfcauchy.pdf(tau, scale=WIDE * typical), cover @ (means / errors**2), cover

    def moment(of) -> float:
        return integrate.quad(lambda tau: of(*given(tau)), 1e-3, 2000, limit=400, points=[5, 20, 100])[0]

    total = moment(lambda chance, mean, cover: chance)
    found, deviation, sure = drawn_together(means, errors)
    for place in (0, 3, 7):
        mean = moment(lambda chance, at, cover, i=place: chance * at[i]) / total
        square = moment(lambda chance, at, cover, i=place: chance * (at[i] ** 2 + cover[i, i])) / total
        assert found[place] == pytest.approx(mean, rel=0.005, abs=0.03)
        assert deviation[place] == pytest.approx(np.sqrt(square - mean**2), rel=0.01)
    assert sure.sum() == pytest.approx(1)
    assert sure.argmax() == 0


def test_two_groups_far_apart_keep_their_means_and_equal_ones_share_the_chance():
    found, deviation, sure = drawn_together(np.array([10.0, 1000.0]), np.array([1.0, 1.0]))
    assert found == pytest.approx([10, 1000], abs=0.1)
    assert deviation == pytest.approx([1, 1], rel=0.01)
    assert sure[1] == 1
    found, _, sure = drawn_together(np.array([50.0, 50.0, 50.0]), np.array([5.0, 5.0, 5.0]))
    assert found == pytest.approx([50, 50, 50])
    assert sure == pytest.approx([1 / 3] * 3, abs=0.03)
    found, _, _ = drawn_together(np.array([40.0, 50.0]), np.array([0.0, 0.0]))
    assert found == pytest.approx([40, 50])


@pytest.mark.parametrize("scale", [0.001, 1.0, 1e9])
def test_the_unit_of_the_money_changes_nothing_else(scale):
    means, errors = np.array([10.0, 12.0, 15.0]), np.array([1.0, 2.0, 3.0])
    usual, found = drawn_together(means, errors), drawn_together(means * scale, errors * scale)
    assert found[0] == pytest.approx(usual[0] * scale)
    assert found[1] == pytest.approx(usual[1] * scale)
    assert found[2] == pytest.approx(usual[2], abs=0.01)


def test_the_highest_mean_is_too_high_and_the_drawn_one_is_not():
    """Six groups that are really equal, and six that differ: 400 merchants each, the truth being known."""
    for tau, named in ((0.0, 0.02), (1.0, 0.1)):
        found = selected(6, tau, alone=False, rounds=400)
        assert found["raw_bias"] > 0.8
        assert abs(found["bias"]) < 0.4
        assert found["coverage"] > 0.9
        assert found["named"] <= named


def _group(name: str, mean: float, error: float, customers: int = 100) -> Group:
    return Group(name, customers, mean, error)


def test_a_group_is_named_only_where_two_are_large_and_one_is_surely_the_best():
    web, store, tiny = _group("web", 100, 4), _group("store", 50, 4, 300), _group("tiny", 3000, 1, 3)
    found = best([web, store, tiny])
    assert found.verdict == "named"
    assert found.group == web
    assert found.average == pytest.approx((100 * 100 + 50 * 300) / 400)
    assert found.times == pytest.approx(found.mean / 62.5)
    assert 90 < found.mean < 100
    low, high = found.interval()
    assert (low + high) / 2 == pytest.approx(found.mean)
    assert found.interval(30.0)[1] - found.mean == pytest.approx(1.96 * np.hypot(found.error, 30))
    assert best([web, tiny]) is None
    assert best([_group("web", -5, 1), _group("store", -6, 1)]) is None


def test_where_none_is_surely_the_best_those_who_contend_are_listed():
    low = [_group(f"low {i}", 10 + i, 3) for i in range(5)]
    found = best([_group("web", 100, 4), _group("store", 98, 4), *low])
    assert found.verdict == "several"
    assert {each.name for each in found.contenders} == {"web", "store"}
    assert found.sure < SURE
    assert len(found.compared) == 7
    assert best(low).verdict == "alike"
    assert best([_group("a", 100, 0.2, 9000), _group("b", 98, 0.2, 1000)]).verdict == "little"


def test_what_groups_brought_is_as_pandas_counts_it(backend):
    chance = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "customer_key": np.arange(90),
            "margin": np.where(np.arange(90) % 10 == 0, np.nan, chance.gamma(1.0, 40.0, 90)),
            "way": ["web", "store", None] * 30,
        }
    )
    brought = (
        table[["customer_key", "margin"]]
        .astype(object)
        .where(table[["customer_key", "margin"]].notna(), None)
    )
    brought = brought.astype({"customer_key": "int64", "margin": "float64"})
    attributes = backend.table(table[["customer_key", "way"]])
    found = value.compared(backend.table(brought), attributes, "way", "margin").set_index("value")
    known = table.dropna(subset=["margin"])
    for name, rows in known.groupby(known["way"].fillna("")):
        assert found.loc[name, "customers"] == len(rows)
        assert found.loc[name, "total"] == pytest.approx(rows["margin"].sum())
        assert found.loc[name, "error"] == pytest.approx(rows["margin"].sem())
    assert value.best_by(found.reset_index()) is None  # 27 customers each
