"""Whose demo it is: the client's name and logo, kept in the workspace; in the session without one."""

from __future__ import annotations

from typing import Final

import streamlit as st

from data import client
from data.errors import LogoRefused
from i18n.translator import Translator
from ui import errors, session
from ui.text import plain

_NAME: Final = "setia.demo.name"
_LOGO: Final = "setia.demo.logo"
_REFUSED: Final = "setia.demo.logo_refused"
_UPLOAD_MB: Final = 8
"""What the browser may send; what is kept is bounded by ``data.client``."""


def name() -> str:
    """The client's name; the workspace's title until one is typed."""
    workspace = session.workspace()
    return client.name(workspace) if workspace is not None else str(st.session_state.get(_NAME, ""))


def logo() -> bytes | None:
    """The client's logo as PNG; None without one."""
    workspace = session.workspace()
    return client.logo(workspace) if workspace is not None else st.session_state.get(_LOGO)


def head(t: Translator) -> None:
    """Draw logo and name, and where to change them."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="setia-demo-head"
    ):
        picture, called = logo(), name()
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if picture:
                st.image(picture, alt=called or t("demo.client.logo"))
            if called:
                st.markdown(f"**{plain(called, 80)}**", width="content")
        with st.popover(t("demo.client.change"), icon=":material/badge:", type="tertiary", key="demo.client"):
            _form(t)


def _form(t: Translator) -> None:
    key = "demo.client.name"
    if key not in st.session_state:
        st.session_state[key] = name()
    st.text_input(
        t("demo.client.name"),
        key=key,
        max_chars=client.LONGEST_NAME,
        on_change=lambda: _keep_name(st.session_state[key]),
    )
    turn = int(st.session_state.get("demo.client.turn", 0))
    upload = f"demo.client.upload.{turn}"
    st.file_uploader(
        t("demo.client.logo"),
        key=upload,
        max_upload_size=_UPLOAD_MB,
        on_change=lambda: _keep_logo(upload),
    )
    st.caption(t("demo.client.logo_note", limit=client.MAX_BYTES // 1_000_000))
    refused = st.session_state.get(_REFUSED)
    if isinstance(refused, LogoRefused):
        st.error(errors.sentence(refused, t), icon=":material/info:")
    if logo() is not None:
        st.button(t("demo.client.remove"), key="demo.client.remove", on_click=_forget)
    if session.workspace() is None:
        st.caption(t("demo.client.session_only"))


def _keep_name(typed: str) -> None:
    workspace = session.workspace()
    if workspace is None:
        st.session_state[_NAME] = " ".join(typed.split())[: client.LONGEST_NAME]
    else:
        client.keep_name(workspace, typed)


def _keep_logo(key: str) -> None:
    """Keep what was uploaded as pixels, or remember why not. The upload itself is let go."""
    st.session_state.pop(_REFUSED, None)
    given = st.session_state.get(key)
    if given is None:
        return
    try:
        _write(client.picture(given.getvalue()))
    except LogoRefused as refused:
        st.session_state[_REFUSED] = refused
    st.session_state["demo.client.turn"] = int(st.session_state.get("demo.client.turn", 0)) + 1


def _forget() -> None:
    _write(None)


def _write(png: bytes | None) -> None:
    workspace = session.workspace()
    if workspace is None:
        st.session_state[_LOGO] = png
    else:
        client.keep_logo(workspace, png)
