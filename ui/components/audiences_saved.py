"""What is saved: a table of all audiences, and what can be done with one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from charts.escaping import plain_text
from data import audiences as store
from data import export_log
from data.audiences import Audience
from data.errors import DataError
from data.workspaces import Workspace
from i18n.numbers import DASH
from i18n.translator import Translator
from ui import errors, filters, session
from ui.cached import audiences as cached
from ui.components import audience_export, customer_list, rule_tree
from ui.components.audience_export import OWN, column_name
from ui.components.audiences import EDITING, reach_line
from ui.components.customer_list import Listing
from ui.components.rule_words import of_audience
from ui.filters import Filters
from ui.page_list import spec
from ui.text import plain

_CHOSEN: Final = "audiences.chosen"

Counted = Mapping[str, Any] | None


def saved(f: Filters, t: Translator) -> None:
    """Draw the table and the chosen audience."""
    workspace = session.opened(f.workspace)
    known = cached.saved(workspace)
    if not known:
        st.caption(t("audiences.saved.none"))
        return
    counted = {each.id: cached.now(f.workspace, f.whole, each) for each in known}
    rows = [_row(each, counted[each.id], f, t) for each in known]
    numbers = {
        t(f"audiences.saved.{name}"): st.column_config.TextColumn(alignment="right")
        for name in ("now", "then")
    }
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, width="stretch", column_config=numbers, height="content"
    )
    names = {each.id: plain_text(each.name, 80) for each in known}
    chosen = st.selectbox(
        t("audiences.saved.choose"), list(names), format_func=lambda code: names[code], key=_CHOSEN, width=420
    )
    audience = next((each for each in known if each.id == chosen), None)
    if audience is not None:
        _one(audience, counted[audience.id], workspace, f, t)


def _row(audience: Audience, counted: Counted, f: Filters, t: Translator) -> dict[str, str]:
    return {
        t("audiences.saved.name"): plain_text(audience.name, 80),
        t("audiences.saved.rule"): plain_text(of_audience(audience, f, t), 300),
        t("audiences.saved.now"): DASH if counted is None else t.number(counted["customers"]),
        t("audiences.saved.then"): t.number(audience.count),
        t("audiences.saved.on"): t.date(audience.created),
    }


def _one(audience: Audience, counted: Counted, workspace: Workspace, f: Filters, t: Translator) -> None:
    words = of_audience(audience, f, t)
    if counted is None:
        st.info(t("audiences.cannot"), icon=":material/info:")
    else:
        st.caption(plain(reach_line(counted, f, t), 400))
    with st.container(horizontal=True, gap="small"):
        if counted is not None and counted["customers"]:
            _use(audience, t)
            members = cached.members_of(audience, cached.yardstick(f.workspace, f.whole))
            if st.button(t("audiences.show"), icon=":material/group:", key="audiences.saved.open"):
                customer_list.open_list(
                    Listing("audience-saved", audience.name, words, customer_list.among(members))
                )
            audience_export.panel("saved", audience.name, words, members, counted, f, t)
        if not audience.is_list:
            st.button(
                t("audiences.saved.edit"),
                icon=":material/edit:",
                key="audiences.saved.edit",
                on_click=lambda: _edit(audience),
            )
        _rename(audience, workspace, t)
        _delete(audience, workspace, t)


def _use(audience: Audience, t: Translator) -> None:
    if st.button(t("audiences.use"), icon=":material/filter_alt:", type="primary", key="audiences.saved.use"):
        filters.change(audiences=(audience.id,))
        st.switch_page(spec("overview").target)


def _edit(audience: Audience) -> None:
    rule = cached.rule_of(audience)
    if rule is not None:
        rule_tree.load(rule)
        st.session_state[EDITING] = audience.id


def _rename(audience: Audience, workspace: Workspace, t: Translator) -> None:
    key = f"audiences.rename.{audience.id}"
    with st.popover(t("audiences.saved.rename"), icon=":material/label:", key=f"{key}.open"):
        name = st.text_input(
            t("audiences.save.name"), value=audience.name, max_chars=store.LONGEST_NAME, key=f"{key}.name"
        )
        if st.button(t("audiences.saved.rename_button"), key=f"{key}.save"):
            try:
                store.rename(workspace, audience.id, name)
            except DataError as error:
                st.error(errors.sentence(error, t), icon=":material/info:")
                return
            st.rerun()


def _delete(audience: Audience, workspace: Workspace, t: Translator) -> None:
    with st.popover(t("audiences.saved.delete"), icon=":material/delete:", key="audiences.delete.open"):
        st.markdown(t("audiences.saved.sure", name=plain(audience.name, 80)))
        if st.button(t("audiences.saved.delete_button"), type="primary", key="audiences.delete"):
            store.delete(workspace, audience.id)
            st.session_state.pop(_CHOSEN, None)
            st.rerun()


def log(f: Filters, t: Translator) -> None:
    """Every file of customers that was made, the newest first."""
    workspace = session.opened(f.workspace)
    zone = ZoneInfo(workspace.config.time_zone)
    found = export_log.exports(workspace)
    if not found:
        st.caption(t("audiences.log.none"))
        return
    rows = []
    for each in found:
        at = each.at.astimezone(zone)
        rows.append(
            {
                t("audiences.log.at"): f"{t.date(at.date())} {at:%H:%M}",
                t("audiences.log.list"): plain_text(each.list, 80),
                t("audiences.log.count"): t.number(each.count),
                t("audiences.log.columns"): ", ".join(
                    column_in_words(code, each.contact, t) for code in each.columns
                ),
                t("audiences.log.rule"): plain_text(each.rule, 300),
                t("audiences.log.file"): plain_text(each.file, 120),
            }
        )
    right = {t("audiences.log.count"): st.column_config.TextColumn(alignment="right")}
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", column_config=right, height="content")


def column_in_words(code: str, contact: str, t: Translator) -> str:
    """A column of the log in words; a code nobody words any more as it is."""
    if code == "contact" and contact:
        return t.code("channel", contact)
    for key in (f"people.column.{code}", f"audiences.field.{code}", f"map.place.column.{code}"):
        if t.has(key):
            return t(key)
    return column_name(code, t) if code in OWN else plain_text(code, 60)
