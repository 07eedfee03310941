"""Ad places: the circles on a map, and what more money reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import palette, theme
from charts.amounts import round_money
from charts.maps import legends
from charts.maps.layers import Area, Layers, Legend, Point, legend_row
from charts.palette import Mode
from geo.reach import circle
from i18n.translator import Translator


def places(
    chosen: pd.DataFrame,
    km: float,
    stores: Sequence[Mapping[str, Any]],
    words: Mapping[str, str],
    currency: str,
    few: int,
    t: Translator,
    serial: str,
) -> Layers:
    """A circle and a numbered point for each place that was taken.

    Parameters
    ----------
    chosen : DataFrame
        ``name``, ``lat``, ``lon``, ``cost``, ``alone``, ``added``.
    km : float
    stores : rows of ``marks.store_rows``
    words : ``title``, ``note``, ``place``, and the titles ``alone``, ``added``, ``cost``, ``few``
    currency : str
    few : int
        Smaller numbers of people are not told.
    t : Translator
    serial : str
    """
    areas, points = [], []
    for number, row in enumerate(chosen.to_dict("records"), start=1):
        tip = (
            (words["alone"], t.number(row["alone"])),
            (words["added"], t.number(row["added"]) if row["added"] >= few else words["few"]),
            (words["cost"], t.money(row["cost"], currency)),
        )
        name, pick = f"{number} · {row['name']}", f"{number}"
        areas.append(Area(circle(row["lat"], row["lon"], km), name, tip, f"area:{pick}"))
        at = (float(row["lat"]), float(row["lon"]))
        points.append(Point(at, name, tip, f"point:{pick}", label=str(number), size=20, look="chosen"))
    rows = [legend_row("fill", words["place"]), *legends.pins(stores, t)]
    legend = Legend(words["title"], rows, words["note"])
    return Layers(legend, areas=areas, points=points, stores=stores, serial=serial)


def curve(
    found: pd.DataFrame,
    budget: float,
    words: Mapping[str, str],
    write: Any,
    currency: str,
    t: Translator,
    mode: Mode,
) -> go.Figure:
    """Reach against budget, with what could at most be reached.

    Parameters
    ----------
    found : DataFrame
        ``budget``, ``reach``, ``bound``, ``places``.
    budget : float
        The one that is asked for; it is marked.
    words : ``x``, ``y``, ``reach``, ``bound``, ``places``
    write : callable
        The reach in words.
    currency : str
    t : Translator
    mode : {"light", "dark"}
    """
    figure = theme.figure(t, height=300)
    data = [
        [t.money_short(row.budget, currency), write(row.reach), write(row.bound), t.number(row.places)]
        for row in found.itertuples()
    ]
    figure.add_scatter(
        x=found["budget"],
        y=found["bound"],
        mode="lines",
        name=words["bound"],
        line={"color": palette.MUTED[mode], "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
    )
    sizes = [13 if value == budget else 7 for value in found["budget"]]
    figure.add_scatter(
        x=found["budget"],
        y=found["reach"],
        mode="lines+markers",
        name=words["reach"],
        line={"color": palette.PRIMARY[mode], "width": 2.5},
        marker={"size": sizes},
        cliponaxis=False,
        customdata=data,
        hovertemplate=(
            f"%{{customdata[0]}}<br>{words['reach']}: %{{customdata[1]}}<br>"
            f"{words['bound']}: %{{customdata[2]}}<br>{words['places']}: %{{customdata[3]}}<extra></extra>"
        ),
    )
    theme.number_axis(figure, "x", found["budget"], lambda v: round_money(v, currency, t), title=words["x"])
    theme.number_axis(figure, "y", [*found["reach"], *found["bound"]], write, title=words["y"])
    figure.update_xaxes(ticks="outside", ticklen=8, tickcolor="rgba(0,0,0,0)")  # RM0 clear of the 0 beside it
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0}, margin={"r": theme.LAST_TICK}
    )
    return figure
