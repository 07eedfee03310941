"""Where boundaries and figures are published, in an expander."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from i18n.translator import Translator

SOURCES: Final = (
    ("my_dosm", "MY", "open.dosm.gov.my, data.gov.my (KAWASANKU)", "check"),
    ("my_jupem", "MY", "www.jupem.gov.my (MyGeoportal)", "check"),
    ("id_big", "ID", "tanahair.indonesia.go.id (Ina-Geoportal)", "check"),
    ("id_bps", "ID", "sig.bps.go.id", "check"),
    ("world_geoboundaries", "*", "www.geoboundaries.org", "CC BY 4.0"),
    ("world_hdx", "*", "data.humdata.org (COD-AB)", "check"),
    ("world_gadm", "*", "gadm.org", "non_commercial"),
    ("eu_gisco", "EU", "ec.europa.eu/eurostat/web/gisco", "check"),
    ("us_census", "US", "www.census.gov (cartographic boundary files)", "public_domain"),
)
"""What, for which country, where, and the licence as far as it is known; else "check it"."""


def where(t: Translator) -> None:
    """Where boundaries are published, by whom, under which licence."""
    with st.expander(t("boundaries.guide.title"), icon=":material/help:"):
        st.markdown(t("boundaries.guide.intro"))
        rows = [
            {
                t("boundaries.guide.what"): t(f"boundaries.guide.{code}"),
                t("boundaries.guide.where"): address,
                t("boundaries.licence"): t(f"boundaries.guide.{licence}")
                if licence in ("check", "non_commercial", "public_domain")
                else licence,
            }
            for code, _, address, licence in SOURCES
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch", key="boundaries.sources")
        st.caption(t("boundaries.guide.note"))
