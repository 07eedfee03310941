"""The cohort triangle with its switches, the customers behind a cell, and the average curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from analytics import cohort_cost, cohort_groups, cohorts
from charts import cohort as charts
from charts.cohort import Look
from i18n.translator import Translator
from ui.cached import cohorts as cached
from ui.cached.cohorts import Asked, CohortCell
from ui.cached.people import Wanted
from ui.components import customer_list, figures
from ui.components.cohort_switches import Chosen, axis, column_words, row_words, switches
from ui.components.customer_list import Listing
from ui.components.segments import shares_format
from ui.filters import Filters
from ui.text import plain

MONEY = frozenset({"revenue", "revenue_per_customer", "value_per_customer", "cumulative_revenue", "margin"})


def triangle(f: Filters, t: Translator) -> tuple[Asked, CohortCell | None]:
    """Draw the switches and the triangle.

    Returns
    -------
    (Asked, CohortCell or None)
        What the triangle shows, and the cell that was clicked.
    """
    st.subheader(t("cohorts.title"), anchor=False)
    chosen = switches(f, t)
    asked = chosen.asked
    cells = cached.triangle(*f.key, f.windows, asked)
    if cells.empty:
        st.markdown(t("cohorts.no_festival" if asked.festival else "people.none"))
        return asked, None
    cost = None
    if chosen.measure == "value_per_customer" and not asked.by:
        cost = cached.costs(*f.key, f.windows, asked)
        cells = cohort_cost.against_cost(cells, cost)
    rows = shown(cells, asked)
    average = cohort_groups.overall(cells) if asked.by else cohorts.averages(cells)
    totals = [(t("cohorts.average"), average)]
    if not asked.by:
        totals.append((t("cohorts.median"), cohorts.medians(cells)))
    look = _look(chosen, rows, cost, f, t)
    name = "-".join(("cohorts", asked.unit, asked.view, chosen.measure, asked.by, asked.festival))
    drawn = figures.chart(
        charts.triangle(rows, totals, look, t, figures.mode()),
        _table(rows, totals, look, t),
        name,
        column_config=_formats(rows, t),
        on_select=True,
        turn=customer_list.turn(name),
    )
    _notes(chosen, cost, f, t)
    found = customer_list.clicked(name, drawn)
    if not found or str(found[0]) == cohort_groups.OTHERS:
        return asked, None
    if asked.by:
        return asked, CohortCell(asked, None, int(found[1]), str(found[0]))
    return asked, CohortCell(asked, date.fromisoformat(str(found[0])), int(found[1]))


def shown(cells: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """The rows as they are drawn: cohorts, or each value's average over its cohorts."""
    if not asked.by:
        return cells.assign(row=cells["cohort"])
    return cohort_groups.pooled(cells).assign(row=lambda table: table["value"], mature=True)


def open_cell(cell: CohortCell, f: Filters, t: Translator) -> None:
    """Open the customers behind a cell of the triangle."""
    asked = cell.asked
    named = row_words(f, t, asked)(cell.cohort if cell.cohort is not None else cell.value)
    columns = column_words(asked, cell.column)
    kind = asked.view if cell.column else "all"
    base = t(
        f"cohorts.rule.{'value' if asked.by else 'festival' if asked.festival else 'cohort'}",
        row=named,
        festival=t(f"cohorts.festival.{asked.festival or 'none'}"),
    )
    then = t(f"cohorts.rule.{kind}", period=columns[cell.column], unit=axis(asked, t))
    title = t("cohorts.cell", row=named, period=columns[cell.column])
    customer_list.open_list(Listing("cohort", title, f"{base}, {then}", Wanted(among=cell)))


def writer(measure: str, t: Translator) -> Callable[[float], str]:
    """How the number of a cell is written: short, its unit stands below the triangle."""
    if measure == "rate":
        return lambda value: t.number(value * 100)
    if measure in ("customers", "orders"):
        return t.number_short
    return lambda value: t.number_short(value) if abs(value) >= 1000 else t.number(value)


def curve(f: Filters, t: Translator) -> None:
    """The average curve by month, classic and unbounded."""
    averages = {
        view: cached.averages(*f.key, f.windows, replace(Asked(last=24), view=view))
        for view in ("classic", "unbounded")
    }
    classic, unbounded = averages["classic"], averages["unbounded"]
    if len(classic) < 2:
        st.markdown(t("retention.sentence.too_short"))
        return
    st.markdown(t("retention.curve.explained"))
    both = classic[["period", "cohorts", "size", "customers", "rate"]].merge(
        unbounded[["period", "rate"]], on="period", suffixes=("", "_unbounded")
    )
    words = {code: t(f"cohorts.column.{code}") for code in both.columns}
    figures.chart(
        charts.curve(averages, t("cohorts.axis.month"), t),
        both.rename(columns=words),
        "retention-curve",
        title=t("retention.curve.title"),
        column_config=shares_format(
            {f"share_{code}" if "rate" in code else code: word for code, word in words.items()}
        ),
    )


def _look(chosen: Chosen, rows: pd.DataFrame, cost: pd.DataFrame | None, f: Filters, t: Translator) -> Look:
    asked = chosen.asked
    extra: dict[Any, str] = {}
    if cost is not None and cost["known"].sum():
        write = writer(chosen.measure, t)
        extra = {
            row.cohort: write(float(row.cost)) if row.known else t.number(None)  # type: ignore[arg-type]
            for row in cost.itertuples(index=False)
        }
    return Look(
        chosen.measure,
        writer(chosen.measure, t),
        row_words(f, t, asked),
        column_words(asked, int(rows["period"].max())),
        axis(asked, t),
        extra,
        t("cohorts.cost"),
    )


def _notes(chosen: Chosen, cost: pd.DataFrame | None, f: Filters, t: Translator) -> None:
    """What a number means, what the hatching means, what is not known."""
    asked, measure = chosen.asked, chosen.measure
    parts = [t(f"cohorts.note.{measure}", currency=f.currency)]
    if cost is not None:
        known, everyone = int(cost["known"].sum()), int(cost["customers"].sum())
        code = "cost_known" if known else "cost_missing"
        parts.append(t(f"cohorts.note.{code}", share=t.percent(known / everyone if everyone else None)))
    if asked.view == "unbounded" and measure not in ("rate", "customers"):
        parts.append(t("cohorts.note.unbounded_sums"))
    if asked.festival:
        parts.append(t("cohorts.note.festival", festival=t(f"cohorts.festival.{asked.festival}")))
    if asked.by == "lifecycle":
        parts.append(t("cohorts.note.lifecycle"))
    parts.append(t("cohorts.note.by" if asked.by else "cohorts.note.immature"))
    st.caption(plain(" ".join(parts), 1000))


def _table(
    rows: pd.DataFrame, totals: list[tuple[str, pd.DataFrame]], look: Look, t: Translator
) -> pd.DataFrame:
    """The numbers behind the triangle, the totals first."""
    parts = [table.assign(row=name, mature=True) for name, table in totals]
    body = rows.assign(row=[look.row(value) for value in rows["row"]])
    table = pd.concat([*parts, body], ignore_index=True)
    table["period"] = [look.columns[int(period)] for period in table["period"]]
    kept = [c for c in _COLUMNS if c in table.columns]
    return table[kept].rename(columns={code: t(f"cohorts.column.{code}") for code in kept})


def _formats(rows: pd.DataFrame, t: Translator) -> dict[str, Any]:
    return shares_format(
        {
            "share_" if code == "rate" else code: t(f"cohorts.column.{code}")
            for code in _COLUMNS
            if code not in ("row", "period", "mature") and (code in rows.columns or code == "cohorts")
        }
    )


_COLUMNS = (
    "row",
    "period",
    "cohorts",
    "size",
    "customers",
    "rate",
    "orders",
    "revenue",
    "revenue_per_customer",
    "value_per_customer",
    "cost",
    "mature",
)
