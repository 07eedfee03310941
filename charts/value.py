"""What customers are worth: before and after, the spread, and by group."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from charts import palette, theme
from charts.amounts import symbol
from charts.escaping import map_text
from charts.palette import Mode
from i18n.translator import Translator


def before_after(
    before: float,
    after: float,
    cost: float,
    names: tuple[str, str],
    currency: str,
    t: Translator,
    mode: Mode,
) -> go.Figure:
    """The value of a customer at two retention rates, and what it costs to win one.

    Parameters
    ----------
    before, after : float
        Money per customer.
    cost : float
        To win a customer; a line across, left out at 0.
    names : pair of str
        Under the two bars.
    currency : str
    t : Translator
    mode : {"light", "dark"}
    """
    figure = theme.figure(t, height=280)
    figure.add_bar(
        x=list(names),
        y=[before, after],
        marker={"color": [palette.MUTED[mode], palette.PRIMARY[mode]]},
        text=[t.money(before, currency), t.money(after, currency)],
        textposition="outside",
        textfont={"size": 20},
        cliponaxis=False,
        hoverinfo="skip",
        width=0.55,
        showlegend=False,
    )
    figure.update_layout(uniformtext={"mode": False}, margin={"t": 28})
    top = max(before, after, cost, 0.01)
    figure.update_yaxes(visible=False, range=[min(before, after, 0.0), top * 1.18])
    figure.update_xaxes(tickfont={"size": 14, "color": palette.TEXT[mode]})
    if cost > 0:
        figure.add_hline(
            y=cost,
            line={"color": palette.BAD[mode], "width": 1.5, "dash": "dash"},
            annotation={
                "text": t("value.chart.cost", cost=t.money(cost, currency)),
                "font": {"color": palette.BAD[mode]},
                "bgcolor": palette.BACKGROUND[mode],
            },
            annotation_position="top",
        )
    return figure


def spread(brackets: pd.DataFrame, measure: str, currency: str, t: Translator) -> go.Figure:
    """How many customers brought how much, one bar a bracket.

    Parameters
    ----------
    brackets : DataFrame
        From ``analytics.value.distribution``.
    measure : {"revenue", "margin"}
    currency : str
    t : Translator
    """
    figure = theme.figure(t, height=30 * len(brackets) + 72)
    everyone = max(int(brackets["customers"].sum()), 1)
    figure.add_bar(
        x=brackets["customers"],
        y=bracket_names(brackets, t),
        orientation="h",
        marker={"color": palette.SERIES[0]},
        text=[f"{t.number(people)} · {t.percent(people / everyone)}" for people in brackets["customers"]],
        textposition="outside",
        cliponaxis=False,
        customdata=[[t.money_short(total, currency)] for total in brackets["total"]],
        hovertemplate="%{y}<br>%{text}<br>%{customdata[0]}<extra></extra>",
    )
    figure.update_layout(bargap=0.12)
    figure.update_xaxes(range=[0, max([1, *brackets["customers"]]) * 1.4], visible=False)
    figure.update_yaxes(
        type="category",
        title={"text": t(f"value.spread.{measure}_axis", currency=symbol(currency))},
        showgrid=False,
        ticks="outside",
        ticklen=6,
        tickcolor="rgba(0,0,0,0)",
    )
    return figure


def by_group(
    names: Sequence[str], groups: pd.DataFrame, column: str, currency: str, t: Translator
) -> go.Figure:
    """Mean value per customer of each group, the highest on top.

    Parameters
    ----------
    names : sequence of str
        The groups in words, one a row of ``groups``.
    groups : DataFrame
        ``customers`` and the column.
    column : str
        ``mean_revenue`` or ``mean_margin``.
    currency : str
    t : Translator
    """
    figure = theme.figure(t, height=max(160, 42 * len(groups) + 40))
    values = groups[column].fillna(0.0)
    figure.add_bar(
        x=values,
        y=list(range(len(groups))),
        orientation="h",
        marker={"color": palette.SERIES[0]},
        text=[
            f"{t.money(value, currency)}<br>{t.plural('page.customers', int(people))}"
            for value, people in zip(groups[column], groups["customers"], strict=True)
        ],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    most = max([0.01, *(v for v in values if math.isfinite(v))])
    figure.update_xaxes(range=[min([0.0, *values]), most * 1.7], visible=False)
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(groups))),
        ticktext=[map_text(name, 32) for name in names],
        range=[len(groups) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        ticks="outside",
        ticklen=6,
        tickcolor="rgba(0,0,0,0)",
    )
    return figure


def bracket_names(brackets: pd.DataFrame, t: Translator) -> list[str]:
    """Each bracket in words: below, from-to, above; without the currency."""
    names = []
    for low, high in zip(brackets["low"].astype(float), brackets["high"].astype(float), strict=True):
        if not math.isfinite(low):
            names.append(t("value.spread.below", high=t.number_short(high)))
        elif not math.isfinite(high):
            names.append(t("value.spread.above", low=t.number_short(low)))
        else:
            names.append(t("value.spread.between", low=t.number_short(low), high=t.number_short(high)))
    return names
