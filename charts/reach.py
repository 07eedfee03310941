"""How many of a group can be written to, and what is in the way of the rest."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator


def obstacles(
    codes: Sequence[str], counts: Sequence[int], words: Sequence[str], t: Translator, mode: Mode
) -> go.Figure:
    """A bar for each obstacle, the reachable ones in the main colour, with number and share.

    The words stand above the bars, so that they are read in full on a narrow screen.

    Parameters
    ----------
    codes : sequence of str
        ``analytics.reach.OBSTACLES``, those that occur.
    counts : sequence of int
    words : sequence of str
        The obstacles in the reader's words.
    t : Translator
    mode : {"light", "dark"}
    """
    total = max(1, sum(counts))
    figure = theme.figure(t, height=58 * max(1, len(codes)) + 20)
    figure.add_bar(
        x=list(counts),
        y=list(range(len(codes))),
        width=0.36,
        orientation="h",
        marker={
            "color": [palette.PRIMARY[mode] if code == "reachable" else palette.MUTED[mode] for code in codes]
        },
        text=[f"{t.number(n)} · {t.percent(n / total)}" for n in counts],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    for place, word in enumerate(words):
        figure.add_annotation(
            x=0,
            y=place - 0.36,
            text=word,
            showarrow=False,
            xanchor="left",
            yanchor="middle",
            font={"color": palette.TEXT[mode], "size": 13},
        )
    figure.update_xaxes(range=[0, max([1, *counts]) * 1.5], visible=False)
    figure.update_yaxes(range=[len(codes) - 0.5, -0.7], visible=False)
    return figure
