"""What sets of new stores would take from others and from our own, evaluated fast.

One model: ``geo.gravity_surface.Surface``. Here it stands as arrays by point, so that the many sets a search
looks at cost a few sums each; :func:`from_surface` is the only way from one to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.gravity_surface import Surface

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Market:
    """Points of demand and the stores that are there.

    Parameters
    ----------
    lat, lon : (n,)
        Degrees.
    sales : (n, m)
        A year's sales to each point by own store; workspace currency.
    customers : (n,)
        Customers at each point, >= 0.
    pull : (n, m)
        Pull of every own store.
    outside : (n,)
        Pull of competitors and of the outside option, >= 0.
    spending : (n,)
        What is spent at each point a year, in own stores, others and nowhere here.

    Raises
    ------
    ValueError : shapes differ, or a number is negative or not finite.
    """

    lat: Floats
    lon: Floats
    sales: Floats
    customers: Floats
    pull: Floats
    outside: Floats
    spending: Floats

    def __post_init__(self) -> None:
        n, m = self.sales.shape
        shapes = {name: getattr(self, name).shape for name in ("lat", "lon", "customers", "outside")}
        shapes["spending"] = self.spending.shape
        wrong = {name: shape for name, shape in shapes.items() if shape != (n,)}
        if wrong or self.pull.shape != (n, m):
            raise ValueError(f"A market of {n} points and {m} stores got {wrong or self.pull.shape}.")
        for name in ("sales", "customers", "pull", "outside", "spending"):
            values = getattr(self, name)
            if values.size and not (np.isfinite(values).all() and values.min() >= 0):
                raise ValueError(f"{name} must be finite and not negative.")

    @property
    def total(self) -> Floats:
        """Our sales at each point, (n,)."""
        return np.asarray(self.sales.sum(axis=1))

    @property
    def elsewhere(self) -> Floats:
        """What is spent at each point but not with us, (n,); never below 0."""
        return np.asarray(np.maximum(self.spending - self.total, 0.0))

    @property
    def against(self) -> Floats:
        """All pull a new store meets at each point: own stores and the outside, (n,)."""
        return np.asarray(self.pull.sum(axis=1) + self.outside)


def from_surface(
    surface: Surface,
    points: pd.DataFrame,
    attraction: npt.ArrayLike,
    distance: npt.ArrayLike,
    yearly: float = 1.0,
) -> Market:
    """A surface and its own stores as arrays by point.

    With it, what :func:`outcome` says of a set of new stores is ``Surface.sales`` of own and new stores
    together, less ``Surface.sales`` of the own ones. A candidate's pull is ``surface.pull``.

    Parameters
    ----------
    surface : Surface
    points : DataFrame, (n,)
        ``lat``, ``lon``, ``customers`` of the surface's origins.
    attraction : (m,)
    distance : (n, m)
        Of the own stores; all are taken as open the whole year, for they are open when a new one comes.
    yearly : float
        Factor that makes the surface's sales a year's.
    """
    return Market(
        points["lat"].to_numpy(float),
        points["lon"].to_numpy(float),
        surface.sales(attraction, distance) * yearly,
        points["customers"].to_numpy(float),
        surface.pull(attraction, distance),
        surface.against(len(points)),
        surface.rate * surface.potential * yearly,
    )


@dataclass(frozen=True)
class Outcome:
    """What a set of new stores brings in a year.

    Parameters
    ----------
    sites : tuple of int
        Columns of the candidates' pull.
    captured : (k,)
        Sales of each new store.
    losses : (m,)
        What each own store loses to them.
    net : float
        Captured less lost: what is new to the merchant.
    """

    sites: tuple[int, ...]
    captured: Floats
    losses: Floats
    net: float


def switched(market: Market, new_pull: Floats) -> Floats:
    """Share of each point's spending that changes to new stores of a joint pull, (n,)."""
    against = market.against + new_pull
    return np.divide(new_pull, against, out=np.zeros_like(against), where=against > 0)


def outcome(market: Market, candidate_pull: Floats, sites: Sequence[int]) -> Outcome:
    """What a set of new stores takes, from whom.

    Parameters
    ----------
    market : Market
    candidate_pull : (n, c)
        Pull of each candidate, ``surface.pull``.
    sites : sequence of int
        Which candidates open; none is "do nothing".

    Returns
    -------
    Outcome
        By Huff's rule every store loses the same share of a point's spending to a newcomer
        (independence of irrelevant alternatives), so each own store's loss is that share of what it sells.

    Raises
    ------
    ValueError : a site twice or not among the candidates.
    """
    chosen = tuple(int(site) for site in sites)
    if len(set(chosen)) != len(chosen) or any(not 0 <= s < candidate_pull.shape[1] for s in chosen):
        raise ValueError(f"Sites must be different columns below {candidate_pull.shape[1]}; got {chosen}.")
    theirs = candidate_pull[:, list(chosen)]
    joint = theirs.sum(axis=1)
    share = switched(market, joint)
    each = np.divide(share, joint, out=np.zeros_like(share), where=joint > 0)
    captured = (market.spending * each) @ theirs if chosen else np.zeros(0)
    losses = share @ market.sales
    return Outcome(chosen, np.asarray(captured), np.asarray(losses), float(captured.sum() - losses.sum()))


def alone(market: Market, candidate_pull: Floats) -> tuple[Floats, Floats]:
    """Sales and net sales of every candidate if it opened alone, (c,) each."""
    against = market.against[:, None] + candidate_pull
    share = np.divide(candidate_pull, against, out=np.zeros_like(against), where=against > 0)
    return market.spending @ share, (market.spending - market.total) @ share


def refurbished(market: Market, store: int, factor: float) -> tuple[float, Floats]:
    """What a year brings when an own store pulls ``factor`` times as much.

    Returns
    -------
    net : float
        Sales that are new to the merchant.
    change : (m,)
        Change of each own store's sales; the refurbished one gains, the others lose.
    """
    if not factor >= 1:
        raise ValueError(f"A refurbishment raises the pull: a factor of 1 or more; got {factor!r}.")
    extra = market.pull[:, store] * (factor - 1.0)
    share = switched(market, extra)
    change = -(share @ market.sales)
    change[store] += float(market.spending @ share)
    return float(change.sum()), np.asarray(change)
