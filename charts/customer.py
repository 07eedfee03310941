"""One customer over time: orders and feedback, groups and the chance of still being there, the place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import pandas as pd
import plotly.graph_objects as go

from analytics.lifecycle import CODES
from charts import overview, palette, theme
from charts.amounts import round_money
from charts.palette import Mode
from i18n.translator import Translator

DAY_MS = 86_400_000


def timeline(
    orders: pd.DataFrame, feedback: pd.DataFrame, last: date, currency: str, t: Translator, mode: Mode
) -> go.Figure:
    """Each order as a bar at its day, each feedback as a mark above.

    Parameters
    ----------
    orders : DataFrame
        ``day``, ``amount``, ``channel``.
    feedback : DataFrame
        ``day``, ``kind``, ``score``.
    last : date
        End of the axis: the last day of the data.
    currency : str
    t : Translator
    mode : {"light", "dark"}
    """
    figure = theme.figure(t, height=280)
    figure.add_bar(
        x=list(orders["day"]),
        y=list(orders["amount"]),
        width=_width(orders, last),
        marker={"color": palette.PRIMARY[mode]},
        customdata=[
            [t.date(day), t.money(amount, currency)]
            for day, amount in zip(orders["day"], orders["amount"], strict=True)
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        showlegend=False,
    )
    top = max([1.0, *orders["amount"]])
    if len(feedback):
        figure.add_scatter(
            x=list(feedback["day"]),
            y=[top * 1.12] * len(feedback),
            mode="markers+text",
            marker={"symbol": "diamond", "size": 11, "color": palette.GOLD},
            text=[t.number(score) for score in feedback["score"]],
            textposition="top center",
            name=t("customer.feedback"),
            customdata=[[t.code("feedback_kind", kind)] for kind in feedback["kind"]],
            hovertemplate="%{customdata[0]}: %{text}<extra></extra>",
        )
    theme.number_axis(
        figure,
        "y",
        [*orders["amount"], top * (1.3 if len(feedback) else 1.0)],
        lambda value: round_money(value, currency, t),
        title=t("customer.axis.order"),
    )
    _time_axis(figure, min(orders["day"]), last, t)
    return figure


def path(
    ends: Sequence[date],
    groups: Sequence[str | None],
    alive: Sequence[float] | None,
    t: Translator,
    mode: Mode,
) -> go.Figure:
    """The lifecycle group of each month as a band, and above it the chance of still being there.

    Parameters
    ----------
    ends : sequence of date
        Last days of the months.
    groups : sequence of str or None
        ``lifecycle.CODES``.
    alive : sequence of float or None
        0..1; None where no model can say.
    """
    figure = theme.figure(t, height=300)
    for code in CODES:
        days = [end for end, group in zip(ends, groups, strict=True) if group == code]
        if days:
            figure.add_bar(
                x=days,
                y=[0.12] * len(days),
                base=-0.16,
                width=31 * DAY_MS,
                name=t.code("lifecycle", code),
                marker={"color": palette.LIFECYCLE[code], "line": {"width": 0}},
                hovertemplate="%{x}<extra>" + t.code("lifecycle", code) + "</extra>",
            )
    if alive is not None:
        figure.add_scatter(
            x=list(ends),
            y=list(alive),
            mode="lines",
            line={"color": palette.PRIMARY[mode], "width": 2},
            name=t("customer.alive"),
            customdata=[[t.percent(value, 0)] for value in alive],
            hovertemplate="%{x}: %{customdata[0]}<extra></extra>",
        )
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    figure.update_yaxes(
        range=[-0.18, 1.05], tickmode="array", tickvals=ticks, ticktext=[t.percent(v, 0) for v in ticks]
    )
    figure.update_layout(bargap=0, barmode="overlay")
    _time_axis(figure, ends[0], ends[-1], t)
    return figure


def place(
    outlines: gpd.GeoDataFrame, code: str, lon: float | None, lat: float | None, t: Translator
) -> go.Figure:
    """The customer's region among the others, and a dot where the customer is placed."""
    figure = overview.region_map(outlines, {code: 1.0}, {}, t)
    if lon is not None and lat is not None:
        figure.add_scatter(
            x=[lon],
            y=[lat],
            mode="markers",
            marker={"size": 12, "color": palette.GOLD, "line": {"color": "#fff", "width": 2}},
            hoverinfo="skip",
            showlegend=False,
        )
    return figure


def _width(orders: pd.DataFrame, last: date) -> float:
    """Bars as wide as a hundredth of the span, so that one order can be seen; in milliseconds."""
    span = (last - min(orders["day"])).days if len(orders) else 0
    return max(1.0, span / 150) * DAY_MS


def _time_axis(figure: go.Figure, first: date, last: date, t: Translator) -> None:
    months = pd.date_range(pd.Timestamp(first).replace(day=1), pd.Timestamp(last), freq="MS")
    step = max(1, len(months) // 6)
    ticks = [month.date() for month in months[::step]]
    figure.update_xaxes(tickmode="array", tickvals=ticks, ticktext=[t.month(day) for day in ticks])
