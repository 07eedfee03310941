"""How sure the exponents of Huff's rule are: clustered by origin, and by store where stores have luck."""

from __future__ import annotations

import numpy as np

from geo.gravity_shares import Floats, shares_of
from geo.mci_choices import Choices


def sandwich(made: Choices, theta: Floats, information: Floats) -> Floats:
    """Covariance that holds when visits of one origin are alike."""
    shares = shares_of(made.base + made.x @ theta)
    rest = made.counts - shares * made.counts.sum(axis=1, keepdims=True)
    return clustered(np.einsum("ij,ijk->ik", rest, made.x), information)


def clustered(scores: Floats, information: Floats) -> Floats:
    """Sandwich covariance from each origin's score (origins, k), with the factor n / (n - 1)."""
    bread = np.linalg.inv(information)
    n = len(scores)
    return np.asarray(bread @ (scores.T @ scores) @ bread * n / (n - 1))


def dispersion(made: Choices, theta: Floats) -> float | None:
    """Pearson's statistic by its degrees of freedom; None where none is left."""
    shares = shares_of(made.base + made.x @ theta)
    expected = shares * made.counts.sum(axis=1, keepdims=True)
    known = expected >= 1.0  # a cell that expects less than 1 visit has no chi-square
    free = int(np.maximum(known.sum(axis=1) - 1, 0).sum()) - len(theta)
    if free <= 0:
        return None
    return float((((made.counts - expected) ** 2 / np.where(known, expected, 1.0))[known]).sum() / free)


def by_place_and_store(made: Choices, theta: Floats, information: Floats) -> dict[str, float | int]:
    """Standard error of the competitors' pull where visits to one store are alike too.

    Stores draw more or less than size and way explain, each with a luck of its own; few competitors then tell
    little of competitors, however many people were asked. The larger of this error and the one by origin
    counts, times what few stores need.

    Parameters
    ----------
    made : Choices
        With the parameter ``rivals``.
    theta : ndarray, (k,)
    information : ndarray, (k, k)

    Returns
    -------
    dict
        ``rivals_error``, and ``rivals_free``: degrees of freedom of Student's t, stores less parameters.

    Raises
    ------
    ValueError : no more stores than parameters.

    References
    ----------
    Cameron, Gelbach and Miller (2011), Robust inference with multiway clustering, Journal of Business and
    Economic Statistics 29(2), eq. 2.8; few clusters: Cameron and Miller (2015), section VI.
    """
    shares = shares_of(made.base + made.x @ theta)
    visits = made.counts.sum(axis=1, keepdims=True)
    open_ = np.isfinite(made.base)
    stores, k = int((made.counts.sum(axis=0) > 0).sum()), len(theta)
    if stores <= k:
        raise ValueError(f"{k} parameters need visits to more than {k} stores; got {stores}.")
    middle = (shares[:, None, :] @ made.x)[:, 0, :]
    x = np.where(open_[:, :, None], made.x - middle[:, None, :], 0.0)
    scores = (made.counts - shares * visits)[:, :, None] * x
    place, store, both = (
        clustered(each, information) for each in (scores.sum(axis=1), scores.sum(axis=0), scores[open_])
    )
    at = made.names.index("rivals")
    variance = max(float((place + store - both)[at, at]), float(place[at, at]))
    few = (stores - 1) / (stores - k)
    return {"rivals_error": float(np.sqrt(variance * few)), "rivals_free": stores - k}
