"""Road graphs from files: OpenStreetMap (.osm.pbf) and GraphML. Bounded in size and time; no entities."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

import numpy as np
import osmium

from geo.roads import Floats, Integers, RoadGraph, edge_minutes, speed
from geo.travel import TravelRefused

MAX_BYTES: Final = 400_000_000
MAX_NODES: Final = 4_000_000
MAX_EDGES: Final = 9_000_000
MAX_SECONDS: Final = 240.0

_YES: Final = frozenset({"yes", "true", "1"})
_CHUNK: Final = 1 << 20
Progress = Callable[[float], None]


def read_pbf(path: Path, *, progress: Progress | None = None, seconds: float = MAX_SECONDS) -> RoadGraph:
    """The roads of an OpenStreetMap file that are driven, at the speed of their class.

    One-way streets hold (``oneway``, motorways and roundabouts); turn restrictions and traffic do not.

    Parameters
    ----------
    path : Path
        PBF, at most ``MAX_BYTES``.
    progress : callable, optional
        Called with the share done, roughly.
    seconds : float
        After this long the file is refused.

    Raises
    ------
    TravelRefused : one sentence with what is wrong.
    """
    _check_size(path)
    clock = _Clock(seconds, progress)
    try:
        refs, lengths, kmh, direction = _ways(path, clock)
        return _located(path, refs, lengths, kmh, direction, clock)
    except (RuntimeError, ValueError, UnicodeDecodeError) as error:
        if isinstance(error, TravelRefused):
            raise
        raise TravelRefused(
            "pbf", "The file is not a PBF of OpenStreetMap that can be read. Download it again."
        ) from None


def read_graphml(path: Path, *, progress: Progress | None = None, seconds: float = MAX_SECONDS) -> RoadGraph:
    """A road graph as OSMnx writes it.

    Nodes need ``x`` and ``y`` (degrees); edges ``travel_time`` (seconds), or ``length`` (metres) and
    ``highway``. A document type or an entity refuses the file.

    Parameters
    ----------
    path, progress, seconds : as for :func:`read_pbf`

    Raises
    ------
    TravelRefused : one sentence with what is wrong.
    """
    _check_size(path)
    clock = _Clock(seconds, progress)
    reader = _GraphMl()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_entities
    size = max(path.stat().st_size, 1)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk, False)
                clock.tell(0.9 * file.tell() / size)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, KeyError) as error:
        if isinstance(error, TravelRefused):
            raise
        raise _bad_graphml() from None
    return reader.graph()


class _Clock:
    """Ends a reading that takes too long, and says how far it is."""

    def __init__(self, seconds: float, progress: Progress | None) -> None:
        self._end, self._seconds = time.monotonic() + seconds, seconds
        self._progress = progress

    def tell(self, share: float) -> None:
        if time.monotonic() > self._end:
            raise TravelRefused(
                "slow",
                "Reading the file took more than {seconds} seconds. Take a smaller area.",
                seconds=int(self._seconds),
            )
        if self._progress is not None:
            self._progress(min(share, 1.0))


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise TravelRefused(
            "bytes",
            "The file has {found} MB; at most {limit} MB are read. Make it smaller.",
            found=size // 1_000_000,
            limit=MAX_BYTES // 1_000_000,
        )


def _too_many(nodes: int) -> TravelRefused:
    return TravelRefused(
        "nodes", "The roads have more than {limit} points. Take a smaller area.", limit=nodes
    )


def _ways(path: Path, clock: _Clock) -> tuple[Integers, Integers, Floats, Integers]:
    """Node ids of all driven ways, one after the other, with length, speed and direction of each."""
    refs: list[int] = []
    lengths, kmh, direction = [], [], []
    ways = osmium.FileProcessor(osmium.io.File(str(path), "pbf"), osmium.osm.WAY)
    for number, way in enumerate(ways.with_filter(osmium.filter.KeyFilter("highway"))):
        if number % 2_000 == 0:
            clock.tell(0.05 + 0.4 * min(len(refs) / MAX_NODES, 1.0))
        found = speed(way.tags.get("highway", ""))
        if found is None or len(way.nodes) < 2:
            continue
        refs.extend(node.ref for node in way.nodes)
        lengths.append(len(way.nodes))
        kmh.append(found)
        direction.append(_direction(way.tags))
        if len(refs) > MAX_NODES:
            raise _too_many(MAX_NODES)
    if not lengths:
        raise TravelRefused("no_driven", "The file holds no road that is driven. Take a file with roads.")
    return np.array(refs), np.array(lengths), np.array(kmh), np.array(direction)


def _direction(tags: Any) -> int:
    """1: only as drawn, -1: only against it, 0: both."""
    oneway = tags.get("oneway", "")
    if oneway == "-1":
        return -1
    if oneway in _YES:
        return 1
    implied = tags.get("highway", "") == "motorway" or tags.get("junction", "") == "roundabout"
    return 1 if implied and oneway != "no" else 0


def _located(
    path: Path, refs: Integers, lengths: Integers, kmh: Floats, direction: Integers, clock: _Clock
) -> RoadGraph:
    ids = np.unique(refs)
    lat, lon = np.full(len(ids), np.nan), np.full(len(ids), np.nan)
    nodes = osmium.FileProcessor(osmium.io.File(str(path), "pbf"), osmium.osm.NODE)
    wanted = nodes.with_filter(osmium.filter.IdFilter(ids.tolist()))
    for found, node in enumerate(wanted, start=1):
        at = int(np.searchsorted(ids, node.id))
        if node.location.valid():
            lat[at], lon[at] = node.location.lat, node.location.lon
        if found % 5_000 == 0:
            clock.tell(0.5 + 0.4 * found / len(ids))
    place = np.searchsorted(ids, refs)
    inner = np.ones(len(refs), dtype=bool)
    inner[np.cumsum(lengths) - 1] = False  # no piece from the end of a way to the start of the next
    way = np.repeat(np.arange(len(lengths)), lengths)
    one = np.flatnonzero(inner)
    one = one[np.isfinite(lat[place[one]]) & np.isfinite(lat[place[one + 1]])]
    start, end, rate, turn = place[one], place[one + 1], kmh[way[one]], direction[way[one]]
    forward, back = turn >= 0, turn <= 0
    starts = np.concatenate((start[forward], end[back]))
    ends = np.concatenate((end[forward], start[back]))
    rates = np.concatenate((rate[forward], rate[back]))
    return _graph(lat, lon, starts, ends, edge_minutes(lat, lon, starts, ends, rates))


def _graph(lat: Floats, lon: Floats, start: Integers, end: Integers, minutes: Floats) -> RoadGraph:
    """Without nodes that no edge uses; of parallel edges the fastest."""
    order = np.lexsort((minutes, end, start))
    start, end, minutes = start[order], end[order], minutes[order]
    first = np.ones(len(start), dtype=bool)
    first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    first &= start != end
    start, end, minutes = start[first], end[first], minutes[first]
    if not len(start):
        raise TravelRefused("no_driven", "The file holds no road that is driven. Take a file with roads.")
    used, both = np.unique(np.concatenate((start, end)), return_inverse=True)
    n = len(start)
    return RoadGraph(lat[used], lon[used], both[:n].astype(np.int64), both[n:].astype(np.int64), minutes)


class _GraphMl:
    """Collects nodes and edges from the events of a parser."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.nodes: dict[str, int] = {}
        self.places: list[tuple[float, float]] = []
        self.edges: list[tuple[str, str, float, float]] = []
        self.data: dict[str, str] = {}
        self.of: tuple[str, ...] = ()
        self.key = ""
        self.said: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "key":
            self.names[attributes["id"]] = attributes.get("attr.name", "")
        elif name == "node":
            self.of, self.data = ("node", attributes["id"]), {}
        elif name == "edge":
            self.of, self.data = ("edge", attributes["source"], attributes["target"]), {}
        elif name == "data":
            self.key, self.said = self.names.get(attributes.get("key", ""), ""), []

    def text(self, said: str) -> None:
        if self.key and sum(map(len, self.said)) < 200:
            self.said.append(said)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "data":
            if self.key:
                self.data[self.key] = "".join(self.said).strip()
            self.key = ""
        elif name == "node" and self.of[:1] == ("node",):
            self._node()
        elif name == "edge" and self.of[:1] == ("edge",):
            self._edge()

    def _node(self) -> None:
        lat, lon = float(self.data["y"]), float(self.data["x"])
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise _bad_graphml()
        self.nodes[self.of[1]] = len(self.places)
        self.places.append((lat, lon))
        if len(self.places) > MAX_NODES:
            raise _too_many(MAX_NODES)

    def _edge(self) -> None:
        highway = self.data.get("highway", "unclassified").strip("[]'\" ").split("'")[0]
        seconds = float(self.data.get("travel_time", "nan") or "nan")
        metres = float(self.data.get("length", "nan") or "nan")
        kmh = speed(highway)
        if not seconds > 0:
            if kmh is None:
                return
            seconds = metres / 1000 / kmh * 3600 if metres > 0 else float("nan")
        self.edges.append((self.of[1], self.of[2], seconds / 60, kmh or 30.0))
        if len(self.edges) > MAX_EDGES:
            raise _too_many(MAX_EDGES)

    def graph(self) -> RoadGraph:
        known = [edge for edge in self.edges if edge[0] in self.nodes and edge[1] in self.nodes]
        if not known:
            raise TravelRefused("no_driven", "The file holds no road that is driven. Take a file with roads.")
        lat, lon = (np.array(values) for values in zip(*self.places, strict=True))
        start = np.array([self.nodes[edge[0]] for edge in known], dtype=np.int64)
        end = np.array([self.nodes[edge[1]] for edge in known], dtype=np.int64)
        minutes, kmh = np.array([edge[2] for edge in known]), np.array([edge[3] for edge in known])
        straight = edge_minutes(lat, lon, start, end, kmh)
        usable = np.isfinite(minutes) & (minutes > 0)
        return _graph(lat, lon, start, end, np.where(usable, minutes, straight))


def _refuse_entities(*_: object) -> None:
    raise TravelRefused("entities", "The file declares a document type or an entity. Save it without them.")


def _bad_graphml() -> TravelRefused:
    return TravelRefused(
        "graphml",
        "The file is not a GraphML road graph with x and y in degrees at its nodes. Export it again.",
    )
