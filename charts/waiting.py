"""How long people take: the share to whom it has happened, by days, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from analytics.waiting import Waiting
from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator

_STEPS: Final = 240
_NICE_DAYS: Final = (7, 14, 30, 60, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its name in the reader's words and its estimate."""

    name: str
    found: Waiting


def shares(lines: Sequence[Line], most_days: int, axis: str, t: Translator, mode: Mode) -> go.Figure:
    """Draw curves that rise from 0, each with its name at its end and its 95% interval around it.

    Parameters
    ----------
    lines : sequence of Line
        At most three.
    most_days : int
        Where the axis ends.
    axis : str
        What is counted in days.
    t : Translator
    mode : {"light", "dark"}
    """
    figure = theme.figure(t, height=320)
    top = 0.0
    tables = [on_days(line.found, most_days) for line in lines]
    highest = max((float(table["share"].iloc[-1]) for table in tables), default=0.0)
    for line, table, colour in zip(lines, tables, palette.SERIES, strict=False):
        theme.band(figure, table["days"], table["low"], table["high"], palette.faint(colour, 0.16))
        _draw(figure, table, colour, t)
        last = table.iloc[-1]
        figure.add_annotation(
            x=last["days"],
            y=last["share"],
            text=f"{line.name}: {t.percent(last['share'], 0)}",
            showarrow=False,
            xanchor="right",
            yanchor="bottom" if last["share"] >= highest else "top",
            yshift=10 if last["share"] >= highest else -10,
            font={"color": palette.TEXT[mode]},
        )
        top = max(top, float(table["high"].max()))
    theme.number_axis(figure, "y", [0.0, min(1.0, top * 1.15)], lambda v: t.percent(v, 0))
    ticks = theme.nice_ticks(0, most_days, 6)
    figure.update_xaxes(
        title={"text": axis},
        tickmode="array",
        tickvals=ticks,
        ticktext=[t.number(v) for v in ticks],
        range=[0, most_days],
    )
    return figure


def _draw(figure: go.Figure, table: pd.DataFrame, colour: str, t: Translator) -> None:
    """One curve, told at every day."""
    hover = t(
        "climbing.hover",
        days="%{customdata[0]}",
        share="%{customdata[1]}",
        low="%{customdata[2]}",
        high="%{customdata[3]}",
    )
    figure.add_scatter(
        x=table["days"],
        y=table["share"],
        mode="lines",
        line={"color": colour, "width": 2.5},
        customdata=[
            [t.number(row.days), t.percent(row.share), t.percent(row.low), t.percent(row.high)]
            for row in table.itertuples()
        ],
        hovertemplate=f"{hover}<extra></extra>",
        showlegend=False,
    )


def on_days(found: Waiting, most_days: int) -> pd.DataFrame:
    """The curve on evenly spaced days from 0: ``days``, ``share``, ``low``, ``high``."""
    step = max(1, most_days // _STEPS)
    days = [*range(0, most_days, step), most_days]
    return pd.DataFrame([_at(found, day) for day in days])


def milestones(found: Waiting, most_days: int) -> pd.DataFrame:
    """The same after a week, two, a month ... as far as the data reach."""
    return pd.DataFrame([_at(found, day) for day in _NICE_DAYS if day <= most_days])


def _at(found: Waiting, day: int) -> dict[str, Any]:
    place = sum(1 for d in found.days if d <= day) - 1
    if place < 0:
        return {"days": day, "share": 0.0, "low": 0.0, "high": 0.0}
    return {"days": day, "share": found.share[place], "low": found.low[place], "high": found.high[place]}
