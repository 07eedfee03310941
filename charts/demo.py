"""When a programme pays: what it leaves at each rise of retention."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts import palette, theme
from charts.amounts import round_money
from charts.palette import Mode
from i18n.translator import Translator


def net_by_points(
    points: Sequence[float],
    nets: Sequence[float],
    here: tuple[float, float],
    needed: float | None,
    currency: str,
    t: Translator,
    mode: Mode,
) -> go.Figure:
    """The net of a programme over the rise of retention; below zero it does not pay.

    Parameters
    ----------
    points, nets : sequence of float
        Rises (0.05 is 5 points) in order, and money over all customers.
    here : (float, float)
        The rise that is looked at, and its net.
    needed : float or None
        The rise from which it pays; marked where it lies on the chart.
    currency : str
    t : Translator
    mode : {"light", "dark"}
    """
    figure = theme.figure(t, height=340)
    bad, good = palette.BAD[mode], palette.GOOD[mode]
    shown = [100 * point for point in points]
    if needed is not None and 0 < 100 * needed < shown[-1]:  # both lines meet where it begins to pay
        place = sum(point < needed for point in points)
        shown, nets = [*shown[:place], 100 * needed, *shown[place:]], [*nets[:place], 0.0, *nets[place:]]
    below = [net if net <= 0 else None for net in nets]
    above = [net if net >= 0 else None for net in nets]
    for values, colour, dash in ((below, bad, "dot"), (above, good, "solid")):
        figure.add_scatter(
            x=shown,
            y=values,
            mode="lines",
            line={"color": colour, "width": 4, "dash": dash},
            hoverinfo="skip",
            showlegend=False,
        )
    figure.add_scatter(
        x=[100 * here[0]],
        y=[here[1]],
        mode="markers",
        marker={"size": 18, "color": good if here[1] > 0 else bad},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    theme.number_axis(figure, "x", shown, lambda v: t.number(v), title=t("demo.chart.points"))
    theme.number_axis(figure, "y", [*nets, here[1]], lambda v: round_money(v, currency, t))
    figure.update_xaxes(range=[0, shown[-1]], tickfont={"size": 16}, title={"font": {"size": 16}})
    figure.update_yaxes(tickfont={"size": 16})
    figure.add_hline(y=0, line={"color": palette.TEXT[mode], "width": 1.5})
    if needed is not None and 0 < 100 * needed < shown[-1]:
        figure.add_vline(
            x=100 * needed,
            line={"color": palette.MUTED[mode], "width": 1.5, "dash": "dash"},
            annotation={"text": t("demo.chart.needed"), "font": {"size": 16, "color": palette.TEXT[mode]}},
            annotation_position="top right",
        )
    return figure
