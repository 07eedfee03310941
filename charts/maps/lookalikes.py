"""Layers of look-alikes: customers by place as an index around 100, areas by their likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from shapely.geometry import box

from charts.escaping import map_text
from charts.maps import legends
from charts.maps.borders import Packed
from charts.maps.layers import Area, Layers, Legend, Region
from charts.palette import DIVERGING, GOLD, PRIMARY, SERIES
from i18n.numbers import DASH
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
    borders: tuple[Packed, str] | None,
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
    borders : (Packed, name of the level) or None
        Of regions; None: the places are cells.
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
            [*_classes([step(row["index"]) for row in rows], t), *legends.pins(stores, t)],
            t("lookalikes.customers.legend_note", n=t.number(fewest)),
        ),
        regions=[
            Region(
                str(row["region"]), row["name"], step(row["index"]), t.number(row["index"]), row["alike"], tip
            )
            for row, tip in zip(rows, tips, strict=True)
            if borders is not None
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
            if borders is None
        ],
        borders=borders and borders[0],
        level=borders[1] if borders else "",
        stores=stores,
        ramp=RAMP,
        chosen=chosen,
        serial=f"{borders[1] if borders else 'cells'}.{len(rows)}",
    )


KINDS: Final = ("other", "alike", "best")
AREA_RAMP: Final = {
    "light": ["#D5DADF", SERIES[0], GOLD],
    "dark": ["#3A4650", PRIMARY["dark"], GOLD],
}
"""Pale for all others, teal for look-alikes, gold for the best; the legend names them."""


def areas(
    table: pd.DataFrame,
    measure: str,
    currency: str,
    fewest: int,
    stores: Sequence[Mapping[str, Any]],
    chosen: str,
    t: Translator,
    borders: tuple[Packed, str] | None = None,
) -> Layers:
    """The best areas, their look-alikes and all others.

    Parameters
    ----------
    table : DataFrame
        ``pick``, ``area``, ``name``, ``kind`` (one of ``KINDS``), ``customers``, ``measure``, where known
        ``predicted`` and ``like``, and the corners of cells.
    measure, currency : str
        How values are written.
    fewest : int
        Fewer customers are not counted out.
    stores, chosen, t : as :func:`customers`
    borders : (Packed, name of the level), optional
        Of areas that are no cells.
    """
    regions, shapes = [], []
    for row in table.to_dict("records"):
        tip, place = _tip(row, measure, currency, fewest, t), KINDS.index(row["kind"])
        if "west" in row:
            cell = box(row["west"], row["south"], row["east"], row["north"])
            shapes.append(
                Area(cell, row["name"], tip, row["pick"], place, opacity=0.3 if place == 0 else 0.75)
            )
        else:
            word = "" if place == 0 else t(f"lookalikes.areas.{row['kind']}")
            regions.append(Region(str(row["area"]), row["name"], place, word, float(place), tip))
    counts = table["kind"].value_counts()
    rows = [
        {
            "shape": "fill",
            "step": KINDS.index(kind),
            "text": map_text(
                t("lookalikes.areas.count", name=t(f"lookalikes.areas.{kind}"), n=t.number(counts[kind]))
            ),
        }
        for kind in reversed(KINDS)
        if kind in counts
    ]
    return Layers(
        legend=Legend(t("lookalikes.areas.legend"), [*rows, *legends.pins(stores, t)]),
        regions=regions,
        borders=borders and borders[0],
        level=borders[1] if borders else "",
        areas=shapes,
        stores=stores,
        ramp=AREA_RAMP,
        chosen=chosen,
        serial=f"areas.{measure}.{len(table)}",
    )


def measured(measure: str, value: float, currency: str, t: Translator) -> str:
    """A value of a measure as written: money, a share, or customers."""
    if measure in ("revenue", "value"):
        return t.money(value, currency)
    return t.percent(min(value, 1.0), 0) if measure in ("repeat", "picked") else t.number(value)


def now(row: Mapping[Any, Any], measure: str, currency: str, fewest: int, t: Translator) -> str:
    """What an area brings today; small numbers of customers are not told."""
    if measure in ("customers", "picked"):
        n = int(row["customers"])
        return t("lookalikes.areas.few", n=t.number(fewest)) if 0 < n < fewest else t.number(n)
    return measured(measure, row["measure"], currency, t) if row["measure"] == row["measure"] else DASH


def _tip(
    row: Mapping[Any, Any], measure: str, currency: str, fewest: int, t: Translator
) -> list[tuple[str, str]]:
    lines = [
        (t(f"lookalikes.areas.{row['kind']}"), ""),
        (t("lookalikes.areas.column.now"), now(row, measure, currency, fewest, t)),
    ]
    if row["kind"] == "alike":
        one, other = row["like"]
        like = t("lookalikes.areas.pair", one=one, other=other)
        lines.append(
            (t("lookalikes.areas.column.predicted"), measured(measure, row["predicted"], currency, t))
        )
        lines.append((t("lookalikes.areas.column.like"), like))
    return lines


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
