"""The sites near each client: all that matters of a large cost matrix most of the time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Nearby:
    """``sites`` and ``costs`` (k, n): the k nearest of each client, the nearest first."""

    sites: Indices
    costs: Floats

    @property
    def ceiling(self) -> Floats:
        """(n,) cost up to which a client's list is complete."""
        last: Floats = self.costs[-1]
        return last


def nearby(cost: Floats, p: int) -> Nearby | None:
    """The lists, some times as long as a client has sites to itself; None where all sites are near.

    Parameters
    ----------
    cost : (n, m)
    p : int
        Sites to open.
    """
    m = cost.shape[1]
    kept = 6 * (-(-m // p)) + 20
    if kept * 3 > m:
        return None
    sites = np.argpartition(cost, kept - 1, axis=1)[:, :kept]
    costs = np.take_along_axis(cost, sites, axis=1)
    order = np.argsort(costs, axis=1, kind="stable")
    return Nearby(
        np.ascontiguousarray(np.take_along_axis(sites, order, axis=1).T),
        np.ascontiguousarray(np.take_along_axis(costs, order, axis=1).T),
    )
