"""Gauss rules as probabilities: the mean of a smooth function under a uniform or a Beta distribution."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.linalg.lapack import dstev

from analytics.clv.arrays import FloatArray


@lru_cache(maxsize=32)
def uniform_rule(nodes: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre on [0, 1].

    Parameters
    ----------
    nodes : int
        Polynomials up to degree 2 * nodes - 1 are integrated exactly.

    Returns
    -------
    points, weights : ndarray, shape (nodes,)
        The weights add up to 1.
    """
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return (points + 1) / 2, weights / 2


def beta_rule(first: float, second: FloatArray, nodes: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Jacobi as the mean under Beta(first, second), for many second shapes at once.

    Nodes are the eigenvalues of the Jacobi matrix and weights the squared first components of its
    eigenvectors, so no normalising constant is ever formed: shapes of 1e-6 or 1e6 are as good as 1.

    Parameters
    ----------
    first : float, > 0
    second : ndarray, shape (m,), > 0
    nodes : int

    Returns
    -------
    points, weights : ndarray, shape (m, nodes)
        Points in (0, 1); each row of weights adds up to 1.

    References
    ----------
    Golub and Welsch (1969), Calculation of Gauss quadrature rules, Mathematics of Computation 23,
    section 2; the recurrence is DLMF 18.9.2, moved to [0, 1].

    Examples
    --------
    >>> points, weights = beta_rule(2.0, np.array([3.0]), 8)
    >>> float((points * weights).sum().round(12))
    0.4
    """
    a, b = first - 1.0, second[:, None] - 1.0
    k = np.arange(nodes, dtype=float)[None, :]
    total = 2 * k + a + b
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = 0.5 + 0.5 * (a * a - b * b) / (total * (total + 2))
        product = k * (k + a) * (k + b) * (k + a + b)
        beside = product / (total**2 * (total + 1) * (total - 1))
    middle[:, 0] = (first / (first + second)).ravel()
    if nodes > 1:
        size = first + second
        beside[:, 1] = first * second / (size**2 * (size + 1))
    points, weights = np.empty((2, len(second), nodes))
    for row, (diagonal, off) in enumerate(zip(middle, np.sqrt(beside[:, 1:]), strict=True)):
        points[row], vectors, _ = dstev(diagonal, off)
        weights[row] = vectors[0] ** 2
    tiny = np.finfo(float).tiny
    return np.clip(points, tiny, 1.0), weights / weights.sum(axis=1, keepdims=True)
