"""A forecast beside what happened: week by week, by frequency, by tenth; and when cost comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts import palette, theme
from charts.amounts import round_money
from charts.escaping import map_text
from charts.palette import Mode
from i18n.translator import Translator


def tracking(weeks: pd.DataFrame, cumulative: bool, t: Translator, mode: Mode) -> go.Figure:
    """Repeat purchases by week or added up: what happened, and what the model expected.

    Parameters
    ----------
    weeks : DataFrame
        ``analytics.forecast.tracking``.
    cumulative : bool
    t : Translator
    mode : {"light", "dark"}
    """
    suffix = "_total" if cumulative else ""
    actual, expected = weeks[f"actual{suffix}"], weeks[f"expected{suffix}"]
    figure = theme.figure(t, height=340)
    days = list(weeks["week_end"])
    lines = (
        (actual, "forecast.actual", palette.MUTED[mode], "solid"),
        (expected, "forecast.expected", palette.PRIMARY[mode], "dash"),
    )
    for values, words, colour, dash in lines:
        figure.add_scatter(
            x=days,
            y=values,
            mode="lines",
            name=t(words),
            line={"color": colour, "width": 2, "dash": dash},
            customdata=[[t.number(value)] for value in values],
            hovertemplate="%{x}<br>%{customdata[0]}<extra>" + t(words) + "</extra>",
        )
    begin = next((day for day, out in zip(days, weeks["holdout"], strict=True) if out), None)
    if begin is not None:
        shade = {"fillcolor": palette.GRID[mode], "opacity": 0.45, "line_width": 0, "layer": "below"}
        figure.add_vrect(x0=begin, x1=days[-1], **shade)
        figure.add_annotation(
            x=begin,
            y=1,
            yref="paper",
            text=t("forecast.holdout"),
            showarrow=False,
            xanchor="left",
            yanchor="top",
            font={"color": palette.MUTED[mode]},
        )
    theme.number_axis(
        figure, "y", [*actual, *expected], t.number, title=t(f"forecast.axis.purchases{suffix}")
    )
    _months(figure, days, t)
    return figure


def pairs(
    names: Sequence[str],
    predicted: Sequence[float],
    actual: Sequence[float],
    write: Mapping[str, object],
    t: Translator,
    mode: Mode,
) -> go.Figure:
    """Two bars a group: forecast, and what happened.

    Parameters
    ----------
    names : sequence of str
        Groups, in order.
    predicted, actual : sequence of float
        Means per customer.
    write : mapping
        ``number``: callable that writes a value; ``x``, ``y``: titles of the axes.
    """
    figure = theme.figure(t, height=320)
    number = write["number"]
    bars = (
        (predicted, "forecast.expected", palette.PRIMARY[mode]),
        (actual, "forecast.actual", palette.MUTED[mode]),
    )
    for values, words, colour in bars:
        figure.add_bar(
            x=list(names),
            y=list(values),
            name=t(words),
            marker={"color": colour},
            customdata=[[number(value)] for value in values],  # type: ignore[operator]
            hovertemplate="%{x}<br>%{customdata[0]}<extra>" + t(words) + "</extra>",
        )
    figure.update_layout(barmode="group")
    theme.number_axis(figure, "y", [*predicted, *actual], number, title=str(write["y"]))  # type: ignore[arg-type]
    figure.update_xaxes(type="category", title={"text": str(write["x"])})
    return figure


def payback(
    curves: pd.DataFrame, costs: Mapping[str, float], words: Mapping[str, str], currency: str, t: Translator
) -> go.Figure:
    """Margin per customer added up by months since the first purchase, and where it pays the cost back.

    Parameters
    ----------
    curves : DataFrame
        ``payback.contribution_curve`` of the channels to draw, at most six.
    costs : mapping of channel to money
        A dot on the curve marks the month in which it is reached.
    words : mapping of channel to str
    currency : str
    t : Translator
    """
    figure = theme.figure(t, height=360)
    for place, (channel, own) in enumerate(curves.groupby(curves["channel"].fillna(""), sort=False)):
        colour = palette.SERIES[place % len(palette.SERIES)]
        name = map_text(words.get(str(channel), str(channel)), 28)
        figure.add_scatter(
            x=own["period"] + 1,
            y=own["cumulative"],
            mode="lines",
            name=name,
            line={"color": colour, "width": 2},
            customdata=[[t.money(value, currency)] for value in own["cumulative"]],
            hovertemplate="%{x}: %{customdata[0]}<extra>" + name + "</extra>",
        )
        back = own[own["cumulative"] >= costs.get(str(channel), float("nan"))].head(1)
        if len(back):
            figure.add_scatter(
                x=back["period"] + 1,
                y=back["cumulative"],
                mode="markers",
                marker={"color": colour, "size": 10, "line": {"color": "#fff", "width": 2}},
                showlegend=False,
                hoverinfo="skip",
            )
    theme.number_axis(
        figure,
        "y",
        curves["cumulative"],
        lambda value: round_money(value, currency, t),
        title=t("forecast.axis.cumulative"),
    )
    theme.number_axis(figure, "x", curves["period"] + 1, t.number, title=t("forecast.axis.months"))
    return figure


def _months(figure: go.Figure, days: Sequence[object], t: Translator) -> None:
    """Ticks at a handful of week ends, as the language writes months."""
    step = max(1, len(days) // 6)
    ticks = list(days)[::step]
    figure.update_xaxes(tickmode="array", tickvals=ticks, ticktext=[t.month(day) for day in ticks])  # type: ignore[arg-type]
