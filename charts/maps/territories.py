"""Territories and service gaps as layers of a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from charts.escaping import map_text
from charts.maps import legends
from charts.maps.layers import Area, Layers, Legend, Point
from geo.cells import cell_bounds
from i18n.translator import Translator

COLOURS: Final = (
    *("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#7B6FB0", "#8C6D31"),
    *("#4F6D7A", "#B3B34D", "#A23B72", "#2E8B57"),
)
"""Territories have a number on the map; the colour only tells neighbours apart."""


def coloured(label: Sequence[int], pairs: Iterable[tuple[int, int]], count: int) -> list[int]:
    """A colour a territory: neighbours differ as far as the colours reach.

    Parameters
    ----------
    label : sequence of int
        Territory of each area.
    pairs : of areas that touch
    count : int

    Examples
    --------
    >>> coloured([0, 1, 2], [(0, 1), (1, 2)], 3)
    [0, 1, 2]
    """
    beside: list[set[int]] = [set() for _ in range(count)]
    for one, other in pairs:
        a, b = label[one], label[other]
        if a != b:
            beside[a].add(b)
            beside[b].add(a)
    chosen: list[int] = []
    for j in range(count):
        taken = {chosen[other] for other in beside[j] if other < j}
        wanted = j % len(COLOURS)
        free = [c for c in range(len(COLOURS)) if c not in taken]
        chosen.append(wanted if wanted in free or not free else free[0])
    return chosen


def territories(
    shapes: Sequence[Any],
    label: np.ndarray,
    pairs: Iterable[tuple[int, int]],
    rows: pd.DataFrame,
    stores: Sequence[Mapping[str, Any]],
    words: Mapping[str, str],
    currency: str,
    t: Translator,
    serial: str,
) -> Layers:
    """One area a territory, with its number at the centre.

    Parameters
    ----------
    shapes, label : (n,)
        Of the areas.
    pairs : of areas that touch
    rows : DataFrame, one row per territory
        ``lat``, ``lon``, ``near``, ``customers``, ``deviation``, ``mean_way``, ``max_way``.
    stores : rows of ``marks.store_rows``
    words : ``title``, ``note``, and the titles ``customers``, ``share``, ``mean``, ``far``, ``km``
    currency : str
    t : Translator
    serial : str
    """
    colours = coloured(label.tolist(), pairs, len(rows))
    areas, points, legend = [], [], []
    for j, row in enumerate(rows.to_dict("records")):
        name = f"{j + 1} · {row['near']}"
        tip = (
            (words["customers"], t.number(row["customers"])),
            (words["share"], t.change(row["deviation"])),
            (words["mean"], words["km"].replace("{n}", t.number(row["mean_way"], 1))),
            (words["far"], words["km"].replace("{n}", t.number(row["max_way"], 1))),
        )
        own = shapely.union_all(np.asarray(shapes, dtype=object)[label == j])
        areas.append(Area(own, name, tip, f"area:t{j}", step=colours[j], opacity=0.45))
        at = (float(row["lat"]), float(row["lon"]))
        points.append(Point(at, name, tip, f"point:t{j}", label=str(j + 1), size=22, look="chosen"))
        legend.append({"shape": "fill", "step": colours[j], "text": map_text(name)})
    most = [*(legend if len(legend) <= 8 else []), *legends.pins(stores, t)]
    ramp = {look: list(COLOURS) for look in ("light", "dark")}
    head = Legend(words["title"], most, words["note"])
    return Layers(head, areas=areas, points=points, stores=stores, ramp=ramp, serial=serial)


def gaps(
    cells: pd.DataFrame,
    level: int,
    stores: Sequence[Mapping[str, Any]],
    words: Mapping[str, str],
    write: Any,
    t: Translator,
    serial: str,
) -> Layers:
    """Cells of customers far from every store, filled by their weight.

    Parameters
    ----------
    cells : DataFrame
        ``x``, ``y``, ``customers``, ``weight``, ``near``, ``km``.
    level : int
    stores : rows of ``marks.store_rows``
    words : ``title``, ``note``, and the titles ``customers``, ``weight``, ``away``, ``km``
    write : callable
        The weight in words.
    t : Translator
    serial : str
    """
    bounds = legends.breaks([float(value) for value in cells["weight"]])
    areas = []
    for row in cells.to_dict("records"):
        box = cell_bounds(int(row["x"]), int(row["y"]), level)
        tip = (
            (words["customers"], t.number(row["customers"])),
            (words["weight"], write(row["weight"])),
            (words["away"], words["km"].replace("{n}", t.number(row["way"], 1))),
        )
        shape = shapely.box(box.west, box.south, box.east, box.north)
        step = legends.step_of(float(row["weight"]), bounds)
        pick = f"area:{int(row['x'])}/{int(row['y'])}"
        areas.append(Area(shape, str(row["near"]), tip, pick, step=step, opacity=0.7))
    rows = [*legends.classes(bounds, t), *legends.pins(stores, t)]
    head = Legend(words["title"], rows, words["note"])
    return Layers(head, areas=areas, stores=stores, ramp=legends.colours(len(bounds)), serial=serial)
