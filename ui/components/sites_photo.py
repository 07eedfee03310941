"""Photos of the site visit: one for each candidate, beside its other fields."""

from __future__ import annotations

import base64

import streamlit as st

from charts.escaping import plain_text
from data import site_photos
from data.errors import DataError
from geo.candidates import Candidate
from i18n.translator import Translator
from ui import errors, session
from ui.filters import Filters

NAME = "sites.photo.of"


def thumbnails(f: Filters, held: tuple[Candidate, ...]) -> list[str | None]:
    """The photo of each candidate as an address of its own bytes, for a column of pictures."""
    here = session.opened(f.workspace)
    found = (site_photos.kept(here, each.name) for each in held)
    return [
        None if jpeg is None else "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
        for jpeg in found
    ]


def photos(f: Filters, t: Translator, held: tuple[Candidate, ...]) -> None:
    """Bring a photo for a candidate, look at it, or forget it."""
    here = session.opened(f.workspace)
    with st.expander(t("sites.photo.title"), icon=":material/photo_camera:"):
        st.caption(t("sites.photo.note", limit=t.number(site_photos.MAX_BYTES // 1_000_000)))
        left, right = st.columns(2, gap="large")
        with left:
            chosen = st.selectbox(
                t("sites.photo.of"),
                range(len(held)),
                format_func=lambda place: plain_text(held[place].name, 60),
                key=NAME,
            )
            name = held[chosen].name
            given = st.file_uploader(
                t("sites.photo.upload"),
                type=["jpg", "jpeg", "png"],
                key=f"sites.photo.file.{chosen}",
                max_upload_size=site_photos.MAX_BYTES // 1_000_000,
            )
            if given is not None and st.button(t("sites.photo.keep"), key="sites.photo.keep", type="primary"):
                try:
                    site_photos.keep(here, name, site_photos.photo(given.getvalue()))
                except DataError as error:
                    st.error(errors.sentence(error, t), icon=":material/info:")
                else:
                    st.rerun()
        with right:
            kept = site_photos.kept(here, name)
            if kept is None:
                st.markdown(t("sites.photo.none"))
                return
            st.image(kept, width=360)
            if st.button(
                t("sites.photo.remove"), key="sites.photo.remove", type="tertiary", icon=":material/delete:"
            ):
                site_photos.keep(here, name, None)
                st.rerun()
