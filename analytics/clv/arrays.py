"""The array types of the models, and turning what a caller hands in into them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


def total(weight: FloatArray, values: FloatArray) -> float:
    """Weighted sum of a long column.

    Not ``weight @ values``: that starts BLAS threads, which cost more CPU than the sum.
    """
    return float(np.einsum("i,i->", weight, values))


def as_numbers(name: str, values: Any) -> FloatArray:
    """Values as float64, refused when they are not finite numbers.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    values : array_like
        Numbers, of any shape.

    Returns
    -------
    ndarray of float64, a view where that is possible

    Raises
    ------
    ValueError : something is not a number, or is missing or infinite.
    """
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{name} needs numbers; got {_shorten(values)}.") from problem
    wrong = int(np.count_nonzero(~np.isfinite(numbers)))
    if wrong:
        raise ValueError(
            f"{name} needs finite numbers; {wrong} of {numbers.size} are missing or infinite. "
            "Leave those customers out."
        )
    return numbers


def as_column(name: str, values: Any) -> FloatArray:
    """Values as a one-dimensional array of at least one number.

    Raises
    ------
    ValueError : not one-dimensional, empty, or not finite numbers.
    """
    numbers = as_numbers(name, values)
    if numbers.ndim != 1 or numbers.size == 0:
        raise ValueError(
            f"{name} needs one entry a customer and at least one customer; got shape {numbers.shape}."
        )
    return numbers


def require_same_shape(**columns: FloatArray) -> None:
    """Refuse columns whose shapes differ.

    Raises
    ------
    ValueError : shapes differ; the message lists them.
    """
    shapes = {name: column.shape for name, column in columns.items()}
    if len(set(shapes.values())) > 1:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"One entry a customer is needed in every array; got {listed}.")


def require(condition: npt.ArrayLike, needed: str, values: FloatArray) -> None:
    """Refuse entries that break a rule, and show the first of them.

    Parameters
    ----------
    condition : array_like of bool
        True where an entry keeps the rule.
    needed : str
        The rule, as the first half of a sentence.
    values : ndarray
        The entries, to quote the first wrong one.

    Raises
    ------
    ValueError : an entry breaks the rule.
    """
    wrong = ~np.broadcast_to(np.asarray(condition, dtype=bool), values.shape)
    if wrong.any():
        first = float(values[wrong].flat[0])
        raise ValueError(
            f"{needed}; {int(wrong.sum())} of {values.size} entries are not, the first is {first:g}."
        )


def as_weights(weights: Any, size: int) -> FloatArray:
    """How many customers each entry stands for; ones when not given.

    Raises
    ------
    ValueError : wrong length, negative, or all zero.
    """
    if weights is None:
        return np.ones(size)
    column = as_column("weights", weights)
    if column.size != size:
        raise ValueError(f"weights needs one entry a customer ({size}); got {column.size}.")
    require(column >= 0, "weights must be 0 or more", column)
    if not column.sum() > 0:
        raise ValueError("weights must not all be 0; leave weights out to count each entry once.")
    return column


def _shorten(values: Any) -> str:
    text = repr(values)
    return text if len(text) <= 60 else text[:57] + "..."
