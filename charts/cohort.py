"""The cohort triangle and the average curve."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from charts import cell_grid, palette, theme
from charts.cell_grid import Cell
from charts.palette import Mode
from i18n.translator import Translator

MEASURES: Final = ("rate", "customers", "revenue_per_customer", "revenue")
"""What a cell of the triangle can show; ``cumulative_revenue`` beside ``revenue`` in the table."""

FITS_WIDE: Final = 14
"""Up to so many periods the numbers stand in full size."""


def triangle(
    cells: pd.DataFrame,
    average: pd.DataFrame,
    measure: str,
    write: Callable[[float], str],
    t: Translator,
    mode: Mode,
) -> go.Figure:
    """Cohorts by month of the first purchase; periods to the right; the average row on top.

    Parameters
    ----------
    cells : DataFrame
        From ``analytics.cohorts.triangle``.
    average : DataFrame
        From ``analytics.cohorts.averages``: mature periods only, weighted.
    measure : str
        Column of both that is shown.
    write : callable
        The number of a cell as it is read.
    t : Translator
    mode : {"light", "dark"}

    Returns
    -------
    Figure
        A click carries (cohort as ISO date, period); the first column is the whole cohort.
    """
    cohorts = sorted(cells["cohort"].unique())
    periods = int(cells["period"].max()) if len(cells) else 0
    later = cells[(cells["period"] > 0) & cells["mature"]]
    span = (float(later[measure].min()), float(later[measure].max())) if len(later) else (0.0, 0.0)
    drawn = _average_row(average, measure, span, write, t)
    for place, cohort in enumerate(cohorts, start=1):
        for row in cells[cells["cohort"] == cohort].itertuples():
            drawn.append(_cell(row, place, measure, span, write, t))
    dense = periods > FITS_WIDE
    return cell_grid.draw(
        drawn,
        [t("retention.triangle.size"), *(str(period) for period in range(1, periods + 1))],
        [t("retention.triangle.average"), *(t.month(cohort) for cohort in cohorts)],
        t,
        mode,
        row_height=22 if dense else 25,
        text_size=11 if dense else 13,
        column_title=t("retention.triangle.periods"),
        apart=True,
    )


def curve(averages: dict[str, pd.DataFrame], t: Translator) -> go.Figure:
    """Average share of a cohort by months since the first purchase, one line a view.

    Parameters
    ----------
    averages : dict of view to DataFrame
        ``period``, ``rate``; mature periods only.
    t : Translator
    """
    figure = theme.figure(t)
    colours = (palette.SERIES[0], palette.SERIES[2])
    rates: list[float] = []
    places = ("bottom right", "top right")
    for colour, place, (view, average) in zip(colours, places, averages.items(), strict=False):
        later = average[average["period"] > 0]
        if later.empty:
            continue
        rates += list(later["rate"])
        label = t(f"retention.curve.{view}")
        figure.add_scatter(
            x=later["period"],
            y=later["rate"],
            mode="lines+markers+text",
            line={"color": colour, "width": 2},
            marker={"size": 6},
            text=[label, *([""] * (len(later) - 1))],
            textposition=place,
            textfont={"color": colour},
            cliponaxis=False,
            customdata=[
                [t.percent(row.rate), t.number(row.cohorts), t.number(row.size)]
                for row in later.itertuples(index=False)
            ],
            hovertemplate=t("retention.curve.hover", period="%{x}", rate="%{customdata[0]}")
            + "<extra></extra>",
            showlegend=False,
        )
    figure.update_xaxes(title={"text": t("retention.triangle.periods")}, dtick=1 if len(rates) < 60 else 3)
    theme.number_axis(figure, "y", rates, lambda v: t.percent(v, 0), title=t("retention.curve.axis"))
    return figure


def _level(value: float, span: tuple[float, float]) -> float | None:
    """Place a value between the least and the most of the mature cells, 0..1."""
    low, high = span
    if not high > low:
        return 0.5 if high > 0 else None
    return min(max((value - low) / (high - low), 0.0), 1.0) * 0.999


def _average_row(
    average: pd.DataFrame,
    measure: str,
    span: tuple[float, float],
    write: Callable[[float], str],
    t: Translator,
) -> list[Cell]:
    drawn = []
    row: Any
    for row in average.itertuples(index=False):
        value = float(getattr(row, measure))
        first = row.period == 0
        drawn.append(
            Cell(
                column=int(row.period),
                row=0,
                level=None if first else _level(value, span),
                text=t.number(row.size) if first else write(value),
                hover=t("retention.triangle.average_hover", n=t.number(row.cohorts), value=write(value)),
            )
        )
    return drawn


def _cell(
    row: Any,
    place: int,
    measure: str,
    span: tuple[float, float],
    write: Callable[[float], str],
    t: Translator,
) -> Cell:
    value = float(getattr(row, measure))
    period, mature = int(row.period), bool(row.mature)
    first = period == 0
    month = t.month(row.cohort)
    size = t.number(row.size)
    hover = [
        t("retention.triangle.hover", month=month, n=size),
        t("retention.triangle.hover_period", period=period, value=write(value)),
    ]
    if not mature:
        hover.append(t("retention.triangle.immature"))
    return Cell(
        column=period,
        row=place,
        level=None if first else _level(value, span),
        text=size if first else write(value),
        hover="<br>".join(hover),
        data=(f"{row.cohort:%Y-%m-%d}", period),
        hatched=not mature and not first,
    )
