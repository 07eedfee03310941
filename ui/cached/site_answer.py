"""The answer to a brief, computed once for a workspace, snapshot, scope, brief and candidates."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data import workspaces
from data.site_plans import Brief
from geo import closing, comparable, sensitivity, site_answer
from geo.candidates import Candidate
from geo.captured import Floats, Market, Rules, alone
from geo.cells import FINEST_ZOOM, to_x20, to_y20
from geo.closing import Closing, Moving
from geo.market import candidate_pulls, distances, market
from geo.sensitivity import Case, Stability
from geo.site_answer import Ask, Compared, RawCheck, SiteResult, Solved
from geo.site_economics import Costs
from ui import session
from ui.cached import demand as weighted
from ui.cached import sites
from ui.cached import visits as who
from ui.cached.sites import LEVEL, YEAR, Model

KEPT: Final = 24
RANKED: Final = 12
"""Candidates that are put in order one by one, the best first."""

CURVE: Final = 5
"""The answer is shown for so many stores at least."""

SECONDS: Final = 4.0
CHUNK: Final = 100_000
Told = Callable[[str, float], None]
Key = tuple[str, str, Scope, Windows, Brief, tuple[Candidate, ...]]


@dataclass(frozen=True)
class Answer:
    """What the page shows for a brief.

    ``kept`` are the candidates of the longlist that stay, in whose order ``solved.sites`` count; ``curve``
    holds the answer for 1, 2, ... new stores; ``ranked`` are positions of the best candidates alone with
    ``ranking`` (``captured``, ``net_sales``, ``value``); ``cases`` the what-ifs of the chosen sites.
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
    without: Stability
    raw: RawCheck


@st.cache_resource(show_spinner=False)
def _kept() -> OrderedDict[Key, Answer]:
    """Answers of all sessions, the ``KEPT`` last used; they are never changed."""
    return OrderedDict()


def found(key: Key) -> Answer | None:
    """The answer, if it was computed."""
    held = _kept()
    answer = held.get(key)
    if answer is not None:
        held.move_to_end(key)
    return answer


def compute(key: Key, told: Told) -> Answer | None:
    """Compute the answer and keep it.

    Parameters
    ----------
    key : workspace, snapshot, scope, windows, brief, candidates
    told : callable
        Told what is being done (a code) and the share of the work.

    Returns
    -------
    Answer or None
        None where no candidate stays on the longlist.
    """
    workspace, snapshot, scope, windows, brief, candidates = key
    told("market", 0.02)
    made = sites.model(workspace, snapshot, scope, windows, brief.own_share, brief.surface)
    if made is None:
        return None
    longlist = sites.judged(workspace, snapshot, scope, windows, brief, candidates)
    kept = longlist[longlist["reason"] == ""].reset_index(drop=True)
    if kept.empty:
        return None
    pull = made.pulls(kept)
    costs = costs_of(kept, brief)
    ask = asked(workspace, brief)
    weights = demand_of(made, key) if brief.objective != "captured" else made.market.total
    counts = range(1, min(max(CURVE, brief.count), len(kept)) + 1)
    curve = []
    for k in counts:
        told("solving", 0.1 + 0.6 * (k - 1) / len(counts))
        curve.append(
            site_answer.choose(
                made.market,
                kept,
                pull,
                made.own,
                weights,
                costs,
                Ask(k, ask.objective, ask.radius_km, ask.margin, ask.hurdle_months, ask.budget),
                factor=made.factor,
                time_limit=SECONDS,
                progress=_Step(told, k, len(counts)),
            )
        )
    told("checking", 0.75)
    solved = curve[min(brief.count, len(curve)) - 1]
    answer = _described(key, made, kept, pull, costs, ask, solved, tuple(curve), told)
    held = _kept()
    held[key] = answer
    while len(held) > KEPT:
        held.popitem(last=False)
    return answer


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
    captured, net = (values * made.factor for values in alone(made.market, pull))
    yearly, _ = site_answer.yearly_costs(costs, ask.hurdle_months)
    value = ask.margin * net - yearly
    ranking = pd.DataFrame({"captured": captured, "net_sales": net, "value": value})
    ranked = tuple(int(j) for j in np.argsort(-value, kind="stable")[:RANKED])
    others = _other_shares(key, made)
    cases = tuple(
        (
            *sensitivity.cases(made.market, pull, site, ask.margin, costs[site], made.factor),
            *(
                sensitivity.case(code, o.market, o.pulls(kept), site, ask.margin, costs[site], o.factor)
                for code, o in others
            ),
        )
        for site in solved.sites
    )
    told("stability", 0.85)
    fixed = yearly[list(ranked)]
    margin = ask.margin * made.factor
    bootstrap = sensitivity.stability(made.market, pull, ranked, fixed, margin)
    learnt = sensitivity.learnt_without(made.market)
    without = sensitivity.without_each_store(learnt, pull, ranked, fixed, margin)
    told("raw", 0.92)
    raw = site_answer.raw_check(
        made.market, pull, lambda: raw_parts(key, made, kept), solved.sites, made.own, kept
    )
    return Answer(
        kept, ask, costs, solved, curve, tuple(results), ranked, ranking, cases, bootstrap, without, raw
    )


def _other_shares(key: Key, made: Model) -> list[tuple[str, Model]]:
    """The market as it would be learnt with half and one and a half times the assumed own share."""
    workspace, snapshot, scope, windows, brief, _ = key
    found = []
    for code, part in zip(("share_low", "share_high"), sensitivity.SHARE_RANGE, strict=True):
        share = min(brief.own_share * part, 1.0)
        other = sites.model(workspace, snapshot, scope, windows, share, made.surface)
        if other is not None:
            found.append((code, other))
    return found


def asked(workspace: str, brief: Brief) -> Ask:
    """The brief as the solvers take it, with the workspace's margin."""
    margin = workspaces.open_workspace(session.home(), workspace).config.margin
    return Ask(
        brief.count,
        brief.objective,  # type: ignore[arg-type]
        brief.radius_km,
        margin,
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


def demand_of(made: Model, key: Key) -> Floats:
    """Weight of each point: customers, sales, forecast value, or spending far from every own store."""
    workspace, snapshot, scope, windows, brief, _ = key
    place = made.market
    if brief.weight == "customers":
        return place.customers
    if brief.weight == "revenue":
        return place.total
    if brief.weight == "unserved":
        far = distances(place.lat, place.lon, made.own).min(axis=1) > brief.radius_km
        return np.asarray(place.spending * far)
    year, _ = sites.year_of(workspace, snapshot, scope)
    found = weighted.demand(workspace, snapshot, year, windows, "value", LEVEL)
    return on_points(place, found.x, found.y, found.weight)


def on_points(place: Market, x: Any, y: Any, weight: Any) -> Floats:
    """Weights of cells on the points of a market; a cell without a point is left out."""
    shift = FINEST_ZOOM - LEVEL
    by_cell = {(int(a), int(b)): float(w) for a, b, w in zip(x, y, weight, strict=True)}
    columns, rows = to_x20(place.lon) >> shift, to_y20(place.lat) >> shift
    return np.array(
        [max(by_cell.get((int(a), int(b)), 0.0), 0.0) for a, b in zip(columns, rows, strict=True)]
    )


def raw_parts(key: Key, made: Model, kept: pd.DataFrame) -> Sequence[tuple[Market, Floats]]:
    """The market of single customers, in parts, with the candidates' pull on each."""
    workspace, snapshot, scope, windows = key[:4]
    year, days = sites.year_of(workspace, snapshot, scope)
    table = who.placed(workspace, snapshot, year, windows)
    parts = []
    for start in range(0, table.num_rows, CHUNK):
        part = table.slice(start, CHUNK).to_pandas()
        people = part.rename(columns={"customer_key": "x"}).assign(y=0, customers=1)
        raw = market(
            people, sites.stores(workspace, snapshot), made.rules, yearly=YEAR / days, scale=made.scale
        )
        once = np.minimum(raw.customers, 1.0)  # a customer of two stores is one
        pull = candidate_pulls(raw, kept, made.usual_m2, made.rules)
        parts.append((replace(raw, customers=once), pull))
    return parts


@st.cache_data(max_entries=64, show_spinner=False)
def compared(
    key: Key, chosen: tuple[int, ...], refurbish: tuple[int, float, float] | None
) -> Compared | None:
    """Candidates alone, a refurbishment and nothing against each other; None where no sales are forecast."""
    answer = found(key)
    made = sites.model(*key[:4], key[4].own_share, key[4].surface)
    if answer is None or made is None or made.error is None:
        return None
    return site_answer.compare(
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
    made = sites.model(*key[:4], key[4].own_share, key[4].surface)
    if answer is None or made is None:
        return pd.DataFrame()
    here = answer.kept.iloc[[site]]
    return comparable.most_alike(here, sites.stores(key[0], key[1]), made.market, key[4].radius_km)


@dataclass(frozen=True)
class Closed:
    """A store closed under the stated share, and under half and one and a half times of it."""

    middle: Closing
    low: Closing
    high: Closing


@st.cache_data(max_entries=64, show_spinner=False)
def closed(
    workspace: str,
    snapshot: str,
    scope: Scope,
    windows: Windows,
    brief: Brief,
    store: int,
    leaving: float | None,
) -> Closed | None:
    """What closing an own store loses; the range from the assumption's."""
    made = sites.model(workspace, snapshot, scope, windows, brief.own_share, brief.surface)
    if made is None:
        return None
    here = made.market
    if leaving is not None:
        spread = [min(leaving * part, 1.0) for part in sensitivity.SHARE_RANGE]
        return Closed(*(closing.close(here, store, share) for share in (leaving, *spread)))
    others = []
    for part in sensitivity.SHARE_RANGE:
        rules = Rules(min(brief.own_share * part, 1.0), made.rules.alpha, made.rules.beta)
        moved = replace(here, outside=np.maximum(here.outside - made.rules.outside + rules.outside, 0.0))
        others.append(closing.close(moved, store))
    return Closed(closing.close(here, store), others[1], others[0])


def moved(key: Key, store: int, site: int) -> Moving | None:
    """An own store moves to a candidate that stays."""
    answer = found(key)
    made = sites.model(*key[:4], key[4].own_share, key[4].surface)
    if answer is None or made is None:
        return None
    return closing.move(made.market, store, made.pulls(answer.kept), site)
