"""The four lifecycle groups, and the ladder of buyers, customers and members."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from analytics.ladder import Ladder
from charts import palette, theme
from i18n.translator import Translator

ROOM_FOR_LABELS = 1.6
"""Width of the axis against its longest bar: the label stands right of the bar."""

_FADED = 0.45
_QUIET: Final[dict[str, Any]] = {
    "showgrid": False,
    "zeroline": False,
    "tickfont": {"size": 14},
    "ticks": "outside",
    "ticklen": 8,
    "tickcolor": "rgba(0,0,0,0)",
}
_LONG = 12


def shares(sizes: pd.DataFrame, currency: str, t: Translator) -> go.Figure:
    """Share of customers and share of revenue of each group, two bars a group.

    Parameters
    ----------
    sizes : DataFrame
        Four rows: ``lifecycle``, ``customers``, ``revenue``, ``share_of_customers``,
        ``share_of_revenue`` (0..1, NaN where it cannot be computed).
    currency : str
    t : Translator

    Returns
    -------
    Figure
        A click on a bar carries the lifecycle code in ``customdata``. The paler bar is revenue.
    """
    figure = theme.figure(t, height=340)
    names = [_wrapped(t.code("lifecycle", code)) for code in sizes["lifecycle"]]
    codes = list(sizes["lifecycle"])
    marker = {
        "color": [palette.LIFECYCLE[code] for code in codes],
        "line": {"color": [palette.LIFECYCLE_OUTLINE[code] for code in codes], "width": 1},
    }
    people = [
        f"{t.number(row.customers)} · {t.percent(row.share_of_customers)}" for row in sizes.itertuples()
    ]
    money = [
        f"{t.money_short(row.revenue, currency)} · {t.percent(row.share_of_revenue)}"
        for row in sizes.itertuples()
    ]
    for column, texts, opacity in (
        ("share_of_customers", people, 1.0),
        ("share_of_revenue", money, _FADED),
    ):
        figure.add_bar(
            x=sizes[column].fillna(0.0),
            y=names,
            orientation="h",
            marker={**marker, "opacity": opacity},
            text=texts,
            textposition="outside",
            cliponaxis=False,
            customdata=[[code] for code in codes],
            hovertemplate="%{y}<br>%{text}<extra></extra>",
            unselected={"marker": {"opacity": opacity}},
            selected={"marker": {"opacity": opacity}},
        )
    most = max([0.01, *sizes["share_of_customers"].fillna(0), *sizes["share_of_revenue"].fillna(0)])
    least = min([0.0, *sizes["share_of_revenue"].fillna(0)])
    figure.update_xaxes(range=[least, most * ROOM_FOR_LABELS], visible=False)
    figure.update_yaxes(autorange="reversed", **_QUIET)
    figure.update_layout(barmode="group", bargap=0.28, bargroupgap=0.06, showlegend=False)
    return figure


def ladder(rungs: Ladder, t: Translator) -> go.Figure:
    """Buyers, those who ordered again, and members, one bar a rung, conversions in words.

    Parameters
    ----------
    rungs : Ladder
    t : Translator
    """
    codes = ("buyers", "customers", "members")
    figure = theme.figure(t, height=210)
    counts = [rungs.buyers, rungs.customers, rungs.members]
    notes = ["", t.percent(rungs.bought_again.value), t.percent(rungs.became_member.value)]
    figure.add_bar(
        x=[count or 0 for count in counts],
        y=[0, 1, 2],
        width=0.42,
        orientation="h",
        marker={"color": palette.SERIES[0]},
        customdata=[[code] for code in codes],
        hoverinfo="none",
        unselected={"marker": {"opacity": 1}},
    )
    for place, (code, count, rate) in enumerate(zip(codes, counts, notes, strict=True)):
        # Above the bar, so that it is read in full on a narrow screen.
        figure.add_annotation(
            x=0,
            y=place - 0.38,
            text=f"<b>{t(f'segments.rung_name.{code}')}</b>  "
            + t(f"segments.rung.{code}", n=t.number(count), rate=rate),
            showarrow=False,
            xanchor="left",
            yanchor="middle",
        )
    figure.update_xaxes(range=[0, max(rungs.buyers, 1)], visible=False)
    figure.update_yaxes(range=[2.4, -0.7], visible=False)
    return figure


def _wrapped(name: str) -> str:
    """A long name on two lines, so that the bars keep their room on a narrow screen."""
    if len(name) <= _LONG or " " not in name:
        return name
    words = name.split(" ")
    break_at = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(name) / 2))
    return " ".join(words[:break_at]) + "<br>" + " ".join(words[break_at:])
