"""Purchases before leaving, in the BG/NBD and MBG/NBD: one mean over the chance of leaving."""

from __future__ import annotations

import numpy as np
from scipy.special import betaln, hyp2f1

from analytics.clv.arrays import FloatArray
from analytics.clv.logspace import log1p_exp
from analytics.clv.merging import distinct_rows
from analytics.clv.quadrature import beta_rule

NODES = (32, 64, 128)
BLOCK = 1 << 16
NEAR_ONE = 1e-3
"""Euler's form divides by a - 1; nearer to 0 than this it loses its digits."""
SERIES_FROM = 20.0
"""Second shape from which Euler's series is used: its terms then fall from the start ..."""
SERIES_GROWTH = 5.0
"""... unless the first of them is larger than this."""
NARROW = 50.0
"""Both shapes above this: the beta law is near normal on the logit, where equal steps are best."""
STEPS = np.arange(-11, 11.25, 0.5)
"""Standard deviations from the centre of a narrow law."""
WIDE, WIDE_STEP = 60.0, 0.05
"""Where Gauss-Jacobi would need too many nodes: equal steps on the logit from -60 to 60."""


def purchases_before_leaving(
    first: float, second: FloatArray, shape: FloatArray, horizon: FloatArray
) -> FloatArray:
    """Expected purchases of one who is alive: rate gamma(shape), chance of leaving p ~ Beta(first, second).

    The mean over p of (1 - (1 + p horizon)^-shape) / p, to 1e-8 or better (tests compare with brute force).
    It has no exception at a = 1 or a + b = 1, where the closed form divides by 0. Frequent buyers are served
    by Euler's form of 2F1, narrow laws by equal steps on the logit, the rest by Gauss-Jacobi with as many
    nodes as the row needs, or many equal steps.

    Parameters
    ----------
    first : float
        a.
    second, shape, horizon : ndarray, shape (n,)
        b plus the chances to leave that were survived, r + x, and t / (alpha + T).

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    Fader, Hardie, Lee (2005), equation 10: this is its numerator, before the integral over p is written
    as a hypergeometric function. Euler's transformation: DLMF 15.8.1.
    """
    lower = first + second - 1
    with np.errstate(divide="ignore"):
        term = abs(first - 1) * np.abs(lower - shape) * horizon / (1 + horizon) / np.abs(lower)
    series = (second > SERIES_FROM) & (term < SERIES_GROWTH) & (abs(first - 1) > NEAR_ONE)
    narrow = ~series & (first > NARROW) & (second > NARROW)
    result = np.empty(len(second))
    for chosen, method in ((series, _by_euler), (narrow, _by_steps), (~series & ~narrow, _by_gauss)):
        if chosen.any():
            result[chosen] = method(first, second[chosen], shape[chosen], horizon[chosen])
    return result


def _by_steps(first: float, second: FloatArray, shape: FloatArray, horizon: FloatArray) -> FloatArray:
    """The trapezoidal rule on the logit of p, around the mode."""
    result = np.empty(len(second))
    step = max(1, BLOCK // len(STEPS))
    for low in range(0, len(second), step):
        part = slice(low, low + step)
        centre = np.log(first / second[part])[:, None]
        spread = np.sqrt(1 / first + 1 / second[part])[:, None]
        logit = centre + spread * STEPS
        log_p, log_q = -log1p_exp(-logit), -log1p_exp(logit)
        mass = first * log_p + second[part, None] * log_q
        mass = np.exp(mass - mass.max(axis=1, keepdims=True))
        p = np.exp(log_p)
        bought = -np.expm1(-shape[part, None] * np.log1p(p * horizon[part, None])) / p
        result[part] = (mass * bought).sum(axis=1) / mass.sum(axis=1)
    return result


def _by_gauss(first: float, second: FloatArray, shape: FloatArray, horizon: FloatArray) -> FloatArray:
    """Gauss-Jacobi, rows with the same need of nodes together."""
    growth = shape * horizon
    steep = growth / (first + second)
    reach = 28 + np.maximum(
        np.where(steep > 10, 9.0, 4.5) * np.sqrt(steep),
        np.minimum(14 * horizon - 28, 3 * np.sqrt(growth)),
    )
    level = np.searchsorted(NODES, reach)
    result = np.empty(len(second))
    beyond = level == len(NODES)
    result[beyond] = _by_wide_steps(first, second[beyond], shape[beyond], horizon[beyond])
    for index, nodes in enumerate(NODES):
        rows = np.flatnonzero(level == index)
        if rows.size:
            result[rows] = _by_nodes(first, second[rows], shape[rows], horizon[rows], nodes)
    return result


def _by_wide_steps(first: float, second: FloatArray, shape: FloatArray, horizon: FloatArray) -> FloatArray:
    """Equal steps on the logit of p; beyond them both tails are geometric series."""
    result = np.empty(len(second))
    logit = np.arange(-WIDE, WIDE + WIDE_STEP / 2, WIDE_STEP)
    log_p, log_q = -log1p_exp(-logit), -log1p_exp(logit)
    p = np.exp(log_p)
    step = max(1, BLOCK // len(logit))
    for low in range(0, len(second), step):
        part = slice(low, low + step)
        b, m, ahead = second[part, None], shape[part, None], horizon[part, None]
        norm = betaln(first, b)
        mass = np.exp(first * log_p + b * log_q - norm) * WIDE_STEP
        bought = -np.expm1(-m * np.log1p(p * ahead)) / p
        left = m * ahead * mass[:, :1] / np.expm1(WIDE_STEP * first)
        right = -np.expm1(-m * np.log1p(ahead)) * mass[:, -1:] / np.expm1(WIDE_STEP * b)
        result[part] = (mass * bought).sum(axis=1) + (left + right)[:, 0]
    return result


def _by_nodes(
    first: float, second: FloatArray, shape: FloatArray, horizon: FloatArray, nodes: int
) -> FloatArray:
    """Gauss-Jacobi; one rule for all rows with the same second shape."""
    result = np.empty(len(second))
    (seconds,), rule_of = distinct_rows(second)
    rules = max(1, BLOCK // nodes**2)
    order = np.argsort(rule_of, kind="stable")
    edges = np.searchsorted(rule_of[order], np.arange(0, len(seconds) + rules, rules))
    for block, start in enumerate(range(0, len(seconds), rules)):
        points, weights = beta_rule(first, seconds[start : start + rules], nodes)
        rows = order[edges[block] : edges[block + 1]]
        step = max(1, BLOCK // nodes)
        for low in range(0, rows.size, step):
            part = rows[low : low + step]
            p = points[rule_of[part] - start]
            grown = np.log1p(p * horizon[part, None])
            bought = -np.expm1(-shape[part, None] * grown) / p
            result[part] = np.einsum("nk,nk->n", weights[rule_of[part] - start], bought)
    return result


def _by_euler(first: float, second: FloatArray, shape: FloatArray, horizon: FloatArray) -> FloatArray:
    """(first + second - 1) / (a - 1) * (1 - (1 - z)^(a - 1) 2F1(a - 1, ...; first + second - 1; z))."""
    lower = first + second - 1
    with np.errstate(all="ignore"):
        series = hyp2f1(first - 1, lower - shape, lower, horizon / (1 + horizon))
        total = lower / (first - 1) * (1 - np.exp(-(first - 1) * np.log1p(horizon)) * series)
    lost = ~np.isfinite(total) | (total < 0) | (total > shape * horizon)
    if lost.any():
        total[lost] = _by_gauss(first, second[lost], shape[lost], horizon[lost])
    return total
