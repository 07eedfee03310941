"""Who buys in more than one channel."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator


def elsewhere(
    names: Sequence[str], buyers: Sequence[int], also: Sequence[int], t: Translator, mode: Mode
) -> go.Figure:
    """A bar for each channel: the buyers, and how many of them buy elsewhere too.

    Parameters
    ----------
    names : sequence of str
        The channels, the largest first; data, which Plotly gets escaped.
    buyers, also : sequence of int
        Buyers of the channel; of them, those of another channel too.
    t : Translator
    mode : {"light", "dark"}
    """
    places = list(range(len(names)))
    figure = theme.figure(t, height=58 * max(1, len(names)) + 20)
    for values, colour in ((buyers, palette.GRID[mode]), (also, palette.PRIMARY[mode])):
        figure.add_bar(
            x=list(values),
            y=places,
            width=0.36,
            orientation="h",
            marker={"color": colour},
            hoverinfo="skip",
            showlegend=False,
        )
    for place, name, many, some in zip(places, names, buyers, also, strict=True):
        share = t.percent(some / many) if many else t.percent(None)
        words = t(
            "persons.channels.bar", channel=name, buyers=t.number(many), also=t.number(some), share=share
        )
        figure.add_annotation(
            x=0,
            y=place - 0.36,
            text=words,
            showarrow=False,
            xanchor="left",
            yanchor="middle",
            font={"color": palette.TEXT[mode], "size": 13},
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, max([1, *buyers]) * 1.05], visible=False)
    figure.update_yaxes(range=[len(names) - 0.5, -0.7], visible=False)
    return figure
