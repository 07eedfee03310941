"""Figures and map layers of the page Sites: tidy results in, nothing computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import palette, theme
from charts.amounts import round_money
from charts.escaping import map_text
from charts.maps import legends
from charts.maps.layers import Layers, Legend, Line, Point, legend_row
from i18n.translator import Translator


@dataclass(frozen=True, slots=True)
class Interval:
    """A name with P10, P50 and P90."""

    name: str
    low: float
    middle: float
    high: float


def intervals(rows: Sequence[Interval], texts: Sequence[str], t: Translator) -> go.Figure:
    """A bar from P10 to P90 with a mark at P50, one row each, in their order.

    Parameters
    ----------
    rows : sequence of Interval
    texts : sequence of str
        Beside each bar, in the reader's words.
    t : Translator
    """
    figure = theme.figure(t, height=max(140, 44 * len(rows) + 30))
    places = list(range(len(rows)))
    figure.add_bar(
        x=[row.high - row.low for row in rows],
        base=[row.low for row in rows],
        y=places,
        orientation="h",
        width=0.34,
        marker={"color": palette.SEQUENTIAL[3], "line": {"color": palette.SEQUENTIAL[5], "width": 1}},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=[row.middle for row in rows],
        y=places,
        mode="markers",
        marker={"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": palette.SEQUENTIAL[6]}},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=[max(row.high, 0.0) for row in rows],
        y=places,
        mode="text",
        text=[f"  {text}" for text in texts],
        textposition="middle right",
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    low = min([0.0, *(row.low for row in rows)])
    high = max([1e-9, *(row.high for row in rows)])
    figure.update_xaxes(range=[low, high + (high - low) * 0.75], visible=False)
    if low < 0:
        figure.add_vline(x=0, line={"color": palette.MUTED["light"], "width": 1})
    _names(figure, [row.name for row in rows])
    return figure


def bars(names: Sequence[str], values: Sequence[float], texts: Sequence[str], t: Translator) -> go.Figure:
    """Horizontal bars from zero with a text each, in their order."""
    figure = theme.figure(t, height=max(140, 34 * len(names) + 40))
    figure.add_bar(
        x=list(values),
        y=list(range(len(names))),
        orientation="h",
        marker={"color": palette.SERIES[0]},
        text=list(texts),
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    low, high = min([0.0, *values]), max([1e-9, *values])
    span = high - low
    figure.update_xaxes(range=[low - (span * 0.45 if low < 0 else 0), high + span * 0.6], visible=False)
    _names(figure, names)
    return figure


def by_count(
    counts: Sequence[int], values: Sequence[float], texts: Sequence[str], title: str, t: Translator
) -> go.Figure:
    """The objective by the number of new stores, with each value as text."""
    figure = theme.figure(t, height=240)
    figure.add_scatter(
        x=list(counts),
        y=list(values),
        mode="lines+markers+text",
        text=list(texts),
        textposition="top center",
        line={"color": palette.SERIES[0], "width": 2},
        marker={"size": 9},
        hoverinfo="skip",
        cliponaxis=False,
    )
    low, high = min([0.0, *values]), max([1e-9, *values])
    figure.update_xaxes(
        tickmode="array", tickvals=list(counts), title=title, range=[counts[0] - 0.6, counts[-1] + 0.6]
    )
    figure.update_yaxes(range=[low, high + (high - low) * 0.25], visible=False)
    return figure


def actual_and_predicted(
    names: Sequence[str],
    actual: Sequence[float],
    predicted: Sequence[float],
    words: tuple[str, str],
    currency: str,
    t: Translator,
) -> go.Figure:
    """What stores sold (filled) and what was forecast without their data (hollow), one row each."""
    figure = theme.figure(t, height=max(160, 28 * len(names) + 60))
    places = list(range(len(names)))
    for place, a, b in zip(places, actual, predicted, strict=True):
        figure.add_scatter(
            x=[a, b],
            y=[place, place],
            mode="lines",
            line={"color": palette.MUTED["light"], "width": 2},
            hoverinfo="skip",
            showlegend=False,
        )
    for values, word, symbol in ((actual, words[0], "circle"), (predicted, words[1], "circle-open")):
        figure.add_scatter(
            x=list(values),
            y=places,
            mode="markers",
            name=word,
            marker={"size": 11, "symbol": symbol, "color": palette.SERIES[0], "line": {"width": 2}},
            hoverinfo="skip",
        )
    theme.number_axis(figure, "x", [*actual, *predicted], lambda v: round_money(v, currency, t))
    _names(figure, names)
    return figure


def _names(figure: go.Figure, names: Sequence[str]) -> None:
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=[map_text(name, 28) for name in names],
        range=[len(names) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        ticks="outside",
        ticklen=6,
        tickcolor="rgba(0,0,0,0)",
    )


@dataclass(frozen=True, slots=True)
class Pin:
    """A candidate on the map: ``kind`` is ``chosen``, ``kept`` or ``out``; ``tip`` holds title and text."""

    lat: float
    lon: float
    name: str
    kind: str
    pick: str
    label: str = ""
    tip: tuple[tuple[str, str], ...] = ()


def candidate_layers(
    pins: Sequence[Pin], stores: Sequence[Mapping[str, Any]], t: Translator, *, serial: str
) -> Layers:
    """Candidates and stores: the chosen large and labelled, the kept filled, the excluded hollow.

    Parameters
    ----------
    pins : sequence of Pin
    stores : from ``charts.maps.marks.store_rows``
    t : Translator
    serial : str
        Changes with what is drawn.
    """
    looks = {"chosen": ("gold", 22, False), "kept": ("mark", 12, False), "out": ("muted", 11, True)}
    points = [
        Point(
            (pin.lat, pin.lon),
            pin.name,
            pin.tip,
            pick=pin.pick,
            label=pin.label,
            size=looks[pin.kind][1],
            look=looks[pin.kind][0],
            hollow=looks[pin.kind][2],
        )
        for pin in sorted(pins, key=lambda pin: ("out", "kept", "chosen").index(pin.kind))
    ]
    counts = {kind: sum(pin.kind == kind for pin in pins) for kind in looks}
    rows = [
        legend_row(
            "point", f"{t(f'sites.legend.{kind}')} ({t.number(counts[kind])})", look=look, hollow=hollow
        )
        for kind, (look, _, hollow) in looks.items()
        if counts[kind]
    ]
    rows += legends.pins(stores, t)
    return Layers(Legend(t("sites.legend.title"), rows), points=points, stores=stores, serial=serial)


def flow_layers(
    start: tuple[float, float],
    flows: pd.DataFrame,
    stores: Sequence[Mapping[str, Any]],
    t: Translator,
    *,
    serial: str,
) -> Layers:
    """Lines from a closed store to the stores its sales go to, as wide as the share.

    Parameters
    ----------
    start : (lat, lon)
    flows : DataFrame
        ``lat``, ``lon``, ``name``, ``share`` (0..1), ``text``.
    """
    most = float(flows["share"].max()) if len(flows) else 1.0
    lines = [
        Line(
            start,
            (float(row["lat"]), float(row["lon"])),
            2 + 8 * float(row["share"]) / most,
            ((str(row["name"]), str(row["text"])),),
        )
        for row in flows.to_dict("records")
        if row["share"] > 0
    ]
    rows = [legend_row("line", t("sites.legend.flow")), *legends.pins(stores, t)]
    return Layers(Legend(t("sites.legend.closing"), rows), lines=lines, stores=stores, serial=serial)
