"""The marks of the customer map: cells, circles, regions and stores as one layer and one compact message.

A folium object per mark costs a millisecond of Python and a hundred bytes of script each; one
message that ``setia-map.js`` draws costs neither. Every text in it has passed ``map_text``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import folium
import pandas as pd
from folium.template import Template

from charts.escaping import map_text
from charts.maps import legends
from charts.palette import LIFECYCLE
from i18n.translator import Translator

Kind = Literal["clusters", "cells", "hex", "heat", "regions", "split", "segments"]
KINDS: Final[tuple[Kind, ...]] = ("clusters", "cells", "hex", "heat", "regions", "split", "segments")
SQUARES: Final = frozenset({"cells", "hex", "segments"})
"""Kinds that fill an area with a colour."""


SEGMENTS: Final = tuple(LIFECYCLE)
"""Lifecycle codes, in the order of their colours."""

SEGMENT_RAMPS: Final = {look: list(LIFECYCLE.values()) for look in ("light", "dark")}


class Marks(folium.FeatureGroup):  # type: ignore[misc]
    """A layer that hands its message to ``Setia.marks``."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = Setia.marks({{ this.message|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, message: Mapping[str, Any]) -> None:
        super().__init__(control=False)
        self.message = dict(message)


@dataclass(frozen=True)
class Scale:
    """Classes and the largest mark of another moment, so that two moments can be compared."""

    bounds: tuple[int, ...]
    most: int


def scale(marks: pd.DataFrame) -> Scale:
    """The scale that fits these marks (``customers``)."""
    customers = marks["customers"].tolist()
    return Scale(tuple(legends.breaks(customers)), int(max(customers, default=1)))


@dataclass(frozen=True)
class Around:
    """What is the same for every kind of marks.

    ``chosen`` is the pick that is outlined; ``drawings`` are put back when the browser made the map
    anew; a changed ``cleared`` takes them off; ``stores`` as from :func:`store_rows`; ``areas`` and
    ``points`` as in the message of ``charts.maps.layers``; ``scale`` in place of the marks' own.
    """

    currency: str
    chosen: str = ""
    cleared: int = 0
    drawings: tuple[Mapping[str, Any], ...] = ()
    stores: tuple[Mapping[str, Any], ...] = ()
    serial: str = ""
    areas: tuple[Mapping[str, Any], ...] = ()
    points: tuple[Mapping[str, Any], ...] = ()
    scale: Scale | None = None


def cell_marks(cells: pd.DataFrame, kind: Kind, t: Translator, around: Around) -> Marks:
    """Cells, heat, circles with counts, rings with the share of new customers, or the largest group.

    Parameters
    ----------
    cells : DataFrame, one row per cell
        ``pick`` (id), ``lat``, ``lon`` (mean position of its customers), ``south``, ``west``,
        ``north``, ``east`` (degrees) or ``ring`` (corners), ``customers`` (> 0), ``new``, ``revenue``
        (or missing), and optionally ``joined`` (bool: made of small cells); for ``segments`` also the
        customers of each group of ``SEGMENTS`` (``group_<code>``).
    kind : all of ``KINDS`` but ``regions``
    t : Translator
    around : Around

    Returns
    -------
    Marks
    """
    found = around.scale or scale(cells)
    bounds = list(found.bounds)
    rows = [_cell_row(cell, kind, bounds) for cell in cells.to_dict("records")]
    ramps = SEGMENT_RAMPS if kind == "segments" else _ramps(bounds)
    message = _message(rows, kind, t, around) | {"most": found.most, "ramps": ramps}
    message |= {"heat": legends.colours(5)} if kind == "heat" else {}
    return Marks(message | {"legend": _cell_legend(cells, kind, bounds, found.most, t, around)})


def region_marks(regions: pd.DataFrame, t: Translator, around: Around) -> Marks:
    """States and provinces filled by their number of customers.

    Parameters
    ----------
    regions : DataFrame, one row per region
        ``code`` (ISO 3166-2 of the polygon drawn), ``name``, ``customers`` (> 0), ``new``, ``revenue``.
    t : Translator
    around : Around

    Returns
    -------
    Marks
    """
    found = around.scale or scale(regions)
    bounds = list(found.bounds)
    rows = []
    for region in regions.to_dict("records"):
        row = _numbers(region)
        row |= {
            "code": map_text(region["code"]),
            "name": map_text(region["name"]),
            "pick": f"region:{map_text(region['code'])}",
        }
        rows.append(row | {"step": legends.step_of(row["customers"], bounds)})
    legend = {
        "title": map_text(t("map.legend.per_region")),
        "rows": legends.classes(bounds, t) + legends.pins(around.stores, t),
        "note": map_text(
            t.plural("map.legend.customers", int(regions["customers"].sum()) if len(regions) else 0)
        ),
    }
    message = _message(rows, "regions", t, around)
    return Marks(message | {"most": found.most, "ramps": _ramps(bounds), "legend": legend})


def store_rows(stores: Iterable[Mapping[str, Any]], t: Translator) -> tuple[dict[str, Any], ...]:
    """Pins: own stores filled and to be picked, competitors hollow.

    Parameters
    ----------
    stores : rows with ``store_id``, ``name``, ``lat``, ``lon``, ``owner`` (own|competitor)
        A store without a position is left out.
    t : Translator
    """
    rows = []
    for place, store in enumerate(stores):
        if store["lat"] is None or store["lon"] is None or not math.isfinite(store["lat"] + store["lon"]):
            continue
        own = store["owner"] != "competitor"
        row = {
            "at": [float(store["lat"]), float(store["lon"])],
            "own": own,
            "name": map_text(store["name"] or store["store_id"]),
            "note": map_text(t.code("owner", "own" if own else "competitor")),
        }
        rows.append(row | ({"pick": f"store:{place}"} if own else {}))
    return tuple(rows)


def _ramps(bounds: list[int]) -> dict[str, list[str]]:
    return legends.colours(len(bounds)) if bounds else {"light": [], "dark": []}


def _cell_row(cell: Mapping[Any, Any], kind: Kind, bounds: list[int]) -> dict[str, Any]:
    row = _numbers(cell) | {"pick": cell["pick"]}  # our own id: digits and slashes
    if kind in SQUARES:
        row["step"] = _largest(cell) if kind == "segments" else legends.step_of(row["customers"], bounds)
        row["joined"] = bool(cell.get("joined", False))
    else:
        row["at"] = [round(float(cell["lat"]), 5), round(float(cell["lon"]), 5)]
    if kind == "hex":
        row["ring"] = [[round(lat, 6), round(lon, 6)] for lat, lon in cell["ring"]]
    elif kind != "heat":
        row["box"] = [round(float(cell[side]), 6) for side in ("south", "west", "north", "east")]
    if kind == "segments":
        row |= {code: round(int(cell[f"group_{code}"]) / row["customers"], 4) for code in SEGMENTS}
    return row


def _largest(cell: Mapping[Any, Any]) -> int:
    """The group with the most customers; of equal ones the first."""
    counts = [int(cell[f"group_{code}"]) for code in SEGMENTS]
    return counts.index(max(counts))


def _numbers(row: Mapping[Any, Any]) -> dict[str, Any]:
    customers, revenue = int(row["customers"]), row["revenue"]
    known = revenue is not None and math.isfinite(revenue)
    return {
        "customers": customers,
        "share": round(int(row["new"]) / customers, 4),
        "revenue": round(float(revenue)) if known else None,
    }


def _message(rows: list[dict[str, Any]], kind: Kind, t: Translator, around: Around) -> dict[str, Any]:
    return {
        "kind": kind,
        "rows": rows,
        "stores": list(around.stores),
        "chosen": around.chosen,
        "cleared": around.cleared,
        "drawings": list(around.drawings),
        "serial": around.serial,
        "locale": t.lang,
        "areas": list(around.areas),
        "points": list(around.points),
        "money": map_text(t.money(7, around.currency)).split("7")[0],
        "columns": _columns(kind, t),
    }


def _columns(kind: Kind, t: Translator) -> list[dict[str, str]]:
    customers = {"name": "customers", "title": map_text(t("map.tip.customers")), "how": "number"}
    if kind == "segments":
        groups = [(code, t.code("lifecycle", code)) for code in SEGMENTS]
        return [
            customers,
            *({"name": code, "title": map_text(word), "how": "share"} for code, word in groups),
        ]
    return [
        customers,
        {"name": "share", "title": map_text(t("map.tip.new")), "how": "share"},
        {"name": "revenue", "title": map_text(t("map.tip.revenue")), "how": "money"},
    ]


def _cell_legend(
    cells: pd.DataFrame, kind: Kind, bounds: list[int], most: int, t: Translator, around: Around
) -> dict[str, Any]:
    customers = int(cells["customers"].sum()) if len(cells) else 0
    if kind == "segments":
        title = t("map.legend.largest")
        rows = [
            {"shape": "fill", "step": step, "text": map_text(t.code("lifecycle", code))}
            for step, code in enumerate(SEGMENTS)
        ]
    elif kind == "heat":
        title, rows = t("map.legend.heat"), legends.heat(t)
    elif kind in SQUARES:
        title = t("map.legend.per_hex" if kind == "hex" else "map.legend.per_cell")
        rows = legends.classes(bounds, t)
        if "joined" in cells and cells["joined"].any():
            rows.append({"shape": "joined", "look": "land", "text": map_text(t("map.legend.joined"))})
    elif kind == "clusters":
        title, rows = t("map.legend.per_circle"), legends.sizes(most, t)
    else:
        title = t("map.legend.new_share")
        rows = [
            {"shape": "dot", "look": "isNew", "text": map_text(t("map.legend.new"))},
            {"shape": "dot", "look": "existing", "text": map_text(t("map.legend.existing"))},
        ]
    note = t.plural("map.legend.in_view", len(cells), customers=t.plural("map.legend.customers", customers))
    return {"title": map_text(title), "rows": rows + legends.pins(around.stores, t), "note": map_text(note)}
