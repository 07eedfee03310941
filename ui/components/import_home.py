"""Country and currency of a new workspace: taken from the files, shown, and changed until it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data.exports.home import country_of, currency_of
from data.importing.defaults import COUNTRIES
from i18n.translator import Translator
from ui.components import import_exports
from ui.uploads import Upload

_TAKEN: Final = "setia.import.home"
_BY_LANGUAGE: Final = {"id": "ID"}
_OTHERS: Final = ("PHP", "THB", "USD")
"""Currencies beside those of the countries."""


def ask(held: Sequence[Upload], t: Translator) -> tuple[str, str]:
    """Ask for both, with what the files say in advance; what somebody chose stays.

    Parameters
    ----------
    held : sequence of Upload
    t : Translator

    Returns
    -------
    (str, str)
        ISO 3166 and ISO 4217 codes.
    """
    told = _told(held, t)
    here = country_of(told) or _BY_LANGUAGE.get(t.lang, "MY")
    if st.session_state.get(_TAKEN) != (here, told):  # the files say something else than before
        st.session_state[_TAKEN] = (here, told)
        st.session_state["import.country"] = here
    left, right = st.columns(2)
    with left:
        country = st.selectbox(
            t("import.country"),
            list(COUNTRIES),
            format_func=lambda c: t(f"import.in.{c}"),
            key="import.country",
        )
    usual = told if told and country == here else COUNTRIES[country][0]
    options = list(dict.fromkeys([usual, *(money for money, _ in COUNTRIES.values()), *_OTHERS]))
    with right:
        currency = st.selectbox(t("import.currency"), options, key=f"import.currency.{country}.{usual}")
    if told and (country, currency) == (here, told):
        st.caption(t("import.from_files", currency=told))
    return country, currency


def _told(held: Sequence[Upload], t: Translator) -> str:
    """The currency that the files name, whatever was chosen."""
    if not held:
        return ""
    first = _BY_LANGUAGE.get(t.lang, "MY")
    return currency_of(import_exports.look(held, "", first, "", t))
