"""What a decision looks like when it is frozen: codes and numbers, no words, nothing that can move later."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from charts.amounts import whole_money
from data import site_photos
from data.site_plans import Brief
from data.site_scenarios import Assumption, Scenario
from geo.site_answer import SiteResult
from i18n.numbers import absent
from i18n.translator import Translator
from ui import session
from ui.cached import site_answer, store_list
from ui.cached.site_answer import Answer, Key
from ui.cached.site_model import Model
from ui.components import market_data
from ui.components.sites_words import source
from ui.filters import Filters

ASSUMED = (
    "own_share",
    "margin",
    "alpha",
    "beta",
    "rivals",
    "surface",
    "radius_km",
    "hurdle_months",
    "set_up",
    "fixed",
)


def frozen(
    name: str,
    owner: str,
    dissent: str,
    owners: dict[str, tuple[str, str]],
    key: Key,
    made: Model,
    f: Filters,
    t: Translator,
) -> Scenario:
    """The answer of a brief as a scenario.

    Parameters
    ----------
    owners : mapping of assumption to (owner, date as written)
    """
    found = site_answer.found(key)
    if found is None:
        raise ValueError("frozen() needs an answer that was computed; open the tab of the answer first.")
    brief = key[4]
    return Scenario(
        key="",
        name=name,
        saved_on=date.today(),
        snapshot=f.whole,
        data_to=f.as_of,
        currency=f.currency,
        owner=owner,
        dissent=dissent,
        inputs=asdict(brief) | {"objective": found.ask.objective},
        results=_results(found, made, key, f),
        assumptions=tuple(
            Assumption(code, value, *owners.get(code, ("", "")))
            for code, value in assumed(brief, found, made, f, t)
        ),
    )


def assumed(brief: Brief, found: Answer, made: Model, f: Filters, t: Translator) -> list[tuple[str, str]]:
    """Every assumption and how much, as written today."""
    words = {
        "own_share": t.percent(made.own_share),
        "margin": t.percent(found.ask.margin, 0),
        "alpha": t.number(made.surface.fit.alpha, 2),
        "beta": t.number(made.surface.fit.beta, 2),
        "rivals": market_data.short(made.surface.fit, not made.known.rivals.empty, t),
        "surface": source(made, t),
        "radius_km": t("sites.km", km=t.number(brief.radius_km, 1)),
        "hurdle_months": t("sites.months", n=t.number(brief.hurdle_months)),
        "set_up": "–" if brief.set_up is None else whole_money(brief.set_up, f.currency, t),
        "fixed": "–" if brief.fixed is None else whole_money(brief.fixed, f.currency, t),
    }
    if made.first:  # sites were put in order by what is spent around them: no rule was assumed
        words |= dict.fromkeys(("own_share", "alpha", "beta", "rivals"), "")
    return [(code, words[code]) for code in ASSUMED if words[code]]


def _results(found: Answer, made: Model, key: Key, f: Filters) -> dict[str, Any]:
    error, solved = made.error, found.solved
    stores = [
        {
            "name": row["name"],
            "lat": row["lat"],
            "lon": row["lon"],
            "own": row["owner"] != "competitor",
        }
        for row in store_list.rows(f.workspace, f.snapshot)
        if not absent(row["lat"]) and not absent(row["lon"])
    ]
    return {
        "objective": solved.objective,
        "bound": solved.bound,
        "gap": solved.gap,
        "proved": solved.proved,
        "with_rent": solved.with_rent,
        "median_error": None if error is None else error.median_error,
        "spread": None if error is None else error.spread,
        "tested": 0 if error is None else error.stores,
        "word": "few" if error is None else error.word,
        "surface": made.known.source,
        "way": made.way,
        "alpha": made.surface.fit.alpha,
        "beta": made.surface.fit.beta,
        "stores": stores,
        "sites": [_site(result, place, found, made, key, f) for place, result in enumerate(found.results)],
    }


def _site(result: SiteResult, place: int, found: Answer, made: Model, key: Key, f: Filters) -> dict[str, Any]:
    row = found.kept.iloc[result.site]
    low, middle, high = result.sales or (None, None, None)
    net_low, net, net_high = result.net or (None, None, None)
    known = result.economics
    told = result.sales is not None
    losses = sorted(zip(made.own["name"], result.losses, strict=True), key=lambda pair: -pair[1])
    cases = found.cases[place]
    in_net = all(case.net is not None for case in cases)
    alike = site_answer.alike(key, result.site)
    photo = site_photos.kept(session.opened(f.workspace), str(row["name"]))
    return {
        "photo": "" if photo is None else site_photos.small(photo),
        "name": str(row["name"]),
        "lat": float(row["lat"]),
        "lon": float(row["lon"]),
        **{name: None if absent(row[name]) else float(row[name]) for name in ("rent", "size_m2", "set_up")},
        "index": result.index,
        "p10": low,
        "p50": middle,
        "p90": high,
        "lost": float(result.losses.sum()) if told else None,
        "net_low": net_low,
        "net": net,
        "net_high": net_high,
        "payback_months": known.payback_months if known else None,
        "highest_rent": known.highest_rent if known else None,
        "reason": known.reason if known else "ranking",
        "losses": [{"name": str(n), "loss": float(v)} for n, v in losses[:6] if told and v >= 1],
        "alike": [
            {"name": str(n), "sales": float(v)} for n, v in zip(alike["name"], alike["sales"], strict=True)
        ],
        "cases": [
            {"code": case.code, "value": case.net if in_net else case.net_sales} for case in cases if told
        ],
        "cases_net": in_net,
    }
