"""Two cohorts side by side, and what cohorts bring against what they cost."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from charts import palette, theme
from charts.amounts import round_money
from charts.escaping import map_text
from charts.palette import Mode
from i18n.translator import Translator


def pair(
    found: pd.DataFrame, labels: tuple[str, str], columns: Sequence[str], axis: str, t: Translator
) -> go.Figure:
    """Share that bought, period by period, of two groups.

    Parameters
    ----------
    found : DataFrame
        From ``analytics.cohort_groups.side_by_side``.
    labels : (str, str)
        The names of the two; may hold data.
    columns : sequence of str
        The name of each period from 0.
    axis : str
        What the periods are.
    t : Translator
    """
    figure = theme.figure(t, height=320)
    later = found[found["period"] > 0]
    names = [columns[int(period)] for period in later["period"]]
    styles = ((palette.SERIES[0], "solid", "circle"), (palette.SERIES[4], "dash", "square"))
    for (colour, dash, symbol), label, column in zip(styles, labels, ("first", "second"), strict=True):
        figure.add_scatter(
            x=names,
            y=later[column],
            mode="lines+markers",
            name=map_text(label, 32),
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": 7, "symbol": symbol},
            customdata=[[t.percent(value)] for value in later[column]],
            hovertemplate=f"{map_text(label, 32)}: %{{customdata[0]}}<extra></extra>",
        )
    figure.update_xaxes(title={"text": axis}, type="category")
    values = [*later["first"], *later["second"]]
    theme.number_axis(figure, "y", values, lambda v: t.percent(v, 0), title=t("retention.curve.axis"))
    return figure


def value_against_cost(
    average: pd.DataFrame, cost: float | None, currency: str, axis: str, t: Translator, mode: Mode
) -> go.Figure:
    """Margin per customer so far, period by period, with the cost to win as a line.

    Parameters
    ----------
    average : DataFrame
        ``period``, ``value_per_customer``; mature periods only.
    cost : float or None
        Mean cost to win a customer; None draws no line.
    """
    figure = theme.figure(t, height=320)
    values = [float(value) for value in average["value_per_customer"]]
    figure.add_scatter(
        x=average["period"],
        y=values,
        mode="lines+markers",
        line={"color": palette.SERIES[0], "width": 2},
        marker={"size": 7},
        customdata=[[t.money(value, currency)] for value in values],
        hovertemplate=t("cohorts.hover_period", period="%{x}", value="%{customdata[0]}") + "<extra></extra>",
        showlegend=False,
    )
    if cost is not None:
        values.append(cost)
        figure.add_hline(
            y=cost,
            line={"color": palette.BAD[mode], "width": 2, "dash": "dash"},
            annotation={
                "text": t("cohorts.value.line", cost=t.money(cost, currency)),
                "font": {"color": palette.BAD[mode]},
            },
            annotation_position="top right",
        )
    figure.update_xaxes(title={"text": axis}, dtick=1 if len(average) < 26 else 4)
    title = t("cohorts.column.value_per_customer")
    theme.number_axis(figure, "y", values, lambda v: round_money(v, currency, t), title=title)
    return figure
