"""The Pareto curve: how much the best customers bring."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from analytics.pareto import GOLD_PERCENT, Concentration
from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator


def curve(points: pd.DataFrame, found: Concentration, measure: str, t: Translator, mode: Mode) -> go.Figure:
    """Cumulative share of value against cumulative share of customers, the best first.

    Parameters
    ----------
    points : DataFrame
        From ``analytics.pareto.curve``: ``share_of_customers``, ``share_of_value``.
    found : Concentration
        The same customers in numbers.
    measure : {"revenue", "margin"}
    t : Translator
    mode : {"light", "dark"}
    """
    figure = theme.figure(t)
    figure.add_scatter(
        x=points["share_of_customers"],
        y=points["share_of_value"],
        mode="lines",
        line={"color": palette.SERIES[0], "width": 2.5},
        customdata=[
            [t.percent(row.share_of_customers, 0), t.percent(row.share_of_value)]
            for row in points.itertuples()
        ],
        hovertemplate=t("segments.pareto.hover", customers="%{customdata[0]}", value="%{customdata[1]}")
        + "<extra></extra>",
        showlegend=False,
    )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": palette.MUTED[mode], "width": 1, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_annotation(
        x=0.98,
        y=0.4,
        text=t("segments.pareto.equal"),
        showarrow=False,
        xanchor="right",
        yanchor="top",
        font={"color": palette.MUTED[mode]},
    )
    if found.smallest_share.value is not None:
        _mark_most(figure, found, t, mode)
    if found.gold_share.value is not None:
        _mark_gold(figure, found, measure, t, mode)
    figure.update_xaxes(
        title={"text": t("segments.pareto.customers_axis")},
        tickmode="array",
        tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1],
        ticktext=[t.percent(v, 0) for v in (0, 0.2, 0.4, 0.6, 0.8, 1)],
        range=[0, 1],
    )
    values = [0.0, 1.0, *points["share_of_value"].dropna()]
    theme.number_axis(
        figure, "y", values, lambda v: t.percent(v, 0), title=t(f"segments.pareto.{measure}_axis")
    )
    return figure


def _mark_gold(figure: go.Figure, found: Concentration, measure: str, t: Translator, mode: Mode) -> None:
    """The point of the Gold customers, with its number beside it."""
    x = found.gold_customers / found.customers
    y = found.gold_share.value
    figure.add_scatter(
        x=[x, x, 0],
        y=[0, y, y],
        mode="lines",
        line={"color": palette.GOLD, "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=[x],
        y=[y],
        mode="markers",
        marker={"color": palette.GOLD, "size": 12, "line": {"color": palette.GOLD_OUTLINE, "width": 1}},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_annotation(
        x=x,
        y=y,
        text=t("segments.pareto.gold_mark", percent=t.percent(GOLD_PERCENT / 100, 0), share=t.percent(y)),
        showarrow=False,
        xanchor="left",
        yanchor="top",
        xshift=12,
        yshift=-6,
        font={"color": palette.TEXT[mode], "size": 14},
    )


def _mark_most(figure: go.Figure, found: Concentration, t: Translator, mode: Mode) -> None:
    """The point by which most of the value is brought; its words only where there is room."""
    x, y = found.smallest_share.value or 0.0, found.of_total
    figure.add_scatter(
        x=[x],
        y=[y],
        mode="markers",
        marker={"color": palette.PRIMARY[mode], "size": 11, "symbol": "diamond"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_annotation(
        x=x,
        y=y,
        text=t("climbing.most_mark", of_total=t.percent(y, 0), customers=t.percent(x)),
        showarrow=False,
        xanchor="left" if x < 0.6 else "right",
        yanchor="top" if x < 0.6 else "bottom",
        xshift=12 if x < 0.6 else -12,
        yshift=-4 if x < 0.6 else 4,
        font={"color": palette.TEXT[mode], "size": 13},
    )
