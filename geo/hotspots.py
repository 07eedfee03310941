"""Hot spots and outliers: where high or low values lie together more than chance would have it.

Each statistic is one test per place, so some places look special by chance alone: judge by ``q`` (the
false discovery rate at which a place would count), not by ``p``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Weights = sparse.csr_matrix

FINER: Final = 10
"""Times more permutations for a place that fewer than ``FEW`` of the first ones reached."""
FEW: Final = 10
_BLOCK: Final = 1_000
_ROUNDING: Final = 1e-9
"""Sums this much of their scale apart are ties: they differ by rounding."""
_NOISE: Final = 1e-13
"""Of the largest value: what varies by less varies by rounding."""


@dataclass(frozen=True)
class HotSpots:
    """Getis-Ord statistics, each (n,): ``z`` > 0 hot, < 0 cold; two-sided ``p``; adjusted ``q``.

    NaN where there is nothing to say: no value, no neighbour, or all values the same.
    """

    z: Floats
    p: Floats
    q: Floats


@dataclass(frozen=True)
class LocalMoran:
    """Local Moran statistics, each (n,).

    ``i`` > 0: like its neighbours, < 0: unlike them. ``quadrant``: 1 high among high, 2 low among high,
    3 low among low, 4 high among low, 0 not computed. ``z``, ``p`` (two-sided), ``q`` as in
    :class:`HotSpots`.
    """

    i: Floats
    z: Floats
    p: Floats
    q: Floats
    quadrant: Integers


def getis_ord(
    values: npt.ArrayLike,
    neighbours: Weights,
    star: bool = True,
    permutations: int = 999,
    seed: int = 0,
) -> HotSpots:
    """Getis-Ord Gi* (or Gi) of each place: is the sum around it higher or lower than chance has it?

    Parameters
    ----------
    values : array_like, (n,)
        Any quantity; a place with NaN or infinity is left out, as if it were not there.
    neighbours : csr_matrix, (n, n)
        Weights >= 0 from ``geo.neighbours``; the diagonal is not read.
    star : bool
        Gi*: the place itself counts, with the largest weight of its row. False: Gi, its neighbours only.
    permutations : int
        Conditional permutations behind ``p`` (and ten times as many where the first few were all passed);
        0 takes ``p`` from the normal distribution of ``z``.
    seed : int
        Same seed, same answer.

    Returns
    -------
    HotSpots
        ``z`` is analytic.

    Raises
    ------
    ValueError : sizes do not fit, a weight is negative or not finite, permutations is negative.

    References
    ----------
    Getis and Ord (1992), The analysis of spatial association by use of distance statistics, Geographical
    Analysis 24(3). Ord and Getis (1995), Local spatial autocorrelation statistics, Geographical Analysis
    27(4): Gi standardised, and Gi* with the overall mean and variance. Besag and Clifford (1991),
    Sequential Monte Carlo p-values, Biometrika 78(2).
    """
    given, weights, used = _checked(values, neighbours, permutations)
    x, noise = _standard(given)
    n = len(x)
    lag, total, squares = weights @ x, _sums(weights), _sums(weights.multiply(weights).tocsr())
    alone = total <= 0
    if star:
        own = _largest(weights)
        lag, total, squares = lag + own * x, total + own, squares + own**2
        mean = np.full(n, x.mean() if n else np.nan)
        spread = np.full(n, x.std() if n else np.nan)
        others = n
    else:
        others = n - 1
        mean, spread = _of_the_others(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (others * squares - total**2) / (others - 1)
        z = (lag - total * mean) / (spread * np.sqrt(variance))
    z[alone | (variance <= _ROUNDING * total**2) | ~(spread > noise)] = np.nan
    p = _p(x, weights, z, permutations, seed, noise)
    full = [_spread_out(part, used) for part in (z, p)]
    return HotSpots(full[0], full[1], benjamini_hochberg(full[1]))


def local_moran(
    values: npt.ArrayLike, neighbours: Weights, permutations: int = 999, seed: int = 0
) -> LocalMoran:
    """Local Moran of each place: is it like its neighbours (a cluster) or unlike them (an outlier)?

    Parameters
    ----------
    values, neighbours, permutations, seed
        As in :func:`getis_ord`; rows of weights are scaled to sum to 1.

    Returns
    -------
    LocalMoran
        ``z`` standardises ``i`` by its moments over permutations of the other places' values.

    Raises
    ------
    ValueError : sizes do not fit, a weight is negative or not finite, permutations is negative.

    References
    ----------
    Anselin (1995), Local indicators of spatial association, Geographical Analysis 27(2), eq. 12 with m2 =
    sum of squares / n. Sokal, Oden and Thomson (1998), Local spatial autocorrelation in a biological
    model, Geographical Analysis 30(4): the conditional moments.
    """
    given, weights, used = _checked(values, neighbours, permutations)
    x, noise = _standard(given)
    total = _sums(weights)
    scale = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    weights = (sparse.diags_array(scale) @ weights).tocsr()
    lag = weights @ x
    mean, spread = _of_the_others(x)
    squares = _sums(weights.multiply(weights).tocsr())
    with np.errstate(divide="ignore", invalid="ignore"):
        i = x * lag / np.mean(x**2) if len(x) else x
        variance = ((len(x) - 1) * squares - 1.0) / (len(x) - 2)
        z = np.sign(x) * (lag - mean) / (spread * np.sqrt(variance))
    nothing = (total <= 0) | ~(spread > noise)
    i[nothing] = np.nan
    z[nothing | (variance <= _ROUNDING)] = np.nan
    p = _p(x, weights, z, permutations, seed, noise)
    around = lag >= -max(noise, _ROUNDING)
    quadrant = np.where(x >= 0, np.where(around, 1, 4), np.where(around, 2, 3))
    quadrant = np.where(nothing, 0, quadrant).astype(np.int64)
    full = [_spread_out(part, used) for part in (i, z, p)]
    codes = np.zeros(len(used), dtype=np.int64)
    codes[used] = quadrant
    return LocalMoran(full[0], full[1], full[2], benjamini_hochberg(full[2]), codes)


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """Adjusted p: the smallest false discovery rate at which each test would count.

    Parameters
    ----------
    p : array_like, (n,)
        NaN: no test, and not counted as one.

    Returns
    -------
    (n,) float
        q >= p, NaN where p is.

    References
    ----------
    Benjamini and Hochberg (1995), Controlling the false discovery rate, JRSS B 57(1), procedure (1).

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, np.nan]).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    given = np.asarray(p, dtype=float)
    q = np.full(given.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(given))
    order = tested[np.argsort(-given[tested], kind="stable")]
    ranks = np.arange(len(order), 0, -1)
    q[order] = np.minimum(np.minimum.accumulate(given[order] * len(order) / ranks), 1.0)
    return q


def _checked(
    values: npt.ArrayLike, neighbours: Weights, permutations: int
) -> tuple[Floats, Weights, npt.NDArray[np.bool_]]:
    """The values that are there and the weights among them, without a diagonal."""
    given = np.asarray(values, dtype=float)
    weights = sparse.csr_matrix(neighbours, dtype=float, copy=True)
    if given.ndim != 1 or weights.shape != (given.size, given.size):
        raise ValueError(
            f"Hot spots need one value a place and a square matrix of neighbours; got {given.shape} values "
            f"and {weights.shape} weights."
        )
    if not np.isfinite(weights.data).all() or (weights.data < 0).any():
        raise ValueError("Hot spots need weights that are finite and not negative.")
    if permutations < 0:
        raise ValueError(f"Hot spots need 0 permutations or more; got {permutations}.")
    used = np.isfinite(given)
    weights = weights[used][:, used]
    weights.setdiag(0.0)
    weights.eliminate_zeros()
    weights.sort_indices()
    return given[used], weights, used


def _sums(weights: Weights) -> Floats:
    return np.asarray(weights.sum(axis=1), dtype=float).ravel()


def _largest(weights: Weights) -> Floats:
    if not weights.shape[0]:
        return np.empty(0)
    return np.asarray(weights.max(axis=1).toarray(), dtype=float).ravel()


def _standard(given: Floats) -> tuple[Floats, float]:
    """The values around their mean, the farthest 1 away; and how much of that is rounding.

    The statistics do not depend on the unit or the zero of the values, so that nothing is lost: sums of
    squares neither overflow nor drown beside a large constant.
    """
    size = float(np.abs(given).max()) if len(given) else 0.0
    if size == 0.0:
        return np.zeros_like(given), _NOISE
    x = given / size
    x = x - x.mean()
    reach = float(np.abs(x).max())
    if not reach > _NOISE:
        return np.zeros_like(given), _NOISE
    noise = _NOISE / reach
    x = x / reach
    x[np.abs(x) <= noise] = 0.0
    return x, noise


def _of_the_others(x: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation (over n - 1) of all other places, for each place."""
    others = len(x) - 1
    if others < 1:
        return np.full(len(x), np.nan), np.full(len(x), np.nan)
    away = x - x.mean()
    mean = -away / others
    squares = np.sum(away**2)
    variance = (squares - away**2) / others - mean**2
    spread = np.sqrt(np.maximum(variance, 0.0))
    for place in np.flatnonzero(2 * away**2 > squares):  # two at most: nothing would be left by subtracting
        spread[place] = np.delete(x, place).std()
    return mean + x.mean(), spread


def _spread_out(part: Floats, used: npt.NDArray[np.bool_]) -> Floats:
    full = np.full(len(used), np.nan)
    full[used] = part
    return full


def _p(x: Floats, weights: Weights, z: Floats, permutations: int, seed: int, noise: float) -> Floats:
    """Two-sided p of the sum around each place, NaN where z is.

    Gi, Gi* and local Moran of a place are, given its own value, increasing or decreasing functions of one
    sum over its neighbours: one permutation test serves all three.
    """
    p = np.full(len(z), np.nan)
    tested = np.flatnonzero(np.isfinite(z))
    if permutations == 0:
        p[tested] = 2.0 * special.ndtr(-np.abs(z[tested]))
        return p
    if not tested.size:
        return p
    chance = np.random.default_rng(seed)
    p[tested] = _permuted(x, weights, tested, permutations, chance, noise)
    rare = tested[p[tested] * (permutations + 1) < 2 * (FEW + 1)]
    if rare.size:
        p[rare] = _permuted(x, weights, rare, FINER * (permutations + 1) - 1, chance, noise)
    return p


def _permuted(
    x: Floats,
    weights: Weights,
    places: Integers,
    permutations: int,
    chance: np.random.Generator,
    noise: float,
) -> Floats:
    """(1 + as extreme) / (1 + permutations), doubled for two sides; the draws are shared by all places."""
    observed, most = weights @ x, int(np.diff(weights.indptr)[places].max())
    slack = _ROUNDING * (weights @ np.abs(x)) + noise * _sums(weights)
    above, below = np.zeros(len(places)), np.zeros(len(places))
    for start in range(0, permutations, _BLOCK):
        draws = _draws(min(_BLOCK, permutations - start), most, len(x) - 1, chance)
        for row, place in enumerate(places):
            begin, end = weights.indptr[place], weights.indptr[place + 1]
            drawn = draws[:, : end - begin]
            sums = x[drawn + (drawn >= place)] @ weights.data[begin:end]
            above[row] += np.count_nonzero(sums >= observed[place] - slack[place])
            below[row] += np.count_nonzero(sums <= observed[place] + slack[place])
    return np.minimum(2.0 * (np.minimum(above, below) + 1.0) / (permutations + 1.0), 1.0)


def _draws(rows: int, k: int, n: int, chance: np.random.Generator) -> Integers:
    """``rows`` times ``k`` different numbers below ``n``, in random order."""
    if k * k > n:
        keys = chance.random((rows, n))
        if k < n:
            keys_first = np.argpartition(keys, k - 1, axis=1)[:, :k]
            ordered = np.take_along_axis(keys, keys_first, axis=1).argsort(axis=1)
            return np.asarray(np.take_along_axis(keys_first, ordered, axis=1), dtype=np.int64)
        return np.asarray(keys.argsort(axis=1), dtype=np.int64)
    drawn = chance.integers(n, size=(rows, k))
    while True:
        ordered = np.sort(drawn, axis=1)
        twice = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
        if not twice.any():
            return drawn
        drawn[twice] = chance.integers(n, size=(int(twice.sum()), k))
