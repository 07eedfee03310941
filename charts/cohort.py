"""The cohort triangle and the average curve."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from charts import cell_grid, palette, theme
from charts.cell_grid import Cell
from charts.escaping import map_text
from charts.palette import Mode
from i18n.translator import Translator

FITS_WIDE: Final = 14
"""Up to so many columns the numbers stand in full size."""

FITS_NARROW: Final = 8
"""With more columns a cell is too narrow on a phone for a cohort's size, so that column is wider."""

SIZES_WIDE: Final = 1.8

SUM_OF_FIRST: Final = frozenset({"rate", "customers"})
"""Measures that say nothing in period 0, where everybody bought: its column is left out."""

PAID_BACK: Final = "✓"


@dataclass(frozen=True, slots=True)
class Look:
    """How a triangle is written.

    Parameters
    ----------
    measure : str
        The column of the cells that is shown.
    write : callable
        The number of a cell as it is read.
    row : callable
        The name of a row: of a cohort's first day, or of a value of the breakdown. May hold data.
    columns : sequence of str
        The name of each period from 0.
    title : str
        Above the columns.
    extra : mapping, optional
        A second column of numbers beside the sizes: row to text.
    extra_title : str
    """

    measure: str
    write: Callable[[float], str]
    row: Callable[[Any], str]
    columns: Sequence[str]
    title: str
    extra: Mapping[Hashable, str] = field(default_factory=dict)
    extra_title: str = ""


def triangle(
    rows: pd.DataFrame,
    totals: Sequence[tuple[str, pd.DataFrame]],
    look: Look,
    t: Translator,
    mode: Mode,
) -> go.Figure:
    """Cohorts (or values of a breakdown) down, periods to the right, totals on top.

    Parameters
    ----------
    rows : DataFrame
        ``row`` (a date or a text), ``period``, ``size``, ``mature``, the measure; optionally
        ``paid_back``.
    totals : sequence of (name, DataFrame)
        Such as the weighted average and the median: ``period``, ``cohorts``, ``size``, the measure.
    look : Look
    t : Translator
    mode : {"light", "dark"}

    Returns
    -------
    Figure
        A click carries (row, period), a date as ISO text; the first column is the whole row.
    """
    names = list(dict.fromkeys(rows["row"]))
    shift = 1 + bool(look.extra) - (look.measure in SUM_OF_FIRST)
    known = rows[rows["mature"] & (rows["period"] > 0)]
    values = known[look.measure].astype(float)
    span = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    drawn: list[Cell] = []
    for place, (_, total) in enumerate(totals):
        drawn += _total(total, place, shift, span, look, t)
    for place, name in enumerate(names, start=len(totals)):
        drawn += _row(rows[rows["row"] == name], name, place, shift, span, look, t)
    heads = [t("cohorts.size"), *([look.extra_title] if look.extra else [])]
    heads += look.columns[1:] if look.measure in SUM_OF_FIRST else look.columns
    dense = len(heads) > FITS_WIDE
    return cell_grid.draw(
        drawn,
        heads,
        [*(name for name, _ in totals), *(map_text(look.row(name), 22) for name in names)],
        t,
        mode,
        row_height=22 if dense or len(names) > FITS_WIDE else 25,
        text_size=11 if dense else 13,
        column_title=look.title,
        apart=len(totals),
        first_width=SIZES_WIDE if len(heads) > FITS_NARROW else 1.0,
    )


def curve(averages: dict[str, pd.DataFrame], axis: str, t: Translator) -> go.Figure:
    """Average share of a cohort by periods since the first purchase, one line a view.

    Parameters
    ----------
    averages : dict of view to DataFrame
        ``period``, ``rate``; mature periods only.
    axis : str
        What the periods are.
    t : Translator
    """
    figure = theme.figure(t)
    colours = (palette.SERIES[0], palette.SERIES[2])
    rates: list[float] = []
    places = (-14, 14)
    for colour, place, (view, average) in zip(colours, places, averages.items(), strict=False):
        later = average[average["period"] > 0]
        if later.empty:
            continue
        rates += list(later["rate"])
        label = t(f"retention.curve.{view}")
        figure.add_scatter(
            x=later["period"],
            y=later["rate"],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": 6},
            customdata=[[t.percent(row.rate)] for row in later.itertuples(index=False)],
            hovertemplate=t("cohorts.hover_period", period="%{x}", value="%{customdata[0]}")
            + "<extra></extra>",
            showlegend=False,
        )
        figure.add_annotation(
            x=later["period"].iloc[0],
            y=later["rate"].iloc[0],
            text=f"<span style='color:{colour}'>●</span> {label}",
            showarrow=False,
            xanchor="left",
            yshift=place,
        )
    figure.update_xaxes(title={"text": axis}, dtick=1 if len(rates) < 30 else 2 if len(rates) < 60 else 4)
    theme.number_axis(figure, "y", rates, lambda v: t.percent(v, 0), title=t("retention.curve.axis"))
    return figure


def _level(value: float, span: tuple[float, float]) -> float | None:
    """Place a value between the least and the most of the mature cells, 0..1."""
    low, high = span
    if not high > low:
        return 0.5 if high > 0 else None
    return min(max((value - low) / (high - low), 0.0), 1.0) * 0.999


def _total(
    total: pd.DataFrame, place: int, shift: int, span: tuple[float, float], look: Look, t: Translator
) -> list[Cell]:
    drawn = []
    row: Any
    for row in total.itertuples(index=False):
        value, period = float(getattr(row, look.measure)), int(row.period)
        if period == 0:
            drawn.append(Cell(column=0, row=place, level=None, text=t.number(row.size)))
        if period + shift > 0:
            hover = t("cohorts.total_hover", n=t.number(row.cohorts), value=look.write(value))
            drawn.append(Cell(period + shift, place, _level(value, span), look.write(value), hover))
    return drawn


def _row(
    cells: pd.DataFrame,
    name: Any,
    place: int,
    shift: int,
    span: tuple[float, float],
    look: Look,
    t: Translator,
) -> list[Cell]:
    key = f"{name:%Y-%m-%d}" if isinstance(name, date) else str(name)
    words = map_text(look.row(name), 40)
    drawn: list[Cell] = []
    row: Any
    for row in cells.itertuples(index=False):
        value, period, mature = float(getattr(row, look.measure)), int(row.period), bool(row.mature)
        whole = t("cohorts.hover", row=words, n=t.number(row.size))
        if period == 0:
            drawn.append(Cell(0, place, None, t.number(row.size), whole, (key, 0)))
            if look.extra:
                drawn.append(Cell(1, place, None, look.extra.get(name, t.number(None)), whole, ()))
        if period + shift <= 0:
            continue
        text = look.write(value)
        hover = [whole, t("cohorts.hover_period", period=look.columns[period], value=text)]
        if getattr(row, "paid_back", False):
            text += PAID_BACK
            hover.append(t("cohorts.paid_back"))
        if not mature:
            hover.append(t("cohorts.immature"))
        drawn.append(
            Cell(
                column=period + shift,
                row=place,
                level=_level(value, span),
                text=text,
                hover="<br>".join(hover),
                data=(key, period),
                hatched=not mature,
            )
        )
    return drawn
