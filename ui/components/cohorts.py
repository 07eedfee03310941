"""The cohort triangle with its switches, and the average curve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import streamlit as st

from analytics import cohorts
from charts import cohort as charts
from i18n.translator import Translator
from ui.cached import retention as cached
from ui.cached.people import Wanted
from ui.components import customer_list, figures
from ui.components.customer_list import Listing
from ui.components.inputs import choice
from ui.components.segments import shares_format
from ui.filters import Filters

MONTHS: Final = (12, 24, 0)
MEASURES: Final = ("customers", "revenue")
UNITS: Final = ("rate", "number")
COLUMNS: Final = {
    ("customers", "rate"): "rate",
    ("customers", "number"): "customers",
    ("revenue", "rate"): "revenue_per_customer",
    ("revenue", "number"): "revenue",
}


def triangle(f: Filters, t: Translator) -> tuple[date, int, str] | None:
    """Draw the triangle.

    Returns
    -------
    tuple or None
        Cohort, period and view of the cell that was clicked.
    """
    st.subheader(t("retention.triangle.title"), anchor=False)
    view, measure, unit, months = _switches(t)
    cells = cached.triangle(*f.key, f.windows, view, months)
    if cells.empty:
        st.markdown(t("people.none"))
        return None
    column = COLUMNS[measure, unit]
    average = cohorts.averages(cells)
    table = cells.rename(columns={name: t(f"people.column.{name}") for name in cells.columns})
    name = f"retention-triangle-{view}-{measure}-{unit}-{months or 0}"
    drawn = figures.chart(
        charts.triangle(cells, average, column, writer(column, f, t), t, figures.mode()),
        table,
        name,
        column_config=shares_format(
            {
                "share_" if code == "rate" else code: t(f"people.column.{code}")
                for code in cells.columns
                if code not in ("cohort", "mature")
            }
        ),
        on_select=True,
        turn=customer_list.turn(name),
    )
    st.caption(t(f"retention.triangle.note_{column}") + " " + t("retention.triangle.note_immature"))
    found = customer_list.clicked(name, drawn)
    return (date.fromisoformat(str(found[0])), int(found[1]), view) if found else None


def writer(column: str, f: Filters, t: Translator) -> Callable[[float], str]:
    """How the number of a cell is written: short, its unit stands below the triangle."""
    if column == "rate":
        return lambda value: t.number(value * 100)
    if column == "customers":
        return t.number
    return lambda value: t.number_short(value)


def curve(f: Filters, t: Translator) -> None:
    """The average curve, classic and unbounded."""
    months = choice(t("retention.months.label"), MONTHS, "retention.curve.months", lambda m: _months(m, t))
    averages = {
        view: cohorts.averages(cached.triangle(*f.key, f.windows, view, months or None))
        for view in cohorts.VIEWS
    }
    st.markdown(t("retention.curve.explained"))
    classic, unbounded = averages["classic"], averages["unbounded"]
    both = classic[["period", "cohorts", "size", "customers", "rate"]].merge(
        unbounded[["period", "rate"]], on="period", suffixes=("", "_unbounded")
    )
    headers = {name: t(f"people.column.{name}") for name in both.columns}
    formats = {
        "share_" if code == "rate" else "share_u" if code == "rate_unbounded" else code: word
        for code, word in headers.items()
    }
    figures.chart(
        charts.curve(averages, t),
        both.rename(columns=headers),
        "retention-curve",
        title=t("retention.curve.title"),
        column_config=shares_format(formats),
    )


def open_cell(cell: tuple[date, int, str], f: Filters, t: Translator) -> None:
    """Open the customers behind a cell of the triangle."""
    cohort, period, view = cell
    title = t("retention.cell.title", month=t.month(cohort), period=period)
    rule = t(f"retention.cell.{view if period else 'all'}", month=t.month(cohort), period=period)
    wanted = Wanted(cell=(cohort, period, view))
    customer_list.open_list(Listing("cohort", title, rule, wanted))


def _switches(t: Translator) -> tuple[str, str, str, int | None]:
    with st.container(horizontal=True, gap="small"):
        view = choice(
            t("retention.view.label"), cohorts.VIEWS, "retention.view", lambda c: t(f"retention.view.{c}")
        )
        measure = choice(
            t("retention.measure.label"), MEASURES, "retention.measure", lambda c: t(f"people.column.{c}")
        )
        unit = choice(
            t("retention.unit.label"), UNITS, "retention.unit", lambda c: t(f"retention.unit.{measure}_{c}")
        )
        months = choice(t("retention.months.label"), MONTHS, "retention.months", lambda m: _months(m, t))
    return view, measure, unit, months or None


def _months(months: int, t: Translator) -> str:
    return t("retention.months.some", n=months) if months else t("retention.months.all")
