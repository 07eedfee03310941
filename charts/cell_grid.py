"""A grid of filled cells with a number in each: RFM and cohorts.

Cells are bars, not a heat map: bars can be hatched, carry an outline, and be clicked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator

ROW_HEIGHT = 30
GAP = 0.3
HATCH = "rgba(128,136,148,0.5)"
EMPTY = "rgba(128,128,128,0.08)"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    ``column``, ``row`` are places from 0, the row 0 on top; ``level`` is 0..1 for the colour, None
    for a cell without one; ``text`` is written in it and ``hover`` beside it; ``data`` is what a
    click carries; a ``hatched`` cell is not complete yet.
    """

    column: int
    row: int
    level: float | None
    text: str
    hover: str = ""
    data: Sequence[Any] = ()
    hatched: bool = False


def shade(level: float, mode: Mode) -> str:
    """The colour of 0..1 on the teal ramp: more is further from the page's background."""
    ramp = palette.SEQUENTIAL if mode == "light" else palette.SEQUENTIAL[::-1]
    return ramp[min(int(max(level, 0.0) * len(ramp)), len(ramp) - 1)]


def draw(
    cells: Sequence[Cell],
    columns: Sequence[str],
    rows: Sequence[str],
    t: Translator,
    mode: Mode,
    *,
    row_height: int = ROW_HEIGHT,
    text_size: int = 13,
    column_title: str = "",
    row_title: str = "",
    apart: int = 0,
    first_width: float = 1.0,
) -> go.Figure:
    """Draw the cells.

    Parameters
    ----------
    cells : sequence of Cell
    columns, rows : sequence of str
        Their labels, left to right and top to bottom.
    t : Translator
    mode : {"light", "dark"}
    row_height : int
        Pixels.
    text_size : int
        Pixels; a text that does not fit its cell is left out (the table behind has it).
    column_title, row_title : str
    apart : int
        So many rows from the top are totals and stand a little apart from the others.
    first_width : float, >= 1
        How wide the first column is, in widths of the others: counts need more room than shares.
    """
    figure = theme.figure(t, height=row_height * len(rows) + 76)
    fills = [
        HATCH if cell.hatched else EMPTY if cell.level is None else shade(cell.level, mode) for cell in cells
    ]
    text = palette.TEXT[mode]
    inks = [
        text if cell.level is None or cell.hatched else palette.readable_on(fill)
        for cell, fill in zip(cells, fills, strict=True)
    ]
    figure.add_bar(
        x=[first_width if cell.column == 0 else 1.0 for cell in cells],
        base=[0.5 - first_width if cell.column == 0 else cell.column - 0.5 for cell in cells],
        y=[_place(cell.row, apart=apart) for cell in cells],
        width=1,
        orientation="h",
        marker={
            "color": fills,
            "line": {"color": palette.BACKGROUND[mode], "width": 1.5},
            "pattern": {
                "shape": ["/" if cell.hatched else "" for cell in cells],
                "size": 6,
                "solidity": 0.2,
            },
        },
        text=[cell.text for cell in cells],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": inks, "size": text_size},
        customdata=[list(cell.data) for cell in cells],
        hovertext=[cell.hover for cell in cells],
        hovertemplate="%{hovertext}<extra></extra>",
        unselected={"marker": {"opacity": 1}},
        selected={"marker": {"opacity": 1}},
        showlegend=False,
    )
    figure.update_layout(bargap=0, barmode="overlay", uniformtext={"mode": "hide", "minsize": 10})
    figure.update_xaxes(
        tickmode="array",
        tickvals=[1 - (1 + first_width) / 2, *range(1, len(columns))][: len(columns)],
        ticktext=list(columns),
        range=[0.5 - first_width, len(columns) - 0.5],
        side="top",
        showgrid=False,
        zeroline=False,
        title={"text": column_title},
        tickangle=0,
    )
    figure.update_yaxes(
        tickmode="array",
        tickvals=[_place(row, apart=apart) for row in range(len(rows))],
        ticktext=list(rows),
        range=[_place(len(rows) - 1, apart=apart) + 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        title={"text": row_title},
    )
    return figure


def _place(row: int, *, apart: int) -> float:
    return row + GAP if apart and row >= apart else float(row)
