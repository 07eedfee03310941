"""What closing or moving an own store does, once for a workspace, snapshot, scope and brief."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from analytics.lifecycle import Windows
from analytics.scope import Scope
from data.site_plans import Brief
from geo import closing, sensitivity
from geo.closing import Closing, Moving
from ui.cached import site_answer, sites
from ui.cached.site_answer import Key
from ui.cached.site_model import Basis


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
    rests: Basis,
    store: int,
    leaving: float | None,
) -> Closed | None:
    """What closing an own store loses of what it really sells; the range from the share of a lone store.

    ``rests`` is ``sites.basis``: the answer is another one when the ways or the inhabitants are.
    """
    made = sites.model(workspace, snapshot, scope, windows, brief.own_share)
    if made is None:
        return None
    here = made.observed
    if leaving is not None:
        spread = [min(leaving * part, 1.0) for part in sensitivity.SHARE_RANGE]
        return Closed(*(closing.close(here, store, share) for share in (leaving, *spread)))
    others = [
        closing.close(replace(here, outside=made.under(each).outside), store)
        for _, each in site_answer.other_shares(made)
    ]
    return Closed(closing.close(here, store), others[1], others[0])


def moved(key: Key, store: int, site: int) -> Moving | None:
    """An own store moves to a candidate that stays."""
    answer = site_answer.found(key)
    made = sites.model(*key[:4], key[4].own_share)
    if answer is None or made is None:
        return None
    return closing.move(made.observed, store, made.pulls(answer.kept), site)
