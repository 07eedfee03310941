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

_WRITTEN: Final = "setia.address"


def incoming() -> dict[str, str] | None:
    """The parameters of an address this session did not write itself, else None.

    The menu opens pages without parameters; that keeps the filters, so an empty address is no
    news either.
    """
    found = {name: st.query_params[name][:LONGEST] for name in st.query_params if name in OURS}
    return found if found and found != st.session_state.get(_WRITTEN) else None


def write(parameters: Mapping[str, str]) -> None:
    """Make the address say what the session shows; parameters of others are left alone."""
    wanted = dict(parameters)
    st.session_state[_WRITTEN] = wanted
    found = {name: st.query_params[name] for name in st.query_params}
    others = {name: value for name, value in found.items() if name not in OURS}
    if found != {**others, **wanted}:
        st.query_params.from_dict({**others, **wanted})


def written() -> dict[str, str]:
    """The parameters as they stand in the address now."""
    return dict(st.session_state.get(_WRITTEN, {}))


def share_link() -> str:
    """The full address of this page with its filters."""
    base = (st.context.url or "").partition("?")[0]
    return f"{base}?{urlencode(written())}"
