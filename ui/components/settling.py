"""Orders against what their platforms paid out, order by order."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analytics.reconciliation import STATES
from data.exports.spec import built_in
from i18n.translator import Translator
from ui import text
from ui.cached import settling as cached
from ui.components import cards, figures
from ui.components.cards import Card
from ui.filters import Filters
from ui.page_list import spec


def settlement(f: Filters, t: Translator) -> None:
    """How many orders agree with their settlement, how far the others are off, and each of them."""
    summed = cached.totals(f.workspace, f.snapshot)
    if summed is None:
        st.info(t("settling.none"), icon=":material/info:")
        st.page_link(spec("import_files").target, label=t("empty.no_data.action"), icon=":material/upload:")
        return
    st.caption(t("settling.note"))
    _cards(summed, f, t)
    table = _by_system(summed, f, t)
    st.dataframe(table, hide_index=True, column_config=_right(table, 3), key="settling.systems")
    present = [state for state in STATES if state in set(summed["state"])]
    worth = [s for s in present if s != "matched"] or present
    state = st.segmented_control(
        t("settling.show"),
        present,
        default=worth[0],
        format_func=lambda code: t(f"settling.state.{code}"),
        key="settling.state",
    )
    if state:
        _orders(state, f, t)


def _cards(summed: pd.DataFrame, f: Filters, t: Translator) -> None:
    shown = []
    for state in STATES:
        rows = summed[summed["state"] == state]
        shown.append(
            Card(
                t(f"settling.state.{state}"),
                t.number(int(rows["orders"].sum())),
                t(f"settling.about.{state}"),
                reason="" if state == "matched" else _money(rows, f, t),
            )
        )
    cards.kpi_row(shown, t)


def _money(rows: pd.DataFrame, f: Filters, t: Translator) -> str:
    by_currency = rows.assign(currency=rows["currency"].fillna(f.currency)).groupby("currency")["difference"]
    return ", ".join(t.money(float(amount), str(code)) for code, amount in by_currency.sum().items())


def _by_system(summed: pd.DataFrame, f: Filters, t: Translator) -> pd.DataFrame:
    titles = {kind.system: kind.title for kind in built_in()}
    rows = [
        {
            t("exports.system"): titles.get(str(row.system), text.plain(str(row.system), 40)),
            t("settling.result"): t(f"settling.state.{row.state}"),
            t("exports.orders"): t.number(row.orders),
            t("settling.expected"): _amount(row.expected, row.currency, f, t),
            t("settling.settled"): _amount(row.settled, row.currency, f, t),
            t("settling.difference"): _amount(row.difference, row.currency, f, t),
        }
        for row in summed.astype({"orders": int}).itertuples()
    ]
    return pd.DataFrame(rows)


def _right(table: pd.DataFrame, columns: int) -> dict[str, Any]:
    """The last columns hold amounts: their texts stand right."""
    return {name: st.column_config.TextColumn(alignment="right") for name in table.columns[-columns:]}


def _orders(state: str, f: Filters, t: Translator) -> None:
    found = cached.first_orders(f.workspace, f.snapshot, state)
    if len(found) == cached.SHOWN:
        st.caption(t("settling.first", n=t.number(cached.SHOWN)))
    table = pd.DataFrame(
        {
            t("settling.order"): found["order_id"],
            t("settling.day"): [t.date(pd.Timestamp(day).date()) for day in found["day"]],
            t("settling.expected"): _column(found, "expected", f, t),
            t("settling.settled"): _column(found, "settled", f, t),
            t("settling.difference"): _column(found, "difference", f, t),
        }
    )
    st.dataframe(table, hide_index=True, column_config=_right(table, 3), key=f"settling.orders.{state}")
    figures.download(
        lambda: file_of(cached.all_orders(f.workspace, f.snapshot, state), t), f"settlement-{state}"
    )


def file_of(found: pd.DataFrame, t: Translator) -> pd.DataFrame:
    """The orders of a state for a file: plain numbers, headers in the reader's language."""
    words = {
        "order_id": t("settling.order"),
        "system": t("exports.system"),
        "day": t("settling.day"),
        "currency": t("filters.currency"),
        "expected": t("settling.expected"),
        "settled": t("settling.settled"),
        "difference": t("settling.difference"),
    }
    return found[list(words)].rename(columns=words)


def _column(found: pd.DataFrame, name: str, f: Filters, t: Translator) -> list[str]:
    return [_amount(v, c, f, t) for v, c in zip(found[name], found["currency"], strict=True)]


def _amount(value: object, currency: object, f: Filters, t: Translator) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return t("card.not_computed")
    return t.money(float(value), currency if isinstance(currency, str) else f.currency)  # type: ignore[arg-type]
