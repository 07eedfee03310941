"""Market data on a page: what is in use, how a file looks, reading one, forgetting it."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from charts.escaping import plain_text
from data.errors import DataError
from data.market_visits import LONGEST
from geo.market_rows import MarketRows
from geo.mci_fit import MciFit
from i18n.translator import Translator
from ui import downloads, errors
from ui.cached import gravity
from ui.cached import market_data as cached
from ui.cached.gravity import Calibrated
from ui.components import dropzone, figures
from ui.filters import Filters
from ui.text import plain

SHOWN: Final = 50
TYPES: Final = ["csv", "xlsx"]
MEGABYTES: Final = 2
"""Refused rows that are shown; the file names them all."""


def rivals(fit: MciFit, some: bool, t: Translator) -> str:
    """How strongly competitors pull, learnt or assumed; nothing without any."""
    if not some:
        return ""
    found = fit.interval("rivals")
    if found is None or fit.rivals is None:
        return t("market.assumed")
    pull, low, high = (t.number(math.exp(value), 2) for value in (fit.rivals, *found))
    return t("market.learnt", pull=pull, low=low, high=high)


def short(fit: MciFit, some: bool, t: Translator) -> str:
    """The pull of a competitor as a number, learnt or assumed; nothing without any."""
    if not some:
        return ""
    found = fit.interval("rivals")
    if found is None or fit.rivals is None:
        return t("market.short_assumed", pull=t.number(1.0, 0))
    pull, low, high = (t.number(math.exp(value), 2) for value in (fit.rivals, *found))
    return t("market.short_learnt", pull=pull, low=low, high=high)


def draw(f: Filters, t: Translator, made: Calibrated, own: pd.DataFrame) -> None:
    """The market data in use with how well the rule fits them, and a file to bring others."""
    about = cached.about(f.workspace)
    if about is not None:
        about_words = t(
            f"market.used.{about.kind}",
            name=plain(about.name, LONGEST),
            source=plain(about.source, LONGEST) or t("market.no_source"),
            date=t.date(about.kept_on),
        )
        st.caption(about_words)
        if made.given == "cannot_tell":
            st.info(t("market.cannot_tell"), icon=":material/info:")
        _fits(f, t, made, own)
    with st.expander(t("market.title"), icon=":material/upload_file:"):
        _bring(f, t)
        if about is not None and st.button(
            t("market.remove"), key="market.remove", type="tertiary", icon=":material/delete:"
        ):
            cached.remove(f.workspace)
            st.rerun()


def _fits(f: Filters, t: Translator, made: Calibrated, own: pd.DataFrame) -> None:
    """The data beside the rule: where they differ, a store has a pull of its own."""
    told = gravity.told_by_store(made, f.workspace, f.snapshot, own)
    if told.empty:
        return
    shown = pd.DataFrame(
        {
            t("catchments.column.store"): [plain_text(name, 60) for name in told["name"]],
            t("market.column.owner"): [
                t("market.competitor" if owner == "competitor" else "market.own") for owner in told["owner"]
            ],
            t("market.column.seen"): [t.percent(value) for value in told["seen"]],
            t("market.column.rule"): [t.percent(value) for value in told["rule"]],
        }
    )
    with st.expander(t("market.fits")):
        st.caption(t("market.fits_note"))
        right = {name: st.column_config.TextColumn(alignment="right") for name in list(shown.columns)[2:]}
        st.dataframe(shown, hide_index=True, width="stretch", column_config=right, key="market.fits")
        figures.download(told, "market-data")


def _bring(f: Filters, t: Translator) -> None:
    st.markdown(t("market.what"))
    st.download_button(
        t("market.example"),
        data=lambda: downloads.csv_bytes(cached.example(f.workspace, f.snapshot)),
        file_name=downloads.file_name("market-data-example", f.workspace),
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        key="market.example",
    )
    source = st.text_input(t("market.source"), key="market.source", max_chars=LONGEST)
    given = st.file_uploader(t("market.upload"), type=TYPES, key="market.file", max_upload_size=MEGABYTES)
    dropzone.limits(TYPES, MEGABYTES, t)
    if given is None:
        return
    try:
        with st.spinner(t("market.reading")):
            rows = cached.read(f.workspace, f.snapshot, f.country, given.getvalue(), given.name)
    except DataError as error:
        st.error(errors.sentence(error, t), icon=":material/info:")
        return
    except ValueError:
        st.error(t("market.columns"), icon=":material/info:")
        return
    _read(f, t, rows, given.name, source)


def _read(f: Filters, t: Translator, rows: MarketRows, name: str, source: str) -> None:
    stores = rows.table["store_id"].nunique()
    st.markdown(t("market.read", places=t.number(rows.places), stores=t.number(stores)))
    if rows.refused:
        st.markdown(t.plural("market.refused", len(rows.refused)))
        refused = pd.DataFrame(
            {
                t("sites.upload.row"): [each.row for each in rows.refused],
                t("sites.upload.value"): [plain_text(each.value, 40) for each in rows.refused],
                t("sites.upload.why"): [t(f"market.reason.{each.reason}") for each in rows.refused],
            }
        )
        st.dataframe(refused.head(SHOWN), hide_index=True, key="market.refused")
    if len(rows.table) and st.button(t("market.use"), key="market.use", type="primary"):
        cached.keep(f.workspace, rows, name, source, date.today())
        st.rerun()
