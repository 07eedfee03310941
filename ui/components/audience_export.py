"""The file of an audience: the columns that are asked for, and contacts only of those who agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from analytics.reach import CHANNELS
from analytics.rules import field
from charts.escaping import plain_text
from i18n.numbers import absent
from i18n.translator import Translator
from ui.cached import audiences as cached
from ui.cached import people
from ui.cached.audiences import Members
from ui.components import exports
from ui.components.customer_list import stamped
from ui.components.exports import Export
from ui.components.rule_words import field_name, value_name
from ui.filters import Filters

OWN: Final = ("contact", "name", "everything")
"""Columns of files of customers that are no field of the catalogue of rules."""

_FIRST: Final = ("customer_id",)


def panel(
    name: str, title: str, rule: str, members: Members, counted: Mapping[str, Any], f: Filters, t: Translator
) -> None:
    """Columns, contacts and the button, behind a button.

    Parameters
    ----------
    name : str
        In plain letters: key of the widgets, part of the file's name.
    title, rule : str
        What it is called, and whom it holds in words.
    members : Members
    counted : mapping
        ``rules.counts`` of it.
    """
    key = f"audiences.{name}"
    with st.popover(t("audiences.export.button"), icon=":material/download:", key=f"{key}.export"):
        known = [each.code for each in cached.offered(f.workspace, f.whole) if each.source != "lines"]
        picked = st.multiselect(
            t("audiences.export.columns"),
            [*_FIRST, *known],
            default=list(_FIRST),
            format_func=lambda code: column_name(code, t),
            placeholder=t("filters.search"),
            key=f"{key}.columns",
        )
        contact = _contact(key, counted, f, t)
        names = bool(contact) and st.checkbox(t("audiences.export.names"), key=f"{key}.names")
        columns = tuple(code for code in (*_FIRST, *known) if code in picked)
        if not columns and not contact:
            st.caption(t("audiences.export.nothing"))
            return
        total = int(counted[f"reachable_{contact}"] if contact else counted["customers"])

        def rows() -> pd.DataFrame:
            found = cached.export_rows(f.workspace, f.whole, members, columns, contact, names=names)
            return stamped(_worded(found, contact, f, t), f.as_of, t, rule, len(found))

        logged = (*columns, *(["contact"] if contact else []), *(["name"] if names else []))
        made = Export(name, title, rule, logged, contact)
        st.caption(t("audiences.export.logged"))
        label = t("people.download", n=t.number(total))
        exports.button(made, f, label, f"{key}.csv", rows, lambda: _ids(members, contact, f))


def _ids(members: Members, contact: str, f: Filters) -> list[str]:
    """The customers of the file."""
    found = cached.export_rows(f.workspace, f.whole, members, _FIRST, contact, names=False)
    return list(found["customer_id"])


def column_name(code: str, t: Translator) -> str:
    """The header of a column."""
    if code in (*_FIRST, *OWN):
        return t(f"audiences.export.column.{code}")
    return field_name(code, t)


def _contact(key: str, counted: Mapping[str, Any], f: Filters, t: Translator) -> str:
    """The channel whose contacts go into the file; empty for none."""
    if absent(counted["reachable"]):
        known = people.has_contacts(f.workspace, f.whole)
        st.caption(t("audiences.reach.unknown" if known else "audiences.reach.contactless"))
        return ""
    options = ["", *(channel for channel in CHANNELS if counted[f"reachable_{channel}"])]
    return str(
        st.selectbox(
            t("audiences.export.contact"),
            options,
            format_func=lambda channel: t.code("channel", channel) if channel else t("audiences.export.none"),
            help=t("audiences.export.contact_help"),
            key=f"{key}.contact",
        )
        or ""
    )


def _worded(rows: pd.DataFrame, contact: str, f: Filters, t: Translator) -> pd.DataFrame:
    found = pd.DataFrame(index=rows.index)
    for code in rows.columns:
        text = code not in ("customer_id", "contact", "name") and field(code).kind == "text"
        values = rows[code]
        if text:
            values = pd.Series(
                ["" if absent(v) else value_name(code, v, f, t) for v in values], rows.index, dtype=object
            )
        elif code in ("contact", "name", "customer_id"):
            values = pd.Series(
                ["" if absent(v) else plain_text(v, 200) for v in values], rows.index, dtype=object
            )
        header = t.code("channel", contact) if code == "contact" else column_name(code, t)
        found[header] = values
    return found
