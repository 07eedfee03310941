"""Any set of regions as one layer and one compact message: classes, labels, a legend, months to play.

Borders are packed: differences of whole numbers, five bits a letter. Every text has passed ``map_text``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import folium
import numpy as np
import numpy.typing as npt
import shapely
from branca.element import MacroElement
from folium.elements import JSCSSMixin
from folium.template import Template

from charts.escaping import map_text
from charts.maps.assets import ROOT, refuse_outside
from charts.maps.base import Box, base_map
from charts.palette import DIVERGING
from i18n.translator import Translator

VERSION: Final = "4"
"""Changes with setia-areas.js, so that a browser does not keep an older script."""

STEPS: Final = 9
"""Classes at most: a class is one digit in the message of the months."""

BARE: Final = -2
"""In a month: there is nothing, and that is known."""

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*."
_NEAR: Final = 3.0
"""Degrees: what is smaller than this is packed to 1 m, else to 11 m."""


@dataclass(frozen=True)
class Packed:
    """Borders ready to be sent.

    ``shapes`` holds per region its polygons, each with its rings as text; ``at`` a point inside, ``wide``
    the degrees of longitude it spans; ``extent`` is (south, west, north, east); ``key`` changes with them.
    """

    shapes: tuple[tuple[tuple[str, ...], ...], ...]
    at: tuple[tuple[float, float], ...]
    wide: tuple[float, ...]
    scale: int
    extent: Box
    key: str


def pack(shapes: npt.NDArray[np.object_]) -> Packed:
    """Pack polygons for the browser.

    Parameters
    ----------
    shapes : (n,) object
        Polygons in degrees, light ones (``geo.boundaries.light``).
    """
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    scale = 100_000 if max(east - west, north - south) < _NEAR else 10_000
    packed = tuple(tuple(_polygon(part, scale) for part in shapely.get_parts(shape)) for shape in shapes)
    points = shapely.get_coordinates(shapely.point_on_surface([_largest(shape) for shape in shapes]))
    bounds = shapely.bounds([_largest(shape) for shape in shapes])
    key = blake2b(repr(packed).encode(), digest_size=6).hexdigest()
    return Packed(
        packed,
        tuple((round(float(y), 4), round(float(x), 4)) for x, y in points),
        tuple(round(float(box[2] - box[0]), 4) for box in bounds),
        scale,
        (south, west, north, east),
        key,
    )


def _largest(shape: Any) -> Any:
    return max(shapely.get_parts(shape), key=shapely.area)


def _polygon(part: Any, scale: int) -> tuple[str, ...]:
    return tuple(_ring(shapely.get_coordinates(ring), scale) for ring in (part.exterior, *part.interiors))


def _ring(xy: npt.NDArray[np.float64], scale: int) -> str:
    """A ring as text, without its last corner, which is its first."""
    whole = np.round(xy[:-1] * scale).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    kept = (steps != 0).any(axis=1)
    kept[0] = True
    return "".join(_number(value) for value in steps[kept].ravel().tolist())


def _number(value: int) -> str:
    """A whole number as letters of six bits: five of the number and one that says whether more follow.

    Examples
    --------
    >>> _number(0), _number(-1), _number(15), _number(16)
    ('A', 'B', 'e', 'gB')
    """
    left = (-value * 2 - 1) if value < 0 else value * 2
    text = ""
    while left >= 32:
        text += _ALPHABET[32 + left % 32]
        left //= 32
    return text + _ALPHABET[left]


class _Scripts(JSCSSMixin, MacroElement):  # type: ignore[misc]
    """Loads the script and style of the areas with the map."""

    default_js: Final = [("setia_areas", f"{ROOT}/maps/setia-areas.js?v={VERSION}")]
    default_css: Final = [("setia_areas_css", f"{ROOT}/maps/setia-areas.css?v={VERSION}")]
    _template = Template("")

    def __init__(self) -> None:
        super().__init__()
        self._name = "SetiaAreasScripts"


def area_map(extent: Box, t: Translator) -> folium.Map:
    """The base map without drawing tools, ready for :class:`Areas`."""
    made = base_map(extent, t, tools=False)
    made.options["zoomSnap"] = 0.5  # a country fills the map
    made.add_child(_Scripts())
    return refuse_outside(made)


class Areas(folium.FeatureGroup):  # type: ignore[misc]
    """A layer that hands its message to ``SetiaAreas.draw``."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = SetiaAreas.draw({{ this.message|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, message: Mapping[str, Any]) -> None:
        super().__init__(control=False)
        self.message = dict(message)


@dataclass(frozen=True)
class Row:
    """One region: its class (None: no value), the value as written, the lines of its tooltip.

    ``bare`` shows the land through it: there is nothing, and that is known. ``weight`` says whose
    label wins where two would meet.
    """

    code: str
    name: str
    step: int | None
    label: str
    tip: tuple[tuple[str, str], ...] = ()
    dashed: bool = False
    bare: bool = False
    weight: float = 0.0


@dataclass(frozen=True)
class LegendRow:
    """A class in words with the number of regions in it; ``step`` None for regions without a value."""

    step: int | None
    text: str
    count: str = ""
    bare: bool = False


@dataclass(frozen=True)
class Frames:
    """One map per month: names, class (None: no value, ``BARE``: nothing) and value of each region."""

    title: str
    names: tuple[str, ...]
    steps: tuple[tuple[int | None, ...], ...]
    values: tuple[tuple[str, ...], ...]


def areas(
    packed: Packed,
    rows: Sequence[Row],
    ramps: Mapping[str, Sequence[str]],
    legend: tuple[str, Sequence[LegendRow], str],
    t: Translator,
    *,
    level: str,
    chosen: str = "",
    frames: Frames | None = None,
    serial: str = "",
) -> Areas:
    """The layer of regions.

    Parameters
    ----------
    packed : Packed
        The borders of the same regions, in the same order.
    rows : sequence of Row
    ramps : {"light": colours, "dark": colours}
        A colour per class.
    legend : (title, rows, note)
    t : Translator
    level : str
        Which set of regions: another one moves the view to its extent.
    chosen : str
        Code that is outlined.
    frames : Frames, optional
        Months to play; without them the values of ``rows`` are shown.
    serial : str
        Told back by the browser when it has drawn.

    Raises
    ------
    ValueError : there are not as many rows as shapes.
    """
    if len(rows) != len(packed.shapes):
        raise ValueError(f"areas() needs a row per shape; got {len(rows)} and {len(packed.shapes)}.")
    title, classes, note = legend
    order = sorted(range(len(rows)), key=lambda i: (-rows[i].weight, -packed.wide[i], i))
    message: dict[str, Any] = {
        "level": map_text(level),
        "packed": packed.key,
        "shapes": packed.shapes,
        "scale": packed.scale,
        "extent": [[packed.extent[0], packed.extent[1]], [packed.extent[2], packed.extent[3]]],
        "rows": [_row(row, packed, i) for i, row in enumerate(rows)],
        "order": order,
        "ramps": {name: list(colours) for name, colours in ramps.items()},
        "legend": {
            "title": map_text(title),
            "rows": [_legend_row(row) for row in classes],
            "note": map_text(note, 200),
        },
        "chosen": f"area:{map_text(chosen)}" if chosen else "",
        "serial": serial,
        "words": _words(t),
    }
    if frames is not None:
        message["frames"] = _frames(frames)
    return Areas(message)


def _row(row: Row, packed: Packed, place: int) -> dict[str, Any]:
    return {
        "pick": f"area:{map_text(row.code)}",
        "name": map_text(row.name, 60),
        "step": row.step,
        "label": map_text(row.label, 30),
        "tip": [[map_text(title, 60), map_text(value, 60)] for title, value in row.tip],
        "at": packed.at[place],
        "wide": packed.wide[place],
        **({"dashed": True} if row.dashed else {}),
        **({"bare": True} if row.bare else {}),
    }


def _legend_row(row: LegendRow) -> dict[str, Any]:
    made: dict[str, Any] = {"step": row.step, "text": map_text(row.text, 80)}
    if row.bare:
        made["bare"] = True
    return made | ({"count": map_text(row.count)} if row.count else {})


def _frames(frames: Frames) -> dict[str, Any]:
    return {
        "title": map_text(frames.title),
        "names": [map_text(name) for name in frames.names],
        "plain": [map_text(name) for name in frames.names],
        "steps": ["".join(_mark(step) for step in month) for month in frames.steps],
        "values": [[map_text(value, 30) for value in month] for month in frames.values],
    }


def _mark(step: int | None) -> str:
    """A class as one letter of a month."""
    return "-" if step is None else "." if step == BARE else str(step)


def _words(t: Translator) -> dict[str, str]:
    return {
        "play": map_text(t("regions.play.start")),
        "pause": map_text(t("regions.play.pause")),
        "month": map_text(t("regions.play.month")),
        "monthPlain": map_text(t("regions.play.month")),
    }


def diverging(below: int, above: int) -> dict[str, list[str]]:
    """PuOr around a middle: so many classes below it and above it, for both looks.

    Examples
    --------
    >>> diverging(1, 1)["light"]
    ['#E08214', '#8073AC']
    """
    low = [DIVERGING[_spot(i, below)] for i in range(below)]
    high = [DIVERGING[10 - _spot(i, above)] for i in range(above)][::-1]
    return {"light": low + high, "dark": low[::-1] + high[::-1]}  # on dark, lighter is stronger


def _spot(place: int, count: int) -> int:
    """Which of the five colours below the middle: the strongest first, the palest last."""
    return {1: (2,), 2: (1, 3), 3: (1, 2, 3)}.get(count, (0, 1, 2, 3, 4))[place]
