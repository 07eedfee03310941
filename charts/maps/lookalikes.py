"""Layers of look-alikes: customers by place as an index around 100, areas by their likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from shapely.geometry import box

from charts.escaping import map_text
from charts.maps.layers import Area, Layers, Legend, Region
from charts.palette import DIVERGING
from i18n.translator import Translator

INDEX: Final = (0, 50, 80, 95, 105, 120, 200)
"""Lower bounds of the classes of an index against 100."""

_PICKED: Final = (1, 2, 4, 5, 6, 8, 9)
"""The colours of PuOr for them: the middle class is the palest."""

RAMP: Final = {look: [DIVERGING[i] for i in _PICKED] for look in ("light", "dark")}


def step(index: float) -> int:
    """The class of an index.

    Examples
    --------
    >>> step(30), step(100), step(1000)
    (0, 3, 6)
    """
    return max(i for i, bound in enumerate(INDEX) if index >= bound)


def customers(
    places: pd.DataFrame,
    unit: str,
    stores: Sequence[Mapping[str, Any]],
    chosen: str,
    fewest: int,
    t: Translator,
) -> Layers:
    """Where look-alike customers live.

    Parameters
    ----------
    places : DataFrame
        Of ``ui.cached.lookalikes.by_place``: ``pick``, ``name``, ``alike``, ``customers``, ``index``, and
        ``region`` or the corners of a cell.
    unit : ``states`` or ``cells``
    stores : rows of ``marks.store_rows``
    chosen : str
        The pick that is outlined.
    fewest : int
        Smaller places were left out.
    t : Translator
    """
    rows = list(places.to_dict("records"))
    tips = [
        (
            (t("lookalikes.customers.column.alike"), t.number(row["alike"])),
            (t("lookalikes.customers.column.customers"), t.number(row["customers"])),
            (t("lookalikes.customers.column.index"), t.number(row["index"])),
        )
        for row in rows
    ]
    return Layers(
        legend=Legend(
            t("lookalikes.customers.legend"),
            _classes([step(row["index"]) for row in rows], t),
            t("lookalikes.customers.legend_note", n=t.number(fewest)),
        ),
        regions=[
            Region(
                str(row["region"]), row["name"], step(row["index"]), t.number(row["index"]), row["alike"], tip
            )
            for row, tip in zip(rows, tips, strict=True)
            if unit == "states"
        ],
        areas=[
            Area(
                box(row["west"], row["south"], row["east"], row["north"]),
                row["name"],
                tip,
                row["pick"],
                step(row["index"]),
                opacity=0.7,
            )
            for row, tip in zip(rows, tips, strict=True)
            if unit == "cells"
        ],
        stores=stores,
        ramp=RAMP,
        chosen=chosen,
        serial=f"{unit}.{len(rows)}",
    )


def _classes(steps: Sequence[int], t: Translator) -> list[dict[str, Any]]:
    """Legend rows from much to little, each with the number of its places."""
    made = []
    for place in reversed(range(len(INDEX))):
        low = t.number(INDEX[place])
        if place == len(INDEX) - 1:
            text = t("lookalikes.customers.legend_high", low=low)
        elif place == 0:
            text = t("lookalikes.customers.legend_low", high=t.number(INDEX[1]))
        else:
            text = t("lookalikes.customers.legend_row", low=low, high=t.number(INDEX[place + 1]))
        made.append({"shape": "fill", "step": place, "text": map_text(f"{text} ({steps.count(place)})")})
    return made
