"""What the tabs of the page Sites share: the plan on disk, the answer, and who may be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from data import site_photos, site_plans
from data.site_plans import Brief, Plan
from geo.candidates import Candidate, renamed
from i18n.translator import Translator
from ui import session
from ui.cached import site_answer, sites
from ui.cached.site_answer import Answer, Key
from ui.cached.site_model import Model
from ui.components import empty
from ui.components.working import working
from ui.filters import Filters


def plan(f: Filters) -> Plan:
    """The brief and the candidates as last left."""
    return site_plans.load(session.opened(f.workspace))


def candidates(f: Filters) -> tuple[Candidate, ...]:
    """The candidates of the plan."""
    return sites.as_candidates(plan(f).candidates)


def keep_candidates(
    f: Filters, made: Sequence[Candidate], renamed_to: Mapping[str, str] | None = None
) -> None:
    """Replace the candidates of the plan; names are made different, the first ``MOST`` stay.

    ``renamed_to``: the name before and now of those that were there; photos go with them.
    """
    kept = renamed(list(made)[: site_plans.MOST])
    site_plans.changed(session.opened(f.workspace), candidates=tuple(asdict(each) for each in kept))
    site_photos.follow(session.opened(f.workspace), renamed_to or {}, [each.name for each in kept])


def add_candidates(f: Filters, made: Sequence[Candidate]) -> int:
    """Add candidates that do not stand on the same spot already; how many were added."""
    held = list(candidates(f))
    spots = {(each.lat, each.lon) for each in held if each.placed}
    fresh = [each for each in made if not each.placed or (each.lat, each.lon) not in spots]
    fresh = fresh[: max(site_plans.MOST - len(held), 0)]
    keep_candidates(f, [*held, *fresh])
    return len(fresh)


def keep_brief(f: Filters, **values: Any) -> None:
    """Change fields of the brief.

    Raises
    ------
    BadScenario : a value makes no sense.
    """
    here = session.opened(f.workspace)
    site_plans.changed(here, brief=replace(site_plans.load(here).brief, **values))


def model(f: Filters, brief: Brief) -> Model | None:
    """The market and how well it forecasts."""
    return sites.model(*f.key, f.windows, brief.own_share)


def key(f: Filters) -> Key:
    """What an answer depends on."""
    made = plan(f)
    candidates_ = sites.as_candidates(made.candidates)
    return (*f.key, f.windows, made.brief, candidates_, sites.basis(f.workspace))


def answer(f: Filters, t: Translator) -> Answer | None:
    """The answer; computed now, with a bar and a button to stop, where it was not before.

    Draws what is missing, and gives None, where there is nothing to choose from.
    """
    asked = key(f)
    if not asked[5]:
        empty.state(
            t("sites.none.title"),
            would_show=t("sites.none.would"),
            missing=t("sites.none.missing"),
            key="none",
        )
        return None
    known = site_answer.found(asked)
    if known is not None:
        return known
    try:
        with working(t("sites.step.market"), "sites", t, after=0.0) as tell:

            def told(step: str, share: float) -> None:
                tell(share, t(f"sites.step.{step}"))

            made = site_answer.compute(asked, told)
    except ValueError:
        st.info(t("sites.no_weight"))
        return None
    if made is None:
        empty.state(
            t("sites.out.title"), would_show=t("sites.none.would"), missing=t("sites.out.missing"), key="out"
        )
    return made
