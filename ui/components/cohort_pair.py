"""Two cohorts, or two values of the breakdown, side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analytics import cohort_groups
from charts import cohort_pair as charts
from i18n.translator import Translator
from ui.cached import cohorts as cached
from ui.cached.cohorts import Asked
from ui.components import figures
from ui.components.cohort_switches import axis, column_words, row_words
from ui.components.cohorts import curve, shown
from ui.components.inputs import pick
from ui.components.segments import shares_format
from ui.filters import Filters
from ui.text import plain

USUAL = 4
"""Periods after the first that a cohort has behind it to be offered first."""

LEAST = 2
"""Periods that must be over in both, the first one included."""


def curves(f: Filters, t: Translator, asked: Asked) -> None:
    """The average curve, and two rows of the triangle side by side."""
    left, right = st.columns(2, gap="large")
    with left:
        curve(f, t)
    with right:
        st.subheader(t("cohorts.pair.title"), anchor=False)
        side_by_side(f, t, asked)


def side_by_side(f: Filters, t: Translator, asked: Asked) -> None:
    """Choose two rows of the triangle above; draw both and say whether the gap could be chance.

    Parameters
    ----------
    asked : Asked
        What the triangle shows.
    """
    cells = cached.triangle(*f.key, f.windows, asked)
    rows = shown(cells, asked) if len(cells) else cells.assign(row=[])
    rows = rows[rows["mature"].astype(bool) & (rows["row"] != cohort_groups.OTHERS)]
    depth = rows.groupby("row", sort=False)["period"].max()
    names = [row for row in depth.index if depth[row] >= LEAST - 1]
    if not asked.by:  # the newest first, those with little to compare last
        names = sorted(names, key=lambda name: (depth[name] >= USUAL, name), reverse=True)
    if len(names) < 2:
        st.markdown(t("cohorts.pair.too_few"))
        return
    say = row_words(f, t, asked)
    one, other = st.columns(2)
    kind = f"{asked.unit}.{asked.by}.{asked.festival}"
    with one:
        key = f"cohorts.pair.{kind}.1"
        first = pick(t("cohorts.pair.first"), tuple(names), key, lambda v: plain(say(v)), hidden=False)
    rest = tuple(name for name in names if name != first)
    with other:
        key = f"cohorts.pair.{kind}.2"
        second = pick(t("cohorts.pair.second"), rest, key, lambda v: plain(say(v)), hidden=False)
    pair = [rows[rows["row"] == name] for name in (first, second)]
    found = cohort_groups.side_by_side(*pair)
    labels = (say(first), say(second))
    st.markdown(plain(_sentence(found, labels, asked, t), 600))
    figures.chart(
        charts.pair(found, labels, column_words(asked, int(rows["period"].max())), axis(asked, t), t),
        _table(found, labels, asked, t),
        "cohort-pair",
        column_config=_formats(labels, t),
    )
    st.caption(t("cohorts.pair.note"))


def _sentence(found: pd.DataFrame, labels: tuple[str, str], asked: Asked, t: Translator) -> str:
    """The longest period both have behind them, in words."""
    later = found[found["period"] > 0]
    if later.empty:
        return t("cohorts.pair.too_few")
    row: Any = later.iloc[-1]
    return t(
        "cohorts.pair.apart" if row["beyond_chance"] else "cohorts.pair.chance",
        period=column_words(asked, int(row["period"]))[int(row["period"])],
        axis=axis(asked, t).lower(),
        one=labels[0],
        other=labels[1],
        first=t.percent(row["first"]),
        second=t.percent(row["second"]),
        gap=t.points(row["difference"]),
        low=t.points(row["low"]),
        high=t.points(row["high"]),
    )


def _table(found: pd.DataFrame, labels: tuple[str, str], asked: Asked, t: Translator) -> pd.DataFrame:
    columns = column_words(asked, int(found["period"].max()) if len(found) else 0)
    table = found.assign(period=[columns[int(p)] for p in found["period"]])
    return table.drop(columns="beyond_chance").rename(columns=_headers(labels, t))


def _headers(labels: tuple[str, str], t: Translator) -> dict[str, str]:
    one, other = labels if labels[0] != labels[1] else (f"{labels[0]} (1)", f"{labels[1]} (2)")
    return {
        "period": t("cohorts.column.period"),
        "first": one,
        "second": other,
        "difference": t("cohorts.column.difference"),
        "low": t("cohorts.column.low"),
        "high": t("cohorts.column.high"),
    }


def _formats(labels: tuple[str, str], t: Translator) -> dict[str, Any]:
    headers = _headers(labels, t)
    return shares_format({f"share_{code}": word for code, word in headers.items() if code != "period"})
