"""The integral over the unseen time of death in the Pareto/NBD, with the averages its gradient needs.

The closed form subtracts two Gaussian hypergeometric functions, which overflow or cancel for frequent
buyers and for daily units. The integrand itself is positive, falls steadily and is smooth in
y = log(min(alpha, beta) + time), so a Gauss-Legendre rule on the stretch where it matters is accurate to
1e-10 or better with 5 to 64 nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.clv.arrays import FloatArray
from analytics.clv.quadrature import uniform_rule

NEGLIGIBLE = 36.0
"""The integrand is followed until it has fallen by e^-36 = 2e-16."""
LADDER = (
    (0.5, 5), (1.0, 6), (2.0, 7), (4.0, 9), (8.0, 12), (14.0, 17), (22.0, 22),
    (45.0, 28), (60.0, 36), (np.inf, 64),
)  # fmt: skip
"""(largest fall plus stretch in log units, nodes), see ``tests/analytics/clv/test_brute_force.py``."""
BLOCK = 1 << 15


@dataclass(frozen=True)
class DeathIntegral:
    """Death after the last purchase against survival to T, per row.

    Attributes
    ----------
    log_odds_gone : ndarray, shape (n,)
        log of P(left between t_x and T) / P(still alive at T); minus infinity when t_x = T.
    log_alpha, log_beta : ndarray, shape (n,)
        Mean of log((alpha + u) / (alpha + t_x)), and with beta, over the time of death u of those gone.
    per_alpha, per_beta : ndarray, shape (n,)
        Mean of 1 / (alpha + u), and with beta.
    """

    log_odds_gone: FloatArray
    log_alpha: FloatArray
    log_beta: FloatArray
    per_alpha: FloatArray
    per_beta: FloatArray


def death_integral(
    params: tuple[float, float, float, float],
    x: FloatArray,
    t_x: FloatArray,
    T: FloatArray,
    with_means: bool = True,
) -> DeathIntegral:
    """Integrate (alpha + u)^-(r+x) (beta + u)^-(s+1) over the time of death u from t_x to T.

    Parameters
    ----------
    params : (r, alpha, s, beta)
    x, t_x, T : ndarray, shape (n,)
    with_means : bool
        Without, only ``log_odds_gone`` is filled; the means are zeros.

    Returns
    -------
    DeathIntegral

    References
    ----------
    Fader and Hardie (2005), A note on deriving the Pareto/NBD model and related expressions,
    equation 18: the integral of which 19 and 20 are the closed form.
    """
    r, alpha, s, beta = params
    m = r + x
    low = min(alpha, beta)
    end = np.minimum(
        T - t_x,
        np.minimum(
            (alpha + t_x) * np.expm1(np.minimum(NEGLIGIBLE / m, 600.0)),
            (beta + t_x) * np.expm1(min(NEGLIGIBLE / s, 600.0)),
        ),
    )
    stretch = np.log1p(end / (low + t_x))
    fall = m * np.log1p(end / (alpha + t_x)) + s * np.log1p(end / (beta + t_x))
    means = np.zeros((4, len(x)))
    integral = np.zeros(len(x))
    level = np.searchsorted([limit for limit, _ in LADDER], fall + stretch)
    for index, (_, nodes) in enumerate(LADDER):
        rows = np.flatnonzero((level == index) & (end > 0))
        step = BLOCK // nodes
        for first in range(0, rows.size, step):
            part = rows[first : first + step]
            integral[part], means[:, part] = _block(
                params, m[part], t_x[part], stretch[part], nodes, with_means
            )
    idle = T - t_x
    with np.errstate(divide="ignore"):
        log_odds = np.log(s * integral)
    log_odds += m * np.log1p(idle / (alpha + t_x)) + s * np.log1p(idle / (beta + t_x))
    return DeathIntegral(log_odds, *means)


def _block(
    params: tuple[float, float, float, float],
    m: FloatArray,
    t_x: FloatArray,
    stretch: FloatArray,
    nodes: int,
    with_means: bool,
) -> tuple[FloatArray, FloatArray]:
    """The integral, relative to the integrand's survival part at t_x, and the four means."""
    _, alpha, s, beta = params
    low, high = min(alpha, beta), max(alpha, beta)
    points, weights = uniform_rule(nodes)
    y = stretch[:, None] * points
    since = np.expm1(y)
    since *= (low + t_x)[:, None]
    other = np.log1p(since / (high + t_x)[:, None])
    log_alpha, log_beta = (y, other) if alpha <= beta else (other, y)
    mass = np.exp(-m[:, None] * log_alpha - s * log_beta)
    later = since + t_x[:, None]
    if alpha <= beta:
        per_beta = 1 / (beta + later)
        mass *= (alpha + later) * per_beta
    mass *= weights
    total = mass.sum(axis=1)
    if not with_means:
        return total * stretch, np.zeros((4, len(m)))
    per_alpha = 1 / (alpha + later)
    if alpha > beta:
        per_beta = 1 / (beta + later)
    means = np.stack(
        [np.einsum("nk,nk->n", mass, values) for values in (log_alpha, log_beta, per_alpha, per_beta)]
    )
    return total * stretch, means / total
