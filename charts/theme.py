"""One look for every figure: a template, axes that count in the reader's language, honest bars.

A chart builder starts with :func:`figure`, adds traces, and returns the figure; the component that
draws it (``ui/components/figures.py``) puts the light or dark template on with :func:`dress`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Final, Literal

import plotly.graph_objects as go

from charts import palette
from charts.palette import Mode
from i18n.translator import Translator

FONT: Final = "'Source Sans', 'Source Sans Pro', 'Segoe UI', Arial, sans-serif"
HEIGHT: Final = 360
HATCH: Final = {"shape": "/", "size": 5, "solidity": 0.35}
"""``marker.pattern`` of a period that is not over yet; say so in words beside it."""


@cache
def template(mode: Mode) -> go.layout.Template:
    """The Plotly template for a light or a dark page: transparent, quiet grid, tabular figures."""
    axis = {
        "gridcolor": palette.GRID[mode],
        "linecolor": palette.GRID[mode],
        "zerolinecolor": palette.MUTED[mode],
        "zerolinewidth": 1,
        "tickfont": {"color": palette.MUTED[mode], "size": 13},
        "title": {"font": {"color": palette.MUTED[mode], "size": 13}, "standoff": 8},
        "automargin": True,
        "ticks": "",
    }
    layout = go.Layout(
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": palette.TEXT[mode]},
        colorway=list(palette.SERIES),
        xaxis={**axis, "showgrid": False},
        yaxis=axis,
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "xanchor": "left",
            "yanchor": "bottom",
            "font": {"color": palette.TEXT[mode]},
        },
        hoverlabel={
            "bgcolor": palette.BACKGROUND[mode],
            "bordercolor": palette.MUTED[mode],
            "font": {"color": palette.TEXT[mode], "family": FONT, "size": 13},
            "align": "left",
        },
        bargap=0.25,
        uniformtext={"mode": "hide", "minsize": 11},
        dragmode=False,
    )
    return go.layout.Template(layout=layout)


def figure(t: Translator, *, height: int = HEIGHT) -> go.Figure:
    """An empty figure in the language's separators, ready for traces and :func:`dress`.

    Parameters
    ----------
    t : Translator
    height : int
        Pixels.
    """
    made = go.Figure()
    made.update_layout(height=height, separators=",." if t.lang == "id" else ".,")
    return made


def dress(figure: go.Figure, mode: Mode) -> go.Figure:
    """The figure itself (a copy costs as much as drawing it), in the template of a light or a dark page."""
    figure.layout.template = template(mode)
    return figure


def nice_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round values that span a range, from a multiple of 1, 2 or 5 below to one above.

    Examples
    --------
    >>> nice_ticks(0, 870)
    [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]
    """
    if not math.isfinite(low) or not math.isfinite(high) or high <= low:
        return [0.0, 1.0] if not high > 0 else [0.0, float(high)]
    rough = (high - low) / wanted
    size = 10.0 ** math.floor(math.log10(rough))
    step = next((m * size for m in (1, 2, 5, 10) if m * size >= rough), 10 * size)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(i * step, 10) for i in range(first, last + 1)]


LAST_TICK: Final = 40
"""Pixels at the right: plotly leaves out the word of a last tick that would run out of the figure."""


def number_axis(
    figure: go.Figure,
    axis: Literal["x", "y", "y2"],
    values: Iterable[float | None],
    write: Callable[[float], str],
    *,
    title: str = "",
) -> go.Figure:
    """Give an axis round ticks from zero, written by the translator.

    Plotly's own "k" and "M" mean other things in Malay and Indonesian, so the ticks are texts.

    Parameters
    ----------
    figure : Figure
    axis : {"x", "y", "y2"}
    values : iterable of float or None
        What is drawn on the axis; the range holds 0 and all of them.
    write : callable
        Such as ``t.number`` or ``lambda v: t.money_short(v, "MYR")``.
    title : str
        The unit, where the ticks do not carry it.
    """
    known = [float(v) for v in values if v is not None and math.isfinite(v)]
    ticks = nice_ticks(min([0.0, *known]), max([0.0, *known]))
    options = {
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [write(v) for v in ticks],
        "range": [ticks[0], ticks[-1]],
    } | ({"title": {"text": title}} if title else {})
    update = figure.update_xaxes if axis == "x" else figure.update_yaxes
    update(options, selector=None if axis != "y2" else {"overlaying": "y"})
    return figure


def band(
    figure: go.Figure,
    x: Iterable[Any],
    low: Iterable[Any],
    high: Iterable[Any],
    fill: str,
    *,
    name: str = "",
) -> None:
    """Fill the room between two lines: an interval, in the legend where it has a name."""
    places = list(x)
    figure.add_scatter(
        x=[*places, *places[::-1]],
        y=[*high, *list(low)[::-1]],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=fill,
        hoverinfo="skip",
        name=name,
        showlegend=bool(name),
    )


def around_middle(figure: go.Figure, names: Sequence[str], axis: str, mode: Mode) -> None:
    """Name rows from the top, and draw the line they lie left and right of, with its words below."""
    quiet = {"showgrid": False, "zeroline": False}
    figure.add_vline(x=0, line={"color": palette.MUTED[mode], "width": 1})
    figure.update_xaxes(quiet)
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=list(names),
        range=[len(names) - 0.5, -0.5],
        **quiet,
    )
    figure.add_annotation(
        x=0,
        y=0,
        yref="paper",
        yanchor="top",
        yshift=-24,
        text=axis,
        showarrow=False,
        font={"color": palette.MUTED[mode], "size": 13},
    )
    figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 56})


def lifecycle_marker(code: str) -> dict[str, Any]:
    """The marker of a lifecycle group: its colour, and the outline that makes pale fills hold 3:1."""
    return {
        "color": palette.LIFECYCLE[code],
        "line": {"color": palette.LIFECYCLE_OUTLINE[code], "width": 1},
    }


def at_most(names: Sequence[str], limit: int = 6) -> tuple[list[str], list[str]]:
    """Split names, most important first, into those drawn by themselves and those drawn as "other".

    Examples
    --------
    >>> at_most(["a", "b", "c"], 2)
    (['a'], ['b', 'c'])
    """
    names = list(names)
    return (names, []) if len(names) <= limit else (names[: limit - 1], names[limit - 1 :])
