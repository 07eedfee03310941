"""The figures of the Overview: new against existing, the four groups, revenue by region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import geopandas as gpd
import pandas as pd
import plotly.graph_objects as go

from charts import palette, theme
from charts.amounts import round_money
from i18n.translator import Translator

PARTS: Final = ("existing_revenue", "new_revenue", "unidentified_revenue")
_COLOURS: Final = {
    "existing_revenue": palette.LIFECYCLE["loyal"],
    "new_revenue": palette.LIFECYCLE["new"],
    "unidentified_revenue": "#B8BEC6",
}
_OUTLINES: Final = {
    "existing_revenue": palette.LIFECYCLE_OUTLINE["loyal"],
    "new_revenue": palette.LIFECYCLE_OUTLINE["new"],
    "unidentified_revenue": "#7A828C",
}


def trend(periods: pd.DataFrame, unit: str, currency: str, t: Translator) -> go.Figure:
    """Revenue of existing, new and unidentified customers, stacked, one bar a period.

    Parameters
    ----------
    periods : DataFrame
        From ``analytics.trends.trend``.
    unit : {"day", "week", "month"}
    currency : str
    t : Translator
    """
    figure = theme.figure(t)
    labels = [_label(day, unit, t) for day in periods["period"]]
    for part in PARTS:
        if not (periods[part] != 0).any():
            continue
        figure.add_bar(
            x=labels,
            y=periods[part],
            name=t(f"overview.part.{part}"),
            marker={
                "color": _COLOURS[part],
                "line": {"color": _OUTLINES[part], "width": 1},
                "pattern": {"shape": ["" if done else "/" for done in periods["complete"]], "size": 6},
            },
            customdata=[t.money(value, currency) for value in periods[part]],
            hovertemplate="%{x}<br>%{customdata}<extra>" + t(f"overview.part.{part}") + "</extra>",
        )
    figure.update_layout(barmode="relative", bargap=0.2)
    figure.update_xaxes(type="category", nticks=12)
    theme.number_axis(figure, "y", _stacked(periods), lambda v: round_money(v, currency, t))
    return figure


def groups(sizes: pd.DataFrame, t: Translator) -> go.Figure:
    """Customers of each lifecycle group, with number and share at the bar."""
    figure = theme.figure(t, height=220)
    drawn = sizes.iloc[::-1]
    markers = [theme.lifecycle_marker(code) for code in drawn["lifecycle"]]
    figure.add_bar(
        x=drawn["customers"],
        y=[t.code("lifecycle", code) for code in drawn["lifecycle"]],
        orientation="h",
        marker={
            "color": [marker["color"] for marker in markers],
            "line": {"color": [marker["line"]["color"] for marker in markers], "width": 1},
        },
        text=[
            f"{t.number(row.customers)} · {t.percent(row.share_of_customers)}" for row in drawn.itertuples()
        ],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    most = float(drawn["customers"].max() or 1)
    figure.update_xaxes(range=[0, most * 1.45], visible=False)
    figure.update_yaxes(ticklabelstandoff=8)
    figure.update_layout(bargap=0.35)
    return figure


def identification(rates: pd.DataFrame, names: Sequence[str], t: Translator) -> go.Figure:
    """Share of orders with a known customer, one bar a store or channel, the lowest at the top.

    Parameters
    ----------
    rates : DataFrame
        ``orders``, ``identification_rate`` (0..1), in the order to draw.
    names : sequence of str
        What each row is called.
    t : Translator
    """
    figure = theme.figure(t, height=40 + 30 * len(rates))
    figure.add_bar(
        x=list(rates["identification_rate"])[::-1],
        y=list(names)[::-1],
        orientation="h",
        marker={"color": palette.SERIES[0]},
        text=[t.percent(rate) for rate in rates["identification_rate"]][::-1],
        textposition="outside",
        cliponaxis=False,
        customdata=[t.number(n) for n in rates["orders"]][::-1],
        hovertemplate="%{y}<br>" + t("overview.column.orders") + ": %{customdata}<extra></extra>",
    )
    figure.update_xaxes(range=[0, 1.12], visible=False)
    figure.update_yaxes(type="category", ticklabelstandoff=8)
    return figure


def region_map(
    outlines: gpd.GeoDataFrame, values: Mapping[str, float], written: Mapping[str, str], t: Translator
) -> go.Figure:
    """Regions as filled shapes, darker for more; needs no network.

    Parameters
    ----------
    outlines : GeoDataFrame
        ``code``, ``name``, ``geometry`` (simplified, WGS 84) of the regions to draw.
    values : mapping of region code to float
    written : mapping of region code to str
        The value as it is read, for the hover.
    t : Translator
    """
    figure = theme.figure(t, height=220)
    most = max([*values.values(), 1e-9])
    for row in outlines.itertuples():
        value = values.get(row.code, 0.0)
        x, y = _rings(row.geometry)
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            fill="toself",
            fillcolor=_shade(value / most) if value > 0 else "rgba(128,128,128,0.12)",
            line={"color": "#7A828C", "width": 0.6},
            text=f"{row.name}<br>{written.get(row.code, t.number(None))}",
            hoverinfo="text",
            hoveron="fills",
            showlegend=False,
        )
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def _label(day: pd.Timestamp, unit: str, t: Translator) -> str:
    return t.month(day) if unit == "month" else t.date(day)


def _stacked(periods: pd.DataFrame) -> list[float]:
    parts = periods[list(PARTS)]
    return [*parts.clip(lower=0).sum(axis=1), *parts.clip(upper=0).sum(axis=1)]


def _shade(share: float) -> str:
    steps = palette.SEQUENTIAL
    return steps[min(int(share**0.5 * len(steps)), len(steps) - 1)]


def _rings(shape: object) -> tuple[list[float | None], list[float | None]]:
    """The outer rings of a shape as one line with gaps."""
    parts = getattr(shape, "geoms", [shape])
    x: list[float | None] = []
    y: list[float | None] = []
    for part in parts:
        if part is None or part.is_empty:
            continue
        ring = list(part.exterior.coords)
        x += [*(point[0] for point in ring), None]
        y += [*(point[1] for point in ring), None]
    return x, y
