"""What is held about one customer: a file for them, and erasing them after a second question."""

from __future__ import annotations

from typing import Any

import streamlit as st

from data import dossier, erasure, export_log, export_members
from data.errors import DataError
from i18n.translator import Translator
from ui import downloads, errors, session
from ui.cached import customer as cached
from ui.components.customer import SHOWN
from ui.components.forecast import asked, service_cost
from ui.filters import Filters

DONE = "privacy.done"
"""Session state: what the last erasure came to; shown once."""


def said(t: Translator) -> None:
    """Say what an erasure came to, on the page that is drawn after it."""
    done = st.session_state.pop(DONE, None)
    if done is not None:
        st.success(t("privacy.erase.done", sales=t.number(done.sales), snapshots=t.number(done.snapshots)))


def draw(who: dict[str, Any], f: Filters, t: Translator) -> None:
    """The two buttons."""
    st.markdown(t("privacy.data.note"))
    with st.container(horizontal=True):
        st.download_button(
            t("privacy.data.export"),
            data=lambda: _file(who, f, t),
            file_name=downloads.file_name("customer", f.workspace, f.as_of).removesuffix(".csv") + ".zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
            key="customer.export",
        )
        if st.button(t("privacy.erase.button"), icon=":material/person_remove:", key="customer.erase"):
            _ask(str(who["customer_id"]), f, t)


def _file(who: dict[str, Any], f: Filters, t: Translator) -> bytes:
    """The ZIP, written to the log of files; there it stands for all that is held."""
    opened = session.opened(f.workspace)
    score = cached.score(f.workspace, f.whole, asked(f), service_cost(), who["customer_key"])
    made = dossier.dossier(opened, str(who["customer_id"]), downloads.safe_text, [score] if score else [])
    export_log.append(
        opened,
        title=t("privacy.data.export"),
        rule=t("privacy.data.rule"),
        columns=["everything"],
        count=1,
        file="customer.zip",
        language=f.lang,
        who=export_members.keep(opened, [str(who["customer_id"])]),
    )
    return made


def _ask(customer_id: str, f: Filters, t: Translator) -> None:
    @st.dialog(t("privacy.erase.title"))
    def box() -> None:
        st.markdown(t("privacy.erase.what"))
        sure = st.checkbox(t("privacy.erase.sure"), key="customer.erase.sure")
        go = st.button(
            t("privacy.erase.go"),
            type="primary",
            disabled=not sure,
            icon=":material/delete_forever:",
            key="customer.erase.go",
        )
        if go:
            _erase(customer_id, f, t)

    box()


def _erase(customer_id: str, f: Filters, t: Translator) -> None:
    opened = session.opened(f.workspace)
    try:
        with st.spinner(t("privacy.erase.working")):
            done = erasure.erase(opened, customer_id)
    except DataError as error:
        st.error(errors.sentence(error, t))
        return
    st.cache_data.clear()
    st.cache_resource.clear()
    for name in [name for name in st.session_state if str(name).startswith("customer.")]:
        st.session_state.pop(name, None)
    st.session_state.pop(SHOWN, None)
    st.session_state[DONE] = done
    st.rerun()
