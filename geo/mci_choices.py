"""Visits and distances as a conditional logit takes them: checked, and without what cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.gravity_shares import FLOOR, Floats, logs


@dataclass(frozen=True)
class Choices:
    """Visits and what explains them, ready for Newton's steps.

    ``x`` is (origins, stores, k), centred by origin, 0 where a store is no choice; ``base`` (origins,
    stores) is added to the pull, minus infinity where a store is no choice; ``counts`` (origins, stores).
    """

    x: Floats
    base: Floats
    counts: Floats
    names: tuple[str, ...]
    used: npt.NDArray[np.intp]
    left_out: float


def choices(
    visits: npt.ArrayLike,
    attraction: npt.ArrayLike,
    distance: npt.ArrayLike,
    constants: bool = False,
    exposure: npt.ArrayLike | None = None,
    floor: float = FLOOR,
    rivals: npt.ArrayLike | None = None,
) -> tuple[Choices, tuple[str, ...]]:
    """Check the data and bring them into the form of a conditional logit.

    Raises
    ------
    ValueError : as :func:`calibrate_mci`.
    """
    log_size, log_distance = logs(attraction, distance, floor)
    counts = np.asarray(visits, dtype=float)
    if counts.shape != log_distance.shape:
        raise ValueError(f"Visits must be (origins, stores) {log_distance.shape}; got {counts.shape}.")
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("Visits must be finite and not negative.")
    open_ = np.isfinite(log_size) & np.isfinite(log_distance)
    usable = np.where(open_, counts, 0.0)
    used = np.flatnonzero((usable.sum(axis=1) > 0) & (open_.sum(axis=1) > 1))
    if used.size < 2:
        raise ValueError(
            "Calibration needs visits from at least 2 origins with a choice of 2 stores; "
            f"found {used.size}. Take a longer period, or give every store a place."
        )
    left_out = float(counts.sum() - usable[used].sum())
    open_, usable = open_[used], usable[used]
    size = np.where(open_, log_size[used], 0.0)
    way = np.where(open_, log_distance[used], 0.0)
    base = np.where(open_, _exposure(exposure, counts.shape[1]), -np.inf)
    features, notes = _features(size, way, open_, base, constants)
    if rivals is not None:
        features["rivals"] = _marked(rivals, open_)
    x = np.stack(list(features.values()), axis=2)
    middle = x.sum(axis=1, keepdims=True) / open_.sum(axis=1)[:, None, None]
    x = np.where(open_[:, :, None], x - middle, 0.0)  # adds the same to every choice of an origin
    if used.size < len(features) + 1:
        raise ValueError(
            f"{len(features)} parameters need visits from more than {len(features)} origins; "
            f"got {used.size}. Take smaller cells or a longer period."
        )
    return Choices(x, base, usable, tuple(features), used, left_out), notes


def _exposure(exposure: npt.ArrayLike | None, stores: int) -> Floats:
    if exposure is None:
        return np.zeros(stores)
    share = np.asarray(exposure, dtype=float)
    if share.shape != (stores,) or not ((share > 0) & (share <= 1)).all():
        raise ValueError(f"Exposure must be {stores} shares above 0 and up to 1; got {share.tolist()[:20]}.")
    return np.asarray(np.log(share))


def _marked(rivals: npt.ArrayLike, open_: npt.NDArray[np.bool_]) -> Floats:
    """1 for competitors that are a choice."""
    theirs = np.asarray(rivals, dtype=bool)
    if theirs.shape != open_.shape[1:]:
        raise ValueError(f"rivals must say of {open_.shape[1]} stores whether they are; got {theirs.shape}.")
    marked = np.where(theirs, open_, False).astype(float)
    if not _differs(marked, open_):
        raise ValueError("No origin has visits and a choice between an own store and a competitor.")
    return marked


def _features(
    size: Floats, way: Floats, open_: npt.NDArray[np.bool_], base: Floats, constants: bool
) -> tuple[dict[str, Floats], tuple[str, ...]]:
    """What explains the choices, without what does not differ between them; ``base`` takes the held part."""
    if not _differs(way, open_):
        raise ValueError("The distances to the stores do not differ in any origin: beta cannot be told.")
    features, notes = {"beta": -way}, ()
    if not constants and _differs(size, open_):
        return {"alpha": size, **features}, notes
    base += np.where(open_, size, 0.0)
    if not constants:
        return features, ("alpha_held",)
    for j in range(1, size.shape[1]):
        one = np.zeros_like(size)
        one[:, j] = open_[:, j]
        features[f"store {j}"] = one
    return features, notes


def _differs(values: Floats, open_: npt.NDArray[np.bool_]) -> bool:
    top, bottom = (
        np.where(open_, values, -np.inf).max(axis=1),
        np.where(open_, values, np.inf).min(axis=1),
    )
    return bool((top - bottom).max() > 1e-9)
