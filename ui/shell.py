"""The frame of every page: menu, workspace and language, filter bar, error boundary.

``app.py`` hands this script to Streamlit. Page paths are absolute: beside a ``pages`` folder a
relative one opens a "Page not found" dialog on the first deep link of a fresh server.
"""

from __future__ import annotations

import streamlit as st

from i18n.translator import Translator
from ui import errors, filter_bar, filters, frame, text
from ui.components import empty
from ui.components.page import header
from ui.filters import Filters
from ui.page_list import PAGES, PageSpec


def menu(t: Translator) -> dict[str, list[st.Page]]:
    """The menu in the reader's language: pages without a section first, then by section."""
    made: dict[str, list[st.Page]] = {}
    for page in PAGES:
        section = t(f"nav.{page.section}") if page.section else ""
        entry = st.Page(
            page.path,
            title=t(f"nav.{page.name}"),
            url_path="home" if page is PAGES[0] else page.url_path,
            default=page is PAGES[0],
        )
        made.setdefault(section, []).append(entry)
    # The first page stands at "/"; under its own name it is found too, though not listed twice.
    first = PAGES[0]
    title = t(f"nav.{first.name}")
    made[""].append(st.Page(first.path, title=title, url_path=first.url_path, visibility="hidden"))
    return made


def run() -> None:
    """Draw the frame and run the page that was asked for."""
    current: Filters | None = None
    ready = False
    with errors.boundary():
        current = filters.prepare()
        ready = True
    t = text.translator()
    chosen = st.navigation(menu(t), position="top")
    page = next((spec for spec in PAGES if spec.url_path == chosen.url_path), PAGES[0])
    frame.configure(t, t(f"nav.{page.name}"))
    frame.draw(t)
    if ready or not page.needs_data:
        with errors.boundary():
            _page(chosen, page, current, t)


def _page(chosen: st.Page, page: PageSpec, current: Filters | None, t: Translator) -> None:
    offered = filters.known()
    if not page.filtered:
        current = filters.unfiltered()
    if page.filtered and current is not None and offered is not None:
        filter_bar.draw(current, offered, t)
    if page.needs_data and current is None:
        header(t(f"nav.{page.name}"))
        empty.no_data(t)
    elif page.filtered and page.needs_data and current is not None and current.leaves_nothing:
        header(t(f"nav.{page.name}"))
        empty.nothing_left(current, t)
    else:
        chosen.run()


run()
