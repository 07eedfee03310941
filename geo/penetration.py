"""Customers against the people, households or money of a region: rate with its interval, and index.

The index compares a region's rate with that of all regions together: 100 is the average.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Z: Final = 1.959963984540054
"""97.5% quantile of the normal distribution."""

RELIABLE: Final = 0.10
ROUGH: Final = 0.30
"""Half an interval, of the rate: up to 10% it is reliable, up to 30% rough, beyond it is not to be used."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Penetration:
    """Rates of n regions; NaN where a region has no base figure, or more customers than base.

    ``rate``, ``low``, ``high``: customers per 1,000; ``index``, ``index_low``, ``index_high`` against
    ``overall`` (customers per 1,000 over all regions that have a figure); ``reliability`` one of
    ``reliable``, ``rough``, ``unusable``, or empty.
    """

    rate: Floats
    low: Floats
    high: Floats
    index: Floats
    index_low: Floats
    index_high: Floats
    overall: float
    reliability: npt.NDArray[np.object_]


def wilson(count: npt.ArrayLike, of: npt.ArrayLike, z: float = Z) -> tuple[Floats, Floats]:
    """Interval of a share; NaN where it cannot be computed.

    References
    ----------
    Wilson (1927), Probable inference, JASA 22(158), 209-212.

    Examples
    --------
    >>> low, high = wilson([15], [148])
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.062, 0.16)
    """
    k, n = np.asarray(count, dtype=float), np.asarray(of, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where((n > 0) & (k >= 0) & (k <= n), k / n, np.nan)
        middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)
    return np.minimum(low, share), np.maximum(high, share)  # rounding must not leave the share outside


def penetration(customers: npt.ArrayLike, base: npt.ArrayLike) -> Penetration:
    """Customers per 1,000 of a base, and the index against all.

    Parameters
    ----------
    customers : array_like, (n,)
        Customers per region; missing ones (too few to be shown) count as unknown.
    base : array_like, (n,)
        Inhabitants or households; missing or 0: not known.

    Returns
    -------
    Penetration
        The interval treats customers as a sample of the base: it says what chance alone would move.
    """
    k, n = np.asarray(customers, dtype=float), np.asarray(base, dtype=float)
    if k.shape != n.shape:
        raise ValueError(f"penetration() needs a base per region; got {k.shape} and {n.shape}.")
    known = np.isfinite(k) & np.isfinite(n) & (n > 0)
    share = np.where(known & (k <= n), k / np.where(n > 0, n, np.nan), np.nan)
    low, high = wilson(k, n)
    low, high = np.where(np.isfinite(share), low, np.nan), np.where(np.isfinite(share), high, np.nan)
    people = float(n[known].sum())
    overall = float(k[known].sum() / people) if people > 0 else float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 100.0 / overall if overall > 0 else np.nan
        half = (high - low) / 2 / share
    words = np.where(half <= RELIABLE, "reliable", np.where(half <= ROUGH, "rough", "unusable"))
    words = np.where(np.isfinite(share), np.where(share > 0, words, "unusable"), "")
    return Penetration(
        share * 1000,
        low * 1000,
        high * 1000,
        share * scale,
        low * scale,
        high * scale,
        overall * 1000,
        words.astype(object),
    )
