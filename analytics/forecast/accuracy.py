"""How good a forecast was: by its total, customer by customer, and in the order it puts customers in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.forecast.histories import FloatArray

DECILES = 10
MOST_FREQUENT = 7


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A forecast beside what happened; both per customer.

    Attributes
    ----------
    actual, predicted : float
        Totals.
    total_error : float or None
        ``predicted / actual - 1``; None where nothing happened.
    mae, rmse : float
        Mean absolute and root mean squared error per customer.
    gini : float or None
        Concentration of what happened along the order of the forecast (:func:`gini`).
    """

    actual: float
    predicted: float
    total_error: float | None
    mae: float
    rmse: float
    gini: float | None


def accuracy(actual: FloatArray, predicted: FloatArray) -> Accuracy:
    """Compare a forecast with what happened.

    Parameters
    ----------
    actual, predicted : ndarray, shape (n,), n >= 1
        One entry a customer, same unit.

    Returns
    -------
    Accuracy

    Raises
    ------
    ValueError : shapes differ, or nobody is there.

    References
    ----------
    Gneiting (2011), Making and evaluating point forecasts, Journal of the American Statistical
    Association 106(494), 746-762: squared error is the score under which an expected value is best.
    """
    if actual.shape != predicted.shape or actual.size == 0:
        raise ValueError(
            f"accuracy() needs two equally long arrays; got {actual.shape} and {predicted.shape}."
        )
    total, foreseen = float(actual.sum()), float(predicted.sum())
    off = predicted - actual
    return Accuracy(
        actual=total,
        predicted=foreseen,
        total_error=foreseen / total - 1 if total > 0 else None,
        mae=float(np.abs(off).mean()),
        rmse=float(np.sqrt(np.square(off).mean())),
        gini=gini(actual, predicted),
    )


def gini(actual: FloatArray, predicted: FloatArray) -> float | None:
    """Concentration of what happened along the order of a forecast.

    Twice the area between the diagonal and the curve of the share of ``actual`` that the best x% by
    ``predicted`` brought: 0 for a useless order, near 1 where few bring all and the forecast names them.
    With n customers, ``i`` their mean place from the lowest forecast (0 to n) and ``a`` what they
    brought, that is ``2 sum(i a) / (n sum(a)) - 1``. Equal forecasts share their place
    (see :func:`_in_order` for equal).

    Returns
    -------
    float or None
        None where nothing happened.

    References
    ----------
    Yitzhaki and Olkin (1991), Concentration indices and concentration curves, IMS Lecture Notes 19,
    380-392.

    Examples
    --------
    >>> import numpy as np
    >>> gini(np.array([0.0, 0.0, 0.0, 4.0]), np.array([1.0, 1.0, 2.0, 9.0]))
    0.75
    """
    total = float(actual.sum())
    if total <= 0:
        return None
    order, first = _in_order(predicted)
    size = np.diff(np.append(first, len(order)))
    brought = np.add.reduceat(actual[order], first)
    return 2 * float(brought @ (first + size / 2)) / (total * len(order)) - 1


def _in_order(values: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions from the lowest to the highest value, and where each run of equal ones begins.

    What agrees to seven digits is equal: the bits of a single-precision number that is not negative
    sort as it does, and half of them at a time sort by their digits (radix), twice as fast as values.
    """
    least = min(0.0, float(values.min()))
    key = (values - least + 0.0).astype(np.float32).view(np.uint32)
    order = np.argsort(key.astype(np.uint16), kind="stable")
    order = order[np.argsort((key >> 16).astype(np.uint16)[order], kind="stable")]
    key = key[order]
    return order, np.flatnonzero(np.append(True, key[1:] != key[:-1]))


def lift(actual: FloatArray, predicted: FloatArray) -> pd.DataFrame:
    """What each tenth of the customers, best forecast first, brought against the average.

    Returns
    -------
    DataFrame, up to ten rows
        ``decile`` (1 is the best), ``customers``, ``predicted`` and ``actual`` (means per customer),
        ``lift`` (mean over the mean of all; NaN where nothing happened).
    """
    order = np.argsort(-predicted, kind="stable")
    decile = np.empty(len(order), dtype=np.int64)
    decile[order] = np.arange(len(order)) * DECILES // len(order) + 1
    table = pd.DataFrame({"decile": decile, "predicted": predicted, "actual": actual})
    grouped = table.groupby("decile", as_index=False).agg(
        customers=("actual", "size"), predicted=("predicted", "mean"), actual=("actual", "mean")
    )
    mean = float(actual.mean())
    return grouped.assign(lift=grouped["actual"] / mean if mean > 0 else np.nan)


def by_frequency(frequency: FloatArray, actual: FloatArray, predicted: FloatArray) -> pd.DataFrame:
    """Mean forecast and mean outcome of customers with 0, 1, ... 7 or more repeat purchases before.

    Returns
    -------
    DataFrame, one row per number that occurs
        ``frequency`` (7 stands for 7 and more), ``customers``, ``predicted``, ``actual``.

    References
    ----------
    Fader, Hardie, Lee (2005), Counting your customers the easy way, Marketing Science 24(2), figure 3.
    """
    table = pd.DataFrame(
        {
            "frequency": np.minimum(frequency, MOST_FREQUENT).astype(np.int64),
            "predicted": predicted,
            "actual": actual,
        }
    )
    return table.groupby("frequency", as_index=False).agg(
        customers=("actual", "size"), predicted=("predicted", "mean"), actual=("actual", "mean")
    )
