"""How a store's pull falls with distance, and the share of visits each store gets: Huff's rule."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

FLOOR: Final = 0.1
"""Shorter distances count as this, in their own unit (100 m, 6 seconds): at 0 a pull has no bound."""

Floats = npt.NDArray[np.float64]


def huff_shares(
    attraction: npt.ArrayLike,
    distance: npt.ArrayLike,
    alpha: float = 1.0,
    beta: float = 2.0,
    *,
    floor: float = FLOOR,
) -> Floats:
    """Probability that a visit from each origin goes to each store.

    Computed from logarithms, so that neither huge sizes nor large exponents overflow.

    Parameters
    ----------
    attraction : array_like, (stores,) or (origins, stores)
        Size or any measure of pull, >= 0; a store of 0 gets no visit, whatever ``alpha``.
    distance : array_like, (origins, stores)
        Cost of the way, >= 0, in kilometres or minutes; infinite where the store cannot be reached:
        it gets no visit, whatever ``beta``.
    alpha, beta : float
        Exponents of attraction and of distance (Huff's lambda).
    floor : float
        Shorter distances count as this, > 0.

    Returns
    -------
    ndarray, (origins, stores)
        Each row sums to 1.

    Raises
    ------
    ValueError : shapes do not fit, a value is negative or not a number, or an origin reaches no store.

    References
    ----------
    Huff (1964), Defining and estimating a trading area, Journal of Marketing 28(3), the model for
    P(C_ij), with ``alpha`` = 1 there; both exponents: Nakanishi and Cooper (1974), Parameter
    estimation for a multiplicative competitive interaction model, Journal of Marketing Research
    11(3), eq. 1.

    Examples
    --------
    >>> huff_shares([6, 12], [[5, 20], [10, 8]]).round(4).tolist()
    [[0.8889, 0.1111], [0.2424, 0.7576]]
    """
    return shares_of(log_pull(attraction, distance, alpha, beta, floor=floor))


def log_pull(
    attraction: npt.ArrayLike,
    distance: npt.ArrayLike,
    alpha: float = 1.0,
    beta: float = 2.0,
    *,
    floor: float = FLOOR,
) -> Floats:
    """Logarithm of each store's pull on each origin: ``alpha ln attraction - beta ln distance``.

    Returns
    -------
    ndarray, (origins, stores)
        Minus infinity where a store has no attraction or cannot be reached.

    Raises
    ------
    ValueError : as :func:`huff_shares`, but for origins that reach no store.
    """
    if not (np.isfinite(alpha) and np.isfinite(beta)):
        raise ValueError(f"alpha and beta must be finite; got {alpha} and {beta}.")
    log_size, log_distance = logs(attraction, distance, floor)
    open_ = np.isfinite(log_size) & np.isfinite(log_distance)
    pull = np.full(open_.shape, -np.inf)
    np.subtract(alpha * np.where(open_, log_size, 0.0), beta * np.where(open_, log_distance, 0.0), out=pull)
    pull[~open_] = -np.inf
    return pull


def shares_of(pull: Floats) -> Floats:
    """Shares from logarithms of pulls, row by row.

    Raises
    ------
    ValueError : a row holds no finite pull.
    """
    top = pull.max(axis=1, keepdims=True) if pull.shape[1] else np.full((len(pull), 1), -np.inf)
    lost = np.flatnonzero(~np.isfinite(top[:, 0]))
    if lost.size:
        raise ValueError(
            "Every origin needs a store with attraction above 0 at a finite distance; "
            f"{lost.size} of {len(pull)} have none, the first at row {lost[0]}. Leave them out."
        )
    weights = np.exp(pull - top)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def logs(attraction: npt.ArrayLike, distance: npt.ArrayLike, floor: float) -> tuple[Floats, Floats]:
    """Checked logarithms of attraction and distance, both (origins, stores).

    Minus infinity stands for an attraction of 0, plus infinity for a distance without end.

    Raises
    ------
    ValueError : as :func:`huff_shares`, but for origins that reach no store.
    """
    size, far = np.asarray(attraction, dtype=float), np.asarray(distance, dtype=float)
    if far.ndim != 2 or size.ndim not in (1, 2) or size.shape not in (far.shape, far.shape[1:]):
        raise ValueError(
            "Attraction must be (stores,) or (origins, stores) and distance (origins, stores); "
            f"got {size.shape} and {far.shape}."
        )
    if not (np.isfinite(floor) and floor > 0):
        raise ValueError(f"The shortest distance must be above 0; got {floor}.")
    if not np.isfinite(size).all() or (size < 0).any():
        raise ValueError("Attraction must be finite and not negative; check the sizes of the stores.")
    if np.isnan(far).any() or (far < 0).any():
        raise ValueError(
            "Distance must be a number and not negative; check the places of stores and origins."
        )
    with np.errstate(divide="ignore"):
        log_size = np.log(np.broadcast_to(size, far.shape))
    return np.asarray(log_size), np.asarray(np.log(np.maximum(far, floor)))
