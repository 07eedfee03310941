"""The blocks of the Quality page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import quality as charts
from data.quality import TableQuality
from data.schema import TABLES
from i18n.translator import Translator
from ui import session
from ui.cached import overview as cached_overview
from ui.cached import quality as cached
from ui.components import cards, figures
from ui.components.cards import Card
from ui.components.overview import identification
from ui.filters import Filters
from ui.page_list import spec


def summary(f: Filters, t: Translator) -> None:
    """Rows, places, identification, identical lines and currencies, as cards."""
    sold = cached.tables(f.workspace, f.snapshot)["transactions"]
    precisions = cached.geo_precisions(f.workspace, f.snapshot)
    everyone, placed = sum(precisions.values()), sum(precisions.values()) - precisions.get("none", 0)
    now = cached_overview.headline(f.workspace, f.snapshot, f.scope, f.windows, f.first_day)
    identified = now["identification_rate"]
    manifest = _manifest()
    currencies = manifest.get("currencies") or [f.currency]
    cards.kpi_row(
        [
            Card(
                t("quality.lines.name"), t.number(sold.rows if sold else None), t("quality.lines.definition")
            ),
            Card(
                t("quality.refused.name"),
                t.number(_refused(manifest)),
                t("quality.refused.definition"),
                reason="" if _refused(manifest) is not None else t("quality.refused.unknown"),
            ),
            Card(
                t("kpi.identification_rate.name"),
                t.percent(identified.value),
                t("kpi.identification_rate.definition"),
                reason=t.dates(f.scope.start, f.scope.end),
            ),
            Card(
                t("quality.placed.name"),
                t.percent(placed / everyone if everyone else None),
                t("quality.placed.definition"),
            ),
            Card(
                t("quality.identical.name"),
                t.number(cached.identical_lines(f.workspace, f.snapshot)),
                t("quality.identical.definition"),
            ),
            Card(t("quality.currencies.name"), ", ".join(currencies), t("quality.currencies.definition")),
        ],
        t,
    )


def tables(f: Filters, t: Translator) -> None:
    """Each table: rows, span, columns that are filled; what a missing one would give."""
    found = cached.tables(f.workspace, f.snapshot)
    rows = [_row(quality, t) for quality in found.values() if quality is not None]
    right = {
        t(f"quality.{name}"): st.column_config.TextColumn(alignment="right") for name in ("rows", "columns")
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=right, key="quality.tables")
    missing = [name for name, quality in found.items() if quality is None]
    if missing:
        _missing(missing, t)


def columns(f: Filters, t: Translator) -> None:
    """How full each column of one table is."""
    found = {name: q for name, q in cached.tables(f.workspace, f.snapshot).items() if q is not None}
    name = st.selectbox(
        t("quality.table"),
        list(found),
        format_func=lambda code: t(f"codes.table.{code}"),
        key="quality.table",
    )
    if not name:
        return
    spec = TABLES[name]
    frame = pd.DataFrame(
        {
            t("quality.column"): [c.name for c in spec.given],
            t("quality.filled"): [found[name].filled.get(c.name, 0.0) for c in spec.given],
            t("quality.needed"): [t("quality.yes") if c.required else "" for c in spec.given],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        column_config={
            t("quality.filled"): st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
        },
        key="quality.columns",
    )


def places(f: Filters, t: Translator) -> None:
    """How precisely customers are placed."""
    counts = cached.geo_precisions(f.workspace, f.snapshot)
    table = pd.DataFrame(
        {
            t("quality.placed_by"): [t.code("geo_precision", code) for code in counts],
            t("page.customers.other", n="").strip(): list(counts.values()),
        }
    )
    figures.chart(charts.precision_bars(counts, t), table, "quality-places", title=t("quality.places.title"))
    st.caption(t("quality.places.note"))


def known(f: Filters, t: Translator) -> None:
    """The identification rate by store and channel."""
    st.subheader(t("overview.identification.title"), anchor=False)
    st.caption(t("overview.identification.note"))
    identification(f, t)


def _missing(names: list[str], t: Translator) -> None:
    """The tables the workspace lacks, what each would show, and one button to bring them."""
    st.subheader(t("empty.missing"), anchor=False)
    lacking = pd.DataFrame(
        {
            t("quality.table"): [t(f"codes.table.{name}") for name in names],
            t("empty.would_show"): [t(f"quality.would_show.{name}") for name in names],
        }
    )
    st.dataframe(lacking, hide_index=True, key="quality.missing")
    st.page_link(spec("import_files").target, label=t("empty.no_data.action"), icon=":material/upload:")


def _row(quality: TableQuality, t: Translator) -> dict[str, Any]:
    given = [column.name for column in TABLES[quality.name].given]
    used = sum(quality.filled.get(name, 0.0) > 0 for name in given)
    span = t.dates(quality.first, quality.last) if quality.first and quality.last else t.date(None)
    return {
        t("quality.table"): t(f"codes.table.{quality.name}"),
        t("quality.rows"): t.number(quality.rows),
        t("quality.span"): span,
        t("quality.columns"): t("quality.columns_of", used=t.number(used), all=t.number(len(given))),
    }


def _manifest() -> dict[str, Any]:
    snapshot = session.snapshot()
    return snapshot.manifest if snapshot is not None else {}


def _refused(manifest: dict[str, Any]) -> int | None:
    tables_of_import = manifest.get("tables")
    if not isinstance(tables_of_import, dict):
        return None
    return sum(int(counts.get("rejected", 0)) for counts in tables_of_import.values())
