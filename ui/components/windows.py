"""The days that tell new, active, loyal and lapsed apart: where they come from, and changed in place."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics import gaps
from analytics.lifecycle import Windows
from data import workspaces
from data.workspaces import WINDOWS as FIELDS
from i18n.translator import Translator
from ui import filters, session
from ui.cached import windows as cached
from ui.choice import MAX_WINDOW
from ui.filters import Filters
from ui.text import plain

_SAVED: Final = "windows.saved"


def editor(f: Filters, t: Translator, *, short: bool = False) -> None:
    """Say where the windows come from, and a button that opens four numbers.

    Parameters
    ----------
    f : Filters
    t : Translator
    short : bool
        The button only says that they can be changed; why they are so is said inside.
    """
    w = f.windows
    label = t(
        "segments.windows.button", new=w.new_days, lapse=w.lapse_days, n=w.loyal_orders, days=w.loyal_days
    )
    if not short:
        st.caption(plain(explanation(f, t), 900))
    label = t("segments.windows.short") if short else label
    with st.popover(label, icon=":material/tune:", type="tertiary", key="windows.button"):
        st.markdown(t("lifecycle.rule"))
        st.caption(plain(f"{explanation(f, t) if short else ''} {basis(f, t)}".strip(), 900))
        for field in FIELDS:
            st.session_state[f"windows.{field}"] = getattr(w, field)
            st.number_input(
                t(f"segments.windows.{field}"),
                min_value=1,
                max_value=MAX_WINDOW,
                key=f"windows.{field}",
                on_change=_changed,
            )
        _buttons(t)


def explanation(f: Filters, t: Translator) -> str:
    """Why the windows are what they are, in one sentence with its numbers."""
    found = cached.derived(f.workspace, f.snapshot)
    w, d = f.windows, found.windows
    source = _source()
    if source != "derived":
        return t(
            f"windows.{source}",
            lapse=t.number(w.lapse_days),
            new=t.number(w.new_days),
            orders=t.number(w.loyal_orders),
            days=t.number(w.loyal_days),
            d_lapse=t.number(d.lapse_days),
            d_new=t.number(d.new_days),
            d_orders=t.number(d.loyal_orders),
            d_days=t.number(d.loyal_days),
        )
    if found.reason is not None:
        least = gaps.LEAST_RETURNED if found.reason == "few_customers" else gaps.LEAST_DAYS
        return t(
            f"windows.usual.{found.reason}",
            returned=t.number(found.returned),
            days=t.number(found.days),
            least=t.number(least),
        )
    return t(
        "windows.derived",
        lapse=t.number(w.lapse_days),
        horizon=t.number(found.horizon),
        lapse_gap=t.number(found.lapse_gap),
        new=t.number(w.new_days),
        second_gap=t.number(found.second_gap),
        orders=t.number(w.loyal_orders),
        days=t.number(w.loyal_days),
        share=t.percent(found.loyal_share, 0),
    )


def basis(f: Filters, t: Translator) -> str:
    """From how many customers the windows were derived, if they were; what is needed, and what there is."""
    found = cached.derived(f.workspace, f.snapshot)
    gate = t(
        "windows.gate",
        least=t.number(gaps.LEAST_RETURNED),
        least_days=t.number(gaps.LEAST_DAYS),
        returned=t.number(found.returned),
        days=t.number(found.days),
    )
    if found.reason is not None:
        return gate
    told = t(
        "windows.basis",
        customers=t.number(found.customers),
        returned=t.number(found.returned),
        median=t.number(found.median_gap),
    )
    return f"{told} {gate}"


def definition(code: str, w: Windows, t: Translator) -> str:
    """What a group is, in one sentence, with the windows of now."""
    return t(
        f"lifecycle.{code}.definition",
        new_days=w.new_days,
        lapse_days=w.lapse_days,
        loyal_orders=w.loyal_orders,
        loyal_days=w.loyal_days,
    )


def _source() -> str:
    """Whose windows these are: ``yours``, the workspace's ``own``, or ``derived``."""
    if filters.chosen().windows is not None:
        return "yours"
    workspace = session.workspace()
    chosen = workspace is not None and any(getattr(workspace.config, name) is not None for name in FIELDS)
    return "own" if chosen else "derived"


def _buttons(t: Translator) -> None:
    source = _source()
    if source == "yours":
        st.caption(t("windows.note"))
        st.button(t("windows.save"), key="windows.save", type="primary", on_click=_save)
        st.button(t("segments.windows.reset"), key="windows.reset", on_click=_reset)
    elif st.session_state.pop(_SAVED, False):
        st.caption(t("windows.saved"))
    if source != "derived":
        st.button(t("windows.back"), key="windows.back", on_click=_back)


def _changed() -> None:
    filters.change(windows=Windows(*(int(st.session_state[f"windows.{field}"]) for field in FIELDS)))


def _reset() -> None:
    filters.change(windows=None)


def _save() -> None:
    """Keep the windows of this session as those of the workspace."""
    chosen, workspace = filters.chosen().windows, session.workspace()
    if chosen is not None and workspace is not None:
        workspaces.configure(workspace, **{name: getattr(chosen, name) for name in FIELDS})
        filters.change(windows=None)
        st.session_state[_SAVED] = True


def _back() -> None:
    """Forget what was chosen, here and in the workspace."""
    workspace = session.workspace()
    if workspace is not None:
        workspaces.configure(workspace, **dict.fromkeys(FIELDS))
    filters.change(windows=None)
