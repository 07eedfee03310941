"""What stands around every page: title, logo, workspace and language, and the few styles."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from charts.escaping import plain_text
from i18n.numbers import LANGUAGES
from i18n.translator import NAMES, Translator
from ui import session, text
from ui.components import dropzone
from ui.components.figures import mode

ASSETS: Final = Path(__file__).parent / "assets"
_LANGUAGE: Final = "setia.frame.language"
_WORKSPACE: Final = "setia.frame.workspace"


def configure(t: Translator, page: str) -> None:
    """Set what the browser shows around the page of that name."""
    st.set_page_config(
        page_title=f"{page} · {t('app.name')}",
        page_icon=str(ASSETS / "icon.svg"),
        layout="wide",
        menu_items={"Get help": None, "Report a bug": None, "About": t("app.tagline")},
    )
    st.logo(str(ASSETS / "logo.svg"), size="large")
    style = (ASSETS / "frame.css").read_text(encoding="utf-8")
    st.html(f"<style>{style}{dropzone.word(t)}</style>")


def draw(t: Translator) -> None:
    """Draw the workspace and the language switch, top right."""
    with st.container(horizontal=True, gap="small", key="setia-corner", width="content"):
        _workspace(t)
        _language(t)
        _page_state()(
            data={"lang": t.lang, "mode": mode()},
            key="setia.frame.state",
            on_mode_change=lambda: None,
            height=0,
            width=1,
        )


@cache
def _page_state() -> ComponentRenderer:
    script = (ASSETS / "page_state.js").read_text(encoding="utf-8")
    return st.components.v2.component("setia_page_state", js=script)


def _workspace(t: Translator) -> None:
    titles = {w.name: plain_text(w.title, 40) for w in session.workspaces()}
    chosen = session.workspace()
    if chosen is None:
        return
    st.session_state[_WORKSPACE] = chosen.name
    st.selectbox(
        t("nav.workspace"),
        list(titles),
        format_func=lambda name: titles[name],
        key=_WORKSPACE,
        label_visibility="collapsed",
        on_change=lambda: session.choose(st.session_state[_WORKSPACE]),
    )


def _language(t: Translator) -> None:
    st.session_state[_LANGUAGE] = t.lang
    st.selectbox(
        t("nav.language"),
        LANGUAGES,
        format_func=lambda code: NAMES[code],
        key=_LANGUAGE,
        label_visibility="collapsed",
        on_change=lambda: text.choose(st.session_state[_LANGUAGE]),
    )
