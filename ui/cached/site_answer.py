"""The answer to a brief, computed once for a workspace, snapshot, scope, brief and candidates."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.site_plans import Brief
from geo import comparable, sensitivity, site_answer, site_compare
from geo.candidates import Candidate
from geo.captured import Floats, alone
from geo.gravity_surface import Surface, with_share
from geo.market import nearest_km
from geo.sensitivity import Case, Stability
from geo.site_answer import Ask, RawCheck, SiteResult, Solved
from geo.site_compare import Compared
from geo.site_economics import Costs
from ui import session
from ui.cached import demand as weighted
from ui.cached import sites, store_list
from ui.cached.gravity_market import year_of
from ui.cached.once import known, once
from ui.cached.site_model import LEVEL, Basis, Model
from ui.cached.site_raw import parts

RANKED: Final = 12
"""Candidates that are put in order one by one, the best first."""

CURVE: Final = 5
"""The answer is shown for so many stores at least."""

SECONDS: Final = 4.0
Told = Callable[[str, float], None]
Key = tuple[str, str, Scope, Windows, Brief, tuple[Candidate, ...], Basis]


@dataclass(frozen=True)
class Answer:
    """What the page shows for a brief.

    ``kept`` are the candidates of the longlist that stay, in whose order ``solved.sites`` count; ``curve``
    holds the answer for 1, 2, ... new stores; ``ranked`` are positions of the best candidates alone with
    ``ranking`` (``captured``, ``net_sales``, ``value``; where no store sells only ``value``: the share of
    demand that is newly within the radius); ``cases`` the what-ifs of the chosen sites.
    """

    kept: pd.DataFrame
    ask: Ask
    costs: tuple[Costs, ...]
    solved: Solved
    curve: tuple[Solved, ...]
    results: tuple[SiteResult, ...]
    ranked: tuple[int, ...]
    ranking: pd.DataFrame
    cases: tuple[tuple[Case, ...], ...]
    bootstrap: Stability
    without: Stability | None
    raw: RawCheck


def found(key: Key) -> Answer | None:
    """The answer, if it was computed."""
    return known(("sites", *key))


def compute(key: Key, told: Told) -> Answer | None:
    """The answer, computed at the first asking.

    Parameters
    ----------
    key : workspace, snapshot, scope, windows, brief, candidates, what the market rests on
    told : callable
        Told what is being done (a code) and the share of the work.

    Returns
    -------
    Answer or None
        None where no candidate stays on the longlist.
    """
    return once(("sites", *key), lambda: _computed(key, told))


def _computed(key: Key, told: Told) -> Answer | None:
    workspace, brief = key[0], key[4]
    told("market", 0.02)
    made = _model(key)
    if made is None:
        return None
    longlist = sites.judged(*key)
    kept = longlist[longlist["reason"] == ""].reset_index(drop=True)
    if kept.empty:
        return None
    pull = made.pulls(kept)
    costs = costs_of(kept, brief)
    ask = asked(workspace, brief, made)
    if made.error is None:  # sales that are not forecast cannot be weighed against rent
        costs = tuple(replace(cost, rent=None, fixed=None) for cost in costs)
        ask = replace(ask, hurdle_months=math.inf)
    points = demand_of(made, key) if ask.objective != "captured" else made.demand
    counts = range(1, min(max(CURVE, brief.count), len(kept)) + 1)
    curve = []
    for k in counts:
        told("solving", 0.1 + 0.6 * (k - 1) / len(counts))
        curve.append(
            site_answer.choose(
                made.market,
                kept,
                pull,
                made.placed,
                points,
                costs,
                Ask(k, ask.objective, ask.radius_km, ask.margin, ask.hurdle_months, ask.budget),
                time_limit=SECONDS,
                progress=_Step(told, k, len(counts)),
            )
        )
    told("checking", 0.75)
    solved = curve[min(brief.count, len(curve)) - 1]
    if made.first:
        return _put_in_order(key, made, kept, pull, costs, ask, solved, tuple(curve), told)
    return _described(key, made, kept, pull, costs, ask, solved, tuple(curve), told)


@dataclass(frozen=True)
class _Step:
    """Tells how far one of several solver runs is; a person who stops ends the run itself."""

    told: Told
    k: int
    counts: int

    def __call__(self, share: float) -> bool:
        self.told("solving", 0.1 + 0.6 * (self.k - 1 + min(max(share, 0.0), 1.0)) / self.counts)
        return True


def _described(
    key: Key,
    made: Model,
    kept: pd.DataFrame,
    pull: Floats,
    costs: tuple[Costs, ...],
    ask: Ask,
    solved: Solved,
    curve: tuple[Solved, ...],
    told: Told,
) -> Answer:
    results = site_answer.results(made.market, pull, solved.sites, costs, ask, made.error)
    captured, net = alone(made.market, pull)
    yearly, _ = site_answer.yearly_costs(costs, ask.hurdle_months)
    value = ask.margin * net - yearly
    ranking = pd.DataFrame({"captured": captured, "net_sales": net, "value": value})
    ranked = tuple(int(j) for j in np.argsort(-value, kind="stable")[:RANKED])
    others = [(code, made.under(each), made.pulls(kept, each)) for code, each in other_shares(made)]
    cases = tuple(
        (
            *sensitivity.cases(made.market, pull, site, ask.margin, costs[site], made.rival_pull),
            *(
                sensitivity.case(code, market, theirs, site, ask.margin, costs[site])
                for code, market, theirs in others
            ),
        )
        for site in solved.sites
    )
    told("stability", 0.85)
    fixed = yearly[list(ranked)]
    bootstrap = sensitivity.stability(made.market, pull, ranked, fixed, ask.margin)
    rules = sites.learnt_without(*key[:4], key[6])
    learnt = [(made.under(each), made.pulls(kept, each)) for each in rules]
    without = sensitivity.without_each_store(learnt, ranked, fixed, ask.margin)
    told("raw", 0.92)
    raw = _checked(key, made, kept, pull, solved)
    return Answer(
        kept, ask, costs, solved, curve, tuple(results), ranked, ranking, cases, bootstrap, without, raw
    )


def _put_in_order(
    key: Key,
    made: Model,
    kept: pd.DataFrame,
    pull: Floats,
    costs: tuple[Costs, ...],
    ask: Ask,
    solved: Solved,
    curve: tuple[Solved, ...],
    told: Told,
) -> Answer:
    """The answer where no store sells: candidates by the demand that they alone bring within the radius."""
    near = site_answer.newly_near(demand_of(made, key), kept, made.placed, ask.radius_km)
    value = near.sum(axis=0)
    ranked = tuple(int(j) for j in np.argsort(-value, kind="stable")[:RANKED])
    told("stability", 0.85)
    bootstrap = sensitivity.redrawn(made.demand["customers"], near[:, list(ranked)], np.zeros(len(ranked)))
    told("raw", 0.92)
    raw = _checked(key, made, kept, pull, solved)
    results = tuple(site_answer.in_order(solved.sites, value))
    ranking, cases = pd.DataFrame({"value": value}), tuple(() for _ in solved.sites)
    return Answer(kept, ask, costs, solved, curve, results, ranked, ranking, cases, bootstrap, None, raw)


def _checked(key: Key, made: Model, kept: pd.DataFrame, pull: Floats, solved: Solved) -> RawCheck:
    return site_answer.raw_check(
        made.demand,
        made.observed,
        pull,
        lambda: parts(*key[:4], made, kept),
        solved.sites,
        made.placed,
        kept,
    )


def _model(key: Key) -> Model | None:
    return sites.model(*key[:4], key[4].own_share)


def other_shares(made: Model) -> list[tuple[str, Surface]]:
    """The rule if a lone store had half, or one and a half times, its share of the spending near it."""
    found = []
    for code, part in zip(("share_low", "share_high"), sensitivity.SHARE_RANGE, strict=True):
        share = min(made.own_share * part, 1.0)
        found.append((code, with_share(made.known.market, made.surface, share)))
    return found


def margin_of(workspace: str) -> float:
    """The workspace's margin, a share of sales."""
    return session.opened(workspace).config.margin


def asked(workspace: str, brief: Brief, made: Model) -> Ask:
    """The brief as the solvers take it, with the workspace's margin and an objective that is offered."""
    objective = brief.objective if brief.objective in made.objectives else made.objectives[0]
    return Ask(
        brief.count,
        objective,  # type: ignore[arg-type]
        brief.radius_km,
        margin_of(workspace),
        brief.hurdle_months,
        brief.budget,
    )


def costs_of(kept: pd.DataFrame, brief: Brief) -> tuple[Costs, ...]:
    """What each candidate costs: its own rent and set-up, else the brief's set-up."""
    rents, set_ups = kept["rent"].to_numpy(float), kept["set_up"].to_numpy(float)
    return tuple(
        Costs(
            rent=float(rent) if np.isfinite(rent) else None,
            set_up=float(set_up) if np.isfinite(set_up) else brief.set_up,
            fixed=brief.fixed,
        )
        for rent, set_up in zip(rents, set_ups, strict=True)
    )


def demand_of(made: Model, key: Key) -> pd.DataFrame:
    """Points with a weight: customers, sales, forecast value, or spending far from every own store.

    Returns
    -------
    DataFrame
        ``lat``, ``lon``, ``weight``; of homes in cells, for spending of the market's origins.
    """
    workspace, snapshot, scope, windows, brief = key[:5]
    place, homes = made.market, made.demand
    if brief.weight in ("customers", "revenue"):
        return homes.assign(weight=homes[brief.weight])[["lat", "lon", "weight"]]
    if brief.weight == "unserved":
        far = nearest_km(place.lat, place.lon, made.placed) > brief.radius_km
        return pd.DataFrame({"lat": place.lat, "lon": place.lon, "weight": place.spending * far})
    year, _ = year_of(workspace, snapshot, scope)
    found = weighted.demand(workspace, snapshot, year, windows, "value", LEVEL)
    value = pd.DataFrame({"x": found.x, "y": found.y, "weight": np.maximum(found.weight, 0.0)})
    joined = homes.merge(value, on=["x", "y"], how="left")
    return joined.assign(weight=joined["weight"].fillna(0.0))[["lat", "lon", "weight"]]


@st.cache_data(max_entries=64, show_spinner=False)
def compared(
    key: Key, chosen: tuple[int, ...], refurbish: tuple[int, float, float] | None
) -> Compared | None:
    """Candidates alone, a refurbishment and nothing against each other; None where no sales are forecast."""
    answer = found(key)
    made = _model(key)
    if answer is None or made is None or made.error is None:
        return None
    return site_compare.compare(
        made.market,
        made.pulls(answer.kept),
        chosen,
        answer.costs,
        answer.ask,
        made.error,
        refurbish=refurbish,
    )


def alike(key: Key, site: int) -> pd.DataFrame:
    """The own stores most like a candidate that stays: ``geo.comparable.most_alike``."""
    answer = found(key)
    made = _model(key)
    if answer is None or made is None or made.first:
        return pd.DataFrame(columns=["name", "sales"])
    here = answer.kept.iloc[[site]]
    every = store_list.every(key[0], key[1])
    return comparable.most_alike(here, made.own, every, made.observed, key[4].radius_km)
