"""What is known of a market before Huff's rule is fitted: sales, inhabitants, competitors, market data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from geo.gravity_shares import FLOOR, Floats, log_pull
from geo.mci_fit import MciFit

Basis = Literal["population", "others"]


def _none() -> Floats:
    return np.zeros(0)


@dataclass(frozen=True)
class Rivals:
    """Stores whose sales are not known: their pull is assumed, or learnt from market data.

    Parameters
    ----------
    attraction : ndarray, (rivals,)
        In the unit of the own stores' attraction.
    distance : ndarray, (origins, rivals)
    factor : ndarray, (rivals,)
        How strongly each pulls against an own store of its size; 1: the same, 0: not at all.
    own : int
        How many of the last ones are own stores whose data are left out: what is learnt of competitors does
        not hold for them.
    """

    attraction: Floats = field(default_factory=_none)
    distance: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    factor: Floats = field(default_factory=_none)
    own: int = 0

    def pull(self, origins: int, alpha: float, beta: float, floor: float) -> Floats:
        """Summed pull on each origin, (origins,)."""
        if not len(self.attraction):
            return np.zeros(origins)
        pull = np.exp(log_pull(self.attraction, self.distance, alpha, beta, floor=floor))
        return np.asarray(pull @ self.factor)

    def scaled(self, factor: float) -> Rivals:
        """The same with every pull multiplied: for a range of assumptions."""
        return replace(self, factor=self.factor * factor)

    def learnt(self, pull: float) -> Rivals:
        """The same with every competitor's pull multiplied, own stores without data left as they are."""
        theirs = np.arange(len(self.factor)) < len(self.factor) - self.own
        return replace(self, factor=np.where(theirs, self.factor * pull, self.factor))

    def joined(self, attraction: float, distance: Floats, factor: float) -> Rivals:
        """One own store more, without its data."""
        known = self.distance if len(self.attraction) else np.zeros((len(distance), 0))
        return Rivals(
            np.append(self.attraction, attraction),
            np.column_stack((known, distance)),
            np.append(self.factor, factor),
            self.own + 1,
        )


@dataclass(frozen=True)
class Seen:
    """Visits from finer places than those that have a potential: they tell the exponents better.

    Parameters
    ----------
    visits, distance : ndarray, (places, stores)
        Orders, and the ways to each store, as in :class:`Market`.
    """

    visits: Floats
    distance: Floats

    def without(self, kept: npt.NDArray[np.bool_]) -> Seen:
        """Of some stores only."""
        return Seen(self.visits[:, kept], self.distance[:, kept])


@dataclass(frozen=True)
class Survey:
    """Market data: visits to own stores and to competitors, by place, from elsewhere than own sales.

    Parameters
    ----------
    visits, distance : ndarray, (places, stores + competitors)
        Own stores first, in the order of the market's; a way without end where the data do not name a store.
    attraction : ndarray, (competitors,)
        Sizes, > 0.
    """

    visits: Floats
    distance: Floats
    attraction: Floats

    def without(self, kept: npt.NDArray[np.bool_]) -> Survey:
        """Of some own stores only."""
        every = np.append(kept, np.ones(len(self.attraction), dtype=bool))
        return replace(self, visits=self.visits[:, every], distance=self.distance[:, every])


@dataclass(frozen=True)
class Market:
    """What was seen of a market.

    Parameters
    ----------
    visits : ndarray, (origins, stores)
        Orders; they tell the exponents.
    sales : ndarray, (origins, stores)
        What is to be predicted: orders or money.
    attraction : ndarray, (stores,)
        Sizes, > 0.
    distance : ndarray, (origins, stores)
        Kilometres or minutes.
    exposure : ndarray, (stores,)
        Share of the time in which each store was open, > 0..1.
    potential : ndarray, (origins,), optional
        Inhabitants, households or income, known without the stores' data; None: basis ``others``.
    rivals : Rivals
    floor : float
        Shorter distances count as this.
    seen : Seen, optional
        What the exponents are learnt from in place of ``visits`` and ``distance``.
    survey : Survey, optional
        Market data: the pull of competitors is then learnt, and their factors multiply it.
    """

    visits: Floats
    sales: Floats
    attraction: Floats
    distance: Floats
    exposure: Floats
    potential: Floats | None = None
    rivals: Rivals = field(default_factory=Rivals)
    floor: float = FLOOR
    seen: Seen | None = None
    survey: Survey | None = None

    @property
    def usual(self) -> float:
        """The middle of the own stores' sizes; 1 without any."""
        return float(np.median(self.attraction)) if len(self.attraction) else 1.0

    @property
    def basis(self) -> Basis:
        return "others" if self.potential is None else "population"

    def without(self, store: int) -> Market:
        """The market without the data of one store: still there and pulling, its visits unknown."""
        kept = np.arange(self.visits.shape[1]) != store
        return replace(
            self,
            visits=self.visits[:, kept],
            sales=self.sales[:, kept],
            attraction=self.attraction[kept],
            distance=self.distance[:, kept],
            exposure=self.exposure[kept],
            seen=None if self.seen is None else self.seen.without(kept),
            survey=None if self.survey is None else self.survey.without(kept),
            rivals=self.rivals.joined(
                float(self.attraction[store]), self.distance[:, store], float(self.exposure[store])
            ),
        )

    @property
    def choices(self) -> Visits:
        """What exponents, and with market data the pull of competitors, are learnt from.

        Own visits tell of own stores only; places of the market data stand below them.
        """
        seen = self.seen or Seen(self.visits, self.distance)
        if self.survey is None:
            return Visits(seen.visits, self.attraction, seen.distance, self.exposure, None)
        return joint(seen, self.survey, self.attraction, self.exposure)

    def rivals_by(self, fit: MciFit) -> Rivals:
        """Competitors with the pull that was learnt, or as assumed where it was not."""
        pull = fit.rival_pull
        return self.rivals if pull is None else self.rivals.learnt(pull)


@dataclass(frozen=True)
class Visits:
    """The arguments of ``geo.gravity.calibrate_mci``: ``rivals`` marks competitors, None without any."""

    visits: Floats
    attraction: Floats
    distance: Floats
    exposure: Floats
    rivals: npt.NDArray[np.bool_] | None


def joint(seen: Seen, survey: Survey, attraction: Floats, exposure: Floats) -> Visits:
    """Own visits and market data, one below the other.

    An origin of own visits has no competitor to choose: who went to one is in no file of ours, so its visits
    are conditional on own stores. A place of the market data has every store that the data name.

    Parameters
    ----------
    seen : Seen
        (places, stores).
    survey : Survey
    attraction, exposure : ndarray, (stores,)

    Returns
    -------
    Visits
        Own stores first, then competitors.
    """
    rivals = len(survey.attraction)
    closed = np.full((len(seen.visits), rivals), np.inf)
    return Visits(
        np.vstack((np.column_stack((seen.visits, np.zeros_like(closed))), survey.visits)),
        np.append(attraction, survey.attraction),
        np.vstack((np.column_stack((seen.distance, closed)), survey.distance)),
        np.append(exposure, np.ones(rivals)),
        np.arange(len(attraction) + rivals) >= len(attraction),
    )
