"""Layers of a map of catchments: the outline, who comes from where, and the share of visits by cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from charts.escaping import map_text
from charts.maps import layers as map_layers
from charts.maps import legends
from charts.maps.layers import Area, Layers, Legend, Line
from geo.cells import cell_bounds
from i18n.translator import Translator

WIDEST: Final = 11.0
NARROWEST: Final = 1.2
SHARES: Final = (0, 10, 25, 50, 75)
"""Lower bounds of the classes of a share of visits, in percent."""


def catchment(
    outline: BaseGeometry | None,
    flows: pd.DataFrame,
    store: Mapping[str, Any],
    pins: Sequence[Mapping[str, Any]],
    currency: str,
    words: Mapping[str, str],
    t: Translator,
) -> Layers:
    """A store's catchment, with a line from each home cell as wide as its sales.

    Parameters
    ----------
    outline : Polygon or MultiPolygon in degrees, or None
    flows : DataFrame
        ``lat, lon, customers, revenue, cost``, the most sales first.
    store : mapping
        ``lat``, ``lon``, ``name``.
    pins : as ``marks.store_rows``
    currency : str
    words : mapping
        ``title`` of the legend, ``outline`` and ``note`` in the reader's words, ``unit`` a pattern for
        the cost with ``{n}``.
    """
    here = float(store["lat"]), float(store["lon"])
    most = float(flows["revenue"].max()) if len(flows) else 1.0
    lines = [
        Line(
            (float(row["lat"]), float(row["lon"])),
            here,
            max(NARROWEST, WIDEST * math.sqrt(float(row["revenue"]) / most)),
            (
                (t("catchments.column.customers"), t.number(row["customers"])),
                (t("catchments.column.revenue"), t.money_short(row["revenue"], currency)),
                (t("catchments.column.way"), words["unit"].format(n=t.number(row["cost"], 1))),
            ),
            look="existing",
        )
        for row in flows.to_dict("records")
    ]
    areas = []
    rows = []
    if outline is not None:
        areas.append(Area(outline, str(store["name"]), ((words["outline"], ""),), opacity=0.18))
        rows.append(map_layers.legend_row("fill", words["outline"]))
    if lines:
        text = t("catchments.map.line", most=t.money_short(most, currency))
        rows.append(map_layers.legend_row("line", text, look="existing"))
    legend = Legend(words["title"], [*rows, *legends.pins(pins, t)], words["note"])
    return Layers(legend, areas=areas, lines=lines, stores=pins, serial=map_text(words["title"]))


def share_cells(
    cells: pd.DataFrame, level: int, pins: Sequence[Mapping[str, Any]], title: str, note: str, t: Translator
) -> Layers:
    """The share of visits a store gets, by cell.

    Parameters
    ----------
    cells : DataFrame
        ``x, y`` (of ``level``), ``customers``, ``share``, ``low``, ``high``, ``seen`` (0..1 or missing).
    """
    bounds = list(SHARES)
    areas = []
    for row in cells.to_dict("records"):
        edges = cell_bounds(int(row["x"]), int(row["y"]), level)
        seen = t.percent(row["seen"], 0) if pd.notna(row["seen"]) else ""
        areas.append(
            Area(
                box(edges.west, edges.south, edges.east, edges.north),
                t.percent(row["share"], 0),
                (
                    (
                        t("catchments.share.interval"),
                        f"{t.percent(row['low'], 0)} – {t.percent(row['high'], 0)}",
                    ),
                    (t("catchments.share.seen"), seen),
                    (t("catchments.column.customers"), t.number(row["customers"])),
                ),
                step=legends.step_of(100 * float(row["share"]), bounds),
                opacity=0.8,
            )
        )
    rows = [*_share_rows(bounds, t), *legends.pins(pins, t)]
    return Layers(
        Legend(title, rows, note),
        areas=areas,
        stores=pins,
        ramp=legends.colours(len(bounds)),
        serial=map_text(title),
    )


def _share_rows(bounds: Sequence[int], t: Translator) -> list[dict[str, Any]]:
    rows = []
    for i, low in enumerate(bounds):
        high = bounds[i + 1] if i + 1 < len(bounds) else 100
        text = f"{t.number(low)} – {t.percent(high / 100, 0)}"
        rows.append({"shape": "fill", "step": i, "text": map_text(text)})
    return rows[::-1]
