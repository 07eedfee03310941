"""What would change the answer: rent, a competitor next door, less demand, and chance in who bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.captured import Floats, Market, outcome, switched
from geo.site_economics import Costs

RENT_UP: Final = 0.2
DEMAND_DOWN: Final = 0.2
SHARE_RANGE: Final = (0.5, 1.5)
"""The share of a lone store is looked at from half to one and a half times its value."""


@dataclass(frozen=True)
class Case:
    """One "what if" for one site.

    Parameters
    ----------
    code : str
        ``base``, ``rent_up``, ``rival``, ``demand_down``; ``share_low`` and ``share_high`` where a lone
        store has half, or one and a half times, its share of the spending near it.
    captured, net_sales : float
        Sales of the new store, and less what own stores lose, by the capture model.
    net : float or None
        Net contribution a year; None where a cost is not known.
    """

    code: str
    captured: float
    net_sales: float
    net: float | None


def cases(
    market: Market,
    candidate_pull: Floats,
    site: int,
    margin: float,
    costs: Costs,
    rival_pull: float = 1.0,
) -> list[Case]:
    """A site as it is, with dearer rent, with a competitor next door, and with less demand.

    Parameters
    ----------
    market : Market
    candidate_pull : (n, c)
    site : int
    margin : float
    costs : Costs
    rival_pull : float
        How strongly a competitor pulls against an own store of its size.

    Returns
    -------
    list of Case
        The competitor is of the site's own size and stands at the same place; with less demand both what we
        sell and what is bought elsewhere shrink.
    """
    rival = replace(market, outside=market.outside + rival_pull * candidate_pull[:, site])
    less = 1 - DEMAND_DOWN
    poorer = replace(market, sales=market.sales * less, spending=market.spending * less)
    dearer = replace(costs, rent=None if costs.rent is None else costs.rent * (1 + RENT_UP))
    looked = (
        ("base", market, costs),
        ("rent_up", market, dearer),
        ("rival", rival, costs),
        ("demand_down", poorer, costs),
    )
    return [case(code, place, candidate_pull, site, margin, paid) for code, place, paid in looked]


def case(code: str, market: Market, candidate_pull: Floats, site: int, margin: float, costs: Costs) -> Case:
    """One site alone in one market, at one cost; the arguments as in :func:`cases`."""
    found = outcome(market, candidate_pull, [site])
    captured, net_sales = float(found.captured[0]), found.net
    yearly = costs.yearly
    return Case(code, captured, net_sales, None if yearly is None else net_sales * margin - yearly)


@dataclass(frozen=True)
class Stability:
    """How often each site comes first, and its places, when other customers had happened to buy.

    Parameters
    ----------
    first : (k,)
        Share of the repetitions in which it is the best.
    low, high : (k,)
        Its 5th and 95th place (1 = best).
    repetitions : int
    """

    first: Floats
    low: Floats
    high: Floats
    repetitions: int


def stability(
    market: Market,
    candidate_pull: Floats,
    sites: Sequence[int],
    fixed: npt.ArrayLike,
    margin: float,
    *,
    repetitions: int = 500,
    seed: int = 0,
) -> Stability:
    """Order the sites again with customers drawn anew.

    Every point keeps its place; its customers come as often as Poisson says, and its sales and spending move
    with them. The value of a site opened alone is its margin of net sales less its fixed yearly cost.

    Parameters
    ----------
    market : Market
    candidate_pull : (n, c)
    sites : sequence of int
        At least one.
    fixed : (k,)
        Yearly cost of each.
    margin : float
    repetitions, seed : int

    References
    ----------
    Chamandy and others (2012), Estimating uncertainty for massive data streams, section 3 (Poisson
    bootstrap).
    """
    gain = margin * _by_point(market, candidate_pull[:, list(sites)])
    return redrawn(market.customers, gain, fixed, repetitions=repetitions, seed=seed)


def redrawn(
    customers: npt.ArrayLike, gain: Floats, fixed: npt.ArrayLike, *, repetitions: int = 500, seed: int = 0
) -> Stability:
    """Order sites again with customers drawn anew, from what each site gains at each point.

    Parameters
    ----------
    customers : (n,)
    gain : (n, k)
        What each site gains at each point; it moves with the customers drawn there.
    fixed : (k,)
        Taken off each site's sum.
    repetitions, seed : int
    """
    counts = np.maximum(np.asarray(customers, dtype=float), 1.0)
    drawn = np.random.default_rng(seed).poisson(counts, (repetitions, len(counts))) / counts
    return places(drawn @ gain - np.asarray(fixed, dtype=float))


def without_each_store(
    learnt: Sequence[tuple[Market, Floats]],
    sites: Sequence[int],
    fixed: npt.ArrayLike,
    margin: float,
) -> Stability | None:
    """Order the sites again, each time as learnt without the data of one of the own stores.

    Parameters
    ----------
    learnt : sequence of (Market, candidate_pull)
        The rule as it follows without one store (the store itself still stands), one for each store.
    sites, fixed, margin
        As in :func:`stability`.

    Returns
    -------
    Stability or None
        None where the rule could not be learnt without any of them.
    """
    if not learnt:
        return None
    chosen = list(sites)
    values = np.array([margin * _by_point(m, pull[:, chosen]).sum(axis=0) for m, pull in learnt])
    return places(values - np.asarray(fixed, dtype=float))


def places(values: Floats) -> Stability:
    """Places of sites by value, repetition by repetition.

    Parameters
    ----------
    values : (repetitions, k)
        The first of equals is taken as better.
    """
    order = np.argsort(-values, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(1, values.shape[1] + 1)[None, :], axis=1)
    low, high = np.quantile(place, [0.05, 0.95], axis=0, method="nearest")
    return Stability((place == 1).mean(axis=0), low.astype(float), high.astype(float), len(values))


def _by_point(market: Market, chosen: Floats) -> Floats:
    """Net sales that each site alone takes at each point, (n, k)."""
    sites = range(chosen.shape[1])
    return np.column_stack([market.elsewhere * switched(market, chosen[:, j]) for j in sites])
