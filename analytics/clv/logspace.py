"""Functions that overflow or cancel when computed as they are written, in a form that does not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, psi

from analytics.clv.arrays import FloatArray

STIRLING_FROM = 1e3


def log_rising(base: npt.ArrayLike, steps: npt.ArrayLike) -> FloatArray:
    """Log of the rising factorial Gamma(base + steps) / Gamma(base).

    The difference of two log-gammas loses its digits for a large base, which is where a fit without
    heterogeneity runs to; there Stirling's series is subtracted term by term.

    Parameters
    ----------
    base : array_like, > 0
    steps : array_like, >= 0

    Returns
    -------
    ndarray of the broadcast shape

    References
    ----------
    NIST Digital Library of Mathematical Functions, 5.2.4 and 5.11.1.

    Examples
    --------
    >>> float(np.exp(log_rising(3.0, 2.0)).round(9))
    12.0
    """
    low, up = np.broadcast_arrays(np.asarray(base, dtype=float), np.asarray(steps, dtype=float))
    high = low + up
    if not (low > STIRLING_FROM).any():
        return np.asarray(gammaln(high) - gammaln(low))
    series = (
        (high - 0.5) * np.log1p(up / low)
        + up * np.log(low)
        - up
        + (1 / high - 1 / low) / 12
        - (1 / high**3 - 1 / low**3) / 360
    )
    return np.asarray(np.where(low > STIRLING_FROM, series, gammaln(high) - gammaln(low)))


def digamma_rise(base: npt.ArrayLike, steps: npt.ArrayLike) -> FloatArray:
    """digamma(base + steps) - digamma(base): the derivative of ``log_rising`` in its base.

    Parameters
    ----------
    base : array_like, > 0
    steps : array_like, >= 0

    Returns
    -------
    ndarray of the broadcast shape

    References
    ----------
    NIST Digital Library of Mathematical Functions, 5.11.2.

    Examples
    --------
    >>> float(digamma_rise(2.0, 1.0))
    0.5
    """
    low, up = np.broadcast_arrays(np.asarray(base, dtype=float), np.asarray(steps, dtype=float))
    high = low + up
    if not (low > STIRLING_FROM).any():
        return np.asarray(psi(high) - psi(low))
    fall = up / (low * high)
    series = np.log1p(up / low) + fall / 2 + fall * (low + high) / (low * high) / 12
    return np.asarray(np.where(low > STIRLING_FROM, series, psi(high) - psi(low)))


def log1p_exp(value: FloatArray) -> FloatArray:
    """log(1 + e^value) without overflow; 0 at minus infinity."""
    return np.asarray(np.maximum(value, 0.0) + np.log1p(np.exp(-np.abs(value))))


def decay_integral(rate: npt.ArrayLike, length: npt.ArrayLike) -> FloatArray:
    """Integral of e^(-rate u) over u from 0 to length: (1 - e^(-rate length)) / rate, also at rate 0.

    Parameters
    ----------
    rate : array_like, any sign
    length : array_like, >= 0

    Returns
    -------
    ndarray of the broadcast shape; at rate 0 it is ``length``

    Examples
    --------
    >>> float(decay_integral(0.0, 3.0))
    3.0
    """
    rates, lengths = np.broadcast_arrays(np.asarray(rate, dtype=float), np.asarray(length, dtype=float))
    product = rates * lengths
    small = np.abs(product) < 1e-8
    safe = np.where(small, 1.0, rates)
    ratio = -np.expm1(-np.minimum(np.where(small, 0.0, product), 700.0).clip(-700.0)) / safe
    return np.asarray(np.where(small, lengths * (1 - product / 2), ratio))
