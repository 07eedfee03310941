"""Look-alike areas: planted features found again, noise called noise, statistics against other sources."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score

from geo import lookalike_areas as model
from geo import lookalike_areas_features as features
from geo import lookalike_areas_holdout as holdout
from geo import lookalike_areas_methods as methods
from geo.distance import haversine_km, unit_vectors


def country(n: int, seed: int, strength: float, p: int = 8) -> dict[str, np.ndarray]:
    """Areas of a country whose measure follows the first two features (none where strength is 0)."""
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(1, 7, n), rng.uniform(100, 119, n)
    x = rng.standard_normal((n, p))
    x[:, 2] += lat - 4  # a feature that only follows the map
    measure = strength * (x[:, 0] - 0.5 * x[:, 1]) + rng.standard_normal(n)
    return {
        "features": x,
        "lat": lat,
        "lon": lon,
        "judged": np.ones(n, dtype=bool),
        "measure": measure,
        "weight": rng.uniform(0.3, 1.0, n),
    }


def test_planted_features_are_found_and_the_ranking_is_reliable() -> None:
    found = model.learn(**country(200, 1, 1.5))
    assert found.word == "reliable"
    assert found.method == "ridge"
    assert found.auc is not None
    assert found.auc.low > 0.7
    assert found.explained is not None
    assert found.explained > 0.4
    order = np.argsort([-abs(weight.value) for weight in found.weights])
    assert set(order[:2]) == {0, 1}
    assert found.weights[0].low > 0 > found.weights[1].high
    assert all(weight.low <= 0 <= weight.high for weight in found.weights[3:])


def test_a_merchant_of_pure_noise_is_told_not_to_use_it() -> None:
    runs = [model.learn(**country(80, seed, 0.0), seed=seed) for seed in range(20)]
    areas = [run.auc for run in runs if run.auc is not None]
    assert sum(area.low <= 0.5 <= area.high for area in areas) >= 18
    assert sum(run.word == "do_not_use" for run in runs) >= 19


def test_a_measure_that_only_follows_the_map_is_no_better_than_what_lies_near() -> None:
    given = country(160, 3, 0.0, p=3)
    rng = np.random.default_rng(0)
    given["features"] = rng.standard_normal((160, 3))
    given["measure"] = 2 * given["lat"] + 0.1 * rng.standard_normal(160)
    found = model.learn(**given)
    assert found.word == "do_not_use"
    assert found.nearby is not None
    assert found.auc is not None
    assert found.nearby > found.auc.value


def test_shuffled_measures_lose_what_the_true_ones_have() -> None:
    given = country(120, 4, 1.5)
    true = model.learn(**given)
    given["measure"] = np.random.default_rng(1).permutation(given["measure"])
    shuffled = model.learn(**given)
    assert true.auc is not None
    assert shuffled.auc is not None
    assert true.auc.low > shuffled.auc.value
    assert shuffled.word == "do_not_use"


def test_areas_somebody_picked_are_told_from_the_others() -> None:
    given = country(150, 5, 0.0)
    picked = given["features"][:, 0] > 1.0
    found = model.learn(**given, best=picked)
    assert found.word == "reliable"
    assert found.predicted is not None
    assert found.predicted[picked].mean() > found.predicted[~picked].mean() + 0.3


def test_areas_without_customers_are_forecast_like_their_twins() -> None:
    given = country(200, 6, 1.5)
    given["judged"][150:] = False
    given["features"][150:] = given["features"][:50]
    found = model.learn(**given)
    assert found.predicted is not None
    np.testing.assert_allclose(found.predicted[150:], found.predicted[:50])
    assert not found.best[150:].any()
    assert found.held_out is not None
    assert np.isnan(found.held_out[150:]).all()


def test_no_forecast_of_a_part_has_seen_that_part() -> None:
    """Changing the measures of a part changes none of its own forecasts."""
    given = country(120, 7, 1.0)
    part = holdout.blocks(given["lat"], given["lon"], 8)
    before = model.learn(**given).held_out
    changed = given | {"measure": np.where(part == 3, given["measure"] + 100.0, given["measure"])}
    rows = part == 3
    x, span = methods.standard(given["features"], np.arange(120))
    at = unit_vectors(given["lat"], given["lon"])
    args = (given["weight"], part, at, span, lambda share: None)
    one = holdout.held_out(x, given["measure"], *args)[0]
    other = holdout.held_out(x, changed["measure"], *args)[0]
    np.testing.assert_array_equal(one[rows], other[rows])
    assert before is not None
    assert not np.array_equal(one[~rows], other[~rows])


@pytest.mark.parametrize(("n", "reason"), [(29, "few_areas"), (30, "")])
def test_too_few_areas_give_no_model_but_a_reason(n: int, reason: str) -> None:
    found = model.learn(**country(n, 8, 1.0))
    assert (found.reason == "few_areas") is (reason == "few_areas")


def test_too_few_picks_give_no_model() -> None:
    given = country(60, 8, 1.0)
    assert model.learn(**given, best=np.arange(60) < 4).reason == "few_best"


def test_a_feature_that_does_not_vary_is_refused() -> None:
    given = country(60, 9, 1.0)
    given["features"][:, 0] = 3.0
    assert 0 not in model.varied(given["features"], given["judged"])
    with pytest.raises(ValueError, match="vary"):
        model.learn(**given)


def test_the_same_seed_gives_the_same_answer() -> None:
    one, other = (model.learn(**country(60, 10, 1.0), seed=3) for _ in range(2))
    assert one.auc == other.auc
    assert one.weights == other.weights


def test_ridge_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    x, w = rng.standard_normal((50, 4)), rng.random(50)
    y = x @ [1.0, -2.0, 0.0, 0.5] + rng.standard_normal(50)
    level, coef = methods.ridge(x, y, w, 3.0)
    theirs = Ridge(alpha=3.0).fit(x, y, sample_weight=w)
    np.testing.assert_allclose(coef, theirs.coef_, atol=1e-10)
    assert level == pytest.approx(theirs.intercept_)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=4, max_size=40))
def test_auc_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    score, best = np.array([float(s) for s, _ in rows]), np.array([b for _, b in rows])
    if best.all() or not best.any():
        assert np.isnan(holdout.auc(score, best))
    else:
        assert holdout.auc(score, best) == pytest.approx(roc_auc_score(best, score))


def test_gower_is_the_mean_of_shares_of_the_range() -> None:
    x = np.array([[0.0, 10.0], [1.0, 30.0], [4.0, 20.0]])
    found = methods.gower(x, x, np.array([4.0, 20.0]))
    assert found[0, 1] == pytest.approx((0.25 + 1.0) / 2)
    assert found[1, 2] == pytest.approx((0.75 + 0.5) / 2)
    np.testing.assert_allclose(found, found.T)


def test_credible_means_are_those_of_a_known_mixture() -> None:
    """Means shrink to the truth: the error is less than that of the raw means, k as simulated."""
    rng = np.random.default_rng(3)
    count = rng.integers(5, 200, 400).astype(float)
    truth = rng.normal(50, 4, 400)
    values = [rng.normal(m, 20, int(n)) for m, n in zip(truth, count, strict=True)]
    total, squares = (np.array([(v**k).sum() for v in values]) for k in (1, 2))
    mean, trust = methods.credible(count, total, squares)
    k = (count / trust - count).mean()
    assert k == pytest.approx(20**2 / 4**2, rel=0.3)
    assert ((mean - truth) ** 2).mean() < 0.75 * ((total / count - truth) ** 2).mean()


def test_areas_that_differ_by_chance_alone_are_not_trusted_far() -> None:
    rng = np.random.default_rng(4)
    count = np.full(60, 30.0)
    values = rng.normal(50, 20, (60, 30))
    _, trust = methods.credible(count, values.sum(axis=1), (values**2).sum(axis=1))
    assert trust.max() < 0.35


def test_blocks_are_as_large_and_lie_together() -> None:
    given = country(160, 1, 0.0)
    part = holdout.blocks(given["lat"], given["lon"], 16)
    assert sorted(np.bincount(part)) == [10] * 16
    inside = np.mean([given["lon"][part == k].std() for k in range(16)])
    assert inside < given["lon"].std() / 3


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 20))
def test_blocks_of_any_number_of_areas_even_at_one_point(n: int, count: int) -> None:
    part = holdout.blocks(np.full(n, 3.0), np.full(n, 101.0), count)
    assert part.min() >= 0
    assert part.max() < max(count, 1)


TOWNS = pd.DataFrame(
    {
        "name": ["Klang", "Kapar", "Ipoh", "Hamlet"],
        "lat": [3.04, 3.14, 4.60, 4.61],
        "lon": [101.45, 101.38, 101.08, 101.09],
        "population": [900_000, 30_000, 650_000, 0],
    }
)


def test_place_features_are_those_counted_by_hand() -> None:
    lat, lon = np.array([3.05, 4.5]), np.array([101.44, 101.0])
    own, rivals = [(3.04, 101.45)], [(4.6, 101.08), (1.5, 103.7)]
    found = features.place(lat, lon, TOWNS, own, rivals)
    for row in range(2):
        km = np.array([haversine_km(lat[row], lon[row], a, b) for a, b in TOWNS[["lat", "lon"]].to_numpy()])
        assert found["people_10"][row] == TOWNS["population"][km <= 10].sum()
        assert found["people_50"][row] == TOWNS["population"][km <= 50].sum()
        assert found["towns_25"][row] == (km <= 25).sum()
        assert found["km_city"][row] == pytest.approx(km[[0, 2]].min(), rel=1e-6)
        assert found["km_own"][row] == pytest.approx(
            float(haversine_km(lat[row], lon[row], *own[0])), rel=1e-6
        )
        assert found["km_rival"][row] == pytest.approx(
            min(float(haversine_km(lat[row], lon[row], *r)) for r in rivals), rel=1e-6
        )


def test_without_competitors_their_distance_is_not_known() -> None:
    assert features.place([3.0], [101.0], TOWNS, [(3.0, 101.0)], [])["km_rival"].isna().all()


def test_cells_of_towns_have_the_largest_name_and_the_place_of_the_people() -> None:
    found = features.town_cells(TOWNS, 8)
    assert found["population"].sum() == 1_580_000
    row = found[found["name"] == "Klang"].iloc[0]
    assert row["population"] == 930_000
    assert row["lat"] == pytest.approx((3.04 * 900_000 + 3.14 * 30_000) / 930_000)
    box = features.corners(list(found.index), 8)
    assert ((box["south"] <= found["lat"]) & (found["lat"] <= box["north"])).all()


def test_customers_of_areas_add_up_as_in_pandas() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "area": rng.choice(["a", "b", "c"], 300),
            "lat": rng.uniform(1, 7, 300),
            "lon": rng.uniform(100, 105, 300),
            "orders": rng.integers(1, 6, 300),
            "revenue": rng.gamma(2, 50, 300),
            "is_new": rng.random(300) < 0.3,
            "lifecycle": rng.choice(["new", "active", "loyal", "lapsed"], 300),
            "value": rng.gamma(2, 10, 300),
        }
    )
    found = features.summed(ibis.memtable(frame)).to_pandas().set_index("area").sort_index()
    grouped = frame.assign(repeat=frame["orders"] >= 2, squares=frame["revenue"] ** 2).groupby("area")
    np.testing.assert_array_equal(found["customers"], grouped.size())
    np.testing.assert_allclose(found["revenue"], grouped["revenue"].sum())
    np.testing.assert_allclose(found["revenue_squares"], grouped["squares"].sum())
    np.testing.assert_array_equal(found["repeat"], grouped["repeat"].sum())
    np.testing.assert_array_equal(found["repeat_squares"], grouped["repeat"].sum())
    own = features.own(found)
    np.testing.assert_allclose(own["average_order"], grouped["revenue"].sum() / grouped["orders"].sum())
    np.testing.assert_allclose(own["loyal"], (frame["lifecycle"] == "loyal").groupby(frame["area"]).mean())


def test_shares_of_a_mix_are_of_the_orders_of_the_area() -> None:
    orders = pd.DataFrame(
        {
            "customer_key": [1, 1, 2, 3, 3, 9],
            "channel": ["web", "shop", "web", None, "shop", "web"],
            "is_purchase": [True, True, True, True, True, True],
        }
    )
    homes = pd.DataFrame({"customer_key": [1, 2, 3], "area": ["a", "a", "b"]})
    counted = features.mixed(ibis.memtable(orders), ibis.memtable(homes), "channel").to_pandas()
    found = features.shares(counted, pd.Index(["a", "b", "c"]), "channel")
    assert found.loc["a", "share.channel.web"] == pytest.approx(2 / 3)
    assert found.loc["b", "share.channel.shop"] == 1.0
    assert found.loc["c"].isna().all()


@pytest.mark.parametrize("measure", ["revenue", "repeat", "value"])
def test_no_measure_is_explained_by_its_own_ingredients(measure: str) -> None:
    assert features.INGREDIENTS[measure] >= {"repeat", "new", "loyal", "lapsed"}


def test_a_measure_that_nearly_every_area_shares_is_no_ground_to_learn_from():
    chance = np.random.default_rng(5)
    n = 160
    measure = np.zeros(n)
    measure[3] = 400.0
    features, everywhere = chance.normal(size=(n, 3)), np.ones(n, dtype=bool)
    lat, lon = chance.uniform(1, 6, n), chance.uniform(100, 104, n)
    found = model.learn(features, lat, lon, everywhere, measure, np.ones(n))
    assert (found.word, found.reason) == ("do_not_use", "few_best")
