"""Options against each other: new sites, a refurbishment, and doing nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo import site_forecast
from geo.captured import Floats, Market, refurbished, switched
from geo.site_answer import Ask, yearly_costs
from geo.site_economics import MONTHS, Costs
from geo.validation import ForecastError


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
        kept.append(market.elsewhere * share)
        yearly.append(paid[site])
    codes = [("site", int(site)) for site in sites]
    if refurbish is not None:
        store, times, once = refurbish
        share = switched(market, market.pull[:, store] * (times - 1.0))
        by_point.append(market.spending * share)
        kept.append(market.elsewhere * share)
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
