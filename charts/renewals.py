"""Who renewed from term to term, how a base of customers changed, and how a cohort will go on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from analytics.projection import Projection
from analytics.retention import Retention
from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator


def by_term(found: pd.DataFrame, names: Sequence[str], t: Translator, mode: Mode) -> go.Figure:
    """Renewed and lost customers of each term as bars; the renewal rate is written above.

    Parameters
    ----------
    found : DataFrame
        From ``analytics.renewals.by_term``.
    names : sequence of str
        The name of each term.

    Returns
    -------
    Figure
        A click carries (first day of the term, ``renewed`` or ``lost``).
    """
    figure = theme.figure(t)
    immature = [not bool(mature) for mature in found["mature"]]
    for code, colour in (("renewed", palette.SERIES[0]), ("lost", palette.SERIES[4])):
        figure.add_bar(
            x=list(names),
            y=found[code],
            name=t(f"renewals.{code}"),
            marker={
                "color": colour,
                "pattern": {
                    "shape": ["/" if young else "" for young in immature],
                    "size": 5,
                    "solidity": 0.35,
                },
            },
            customdata=[
                [f"{day:%Y-%m-%d}", code, t.number(n)]
                for day, n in zip(found["term"], found[code], strict=True)
            ],
            hovertemplate=t(f"renewals.{code}") + ": %{customdata[2]}<extra>%{x}</extra>",
            unselected={"marker": {"opacity": 1}},
        )
    figure.add_scatter(
        x=list(names),
        y=found["active"],
        mode="text",
        text=[t.percent(rate, 0) for rate in found["rate"]],
        textposition="top center",
        textfont={"color": palette.TEXT[mode]},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    figure.update_layout(barmode="stack", margin={"t": 48})
    figure.update_xaxes(type="category", tickangle=0 if len(found) < 10 else -45)
    top = float(found["active"].max()) if len(found) else 0.0
    theme.number_axis(figure, "y", [top * 1.08], t.number_short, title=t("renewals.axis"))
    return figure


def moves(found: Retention, t: Translator, mode: Mode) -> go.Figure:
    """From the customers at the start to those at the end: lost, won back, new."""
    figure = theme.figure(t, height=300)
    steps = (
        ("start", "total", found.start),
        ("lost", "relative", -found.lost),
        ("won_back", "relative", found.won_back),
        ("new", "relative", found.new),
        ("end", "total", found.end),
    )
    figure.add_waterfall(
        x=[t(f"renewals.moves.{code}") for code, _, _ in steps],
        y=[value for _, _, value in steps],
        measure=["absolute" if kind == "total" else kind for _, kind, _ in steps],
        text=[t.number(v) if kind == "total" else t.signed(v) for _, kind, v in steps],
        textposition="outside",
        hoverinfo="skip",
        cliponaxis=False,
        connector={"line": {"color": palette.MUTED[mode], "width": 1}},
        totals={"marker": {"color": palette.PRIMARY[mode]}},
        increasing={"marker": {"color": palette.SERIES[0]}},
        decreasing={"marker": {"color": palette.SERIES[4]}},
    )
    tallest = max(found.start, found.end, found.kept + found.won_back + found.new)
    theme.number_axis(figure, "y", [tallest * 1.08], t.number_short, title=t("renewals.axis"))
    figure.update_layout(margin={"t": 24})
    return figure


def projection(found: Projection, axis: str, t: Translator, mode: Mode) -> go.Figure:
    """Share of a cohort left: what was fitted, what was held out, what lies ahead, with its interval."""
    figure = theme.figure(t)
    table = found.table
    later = table[table["part"] != "fitted"]
    start = table[table["part"] == "fitted"].iloc[-1]
    theme.band(
        figure,
        [start["period"], *later["period"]],
        [start["actual"], *later["low"]],
        [start["actual"], *later["high"]],
        palette.faint(palette.SERIES[0], 0.2),
        name=t("renewals.projection.interval"),
    )
    figure.add_scatter(
        x=table["period"],
        y=table["expected"],
        mode="lines",
        line={"color": palette.SERIES[0], "width": 2},
        name=t("renewals.projection.expected"),
        customdata=[[t.percent(v)] for v in table["expected"]],
        hovertemplate=t("renewals.projection.expected") + ": %{customdata[0]}<extra></extra>",
    )
    for part, symbol in (("fitted", "circle"), ("holdout", "circle-open")):
        mine = table[(table["part"] == part)]
        if mine.empty:
            continue
        figure.add_scatter(
            x=mine["period"],
            y=mine["actual"],
            mode="markers",
            marker={
                "color": palette.TEXT[mode],
                "size": 9,
                "symbol": symbol,
                "line": {"width": 2, "color": palette.TEXT[mode]},
            },
            name=t(f"renewals.projection.{part}"),
            cliponaxis=False,
            customdata=[[t.percent(v)] for v in mine["actual"]],
            hovertemplate=t(f"renewals.projection.{part}") + ": %{customdata[0]}<extra></extra>",
        )
    figure.update_xaxes(title={"text": axis}, dtick=1 if len(table) < 20 else 3)
    theme.number_axis(figure, "y", [0, 1], lambda v: t.percent(v, 0), title=t("renewals.projection.axis"))
    return figure
