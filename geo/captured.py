"""What new stores would take from others and from our own: Huff capture on the merchant's own sales.

The merchant's file holds no visit to a competitor. What is bought elsewhere is therefore an assumption,
stated as one number: the share of a point's spending a lone store has ``REFERENCE_KM`` away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

REFERENCE_KM: Final = 1.0
"""Where the stated share holds: up to one kilometre from a store of usual size.

Nobody is nearer in the formula either: the customers of a cell do not all live at its middle.
"""


@dataclass(frozen=True)
class Rules:
    """The assumptions of the capture model.

    Parameters
    ----------
    own_share : float
        Share (0..1) of a point's spending that one store of usual size has there, ``REFERENCE_KM`` away.
    alpha, beta : float
        Exponents of size and of distance (>= 0).
    least_share : float
        Smallest share (0..1] that is believed when spending is inferred from our sales: a point where we
        sell little holds at most ``1 / least_share`` of what we sell there.
    """

    own_share: float = 0.3
    alpha: float = 1.0
    beta: float = 2.0
    least_share: float = 0.1

    def __post_init__(self) -> None:
        for name, low, high in (("own_share", 0.0, 1.0), ("least_share", 0.0, 1.0)):
            value = getattr(self, name)
            if not low < value <= high:
                raise ValueError(f"{name} must be a share above {low:g}, at most {high:g}; it is {value!r}.")
        for name in ("alpha", "beta"):
            if not 0 <= getattr(self, name) <= 10:
                raise ValueError(f"{name} must be from 0 to 10; it is {getattr(self, name)!r}.")

    @property
    def outside(self) -> float:
        """Pull of everything that is not ours and not on the map, in pulls of a store of usual size."""
        return float(REFERENCE_KM**-self.beta * (1.0 - self.own_share) / self.own_share)


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
        Pull of every own store, from :func:`pulls`.
    outside : (n,)
        Pull of competitors and of the outside option, >= 0.
    least_share : float
        As in :class:`Rules`.
    heads : (n,), optional
        Inhabitants. With them spending is inhabitants times what one spends (:attr:`per_head`, from all own
        stores together); without, it is inferred from our sales at each point.
    known : (n,), optional
        Spending where it is known already: closing a store does not change what people spend.

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
    least_share: float = 0.1
    heads: Floats | None = None
    known: Floats | None = None

    def __post_init__(self) -> None:
        n, m = self.sales.shape
        shapes = {name: getattr(self, name).shape for name in ("lat", "lon", "customers", "outside")}
        wrong = {name: shape for name, shape in shapes.items() if shape != (n,)}
        if wrong or self.pull.shape != (n, m):
            raise ValueError(f"A market of {n} points and {m} stores got {wrong or self.pull.shape}.")
        if self.heads is not None and self.heads.shape != (n,):
            raise ValueError(f"heads needs one number a point ({n}); got {self.heads.shape}.")
        for name in ("sales", "customers", "pull", "outside", "heads"):
            values = getattr(self, name)
            if values is not None and values.size and not (np.isfinite(values).all() and values.min() >= 0):
                raise ValueError(f"{name} must be finite and not negative.")

    @property
    def total(self) -> Floats:
        """Our sales at each point, (n,)."""
        return np.asarray(self.sales.sum(axis=1))

    @property
    def against(self) -> Floats:
        """All pull a new store meets at each point: own stores and the outside, (n,)."""
        return np.asarray(self.pull.sum(axis=1) + self.outside)

    @property
    def share(self) -> Floats:
        """Our modelled share of the spending at each point, (n,)."""
        own = self.pull.sum(axis=1)
        return np.asarray(np.divide(own, own + self.outside, out=np.zeros_like(own), where=own > 0))

    @property
    def spending(self) -> Floats:
        """What is spent at each point in all stores, ours and others, (n,); never below what we sell there.

        Sales / share, or inhabitants times spending per head where inhabitants are known.
        """
        if self.known is not None:
            return np.asarray(self.known)
        if self.heads is None:
            return np.asarray(self.total / np.maximum(self.share, self.least_share))
        return np.asarray(np.maximum(self.heads * self.per_head, self.total))

    @property
    def per_head(self) -> float:
        """What one inhabitant spends a year in all stores: geometric mean over own stores of sales / reach.

        The reach of a store is the number of inhabitants times its modelled share of them. 0 where no own
        store reaches anybody.
        """
        if self.heads is None:
            return 0.0
        under = self.against
        share = np.divide(self.pull, under[:, None], out=np.zeros_like(self.pull), where=under[:, None] > 0)
        reach, sold = self.heads @ share, self.sales.sum(axis=0)
        usable = (reach > 0) & (sold > 0)
        return float(np.exp(np.log(sold[usable] / reach[usable]).mean())) if usable.any() else 0.0

    def without(self, store: int) -> Market:
        """The market without an own store, its spending learnt from the other stores alone.

        What they sold, they sold beside that store: to learn from it, the store pulls as a stranger would.
        """
        kept = [k for k in range(self.sales.shape[1]) if k != store]
        rest = replace(self, sales=self.sales[:, kept], pull=self.pull[:, kept], known=None)
        beside = replace(rest, outside=self.outside + self.pull[:, store])
        return replace(rest, known=beside.spending)


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


def pulls(size: npt.ArrayLike, distance_km: Floats, rules: Rules) -> Floats:
    """Pull of each store on each point: size^alpha * distance^-beta.

    Parameters
    ----------
    size : (m,)
        Relative to the usual store (1 = usual), > 0.
    distance_km : (n, m)
        Never below ``REFERENCE_KM`` in the formula; a missing distance pulls nothing.
    rules : Rules

    Returns
    -------
    (n, m) float

    References
    ----------
    Huff (1964), Defining and estimating a trading area, eq. 2 (with an exponent on size as in
    Nakanishi and Cooper 1974, eq. 1).

    Examples
    --------
    >>> pulls([1.0, 2.0], np.array([[1.0, 2.0]]), Rules()).tolist()
    [[1.0, 0.5]]
    """
    sizes = np.asarray(size, dtype=float)
    if sizes.size and not (np.isfinite(sizes).all() and sizes.min() > 0):
        raise ValueError("Sizes must be finite and above 0; where one is not known, take 1.")
    found = sizes**rules.alpha * np.maximum(distance_km, REFERENCE_KM) ** -rules.beta
    return np.asarray(np.nan_to_num(found, nan=0.0))


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
        From :func:`pulls`.
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
