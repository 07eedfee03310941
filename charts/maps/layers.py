"""Regions, areas, lines and points as one message for any map beside the customer map.

Everything is words and numbers of this app by the time it is here: names and tips pass ``map_text``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from charts.escaping import map_text
from charts.maps.borders import Packed
from charts.maps.marks import Marks
from i18n.translator import Translator

LOOKS: Final = frozenset({"mark", "muted", "gold", "good", "bad", "isNew", "existing", "store", "chosen"})
"""Names of the colours in ``setia-map.js``; each has a light and a dark value."""

EMPTY: Final = -1
"""The step of a region without a value."""

BARE: Final = -2
"""The step of a region where there is nothing, and that is known: the land shows through."""

STEPS: Final = 9
"""Classes at most: a class is one digit in the message of the months."""

Tip = Sequence[tuple[str, str]]
"""Title and text of each line of a tip, in the reader's words."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the borders of its :class:`Layers`, or of the base map, filled by its step.

    ``step`` is a place in the ramp, ``EMPTY`` or ``BARE``. ``label`` stands on the map below the name,
    ``weight`` says whose label wins where two would meet.
    """

    code: str
    name: str
    step: int
    label: str
    weight: float
    tip: Tip


@dataclass(frozen=True, slots=True)
class Area:
    """A shape of its own: a catchment, a territory, a circle around a site.

    ``shape`` in degrees. Its colour is ``step`` of the ramp or, without one, ``look``.
    """

    shape: BaseGeometry
    name: str
    tip: Tip
    pick: str = ""
    step: int | None = None
    look: str = "mark"
    dashed: bool = False
    opacity: float = 0.22


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line between two places; ``weight`` in pixels."""

    start: tuple[float, float]
    end: tuple[float, float]
    weight: float
    tip: Tip = ()
    look: str = "mark"
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A place: a proposed site, a town, an ad. ``at`` is (latitude, longitude), ``size`` in pixels."""

    at: tuple[float, float]
    name: str
    tip: Tip
    pick: str = ""
    label: str = ""
    size: int = 16
    look: str = "mark"
    hollow: bool = False
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Legend:
    """``rows`` as in ``charts.maps.legends``, or of :func:`legend_row`; texts already escaped."""

    title: str
    rows: Sequence[Mapping[str, Any]] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Frames:
    """One map per month: its name, and of each region of ``Layers.regions`` the step and the value."""

    title: str
    names: tuple[str, ...]
    steps: tuple[tuple[int, ...], ...]
    values: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """What a map shows. ``ramp`` as ``legends.colours``; ``stores`` as ``marks.store_rows``.

    ``borders`` are those of ``regions``, without them the states of the base map; another ``level``
    moves the view to their extent, or to where the reader last looked at it. ``frames`` are months to
    play in place of the steps and labels of the regions. ``chosen`` is the pick that is outlined;
    ``serial`` changes with what is drawn.
    """

    legend: Legend
    regions: Sequence[Region] = ()
    borders: Packed | None = None
    level: str = ""
    frames: Frames | None = None
    areas: Sequence[Area] = ()
    lines: Sequence[Line] = ()
    points: Sequence[Point] = ()
    stores: Sequence[Mapping[str, Any]] = ()
    ramp: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"light": [], "dark": []})
    chosen: str = ""
    serial: str = ""
    cleared: int = 0
    drawings: Sequence[Mapping[str, Any]] = ()


def marks(layers: Layers, t: Translator) -> Marks:
    """The layer that replaces the one before on a map of :func:`charts.maps.base.base_map`.

    Picks come back as ``region:<code>`` or as the ``pick`` of an area or a point, which begins with
    ``area:`` or ``point:``.

    Raises
    ------
    ValueError : a colour that the map does not know, or a region that has no borders.
    """
    message: dict[str, Any] = {
        "kind": "regions" if layers.regions else "layers",
        "rows": _regions(layers),
        "areas": [_area(area) for area in layers.areas],
        "lines": [_line(line) for line in layers.lines],
        "points": [_point(point) for point in layers.points],
        "stores": list(layers.stores),
        "ramps": {look: list(colours) for look, colours in layers.ramp.items()},
        "chosen": layers.chosen,
        "cleared": layers.cleared,
        "drawings": list(layers.drawings),
        "serial": layers.serial,
        "locale": t.lang,
        "legend": {
            "title": map_text(layers.legend.title),
            "rows": list(layers.legend.rows),
            "note": map_text(layers.legend.note, 300),
        },
    }
    if layers.borders is not None and layers.regions:
        message |= {"borders": _borders(layers.borders), "level": map_text(layers.level)}
    if layers.frames is not None:
        message |= {"frames": _frames(layers.frames), "words": _words(t)}
    return Marks(message)


def legend_row(shape: str, text: str, *, look: str = "mark", hollow: bool = False) -> dict[str, Any]:
    """A row of the legend for what has no step.

    Parameters
    ----------
    shape : ``point``, ``line``, ``fill`` or ``dot``
    text : str
        In the reader's words.
    look : one of ``LOOKS``
    hollow : bool
        Of a point.
    """
    return {"shape": shape, "look": _look(look), "hollow": hollow, "text": map_text(text)}


def class_row(step: int, text: str, count: str = "") -> dict[str, Any]:
    """A row of the legend for a class of regions, with the number of regions in it.

    Parameters
    ----------
    step : int
        Of the ramp, ``EMPTY`` or ``BARE``.
    text, count : str
        In the reader's words.
    """
    row = {"shape": "fill", "step": step, "text": map_text(text, 80)}
    return row | ({"count": map_text(count)} if count else {})


def _regions(layers: Layers) -> list[dict[str, Any]]:
    rows = [_region(region) for region in layers.regions]
    if layers.borders is None:
        return rows
    spots = {code: i for i, code in enumerate(layers.borders.codes)}
    unknown = [region.code for region in layers.regions if region.code not in spots]
    if unknown:
        raise ValueError(f"Each region needs borders; {len(unknown)} have none, such as {unknown[0]!r}.")
    return [row | {"shape": spots[region.code]} for row, region in zip(rows, layers.regions, strict=True)]


def _region(region: Region) -> dict[str, Any]:
    return {
        "code": map_text(region.code),
        "pick": f"region:{map_text(region.code)}",
        "name": map_text(region.name, 60),
        "step": region.step,
        "label": map_text(region.label, 30),
        "weight": region.weight,
        "tip": _tip(region.tip),
    }


def _borders(packed: Packed) -> dict[str, Any]:
    south, west, north, east = packed.extent
    return {
        "key": packed.key,
        "shapes": packed.shapes,
        "scale": packed.scale,
        "at": packed.at,
        "wide": packed.wide,
        "extent": [[south, west], [north, east]],
    }


def _frames(frames: Frames) -> dict[str, Any]:
    return {
        "title": map_text(frames.title),
        "names": [map_text(name) for name in frames.names],
        "steps": ["".join(_mark(step) for step in month) for month in frames.steps],
        "values": [[map_text(value, 30) for value in month] for month in frames.values],
    }


def _mark(step: int) -> str:
    """A step as one letter of a month."""
    return "-" if step == EMPTY else "." if step == BARE else str(step)


def _words(t: Translator) -> dict[str, str]:
    return {
        name: map_text(t(f"regions.play.{word}"))
        for name, word in (("play", "start"), ("pause", "pause"), ("month", "month"))
    }


def _area(area: Area) -> dict[str, Any]:
    at = area.shape.representative_point()
    row = {
        "shape": _geometry(area.shape),
        "at": [round(at.y, 5), round(at.x, 5)],
        "name": map_text(area.name),
        "pick": map_text(area.pick),
        "dashed": area.dashed,
        "opacity": area.opacity,
        "look": _look(area.look),
        "tip": _tip(area.tip),
    }
    return row if area.step is None else row | {"step": area.step}


def _line(line: Line) -> dict[str, Any]:
    path = [[round(float(x), 5) for x in end] for end in (line.start, line.end)]
    row = {"path": path, "weight": line.weight, "look": _look(line.look)}
    row |= {"tip": _tip(line.tip)} if line.tip else {}
    return row if line.step is None else row | {"step": line.step}


def _point(point: Point) -> dict[str, Any]:
    row = {
        "at": [round(float(x), 5) for x in point.at],
        "name": map_text(point.name),
        "pick": map_text(point.pick),
        "label": map_text(point.label),
        "size": point.size,
        "look": _look(point.look),
        "hollow": point.hollow,
        "tip": _tip(point.tip),
    }
    return row if point.step is None else row | {"step": point.step}


def _tip(pairs: Tip) -> list[list[str]]:
    return [[map_text(title), map_text(text)] for title, text in pairs]


def _look(name: str) -> str:
    if name not in LOOKS:
        raise ValueError(f"A mark takes one of the colours {sorted(LOOKS)}; got {name!r}.")
    return name


def _geometry(shape: BaseGeometry) -> dict[str, Any]:
    """GeoJSON to 1e-4 degrees, about ten metres."""
    rounded = shapely.transform(shape, lambda xy: xy.round(4))
    found: dict[str, Any] = dict(shapely.geometry.mapping(rounded))
    return found
