"""Getis-Ord and local Moran against esda, against their definitions, and at the edges."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from geo.hotspots import benjamini_hochberg, getis_ord, local_moran
from geo.neighbours import contiguity, grid, k_nearest
from tests.geo.test_neighbours import squares


def random_map(seed=3, rows=8, columns=9):
    chance = np.random.default_rng(seed)
    return chance.gamma(2.0, 10.0, rows * columns), contiguity(squares(rows, columns))


@pytest.fixture(scope="module")
def theirs():
    pytest.importorskip("esda")
    import esda
    import libpysal

    values, weights = random_map()

    def pysal():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return libpysal.weights.WSP(weights).to_W(silence_warnings=True)

    return esda, values, weights, pysal


@pytest.mark.parametrize("star", [True, False])
def test_getis_ord_z_is_that_of_esda(theirs, star):
    esda, values, weights, pysal = theirs
    reference = esda.G_Local(values, pysal(), transform="B", star=star, permutations=0)
    found = getis_ord(values, weights, star=star, permutations=0)
    assert np.allclose(found.z, reference.Zs)
    assert np.allclose(found.p, 2 * reference.p_norm)


def test_row_scaled_weights_give_the_same_z(theirs):
    _, values, weights, _ = theirs
    scaled = sparse.diags_array(1 / np.asarray(weights.sum(axis=1)).ravel()) @ weights
    assert np.allclose(getis_ord(values, scaled).z, getis_ord(values, weights).z)


def test_local_moran_is_that_of_esda(theirs):
    esda, values, weights, pysal = theirs
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = esda.Moran_Local(values, pysal(), permutations=999, seed=1)
    found = local_moran(values, weights)
    n = len(values)
    assert np.allclose(found.i, reference.Is * n / (n - 1))  # they divide by n - 1 in m2
    assert (found.quadrant == reference.q).all()
    assert np.abs(found.z - reference.z_sim).max() < 0.35
    assert np.corrcoef(found.z, reference.z_sim)[0, 1] > 0.998


@pytest.mark.parametrize("star", [True, False])
def test_permutation_p_agrees_with_every_possible_arrangement(star):
    """Five places in a row: all 4! arrangements of the others, for each place."""
    import itertools

    x = np.array([1.0, 4.0, 9.0, 2.0, 7.5])
    weights = contiguity(squares(1, 5))
    found = getis_ord(x, weights, star=star, permutations=20_000)
    for place in range(5):
        others = [j for j in range(5) if j != place]
        near = weights.indices[weights.indptr[place] : weights.indptr[place + 1]]
        sums = []
        for order in itertools.permutations(others):
            moved = dict(zip(others, order, strict=True))
            sums.append(sum(x[moved[j]] for j in near))
        observed = x[near].sum()
        exact = min(1.0, 2 * min(np.mean(np.array(sums) >= observed), np.mean(np.array(sums) <= observed)))
        assert found.p[place] == pytest.approx(exact, abs=0.02)


def test_the_moments_of_moran_are_those_of_all_arrangements():
    import itertools

    x = np.array([1.0, 4.0, 9.0, 2.0, 7.5, 3.0])
    weights = contiguity(squares(2, 3))
    found = local_moran(x, weights, permutations=0)
    away = x - x.mean()
    for place in range(6):
        others = [j for j in range(6) if j != place]
        near = weights.indices[weights.indptr[place] : weights.indptr[place + 1]]
        every = []
        for order in itertools.permutations(others):
            moved = dict(zip(others, order, strict=True))
            every.append(away[place] * np.mean([away[moved[j]] for j in near]) / np.mean(away**2))
        if np.std(every) > 1e-12:
            assert found.z[place] == pytest.approx((found.i[place] - np.mean(every)) / np.std(every))


def test_a_planted_hot_and_cold_spot_are_found_and_little_else():
    chance = np.random.default_rng(5)
    x, y = (part.ravel() for part in np.meshgrid(np.arange(20), np.arange(20)))
    values = chance.normal(100, 10, 400)
    hot, cold = (x < 4) & (y < 4), (x > 15) & (y > 15)
    values[hot] += 25
    values[cold] -= 25
    found = getis_ord(values, grid(x, y, level=6))
    assert (found.q[hot] < 0.05).mean() > 0.7
    assert (found.z[hot] > 0).all()
    assert (found.z[cold] < 0).all()
    apart = (x > 5) & (x < 14)
    assert (found.q[apart] < 0.05).mean() < 0.03
    moran = local_moran(values, grid(x, y, level=6))
    assert set(moran.quadrant[hot & (moran.q < 0.05)]) == {1}
    assert set(moran.quadrant[cold & (moran.q < 0.05)]) == {3}


def test_pure_chance_has_few_hot_spots_at_q_below_5_percent():
    found = 0
    for seed in range(20):
        values, weights = random_map(seed, 10, 10)
        found += bool((getis_ord(values, weights).q < 0.05).any())
    assert found <= 5


def test_p_is_uniform_when_there_is_nothing():
    p = np.concatenate([getis_ord(*random_map(seed, 10, 10), permutations=199).p for seed in range(20)])
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.015)


def test_same_seed_same_answer_and_another_seed_another_p():
    values, weights = random_map()
    one, again, other = (getis_ord(values, weights, seed=seed) for seed in (1, 1, 2))
    assert (one.p == again.p).all()
    assert (one.p != other.p).any()
    assert (one.z == other.z).all()


def test_islands_say_nothing_and_change_nobody_elses_neighbours():
    values = np.array([5.0, 6.0, 7.0, 1.0, 100.0])
    weights = contiguity([*squares(2, 2), *[s for s in squares(9, 9) if s.bounds[:2] == (8, 8)]])
    for found in (getis_ord(values, weights), getis_ord(values, weights, star=False)):
        assert np.isnan(found.z[4])
        assert np.isnan(found.p[4])
        assert np.isnan(found.q[4])
    moran = local_moran(values, weights)
    assert np.isnan(moran.i[4])
    assert moran.quadrant[4] == 0


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9])
def test_constant_values_have_no_hot_spot(value):
    values, weights = random_map()
    flat = np.full_like(values, value)
    assert np.isnan(getis_ord(flat, weights).z).all()
    assert np.isnan(getis_ord(flat, weights, star=False).z).all()
    assert np.isnan(local_moran(flat, weights).i).all()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_none_one_and_two_regions_give_no_answer_and_no_error(n):
    weights = contiguity(squares(1, n))
    values = np.arange(n, dtype=float)
    for found in (getis_ord(values, weights), getis_ord(values, weights, star=False)):
        assert found.z.shape == (n,)
        assert np.isnan(found.z).all()
    assert np.isnan(local_moran(values, weights).z).all()


def test_a_region_without_a_value_is_left_out():
    values, weights = random_map()
    holes = values.copy()
    holes[[3, 40]] = np.nan, np.inf
    rest = np.isfinite(holes)
    found, without = getis_ord(holes, weights), getis_ord(holes[rest], weights[rest][:, rest])
    assert np.isnan(found.z[~rest]).all()
    assert np.allclose(found.z[rest], without.z, equal_nan=True)
    assert np.allclose(found.q[rest], without.q, equal_nan=True)


def test_all_being_neighbours_of_all_there_is_nothing_to_compare_with():
    n = 6
    everyone = sparse.csr_matrix(np.ones((n, n)))
    assert np.isnan(getis_ord(np.arange(n), everyone).z).all()


@pytest.mark.parametrize(
    ("values", "weights", "permutations", "message"),
    [
        ([1.0, 2.0], sparse.csr_matrix((3, 3)), 9, "one value a place"),
        ([1.0, 2.0], sparse.csr_matrix([[0, -1.0], [1.0, 0]]), 9, "not negative"),
        ([1.0, 2.0], sparse.csr_matrix([[0, np.nan], [1.0, 0]]), 9, "finite"),
        ([1.0, 2.0], sparse.csr_matrix((2, 2)), -1, "0 permutations or more"),
    ],
)
def test_what_does_not_fit_is_refused(values, weights, permutations, message):
    for statistic in (getis_ord, local_moran):
        with pytest.raises(ValueError, match=message):
            statistic(values, weights, permutations=permutations)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_q_is_that_of_scipy(p):
    assert np.allclose(benjamini_hochberg(p), stats.false_discovery_control(p))


def like(one, other):
    """The same answer: z, p and q of each place."""
    for name in ("z", "p", "q"):
        assert np.allclose(getattr(one, name), getattr(other, name), atol=1e-6, equal_nan=True), name


@settings(max_examples=30)
@given(
    st.floats(0.1, 1e4)
    | st.sampled_from([1e-300, 1e-30, 1e-12, 1e12, 1e30, 1e100, 1e300, -1.0, -1e12, 2.0**-40]),
    st.sampled_from([0.0, 1.0, -1e4, 1e9]),
)
def test_units_do_not_matter(scale, shift):
    values, weights = random_map()
    other = values * scale + (shift if 1e-2 < abs(scale) < 1e6 else 0.0)
    for statistic, star in ((getis_ord, True), (getis_ord, False), (local_moran, None)):
        more = {} if star is None else {"star": star}
        plain, found = (statistic(v, weights, permutations=0, **more) for v in (values, other))
        sign = 1.0 if star is None else np.sign(scale)
        assert np.allclose(plain.z, sign * found.z, atol=1e-6)
    assert np.allclose(local_moran(values, weights, 0).i, local_moran(other, weights, 0).i, atol=1e-6)


@pytest.mark.parametrize(
    ("scale", "shift"), [(1e12, 0.0), (1e-12, 0.0), (1.0, 1e9), (8.0, -1e9), (3e-3, 7.0)]
)
def test_ties_stay_ties_in_every_unit(scale, shift):
    """Counts have many equal sums: which of them are as extreme must not hang on rounding."""
    _, weights = random_map()
    values = np.random.default_rng(4).poisson(2, weights.shape[0]).astype(float)
    for statistic in (getis_ord, local_moran):
        one, other = (statistic(v, weights, permutations=199) for v in (values, values * scale + shift))
        like(one, other)
    assert (one.quadrant == other.quadrant).all()


def test_one_value_a_thousand_million_times_the_rest_drowns_nothing():
    values, weights = random_map()
    values = values.copy()
    values[7] = 1e9
    rest = np.delete(values, 7)
    near = np.asarray(weights[[7]].toarray()).ravel()
    k, n = near.sum(), len(rest)
    sd = rest.std() * np.sqrt((n * (near**2).sum() - k**2) / (n - 1))
    found = getis_ord(values, weights, star=False, permutations=0)
    assert found.z[7] == pytest.approx((near @ values - k * rest.mean()) / sd, rel=1e-9)


def test_where_all_others_are_the_same_there_is_nothing_to_say_of_the_one_that_is_not():
    values, weights = random_map()
    flat = np.full_like(values, 0.3)
    flat[7] = 0.1 + 0.7
    assert np.isnan(getis_ord(flat, weights, star=False).z[7])
    assert np.isnan(local_moran(flat, weights).i[7])
    assert np.isfinite(getis_ord(flat, weights).z).all()


def test_values_that_differ_by_rounding_alone_are_constant():
    _, weights = random_map()
    values = np.where(np.arange(weights.shape[0]) % 2, 0.3, 0.1 + 0.2) * 1e9
    assert np.isnan(getis_ord(values, weights).z).all()
    assert np.isnan(local_moran(values, weights).z).all()


def test_islands_alone_say_nothing():
    values = np.arange(5.0)
    nothing = sparse.csr_matrix((5, 5))
    assert np.isnan(getis_ord(values, nothing).z).all()
    assert np.isnan(getis_ord(values, nothing, star=False).p).all()
    moran = local_moran(values, nothing)
    assert np.isnan(moran.q).all()
    assert (moran.quadrant == 0).all()


def test_directed_neighbours_are_taken_as_they_are():
    chance = np.random.default_rng(2)
    lat, lon, values = chance.uniform(0, 5, 50), chance.uniform(100, 105, 50), chance.normal(size=50)
    weights = k_nearest(lat, lon, 4)
    found = getis_ord(values, weights, star=False, permutations=0)
    place = 7
    near = weights.indices[weights.indptr[place] : weights.indptr[place + 1]]
    rest = np.delete(values, place)
    expected = 4 * rest.mean()
    sd = rest.std() * np.sqrt((49 * 4 - 16) / 48)
    assert found.z[place] == pytest.approx((values[near].sum() - expected) / sd)
