"""What is lost when a store closes, and where its customers go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.captured import Market, outcome

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Closing:
    """A store closes.

    Parameters
    ----------
    store : int
        Column of the market.
    sales : float
        What it sells a year.
    leaves : float
        Of that, what goes to competitors or is not bought any more.
    gains : (m,)
        What each other own store gains; 0 for the one that closes. ``sales = leaves + sum(gains)``.
    """

    store: int
    sales: float
    leaves: float
    gains: Floats

    @property
    def share_leaving(self) -> float | None:
        """``leaves / sales``; None for a store that sells nothing."""
        return self.leaves / self.sales if self.sales > 0 else None


def close(market: Market, store: int, leaving: float | None = None) -> Closing:
    """Close a store; its sales at each point go to the other stores there by their pull.

    Parameters
    ----------
    market : Market
    store : int
    leaving : float, optional
        Share (0..1) of its sales that is lost everywhere, as an assumption. Without it the share is Huff's:
        at each point the outside's part of the pull that is left.

    Returns
    -------
    Closing

    Raises
    ------
    ValueError : no such store, or a share outside 0..1.

    References
    ----------
    Huff (1964), Defining and estimating a trading area, eq. 2: taking a store out divides its share among the
    others as their shares stand to each other.
    """
    m = market.pull.shape[1]
    if not 0 <= store < m:
        raise ValueError(f"store must be a column below {m}; it is {store!r}.")
    if leaving is not None and not 0 <= leaving <= 1:
        raise ValueError(f"leaving must be a share from 0 to 1; it is {leaving!r}.")
    sold = market.sales[:, store]
    others = market.pull.copy()
    others[:, store] = 0.0
    pulled = others.sum(axis=1)
    left = pulled + market.outside
    stays = np.divide(pulled, left, out=np.zeros_like(left), where=left > 0)
    if leaving is not None:
        stays = np.where(pulled > 0, 1.0 - leaving, 0.0)
    to = np.divide(others, pulled[:, None], out=np.zeros_like(others), where=pulled[:, None] > 0)
    gains = (sold * stays) @ to
    total = float(sold.sum())
    return Closing(store, total, float(total - gains.sum()), np.asarray(gains))


@dataclass(frozen=True)
class Moving:
    """A store moves: what its new place sells, what the other stores gain or lose, and the sum."""

    store: int
    site: int
    before: float
    after: float
    others: Floats
    net: float


def move(market: Market, store: int, candidate_pull: Floats, site: int) -> Moving:
    """Close a store and open another one elsewhere.

    Parameters
    ----------
    market : Market
    store : int
    candidate_pull : (n, c)
        ``surface.pull`` of the candidates.
    site : int
        Column of it.

    Returns
    -------
    Moving
        The new store captures from the spending that is there, in competition with the stores that stay.
    """
    closed = close(market, store)
    sold, stay = market.sales.copy(), [k for k in range(market.sales.shape[1]) if k != store]
    others = market.pull.copy()
    others[:, store] = 0.0
    pulled = others.sum(axis=1)
    left = pulled + market.outside
    passes = np.divide(
        market.sales[:, store][:, None] * others,
        left[:, None],
        out=np.zeros_like(others),
        where=left[:, None] > 0,
    )
    sold = sold + passes
    after = Market(
        market.lat,
        market.lon,
        sold[:, stay],
        market.customers,
        market.pull[:, stay],
        market.outside,
        np.maximum(market.spending, sold[:, stay].sum(axis=1)),
    )
    found = outcome(after, candidate_pull, [site])
    change = np.zeros(market.sales.shape[1])
    change[stay] = closed.gains[stay] - found.losses
    new = float(found.captured[0])
    return Moving(store, site, closed.sales, new, change, new - closed.sales + float(change.sum()))
