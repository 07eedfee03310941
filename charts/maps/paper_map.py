"""A small map for paper: land, stores and one site as SVG, made of numbers and escaped text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from charts import palette
from charts.escaping import plain_text

WIDTH: Final = 640
HEIGHT: Final = 220
MOST_CORNERS: Final = 20_000
_KM_PER_DEGREE: Final = 111.195
_ROUND_KM: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: ``kind`` is ``site``, ``other`` (another new site), ``own`` or ``rival``."""

    lat: float
    lon: float
    name: str
    kind: str


def draw(
    land: Iterable[BaseGeometry], spots: Sequence[Spot], centre: Spot, width_km: float, title: str
) -> str:
    """Draw what lies around a site.

    Parameters
    ----------
    land : polygons in degrees
        What is not in the picture is left out.
    spots : sequence of Spot
    centre : Spot
        The site; drawn last and named.
    width_km : float
        Of the picture, > 0.
    title : str
        For those who cannot see it.

    Returns
    -------
    str
        An ``<svg>`` element: no script, no link, no font of its own.
    """
    stretch = max(math.cos(math.radians(centre.lat)), 0.05)
    scale = WIDTH / (width_km / (_KM_PER_DEGREE * stretch))  # pixels per degree of longitude

    def at(lon: float, lat: float) -> tuple[float, float]:
        return WIDTH / 2 + (lon - centre.lon) * scale, HEIGHT / 2 - (lat - centre.lat) * scale / stretch

    half_lon, half_lat = WIDTH / 2 / scale, HEIGHT / 2 / scale * stretch
    window = shapely.box(
        centre.lon - half_lon, centre.lat - half_lat, centre.lon + half_lon, centre.lat + half_lat
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{_safe(title, 160)}" font-family="\'Segoe UI\', Arial, sans-serif">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#EAF0F3"/>'
    ]
    left = MOST_CORNERS
    for shape in land:
        if shape is None or shape.is_empty or not shape.intersects(window):
            continue
        path = _path(shapely.intersection(shapely.make_valid(shape), window), at)
        left -= path.count(" ")
        if path and left > 0:
            parts.append(f'<path d="{path}" fill="#FFFFFF" stroke="#B8C1C8" stroke-width="1"/>')
    seen = [spot for spot in spots if window.contains(shapely.Point(spot.lon, spot.lat))]
    parts += [_mark(spot, *at(spot.lon, spot.lat)) for spot in seen]
    parts.append(_mark(centre, *at(centre.lon, centre.lat)))
    parts.append(_scale_bar(width_km))
    return "".join([*parts, "</svg>"])


def _path(shape: BaseGeometry, at: object) -> str:
    made = []
    for polygon in getattr(shape, "geoms", [shape]):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [at(x, y) for x, y in ring.coords]  # type: ignore[operator]
            made.append("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z")
    return "".join(made)


def _mark(spot: Spot, x: float, y: float) -> str:
    primary, gold = palette.PRIMARY["light"], palette.GOLD
    looks = {
        "site": (9, gold, palette.TEXT["light"], 14),
        "other": (6, gold, palette.GOLD_OUTLINE, 11),
        "own": (6, primary, "#FFFFFF", 11),
        "rival": (5, "#FFFFFF", palette.MUTED["light"], 0),
    }
    radius, fill, stroke, size = looks[spot.kind]
    mark = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
    )
    if not size:
        return mark
    end = x > WIDTH * 0.75
    return mark + (
        f'<text x="{x - radius - 4 if end else x + radius + 4:.1f}" y="{y + 4:.1f}" font-size="{size}" '
        f'text-anchor="{"end" if end else "start"}" fill="{palette.TEXT["light"]}" '
        f'stroke="#FFFFFF" stroke-width="3" paint-order="stroke">{_safe(spot.name, 40)}</text>'
    )


def _scale_bar(width_km: float) -> str:
    km = max([k for k in _ROUND_KM if k <= width_km / 4], default=1)
    length = km / width_km * WIDTH
    y = HEIGHT - 14
    return (
        f'<path d="M14,{y - 5}V{y}H{14 + length:.1f}V{y - 5}" fill="none" stroke="{palette.TEXT["light"]}"/>'
        f'<text x="{20 + length:.1f}" y="{y}" font-size="11" fill="{palette.TEXT["light"]}">{km} km</text>'
    )


def _safe(text: object, limit: int) -> str:
    return escape(plain_text(text, limit), quote=True)
