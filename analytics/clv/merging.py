"""Customers with equal histories are one row with a weight: a million cost what the distinct ones do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pandas import factorize

from analytics.clv.arrays import FloatArray, IntArray

THINNING_SEED = 20050222
MOST_CODES = 2**62
CLOSE = 100
"""Whole numbers over a range of at most so many times their number are packed as they are."""


def distinct_rows(*columns: FloatArray) -> tuple[tuple[FloatArray, ...], IntArray]:
    """Distinct rows of several equally long columns, and where each input row went.

    Rows are equal only when every column is exactly equal: rounding recency to weeks, say, would
    shift the parameters of a model.

    Parameters
    ----------
    *columns : ndarray, shape (n,)

    Returns
    -------
    distinct : tuple of ndarray, shape (m,), m <= n, in the order of their first appearance
    row_of : ndarray of int, shape (n,)
        ``distinct[j][row_of]`` is ``columns[j]``.

    Examples
    --------
    >>> import numpy as np
    >>> distinct_rows(np.array([2.0, 0.0, 2.0]), np.array([5.0, 1.0, 5.0]))
    ((array([2., 0.]), array([5., 1.])), array([0, 1, 0]))
    """
    code, _ = factorize(_packed(columns))
    first = np.empty(int(code.max()) + 1, dtype=np.intp)
    first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    return tuple(column[first] for column in columns), code


def _packed(columns: tuple[FloatArray, ...]) -> IntArray:
    """One whole number a row: equal where all columns are, and in their order."""
    code, size = _numbered(columns[0])
    for column in columns[1:]:
        codes, values = _numbered(column)
        if size * values >= MOST_CODES:
            code, size = _numbered(code)
        code, size = code * values + codes, size * values
    return code


def _numbered(column: NDArray[Any]) -> tuple[IntArray, int]:
    """A number for every value, in their order, and how many numbers there may be.

    Whole numbers that lie close together stand for themselves; all others are ranked.
    """
    low, high = column.min(), column.max()
    if high - low <= CLOSE * len(column) and np.array_equal(column, np.floor(column)):
        return (column - low).astype(np.int64), int(high - low) + 1
    values, code = np.unique(column, return_inverse=True)
    return code.astype(np.int64), len(values)


@dataclass(frozen=True)
class WeightedRows:
    """Distinct rows and how many customers each stands for.

    Attributes
    ----------
    columns : tuple of ndarray, shape (m,)
        The first is the number of purchases.
    weight : ndarray, shape (m,)
    """

    columns: tuple[FloatArray, ...]
    weight: FloatArray

    @classmethod
    def merge(cls, columns: tuple[FloatArray, ...], weight: FloatArray) -> WeightedRows:
        """Merge equal rows, drop those of weight 0, and sort: the order of customers plays no part."""
        code = _packed(columns)
        order = np.argsort(code)
        first = np.flatnonzero(np.diff(code[order], prepend=-1))
        total = np.add.reduceat(weight[order], first)
        kept = order[first[total > 0]]
        return cls(tuple(column[kept] for column in columns), total[total > 0])

    @property
    def size(self) -> int:
        """Number of distinct rows."""
        return len(self.weight)

    def thinned(self, size: int) -> WeightedRows:
        """A random part of about ``size`` rows whose weights add up to the same total.

        Half of it is drawn from those who bought again, so that a rare repeat is not lost. Always
        the same part for the same rows.
        """
        random = np.random.default_rng(THINNING_SEED)
        weight = np.zeros(self.size)
        repeated = self.columns[0] > 0
        for stratum in (np.flatnonzero(repeated), np.flatnonzero(~repeated)):
            total = self.weight[stratum].sum()
            if total > 0:
                drawn = random.multinomial(size // 2, self.weight[stratum] / total)
                weight[stratum] = drawn.astype(float) * (total / (size // 2))
        kept = weight > 0
        return WeightedRows(tuple(column[kept] for column in self.columns), weight[kept])
