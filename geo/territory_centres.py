"""Where territories are looked after from, and how short the ways could be at best.

Work is counted in rounds, not in seconds: the same areas give the same centres and the same bound on any
machine, however busy.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from geo.distance import haversine_km
from geo.siting import lagrangian
from geo.siting.checking import Budget
from geo.siting.interchange import Interchange, greedy, iterate
from geo.siting.nearby import nearby

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

SHAKES: Final = 20
"""Shakes without a better answer after which the search for centres ends, and one more a territory."""

STEPS: Final = 150
"""Subgradient steps of the bound."""

_FOREVER: Final = 1e6
_NAME: Final = "divide()"


def centres(lat: Floats, lon: Floats, work: Floats, territories: int, seed: int = 0) -> tuple[Indices, float]:
    """The areas from which all work is nearest, and a mean way that no choice of centres is below.

    Parameters
    ----------
    lat, lon : (n,)
        Degrees.
    work : (n,)
        Finite, >= 0, some > 0.
    territories : int
        2 to n.
    seed : int

    Returns
    -------
    areas : (territories,)
    bound : float
        Kilometres by work to the nearest of any ``territories`` areas: a division that has to be even and in
        one piece, looked after from areas, has ways at least as long.

    References
    ----------
    p-median: greedy, interchange and Lagrangian bound as in ``geo.siting.median``.
    """
    asking = work > 0
    cost = haversine_km(lat[asking, None], lon[asking, None], lat, lon) * work[asking, None]
    cost = np.ascontiguousarray(cost)
    if territories == cost.shape[1]:
        return np.arange(territories, dtype=np.int64), 0.0
    budget, none = Budget(_FOREVER, _NAME), np.zeros(0, dtype=np.int64)
    near = nearby(cost, territories)
    search = Interchange(cost, greedy(cost, territories, none, budget), 0, near, budget)
    search.improve()
    relaxed = lagrangian.Relaxation(cost, work[asking], territories, none, near, budget)
    ascent = lagrangian.start(relaxed, search.d1, search.d2)
    lagrangian.climb(relaxed, ascent, search.objective, STEPS)
    iterate(search, np.random.default_rng(seed), SHAKES + territories, 1.0, ascent.best.reduced)
    bound = max(min(float(ascent.best.value), search.objective), 0.0)
    return np.sort(search.sites), bound / float(work.sum())
