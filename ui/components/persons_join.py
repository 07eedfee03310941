"""Two customer ids joined by hand: what is known of both, what speaks against it, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from data.people import rebuild
from data.people.compare import Comparison
from data.snapshots import Snapshot
from data.workspaces import Workspace
from i18n.translator import Translator
from ui.cached import persons as cached
from ui.filters import Filters
from ui.text import plain

Work = Callable[[Workspace, Callable[[str], None]], Snapshot | None]
Run = Callable[[Work, str, Translator], None]


def draw(f: Filters, t: Translator, run: Run) -> None:
    """Ask for two ids, show both people side by side, and join them where somebody says so.

    Parameters
    ----------
    f : Filters
    t : Translator
    run : callable
        Does what makes a new snapshot, with progress.
    """
    with st.expander(t("persons.join.title"), icon=":material/join:"):
        st.markdown(t("persons.join.note"))
        left, right = st.columns(2)
        one = left.text_input(t("persons.join.one"), key="persons.join.one", max_chars=120).strip()
        other = right.text_input(t("persons.join.other"), key="persons.join.other", max_chars=120).strip()
        if not one or not other:
            return
        found, records = cached.compared(f.workspace, f.whole, one, other)
        if not _said(found, one, other, t):
            return
        table(records, "persons.join.table", t)
        if st.button(t("persons.join.button"), icon=":material/join:", key="persons.join.go"):
            run(
                lambda workspace, told: rebuild.join(workspace, one, other, told),
                t("persons.join.done"),
                t,
            )


def table(records: Sequence[dict[str, Any]], key: str, t: Translator) -> None:
    """Customer ids with what may be shown of them."""
    columns = ("customer_id", "name", "phone", "email", "orders")
    shown = {
        t(f"persons.column.{'id' if name == 'customer_id' else name}"): [r[name] for r in records]
        for name in columns
    }
    st.dataframe(pd.DataFrame(shown), hide_index=True, placeholder="", key=key)


def _said(found: Comparison, one: str, other: str, t: Translator) -> bool:
    """Say what is known of the two; whether they can be joined."""
    for text, ids in ((one, found.one), (other, found.other)):
        if not ids:
            st.warning(plain(t("persons.join.unknown", id=text), 200), icon=":material/search_off:")
            return False
    if found.is_one:
        st.info(t("persons.join.already"), icon=":material/check:")
        return False
    agree = [*found.agree, *(["name"] if found.name > 0 else [])]
    against = [*found.against, *(["name"] if found.name < 0 else [])]
    lines = [
        t(f"persons.join.{which}", kinds=", ".join(t(f"persons.kind.{kind}") for kind in kinds))
        for which, kinds in (("agree", agree), ("against", against))
        if kinds
    ]
    st.markdown(" ".join(lines) or t("persons.join.nothing"))
    if found.in_conflict:
        why = t("persons.join.undone") + " " if found.undone else ""
        st.warning(why + t("persons.join.conflict"), icon=":material/warning:")
    return True
