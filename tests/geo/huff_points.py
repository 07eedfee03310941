"""Huff's rule by hand, for tests that need a market of points without calibrating one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.captured import Floats, Market
from geo.gravity_shares import log_pull


def pulls(size: npt.ArrayLike, km: npt.ArrayLike, alpha: float = 1.0, beta: float = 2.0) -> Floats:
    """Pull of each store on each point, (n, m); nobody is nearer than one kilometre."""
    return np.asarray(np.exp(log_pull(size, km, alpha, beta, floor=1.0)))


def outside(own_share: float = 0.3) -> float:
    """Pull of staying away where a lone store of size 1 has a share within one kilometre."""
    return (1.0 - own_share) / own_share


def spending(sales: Floats, pull: Floats, against: Floats, least: float = 0.05) -> Floats:
    """What is spent at each point when our part of it is Huff's share."""
    share = pull.sum(axis=1) / (pull.sum(axis=1) + against)
    return np.asarray(sales.sum(axis=1) / np.maximum(share, least))


def market(
    lat: Floats, lon: Floats, sales: Floats, customers: Floats, pull: Floats, against: Floats
) -> Market:
    """A market whose spending follows from its sales."""
    return Market(lat, lon, sales, customers, pull, against, spending(sales, pull, against))
