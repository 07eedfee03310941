"""The figures of the Quality page."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from charts import palette, theme
from i18n.translator import Translator


def precision_bars(counts: Mapping[str, int], t: Translator) -> go.Figure:
    """Customers by what their coordinates stand for, most precise first.

    Parameters
    ----------
    counts : mapping of ``geo_precision`` code to customers
    t : Translator
    """
    total = sum(counts.values()) or 1
    codes = list(counts)[::-1]
    figure = theme.figure(t, height=64 + 36 * len(codes))
    figure.add_bar(
        x=[counts[code] for code in codes],
        y=[t.code("geo_precision", code) for code in codes],
        orientation="h",
        marker={"color": ["#9AA3AD" if code == "none" else palette.SERIES[0] for code in codes]},
        text=[f"{t.number(counts[code])} · {t.percent(counts[code] / total)}" for code in codes],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    figure.update_xaxes(range=[0, max(counts.values(), default=1) * 1.35], visible=False)
    figure.update_yaxes(ticklabelstandoff=8)
    return figure
