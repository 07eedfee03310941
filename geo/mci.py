"""Calibration of Huff's rule on visits: how much size draws and how much distance deters.

Both methods condition on the stores that are given: who went to none of them is in no origin.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geo.gravity_shares import FLOOR, Floats
from geo.mci_choices import Choices, choices
from geo.mci_errors import by_place_and_store, clustered, dispersion, sandwich
from geo.mci_fit import MciFit, Method

STEEPEST: Final = 25.0
"""An exponent beyond this in size means that the data do not bound it."""

_STEPS: Final = 60
_CLOSE: Final = 1e-9


def calibrate_mci(
    visits: npt.ArrayLike,
    attraction: npt.ArrayLike,
    distance: npt.ArrayLike,
    *,
    method: Method = "logit",
    constants: bool = False,
    exposure: npt.ArrayLike | None = None,
    rivals: npt.ArrayLike | None = None,
    floor: float = FLOOR,
    start: tuple[float, float] | None = None,
) -> MciFit:
    """Estimate the exponents of Huff's rule from visits.

    ``logit`` maximises the likelihood of a conditional logit with ln attraction and ln distance, and
    takes visits of 0 as they are. ``ols`` regresses log-centred shares and uses only origins that
    visit every store.

    Parameters
    ----------
    visits : array_like, (origins, stores)
        Numbers >= 0: orders, or customers.
    attraction : array_like, (stores,) or (origins, stores)
        Sizes, > 0 for a store that is a choice.
    distance : array_like, (origins, stores)
        Kilometres or minutes, >= 0; infinite where a store is no choice.
    method : {"logit", "ols"}
    constants : bool
        Also a constant per store (``logit`` only): its pull beyond its size. ``alpha`` is then held at 1,
        for a constant takes up what a size explains.
    exposure : array_like, (stores,), optional
        Share of the time in which each store was open, > 0..1.
    rivals : array_like of bool, (stores,), optional
        Competitors: they share one constant, their pull against an own store of their size (``logit`` only).
    floor : float
        Shorter distances count as this.
    start : (alpha, beta), optional
        Where to begin, to be faster: the result does not depend on it.

    Returns
    -------
    MciFit

    Raises
    ------
    ValueError : the data cannot tell the exponents: no visits, one store, equal distances, fewer
        origins than needed, or visits without exception to the nearest or largest store.

    References
    ----------
    ``ols``: Nakanishi and Cooper (1974), Parameter estimation for a multiplicative competitive
    interaction model - least squares approach, Journal of Marketing Research 11(3), eq. 5 and 6.
    ``logit``: McFadden (1974), Conditional logit analysis of qualitative choice behavior, eq. 17 to 23.
    Sandwich by origin: Cameron and Miller (2015), A practitioner's guide to cluster-robust inference,
    Journal of Human Resources 50(2), eq. 11.
    """
    if (constants or rivals is not None) and method == "ols":
        raise ValueError("Constants of stores or competitors need method='logit'; got 'ols'.")
    if method not in ("logit", "ols"):
        raise ValueError(f"method must be 'logit' or 'ols'; got {method!r}.")
    stores = np.asarray(distance, dtype=float).shape[-1]
    made, notes = choices(visits, attraction, distance, constants, exposure, floor, rivals)
    if method == "ols":
        return _least_squares(made, stores, floor, notes)
    known = {} if start is None else {"alpha": start[0], "beta": start[1]}
    theta, likelihood, information = maximise(made, start=np.array([known.get(n, 0.0) for n in made.names]))
    varied = dispersion(made, theta)
    if varied is not None and varied > 1.5:
        notes = (*notes, "overdispersed")
    rest: dict[str, Any] = {"method": "logit", "log_likelihood": likelihood, "dispersion": varied}
    if rivals is not None:
        rest |= by_place_and_store(made, theta, information)
    return _fit(made, stores, theta, sandwich(made, theta, information), notes, rest | {"floor": floor})


def maximise(
    made: Choices, weights: Floats | None = None, start: Floats | None = None
) -> tuple[Floats, float, Floats]:
    """Newton's method with halved steps; the likelihood is concave, so the start does not matter.

    Parameters
    ----------
    made : Choices
    weights : ndarray, (origins,), optional
        How often each origin counts (for the bootstrap).
    start : ndarray, (k,), optional

    Returns
    -------
    theta (k,), log-likelihood, information (k, k)

    Raises
    ------
    ValueError : the parameters are not bounded by the data.
    """
    counts = made.counts if weights is None else made.counts * weights[:, None]
    theta = np.zeros(len(made.names)) if start is None else start.copy()
    value, gradient, information = likelihood(made, counts, theta)
    for _ in range(_STEPS):
        step = _solve(information, gradient, made.names)
        for _ in range(30):
            tried = likelihood(made, counts, theta + step)
            if tried[0] >= value - 1e-12 * abs(value):
                break
            step /= 2
        theta, gained = theta + step, tried[0] - value
        value, gradient, information = tried
        if (np.abs(theta) > STEEPEST).any():
            break
        if gained <= _CLOSE * (1 + abs(value)) and np.abs(step).max() < 1e-7 * (1 + np.abs(theta).max()):
            return theta, value, information
    raise ValueError(
        "The visits do not bound the exponents: they go to the nearest, largest or same stores without "
        f"exception (reached {dict(zip(made.names, theta.round(1).tolist(), strict=True))}). "
        "Take a longer period or coarser cells."
    )


def likelihood(made: Choices, counts: Floats, theta: Floats) -> tuple[float, Floats, Floats]:
    """Log-likelihood, its gradient and the information (minus the Hessian) at ``theta``."""
    pull = made.base + made.x @ theta
    top = pull.max(axis=1, keepdims=True)
    weight = np.exp(pull - top)
    total = weight.sum(axis=1, keepdims=True)
    visits = counts.sum(axis=1, keepdims=True)
    value = float((counts * np.where(counts > 0, pull - top, 0.0)).sum() - (visits * np.log(total)).sum())
    shares = weight / total
    flat = made.x.reshape(-1, made.x.shape[2])
    gradient = flat.T @ (counts - shares * visits).ravel()
    mean = (shares[:, None, :] @ made.x)[:, 0, :]
    # x is centred by origin, so subtracting the means afterwards loses no digits.
    second = (flat * (shares * visits).ravel()[:, None]).T @ flat
    return value, gradient, second - (mean * visits).T @ mean


def _solve(information: Floats, gradient: Floats, names: tuple[str, ...]) -> Floats:
    scale = np.sqrt(np.diag(information))
    if (scale <= 0).any() or not np.isfinite(information).all():
        raise ValueError(f"The visits say nothing about {', '.join(names)}: take more origins or stores.")
    scaled = information / np.outer(scale, scale)
    if np.linalg.cond(scaled) > 1e10:
        raise ValueError(
            f"The visits cannot tell {', '.join(names)} apart. Leave out the constants, or take more "
            "origins with a choice of several stores."
        )
    return np.asarray(np.linalg.solve(scaled, gradient / scale) / scale)


def _least_squares(made: Choices, stores: int, floor: float, notes: tuple[str, ...]) -> MciFit:
    full = np.asarray((made.counts > 0).all(axis=1))
    if full.sum() < len(made.names) + 1:
        raise ValueError(
            f"Log-centred shares need more than {len(made.names)} origins that visit every store; got "
            f"{int(full.sum())}. Use method='logit'."
        )
    if full.sum() < len(full) / 2:
        notes = (*notes, "few_rows")
    x, base = made.x[full], made.base[full]
    y = np.log(made.counts[full]) - base
    y = y - y.mean(axis=1, keepdims=True)
    x = x - x.mean(axis=1, keepdims=True)
    information = np.einsum("ijk,ijl->kl", x, x)
    theta = _solve(information, np.einsum("ij,ijk->k", y, x), made.names)
    scores = np.einsum("ij,ijk->ik", y - x @ theta, x)
    used = Choices(made.x[full], base, made.counts[full], made.names, made.used[full], made.left_out)
    rest = {"method": "ols", "log_likelihood": None, "dispersion": None, "floor": floor}
    return _fit(used, stores, theta, clustered(scores, information), notes, rest)


def _fit(
    made: Choices,
    stores: int,
    theta: Floats,
    covariance: Floats,
    notes: tuple[str, ...],
    rest: dict[str, Any],
) -> MciFit:
    known = dict(zip(made.names, theta.tolist(), strict=True))
    constants = np.array([known.get(f"store {j}", 0.0) for j in range(stores)])
    if known["beta"] <= 0:
        notes = (*notes, "no_deterrence")
    return MciFit(
        alpha=known.get("alpha", 1.0),
        beta=known["beta"],
        names=made.names,
        covariance=covariance,
        constants=constants,
        rivals=known.get("rivals"),
        origins=len(made.used),
        visits=float(made.counts.sum()),
        left_out=made.left_out,
        notes=notes,
        **rest,
    )
