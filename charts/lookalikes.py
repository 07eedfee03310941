"""Look-alikes: what makes them alike, and forecasts beside what was found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from analytics.lookalikes_tested import Bin
from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator

_TIMES: Final = (0.25, 1.0, 4.0)
_NEAR: Final = (0.5, 1.0, 2.0)
WIDE: Final = 32
"""Letters of a line beside a mark; a longer name takes another line."""

_MOST: Final = 3.0
"""Marks end at an eighth and at eight times."""


def odds(rows: pd.DataFrame, t: Translator, mode: Mode) -> go.Figure:
    """Odds ratios with their intervals on a scale on which half and double are equally far from 1.

    Parameters
    ----------
    rows : DataFrame
        ``name`` (in the reader's words, escaped), ``value``, ``low``, ``high``, ``certain`` (bool).
    t : Translator
    mode : {"light", "dark"}
    """
    scaled = rows.assign(**{name: [_log(v) for v in rows[name]] for name in ("value", "low", "high")})
    labels = [
        t(
            "lookalikes.times",
            value=t.number(value, 2),
            low=t.number(low, 2),
            high=t.number(high, 2),
        )
        for value, low, high in rows[["value", "low", "high"]].astype(float).to_numpy()
    ]
    figure = _ranges(scaled, labels, t, mode, t("lookalikes.axis.odds"))
    reach = _reach(scaled)
    offered = _TIMES if reach > 1.5 else _NEAR
    ticks = [tick for tick in offered if abs(math.log2(tick)) <= reach * 1.05]
    figure.update_xaxes(
        tickmode="array",
        tickvals=[math.log2(tick) for tick in ticks],
        ticktext=["×" + t.number(tick, 0 if tick >= 1 else len(str(tick)) - 2) for tick in ticks],
    )
    return figure


def weights(rows: pd.DataFrame, t: Translator, mode: Mode) -> go.Figure:
    """Weights of standardised features with their intervals around 0.

    Parameters
    ----------
    rows : DataFrame
        ``name`` (escaped), ``value``, ``low``, ``high``, ``certain`` (bool), in standard deviations.
    """
    labels = [
        t("lookalikes.between", value=t.signed(value, 2), low=t.signed(low, 2), high=t.signed(high, 2))
        for value, low, high in rows[["value", "low", "high"]].astype(float).to_numpy()
    ]
    figure = _ranges(rows, labels, t, mode, t("lookalikes.axis.weights"))
    reach = _reach(rows)
    ticks = [tick for tick in theme.nice_ticks(-reach, reach, 3) if abs(tick) <= reach]
    decimals = 2 if reach < 0.2 else 1
    figure.update_xaxes(
        tickmode="array", tickvals=ticks, ticktext=[t.signed(tick, decimals) for tick in ticks]
    )
    return figure


def calibration(bins: Sequence[Bin], t: Translator, mode: Mode) -> go.Figure:
    """What was forecast for each tenth of the held-out customers, and what was found, with its interval."""
    figure = theme.figure(t, height=320)
    most = max([bin_.found.high for bin_ in bins] + [bin_.forecast for bin_ in bins])
    figure.add_scatter(
        x=[0, most],
        y=[0, most],
        mode="lines",
        line={"color": palette.MUTED[mode], "width": 1, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=[bin_.forecast for bin_ in bins],
        y=[bin_.found.value for bin_ in bins],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [bin_.found.high - bin_.found.value for bin_ in bins],
            "arrayminus": [bin_.found.value - bin_.found.low for bin_ in bins],
            "color": palette.MUTED[mode],
            "thickness": 1.2,
        },
        mode="markers",
        marker={"color": palette.PRIMARY[mode], "size": 9},
        hovertext=[
            t("lookalikes.calibration.hover", forecast=t.percent(b.forecast), found=t.percent(b.found.value))
            for b in bins
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    shares = [0.0, most]
    theme.number_axis(
        figure, "x", shares, lambda v: t.percent(v, 0), title=t("lookalikes.calibration.forecast")
    )
    theme.number_axis(figure, "y", shares, lambda v: t.percent(v, 0), title=t("lookalikes.calibration.found"))
    return figure


def _ranges(rows: pd.DataFrame, labels: Sequence[str], t: Translator, mode: Mode, axis: str) -> go.Figure:
    """Dots with intervals, the numbers below the name; grey where the interval includes the middle."""
    names = ["<br>".join(wrap(str(name), WIDE, break_long_words=False)) for name in rows["name"]]
    lines = max((name.count("<br>") for name in names), default=0) + 2
    figure = theme.figure(t, height=(10 + 17 * lines) * max(1, len(rows)) + 80)
    value = rows["value"].astype(float)
    figure.add_scatter(
        x=value,
        y=list(range(len(rows))),
        error_x={
            "type": "data",
            "symmetric": False,
            "array": rows["high"].astype(float) - value,
            "arrayminus": value - rows["low"].astype(float),
            "color": palette.MUTED[mode],
            "thickness": 1.5,
            "width": 4,
        },
        mode="markers",
        marker={
            "color": [_fill(certain, v, mode) for certain, v in zip(rows["certain"], value, strict=True)],
            "size": 11,
            "line": {"color": palette.MUTED[mode], "width": 0.5},
        },
        hovertext=[f"{name}: {label}" for name, label in zip(rows["name"], labels, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
    reach = _reach(rows)
    figure.update_xaxes(range=[-reach * 1.08, reach * 1.08])
    told = [f"{name}<br>{label}" for name, label in zip(names, labels, strict=True)]
    theme.around_middle(figure, told, axis, mode)
    return figure


def _reach(rows: pd.DataFrame) -> float:
    return max(1e-9, *(abs(float(v)) for name in ("low", "high") for v in rows[name])) if len(rows) else 1.0


def _log(value: float) -> float:
    return max(-_MOST, min(_MOST, math.log2(value))) if value > 0 else -_MOST


def _fill(certain: bool, value: float, mode: Mode) -> str:
    if not certain:
        return palette.GRID[mode]
    return palette.DIVERGING[8] if value > 0 else palette.DIVERGING[2]
