"""One small map for each lifecycle group, on the same scale: where each of them lives."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots
from shapely.geometry.base import BaseGeometry

from charts import palette, theme
from charts.maps.base import Box
from charts.maps.marks import SEGMENTS
from charts.palette import Mode
from i18n.translator import Translator

LARGEST = 26
"""Pixels of the circle that stands for the most customers of any group in one place."""


def group_maps(
    cells: pd.DataFrame,
    land: Sequence[BaseGeometry],
    view: Box,
    t: Translator,
    mode: Mode,
    *,
    fewest: int = 0,
) -> go.Figure:
    """Four maps, two by two so that they can be read on a phone; a circle per cell.

    Parameters
    ----------
    cells : DataFrame
        ``lat``, ``lon``, ``group_<code>`` for each of ``SEGMENTS``.
    land : sequence of polygons
        What is drawn behind, degrees.
    view : Box
    t : Translator
    mode : {"light", "dark"}
    fewest : int
        A circle for fewer customers is not drawn.
    """
    south, west, north, east = view
    titles = [
        f"{t.code('lifecycle', code)} · {t.number(int(cells[f'group_{code}'].sum()))}" for code in SEGMENTS
    ]
    made = make_subplots(
        rows=2, cols=2, subplot_titles=titles, horizontal_spacing=0.02, vertical_spacing=0.08
    )
    most = max([1, *(int(cells[f"group_{code}"].max()) for code in SEGMENTS if len(cells))])
    lon, lat = _outline(land)
    for place, code in enumerate(SEGMENTS, start=1):
        at = {"row": (place + 1) // 2, "col": 2 - place % 2}
        made.add_scatter(
            x=lon,
            y=lat,
            mode="lines",
            line={"color": palette.MUTED[mode], "width": 0.7},
            hoverinfo="skip",
            **at,
        )
        shown = cells[cells[f"group_{code}"] >= max(fewest, 1)]
        counts = shown[f"group_{code}"].to_numpy(dtype=float)
        made.add_scatter(
            x=shown["lon"],
            y=shown["lat"],
            mode="markers",
            **at,
            hovertemplate="%{text}<extra></extra>",
            text=[t.number(count) for count in counts],
            marker={
                "size": np.maximum(LARGEST * np.sqrt(counts / most), 3),
                "color": palette.LIFECYCLE[code],
                "line": {"color": palette.LIFECYCLE_OUTLINE[code], "width": 1},
                "opacity": 0.85,
            },
        )
        stretch = 1 / max(math.cos(math.radians((south + north) / 2)), 0.1)
        across = "x" if place == 1 else f"x{place}"
        made.update_xaxes(range=[west, east], visible=False, **at)
        made.update_yaxes(range=[south, north], visible=False, scaleanchor=across, scaleratio=stretch, **at)
    made.update_layout(template=theme.template(mode), height=560, showlegend=False)
    made.update_annotations(font={"size": 13, "color": palette.TEXT[mode]})
    return made


def _outline(shapes: Sequence[BaseGeometry]) -> tuple[list[float | None], list[float | None]]:
    """All rings as one line with gaps."""
    lon: list[float | None] = []
    lat: list[float | None] = []
    for shape in shapes:
        for part in getattr(shape, "geoms", [shape]):
            xs, ys = part.exterior.coords.xy
            lon += [*xs, None]
            lat += [*ys, None]
    return lon, lat
