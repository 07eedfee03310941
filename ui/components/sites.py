"""The page Sites: what must be there, one sentence on how far forecasts can be trusted, and the tabs."""

from __future__ import annotations

from i18n.translator import Translator
from ui import text
from ui.cached import gravity
from ui.cached import travel as ways
from ui.cached.site_model import Model
from ui.components import (
    empty,
    sites_answer,
    sites_brief,
    sites_closing,
    sites_compare,
    sites_longlist,
    sites_scenarios,
    tabs,
)
from ui.components import sites_state as state
from ui.components.working import working
from ui.filters import Filters


def model(f: Filters) -> Model | None:
    """The market of the scope; None where nobody with a place bought anything."""
    t, version = text.translator(), ways.current(f.workspace).version
    with working(t("catchments.check.working"), "sites-check", t) as progress:
        gravity.validated(*f.key, f.windows, version, f.country, progress=progress)
    return state.model(f, state.plan(f).brief)


def sentence(made: Model | None, t: Translator) -> str:
    """How well existing stores are forecast."""
    if made is None:
        return ""
    if made.error is None:
        if made.reason == "few":
            return t.plural("sites.sentence.few", len(made.own))
        return t(f"sites.sentence.{made.reason}")
    return t(
        "sites.sentence.tested",
        n=t.number(made.error.stores),
        error=t.percent(made.error.median_error, 0),
        word=t(f"sites.word.{made.error.word}"),
    )


def draw(f: Filters, t: Translator, made: Model | None) -> None:
    """Draw the tabs, or what is missing."""
    if made is None:
        empty.missing_table(
            t("sites.empty.title"),
            would_show=t("sites.empty.would"),
            missing=t("sites.empty.missing"),
            key="sites",
        )
        return
    drawn = {
        "brief": lambda: sites_brief.brief(f, t, made),
        "longlist": lambda: sites_longlist.longlist(f, t),
        "answer": lambda: sites_answer.answer(f, t, made),
        "compare": lambda: sites_compare.compare(f, t, made),
        "closing": lambda: sites_closing.closing(f, t, made),
        "scenarios": lambda: sites_scenarios.scenarios(f, t, made),
    }
    if made.first:  # no sale to lose by closing a store, none to forecast for comparing
        drawn = {name: draw for name, draw in drawn.items() if name not in ("compare", "closing")}
    tabs.draw("sites", drawn, t)
