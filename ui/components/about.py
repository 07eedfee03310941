"""The parts of the page About: definitions, privacy, licences."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from i18n.translator import Translator

_ENTRIES: Final = {
    "method": (
        "revenue",
        "order",
        "lifecycle",
        "retention",
        "repeat",
        "rfm",
        "cohort",
        "clv",
        "gold",
        "margin",
        "comparison",
        "today",
    ),
    "word": ("buyer", "identified", "kind", "dash", "reliable"),
}
_PRIVACY: Final = ("local", "links", "small", "log")
_LICENCES: Final = (
    ("setia", "", "Apache-2.0"),
    ("borders", "Natural Earth", "public_domain"),
    ("towns", "GeoNames", "CC BY 4.0"),
    ("postcodes_my", "malaysia-postcodes", "ISC"),
    ("postcodes_id", "cahyadsn/wilayah", "MIT"),
    ("map_assets", "Leaflet, Leaflet.draw", "BSD-2-Clause, MIT"),
    ("charts", "Plotly", "MIT"),
)


def definitions(group: str, t: Translator) -> None:
    """A list of terms, each with what it means.

    Parameters
    ----------
    group : {"method", "word"}
    t : Translator
    """
    for entry in _ENTRIES[group]:
        name, text = t(f"about.{group}.{entry}.name"), t(f"about.{group}.{entry}.text")
        left, right = st.columns([1, 3])
        left.markdown(f"**{name}**")
        right.markdown(text)


def privacy(t: Translator) -> None:
    """What stays on the computer."""
    for entry in _PRIVACY:
        st.markdown(t(f"about.privacy.{entry}"))


def licences(t: Translator) -> None:
    """Whose work is in here, under which licence."""
    rows = [
        {
            t("about.licence.what"): t(f"about.licence.{what}"),
            t("about.licence.source"): source,
            t("about.licence.licence"): t("about.licence.public_domain")
            if licence == "public_domain"
            else licence,
        }
        for what, source, licence in _LICENCES
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
    st.caption(t("about.licence.full"))
