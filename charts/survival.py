"""Time to the next purchase: who is not back yet, how long gaps are, where customers stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from analytics.survival import Curve, Hiatus
from charts import palette, theme
from charts.palette import Mode
from i18n.translator import Translator


def returned(curve: Curve, hiatus: Hiatus, most_days: int, t: Translator, mode: Mode) -> go.Figure:
    """Share that has come back by day, with its interval, and the hiatus as a line.

    Parameters
    ----------
    curve : Curve
    hiatus : Hiatus
    most_days : int
        Where the picture ends; the curve may end before, where too few gaps are left.
    """
    figure = theme.figure(t)
    end = max(1, min(most_days, curve.last_day))
    days = np.arange(end + 1)
    low, high = 1 - curve.high[: end + 1], 1 - curve.low[: end + 1]
    share = 1 - curve.survival[: end + 1]
    theme.band(figure, days, low, high, palette.faint(palette.SERIES[0], 0.25), name=t("nextbuy.interval"))
    figure.add_scatter(
        x=days,
        y=share,
        mode="lines",
        line={"color": palette.SERIES[0], "width": 2, "shape": "hv"},
        name=t("nextbuy.back"),
        customdata=[
            [t.percent(s), t.percent(a), t.percent(b)] for s, a, b in zip(share, low, high, strict=True)
        ],
        hovertemplate=t(
            "nextbuy.hover",
            day="%{x}",
            share="%{customdata[0]}",
            low="%{customdata[1]}",
            high="%{customdata[2]}",
        )
        + "<extra></extra>",
    )
    if hiatus.days and hiatus.days <= end:
        figure.add_vline(
            x=hiatus.days,
            line={"color": palette.BAD[mode], "width": 2, "dash": "dash"},
            annotation={
                "text": t("nextbuy.hiatus_line", n=t.number(hiatus.days)),
                "font": {"color": palette.BAD[mode]},
            },
            annotation_position="bottom right" if hiatus.days < end * 0.6 else "bottom left",
        )
    figure.update_xaxes(
        title={"text": t("nextbuy.axis_days")},
        range=[0, end],
        tickmode="array",
        tickvals=theme.nice_ticks(0, end)[:-1],
    )
    theme.number_axis(figure, "y", [0, 1], lambda v: t.percent(v, 0), title=t("nextbuy.axis_back"))
    return figure


def gaps(bins: pd.DataFrame, quartiles: Sequence[int | None], t: Translator, mode: Mode) -> go.Figure:
    """How long the gaps that ended were, week by week.

    Parameters
    ----------
    bins : DataFrame
        From ``analytics.next_purchase.distribution``.
    quartiles : sequence of int or None
        Days by which a quarter, half and three quarters of the returns have come; drawn as lines.
    """
    figure = theme.figure(t)
    figure.add_bar(
        x=(bins["first_day"] + bins["last_day"]) / 2,
        y=bins["share"],
        width=6.2,
        marker={"color": palette.SERIES[0]},
        customdata=[
            [t.number(row.first_day), t.number(row.last_day), t.number(row.gaps), t.percent(row.share)]
            for row in bins.itertuples(index=False)
        ],
        hovertemplate=t(
            "nextbuy.gap_hover",
            first="%{customdata[0]}",
            last="%{customdata[1]}",
            n="%{customdata[2]}",
            share="%{customdata[3]}",
        )
        + "<extra></extra>",
        showlegend=False,
    )
    for level, day in enumerate(quartiles):
        if day is None:
            continue
        figure.add_vline(
            x=day,
            line={"color": palette.MUTED[mode], "width": 1, "dash": "dot"},
            annotation={
                "text": t(f"nextbuy.quartile_{level + 1}", n=t.number(day)),
                "yshift": -16 * level,
            },
            annotation_position="top right",
        )
    end = float(bins["last_day"].max()) if len(bins) else 1.0
    figure.update_xaxes(
        title={"text": t("nextbuy.axis_gap")}, tickmode="array", tickvals=theme.nice_ticks(0, end)[:-1]
    )
    theme.number_axis(
        figure, "y", list(bins["share"]), lambda v: t.percent(v, 0), title=t("nextbuy.axis_share")
    )
    return figure


def states(found: pd.DataFrame, t: Translator) -> go.Figure:
    """Customers before, in and after their window, and those probably gone.

    Parameters
    ----------
    found : DataFrame, four rows
        ``state``, ``customers``.

    Returns
    -------
    Figure
        A click carries the state.
    """
    figure = theme.figure(t, height=220)
    total = float(found["customers"].sum())
    figure.add_bar(
        x=found["customers"],
        y=[t(f"nextbuy.state.{code}") for code in found["state"]],
        orientation="h",
        marker={"color": palette.SERIES[0]},
        text=[
            f"{t.number(n)} · {t.percent(n / total if total else None)}"
            for n in found["customers"].astype(float)
        ],
        textposition="outside",
        cliponaxis=False,
        customdata=[[code] for code in found["state"]],
        hoverinfo="skip",
        unselected={"marker": {"opacity": 1}},
        showlegend=False,
    )
    top = float(found["customers"].max()) if len(found) else 0.0
    theme.number_axis(figure, "x", [top], t.number_short)
    figure.update_xaxes(visible=False, range=[0, max(top, 1.0) * 1.45])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure
