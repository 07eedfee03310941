"""The filters of this session as one frozen value, for every page.

A page reads :func:`current` and nothing else. The bar itself is drawn by ``ui/filter_bar.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import streamlit as st

from analytics.lifecycle import Windows
from analytics.periods import Comparison
from analytics.scope import Scope
from data.workspaces import Workspace
from i18n.numbers import Language
from ui import address, choice, session, text
from ui.cached import audiences, windows
from ui.cached.options import Options, has_orders, options
from ui.choice import Choice

USUAL_CURRENCY: Final = "MYR"
CHOICE: Final = "setia.choice"
_CURRENT: Final = "setia.filters"
_OWNER: Final = "setia.choice.workspace"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page is asked for.

    Parameters
    ----------
    workspace, snapshot : str
        With ``scope`` the key of every cached question. Under an audience filter ``snapshot`` names
        the snapshot as seen through it (``session.narrowed``).
    lang : {"en", "ms", "id"}
    scope : Scope
        Days and filters. ``scope.currency`` is set only where the data hold several currencies.
    comparison : Scope or None
        The same filters over the days to compare with; None where no delta may be shown.
    compared : Comparison or None
        The days that were meant and why they cannot be used; None when none were asked for.
    windows : Windows
        How the lifecycle is told.
    currency : str
        Of every amount on the page.
    first_day, as_of : date
        The span of the data; ``as_of`` is "today".
    country : str
    """

    workspace: str
    snapshot: str
    lang: Language
    scope: Scope
    comparison: Scope | None
    compared: Comparison | None
    windows: Windows
    currency: str
    first_day: date
    as_of: date
    country: str

    @property
    def key(self) -> tuple[str, str, Scope]:
        """``(workspace, snapshot, scope)``: the arguments of a cached question."""
        return (self.workspace, self.snapshot, self.scope)

    @property
    def whole(self) -> str:
        """The snapshot's own id, whatever the audiences."""
        return session.whole(self.snapshot)

    @property
    def leaves_nothing(self) -> bool:
        """Whether no order passes (lifecycle segments aside)."""
        return not has_orders(*self.key)


def current() -> Filters:
    """The filters of this run.

    Raises
    ------
    RuntimeError : the shell has not drawn the frame, or the workspace holds no data; pages that
        need data are not run then.
    """
    found = current_or_none()
    if found is None:
        raise RuntimeError("filters.current() needs ui/shell.py to have run in a workspace with data.")
    return found


def current_or_none() -> Filters | None:
    """The same for a page that runs without data too; None there."""
    found = st.session_state.get(_CURRENT)
    return found if isinstance(found, Filters) else None


def currency() -> str:
    """Of every amount on a page, with data or without: then the workspace's, ringgit before there is one."""
    found, workspace = current_or_none(), session.workspace()
    if found is not None:
        return found.currency
    return workspace.config.currency if workspace is not None else USUAL_CURRENCY


def known() -> Options | None:
    """What the current workspace can be filtered by; None without data."""
    workspace, snapshot = session.workspace(), session.snapshot()
    if workspace is None or snapshot is None:
        return None
    found = options(workspace.name, snapshot.id)
    return found and replace(found, audiences=audiences.names(workspace))


def unfiltered() -> Filters | None:
    """Drop the audience filter for the rest of this run: the page shows no filter bar."""
    found = current_or_none()
    if found is None:
        return None
    st.session_state[_CURRENT] = replace(found, snapshot=found.whole)
    return current()


def change(**fields: Any) -> None:
    """Change fields of the choice, as a callback or before ``st.rerun``.

    ``change(regions=("MY-10",))`` narrows to Selangor; ``change(windows=Windows(...))`` moves the
    lifecycle windows. Fields are those of :class:`ui.choice.Choice`.
    """
    st.session_state[CHOICE] = replace(chosen(), **fields)


def clear() -> None:
    """Open every filter; dates and comparison stay."""
    st.session_state[CHOICE] = chosen().cleared()


def chosen() -> Choice:
    """The choice of this session."""
    found = st.session_state.get(CHOICE)
    return found if isinstance(found, Choice) else Choice()


def link(**fields: Any) -> dict[str, str]:
    """Parameters for ``st.page_link(..., query_params=...)``: the same view with some fields changed."""
    return {**_place(), **choice.encode(replace(chosen(), **fields))}


def prepare() -> Filters | None:
    """Bring address, session and data together; called once a run, by the shell.

    Returns
    -------
    Filters or None
        None where there is no workspace, or no order in it.
    """
    arrived = address.incoming({**_place(), **choice.encode(chosen())})
    if arrived is not None:
        _arrive(arrived)
    workspace, snapshot, offered = session.workspace(), session.snapshot(), known()
    if arrived is not None and offered is not None:
        st.session_state[CHOICE] = choice.decode(arrived, offered)
    elif workspace is not None and st.session_state.get(_OWNER) not in (None, workspace.name):
        st.session_state[CHOICE] = chosen().cleared()
    st.session_state[_OWNER] = workspace.name if workspace is not None else None
    if workspace is None or snapshot is None or offered is None:
        st.session_state[_CURRENT] = None
        address.write(_place())
        return None
    st.session_state[CHOICE] = choice.only_known(chosen(), offered)
    made = _filters(workspace, snapshot.id, offered)
    st.session_state[_CURRENT] = made
    address.write({**_place(), **choice.encode(chosen())})
    return made


def _arrive(parameters: Mapping[str, str]) -> None:
    if parameters.get(address.LANGUAGE):
        text.choose(parameters[address.LANGUAGE])
    if parameters.get(address.WORKSPACE):
        session.choose(parameters[address.WORKSPACE])


def _place() -> dict[str, str]:
    workspace = session.workspace()
    named = {} if workspace is None else {address.WORKSPACE: workspace.name}
    return {address.LANGUAGE: text.language(), **named}


def _filters(workspace: Workspace, snapshot: str, offered: Options) -> Filters:
    made, config = chosen(), workspace.config
    days = choice.window(made, offered)
    compared = choice.comparison(made, days, offered, config.country)
    currency = made.currency or _main_currency(offered, config.currency)
    scope = Scope(
        start=days.start,
        end=days.end,
        region_codes=made.regions,
        store_ids=made.stores,
        channels=made.channels,
        categories=made.categories,
        kinds=choice.kinds(made),
        segments=made.segments,
        currency=currency if len(offered.currencies) > 1 else None,
    )
    usable = compared is not None and compared.usable
    return Filters(
        workspace=workspace.name,
        snapshot=_through(workspace, snapshot, made.audiences),
        lang=text.language(),
        scope=scope,
        comparison=scope.moved_to(compared.start, compared.end) if compared and usable else None,
        compared=compared,
        windows=made.windows or windows.of_workspace(config, workspace.name, snapshot),
        currency=currency,
        first_day=offered.first_day,
        as_of=offered.as_of,
        country=config.country,
    )


def _through(workspace: Workspace, snapshot: str, chosen_audiences: tuple[str, ...]) -> str:
    """The key of the snapshot as seen through the chosen audiences."""
    if not chosen_audiences:
        return snapshot
    return session.narrowed(snapshot, audiences.code_of(workspace, snapshot, chosen_audiences))


def _main_currency(offered: Options, configured: str) -> str:
    """The workspace's currency, unless the data are all in others."""
    known_ones = offered.currencies
    return configured if configured in known_ones or not known_ones else known_ones[0]
