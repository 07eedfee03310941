"""The address of a page: language, workspace and filters, so that a link opens what was seen.

The session's state is the truth; the address follows it. It leads only where it comes from outside:
on the first run, from a link, or by the browser's back button.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from ui.choice import PARAMETERS

LANGUAGE: Final = "lang"
WORKSPACE: Final = "ws"
OURS: Final = frozenset({LANGUAGE, WORKSPACE, "d", "vs", "cur", "w", *PARAMETERS.values()})
LONGEST: Final = 8_000
REMEMBERED: Final = 20

_WRITTEN: Final = "setia.address"


def incoming(now: Mapping[str, str]) -> dict[str, str] | None:
    """The parameters of an address that leads: one this session did not write itself, else None.

    The menu opens pages without parameters; that keeps the filters, so an empty address is no
    news either. Just after a choice the browser still sends the address before the last one: an
    address of this session's own leads only when nothing else has changed, by the back button.

    Parameters
    ----------
    now : mapping
        What the session says, as parameters, before the address is looked at.
    """
    found = {name: st.query_params[name][:LONGEST] for name in st.query_params if name in OURS}
    if not found or found == written():
        return None
    return None if found in _earlier() and dict(now) != written() else found


def write(parameters: Mapping[str, str]) -> None:
    """Make the address say what the session shows; parameters of others are left alone."""
    wanted = dict(parameters)
    earlier = [each for each in _earlier() if each != wanted]
    st.session_state[_WRITTEN] = (*earlier[-REMEMBERED:], wanted)
    found = {name: st.query_params[name] for name in st.query_params}
    others = {name: value for name, value in found.items() if name not in OURS}
    if found != {**others, **wanted}:
        st.query_params.from_dict({**others, **wanted})


def written() -> dict[str, str]:
    """The parameters as this session wrote them last."""
    return dict(_earlier()[-1]) if _earlier() else {}


def share_link() -> str:
    """The full address of this page with its filters."""
    base = (st.context.url or "").partition("?")[0]
    return f"{base}?{urlencode(written())}"


def _earlier() -> tuple[dict[str, str], ...]:
    """The addresses this session wrote, the last one last."""
    found: tuple[dict[str, str], ...] = st.session_state.get(_WRITTEN, ())
    return found
