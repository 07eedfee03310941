"""Figures of catchments: sales by distance, overlap of stores, and the check of each store."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from charts import palette, theme
from charts.amounts import round_money
from charts.escaping import plain_text
from charts.palette import Mode
from i18n.translator import Translator

MOST_STORES: Final = 14
LONGEST: Final = 28


def band_name(band: int, edges: tuple[float, ...], t: Translator) -> str:
    """``1-2 km``; the last band is ``50 km and more``."""
    low = t.number(edges[band])
    if band + 1 == len(edges):
        return t("catchments.band.last", low=low)
    return t("catchments.band.between", low=low, high=t.number(edges[band + 1]))


def bands(table: pd.DataFrame, t: Translator, mode: Mode) -> go.Figure:
    """Share of sales by band of distance, with what has been reached so far in the hover.

    Parameters
    ----------
    table : DataFrame, one row per band in order
        ``name``, ``share``, ``reached`` (cumulative share), ``customers``.
    """
    figure = theme.figure(t, height=320)
    figure.add_bar(
        x=table["name"],
        y=table["share"],
        marker={"color": palette.PRIMARY[mode]},
        text=[t.percent(value) for value in table["share"]],
        textposition="outside",
        cliponaxis=False,
        customdata=[[t.percent(r.reached), t.number(r.customers)] for r in table.itertuples()],
        hovertemplate=t("catchments.band.hover", reached="%{customdata[0]}", n="%{customdata[1]}")
        + "<extra></extra>",
    )
    theme.number_axis(figure, "y", [*table["share"] * 1.1], lambda v: t.percent(v, 0))
    figure.update_yaxes(title={"text": t("catchments.band.share")})
    figure.update_xaxes(title={"text": t("catchments.band.axis")}, type="category")
    return figure


def penetration(table: pd.DataFrame, t: Translator, mode: Mode) -> go.Figure:
    """Customers per thousand inhabitants by band, with 95% intervals.

    Parameters
    ----------
    table : DataFrame, one row per band with a rate
        ``name``, ``rate``, ``low``, ``high``.
    """
    figure = theme.figure(t, height=320)
    figure.add_scatter(
        x=table["name"],
        y=table["rate"] * 1000,
        mode="lines+markers",
        line={"color": palette.PRIMARY[mode], "width": 2},
        marker={"size": 8},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": (table["high"] - table["rate"]) * 1000,
            "arrayminus": (table["rate"] - table["low"]) * 1000,
            "color": palette.MUTED[mode],
        },
        customdata=[
            [t.number(float(row[name]) * 1000, 2) for name in ("rate", "low", "high")]
            for row in table.to_dict("records")
        ],
        hovertemplate=t(
            "catchments.penetration.hover",
            rate="%{customdata[0]}",
            low="%{customdata[1]}",
            high="%{customdata[2]}",
        )
        + "<extra></extra>",
    )
    theme.number_axis(figure, "y", [*table["high"] * 1000], lambda v: t.number(v, 1))
    figure.update_yaxes(title={"text": t("catchments.penetration.axis")})
    figure.update_xaxes(title={"text": t("catchments.band.axis")}, type="category")
    return figure


def overlap(table: pd.DataFrame, t: Translator, mode: Mode) -> go.Figure:
    """Which share of a store (row) is shared with another (column).

    Parameters
    ----------
    table : DataFrame, one row per pair
        ``name``, ``other`` (names of the stores), ``share`` (0..1).
    """
    names = list(dict.fromkeys(table["name"]))[:MOST_STORES]
    grid = table.pivot_table(index="name", columns="other", values="share", aggfunc="first")
    grid = grid.reindex(index=names, columns=names)
    short = labels(names)
    figure = theme.figure(t, height=max(260, 60 + 30 * len(names)))
    ramp = palette.SEQUENTIAL if mode == "light" else palette.SEQUENTIAL[::-1]
    top = max(0.05, float(grid.max().max()) if grid.notna().any().any() else 0.05)
    figure.add_heatmap(
        x=[short[name] for name in names],
        y=[short[name] for name in names],
        z=grid.to_numpy(),
        zmin=0,
        zmax=top,
        colorscale=[[i / (len(ramp) - 1), colour] for i, colour in enumerate(ramp)],
        showscale=False,
        xgap=2,
        ygap=2,
        text=[["" if pd.isna(v) else t.percent(v, 0) for v in row] for row in grid.to_numpy()],
        texttemplate="%{text}",
        hovertemplate=t("catchments.overlap.hover", one="%{y}", other="%{x}", share="%{text}")
        + "<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", type="category", showgrid=False)
    figure.update_xaxes(side="top", type="category", tickangle=-40 if len(names) > 5 else 0)
    return figure


def check(table: pd.DataFrame, currency: str, t: Translator, mode: Mode, interval: str) -> go.Figure:
    """Each store's actual sales beside what the others say of it, with the interval.

    Parameters
    ----------
    table : DataFrame, one row per store, the largest first
        ``name``, ``actual``, ``predicted``, ``low``, ``high`` (may be missing).
    interval : str
        What the bars from ``low`` to ``high`` are, in words.
    """
    table = table.iloc[::-1]
    short = labels(table["name"])
    names = [short[name] for name in table["name"]]
    figure = theme.figure(t, height=max(240, 70 + 32 * len(table)))
    known = table[table["low"].notna()]
    for place, row in enumerate(known.to_dict("records")):
        figure.add_scatter(
            x=[row["low"], row["high"]],
            y=[short[row["name"]]] * 2,
            mode="lines",
            line={"color": palette.MUTED[mode], "width": 6},
            opacity=0.45,
            hoverinfo="skip",
            name=interval,
            legendgroup="interval",
            showlegend=place == 0,
        )
    looks = (
        ("predicted", "diamond-open", palette.MUTED[mode]),
        ("actual", "circle", palette.PRIMARY[mode]),
    )
    for column, symbol, colour in looks:
        figure.add_scatter(
            x=table[column],
            y=names,
            mode="markers",
            name=t(f"catchments.check.{column}"),
            marker={"symbol": symbol, "size": 11, "color": colour, "line": {"width": 2, "color": colour}},
            customdata=[t.money_short(value, currency) if pd.notna(value) else "" for value in table[column]],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    top = float(table[["actual", "predicted", "high"]].astype(float).max().max())
    theme.number_axis(figure, "x", [0.0, top], lambda v: round_money(v, currency, t))
    figure.update_xaxes(showgrid=True)
    figure.update_yaxes(type="category")
    figure.update_layout(margin={"r": theme.LAST_TICK})
    return figure


def labels(names: Iterable[str]) -> dict[str, str]:
    """Names short enough for an axis: without the first words that all share, such as the name of the chain.

    Examples
    --------
    >>> labels(["Kedai Setia Klang", "Kedai Setia Kota Bharu"])
    {'Kedai Setia Klang': 'Klang', 'Kedai Setia Kota Bharu': 'Kota Bharu'}
    >>> labels(["Klang", "Klang 2"])
    {'Klang': 'Klang', 'Klang 2': 'Klang 2'}
    """
    words = {name: plain_text(name).split() for name in names}
    shared = 0
    if len(words) > 1:
        columns = takewhile(lambda column: len(set(column)) == 1, zip(*words.values(), strict=False))
        shared = min(sum(1 for _ in columns), min(len(each) for each in words.values()) - 1)
    return {name: _cut(" ".join(each[max(shared, 0) :])) for name, each in words.items()}


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
