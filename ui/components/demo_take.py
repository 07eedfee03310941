"""What the client takes along: the report, the link, and scenarios side by side."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import streamlit as st

from data.scenarios import Scenario
from i18n.translator import Translator
from ui import report, report_pdf
from ui.components import demo_client, scenarios
from ui.components import demo_state as state
from ui.components.demo_inputs import written
from ui.filters import Filters
from ui.report import Assumption, Report

_PDF = "setia.demo.pdf"


def take(scenario: Scenario, own: frozenset[str], f: Filters | None, t: Translator) -> None:
    """Draw the report's downloads, the link, and the scenarios that are kept."""
    paper, kept = st.columns([6, 7], gap="large")
    with paper:
        st.subheader(t("demo.take.report"), anchor=False)
        if state.endless(scenario):
            st.warning(t("whatif.no_end"))
        else:
            _downloads(made(scenario, own, f, t), t)
        st.subheader(t("demo.take.link"), anchor=False)
        st.caption(t("demo.take.link_note"))
        st.code(state.link(), language=None, wrap_lines=True)
    with kept:
        scenarios.keep(scenario, t)
    scenarios.compare(scenario, t)


def made(scenario: Scenario, own: frozenset[str], f: Filters | None, t: Translator) -> Report:
    """Gather what the report says."""
    names = (*state.INPUTS, "discount", "points", "cashback", "set_up")
    return Report(
        client=demo_client.name(),
        logo=demo_client.logo(),
        on=date.today(),
        business=state.business(scenario),
        programme=state.programme(scenario),
        points=state.points(scenario),
        currency=scenario.currency,
        assumptions=tuple(
            Assumption(t(f"demo.short.{name}"), written(name, scenario, t), own=name in own) for name in names
        ),
        data_to=f.as_of if f is not None and own else None,
    )


def file_name(client: str, on: date, ending: str) -> str:
    """A file name of plain letters.

    Examples
    --------
    >>> file_name("Kopi <b>Baik</b>", date(2026, 11, 23), "html")
    'setia-kopi-b-baik-b-2026-11-23.html'
    """
    plain = unicodedata.normalize("NFKD", client).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
    return "-".join(part for part in ("setia", words, on.isoformat()) if part) + f".{ending}"


def _downloads(content: Report, t: Translator) -> None:
    st.caption(t("demo.take.report_note"))
    document = report.page(content, t)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            t("demo.take.html"),
            data=document.encode("utf-8"),
            file_name=file_name(content.client, content.on, "html"),
            mime="text/html",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
            key="demo.report.html",
        )
        _pdf(content, document, t)


def _pdf(content: Report, document: str, t: Translator) -> None:
    """Print on request; what was printed is offered until anything in it changes."""
    program = report_pdf.browser()
    if program is None:
        st.caption(t("demo.take.no_browser"))
        return
    held = st.session_state.get(_PDF)
    if held is not None and held[0] == document:
        st.download_button(
            t("demo.take.pdf"),
            data=held[1],
            file_name=file_name(content.client, content.on, "pdf"),
            mime="application/pdf",
            on_click="ignore",
            icon=":material/download:",
            key="demo.report.pdf",
        )
        return
    if st.button(t("demo.take.print"), key="demo.report.print", icon=":material/print:"):
        try:
            with st.spinner(t("demo.take.printing")):
                st.session_state[_PDF] = (document, report_pdf.print_pdf(document, program))
        except report_pdf.NotPrinted:
            st.error(t("demo.take.not_printed"))
        else:
            st.rerun()
