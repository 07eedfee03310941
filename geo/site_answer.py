"""The answer to "where should the next store stand?": which sites, what each brings, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from geo import site_forecast
from geo.captured import Floats, Market, outcome, refurbished, switched
from geo.captured_sets import best_set
from geo.market import distances
from geo.site_economics import MONTHS, Costs, Economics, economics
from geo.site_forecast import ForecastError
from geo.siting import max_coverage, p_median

Objective = Literal["captured", "distance", "coverage"]
Progress = Callable[[float], bool]

MOST_CHOSEN: Final = 20


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
    today : float
        The objective without any new store.
    with_rent : bool
        Whether rent stands in the objective: it is left out for all where one candidate's is not known.
    """

    sites: tuple[int, ...]
    objective: float
    bound: float
    gap: float | None
    proved: bool
    today: float
    with_rent: bool = False


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
    demand: Floats,
    costs: Sequence[Costs],
    ask: Ask,
    *,
    factor: float = 1.0,
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
        Own stores, in the order of the market's columns.
    demand : (n,)
        Weight of each point for ``distance`` and ``coverage``, >= 0.
    costs : sequence of Costs, (c,)
    ask : Ask
    factor : float
        What captured sales are multiplied by.
    time_limit, seed, progress
        As in ``geo.siting``.

    Raises
    ------
    ValueError : no candidate, or no demand to be near to.
    """
    if not len(sites):
        raise ValueError("There is no candidate to choose from; propose, draw or upload some first.")
    if ask.objective == "captured":
        return _captured(market, pull, costs, ask, factor, time_limit, seed, progress)
    weighted = demand > 0
    if not weighted.any():
        raise ValueError("No point has any demand of the chosen kind; choose another weight.")
    points = pd.DataFrame({"lat": market.lat[weighted], "lon": market.lon[weighted]})
    everywhere = pd.concat([stores[["lat", "lon"]], sites[["lat", "lon"]]], ignore_index=True)
    cost = distances(points["lat"], points["lon"], everywhere)
    m, p = len(stores), len(stores) + min(ask.count, len(sites))
    fixed, total = tuple(range(m)), float(demand[weighted].sum())
    now = cost[:, :m].min(axis=1)
    if ask.objective == "distance":
        found = p_median(cost, demand[weighted], p, fixed, time_limit, seed, progress)
        today, value, bound = (
            v / total for v in (demand[weighted] @ now, found.objective, found.lower_bound)
        )
        chosen, proved = found.sites, found.proved
        gap: float | None = found.gap
    else:
        covered = max_coverage(cost, demand[weighted], p, ask.radius_km, fixed, time_limit, seed, progress)
        near = float(demand[weighted] @ (now <= ask.radius_km))
        today, value, bound = (v / total for v in (near, covered.objective, covered.upper_bound))
        chosen, gap, proved = covered.sites, covered.gap, covered.proved
    new = tuple(int(j) - m for j in chosen if int(j) >= m)
    return Solved(new, float(value), float(bound), gap, bool(proved), float(today))


def _captured(
    market: Market,
    pull: Floats,
    costs: Sequence[Costs],
    ask: Ask,
    factor: float,
    time_limit: float,
    seed: int,
    progress: Progress | None,
) -> Solved:
    gain = ask.margin * factor * np.maximum(market.spending - market.total, 0.0)
    yearly, with_rent = yearly_costs(costs, ask.hurdle_months)
    spend = np.array([cost.set_up or 0.0 for cost in costs])
    found = best_set(
        np.maximum(gain, 0.0),
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
    return Solved(found.sites, found.objective, found.upper_bound, found.gap, found.proved, 0.0, with_rent)


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


def losses_by_site(market: Market, pull: Floats, chosen: Sequence[int]) -> Floats:
    """What each own store loses to each new one, (k, m), split by the new ones' pull at each point."""
    theirs = pull[:, list(chosen)]
    joint = theirs.sum(axis=1)
    each = np.divide(switched(market, joint), joint, out=np.zeros_like(joint), where=joint > 0)
    return np.asarray((theirs * each[:, None]).T @ market.sales)


@dataclass(frozen=True)
class Option:
    """Something to decide for: a site, a refurbishment, or nothing.

    ``code``: ``site``, ``refurbish`` or ``nothing``; ``place`` is the candidate's or the own store's
    position. ``net`` is net contribution a year (P10, P50, P90), the set-up spread over the hurdle.
    """

    code: str
    place: int
    net: tuple[float, float, float]


@dataclass(frozen=True)
class Compared:
    """Options and how often each is worth more than each other, (k, k)."""

    options: tuple[Option, ...]
    beats: Floats
    with_rent: bool


def compare(
    market: Market,
    pull: Floats,
    sites: Sequence[int],
    costs: Sequence[Costs],
    ask: Ask,
    error: ForecastError,
    *,
    refurbish: tuple[int, float, float] | None = None,
    seed: int = 0,
) -> Compared:
    """Sites opened alone, a refurbishment and doing nothing, against each other.

    Parameters
    ----------
    sites : sequence of int
    refurbish : (store, factor, cost), optional
        The own store, how many times as much it pulls afterwards, and what that costs once.
    seed : int

    Returns
    -------
    Compared
        In the order of ``sites``, then the refurbishment, then nothing (worth 0, surely).
    """
    by_point, kept, yearly = [], [], []
    paid, with_rent = yearly_costs(costs, ask.hurdle_months)
    for site in sites:
        share = switched(market, pull[:, site])
        by_point.append(market.spending * share)
        kept.append((market.spending - market.total) * share)
        yearly.append(paid[site])
    codes = [("site", int(site)) for site in sites]
    if refurbish is not None:
        store, times, once = refurbish
        share = switched(market, market.pull[:, store] * (times - 1.0))
        by_point.append(market.spending * share)
        kept.append((market.spending - market.total) * share)
        yearly.append(MONTHS * once / ask.hurdle_months)
        codes.append(("refurbish", store))
    together = site_forecast.moves_together(np.column_stack(by_point))
    drawn = site_forecast.drawn_factors(error, together, seed=seed)
    worth = ask.margin * drawn * np.array([each.sum() for each in kept]) - np.array(yearly)
    worth = np.column_stack([worth, np.zeros(len(worth))])
    low, middle, high = np.quantile(worth, site_forecast.QUANTILES, axis=0)
    options = tuple(
        Option(code, place, (float(low[k]), float(middle[k]), float(high[k])))
        for k, (code, place) in enumerate([*codes, ("nothing", -1)])
    )
    return Compared(options, site_forecast.beats(worth), with_rent)


def best_refurbishment(market: Market, factor: float) -> int:
    """The own store whose refurbishment brings the most net sales."""
    gains = [refurbished(market, k, factor)[0] for k in range(market.pull.shape[1])]
    return int(np.argmax(gains))


@dataclass(frozen=True)
class RawCheck:
    """The chosen sites once more on single customers: aggregated into cells, and raw.

    ``km``: mean distance of a customer to the nearest store; ``lost``: sales that own stores lose.
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
    cells: Market,
    cell_pull: Floats,
    raw: Callable[[], Sequence[tuple[Market, Floats]]],
    chosen: Sequence[int],
    stores: pd.DataFrame,
    sites: pd.DataFrame,
) -> RawCheck:
    """Evaluate the same sites on cells and on raw customers.

    Parameters
    ----------
    raw : callable
        Parts of the raw market (each row a customer) with the candidates' pull on them.
    """
    places = pd.concat([stores[["lat", "lon"]], sites.iloc[list(chosen)][["lat", "lon"]]], ignore_index=True)

    def sums(market: Market, pull: Floats) -> tuple[float, float, float]:
        near = distances(market.lat, market.lon, places).min(axis=1)
        lost = float(outcome(market, pull, chosen).losses.sum())
        return float(market.customers.sum()), float(market.customers @ near), lost

    whole = sums(cells, cell_pull)
    parts = np.array([sums(market, pull) for market, pull in raw()])
    people, way, lost = parts.sum(axis=0) if len(parts) else (0.0, 0.0, 0.0)
    mean = (whole[1] / whole[0] if whole[0] else 0.0, float(way / people) if people else 0.0)
    return RawCheck(int(people), mean, (whole[2], float(lost)))
