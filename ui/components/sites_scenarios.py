"""The tab Scenarios: decisions frozen, compared, printed as a board pack, and scored later."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from charts.amounts import whole_money
from charts.escaping import plain_text
from data import site_scenarios
from data.errors import DataError
from data.reference import loader
from data.site_scenarios import Scenario
from i18n.numbers import DASH
from i18n.translator import Translator
from ui import board_pack, errors, report_pdf, session
from ui.cached import site_scores
from ui.cached.site_model import Model
from ui.components import sites_freeze
from ui.components import sites_state as state
from ui.components.demo_take import file_name
from ui.filters import Filters
from ui.text import plain

MOST: Final = 4
_PDF: Final = "sites.pdf"


def scenarios(f: Filters, t: Translator, made: Model) -> None:
    """Draw the form that freezes, the frozen ones side by side, and the board pack."""
    _freeze(f, t, made)
    kept = site_scenarios.saved(session.opened(f.workspace))
    st.subheader(t("sites.scenarios.kept"), anchor=False)
    if not kept:
        st.caption(t("sites.scenarios.none"))
        return
    _compare(kept, t)
    _one(kept, f, t)


def _freeze(f: Filters, t: Translator, made: Model) -> None:
    st.subheader(t("sites.freeze.title"), anchor=False)
    found = state.answer(f, t)
    if found is None:
        return
    st.caption(t("sites.freeze.note"))
    rows = sites_freeze.assumed(state.plan(f).brief, found, made, f, t)
    table = pd.DataFrame(
        {
            "code": [code for code, _ in rows],
            "what": [t(f"sites.assumption.{code}") for code, _ in rows],
            "value": [value for _, value in rows],
            "owner": "",
            "on": date.today(),
        }
    )
    with st.form("sites.freeze", border=False):
        left, right = st.columns([1, 1], gap="large")
        with left:
            name = st.text_input(t("sites.freeze.name"), max_chars=site_scenarios.LONGEST_NAME)
            owner = st.text_input(t("sites.freeze.owner"), max_chars=site_scenarios.LONGEST_NAME)
            dissent = st.text_area(
                t("sites.pack.dissent"),
                max_chars=site_scenarios.LONGEST_TEXT,
                help=t("sites.freeze.dissent_help"),
            )
        with right:
            edited = st.data_editor(
                table,
                hide_index=True,
                width="stretch",
                column_order=["what", "value", "owner", "on"],
                column_config={
                    "what": st.column_config.TextColumn(t("sites.pack.assumption"), disabled=True),
                    "value": st.column_config.TextColumn(t("sites.pack.value"), disabled=True),
                    "owner": st.column_config.TextColumn(t("sites.pack.owner"), max_chars=60),
                    "on": st.column_config.DateColumn(t("sites.pack.on")),
                },
                key="sites.freeze.assumptions",
            )
        if st.form_submit_button(t("sites.freeze.save"), type="primary"):
            _keep(name, owner, dissent, edited, made, f, t)


def _keep(
    name: str, owner: str, dissent: str, edited: pd.DataFrame, made: Model, f: Filters, t: Translator
) -> None:
    owners = {
        str(row["code"]): (
            str(row["owner"] or owner)[:60],
            t.date(row["on"]) if isinstance(row["on"], date) else "",
        )
        for row in edited.to_dict("records")
    }
    try:
        scenario = sites_freeze.frozen(name, owner, dissent, owners, state.key(f), made, f, t)
        site_scenarios.save(session.opened(f.workspace), scenario)
    except DataError as refused:
        st.error(errors.sentence(refused, t), icon=":material/info:")
        return
    st.toast(t("sites.freeze.saved"))
    st.rerun()


def _compare(kept: list[Scenario], t: Translator) -> None:
    rows = []
    for each in kept[:12]:
        results = each.results
        names = ", ".join(plain_text(site.get("name"), 30) for site in results["sites"]) or t("sites.nothing")
        rows.append(
            {
                t("sites.freeze.name"): plain_text(each.name, 50),
                t("sites.scenarios.on"): t.date(each.saved_on),
                t("sites.scenarios.sites"): names,
                t("sites.column.p50"): _sum(results["sites"], "p50", each.currency, t),
                t("sites.column.lost"): _sum(results["sites"], "lost", each.currency, t),
                t("sites.column.contribution"): _sum(results["sites"], "net", each.currency, t),
                t("sites.card.gap.name"): t.percent(results.get("gap"), 2),
                t("sites.card.error.name"): t.percent(results.get("median_error")),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")


def _sum(sites: list[dict[str, Any]], name: str, currency: str, t: Translator) -> str:
    """A sum over sites; a dash where one is not known."""
    values = [float(site[name]) for site in sites if isinstance(site.get(name), (int, float))]
    if not values or len(values) < len(sites):
        return DASH
    return whole_money(sum(values), currency, t)


def _one(kept: list[Scenario], f: Filters, t: Translator) -> None:
    """One scenario: its board pack, how it turned out, and its end."""
    by_key = {each.key: each for each in kept}
    chosen = st.selectbox(
        t("sites.scenarios.which"),
        list(by_key),
        format_func=lambda key: plain_text(f"{by_key[key].name} · {t.date(by_key[key].saved_on)}", 90),
        key="sites.scenarios.which",
    )
    scenario = by_key[chosen]
    _pack(scenario, f, t)
    _scores(scenario, f, t)
    st.button(
        t("sites.scenarios.delete"),
        key="sites.scenarios.delete",
        type="tertiary",
        icon=":material/delete:",
        on_click=site_scenarios.delete,
        args=(session.opened(f.workspace), scenario.key),
    )


def _pack(scenario: Scenario, f: Filters, t: Translator) -> None:
    land = list(loader.regions_light().geometry)
    document = board_pack.page(scenario, land, session.opened(f.workspace).title, t)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            t("sites.pack.html"),
            data=document.encode("utf-8"),
            file_name=file_name(scenario.name, scenario.saved_on, "html"),
            mime="text/html",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
            key="sites.pack.html",
        )
        _pdf(scenario, document, t)


def _pdf(scenario: Scenario, document: str, t: Translator) -> None:
    program = report_pdf.browser()
    if program is None:
        st.caption(t("demo.take.no_browser"))
        return
    held = st.session_state.get(_PDF)
    if held is not None and held[0] == document:
        st.download_button(
            t("sites.pack.pdf"),
            data=held[1],
            file_name=file_name(scenario.name, scenario.saved_on, "pdf"),
            mime="application/pdf",
            on_click="ignore",
            icon=":material/download:",
            key="sites.pack.pdf",
        )
        return
    if st.button(t("sites.pack.print"), key="sites.pack.print", icon=":material/print:"):
        try:
            with st.spinner(t("demo.take.printing")):
                st.session_state[_PDF] = (document, report_pdf.print_pdf(document, program))
        except report_pdf.NotPrinted:
            st.error(t("demo.take.not_printed"))
        else:
            st.rerun()


def _scores(scenario: Scenario, f: Filters, t: Translator) -> None:
    """What the new stores have sold since, beside what was forecast."""
    found = site_scores.scores(f.workspace, f.snapshot, scenario)
    st.markdown(f"**{t('sites.scores.title')}**")
    if not found:
        st.caption(t("sites.scores.none"))
        return
    rows = []
    for name, scores in found.items():
        for each in scores:
            low, middle, high = (whole_money(v, scenario.currency, t) for v in each.expected)
            state_of = "open" if each.inside is None else "inside" if each.inside else "beyond"
            rows.append(
                {
                    t("sites.column.name"): plain(name, 40),
                    t("sites.scores.months"): each.months,
                    t("sites.scores.expected"): t("sites.compare.between", middle=middle, low=low, high=high),
                    t("sites.check.actual"): DASH
                    if each.actual is None
                    else whole_money(each.actual, scenario.currency, t),
                    t("sites.scores.verdict"): t(f"sites.scores.{state_of}"),
                }
            )
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
