"""One group to look at: a lifecycle group, an RFM group, Gold, or a way of buying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from analytics import lifecycle, proxies, rfm_grid
from analytics.customers import Selection
from i18n.translator import Translator
from ui.cached import habits
from ui.cached.habits import Proxy
from ui.cached.people import Wanted
from ui.components import proxy_thresholds, rfm_scoring, windows
from ui.filters import Filters

GOLD: Final = "gold.revenue"
ALL: Final = (
    *(f"lifecycle.{code}" for code in lifecycle.CODES),
    GOLD,
    *(f"rfm_segment.{code}" for code in rfm_grid.SEGMENTS),
    *(f"proxy.{code}" for code in proxies.CODES),
)
"""Kind and code of every group that can be chosen."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A group: its code, its name and rule in the reader's words, and its customers."""

    code: str
    word: str
    rule: str
    wanted: Wanted


def choose(f: Filters, t: Translator, key: str, offered: Sequence[str] = ALL, start: str = "") -> Pick | None:
    """Draw the choice.

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

    Returns
    -------
    Pick or None
        None where the group has no meaning in these data (ways of buying without customers).
    """
    kept = f"{key}.kept"
    first = st.session_state.get(kept, start or offered[0])
    if key not in st.session_state:
        st.session_state[key] = first if first in offered else offered[0]
    code = st.selectbox(
        t("groups.choose"), offered, format_func=lambda c: long_word(c, t), key=key, width=420
    )
    st.session_state[kept] = code
    return pick(str(code), f, t)


def pick(code: str, f: Filters, t: Translator) -> Pick | None:
    """A group by its code."""
    kind, _, name = code.partition(".")
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


def short_word(code: str, t: Translator) -> str:
    """A group's own name."""
    kind, _, name = code.partition(".")
    if kind == "gold":
        return t("segments.pareto.gold")
    return t(f"proxies.{name}.name") if kind == "proxy" else t.code(kind, name)


def long_word(code: str, t: Translator) -> str:
    """A group's name with the kind before it, for a list."""
    return f"{t('groups.kind.' + code.partition('.')[0])}: {short_word(code, t)}"
