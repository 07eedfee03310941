"""The market that new stores are forecast from, and how well it forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.site_plans import OBJECTIVES
from geo.captured import Floats, Market, from_surface
from geo.gravity_surface import Surface
from geo.travel import Travel
from geo.validation import ForecastError, Validation
from ui.cached.gravity_market import YEAR, Known, sizes
from ui.cached.inhabitants import Inhabitants

LEVEL: Final = 13
"""Zoom of the cells of demand: squares of 4.9 km at the equator."""

SHORTEST: Final = 180
"""Days of data below which a year's sales are not told."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a workspace's market rests on beside its data: the ways, whose inhabitants count, market data."""

    version: str
    country: str
    people: Inhabitants | None
    market: str = ""


@dataclass(frozen=True)
class Model:
    """What new stores are forecast with: the rule of the page Catchments, ready for many sets of sites.

    Parameters
    ----------
    market : Market
        The rule at each origin; sales are what the rule says of each own store.
    observed : Market
        The same points and pulls, with what each own store really sells: for closing one.
    demand : DataFrame
        Cells of the customers' homes: ``x, y, lat, lon, customers, revenue``.
    known : Known
    surface : Surface
    way : str
        As in ``ui.cached.gravity.Explained``.
    own : DataFrame
        Own stores that sell, in the order of the market's columns; none where ``first``.
    placed : DataFrame
        All own stores on the map.
    validation : Validation or None
    error : ForecastError or None
        None where no sales are forecast: a ranking only, for ``reason``.
    reason : str
        ``few`` (stores that can be checked), ``days`` (fewer than ``SHORTEST``), ``assumed`` (no
        calibration), ``first`` (no sale names a store), or empty.
    travel : Travel
    """

    market: Market
    observed: Market
    demand: pd.DataFrame
    known: Known
    surface: Surface
    way: str
    own: pd.DataFrame
    placed: pd.DataFrame
    validation: Validation | None
    error: ForecastError | None
    reason: str
    travel: Travel

    @property
    def days(self) -> int:
        """Days of sales the year was made from."""
        return self.known.days

    @property
    def yearly(self) -> float:
        """Factor that makes sales of the days a year's."""
        return YEAR / self.known.days

    @property
    def checked(self) -> int:
        """Stores that could be predicted without their own data."""
        return 0 if self.validation is None else self.validation.checked

    @property
    def own_share(self) -> float:
        """Share of the spending near a lone store of usual size, learnt or assumed."""
        return self.surface.lone_share(self.known.market.usual)

    @property
    def rival_pull(self) -> float:
        """How strongly a competitor pulls against an own store of its size: learnt, or taken as 1."""
        return self.surface.fit.rival_pull or 1.0

    @property
    def first(self) -> bool:
        """Whether no sale names a store, so that what customers buy by any channel is the demand."""
        return self.reason == "first"

    @property
    def objectives(self) -> tuple[str, ...]:
        """What sites can be chosen by: what they would capture only where some store tells it."""
        return ("coverage", "distance") if self.first else OBJECTIVES

    def pulls(self, sites: pd.DataFrame, surface: Surface | None = None) -> Floats:
        """Pull of candidates on the market's points, (n, c)."""
        return self.pulls_at(self.market.lat, self.market.lon, sites, surface)

    def pulls_at(
        self, lat: Floats, lon: Floats, sites: pd.DataFrame, surface: Surface | None = None
    ) -> Floats:
        """Pull of candidates on any points, (n, c); the middle size stands for one that is not known."""
        size, _, _ = sizes(sites, self.known.typical_m2)
        cost = self.travel.cost(lat, lon, sites.assign(store_id=""))
        return (surface or self.surface).pull(size, cost)

    def under(self, surface: Surface) -> Market:
        """The market as another surface of the same origins explains it."""
        here = self.known
        own = here.market
        return from_surface(surface, here.places, own.attraction, own.distance, self.yearly)
