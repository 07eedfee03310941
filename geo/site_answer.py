"""The answer to "where should the next store stand?": which sites, what each brings, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from geo import site_forecast
from geo.captured import Floats, Market, outcome, switched
from geo.captured_sets import best_set
from geo.market import distances, nearest_km
from geo.site_economics import MONTHS, Costs, Economics, economics
from geo.siting import max_coverage, p_median
from geo.validation import ForecastError

Objective = Literal["captured", "distance", "coverage"]
Progress = Callable[[float], bool]


@dataclass(frozen=True)
class Ask:
    """What is asked of the solvers.

    Parameters
    ----------
    count : int
        New stores, at most.
    objective : {"captured", "distance", "coverage"}
    radius_km : float
        Of coverage.
    margin : float
        Share of sales.
    hurdle_months : float
    budget : float or None
        For opening all new stores.
    """

    count: int
    objective: Objective
    radius_km: float
    margin: float
    hurdle_months: float
    budget: float | None = None


@dataclass(frozen=True)
class Solved:
    """Sites and what is proved of them.

    Parameters
    ----------
    sites : tuple of int
        Positions among the candidates.
    objective, bound : float
        Of ``captured``: margin of net sales less the known costs a year; of ``distance``: mean km of a unit
        of demand to the nearest store; of ``coverage``: share of demand within the radius.
    gap : float or None
        ``|objective - bound| / objective``.
    proved : bool
    today : float or None
        The objective without any new store; None for ``distance`` where there is no store yet.
    with_rent : bool
        Whether rent stands in the objective: it is left out for all where one candidate's is not known.
    complete : bool
        Whether another run gives the same: the clock did not end it.
    """

    sites: tuple[int, ...]
    objective: float
    bound: float
    gap: float | None
    proved: bool
    today: float | None
    with_rent: bool = False
    complete: bool = True


@dataclass(frozen=True)
class SiteResult:
    """One new store of a set, in a year.

    ``sales`` (P10, P50, P90) and ``net`` (net contribution at each) are None where no sales are forecast;
    ``losses`` is what each own store loses to it in the middle forecast, (m,); ``index`` is its captured
    value in percent of the best one's.
    """

    site: int
    index: float
    sales: tuple[float, float, float] | None
    losses: Floats
    net_sales: float
    economics: Economics | None
    net: tuple[float, float, float] | None


def yearly_costs(costs: Sequence[Costs], hurdle_months: float) -> tuple[Floats, bool]:
    """What each candidate costs a year as far as it is known for all, the set-up spread over the hurdle.

    Returns
    -------
    (c,) float, bool
        And whether rent is in it: no candidate gains because its rent is not known.
    """
    with_rent = all(cost.rent is not None for cost in costs) and len(costs) > 0
    made = [
        MONTHS * ((cost.rent or 0.0) * with_rent + (cost.fixed or 0.0) + (cost.set_up or 0.0) / hurdle_months)
        for cost in costs
    ]
    return np.asarray(made, dtype=float), with_rent


def choose(
    market: Market,
    sites: pd.DataFrame,
    pull: Floats,
    stores: pd.DataFrame,
    points: pd.DataFrame,
    costs: Sequence[Costs],
    ask: Ask,
    *,
    time_limit: float = 5.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Solved:
    """Choose sites for one objective, the own stores fixed.

    Parameters
    ----------
    market : Market
    sites : DataFrame
        ``lat``, ``lon`` of the candidates.
    pull : (n, c)
        Their pull on the market's points.
    stores : DataFrame
        ``lat``, ``lon`` of the own stores.
    points : DataFrame
        ``lat``, ``lon``, ``weight`` (>= 0): the demand for ``distance`` and ``coverage``.
    costs : sequence of Costs, (c,)
    ask : Ask
    time_limit, seed, progress
        As in ``geo.siting``.

    Raises
    ------
    ValueError : no candidate, or no demand to be near to.
    """
    if not len(sites):
        raise ValueError("There is no candidate to choose from; propose, draw or upload some first.")
    if ask.objective == "captured":
        return _captured(market, pull, costs, ask, time_limit, seed, progress)
    points = points[points["weight"] > 0]
    if points.empty:
        raise ValueError("No point has any demand of the chosen kind; choose another weight.")
    demand = points["weight"].to_numpy(float)
    everywhere = pd.concat([stores[["lat", "lon"]], sites[["lat", "lon"]]], ignore_index=True)
    cost = distances(points["lat"], points["lon"], everywhere)
    m, p = len(stores), len(stores) + min(ask.count, len(sites))
    fixed, total = tuple(range(m)), float(demand.sum())
    now = cost[:, :m].min(axis=1, initial=np.inf)
    if ask.objective == "distance":
        found = p_median(cost, demand, p, fixed, time_limit, seed, progress)
        today, value, bound = (v / total for v in (demand @ now, found.objective, found.lower_bound))
        chosen, proved = found.sites, found.proved
        gap: float | None = found.gap
        complete = found.complete
    else:
        covered = max_coverage(cost, demand, p, ask.radius_km, fixed, time_limit, seed, progress)
        near = float(demand @ (now <= ask.radius_km))
        today, value, bound = (v / total for v in (near, covered.objective, covered.upper_bound))
        chosen, gap, proved = covered.sites, covered.gap, covered.proved
        complete = covered.complete
    new = tuple(int(j) - m for j in chosen if int(j) >= m)
    ended = bool(complete or proved)
    before = float(today) if np.isfinite(today) else None
    return Solved(new, float(value), float(bound), gap, bool(proved), before, complete=ended)


def _captured(
    market: Market,
    pull: Floats,
    costs: Sequence[Costs],
    ask: Ask,
    time_limit: float,
    seed: int,
    progress: Progress | None,
) -> Solved:
    gain = ask.margin * market.elsewhere
    yearly, with_rent = yearly_costs(costs, ask.hurdle_months)
    spend = np.array([cost.set_up or 0.0 for cost in costs])
    found = best_set(
        gain,
        market.against,
        pull,
        ask.count,
        cost=yearly,
        spend=spend,
        budget=np.inf if ask.budget is None else ask.budget,
        time_limit=time_limit,
        seed=seed,
        progress=progress,
    )
    known = found.objective, found.upper_bound, found.gap, found.proved
    return Solved(found.sites, *known, 0.0, with_rent, found.complete)


def results(
    market: Market,
    pull: Floats,
    chosen: Sequence[int],
    costs: Sequence[Costs],
    ask: Ask,
    error: ForecastError | None,
) -> list[SiteResult]:
    """What each store of a set brings when all of them open.

    Parameters
    ----------
    chosen : sequence of int
        Positions among the candidates.
    error : ForecastError or None
        None: no sales are told, only the order.
    """
    found = outcome(market, pull, chosen)
    losses = losses_by_site(market, pull, chosen)
    best = float(found.captured.max(initial=0.0))
    made = []
    for place, site in enumerate(found.sites):
        captured, lost = float(found.captured[place]), losses[place]
        kept = 1.0 - lost.sum() / captured if captured > 0 else 0.0
        index = 100.0 * captured / best if best > 0 else 0.0
        if error is None:
            made.append(SiteResult(site, index, None, lost, captured * kept, None, None))
            continue
        low, middle, high = (float(v) for v in site_forecast.forecast(captured, error))
        paid = costs[site]
        told = [economics(sold * kept, ask.margin, paid, ask.hurdle_months) for sold in (low, middle, high)]
        low_net, middle_net, high_net = (each.net for each in told)
        net = None
        if low_net is not None and middle_net is not None and high_net is not None:
            net = (low_net, middle_net, high_net)
        scale = middle / captured if captured > 0 else 1.0
        sales = (low, middle, high)
        made.append(SiteResult(site, index, sales, lost * scale, middle * kept, told[1], net))
    return made


def newly_near(points: pd.DataFrame, sites: pd.DataFrame, stores: pd.DataFrame, radius_km: float) -> Floats:
    """Share of all demand that each site alone brings within a radius, by point, (n, c).

    Parameters
    ----------
    points : DataFrame, (n,)
        ``lat``, ``lon``, ``weight`` (>= 0, some above 0).
    sites, stores : DataFrame
        ``lat``, ``lon``; what lies within the radius of a store is no gain.
    """
    lat, lon = points["lat"], points["lon"]
    far = nearest_km(lat, lon, stores) > radius_km
    weight = np.where(far, points["weight"].to_numpy(float), 0.0) / float(points["weight"].sum())
    return np.asarray(weight[:, None] * (distances(lat, lon, sites) <= radius_km))


def in_order(chosen: Sequence[int], value: Floats) -> list[SiteResult]:
    """Sites of which only their order is known: ``index`` is the value in percent of the best one's."""
    best = float(np.max(value[list(chosen)], initial=0.0)) if len(chosen) else 0.0
    index = [100.0 * float(value[site]) / best if best > 0 else 0.0 for site in chosen]
    return [
        SiteResult(site, each, None, np.zeros(0), 0.0, None, None)
        for site, each in zip(chosen, index, strict=True)
    ]


def losses_by_site(market: Market, pull: Floats, chosen: Sequence[int]) -> Floats:
    """What each own store loses to each new one, (k, m), split by the new ones' pull at each point."""
    theirs = pull[:, list(chosen)]
    joint = theirs.sum(axis=1)
    each = np.divide(switched(market, joint), joint, out=np.zeros_like(joint), where=joint > 0)
    return np.asarray((theirs * each[:, None]).T @ market.sales)


@dataclass(frozen=True)
class RawCheck:
    """The chosen sites once more on single customers: aggregated into cells, and raw.

    ``km``: mean distance of a customer to the nearest store; ``lost``: what own stores lose of their sales.
    """

    customers: int
    km: tuple[float, float]
    lost: tuple[float, float]

    @property
    def km_error(self) -> float | None:
        """Aggregated / raw - 1."""
        return self.km[0] / self.km[1] - 1 if self.km[1] > 0 else None

    @property
    def lost_error(self) -> float | None:
        """Aggregated / raw - 1."""
        return self.lost[0] / self.lost[1] - 1 if self.lost[1] > 0 else None


def raw_check(
    cells: pd.DataFrame,
    market: Market,
    pull: Floats,
    raw: Callable[[], Iterable[tuple[Market, Floats]]],
    chosen: Sequence[int],
    stores: pd.DataFrame,
    sites: pd.DataFrame,
) -> RawCheck:
    """Evaluate the same sites on what was aggregated and on raw customers.

    Parameters
    ----------
    cells : DataFrame
        ``lat``, ``lon``, ``customers``: the demand that distances are measured from.
    market : Market
        With what the own stores sell at each of its points; ``pull`` is the candidates' there.
    raw : callable
        Parts of the raw market (each row a customer) with the candidates' pull on them, one at a time.
    """
    places = pd.concat([stores[["lat", "lon"]], sites.iloc[list(chosen)][["lat", "lon"]]], ignore_index=True)

    def way(lat: Floats, lon: Floats, people: Floats) -> tuple[float, float]:
        near = nearest_km(lat, lon, places)
        return float(people.sum()), float(people @ near)

    weights = (cells[name].to_numpy(float) for name in ("lat", "lon", "customers"))
    counted, gone = way(*weights)
    parts = np.array(
        [
            (*way(each.lat, each.lon, each.customers), float(outcome(each, seen, chosen).losses.sum()))
            for each, seen in raw()
        ]
    )
    people, walked, lost = parts.sum(axis=0) if len(parts) else (0.0, 0.0, 0.0)
    mean = (gone / counted if counted else 0.0, float(walked / people) if people else 0.0)
    return RawCheck(int(people), mean, (float(outcome(market, pull, chosen).losses.sum()), float(lost)))
