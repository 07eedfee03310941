"""One group to look at: a lifecycle group, an RFM group, Gold, a way of buying, or an own segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics import lifecycle, proxies, rfm_grid
from analytics.customers import Selection
from charts.escaping import plain_text
from data.audiences import Audience
from i18n.translator import Translator
from ui import session
from ui.cached import audiences, habits
from ui.cached.habits import Proxy
from ui.cached.people import Wanted
from ui.components import inputs, proxy_thresholds, rfm_scoring, rule_words, windows
from ui.filters import Filters

GOLD: Final = "gold.revenue"
ALL: Final = (
    *(f"lifecycle.{code}" for code in lifecycle.CODES),
    GOLD,
    *(f"rfm_segment.{code}" for code in rfm_grid.SEGMENTS),
    *(f"proxy.{code}" for code in proxies.CODES),
)
"""Kind and code of every group there is without anybody having made one."""

AUDIENCE: Final = "audience."
"""Before the id of a saved audience: an own segment."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A group: its code, its name and rule in the reader's words, and its customers."""

    code: str
    word: str
    rule: str
    wanted: Wanted


def choose(
    f: Filters, t: Translator, key: str, offered: Sequence[str] = ALL, start: str = "", label: str = ""
) -> Pick | None:
    """Draw the choice: the groups offered, then the workspace's own segments.

    Parameters
    ----------
    f : Filters
    t : Translator
    key : str
        Unique on the page; kept while other tabs are open.
    offered : sequence of str
        Codes of ``ALL``.
    start : str
        What is chosen first.
    label : str
        Default: "Group".

    Returns
    -------
    Pick or None
        None where the group has no meaning in these data (ways of buying without customers, an own
        segment that asks about something the data do not hold).
    """
    code = inputs.pick(
        label or t("groups.choose"),
        (*offered, *own()),
        key,
        lambda c: long_word(c, t),
        start=start,
        hidden=False,
        width=420,
    )
    return pick(code, f, t)


def own() -> tuple[str, ...]:
    """The codes of the workspace's own segments: every saved audience."""
    workspace = session.workspace()
    return tuple(f"{AUDIENCE}{each.id}" for each in audiences.saved(workspace)) if workspace else ()


def pick(code: str, f: Filters, t: Translator) -> Pick | None:
    """A group by its code."""
    kind, _, name = code.partition(".")
    if code.startswith(AUDIENCE):
        return _own(name, f, t)
    word = short_word(code, t)
    if kind == "lifecycle":
        rule = f"{word}: {windows.definition(name, f.windows, t)}"
        return Pick(code, word, rule, Wanted(Selection(lifecycles=(name,))))
    if kind == "gold":
        rule = t("segments.pareto.rule", measure=t(f"people.column.{name}"))
        return Pick(code, word, rule, Wanted(history=False, gold=name))
    if kind == "rfm_segment":
        scoring = rfm_scoring.scoring(f)
        rule = f"{word}: {t(f'rfm.{name}.definition')}"
        return Pick(code, word, rule, Wanted(Selection(rfm_segments=(name,)), scoring=scoring))
    usual = habits.usual(*f.key, f.windows)
    at = proxy_thresholds.thresholds(f, usual)
    if at is None:
        return None
    rule = proxy_thresholds.definition(name, at, f, t)
    return Pick(code, word, rule, Wanted(among=Proxy(name, at)))


def _own(audience_id: str, f: Filters, t: Translator) -> Pick | None:
    """A saved audience; None where it is gone, or asks about what these data do not hold."""
    audience = _saved(audience_id)
    if audience is None or audiences.now(f.workspace, f.whole, audience) is None:
        return None
    members = audiences.members_of(audience, audiences.yardstick(f.workspace, f.whole))
    rule = rule_words.of_audience(audience, f, t)
    return Pick(f"{AUDIENCE}{audience_id}", audience.name, rule, Wanted(among=members))


def _saved(audience_id: str) -> Audience | None:
    workspace = session.workspace()
    known = audiences.saved(workspace) if workspace else ()
    return next((each for each in known if each.id == audience_id), None)


def short_word(code: str, t: Translator) -> str:
    """A group's own name; of an own segment as plain text."""
    kind, _, name = code.partition(".")
    if kind == "audience":
        found = _saved(name)
        return plain_text(found.name, 60) if found else t("filters.unknown_place")
    if kind == "gold":
        return t("segments.pareto.gold")
    return t(f"proxies.{name}.name") if kind == "proxy" else t.code(kind, name)


def long_word(code: str, t: Translator) -> str:
    """A group's name with the kind before it, for a list."""
    return f"{t('groups.kind.' + code.partition('.')[0])}: {short_word(code, t)}"
