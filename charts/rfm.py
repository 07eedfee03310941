"""The RFM grid and its named groups."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analytics.rfm_grid import Grid
from charts import cell_grid, palette, theme
from charts.cell_grid import Cell
from charts.palette import Mode
from i18n.translator import Translator


def heat(
    cells: pd.DataFrame, grid: Grid, money: int | None, currency: str, t: Translator, mode: Mode
) -> go.Figure:
    """Recency against frequency; darker holds more customers.

    Parameters
    ----------
    cells : DataFrame
        ``r``, ``f``, ``customers``, ``revenue``; combinations without customers may be left out.
    grid : Grid
        The names.
    money : int or None
        The monetary score that is shown; with one, each cell has exactly one name, written in it.
    currency : str
    t : Translator
    mode : {"light", "dark"}

    Returns
    -------
    Figure
        A click carries (r, f).
    """
    found: dict[Any, Any] = {(row.r, row.f): row for row in cells.itertuples()}
    most = max([1, *cells["customers"]]) if len(cells) else 1
    drawn = []
    scores = range(1, grid.bins + 1)
    for r in scores:
        for f in scores:
            row = found.get((r, f))
            people = int(row.customers) if row is not None else 0
            names = _names(grid, r, f, money, t)
            label = t.number(people) if money is None else f"{t.number(people)}<br>{names[0]}"
            drawn.append(
                Cell(
                    column=f - 1,
                    row=grid.bins - r,
                    level=people / most * 0.999 if people else None,
                    text=label,
                    hover="<br>".join(
                        [
                            t("segments.rfm.cell", r=r, f=f),
                            t.plural("page.customers", people),
                            t.money_short(row.revenue if row is not None else 0.0, currency),
                            *names,
                        ]
                    ),
                    data=(r, f),
                )
            )
    return cell_grid.draw(
        drawn,
        [f"F{score}" for score in scores],
        [f"R{score}" for score in reversed(scores)],
        t,
        mode,
        row_height=56,
        column_title=t("segments.rfm.frequency_axis"),
        row_title=t("segments.rfm.recency_axis"),
    )


def names(sizes: pd.DataFrame, currency: str, t: Translator) -> go.Figure:
    """Customers of each named group, from the best to the worst; a click carries the code.

    Parameters
    ----------
    sizes : DataFrame
        ``rfm_segment``, ``customers``, ``revenue``.
    currency : str
    t : Translator
    """
    figure = theme.figure(t, height=30 * len(sizes) + 40)
    figure.add_bar(
        x=sizes["customers"],
        y=[t.code("rfm_segment", code) for code in sizes["rfm_segment"]],
        orientation="h",
        marker={"color": palette.SERIES[0]},
        text=[
            f"{t.number(row.customers)} · {t.money_short(row.revenue, currency)}"
            for row in sizes.itertuples()
        ],
        textposition="outside",
        cliponaxis=False,
        customdata=[[code] for code in sizes["rfm_segment"]],
        hovertext=[t(f"rfm.{code}.definition") for code in sizes["rfm_segment"]],
        hovertemplate="%{y}: %{text}<br>%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
    )
    figure.update_xaxes(range=[0, max([1, *sizes["customers"]]) * 1.7], visible=False)
    figure.update_yaxes(
        autorange="reversed",
        showgrid=False,
        ticks="outside",
        ticklen=6,
        tickcolor="rgba(0,0,0,0)",
    )
    return figure


def _names(grid: Grid, r: int, f: int, money: int | None, t: Translator) -> list[str]:
    """The names of a cell, once each: one with a monetary score, else all that occur."""
    scores = range(1, grid.bins + 1) if money is None else [money]
    codes = dict.fromkeys(grid.names[r, f, m] for m in reversed(list(scores)))
    return [t.code("rfm_segment", code) for code in codes]
