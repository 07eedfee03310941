"""What a group buys against the others: bars left and right of 100."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator

_MOST: Final = 3.0
"""Bars end at an eighth and at eight times: 12.5 and 800."""

_TICKS: Final = (25, 50, 100, 200, 400)


def index(rows: pd.DataFrame, names: Sequence[str], t: Translator, mode: Mode) -> go.Figure:
    """The index of each value on a scale on which half and double are equally far from 100.

    Purple is more than the others, orange less, grey may be chance.

    Parameters
    ----------
    rows : DataFrame
        ``share``, ``rest``, ``index`` (NaN: the others have none of it), ``verdict``.
    names : sequence of str
        Of the rows, in the reader's words.
    t : Translator
    mode : {"light", "dark"}
    """
    figure = theme.figure(t, height=30 * max(1, len(rows)) + 80)
    lengths = [_length(value) for value in rows["index"]]
    labels = _labels(rows, t)
    figure.add_bar(
        x=lengths,
        y=list(range(len(rows))),
        orientation="h",
        marker={
            "color": [_fill(verdict, mode) for verdict in rows["verdict"]],
            "line": {"color": palette.MUTED[mode], "width": 0.5},
        },
        hovertext=[f"{name}: {label}" for name, label in zip(names, labels, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    reach = max([1.0, *(abs(x) for x in lengths)])
    figure.add_scatter(
        x=[reach * 1.08] * len(rows),
        y=list(range(len(rows))),
        mode="text",
        text=labels,
        textposition="middle right",
        textfont={"color": palette.TEXT[mode], "size": 13},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    ticks = [tick for tick in _TICKS if abs(math.log2(tick / 100)) <= reach * 1.05]
    figure.update_xaxes(
        tickmode="array",
        tickvals=[math.log2(tick / 100) for tick in ticks],
        ticktext=[t.number(tick) for tick in ticks],
        range=[-reach * 1.08, reach * 2.9],
    )
    theme.around_middle(figure, names, t("profile.axis"), mode)
    figure.update_layout(bargap=0.35)
    return figure


def _labels(rows: pd.DataFrame, t: Translator) -> list[str]:
    return [
        t(
            "profile.bar",
            index=t.number(value) if math.isfinite(value) else "∞",
            share=t.percent(share),
            rest=t.percent(rest),
        )
        for value, share, rest in rows[["index", "share", "rest"]].astype(float).to_numpy()
    ]


def _length(value: Any) -> float:
    """The logarithm to base 2 of index / 100, within bounds; unknown counts as the most."""
    if not math.isfinite(float(value)):
        return _MOST
    if value <= 0:
        return -_MOST
    return max(-_MOST, min(_MOST, math.log2(float(value) / 100.0)))


def _fill(verdict: str, mode: Mode) -> str:
    more, less = palette.DIVERGING[8], palette.DIVERGING[2]
    return {"more": more, "less": less}.get(verdict, palette.GRID[mode])
