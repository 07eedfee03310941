"""What moves the value of all customers: a bar a lever, the longest on top; and scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from analytics.what_if import Effect, Unit
from charts import palette, theme
from charts.amounts import signed_money
from charts.escaping import map_text
from charts.palette import Mode
from i18n.translator import Translator


def tornado(effects: Sequence[Effect], currency: str, t: Translator, mode: Mode) -> go.Figure:
    """The change of the total at the lower and the upper end of each lever.

    Parameters
    ----------
    effects : sequence of Effect
        From ``analytics.what_if.tornado``, the longest first.
    currency : str
    t : Translator
    mode : {"light", "dark"}
    """
    figure = theme.figure(t, height=62 * len(effects) + 64)
    places = list(range(len(effects)))
    ends = (
        ("low", [each.change_low for each in effects], palette.MUTED[mode], "/"),
        ("high", [each.change_high for each in effects], palette.PRIMARY[mode], ""),
    )
    for name, changes, colour, shape in ends:
        pattern = {"shape": shape, "size": 6, "solidity": 0.35, "fgcolor": colour, "bgcolor": "rgba(0,0,0,0)"}
        figure.add_bar(
            x=[change or 0.0 for change in changes],
            y=places,
            orientation="h",
            name=t(f"whatif.end.{name}"),
            marker={
                "color": colour,
                "line": {"color": colour, "width": 1},
                "pattern": pattern if shape else None,
            },
            text=[signed_money(change, currency, t) if change else "" for change in changes],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        )
    known = [abs(c) for _, changes, _, _ in ends for c in changes if c]
    reach = max([0.01, *known]) * 1.75  # room for the amounts, also on a phone
    figure.update_layout(barmode="overlay", bargap=0.55, legend={"traceorder": "normal"})
    figure.update_xaxes(range=[-reach, reach], visible=False)
    figure.add_vline(x=0, line={"color": palette.MUTED[mode], "width": 1})
    for place, each in enumerate(effects):
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=place - 0.24,
            yanchor="bottom",
            text=_label(each, currency, t),
            font={"color": palette.TEXT[mode]},
            bgcolor=palette.BACKGROUND[mode],
            showarrow=False,
        )
    figure.update_yaxes(range=[len(effects) - 0.5, -0.75], visible=False)
    return figure


def scenarios(
    names: Sequence[str], nets: Sequence[float], currency: str, t: Translator, mode: Mode
) -> go.Figure:
    """What each scenario leaves, in the order given.

    Parameters
    ----------
    names : sequence of str
        As typed; written safely here.
    nets : sequence of float
        Money, over all customers.
    """
    figure = theme.figure(t, height=54 * len(nets) + 32)
    figure.add_bar(
        x=list(nets),
        y=list(range(len(nets))),
        orientation="h",
        marker={"color": [palette.BAD[mode] if net <= 0 else palette.PRIMARY[mode] for net in nets]},
        text=[signed_money(net, currency, t) for net in nets],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    low, high = min([0.0, *nets]), max([0.0, *nets])
    room = max(high - low, 0.01) * 0.35
    figure.update_xaxes(range=[low - (room if low < 0 else 0), high + room], visible=False)
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=[map_text(name, 28) for name in names],
        tickfont={"color": palette.TEXT[mode]},
        range=[len(nets) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
    )
    return figure


def lever_value(value: float, unit: Unit, currency: str, t: Translator) -> str:
    """A value of a lever in its unit: 65.0%, RM66.00, 4.4."""
    if unit == "share":
        return t.percent(value)
    return t.money(value, currency) if unit == "money" else t.number(value, 2)


def _label(each: Effect, currency: str, t: Translator) -> str:
    low, high = (lever_value(v, each.unit, currency, t) for v in (each.low, each.high))
    return f"<b>{t(f'whatif.lever.{each.lever}')}</b>  {low} – {high}"
