"""Year-1 sales of new stores with how sure they are, and how often one site beats another.

Everything here rests on the check of existing stores, ``geo.validation``: the width of a forecast is the
error with which stores are predicted without their own data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.validation import ForecastError

Floats = npt.NDArray[np.float64]

QUANTILES: Final = (0.1, 0.5, 0.9)


def forecast(captured: float, error: ForecastError, quantiles: Sequence[float] = QUANTILES) -> Floats:
    """Quantiles of year-1 sales: what the rule says, times :meth:`ForecastError.quantile`.

    Examples
    --------
    >>> forecast(100.0, ForecastError(10, 0.2, 0.1, "reliable")).round(1).tolist()
    [76.0, 100.0, 131.6]
    """
    return np.array([captured * error.quantile(share) for share in quantiles])


def moves_together(captured_by_point: Floats) -> Floats:
    """Correlation of the forecast errors of candidates: the more of the same customers, the nearer to 1.

    Parameters
    ----------
    captured_by_point : (n, k)
        Sales of each site from each point, >= 0.

    Returns
    -------
    (k, k)
        Cosine of the columns: 0 where two sites share no customer, 1 where they are one place. It is a
        Gram matrix, hence positive semi-definite.
    """
    length = np.sqrt((captured_by_point**2).sum(axis=0))
    unit = np.divide(captured_by_point, length, out=np.zeros_like(captured_by_point), where=length > 0)
    found = unit.T @ unit
    np.fill_diagonal(found, 1.0)
    return np.asarray(np.clip(found, 0.0, 1.0))


def drawn_factors(
    error: ForecastError, together: Floats, draws: int = 4000, seed: int = 0
) -> npt.NDArray[np.float64]:
    """What sales may be, as multiples of what the rule says, jointly for several sites.

    The spread is known from n stores only, hence drawn too, one for all sites; the rest is each site's, and
    moves together where the sites share customers. Each column has the quantiles of :func:`forecast`.

    Parameters
    ----------
    error : ForecastError
    together : (k, k)
        From :func:`moves_together`.
    draws, seed : int

    Returns
    -------
    (draws, k)
    """
    chance = np.random.default_rng(seed)
    n, k = error.stores, together.shape[0]
    values, vectors = np.linalg.eigh(together)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    scale = error.spread * np.sqrt(n / chance.chisquare(n, draws))[:, None]
    return np.asarray(np.exp(scale * (chance.standard_normal((draws, k)) @ root.T)))


def beats(values: Floats) -> Floats:
    """How often each site is worth more than each other, (k, k); half for a tie, half on the diagonal.

    Parameters
    ----------
    values : (draws, k)
        Of any worth, drawn jointly.
    """
    more = (values[:, :, None] > values[:, None, :]).mean(axis=0)
    same = (values[:, :, None] == values[:, None, :]).mean(axis=0)
    return np.asarray(more + same / 2)
