"""The head of a page: its question, the state of the data, and the one sentence that is new."""

from __future__ import annotations

import streamlit as st

from i18n.translator import Translator
from ui.filters import Filters, known
from ui.text import plain


def header(question: str, *, note: str = "", sentence: str = "") -> None:
    """Draw a page's head.

    Parameters
    ----------
    question : str
        The title: the question the page answers. Text of ours.
    note : str
        Right of it, small: see :func:`data_note`.
    sentence : str
        Below it: what is new. May hold data; it is shown as written.
    """
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
        key="setia-header",
    ):
        st.title(question, anchor=False, width="content")
        if note:
            st.caption(plain(note), width="content")
    if sentence:
        st.markdown(plain(sentence, 600))


def data_note(filters: Filters, t: Translator, customers: int | None = None) -> str:
    """``data to 22 Nov 2026 · 8,012 customers with a purchase``; without a count, the date alone.

    Staff, whom no other number counts unless asked for, is named beside the count.
    """
    note = t("page.data_to", date=t.date(filters.as_of))
    if customers is None:
        return note
    offered = known()
    staff = offered.staff if offered and offered.customers == customers else 0
    of_them = t("page.staff", n=t.number(staff)) if staff else ""
    return f"{note} · {t.plural('page.buyers', customers)}{of_them}"
