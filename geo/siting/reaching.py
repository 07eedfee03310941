"""Which sites reach which clients, with clients that the same sites reach made one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Reach:
    """``matrix`` (groups, sites): 1 where a site reaches a group; ``weight`` (groups,): its demand."""

    matrix: sparse.csr_matrix
    weight: Floats

    def covered_by(self, sites: Indices) -> float:
        """Demand that these sites reach, each client once."""
        is_open = np.zeros(self.matrix.shape[1])
        is_open[sites] = 1.0
        return float(self.weight[(self.matrix @ is_open) > 0].sum())


def merged(within: npt.NDArray[np.bool_], weight: Floats) -> Reach:
    """Group the clients by the sites that reach them.

    Parameters
    ----------
    within : (n, m) bool
    weight : (n,)
        Clients without weight, and those that no site reaches, are left out.
    """
    kept = np.flatnonzero((weight > 0) & within.any(axis=1))
    if not len(kept):
        return Reach(sparse.csr_matrix((0, within.shape[1])), np.empty(0))
    packed = np.ascontiguousarray(np.packbits(within[kept], axis=1))
    keys = packed.view([("", packed.dtype, packed.shape[1])]).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    summed = np.bincount(group, weight[kept], minlength=len(first)).astype(float)
    return Reach(sparse.csr_matrix(within[kept[first]], dtype=float), summed)
