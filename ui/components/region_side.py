"""Beside the map of regions: the list of all, or the summary of the one that was clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from charts import regions as charts
from charts.escaping import plain_text
from geo.region_metrics import METRICS
from i18n.translator import Translator
from ui.cached import regions as cached
from ui.cached.boundaries import Level
from ui.cached.people import Wanted
from ui.cached.population import Base
from ui.cached.regions import InRegion
from ui.components import customer_list, region_words
from ui.components.customer_list import Listing
from ui.filters import Filters
from ui.text import plain

HEIGHT: Final = 470
_CARDS: Final = ("customers", "revenue", "average_order", "new_share", "repeat_rate", "per_customer")
_EXTRA: Final = (
    *("retention", "nps", "value", "penetration", "index"),
    *("per_household", "population", "households", "income"),
)


def ranking(
    metric: str,
    found: pd.DataFrame,
    values: np.ndarray,
    names: tuple[str, ...],
    fewest: int,
    brought: tuple[Base, ...],
    f: Filters,
    t: Translator,
) -> None:
    """Every region by the figure shown, the highest first; the map for those who cannot see it."""
    st.subheader(t("regions.ranking"), anchor=False)
    st.caption(t("regions.click"))
    kind = METRICS[metric].kind
    order = np.argsort(-np.where(np.isfinite(values), values, -np.inf), kind="stable")
    title = region_words.figure(metric, brought, t)
    customers = t("regions.metric.customers")
    rows = pd.DataFrame({t("regions.region"): [plain_text(names[i], 60) for i in order]})
    rows[title] = [charts.written(values[i], kind, f.currency, t) for i in order]
    if metric != "customers":
        few = cached.small(found["customers"].to_numpy(dtype=float), fewest)
        rows[customers] = [
            t("regions.few") if few[i] else t.number(found["customers"].iloc[i]) for i in order
        ]
    else:
        whole = float(found["customers"].sum())
        rows[t("regions.share")] = [
            t.percent(values[i] / whole) if whole and np.isfinite(values[i]) else "–" for i in order
        ]
    if metric in ("penetration", "index"):
        told = [charts.reliability(found.iloc[i], metric, t) for i in order]
        rows[t("regions.trust")] = [each[0][1] if each else "–" for each in told]
    right = {name: st.column_config.TextColumn(alignment="right") for name in rows.columns[1:]}
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        height=min(HEIGHT - 90, 38 + 35 * max(len(rows), 1)),
        key="regions.rank",
        column_config=right,
    )


def place(
    code: str,
    level: Level,
    found: pd.DataFrame,
    names: tuple[str, ...],
    fewest: int,
    brought: tuple[Base, ...],
    f: Filters,
    t: Translator,
    clear: Callable[[], None],
) -> None:
    """The summary of a region against all regions together, and its customers."""
    spot = int(np.flatnonzero(found["code"].to_numpy() == code)[0])
    row = found.iloc[spot]
    name = names[spot]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(plain(name, 60), anchor=False, width="stretch")
        st.button(
            t("map.place.clear"),
            icon=":material/close:",
            on_click=clear,
            key="regions.clear",
            type="tertiary",
        )
    if row["customers"] == 0:
        st.info(t("map.place.none"), icon=":material/info:")
        return
    if cached.small(found["customers"].to_numpy(dtype=float), fewest)[spot]:
        st.info(t("map.place.few", n=t.number(fewest)), icon=":material/visibility_off:")
        return
    if st.button(
        t("regions.customers", n=t.plural("page.customers", int(row["customers"]))),
        icon=":material/group:",
        type="primary",
        key="regions.open",
    ):
        rule = t("regions.rule", name=name)
        wanted = Wanted(history=False, among=InRegion(level, code))
        customer_list.open_list(Listing("region", name, rule, wanted))
    _figures(spot, found, brought, f, t)


def _figures(spot: int, found: pd.DataFrame, brought: tuple[Base, ...], f: Filters, t: Translator) -> None:
    offered = [code for code in (*_CARDS, *_EXTRA) if code in cached.metrics(found)]
    whole = overall(found)
    for start in range(0, len(offered), 2):
        for column, code in zip(st.columns(2), offered[start : start + 2], strict=False):
            metric = METRICS[code]
            value = metric.compute(found.iloc[[spot]])[0]
            column.metric(
                region_words.figure(code, brought, t),
                plain(charts.written(value, metric.kind, f.currency, t)),
                delta=plain(_beside(code, value, whole, found.iloc[spot], f, t), 80) or None,
                delta_color="off",
                delta_arrow="off",
            )


def overall(found: pd.DataFrame) -> pd.DataFrame:
    """All regions together as one row of sums."""
    sums = {name: float(found[name].sum()) for name in ("customers", "new", "repeaters", "orders", "revenue")}
    return pd.DataFrame([sums])


def _beside(code: str, value: float, whole: pd.DataFrame, row: pd.Series, f: Filters, t: Translator) -> str:
    between = charts.interval(row, code, t)
    if between:
        return " · ".join([between, *(word for _, word in charts.reliability(row, code, t))])
    metric = METRICS[code]
    if not all(name in whole for name in metric.needs):
        return ""
    total = metric.compute(whole)[0]
    if metric.adds:
        return t("map.place.of_whole", share=t.percent(value / total)) if total > 0 else ""
    return t("map.place.versus", value=charts.written(total, metric.kind, f.currency, t))


def all_figures(
    found: pd.DataFrame, names: tuple[str, ...], fewest: int, brought: tuple[Base, ...], t: Translator
) -> pd.DataFrame:
    """Every figure of every region as numbers, the most customers first."""
    table = pd.DataFrame(
        {
            t("regions.region"): [plain_text(name, 80) for name in names],
            t("regions.code"): [plain_text(code, 40) for code in found["code"]],
        }
    )
    for code in cached.metrics(found):
        digits = 4 if METRICS[code].kind == "share" else 2
        table[region_words.figure(code, brought, t)] = np.round(cached.values(found, code, fewest), digits)
    if "reliability" in found:
        told = [charts.reliability(row, "penetration", t) for _, row in found.iterrows()]
        table[t("regions.trust")] = [each[0][1] if each else "–" for each in told]
    order = np.argsort(-found["customers"].to_numpy(dtype=float), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def formats(brought: tuple[Base, ...], t: Translator) -> dict[str, Any]:
    """How the columns of :func:`all_figures` are written."""
    how = {"share": "percent", "score": "%.0f", "index": "%.0f", "rate": "%.1f"}
    return {
        region_words.figure(code, brought, t): st.column_config.NumberColumn(
            format=how.get(metric.kind, "localized")
        )
        for code, metric in METRICS.items()
    }
