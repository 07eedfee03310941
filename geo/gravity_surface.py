"""What stores sell to whom: Huff's shares times what each origin has to spend.

Two bases, named on every result. ``population``: each origin's market is proportional to a number
known from elsewhere, and part of it goes to nobody here. ``others``: each origin's market is what
the merchant's stores and the assumed competitors share; stores never make it larger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from geo.gravity_data import Basis, Market, Rivals, Visits
from geo.gravity_shares import Floats, log_pull
from geo.mci import calibrate_mci
from geo.mci_fit import MciFit


@dataclass(frozen=True)
class Surface:
    """A market explained.

    ``rate`` is what one unit of potential spends (1 for ``others``); ``outside`` the pull, in the unit
    of the stores', of spending nowhere here (0 for ``others``); ``potential`` (origins,) what is shared.
    """

    fit: MciFit
    basis: Basis
    potential: Floats
    rate: float
    outside: float
    rivals: Rivals

    def sales(
        self, attraction: npt.ArrayLike, distance: npt.ArrayLike, exposure: npt.ArrayLike | None = None
    ) -> Floats:
        """Expected sales of a set of own stores, existing and planned ones together.

        Parameters
        ----------
        attraction : array_like, (stores,)
        distance : array_like, (origins, stores)
        exposure : array_like, (stores,), optional
            Share of the time open; 1 unless said.

        Returns
        -------
        ndarray, (origins, stores)
        """
        pull = self.pull(attraction, distance, exposure)
        total = pull.sum(axis=1) + self.against(len(pull))
        market = self.rate * self.potential
        return np.asarray(np.where(total > 0, market / np.where(total > 0, total, 1.0), 0.0)[:, None] * pull)

    def pull(
        self, attraction: npt.ArrayLike, distance: npt.ArrayLike, exposure: npt.ArrayLike | None = None
    ) -> Floats:
        """How strongly each store pulls on each origin, (origins, stores)."""
        pull = np.exp(log_pull(attraction, distance, self.fit.alpha, self.fit.beta, floor=self.fit.floor))
        return np.asarray(pull if exposure is None else pull * np.asarray(exposure, dtype=float))

    def against(self, origins: int) -> Floats:
        """What pulls beside the own stores: competitors and staying away, (origins,)."""
        rivals = self.rivals.pull(origins, self.fit.alpha, self.fit.beta, self.fit.floor)
        return np.asarray(rivals + self.outside)

    def lone_share(self, usual: float) -> float:
        """Share of the spending that a lone store of a usual size has within the shortest way, 0..1."""
        near = float(self.pull([usual], [[self.fit.floor]])[0, 0])
        return near / (near + self.outside)


def fit_surface(market: Market, start: tuple[float, float] | None = None) -> Surface:
    """Explain the sales of a market: first the exponents, then how much there is to share.

    The exponents come from the choice between own stores alone, so neither competitors nor those who
    buy nowhere disturb them; with market data also from that between own stores and competitors, which
    tells how competitors pull. With a potential, what it spends and the pull of staying away follow by
    Poisson quasi-likelihood of the sales by origin; otherwise each origin's market is its sales over
    the share that own stores have of it.

    Parameters
    ----------
    market : Market
    start : (alpha, beta), optional
        Where the search for the exponents begins.

    Returns
    -------
    Surface

    Raises
    ------
    ValueError : as ``calibrate_mci``; or no origin has both potential and sales.

    References
    ----------
    Huff (1964), Journal of Marketing 28(3), expected customers E_ij = P_ij C_i; quasi-likelihood:
    Santos Silva and Tenreyro (2006), The log of gravity, Review of Economics and Statistics 88(4), eq. 9.
    """
    fit = _exponents(market, start)
    if market.potential is None:
        return _with_outside(market, fit, 0.0)
    own, against = _own_and_rivals(market, fit)
    rate, outside = _volume(market.sales.sum(axis=1), market.potential, own, against)
    return Surface(fit, "population", market.potential, rate, outside, market.rivals_by(fit))


def _exponents(market: Market, start: tuple[float, float] | None) -> MciFit:
    """From own visits, and market data where they can be told from it; else from own visits alone."""
    told = market.choices
    try:
        return _calibrated(told, market.floor, start)
    except ValueError:
        if told.rivals is None:
            raise
        return _calibrated(replace(market, survey=None).choices, market.floor, start)


def _calibrated(told: Visits, floor: float, start: tuple[float, float] | None) -> MciFit:
    return calibrate_mci(
        told.visits,
        told.attraction,
        told.distance,
        exposure=told.exposure,
        rivals=told.rivals,
        floor=floor,
        start=start,
    )


def with_share(market: Market, surface: Surface, share: float) -> Surface:
    """The surface if a lone store of usual size had a stated share of the spending near it.

    The exponents stay; the pull of staying away follows from the share, and what there is to spend from
    the sales. It serves where the data cannot tell the pull of staying away (basis ``others``), and to see
    what an answer owes to it.

    Parameters
    ----------
    market : Market
        The one the surface was made from.
    surface : Surface
    share : float
        0..1, within the shortest way that is told apart.

    Raises
    ------
    ValueError : the share is not above 0 and up to 1.
    """
    return _with_outside(market, surface.fit, _outside(market, surface, share))


def assumed_surface(market: Market, share: float, alpha: float = 1.0, beta: float = 2.0) -> Surface:
    """A surface where nothing can be calibrated: exponents and the share of a lone store are assumed.

    Huff's own exponents of 1964 stand for the usual: size as it is, distance squared.

    Parameters
    ----------
    market : Market
        With one store at least.
    share : float
        As in :func:`with_share`.
    """
    fit = _assumed(market.visits.shape[1], market.floor, alpha, beta)
    return with_share(market, Surface(fit, market.basis, np.zeros(0), 1.0, 0.0, market.rivals), share)


def unsold_surface(spending: Floats, floor: float) -> Surface:
    """A surface without a store that sells: what people spend is known, and nothing else.

    Parameters
    ----------
    spending : ndarray, (origins,)
        What the merchant's customers spend by any channel.
    floor : float
        Shorter distances count as this.
    """
    return Surface(_assumed(0, floor, 1.0, 2.0), "others", spending, 1.0, 0.0, Rivals())


def _assumed(stores: int, floor: float, alpha: float, beta: float) -> MciFit:
    nothing = np.zeros((0, 0)), np.zeros(stores)
    return MciFit(alpha, beta, (), *nothing, "assumed", 0, 0.0, 0.0, None, None, floor)


def _outside(market: Market, surface: Surface, share: float) -> float:
    """The pull of staying away with which a lone store of usual size has a share near it."""
    if not 0 < share <= 1:
        raise ValueError(f"The share of a lone store must be above 0 and up to 1; it is {share!r}.")
    near = float(surface.pull([market.usual], [[market.floor]])[0, 0])
    return near * (1 - share) / share


def _own_and_rivals(market: Market, fit: MciFit) -> tuple[Floats, Floats]:
    own = np.exp(log_pull(market.attraction, market.distance, fit.alpha, fit.beta, floor=fit.floor))
    own = (own * market.exposure).sum(axis=1)
    return np.asarray(own), market.rivals_by(fit).pull(len(own), fit.alpha, fit.beta, fit.floor)


def _with_outside(market: Market, fit: MciFit, outside: float) -> Surface:
    own, rivals = _own_and_rivals(market, fit)
    sold, total = market.sales.sum(axis=1), own + rivals + outside
    share = np.where(own > 0, own / np.where(own > 0, total, 1.0), 0.0)
    if market.potential is None:
        here = sold / np.where(share > 0, share, 1.0)
        return Surface(fit, "others", np.asarray(here), 1.0, outside, market.rivals_by(fit))
    reached = float((market.potential * share).sum())
    rate = float(sold.sum()) / reached if reached > 0 else 0.0
    return Surface(fit, "population", market.potential, rate, outside, market.rivals_by(fit))


def _volume(sold: Floats, potential: Floats, own: Floats, against: Floats) -> tuple[float, float]:
    known = (potential > 0) & (own > 0)
    if not (known & (sold > 0)).any():
        raise ValueError(
            "No place with inhabitants has sales: check that the population and the customers speak of the "
            "same country."
        )
    sold, potential, own, against = (each[known] for each in (sold, potential, own, against))

    def lost(log_outside: float) -> float:
        share = own / (own + against + np.exp(log_outside))
        market = potential * share
        return -float((sold * np.log(market / market.sum())).sum())

    low, high = np.log(own.min()) - 5.0, np.log(own.max()) + 5.0
    found = minimize_scalar(lost, bounds=(low, high), method="bounded", options={"xatol": 1e-6})
    outside = float(np.exp(found.x))
    return float(sold.sum() / (potential * own / (own + against + outside)).sum()), outside
